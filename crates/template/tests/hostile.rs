//! Whatever the template and the values are: an end, one clear error, and no secret told.

mod support;

use duat_template::validate::{self, Format};
use duat_template::{Limits, Missing, Options, Source, schema};
use proptest::prelude::*;
use support::Case;

fn small() -> Limits {
    Limits {
        steps: 5_000,
        output: 100_000,
        value: 100_000,
        depth: 16,
        ..Limits::default()
    }
}

/// Texts made of what templates are made of.
fn template() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("{{ "),
        Just(" }}"),
        Just("{% "),
        Just(" %}"),
        Just("{#"),
        Just("#}"),
        Just("{{-"),
        Just("-%}"),
        Just("if "),
        Just("for x in "),
        Just("endfor"),
        Just("endif"),
        Just("set x = "),
        Just("set_global y = "),
        Just("x"),
        Just("y"),
        Just("n"),
        Just("list"),
        Just("image.tag"),
        Just("nope.a"),
        Just(" | upper"),
        Just(" | default(value=1)"),
        Just(" | repeat(count=9999)"),
        Just("range(end=9999)"),
        Just(" ~ "),
        Just("["),
        Just("]"),
        Just("\"a\""),
        Just("("),
        Just(")"),
        Just("filter upper"),
        Just("endfilter"),
        Just("block b"),
        Just("endblock b"),
        Just("raw"),
        Just("endraw"),
        Just("include \"main\""),
        Just("include \"part\""),
        Just("\n"),
        Just(" "),
        Just("text"),
        Just("\u{e4}"),
        Just("`"),
        Just("'"),
        Just(" + 1"),
        Just(" is defined"),
        Just("extends \"part\""),
        Just("component c(a)"),
        Just("endcomponent c"),
        Just("{{<c a=x />}}"),
        Just("render_file(path=\"part\")"),
        Just("Env[x]"),
        Just("?."),
        Just("%}{%"),
    ];
    proptest::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn every_template_comes_to_an_end(text in template(), missing in 0..3_u8) {
        let missing = [Missing::Error, Missing::Empty, Missing::Keep][usize::from(missing)];
        let options = Options { missing, trim_blocks: true, lstrip_blocks: true, ..Options::default() };
        let case = Case::new(&text).file("main", &text).file("part", "p {{ n }}").options(options).limits(small());
        match case.render(true) {
            Ok(rendered) => {
                prop_assert!(rendered.text.len() <= 100_000);
                if let Some(map) = rendered.map {
                    map.line(&rendered.text, 1);
                }
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    prop_assert!(!problem.to_string().is_empty());
                    prop_assert!(problem.location.is_some() || !problem.message.contains("undefined"));
                }
            }
        }
    }

    #[test]
    fn every_text_comes_to_an_end(text in "[{}%#a-c.| \"'`\\-\n\\[\\]()~?<>/\u{80}-\u{90}]{0,60}") {
        let _ = Case::new(&text).limits(small()).render(true);
        for format in [Format::Yaml, Format::Json, Format::Toml, Format::Dockerfile] {
            validate::check(&Source::new("x", text.clone()), format, None);
        }
        let _ = schema::Schema::read(&Source::new("x", text), duat_template::read::Syntax::Yaml);
    }

    #[test]
    fn the_same_run_gives_the_same_output(text in template()) {
        let case = || Case::new(&text).limits(small()).render(false).map(|rendered| rendered.text);
        prop_assert_eq!(case(), case());
    }

    #[test]
    fn no_message_tells_a_secret(secret in "[a-zA-Z0-9]{8,24}", filter in prop_oneof![
        Just("b64enc"), Just("upper"), Just("quote"), Just("urlencode_strict"), Just("sha256sum"),
        Just("to_json"), Just("hexenc"), Just("squote"), Just("reverse"), Just("trim"),
    ]) {
        let text = format!("{{{{ fail(message=\"x \" ~ n | {filter}) }}}}{{{{ nope }}}}");
        let case = Case::with_values(&text, &format!("n: {secret:?}")).secret(&secret);
        for problem in case.problems() {
            let shown = problem.to_string() + &serde_json::to_string(&problem).unwrap();
            prop_assert!(!shown.contains(&secret), "{}", shown);
            if problem.message.starts_with("x ") {
                prop_assert!(shown.contains("[secret]"), "{} {}", filter, shown);
            }
        }
    }
}

#[test]
fn what_is_deep_or_long_ends_in_one_clear_error_or_none() {
    for text in [
        "{{ ".repeat(5_000),
        "{% if n %}".repeat(5_000),
        format!("{{{{ {}n{} }}}}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{{{{ {}n{} }}}}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{{{{ n{} }}}}", " | upper".repeat(5_000)),
        format!("{{{{ {} }}}}", vec!["n"; 5_000].join(" + ")),
        format!("{{{{ n{} }}}}", ".a".repeat(50_000)),
        "x".repeat(10 << 20),
        "{{ n }}".repeat(50_000),
        "\0\u{1}\u{fffd}".repeat(1_000),
        "{#".repeat(10_000),
        "{{ \"".repeat(10_000),
    ] {
        if let Err(problems) = Case::new(&text).render(false) {
            assert_eq!(problems.len(), 1, "{}", problems[1].message);
            assert!(problems[0].to_string().len() < 2_000);
        }
    }
}

#[test]
fn whole_and_broken_numbers_have_one_order() {
    // as floats all of these integers are the same number
    let base = 9_007_199_254_740_992_i64;
    let numbers = (0..60_i64).map(|turn| match turn * 7 % 5 {
        0 => format!("{base}.0"),
        kind => (base + kind - 2).to_string(),
    });
    let list = numbers.collect::<Vec<_>>().join(", ");
    let text = format!("{{% for n in [{list}] | sort %}}{{{{ n }}}} {{% endfor %}}");
    let rendered = Case::new(&text).render(false).unwrap();
    let wholes: Vec<f64> = rendered
        .text
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    assert_eq!(wholes.len(), 60);
    assert!(wholes.is_sorted());
    let wholes = rendered
        .text
        .split_whitespace()
        .filter_map(|n| n.parse::<i64>().ok());
    assert!(wholes.is_sorted(), "{}", rendered.text);
}
