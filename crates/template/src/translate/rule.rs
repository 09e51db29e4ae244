//! What each function of Go and sprig becomes.
//!
//! In a form `{1}` is the first argument as it stands in an argument list, `{1|}` what a filter is
//! applied to, `{1~}` an operand of `~`, `{2..}` the second and all that follow. A `?` says that the
//! value may be missing.

use crate::translate::term::Kind;

/// A function with a counterpart.
pub(super) struct Rule {
    pub(super) names: &'static [&'static str],
    pub(super) least: usize,
    pub(super) most: usize,
    pub(super) form: &'static str,
    pub(super) gives: Kind,
    /// For which values the counterpart gives something else.
    pub(super) caveat: Option<&'static str>,
}

const ANY: usize = usize::MAX;

/// Functions that print what they are given.
pub(super) const PRINTING: [&str; 4] = ["join", "quote", "squote", "toString"];

/// For functions that see bytes in Go and characters in Tera.
pub(super) const BYTES: &str =
    "it counts bytes in Go and characters in Tera: they differ beyond ASCII";
const WORDS: &str = "the two do not find the same words in every text";
const FLOAT: &str = "a float without fraction prints as `3` in Go and as `3.0` in Tera";

const fn rule(
    names: &'static [&'static str],
    least: usize,
    form: &'static str,
    gives: Kind,
) -> Rule {
    Rule {
        names,
        least,
        most: least,
        form,
        gives,
        caveat: None,
    }
}

impl Rule {
    const fn upto(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    const fn unlike(mut self, caveat: &'static str) -> Self {
        self.caveat = Some(caveat);
        self
    }
}

/// Returns the rule for a function.
pub(super) fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.names.contains(&name))
}

