//! Writes random templates as cases for the recorder: `random SEED COUNT`.
//!
//!     cargo run --example random 7 100000 | recorder | cargo run --example replay

use std::io::Write;

/// The data of all cases.
const DATA: &str = r#"{"shared":{"s":"Hello, World","u":"héllo 日本","e":"","n":42,"neg":-7,"z":0,"f":3.75,"t":true,"no":false,"nul":null,"l":["b","a","c"],"nums":[3,1,2],"mix":[1,"a",null,2.5,["x"]],"m":{"a":1,"b":{"c":"deep"}},"em":{},"el":[],"users":[{"name":"Ann","age":31},{"name":"Bob","age":25}]}}"#;

const OPERANDS: &[&str] = &[
    ".",
    "$",
    ".s",
    ".u",
    ".e",
    ".n",
    ".neg",
    ".z",
    ".f",
    ".t",
    ".no",
    ".nul",
    ".l",
    ".nums",
    ".mix",
    ".m",
    ".m.a",
    ".m.b.c",
    ".em",
    ".el",
    ".users",
    ".missing",
    ".missing.x",
    "$x",
    "$y",
    "nil",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "3",
    "2.5",
    "1e3",
    "0x1F",
    "'a'",
    "\"\"",
    "\"a\"",
    "\"hello world\"",
    "\"a,b,c\"",
    "\"é日\"",
    "`raw`",
    "\"%d|%s\"",
    "\"-\"",
    "\",\"",
    "(list)",
    "(dict)",
    "(list 1 \"a\" nil)",
    "(dict \"a\" 1 \"b\" \"x\")",
    "(until 3)",
    "(splitList \",\" \"x,y\")",
    "(index .l 0)",
    "(first .users).name",
];

/// Functions, with a letter for the type of each parameter.
const FUNCTIONS: &[(&str, &str)] = &[
    ("abbrev", "is"),
    ("add", "nn"),
    ("add1", "n"),
    ("addf", "nn"),
    ("all", "aa"),
    ("and", "aa"),
    ("any", "aa"),
    ("append", "la"),
    ("atoi", "s"),
    ("b64dec", "s"),
    ("b64enc", "s"),
    ("base", "s"),
    ("camelcase", "s"),
    ("cat", "aa"),
    ("ceil", "n"),
    ("chunk", "pl"),
    ("clean", "s"),
    ("coalesce", "aa"),
    ("compact", "l"),
    ("concat", "ll"),
    ("contains", "ss"),
    ("deepEqual", "aa"),
    ("default", "aa"),
    ("dict", "sa"),
    ("dig", "sam"),
    ("dir", "s"),
    ("div", "nn"),
    ("divf", "nn"),
    ("duration", "s"),
    ("empty", "a"),
    ("eq", "nn"),
    ("eq", "ss"),
    ("ext", "s"),
    ("first", "l"),
    ("float64", "n"),
    ("floor", "n"),
    ("ge", "nn"),
    ("get", "ms"),
    ("gt", "ii"),
    ("has", "al"),
    ("hasKey", "ms"),
    ("hasPrefix", "ss"),
    ("hasSuffix", "ss"),
    ("html", "a"),
    ("indent", "ps"),
    ("index", "li"),
    ("index", "ms"),
    ("initial", "l"),
    ("initials", "s"),
    ("int", "n"),
    ("int64", "n"),
    ("join", "sl"),
    ("js", "s"),
    ("kebabcase", "s"),
    ("kindIs", "sa"),
    ("kindOf", "a"),
    ("last", "l"),
    ("le", "ii"),
    ("len", "l"),
    ("len", "s"),
    ("list", "aa"),
    ("lower", "s"),
    ("lt", "ii"),
    ("max", "nn"),
    ("maxf", "nn"),
    ("min", "nn"),
    ("mod", "nn"),
    ("mul", "nn"),
    ("mulf", "nn"),
    ("ne", "ss"),
    ("nindent", "ps"),
    ("nospace", "s"),
    ("not", "a"),
    ("omit", "ms"),
    ("or", "aa"),
    ("pick", "ms"),
    ("pluck", "sm"),
    ("plural", "ssi"),
    ("prepend", "la"),
    ("print", "aa"),
    ("printf", "fa"),
    ("printf", "faa"),
    ("println", "a"),
    ("quote", "a"),
    ("regexFind", "rs"),
    ("regexFindAll", "rsi"),
    ("regexMatch", "rs"),
    ("regexReplaceAll", "rss"),
    ("regexReplaceAllLiteral", "rss"),
    ("regexSplit", "rsi"),
    ("repeat", "ps"),
    ("replace", "sss"),
    ("rest", "l"),
    ("reverse", "l"),
    ("round", "ni"),
    ("semverCompare", "vv"),
    ("seq", "pp"),
    ("set", "mss"),
    ("sha256sum", "s"),
    ("slice", "lp"),
    ("snakecase", "s"),
    ("sortAlpha", "l"),
    ("split", "ss"),
    ("splitList", "ss"),
    ("splitn", "sis"),
    ("squote", "a"),
    ("sub", "nn"),
    ("subf", "nn"),
    ("substr", "pis"),
    ("swapcase", "s"),
    ("ternary", "aab"),
    ("title", "s"),
    ("toDecimal", "n"),
    ("toJson", "a"),
    ("toPrettyJson", "a"),
    ("toString", "a"),
    ("toStrings", "l"),
    ("toYaml", "a"),
    ("toToml", "m"),
    ("trim", "s"),
    ("trimAll", "ss"),
    ("trimPrefix", "ss"),
    ("trimSuffix", "ss"),
    ("trunc", "is"),
    ("typeOf", "a"),
    ("uniq", "l"),
    ("unset", "ms"),
    ("until", "p"),
    ("untilStep", "ppp"),
    ("untitle", "s"),
    ("upper", "s"),
    ("urlParse", "s"),
    ("urlquery", "a"),
    ("without", "la"),
    ("wrap", "ps"),
    ("wrapWith", "pss"),
];

