//! The recorded cases of the Go dialect: those that convert print what Go prints.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use gotemplate::{Function, Type, Value as Theirs};

use super::*;
use crate::dialect::go::of_node;

const CORPUS: &str = include_str!("../../../../gotemplate/tests/engine/data/corpus.jsonl");

/// What became of one template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// It has something without a counterpart.
    Told,
    /// It may differ, as a warning says.
    Warned,
    /// Go fails: nothing to compare.
    Fails,
    Same,
    /// It prints a list, a map, a float, nil, or by a verb what that is not for.
    Beyond,
    /// Go prints something and Tera fails: loud, so that nobody is misled.
    Stops,
    Differs,
}

/// Templates that convert and print something else, with the reason.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "{{ \"\\x41\\101\\u00e9\\U0001F600\\a\\b\\f\\v\\\\\" | printf \"%q\" }}",
        "Go and JSON escape control characters in other ways",
    ),
    ("{{ int 1e19 }}", "Go cuts it to 64 bits"),
    ("{{ int64 1e19 }}", "Go cuts it to 64 bits"),
    ("{{ add 1e19 1 }}", "Go cuts it to 64 bits"),
    ("{{ add1 1e19 }}", "Go cuts it to 64 bits"),
    ("{{ sub 1e19 1 }}", "Go cuts it to 64 bits"),
    ("{{ upper \"ßǆŉ\" }}", "Go maps each character to one"),
    ("{{ upper \"ᾳ\" }}", "Go maps each character to one"),
    ("{{ lower \"İΣ\" }}", "Go maps each character to one"),
    ("{{ add 9223372036854775807 1 }}", "Go wraps around"),
    ("{{ add1 9223372036854775807 }}", "Go wraps around"),
    ("{{ mul 9223372036854775807 2 }}", "Go wraps around"),
    ("{{ toDecimal 1.5 }}", "Go reads it as a text"),
    (
        "{{ dateInZone \"2006-01-02\" (int64 253402300800) \"UTC\" }}",
        "a year of five digits has a sign",
    ),
    (
        "{{ htmlDate (int64 253402300800) }}",
        "a year of five digits has a sign",
    ),
    (
        "{{ regexMatch \"a**\" \"Hello World\" }}",
        "Go refuses the pattern, and `regexMatch` says no",
    ),
    (
        "{{ regexMatch \"a**\" \"\" }}",
        "Go refuses the pattern, and `regexMatch` says no",
    ),
    (
        "{{ regexMatch \"a**\" \"l1\\nl2\\n\" }}",
        "Go refuses the pattern, and `regexMatch` says no",
    ),
    (
        "{{ len .l }} {{ len .m }} {{ len .s }} {{ len .u }} {{ len .el }}",
        "Go counts bytes",
    ),
];

#[test]
fn what_converts_prints_what_go_prints() {
    let mut fates: BTreeMap<Fate, Vec<String>> = BTreeMap::new();
    let mut shared = serde_json::Value::Null;
    for line in CORPUS.lines() {
        let mut case: serde_json::Value = serde_json::from_str(line).unwrap();
        if let Some(data) = case.get_mut("shared") {
            shared = data.take();
            continue;
        }
        let template = case["t"].as_str().unwrap();
        let data = case.get("d").unwrap_or(&shared);
        // values are a map, and options of the engine are not those of the dialect
        if case.get("o").is_some() || !data.is_object() {
            continue;
        }
        let (fate, how) = fate(template, data);
        fates
            .entry(fate)
            .or_default()
            .push(format!("{template:?} {how}"));
    }
    let count = |fate| fates.get(&fate).map_or(0, Vec::len);
    let numbers: Vec<String> = fates
        .iter()
        .map(|(fate, cases)| format!("{fate:?} {}", cases.len()))
        .collect();
    assert_eq!(
        count(Fate::Differs),
        0,
        "{}",
        fates
            .get(&Fate::Differs)
            .map(|cases| cases.join("\n"))
            .unwrap_or_default()
    );
    assert!(count(Fate::Same) >= 1_100, "{numbers:?}");
    assert!(count(Fate::Stops) <= 200, "{numbers:?}");
}

