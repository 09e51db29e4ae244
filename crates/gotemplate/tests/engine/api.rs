//! What hosts build on.

use gotemplate::{
    Engine, ErrorKind, Function, List, Map, Member, MissingKey, Object, Type, Value, node::Node,
};
use std::any::Any;
use std::cell::Cell;
use std::rc::Rc;

/// A URL that prints as its text and still has parts.
struct Url;

impl Object for Url {
    fn type_name(&self) -> &'static str {
        "url.URL"
    }

    fn text(&self) -> Option<String> {
        Some("https://github.com/karlmutch/duat.git".to_owned())
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        Ok(match name {
            "Scheme" => Some(Member::Field("https".into())),
            "Host" => Some(Member::Field("github.com".into())),
            "Port" => Some(Member::Method(Rc::new(Function::new(&[], |_, _| {
                Ok(443.into())
            })))),
            "Broken" => return Err("no network".to_owned()),
            _ => None,
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn sprig() -> Engine {
    let mut engine = Engine::new();
    engine.add(gotemplate::sprig::functions());
    engine
}

#[test]
fn objects_print_and_have_fields() {
    let data: Value = [("url", Value::object(Url))]
        .into_iter()
        .collect::<Map>()
        .into();
    let engine = sprig();
    let text =
        "{{ .url }} {{ .url.Host }} {{ .url.Scheme }}:{{ .url.Port }} {{ .url | upper | len }}";
    let failure = engine.render("t", text, &data).unwrap_err();
    assert!(
        failure.to_string().contains("expected string; got url.URL"),
        "{failure}"
    );
    let text = "{{ .url }} {{ .url.Host }} {{ .url.Scheme }}:{{ .url.Port }} {{ .url | toString | len }} {{ quote .url }}";
    let shown = engine.render("t", text, &data).unwrap().text();
    let url = "https://github.com/karlmutch/duat.git";
    assert_eq!(shown, format!("{url} github.com https:443 37 \"{url}\""));
    let failure = engine
        .render("t", "\n {{ .url.Broken }}", &data)
        .unwrap_err();
    let error = failure.last().unwrap();
    assert_eq!(
        (error.line, error.column, error.message.as_str()),
        (2, 9, "no network")
    );
}

#[test]
fn lazy_values_are_computed_when_read_and_once() {
    let calls = Rc::new(Cell::new(0));
    let duat = Map::default();
    let counter = Rc::clone(&calls);
    duat.set_lazy("version", move || {
        counter.set(counter.get() + 1);
        Ok("1.2.3".into())
    });
    duat.set_lazy("awsecr", || Err("no credentials".to_owned()));
    let data: Value = [("duat", duat)].into_iter().collect::<Map>().into();
    let engine = sprig();
    engine
        .render("t", "{{ hasKey .duat \"version\" }}{{ len .duat }}", &data)
        .unwrap();
    assert_eq!(calls.get(), 0);
    let text = "{{ .duat.version }}{{ .duat.version }}{{ get .duat \"version\" }}";
    assert_eq!(
        engine.render("t", text, &data).unwrap().text(),
        "1.2.31.2.31.2.3"
    );
    assert_eq!(calls.get(), 1);
    for text in [
        "{{ .duat.awsecr }}",
        "{{ .duat }}",
        "{{ toJson .duat }}!",
        "{{ range .duat }}{{ end }}",
    ] {
        let result = engine.render("t", text, &data);
        if !text.ends_with('!') {
            assert!(
                result.unwrap_err().to_string().contains("no credentials"),
                "{text}"
            );
        }
    }
}

#[test]
fn host_functions_are_closures_with_types() {
    let seen = Rc::new(Cell::new(0));
    let count = Rc::clone(&seen);
    let mut engine = Engine::new();
    engine.add_function(
        "note",
        Function::new(&[Type::String, Type::Int], move |_, args| {
            count.set(count.get() + args[1].signed().unwrap());
            Ok(args[0].clone())
        }),
    );
    assert_eq!(
        engine
            .render("t", "{{ note \"a\" 2 }}{{ \"b\" | note }}", &Value::None)
            .unwrap_err()
            .last()
            .unwrap()
            .kind,
        ErrorKind::Exec
    );
    assert_eq!(
        engine
            .render("t", "{{ note \"a\" 2 }}{{ 3 | note \"b\" }}", &Value::None)
            .unwrap()
            .text(),
        "ab"
    );
    assert_eq!(seen.get(), 7);
}

#[test]
fn maps_are_references() {
    let map = Map::default();
    let data: Value = [("m", map.clone())].into_iter().collect::<Map>().into();
    sprig()
        .render("t", "{{ $_ := set .m \"k\" (list 1 2) }}", &data)
        .unwrap();
    assert!(matches!(map.get(b"k"), Ok(Some(Value::List(list))) if list.len() == 2));
}

#[test]
fn errors_know_their_way() {
    let engine = Engine::new();
    let mut templates = engine.templates();
    templates
        .parse("parts.tpl", "{{ define \"inner\" }}\n  {{ .a.b }}{{ end }}")
        .unwrap();
    templates
        .parse("main.tpl", "x\n{{ template \"inner\" . }}")
        .unwrap();
    let data = Value::from_json(br#"{"a":1}"#).unwrap();
    let failure = templates.render("main.tpl", &data).unwrap_err();
    let error = failure.last().unwrap();
    assert_eq!(
        (
            error.name.as_str(),
            error.template.as_str(),
            error.line,
            error.column
        ),
        ("parts.tpl", "inner", 2, 8)
    );
    assert_eq!(error.chain.len(), 1);
    assert_eq!(
        (error.chain[0].name.as_str(), error.chain[0].line),
        ("main.tpl", 2)
    );
    assert_eq!(
        error.go().to_string(),
        "template: parts.tpl:2:7: executing \"inner\" at <.a.b>: can't evaluate field b in type interface {}"
    );
    let failure = engine.render("f", "a\n{{ if }}", &Value::None).unwrap_err();
    let error = failure.last().unwrap();
    assert_eq!((error.kind, error.line), (ErrorKind::Parse, 2));
    assert_eq!(
        error.go().to_string(),
        "template: f:2: missing value for if"
    );
}

#[test]
fn sets_redefine_and_isolate() {
    let engine = Engine::new();
    let mut base = engine.templates();
    base.parse("a", "{{ define \"x\" }}one{{ end }}{{ template \"x\" }}")
        .unwrap();
    let mut other = base.clone();
    other
        .parse(
            "b",
            "{{ define \"x\" }}two{{ end }}{{ define \"y\" }}{{ end }}",
        )
        .unwrap();
    other
        .parse("c", "{{ define \"x\" }}  {{/* blank */}} {{ end }}")
        .unwrap();
    assert_eq!(base.render("a", &Value::None).unwrap().text(), "one");
    assert_eq!(other.render("a", &Value::None).unwrap().text(), "two");
    assert!(base.render("nope", &Value::None).is_err());
    assert_eq!(other.names().len(), 5);
}

#[test]
fn traces_lead_back_to_the_source() {
    let mut engine = Engine::new();
    engine.options.trace = true;
    let text = "image: {{ .image }}\n{{ define \"t\" }}tag={{ . }}{{ end }}{{ template \"t\" 5 }}";
    let data = Value::from_json(br#"{"image":"nginx"}"#).unwrap();
    let rendered = engine.render("f", text, &data).unwrap();
    assert_eq!(rendered.text(), "image: nginx\ntag=5");
    let origin = |byte: usize| {
        rendered
            .origin(byte)
            .map(|trace| &text[trace.source.clone()])
    };
    assert_eq!(origin(0), Some("image: "));
    assert_eq!(origin(8), Some(".image"));
    assert_eq!(origin(14), Some("tag="));
    assert_eq!(origin(17), Some("."));
    assert_eq!(origin(99), None);
}

#[test]
fn trees_can_be_read() {
    let engine = sprig();
    let tree = engine
        .templates()
        .parse(
            "t",
            "a{{ .x.y | default \"z\" }}{{ if .b }}c{{ else if .d }}e{{ end }}",
        )
        .unwrap();
    let kinds: Vec<_> = tree.root.nodes.iter().map(std::mem::discriminant).collect();
    assert_eq!(kinds.len(), 3);
    let Node::Action(_, pipe) = &tree.root.nodes[1] else {
        panic!("an action")
    };
    assert_eq!(pipe.commands.len(), 2);
    assert_eq!(pipe.to_string(), ".x.y | default \"z\"");
    let paths: Vec<_> = gotemplate::references(&tree)
        .into_iter()
        .map(|reference| reference.path())
        .collect();
    assert_eq!(paths, [".x.y", ".b", ".d"]);
}

#[test]
fn references_follow_dot() {
    let engine = sprig();
    let text = "{{ with .a }}{{ .b }}{{ $.c }}{{ end }}{{ range $i, $u := .users }}{{ .name }}{{ $u.age }}{{ end }}\
                {{ define \"t\" }}{{ .inner }}{{ end }}{{ template \"t\" .sub }}{{ $v := .v }}{{ $v.w }}{{ (index .l 0).z }}";
    let tree = engine.templates().parse("main", text).unwrap();
    let paths: Vec<_> = gotemplate::references(&tree)
        .into_iter()
        .map(|reference| reference.path())
        .collect();
    assert_eq!(
        paths,
        [
            ".a",
            ".a.b",
            ".c",
            ".users",
            ".users[].name",
            ".users[].age",
            ".sub",
            ".sub.inner",
            ".v",
            ".v.w",
            ".l"
        ]
    );
}

#[test]
fn all_of_sprig_is_there() {
    let names: Vec<_> = gotemplate::sprig::functions()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names.len(), 211);
    assert_eq!(
        names
            .iter()
            .collect::<std::collections::BTreeSet<_>>()
            .len(),
        211
    );
}

/// The table of the documentation has each of them once.
#[test]
fn the_table_of_what_is_proven_names_all_of_sprig() {
    let table = Value::from_json(include_bytes!("data/parity.json")).unwrap();
    let text = "{{ range .groups }}{{ range .functions }}{{ . }} {{ end }}{{ end }}";
    let listed = Engine::new().render("t", text, &table).unwrap().text();
    let mut listed: Vec<&str> = listed.split_whitespace().collect();
    listed.sort_unstable();
    let mut names: Vec<&str> = gotemplate::sprig::functions()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    names.sort_unstable();
    assert_eq!(listed, names);
}

#[test]
fn missing_keys_by_option() {
    let data = Value::Map(Map::default());
    let mut engine = sprig();
    for (word, expected) in [
        ("default", Some("<no value>")),
        ("zero", Some("<no value>")),
        ("error", None),
    ] {
        engine.options.missing_key = MissingKey::parse(word).unwrap();
        assert_eq!(
            engine
                .render("t", "{{ .x }}", &data)
                .ok()
                .map(|r| r.text())
                .as_deref(),
            expected
        );
    }
    assert_eq!(List::any(Vec::new()).len(), 0);
}

#[test]
fn a_float_on_its_own_prints_as_printf_prints_it() {
    let engine = sprig();
    for float in [
        0.0,
        -0.0,
        1.0,
        -1.0,
        1.5,
        8080.0,
        999_999.0,
        -999_999.0,
        999_999.5,
        1e6,
        -1e6,
        123_456_789.0,
        2_147_483_648.0,
        1e21,
        1e-5,
        f64::MAX,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
    ] {
        let data = Value::from(float);
        let printed = engine.render("t", "{{ . }}", &data).unwrap().text();
        let formatted = engine.render("t", "{{ printf \"%v\" . }}", &data).unwrap();
        assert_eq!(printed, formatted.text());
    }
    let data = Value::from(-0.0);
    assert_eq!(engine.render("t", "{{ . }}", &data).unwrap().text(), "-0");
}