/// Operands of a type.
fn typed(kind: char) -> &'static [&'static str] {
    match kind {
        's' => &[
            ".s",
            ".u",
            ".e",
            "\"a\"",
            "\"a,b,c\"",
            "\"foo_bar Baz\"",
            "\",\"",
            "`l1\\nl2`",
            "(index .l 0)",
            "(first .users).name",
            "(print .n)",
            "\"1.2.3\"",
            "\"b\"",
            "\"\"",
        ],
        'i' => &[
            ".n",
            ".neg",
            ".z",
            "0",
            "1",
            "-1",
            "3",
            "(len .l)",
            "(int 2.9)",
        ],
        'p' => &["0", "1", "2", "5", "(len .l)"],
        'n' => &[
            ".n",
            ".neg",
            ".f",
            "0",
            "1",
            "2.5",
            "\"12\"",
            "(int64 7)",
            "1e3",
            "\"0x1f\"",
            "nil",
            "-3",
        ],
        'l' => &[
            ".l",
            ".nums",
            ".mix",
            ".el",
            "(list)",
            "(list 1 \"a\" nil)",
            "(until 3)",
            "(splitList \",\" \"x,y,x\")",
            "(tuple .n .s)",
            ".users",
        ],
        'm' => &[
            ".m",
            ".em",
            "(dict)",
            "(dict \"a\" 1 \"b\" \"x\")",
            "(first .users)",
            "(dict \"m\" (dict \"k\" (list 1)))",
        ],
        'b' => &[".t", ".no", "true", "(eq 1 1)", "(empty .e)"],
        'f' => &[
            "\"%d|\"",
            "\"%s-%v\"",
            "\"%q\"",
            "\"%5v|%-5v\"",
            "\"%x\"",
            "\"%T\"",
            "\"%+v %#v\"",
            "\"%.2f\"",
            "\"%[2]v %[1]v\"",
        ],
        'r' => &[
            "\"[a-c]+\"",
            "\"l+\"",
            "\"(o)(.)\"",
            "`\\w+`",
            "`\\s`",
            "\"\"",
            "\"x*\"",
            "\"é\"",
            "`^.`",
            "\"[\"",
        ],
        'v' => &[
            "\"1.2.3\"",
            "\">=1\"",
            "\"^1.2\"",
            "\"2.0.0-rc.1\"",
            "\"~1\"",
            "\"1.x\"",
        ],
        _ => OPERANDS,
    }
}

const TEXTS: &[&str] = &["", " ", "text", "\n", "  \n ", "é", "a\nb", "{", "}", "-"];

