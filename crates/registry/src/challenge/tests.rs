use proptest::prelude::*;

use super::{Challenge, read};

fn line(challenge: &Challenge) -> String {
    let parameters: Vec<String> = challenge
        .parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{}[{}]", challenge.scheme, parameters.join("|"))
}

#[test]
fn challenges_are_read_as_registries_write_them() {
    for (headers, expected) in [
        (
            &[
                r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push""#,
            ][..],
            &[
                "bearer[realm=https://auth.docker.io/token|service=registry.docker.io|scope=repository:a/b:pull,push]",
            ][..],
        ),
        // two scopes in one text, after a mount
        (
            &[
                r#"Bearer realm="r",scope="repository:dst:pull,push repository:src:pull",error="insufficient_scope""#,
            ],
            &[
                "bearer[realm=r|scope=repository:dst:pull,push repository:src:pull|error=insufficient_scope]",
            ],
        ),
        // any case, blanks around the equals sign
        (
            &[r#"BEARER REALM = "r" , Service=s"#],
            &["bearer[realm=r|service=s]"],
        ),
        // several in one header
        (
            &[r#"Basic realm="a, b", Bearer realm="r",service="s", Negotiate"#],
            &[
                "basic[realm=a, b]",
                "bearer[realm=r|service=s]",
                "negotiate[]",
            ],
        ),
        // several headers
        (
            &["Negotiate", r#"Basic realm="x""#],
            &["negotiate[]", "basic[realm=x]"],
        ),
        // ECR
        (
            &[
                r#"Basic realm="https://123456789012.dkr.ecr.us-east-1.amazonaws.com/",service="ecr.amazonaws.com""#,
            ],
            &[
                "basic[realm=https://123456789012.dkr.ecr.us-east-1.amazonaws.com/|service=ecr.amazonaws.com]",
            ],
        ),
        // quotes within quotes
        (
            &[r#"Basic realm="a \"b\\c\"""#],
            &[r#"basic[realm=a "b\c"]"#],
        ),
        // not quoted at all
        (
            &["Bearer realm=https://a/token?x=y,service=s"],
            &["bearer[realm=https://a/token?x=y|service=s]"],
        ),
        // never closed
        (&[r#"Bearer realm="r"#], &["bearer[realm=r]"]),
        // empty values and elements
        (
            &[r#", ,Bearer realm="",,scope="""#],
            &["bearer[realm=|scope=]"],
        ),
        // a token68
        (
            &["Negotiate a87421000492aa874209af8bc028==, Basic realm=x"],
            &[
                "negotiate[a87421000492aa874209af8bc028==]",
                "basic[realm=x]",
            ],
        ),
        (&["", "=", "\"", "@@@"], &[]),
    ] {
        let found: Vec<String> = read(headers.iter().copied()).iter().map(line).collect();
        assert_eq!(found, expected, "{headers:?}");
    }
}

proptest! {
    #[test]
    fn any_header_is_read_to_its_end(header in "[ -~]{0,200}") {
        read([header.as_str()]);
    }

    #[test]
    fn what_is_written_is_read(values in prop::collection::vec("[ -~]{0,20}", 1..5)) {
        let written: Vec<String> = values
            .iter()
            .map(|value| format!(r#"p="{}""#, value.replace('\\', r"\\").replace('"', r#"\""#)))
            .collect();
        let read = read([format!("Bearer {}", written.join(", ")).as_str()]);
        let found: Vec<&String> = read[0].parameters.iter().map(|(_, value)| value).collect();
        prop_assert_eq!(found, values.iter().collect::<Vec<_>>());
    }
}
