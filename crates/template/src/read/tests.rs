use proptest::prelude::*;

use super::*;
use crate::value::Value;

fn json(text: &str, syntax: Syntax) -> String {
    read(&Source::new("x", text), syntax)
        .unwrap()
        .value()
        .to_string()
}

fn error(text: &str, syntax: Syntax) -> String {
    let problem = read(&Source::new("x", text), syntax).unwrap_err();
    let location = problem.location.unwrap();
    format!(
        "{}:{} {}",
        location.place.line, location.place.column, problem.message
    )
}

proptest! {
    /// In whatever order the places are asked for.
    #[test]
    fn a_reader_knows_places_as_the_source_does(
        text in "[a\u{e4}\u{1f600}\n\r ]{0,30}",
        offsets in proptest::collection::vec(0_usize..90, 0..20),
    ) {
        let source = Source::new("x", text.as_str());
        let reader = Reader::new(&source);
        for offset in offsets.into_iter().filter(|offset| text.is_char_boundary(*offset)) {
            let Origin::File { place, .. } = reader.origin(offset) else {
                panic!("a reader reads files");
            };
            prop_assert_eq!(place, source.place(offset), "{:?} {}", &text, offset);
        }
    }
}

#[test]
fn maps_share_their_names_and_tell_what_stands_twice() {
    let wide: Vec<String> = (0..40)
        .map(|number| format!(r#""n{number}": {number}"#))
        .collect();
    let wide = format!("{{{}}}", wide.join(", "));
    let text =
        format!(r#"[{{"a": 1, "b": 2}}, {{"a": 3, "c": 4}}, {{"\u0061": 5}}, {wide}, {wide}]"#);
    let read = read(&Source::new("x", text.as_str()), Syntax::Json).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let found: serde_json::Value = serde_json::from_str(&read.value().to_string()).unwrap();
    assert_eq!(found, expected);
    assert_eq!(
        error(r#"[{"a": 1}, {"a": 1, "a": 2}]"#, Syntax::Json),
        "1:21 the key `a` stands twice"
    );
    let twice = wide.replace("n39", "n3");
    assert!(error(&twice, Syntax::Json).ends_with("the key `n3` stands twice"));
}

#[test]
fn all_syntaxes_read_the_same_values() {
    let expected = r#"{"a":{"b":[1,"x"],"big":12345678901234567890},"t":true}"#;
    let yaml = "a:\n  b: [1, x]\n  big: 12345678901234567890\nt: true\n";
    assert_eq!(json(yaml, Syntax::Yaml), expected);
    assert_eq!(json(expected, Syntax::Json), expected);
    assert_eq!(json(expected, Syntax::Yaml), expected);
    let toml = "t = true\n[a]\nb = [1, \"x\"]\nn = 1_000_000\n";
    assert_eq!(
        json(toml, Syntax::Toml),
        r#"{"t":true,"a":{"b":[1,"x"],"n":1000000}}"#
    );
    assert_eq!(
        json("n,v\na,1\n\"b,c\",2\n", Syntax::Csv),
        r#"[{"n":"a","v":"1"},{"n":"b,c","v":"2"}]"#
    );
    let ini = "top = 1\n[a.b]\nk: v\n; c\nq = \"x y\"\n";
    assert_eq!(
        json(ini, Syntax::Ini),
        r#"{"top":"1","a":{"b":{"k":"v","q":"x y"}}}"#
    );
    let env = "# c\nexport A=1 # c\nB='x $A'\nC=\"l\\nm\nn\"\nD=\n";
    assert_eq!(
        json(env, Syntax::Env),
        r#"{"A":"1","B":"x $A","C":"l\nm\nn","D":""}"#
    );
}

#[test]
fn integers_stay_integers() {
    for text in ["1000000", "12345678901234567890", "-5", "0"] {
        for syntax in [Syntax::Json, Syntax::Yaml] {
            let value = read(&Source::new("x", text), syntax).unwrap().value();
            assert_eq!(value, Value::Integer(text.parse().unwrap()));
        }
    }
    assert_eq!(
        json(
            "[1e6, 1.0, 0x1F, 010, yes, ~, \"1\", !!str 1, .5]",
            Syntax::Yaml
        ),
        r#"[1000000.0,1.0,31,10,"yes",null,"1","1",0.5]"#
    );
}

#[test]
fn problems_are_told_with_their_place() {
    for (text, syntax, expected) in [
        (
            "{\"a\": 1,\n \"a\": 2}",
            Syntax::Json,
            "2:2 the key `a` stands twice",
        ),
        (
            "a: 1\nb: 2\na: 3\n",
            Syntax::Yaml,
            "3:1 the key `a` stands twice",
        ),
        ("{\"a\": }", Syntax::Json, "1:7 expected a value, found `}`"),
        ("{\"a\": 01}", Syntax::Json, "1:7 `01` is not a number"),
        ("[1] x", Syntax::Json, "1:5 expected the end, found `x`"),
        (
            "a: 1\n---\nb: 2\n",
            Syntax::Yaml,
            "2:1 there is a second document; values are one",
        ),
        ("a,a\n", Syntax::Csv, "1:1 the column `a` stands twice"),
        (
            "a,b\n1\n",
            Syntax::Csv,
            "2:1 the row has 1 columns, the first line 2",
        ),
        ("[a\n", Syntax::Ini, "1:1 the section's `[` is never closed"),
        ("A=1\nA=2", Syntax::Env, "2:1 the key `A` stands twice"),
        ("A='x", Syntax::Env, "1:3 the quote is never closed"),
    ] {
        assert_eq!(error(text, syntax), expected);
    }
    assert!(error("a = 1\na = 2\n", Syntax::Toml).starts_with("2:1 it is not TOML: duplicate key"));
}

#[test]
fn places_are_those_of_the_file() {
    let node = read(
        &Source::new("v.yaml", "\u{feff}\u{e4}: 1\nimage:\n  tag: 2\n"),
        Syntax::Yaml,
    )
    .unwrap();
    assert_eq!(
        node.at(&["image", "tag"]).unwrap().origin.to_string(),
        "v.yaml:3:8"
    );
}

#[test]
fn what_would_explode_is_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        laughs.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(error(&laughs, Syntax::Yaml).contains("the aliases make more than"));
    let deep = "[".repeat(100_000);
    for syntax in [Syntax::Json, Syntax::Yaml, Syntax::Toml] {
        assert!(read(&Source::new("x", deep.clone()), syntax).is_err());
    }
    let deep = (0..200)
        .map(|level| format!("{}a:\n", " ".repeat(level)))
        .collect::<String>();
    assert!(error(&deep, Syntax::Yaml).contains("deep"));
    let inline = format!("a = {}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(read(&Source::new("x", inline), Syntax::Toml).is_err());
}

#[test]
fn a_value_far_along_a_line_has_its_column() {
    let text = "{\"\u{e4}\": [1, \"\u{f6}\", true],\n \"b\": 2}";
    let node = read(&Source::new("x", text), Syntax::Json).unwrap();
    let mut places = Vec::new();
    node.leaves(&mut |_, leaf| places.push(leaf.origin.to_string()));
    assert_eq!(places, ["x:1:8", "x:1:11", "x:1:16", "x:2:7"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in "[\\[\\]{}:,'\"&*!|>#a-c0-9.\\-\n =$\\\\\u{e4}]{0,60}") {
        for syntax in [Syntax::Json, Syntax::Yaml, Syntax::Toml, Syntax::Csv, Syntax::Ini, Syntax::Env] {
            let _ = read(&Source::new("x", text.clone()), syntax);
        }
    }
}
