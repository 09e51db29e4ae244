use super::{Arguments, Context, Failure, Function};
use crate::value::Value;

mod case;
mod line;

pub(super) const TABLE: &[Function] = &[
    built_in!(
        ["upper"],
        "value: string -> string",
        "upper case",
        (r#"{{ "abc" | upper }}"#, "ABC"),
    ),
    built_in!(
        ["lower"],
        "value: string -> string",
        "lower case",
        (r#"{{ "ABC" | lower }}"#, "abc"),
    ),
    built_in!(
        ["capitalize"],
        "value: string -> string",
        "first letter upper, the rest lower case",
        (r#"{{ "aBC" | capitalize }}"#, "Abc"),
    ),
    row!(
        ["title"],
        "value: string -> string",
        "first letter of each word upper case",
        (r#"{{ "hello wORLD" | title }}"#, "Hello WORLD"),
        case::title,
    ),
    row!(
        ["untitle", "uncapitalize"],
        "value: string -> string",
        "first letter of each word lower case",
        (r#"{{ "Hello World" | untitle }}"#, "hello world"),
        case::untitle,
    ),
    row!(
        ["swapcase"],
        "value: string -> string",
        "upper case to lower and back",
        (r#"{{ "aBc" | swapcase }}"#, "AbC"),
        case::swapcase,
    ),
    row!(
        ["snakecase", "snake_case"],
        "value: string -> string",
        "words joined by `_`",
        (r#"{{ "HTTPServer two" | snakecase }}"#, "http_server_two"),
        |a, _| case::joined(a, "_"),
    ),
    row!(
        ["kebabcase", "kebab_case"],
        "value: string -> string",
        "words joined by `-`",
        (r#"{{ "fooBar" | kebabcase }}"#, "foo-bar"),
        |a, _| case::joined(a, "-"),
    ),
    row!(
        ["camelcase", "pascal_case"],
        "value: string -> string",
        "words with capitals, joined",
        (r#"{{ "foo_bar-baz" | camelcase }}"#, "FooBarBaz"),
        case::camelcase,
    ),
    row!(
        ["constcase", "env_case"],
        "value: string -> string",
        "words in upper case joined by `_`",
        (r#"{{ "foo-bar" | constcase }}"#, "FOO_BAR"),
        |a, c| case::upper(case::joined(a, "_"), c),
    ),
    row!(
        ["slugify", "slug"],
        "value: string, separator: string = \"-\" -> string",
        "letters and digits in lower case, all else becomes one separator",
        (r#"{{ "Ein Fest, oder?" | slugify }}"#, "ein-fest-oder"),
        case::slugify,
    ),
    row!(
        ["trim", "strip"],
        "value: string, pat?: string -> string",
        "without blanks at the ends, or without `pat`",
        (r#"[{{ "  a " | trim }}]"#, "[a]"),
        |a, _| trimmed(a, true, true),
    ),
    row!(
        ["trim_start", "ltrim", "trim_start_matches"],
        "value: string, pat?: string -> string",
        "without blanks, or `pat`, at the start",
        (r#"{{ "//a" | trim_start(pat="/") }}"#, "a"),
        |a, _| trimmed(a, true, false),
    ),
    row!(
        ["trim_end", "rtrim", "trim_end_matches"],
        "value: string, pat?: string -> string",
        "without blanks, or `pat`, at the end",
        (r#"{{ "a\n" | trim_end }}"#, "a"),
        |a, _| trimmed(a, false, true),
    ),
    row!(
        ["trimAll", "trimall", "trim_all"],
        "value: string, chars: string -> string",
        "without any of `chars` at the ends",
        (r#"{{ "$5.00$" | trimAll(chars="$") }}"#, "5.00"),
        trim_all,
    ),
    row!(
        ["trimPrefix", "trim_prefix"],
        "value: string, prefix: string -> string",
        "without one `prefix`",
        (r#"{{ "v1.2" | trimPrefix(prefix="v") }}"#, "1.2"),
        trim_prefix,
    ),
    row!(
        ["trimSuffix", "trim_suffix"],
        "value: string, suffix: string -> string",
        "without one `suffix`",
        (r#"{{ "a.git" | trimSuffix(suffix=".git") }}"#, "a"),
        trim_suffix,
    ),
    row!(
        ["nospace"],
        "value: string -> string",
        "without any blanks",
        (r#"{{ "a b\tc" | nospace }}"#, "abc"),
        nospace,
    ),
    row!(
        ["replace"],
        "value: string, from: string, to: string -> string",
        "every `from` replaced by `to`",
        (r#"{{ "a.b" | replace(from=".", to="-") }}"#, "a-b"),
        replace,
    ),
    row!(
        ["contains"],
        "value: any, text: any -> boolean",
        "whether a text, list or map holds `text`",
        (r#"{{ "feature/x" | contains(text="/") }}"#, "true"),
        contains,
    ),
    row!(
        ["hasPrefix", "has_prefix"],
        "value: string, prefix: string -> boolean",
        "whether it starts so",
        (r#"{{ "v1" | hasPrefix(prefix="v") }}"#, "true"),
        |a, _| Ok(a.text(0)?.starts_with(&a.text(1)?).into()),
    ),
    row!(
        ["hasSuffix", "has_suffix"],
        "value: string, suffix: string -> boolean",
        "whether it ends so",
        (r#"{{ "a.md" | hasSuffix(suffix=".md") }}"#, "true"),
        |a, _| Ok(a.text(0)?.ends_with(&a.text(1)?).into()),
    ),
    row!(
        ["repeat"],
        "value: string, count: integer -> string",
        "`count` times",
        (r#"{{ "ab" | repeat(count=3) }}"#, "ababab"),
        repeat,
    ),
    row!(
        ["substr"],
        "value: string, start: integer = 0, end?: integer -> string",
        "the characters from `start` to before `end`",
        (r#"{{ "abcdef" | substr(start=1, end=3) }}"#, "bc"),
        substr,
    ),
    row!(
        ["trunc"],
        "value: string, length: integer -> string",
        "the first `length` characters, the last for a negative one",
        (r#"{{ "abcdef" | trunc(length=-2) }}"#, "ef"),
        trunc,
    ),
    row!(
        ["truncate", "abbrev"],
        "value: string, length: integer = 255, end: string = \"\u{2026}\" -> string",
        "the first `length` characters, and `end` if there were more",
        (
            r#"{{ "abcdef" | truncate(length=3, end="...") }}"#,
            "abc...",
        ),
        truncate,
    ),
    row!(
        ["initials"],
        "value: string -> string",
        "the first letter of each word",
        (r#"{{ "ab cd" | initials }}"#, "ac"),
        case::initials,
    ),
    row!(
        ["plural", "pluralize"],
        "value: integer, singular: string = \"\", plural: string = \"s\" -> string",
        "`singular` for 1, else `plural`",
        (
            r#"{{ 2 | plural(singular="file", plural="files") }}"#,
            "files",
        ),
        plural,
    ),
    row!(
        ["indent"],
        "value: string, width: integer = 4, prefix?: string, first: boolean = false, blank: boolean = false, last: boolean = false -> string",
        "every line but the first moved to the right by `width` blanks or by `prefix`; `first` moves that too, `blank` empty lines too, `last` what follows the last line ending",
        ("{{ \"a\\nb\" | indent(width=2) }}", "a\n  b"),
        |a, c| line::indented(a, c, false),
    ),
    row!(
        ["nindent"],
        "value: string, width: integer = 4, prefix?: string, first: boolean = true, blank: boolean = false, last: boolean = false -> string",
        "a line ending, then every line moved to the right",
        ("x:{{ \"a\\nb\" | nindent(width=2) }}", "x:\n  a\n  b"),
        |a, c| line::indented(a, c, true),
    ),
    row!(
        ["dedent"],
        "value: string -> string",
        "without the blanks that all lines begin with",
        ("{{ \"  a\\n    b\" | dedent }}", "a\n  b"),
        line::dedent,
    ),
    row!(
        ["quote"],
        "value: any -> string",
        "in double quotes, escaped as JSON does",
        (
            r#"{{ 8080 | quote }} {{ 'a"b' | quote }}"#,
            r#""8080" "a\"b""#,
        ),
        quote,
    ),
    row!(
        ["squote"],
        "value: any -> string",
        "in single quotes, those inside doubled as YAML does",
        (r#"{{ "it's" | squote }}"#, "'it''s'"),
        squote,
    ),
    row!(
        ["cat"],
        "value: any, with?: list = [] -> string",
        "texts joined by a blank",
        (r#"{{ "a" | cat(with=["b", 1]) }}"#, "a b 1"),
        cat,
    ),
    row!(
        ["concat_text", "append_text"],
        "value: string, text: string -> string",
        "with `text` behind",
        (r#"{{ "a" | append_text(text="b") }}"#, "ab"),
        |a, _| Ok((a.text(0)? + &a.text(1)?).into()),
    ),
    row!(
        ["prepend_text"],
        "value: string, text: string -> string",
        "with `text` before",
        (r#"{{ "a" | prepend_text(text="b") }}"#, "ba"),
        |a, _| Ok((a.text(1)? + &a.text(0)?).into()),
    ),
    row!(
        ["wrap"],
        "value: string, width: integer = 80 -> string",
        "lines broken between words before they are longer than `width`",
        ("{{ \"aa bb cc\" | wrap(width=5) }}", "aa bb\ncc"),
        line::wrap,
    ),
    row!(
        ["lines", "splitlines"],
        "value: string -> list",
        "the lines without their endings",
        (r#"{{ "a\nb\n" | lines }}"#, r#"["a", "b"]"#),
        |a, _| Ok(Value::List(a.text(0)?.lines().map(Value::from).collect())),
    ),
    row!(
        ["split", "splitList", "split_list"],
        "value: string, pat: string -> list",
        "the parts between every `pat`",
        (r#"{{ "a,b" | split(pat=",") }}"#, r#"["a", "b"]"#),
        split,
    ),
    row!(
        ["words"],
        "value: string -> list",
        "the parts between blanks",
        (r#"{{ " a  b " | words }}"#, r#"["a", "b"]"#),
        |a, _| {
            Ok(Value::List(
                a.text(0)?.split_whitespace().map(Value::from).collect(),
            ))
        },
    ),
    built_in!(
        ["wordcount"],
        "value: string -> integer",
        "how many words there are",
        (r#"{{ "a b c" | wordcount }}"#, "3"),
    ),
    row!(
        ["addslashes"],
        "value: string -> string",
        "backslashes before quotes and backslashes",
        (r#"{{ "it's" | addslashes }}"#, r"it\'s"),
        addslashes,
    ),
    row!(
        ["spaceless"],
        "value: string -> string",
        "without blanks between `>` and `<`",
        (r#"{{ "<a> <b>" | spaceless }}"#, "<a><b>"),
        spaceless,
    ),
    row!(
        ["striptags"],
        "value: string -> string",
        "without `<...>`",
        (r#"{{ "<b>x</b>" | striptags }}"#, "x"),
        striptags,
    ),
    built_in!(
        ["escape_html", "escape"],
        "value: string -> string",
        "escaped for HTML",
        (r#"{{ "a<b" | escape_html }}"#, "a&lt;b"),
    ),
    built_in!(
        ["escape_xml"],
        "value: string -> string",
        "escaped for XML",
        (r#"{{ "a<b" | escape_xml }}"#, "a&lt;b"),
    ),
    built_in!(
        ["newlines_to_br"],
        "value: string -> string",
        "line endings become `<br>`",
        ("{{ \"a\\nb\" | newlines_to_br }}", "a<br>b"),
    ),
    row!(
        ["linebreaksbr"],
        "value: string -> string",
        "line endings become `<br>`",
        ("{{ \"a\\nb\" | linebreaksbr }}", "a<br>b"),
        |a, _| {
            Ok(a.text(0)?
                .replace("\r\n", "<br>")
                .replace('\n', "<br>")
                .into())
        },
    ),
    built_in!(
        ["safe"],
        "value: string -> string",
        "printed as it is under `--escape`",
        (r#"{{ "a" | safe }}"#, "a"),
    ),
    row!(
        ["str", "as_str", "toString", "to_string"],
        "value: any -> string",
        "as text",
        (r#"{{ 1 | as_str ~ "a" }}"#, "1a"),
        |a, _| Ok(a.any(0).printed().into()),
    ),
    row!(
        ["toStrings", "to_strings"],
        "value: list -> list",
        "every item as text",
        (r"{{ [1, true] | toStrings }}", r#"["1", "true"]"#),
        |a, _| {
            Ok(Value::List(
                a.list(0)?
                    .iter()
                    .map(|item| item.printed().into())
                    .collect(),
            ))
        },
    ),
    row!(
        ["ensure_newline"],
        "value: string -> string",
        "with a line ending at the end, if there is none",
        (r#"{{ "a" | ensure_newline }}"#, "a\n"),
        line::ensure_newline,
    ),
    row!(
        ["comment"],
        "value: string, prefix: string = \"# \" -> string",
        "`prefix` before every line",
        ("{{ \"a\\nb\" | comment }}", "# a\n# b"),
        line::comment,
    ),
];

type Outcome = Result<Value, Failure>;

fn trimmed(arguments: &Arguments, start: bool, end: bool) -> Outcome {
    let text = arguments.text(0)?;
    let mut shown = text.as_str();
    if arguments.has(1) {
        let pattern = arguments.text(1)?;
        if pattern.is_empty() {
            return Ok(text.into());
        }
        if start {
            shown = shown.trim_start_matches(pattern.as_str());
        }
        if end {
            shown = shown.trim_end_matches(pattern.as_str());
        }
    } else {
        shown = if start { shown.trim_start() } else { shown };
        shown = if end { shown.trim_end() } else { shown };
    }
    Ok(shown.into())
}

fn trim_all(arguments: &Arguments, _: &Context) -> Outcome {
    let characters: Vec<char> = arguments.text(1)?.chars().collect();
    Ok(arguments
        .text(0)?
        .trim_matches(characters.as_slice())
        .into())
}

fn trim_prefix(arguments: &Arguments, _: &Context) -> Outcome {
    let (text, prefix) = (arguments.text(0)?, arguments.text(1)?);
    Ok(text.strip_prefix(prefix.as_str()).unwrap_or(&text).into())
}

fn trim_suffix(arguments: &Arguments, _: &Context) -> Outcome {
    let (text, suffix) = (arguments.text(0)?, arguments.text(1)?);
    Ok(text.strip_suffix(suffix.as_str()).unwrap_or(&text).into())
}

fn nospace(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    Ok(text.split_whitespace().collect::<String>().into())
}

fn replace(arguments: &Arguments, context: &Context) -> Outcome {
    let (text, from, to) = (arguments.text(0)?, arguments.text(1)?, arguments.text(2)?);
    let count = text.matches(from.as_str()).count();
    context.room(text.len().saturating_add(count.saturating_mul(to.len())))?;
    Ok(text.replace(&from, &to).into())
}

fn contains(arguments: &Arguments, _: &Context) -> Outcome {
    let found = match arguments.any(0) {
        Value::List(items) => items.contains(&arguments.any(1)),
        Value::Map(map) => map.contains_key(&arguments.text(1)?),
        _ => arguments.text(0)?.contains(&arguments.text(1)?),
    };
    Ok(found.into())
}

fn repeat(arguments: &Arguments, context: &Context) -> Outcome {
    let (text, count) = (arguments.text(0)?, arguments.count(1)?);
    context.room(text.len().saturating_mul(count))?;
    Ok(text.repeat(count).into())
}

fn substr(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let start = arguments.count(1)?;
    let kept: String = if arguments.has(2) {
        let end = arguments.count(2)?;
        text.chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect()
    } else {
        text.chars().skip(start).collect()
    };
    Ok(kept.into())
}

fn trunc(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let length = arguments.integer(1)?;
    let count = usize::try_from(length.unsigned_abs()).unwrap_or(usize::MAX);
    let kept: String = if length < 0 {
        let skipped = text.chars().count().saturating_sub(count);
        text.chars().skip(skipped).collect()
    } else {
        text.chars().take(count).collect()
    };
    Ok(kept.into())
}

fn truncate(arguments: &Arguments, _: &Context) -> Outcome {
    let (text, length) = (arguments.text(0)?, arguments.count(1)?);
    if text.chars().nth(length).is_none() {
        return Ok(text.into());
    }
    let mut kept: String = text.chars().take(length).collect();
    kept.push_str(&arguments.text(2)?);
    Ok(kept.into())
}

fn plural(arguments: &Arguments, _: &Context) -> Outcome {
    let one = arguments.integer(0)? == 1;
    Ok(arguments.text(if one { 1 } else { 2 })?.into())
}

fn quote(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(Value::Text(arguments.any(0).printed()).to_string().into())
}

fn squote(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(format!("'{}'", arguments.any(0).printed().replace('\'', "''")).into())
}

fn cat(arguments: &Arguments, _: &Context) -> Outcome {
    let first = std::iter::once(arguments.any(0));
    let parts = first.chain(arguments.list(1)?.iter().cloned());
    let parts: Vec<String> = parts.map(|part| part.printed()).collect();
    Ok(parts.join(" ").into())
}

fn split(arguments: &Arguments, _: &Context) -> Outcome {
    let (text, pattern) = (arguments.text(0)?, arguments.text(1)?);
    if pattern.is_empty() {
        return Ok(Value::List(
            text.chars()
                .map(|each| Value::Text(each.to_string()))
                .collect(),
        ));
    }
    Ok(Value::List(
        text.split(pattern.as_str()).map(Value::from).collect(),
    ))
}

fn addslashes(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    Ok(text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\'', "\\'")
        .into())
}

fn spaceless(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let mut kept = String::with_capacity(text.len());
    for (index, part) in text.split('>').enumerate() {
        if index > 0 {
            kept.push('>');
        }
        let bare = part.trim_start();
        kept.push_str(if index > 0 && bare.starts_with('<') {
            bare
        } else {
            part
        });
    }
    Ok(kept.into())
}

fn striptags(arguments: &Arguments, _: &Context) -> Outcome {
    let mut inside = false;
    let keep = |each: &char| {
        let kept = !inside && *each != '<';
        inside = *each == '<' || inside && *each != '>';
        kept
    };
    Ok(arguments
        .text(0)?
        .chars()
        .filter(keep)
        .collect::<String>()
        .into())
}
