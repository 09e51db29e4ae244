use proptest::prelude::*;

use super::*;
use crate::value::Map;

fn yaml(layers: &mut Layers, name: &str, text: &str) {
    layers.file(&Source::new(name, text), Syntax::Yaml).unwrap();
}

fn merged(layers: &Layers) -> String {
    layers.merged().value().to_string()
}

#[test]
fn a_later_layer_wins_and_null_deletes() {
    let mut layers = Layers::default();
    yaml(
        &mut layers,
        "a.yaml",
        "x: {a: 1, b: [1, 2], c: true, d: {e: 1}}\ny: 1",
    );
    yaml(
        &mut layers,
        "b.yaml",
        "x: {a: 0, b: [3], c: false, d: null, f: {g: null}}\nz: \"\"",
    );
    assert_eq!(
        merged(&layers),
        r#"{"x":{"a":0,"b":[3],"c":false,"f":{}},"y":1,"z":""}"#
    );
}

#[test]
fn set_speaks_helms_grammar() {
    for (text, expected) in [
        ("a=1", r#"{"a":1}"#),
        ("a.b=1,c=x", r#"{"a":{"b":1},"c":"x"}"#),
        ("a[1].b=true", r#"{"a":[null,{"b":true}]}"#),
        ("a={1,b}", r#"{"a":[1,"b"]}"#),
        ("a={}", r#"{"a":[]}"#),
        (r"a\.b=c\,d", r#"{"a.b":"c,d"}"#),
        ("a=007,b=-5,c=1.5", r#"{"a":"007","b":-5,"c":"1.5"}"#),
        ("a=", r#"{"a":""}"#),
        ("a=b=c", r#"{"a":"b=c"}"#),
        ("a[0][1]=x", r#"{"a":[[null,"x"]]}"#),
    ] {
        let mut layers = Layers::default();
        layers.set(text).unwrap();
        assert_eq!(merged(&layers), expected, "{text}");
    }
    for text in [
        "",
        "a",
        "=1",
        "a[=1",
        "a[x]=1",
        "a[99999999]=1",
        "a={1",
        "a..b=1",
        "a[0]b=1",
    ] {
        assert!(Layers::default().set(text).is_err(), "{text}");
    }
}

#[test]
fn set_changes_what_a_file_gave() {
    let mut layers = Layers::default();
    yaml(&mut layers, "a.yaml", "l: [{n: 1, m: 1}, {n: 2}]\nk: 1");
    layers.set("l[1].n=3,k=null").unwrap();
    layers.set_string("s=1").unwrap();
    layers.set_json(r#"j={"a": [1]}"#).unwrap();
    layers.set_file("f.text", "ca.pem", "PEM\n").unwrap();
    layers.pairs("tag=1.2, q=\"x y\"").unwrap();
    layers.environment(
        "APP__",
        [("APP__DB__HOST", "h"), ("OTHER", "x"), ("APP__", "y")],
    );
    let expected = r#"{"l":[{"n":1,"m":1},{"n":3}],"s":"1","j":{"a":[1]},"f":{"text":"PEM\n"},"tag":"1.2","q":"x y","db":{"host":"h"}}"#;
    assert_eq!(merged(&layers), expected);
}

#[test]
fn every_value_tells_where_it_came_from() {
    let mut layers = Layers::default();
    yaml(&mut layers, "base.yaml", "image:\n  tag: 1\n  name: web\n");
    yaml(&mut layers, "prod.yaml", "image: {tag: 2}");
    layers.set("image.tag=s3cret-token").unwrap();
    let mut secrets = Redactor::new();
    secrets.add("s3cret-token");
    let explained = layers.explain(&secrets);
    let shown: Vec<String> = explained
        .iter()
        .map(|each| {
            let over: Vec<String> = each
                .overrides
                .iter()
                .map(|over| format!("{}@{}", over.value, over.origin))
                .collect();
            format!(
                "{}={} {} <{}>",
                each.path,
                each.value,
                each.origin,
                over.join(" ")
            )
        })
        .collect();
    let expected = [
        "image.tag=[secret] --set image.tag=[secret] <2@prod.yaml:1:14 1@base.yaml:2:8>",
        "image.name=\"web\" base.yaml:3:9 <>",
    ];
    assert_eq!(shown, expected);
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        "[a-c]{0,3}".prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
            proptest::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::from(map.into_iter().collect::<Map>())),
        ]
    });
    proptest::collection::btree_map("[a-d]", tree, 0..4).prop_map(|map| {
        Node::of(
            Value::from(map.into_iter().collect::<Map>()),
            &Origin::Default,
        )
    })
}

fn over(nodes: &[&Node]) -> Value {
    let mut layers = Layers::default();
    for node in nodes {
        layers.node((*node).clone());
    }
    layers.merged().value()
}

proptest! {
    #[test]
    fn the_last_layer_wins_everywhere(a in node(), b in node()) {
        let merged = Node::of(over(&[&a, &b]), &Origin::Default);
        b.leaves(&mut |path, leaf| {
            let kept = merged.at(path).map(Node::value);
            // an empty map changes nothing of a map that is there
            let empty = matches!(&leaf.content, Content::Map(_));
            assert!(kept == Some(leaf.value()) || empty && kept.is_some_and(|kept| kept.as_map().is_some()));
        });
        for key in a.entries().into_iter().flat_map(Entries::names) {
            prop_assert!(merged.child(key).is_some());
        }
    }

    #[test]
    fn merging_twice_or_with_nothing_changes_nothing(a in node()) {
        prop_assert_eq!(over(&[&a, &a]), a.value());
        let empty = Node::empty(Origin::Default);
        prop_assert_eq!(over(&[&empty, &a]), a.value());
        prop_assert_eq!(over(&[&a, &empty]), a.value());
    }

    #[test]
    fn no_argument_makes_set_panic(text in "[a-b.\\[\\]{}=,\\\\0-2\u{e4}]{0,20}") {
        let _ = Layers::default().set(&text);
        let _ = Layers::default().set_json(&text);
        let _ = Layers::default().pairs(&text);
    }
}
