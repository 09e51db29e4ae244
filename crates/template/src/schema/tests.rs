use super::*;

fn violations(schema: &str, values: &str) -> Vec<String> {
    let schema = Schema::read(&Source::new("schema.json", schema), Syntax::Yaml).unwrap();
    let source = Source::new("v.yaml", values);
    let node = read::read(&source, Syntax::Yaml).unwrap();
    let found = schema.check(&node, &[source]);
    let shown = |problem: &Diagnostic| {
        let place = problem.location.as_ref().unwrap().place;
        format!("{}:{} {}", place.line, place.column, problem.message)
    };
    found.iter().map(shown).collect()
}

#[test]
fn violations_stand_at_the_value() {
    let schema = r##"
type: object
required: [image, replicas]
additionalProperties: false
properties:
  image: {$ref: "#/$defs/image"}
  replicas: {type: integer, minimum: 1, maximum: 10}
  env: {enum: [dev, prod]}
  ports: {type: array, items: {type: integer}, uniqueItems: true, minItems: 1}
$defs:
  image:
    type: object
    required: [tag]
    properties: {tag: {type: string, pattern: "^[0-9]"}}
"##;
    let values = "image:\n  tag: latest\nreplicas: 0\nenvv: dev\nenv: test\nports: [80, x, 80]\n";
    let expected = [
        "2:8 `image.tag` must match `^[0-9]`",
        "3:11 `replicas` must be at least 1",
        "4:7 `envv` is not a known value; did you mean `env`?",
        "5:6 `env` must be one of \"dev\", \"prod\"",
        "6:13 `ports.1` must be integer, not string",
        "6:16 `ports` has an item twice",
    ];
    assert_eq!(violations(schema, values), expected);
    assert_eq!(
        violations(schema, "image: {tag: '1'}\n"),
        ["1:1 the whole lacks `replicas`"]
    );
    assert_eq!(
        violations(schema, "image: {tag: '1'}\nreplicas: 2\n"),
        [""; 0]
    );
}

#[test]
fn schemas_combine() {
    for (schema, good, bad) in [
        ("anyOf: [{type: string}, {type: integer}]", "1", "true"),
        ("oneOf: [{minimum: 1}, {maximum: 3}]", "5", "2"),
        ("not: {type: string}", "1", "x"),
        (
            "{if: {properties: {a: {const: 1}}, required: [a]}, then: {required: [b]}}",
            "{a: 1, b: 1}",
            "{a: 1}",
        ),
        ("allOf: [{type: integer}, {multipleOf: 5}]", "10", "7"),
        ("contains: {const: 1}", "[2, 1.0]", "[2]"),
        (
            "prefixItems: [{type: string}]\nitems: {type: integer}",
            "[a, 1]",
            "[a, b]",
        ),
        ("propertyNames: {pattern: '^[a-z]+$'}", "{a: 1}", "{A: 1}"),
        (
            "patternProperties: {'^x': {type: integer}}",
            "{x: 1}",
            "{x: a}",
        ),
        ("dependentRequired: {a: [b]}", "{a: 1, b: 2}", "{a: 1}"),
        ("{type: [string, 'null'], maxLength: 2}", "ab", "abc"),
        ("{exclusiveMinimum: 1, exclusiveMaximum: 3}", "2", "3"),
        ("{minProperties: 1, maxProperties: 1}", "{a: 1}", "{}"),
    ] {
        assert_eq!(violations(schema, good), [""; 0], "{schema}");
        assert_eq!(violations(schema, bad).len(), 1, "{schema}");
    }
}

#[test]
fn a_schema_that_cannot_be_checked_is_refused() {
    for schema in [
        "unevaluatedProperties: false",
        "propertis: {}",
        "$ref: https://example.org/x",
        "$ref: '#/$defs/none'",
        "pattern: '['",
        "properties: {a: 1}",
    ] {
        let source = Source::new("s", schema);
        assert!(Schema::read(&source, Syntax::Yaml).is_err(), "{schema}");
    }
    let endless = violations("$ref: '#'", "a: 1");
    assert!(endless[0].contains("too deep"), "{endless:?}");
}