const RULES: &[Rule] = &[
    // texts
    rule(&["trim"], 1, "{1|} | trim", Kind::Text),
    rule(
        &["trimAll", "trimall"],
        2,
        "{2|} | trimAll(chars={1})",
        Kind::Text,
    ),
    rule(
        &["trimPrefix"],
        2,
        "{2|} | trimPrefix(prefix={1})",
        Kind::Text,
    ),
    rule(
        &["trimSuffix"],
        2,
        "{2|} | trimSuffix(suffix={1})",
        Kind::Text,
    ),
    rule(&["upper"], 1, "{1|} | upper", Kind::Text),
    rule(&["lower"], 1, "{1|} | lower", Kind::Text),
    rule(&["title"], 1, "{1|} | title", Kind::Text).unlike(WORDS),
    rule(&["untitle"], 1, "{1|} | untitle", Kind::Text).unlike(WORDS),
    rule(&["swapcase"], 1, "{1|} | swapcase", Kind::Text).unlike(WORDS),
    rule(&["snakecase"], 1, "{1|} | snakecase", Kind::Text).unlike(WORDS),
    rule(&["kebabcase"], 1, "{1|} | kebabcase", Kind::Text).unlike(WORDS),
    rule(&["camelcase"], 1, "{1|} | camelcase", Kind::Text).unlike(WORDS),
    rule(&["nospace"], 1, "{1|} | nospace", Kind::Text).unlike(BYTES),
    rule(&["initials"], 1, "{1|} | initials", Kind::Text).unlike(BYTES),
    rule(&["repeat"], 2, "{2|} | repeat(count={1})", Kind::Text),
    rule(&["trunc"], 2, "{2|} | trunc(length={1})", Kind::Text).unlike(BYTES),
    rule(&["contains"], 2, "{2|} | contains(text={1})", Kind::Bool),
    rule(
        &["hasPrefix"],
        2,
        "{2|} | hasPrefix(prefix={1})",
        Kind::Bool,
    ),
    rule(
        &["hasSuffix"],
        2,
        "{2|} | hasSuffix(suffix={1})",
        Kind::Bool,
    ),
    rule(&["quote"], 1, "{1|} | quote", Kind::Text),
    rule(&["squote"], 1, "\"'\" ~ {1~} ~ \"'\"", Kind::Text),
    rule(
        &["replace"],
        3,
        "{3|} | replace(from={1}, to={2})",
        Kind::Text,
    ),
    rule(
        &["indent"],
        2,
        "{2|} | indent(width={1}, first=true, blank=true, last=true)",
        Kind::Text,
    ),
    rule(
        &["nindent"],
        2,
        "{2|} | nindent(width={1}, blank=true, last=true)",
        Kind::Text,
    ),
    rule(
        &["plural"],
        3,
        "{3|} | plural(singular={1}, plural={2})",
        Kind::Text,
    ),
    rule(&["toString"], 1, "{1|} | toString", Kind::Text),
    rule(&["join"], 2, "{2|} | join(sep={1})", Kind::Text),
    rule(&["sortAlpha"], 1, "{1|} | sortAlpha", Kind::List),
    rule(&["splitList"], 2, "{2|} | split(pat={1})", Kind::List),
    rule(
        &["regexMatch", "mustRegexMatch"],
        2,
        "{2|} | regexMatch(pat={1})",
        Kind::Bool,
    ),
    rule(
        &["regexFind", "mustRegexFind"],
        2,
        "{2|} | regexFind(pat={1})",
        Kind::Text,
    ),
    rule(
        &["regexFindAll", "mustRegexFindAll"],
        3,
        "{2|} | regexFindAll(pat={1}, n={3})",
        Kind::List,
    ),
    rule(
        &["regexReplaceAll", "mustRegexReplaceAll"],
        3,
        "{2|} | regexReplaceAll(pat={1}, rep={3})",
        Kind::Text,
    ),
    rule(
        &["regexReplaceAllLiteral", "mustRegexReplaceAllLiteral"],
        3,
        "{2|} | regexReplaceAllLiteral(pat={1}, rep={3})",
        Kind::Text,
    ),
    rule(
        &["regexSplit", "mustRegexSplit"],
        3,
        "{2|} | regexSplit(pat={1}, n={3})",
        Kind::List,
    ),
    rule(&["regexQuoteMeta"], 1, "{1|} | regexQuoteMeta", Kind::Text)
        .unlike("`-` is escaped in Tera"),
    rule(&["randAlphaNum"], 1, "{1|} | randAlphaNum", Kind::Text),
    rule(&["randNumeric"], 1, "{1|} | randNumeric", Kind::Text),
    rule(&["uuidv4"], 0, "uuidv4()", Kind::Text),
    // the blank of a query is a plus
    rule(
        &["urlquery"],
        1,
        "{1|} | urlencode_strict | replace(from=\"%20\", to=\"+\")",
        Kind::Text,
    ),
    // numbers
    rule(&["float64"], 1, "{1|} | float", Kind::Float),
    rule(&["ceil"], 1, "{1|} | ceil", Kind::Whole),
    rule(&["floor"], 1, "{1|} | floor", Kind::Whole),
    rule(&["round"], 2, "{1|} | round(precision={2})", Kind::Float).unlike(FLOAT),
    rule(&["toDecimal"], 1, "{1|} | toDecimal", Kind::Whole)
        .unlike("what is no octal number is 0 in Go"),
    rule(&["until"], 1, "{1|} | until", Kind::List),
    rule(&["randInt"], 2, "randInt(start={1}, end={2})", Kind::Whole),
    // dates
    rule(&["now"], 0, "now()", Kind::Date),
    rule(
        &[
            "dateModify",
            "date_modify",
            "mustDateModify",
            "must_date_modify",
        ],
        2,
        "{2|} | dateModify(by={1})",
        Kind::Date,
    ),
    rule(&["htmlDate"], 1, "{1|} | htmlDate", Kind::Text),
    rule(&["unixEpoch"], 1, "{1|} | unixEpoch", Kind::Text),
    // what may be missing
    rule(&["empty"], 1, "{1|?} | empty", Kind::Bool),
    rule(&["required"], 2, "{2|?} | required(message={1})", Kind::Any),
    rule(&["fail", "RaiseError"], 1, "fail(message={1})", Kind::Text),
    // encodings
    rule(&["b64enc"], 1, "{1|} | b64enc", Kind::Text),
    rule(&["b64dec"], 1, "{1|} | b64dec", Kind::Text),
    rule(&["b32enc"], 1, "{1|} | b32enc", Kind::Text),
    rule(&["b32dec"], 1, "{1|} | b32dec", Kind::Text)
        .unlike("what is no Base32 prints as an error in Go"),
    rule(
        &["toJson", "mustToJson", "toRawJson", "mustToRawJson"],
        1,
        "{1|} | sort_keys | to_json",
        Kind::Text,
    )
    .unlike("Go escapes `<`, `>` and `&`, and prints a float without fraction as `3`"),
    rule(
        &["toPrettyJson", "mustToPrettyJson"],
        1,
        "{1|} | sort_keys | toPrettyJson",
        Kind::Text,
    )
    .unlike("Go escapes `<`, `>` and `&`, and prints a float without fraction as `3`"),
    rule(
        &["fromJson", "mustFromJson"],
        1,
        "{1|} | from_json",
        Kind::Any,
    ),
    rule(
        &["toYaml", "mustToYaml"],
        1,
        "{1|} | sort_keys | to_yaml",
        Kind::Text,
    )
    .unlike("Go folds long texts and quotes others than Tera does"),
    rule(
        &["fromYaml", "fromYamlArray"],
        1,
        "{1|} | from_yaml",
        Kind::Any,
    ),
    rule(
        &["toToml", "mustToToml"],
        1,
        "{1|} | sort_keys | to_toml",
        Kind::Text,
    )
    .unlike("Go indents tables, Tera does not"),
    rule(&["fromToml"], 1, "{1|} | from_toml", Kind::Any),
    rule(&["sha1sum"], 1, "{1|} | sha1sum", Kind::Text),
    rule(&["sha256sum"], 1, "{1|} | sha256sum", Kind::Text),
    rule(&["sha512sum"], 1, "{1|} | sha512sum", Kind::Text),
    rule(&["adler32sum"], 1, "{1|} | adler32sum", Kind::Text),
    // lists
    rule(&["list", "tuple"], 0, "[{1..}]", Kind::List).upto(ANY),
    rule(&["first", "mustFirst"], 1, "{1|} | first", Kind::Any),
    rule(&["last", "mustLast"], 1, "{1|} | last", Kind::Any),
    rule(&["rest", "mustRest"], 1, "{1|} | rest", Kind::List),
    rule(&["initial", "mustInitial"], 1, "{1|} | initial", Kind::List),
    rule(
        &["append", "push", "mustAppend", "mustPush"],
        2,
        "{1|} | append(item={2})",
        Kind::List,
    ),
    rule(
        &["prepend", "mustPrepend"],
        2,
        "{1|} | prepend(item={2})",
        Kind::List,
    ),
    rule(&["concat"], 2, "{1|} | concat(with={2})", Kind::List),
    rule(&["reverse", "mustReverse"], 1, "{1|} | reverse", Kind::List),
    rule(&["uniq", "mustUniq"], 1, "{1|} | uniq", Kind::List),
    rule(&["compact", "mustCompact"], 1, "{1|} | compact", Kind::List),
    rule(
        &["without", "mustWithout"],
        2,
        "{1|} | without(items=[{2..}])",
        Kind::List,
    )
    .upto(ANY),
    rule(&["has", "mustHas"], 2, "{2|} | has(item={1})", Kind::Bool),
    rule(
        &["slice", "mustSlice"],
        2,
        "{1|} | slice(start={2})",
        Kind::List,
    ),
    rule(
        &["chunk", "mustChunk"],
        2,
        "{2|} | chunk(size={1})",
        Kind::List,
    ),
    // maps
    rule(&["get"], 2, "{1|} | get(key={2}, default=\"\")", Kind::Any),
    rule(&["hasKey"], 2, "{1|} | hasKey(key={2})", Kind::Bool),
    rule(&["pick"], 2, "{1|} | pick(keys=[{2..}])", Kind::Map).upto(ANY),
    rule(&["omit"], 2, "{1|} | omit(keys=[{2..}])", Kind::Map).upto(ANY),
    rule(&["deepCopy", "mustDeepCopy"], 1, "{1}", Kind::Any),
    rule(&["deepEqual"], 2, "{1|} | deepEqual(to={2})", Kind::Bool)
        .unlike("the types of numbers count in Go"),
    // paths
    rule(&["base", "osBase"], 1, "{1|} | base", Kind::Text),
    rule(&["dir", "osDir"], 1, "{1|} | dir", Kind::Text),
    rule(&["ext", "osExt"], 1, "{1|} | ext", Kind::Text),
    rule(&["clean", "osClean"], 1, "{1|} | clean", Kind::Text),
    rule(&["isAbs", "osIsAbs"], 1, "{1|} | isAbs", Kind::Bool),
    rule(&["env"], 1, "get_env(name={1}, default=\"\")", Kind::Text),
    rule(
        &["semverCompare"],
        2,
        "{2|} | semverCompare(constraint={1})",
        Kind::Bool,
    ),
];