/// A stream of numbers that a seed determines.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn pick<'a>(&mut self, from: &'a [&'a str]) -> &'a str {
        from.get(self.below(from.len()))
            .copied()
            .unwrap_or_default()
    }

    fn operand(&mut self, depth: usize) -> String {
        if depth > 0 && self.below(4) == 0 {
            return format!("({})", self.pipeline(depth - 1));
        }
        self.pick(OPERANDS).to_owned()
    }

    fn command(&mut self, depth: usize) -> String {
        if self.below(3) == 0 {
            return self.operand(depth);
        }
        let (name, params) = FUNCTIONS[self.below(FUNCTIONS.len())];
        let mut out = name.to_owned();
        for kind in params.chars() {
            out.push(' ');
            // Now and then something else than what the function expects.
            let operand = match self.below(25) {
                0 => self.operand(depth),
                1 | 2 if depth > 0 && kind == 'a' => format!("({})", self.pipeline(depth - 1)),
                _ => self.pick(typed(kind)).to_owned(),
            };
            out.push_str(&operand);
        }
        if self.below(60) == 0 {
            out.push_str(" 1");
        }
        out
    }

    fn pipeline(&mut self, depth: usize) -> String {
        let mut out = self.command(depth);
        while self.below(6) == 0 {
            out.push_str(" | ");
            out.push_str(self.pick(&[
                "print",
                "quote",
                "toJson",
                "default \"d\"",
                "len",
                "upper",
                "typeOf",
                "first",
                "list",
                "toString | trunc 5",
            ]));
        }
        out
    }

    fn action(&mut self, inside: &str) -> String {
        let left = if self.below(6) == 0 { "{{- " } else { "{{ " };
        let right = if self.below(6) == 0 { " -}}" } else { " }}" };
        format!("{left}{inside}{right}")
    }

    fn list(&mut self, depth: usize) -> String {
        (0..=self.below(3)).map(|_| self.node(depth)).collect()
    }

    fn node(&mut self, depth: usize) -> String {
        let kind = self.below(if depth == 0 { 5 } else { 11 });
        let end = self.action("end");
        match kind {
            0 => self.pick(TEXTS).to_owned(),
            1..=4 => {
                let pipe = self.pipeline(2);
                self.action(&pipe)
            }
            5 => {
                let name = self.pick(&["$x", "$y"]).to_owned();
                let sign = self.pick(&[":=", "="]).to_owned();
                let pipe = self.pipeline(1);
                self.action(&format!("{name} {sign} {pipe}"))
            }
            6 | 7 => {
                let word = self.pick(&["if", "with"]).to_owned();
                let pipe = self.pipeline(1);
                let (open, body) = (self.action(&format!("{word} {pipe}")), self.list(depth - 1));
                let mut middle = String::new();
                if self.below(2) == 0 {
                    middle = self.action("else") + &self.list(depth - 1);
                }
                format!("{open}{body}{middle}{end}")
            }
            8 | 9 => {
                let vars = self.pick(&["", "$x := ", "$i, $x := ", "$x = "]).to_owned();
                let kind = if self.below(5) == 0 { 'a' } else { 'l' };
                let pipe = self.pick(typed(kind)).to_owned();
                let open = self.action(&format!("range {vars}{pipe}"));
                let mut body = self.list(depth - 1);
                if self.below(6) == 0 {
                    body.push_str(self.pick(&[
                        "{{ break }}",
                        "{{ continue }}",
                        "{{ if $x }}{{ break }}{{ end }}",
                    ]));
                }
                format!("{open}{body}{end}")
            }
            _ => {
                let pipe = self.pipeline(1);
                self.action(&format!("template \"t{}\" {pipe}", self.0 % 2))
            }
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut args = std::env::args()
        .skip(1)
        .filter_map(|arg| arg.parse::<u64>().ok());
    let (seed, count) = (args.next().unwrap_or(1), args.next().unwrap_or(1000));
    let mut out = std::io::stdout().lock();
    writeln!(out, "{DATA}")?;
    let mut random = Random(seed);
    for _ in 0..count {
        let defines = (0..2).fold(String::new(), |all, i| {
            all + &format!("{{{{ define \"t{i}\" }}}}{}{{{{ end }}}}", random.list(0))
        });
        let body = random.list(3);
        let template = format!("{defines}{{{{ $x := 1 }}}}{{{{ $y := .l }}}}{body}");
        let quoted = gotemplate::Engine::new()
            .add(gotemplate::sprig::functions())
            .render(
                "json",
                "{{ toRawJson . }}",
                &gotemplate::Value::from(template),
            );
        let quoted = quoted.map(|rendered| rendered.text()).unwrap_or_default();
        writeln!(out, "{{\"t\":{quoted},\"s\":\"duat\"}}")?;
    }
    Ok(())
}
