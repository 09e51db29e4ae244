use regex::Regex;

use super::{Arguments, Context, Failure, Function};
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    row!(
        ["regexMatch", "regex_match", "matches"],
        "value: string, pat: string -> boolean",
        "whether the pattern is found",
        (r#"{{ "v1.2" | regexMatch(pat="^v[0-9]") }}"#, "true"),
        |a, _| Ok(of(a)?.is_match(&a.text(0)?).into()),
    ),
    row!(
        ["regexFind", "regex_find"],
        "value: string, pat: string -> string",
        "the first place where the pattern is found; empty if nowhere",
        (r#"{{ "a12b" | regexFind(pat="[0-9]+") }}"#, "12"),
        find,
    ),
    row!(
        ["regexFindAll", "regex_find_all"],
        "value: string, pat: string, n: integer = -1 -> list",
        "all places, at most `n`",
        (
            r#"{{ "a1b2" | regexFindAll(pat="[0-9]") }}"#,
            r#"["1", "2"]"#,
        ),
        find_all,
    ),
    row!(
        ["regexGroups", "regex_groups"],
        "value: string, pat: string -> list",
        "the groups of the first place, the whole of it first",
        (
            r#"{{ "k=v" | regexGroups(pat="(.)=(.)") }}"#,
            r#"["k=v", "k", "v"]"#,
        ),
        groups,
    ),
    row!(
        ["regexReplaceAll", "regex_replace"],
        "value: string, pat: string, rep: string -> string",
        "every place replaced; `$1` is its first group",
        (
            r#"{{ "ab" | regex_replace(pat="(a)(b)", rep="$2$1") }}"#,
            "ba",
        ),
        replace,
    ),
    row!(
        ["regexReplaceAllLiteral", "regex_replace_literal"],
        "value: string, pat: string, rep: string -> string",
        "every place replaced by just `rep`",
        (
            r#"{{ "a1" | regexReplaceAllLiteral(pat="[0-9]", rep="$1") }}"#,
            "a$1",
        ),
        replace_literal,
    ),
    row!(
        ["regexSplit", "regex_split"],
        "value: string, pat: string, n: integer = -1 -> list",
        "the parts between the places, at most `n`",
        (
            r#"{{ "a1b22c" | regexSplit(pat="[0-9]+") }}"#,
            r#"["a", "b", "c"]"#,
        ),
        split,
    ),
    row!(
        ["regexQuoteMeta", "regex_quote"],
        "value: string -> string",
        "a pattern that finds just this text",
        (r#"{{ "1.2" | regexQuoteMeta }}"#, r"1\.2"),
        |a, _| Ok(regex::escape(&a.text(0)?).into()),
    ),
];

type Outcome = Result<Value, Failure>;

/// Compiles a pattern; its size is bounded. The syntax is that of the `regex` crate, which is
/// RE2's, with `\d`, `\w` and `\s` taken for Unicode.
pub(crate) fn compile(pattern: &str) -> Result<Regex, Failure> {
    const SIZE: usize = 1 << 20;
    let built = regex::RegexBuilder::new(pattern)
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .build();
    built.map_err(|error| {
        let text = error.to_string();
        let reason = text.lines().last().unwrap_or_default();
        let reason = reason.strip_prefix("error: ").unwrap_or(reason);
        format!("the pattern `{pattern}` is wrong: {reason}").into()
    })
}

fn of(arguments: &Arguments) -> Result<Regex, Failure> {
    compile(&arguments.text(1)?)
}

fn find(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    Ok(of(arguments)?
        .find(&text)
        .map(|found| found.as_str())
        .unwrap_or_default()
        .into())
}

fn limit(arguments: &Arguments) -> Result<usize, Failure> {
    let count = arguments.integer(2)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

fn find_all(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let pattern = of(arguments)?;
    let found = pattern.find_iter(&text).take(limit(arguments)?);
    Ok(Value::List(
        found.map(|found| found.as_str().into()).collect(),
    ))
}

fn groups(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let found = of(arguments)?.captures(&text).map(|captures| {
        let groups = captures.iter();
        groups
            .map(|group| group.map(|group| group.as_str()).unwrap_or_default().into())
            .collect()
    });
    Ok(Value::List(found.unwrap_or_default()))
}

fn replace(arguments: &Arguments, context: &Context) -> Outcome {
    let (text, with) = (arguments.text(0)?, arguments.text(2)?);
    let pattern = of(arguments)?;
    let mut made = String::new();
    let mut end = 0;
    for captures in pattern.captures_iter(&text) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        made.push_str(text.get(end..whole.start()).unwrap_or_default());
        captures.expand(&with, &mut made);
        end = whole.end();
        context.room(made.len())?;
    }
    made.push_str(text.get(end..).unwrap_or_default());
    Ok(made.into())
}

fn replace_literal(arguments: &Arguments, context: &Context) -> Outcome {
    let (text, with) = (arguments.text(0)?, arguments.text(2)?);
    let pattern = of(arguments)?;
    let count = pattern.find_iter(&text).count();
    context.room(text.len().saturating_add(count.saturating_mul(with.len())))?;
    Ok(pattern
        .replace_all(&text, regex::NoExpand(&with))
        .into_owned()
        .into())
}

fn split(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let parts = of(arguments)?;
    let parts = parts.splitn(&text, limit(arguments)?);
    Ok(Value::List(parts.map(Value::from).collect()))
}