fn fate(template: &str, data: &serde_json::Value) -> (Fate, String) {
    let source = Source::new("t", template);
    let Ok(made) = to_tera(&source, &Options::default()) else {
        return (Fate::Fails, String::new());
    };
    if let Some(problem) = made.problems.first() {
        return (Fate::Told, problem.message.clone());
    }
    if let Some(warning) = made.warnings.first() {
        return (Fate::Warned, warning.message.clone());
    }
    let values = values(&data.to_string());
    let Ok(expected) = render(Dialect::Go, template, &values) else {
        return (Fate::Fails, String::new());
    };
    let text = &made.text;
    match render(Dialect::Tera, text, &values) {
        Ok(actual) if actual == expected => (Fate::Same, text.clone()),
        Ok(_) if DIFFERENT.iter().any(|(known, _)| template.contains(known)) => {
            (Fate::Beyond, text.clone())
        }
        Ok(_) if is_beyond(template, &expected, &values) => (Fate::Beyond, text.clone()),
        Ok(actual) => (
            Fate::Differs,
            format!("{text:?}\n  go:   {expected:?}\n  tera: {actual:?}"),
        ),
        Err(error) => (Fate::Stops, format!("{text:?}\n  {error}")),
    }
}

/// Tells whether a template prints what the languages print each in their own way.
fn is_beyond(template: &str, expected: &str, values: &Layers) -> bool {
    let seen = Rc::new(Cell::new(expected.contains("%!")));
    let note = |seen: &Rc<Cell<bool>>| {
        let seen = Rc::clone(seen);
        Function::variadic(&[Type::Reflect], move |_, given| {
            let odd = |value: &Theirs| match value {
                Theirs::Float(number) => number.fract() == 0.0,
                Theirs::Str(_) | Theirs::Bool(_) | Theirs::Int(..) | Theirs::Uint(..) => false,
                _ => true,
            };
            seen.set(seen.get() || given.iter().any(odd));
            Ok(given.last().cloned().unwrap_or_default())
        })
    };
    let verb = |seen: &Rc<Cell<bool>>| {
        let seen = Rc::clone(seen);
        Function::variadic(&[Type::Reflect], move |_, given| {
            // `%q` of a number is a character, and lists print as such
            let plain = |value: &Theirs| matches!(value, Theirs::Str(_) | Theirs::Bool(_));
            let number = |value: &Theirs| matches!(value, Theirs::Int(..));
            let quotes = given
                .first()
                .and_then(Theirs::bytes)
                .is_some_and(|text| text.windows(2).any(|it| it == b"%q"));
            let fits = |value: &Theirs| plain(value) || number(value) && !quotes;
            seen.set(seen.get() || !given.iter().all(fits));
            Ok(Theirs::str("x"))
        })
    };
    let items = |seen: &Rc<Cell<bool>>| {
        let seen = Rc::clone(seen);
        Function::variadic(&[Type::Reflect], move |_, given| {
            let Some(Theirs::List(list)) = given.last() else {
                return Ok(Theirs::str("x"));
            };
            let plain = |value: &Theirs| {
                matches!(value, Theirs::Str(_) | Theirs::Bool(_) | Theirs::Int(..))
            };
            seen.set(seen.get() || !list.items().iter().all(plain));
            Ok(Theirs::str("x"))
        })
    };
    let mut engine = engine_of_all();
    for name in [
        "seen", "quote", "squote", "toString", "cat", "print", "println",
    ] {
        engine.add_function(name, note(&seen));
    }
    engine.add_function("printf", verb(&seen));
    engine.add_function("join", items(&seen));
    let mut noted = String::new();
    let mut at = 0;
    while let Some(Found::Tag(tag)) = next(template, at, "{{", "}}", &[]) {
        noted.push_str(&template[at..tag.inner.end]);
        if !tag.is_statement(template) {
            noted.push_str(" | seen");
        }
        noted.push_str(&template[tag.inner.end..tag.outer.end]);
        at = tag.outer.end;
    }
    noted.push_str(&template[at..]);
    // whatever it prints, what was printed has been noted
    let _ = engine.render("t", noted, &of_node(&values.merged()));
    seen.get()
}
