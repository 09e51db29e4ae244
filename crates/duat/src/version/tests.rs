use super::*;
use proptest::prelude::*;

fn read(text: &str) -> String {
    match text.parse::<Version>() {
        Ok(version) => version.to_string(),
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn lenient_reading_gives_the_strict_form() {
    for (text, strict) in [
        ("1.2.3", "1.2.3"),
        ("v1.2.3", "1.2.3"),
        ("V1.2.3", "1.2.3"),
        (" 1.2.3\t", "1.2.3"),
        ("1.2", "1.2.0"),
        ("1", "1.0.0"),
        ("v2", "2.0.0"),
        ("01.2.3", "1.2.3"),
        ("2024.01.05", "2024.1.5"),
        ("1.0.0-01", "1.0.0-1"),
        ("1.0.0-rc.01.00", "1.0.0-rc.1.0"),
        ("1.0.0-0a", "1.0.0-0a"),
        ("1.0.0+01", "1.0.0+01"),
        ("1.2-beta.5", "1.2.0-beta.5"),
        ("1-alpha+b", "1.0.0-alpha+b"),
        (
            "0.0.2-00-new-feature-aaaagjecrgf",
            "0.0.2-00-new-feature-aaaagjecrgf",
        ),
        ("1.0.0--aaaag", "1.0.0--aaaag"),
    ] {
        assert_eq!(read(text), strict, "{text:?}");
    }
}

#[test]
fn an_error_says_what_and_where() {
    for (text, message) in [
        ("", "it is empty"),
        (" \r\n", "it is empty"),
        ("v", "the major version is missing"),
        ("TBD", "unexpected `T` at character 1"),
        ("vv1", "unexpected `v` at character 2"),
        ("1.2.3.4", "unexpected `.` at character 6"),
        ("1..3", "unexpected `.` at character 3"),
        ("1.2.", "the patch version is missing"),
        ("1.2.3-", "the pre-release is missing"),
        ("1.2.3-a..b", "the pre-release is missing"),
        ("1.2.3-+b", "the pre-release is missing"),
        ("1.2.3+", "the build metadata is missing"),
        ("1.2.3-a_b", "unexpected `_` at character 8"),
        ("1.2.3-!", "unexpected `!` at character 7"),
        ("1.2.3 4", "unexpected ` ` at character 6"),
        ("1.2.3\u{2028}4", "unexpected `\\u{2028}` at character 6"),
        (
            "18446744073709551616.0.0",
            "the major version is greater than 18446744073709551615",
        ),
    ] {
        assert_eq!(read(text), format!("error: {message}"), "{text:?}");
    }
}

#[test]
fn strict_reading_names_the_strict_form() {
    assert!(Version::parse_strict("1.2.3-a.1+b").is_ok());
    for text in ["v1.2.3", "1.2", "01.2.3", " 1.2.3", "1.0.0-01"] {
        assert!(
            matches!(
                Version::parse_strict(text),
                Err(ParseError::NotStrict { .. })
            ),
            "{text:?}"
        );
    }
}

#[test]
fn dates_and_words_are_not_version_tags() {
    for tag in [
        "20221209",
        "20221209-update-renovatejson-v4",
        "2022-12-09",
        "20221209.1",
        "v1-stable",
        "1.2-rc1",
        "latest",
        "nightly",
        "release/1.2.3",
        "v",
        "",
        "1.2.3.4",
        "vv1.2.3",
        "-1",
    ] {
        assert_eq!(Version::from_tag(tag, ""), None, "{tag}");
    }
}

#[test]
fn version_tags_are_read_behind_their_prefix() {
    let read = |tag, prefix| Version::from_tag(tag, prefix).map(|version| version.to_string());
    assert_eq!(read("v1.2.3", ""), Some("1.2.3".into()));
    assert_eq!(read("1.2", ""), Some("1.2.0".into()));
    assert_eq!(read("v2", ""), Some("2.0.0".into()));
    assert_eq!(read("2024.01.05", ""), Some("2024.1.5".into()));
    assert_eq!(read("1.2.3-rc.1", "v"), None);
    assert_eq!(read("v1.2.3-rc.1", "v"), Some("1.2.3-rc.1".into()));
    assert_eq!(read("server/v1.2.3", "server/"), Some("1.2.3".into()));
    assert_eq!(read("server/v1.2.3", ""), None);
}

#[test]
fn bumps_leave_the_pre_release_behind() {
    let bump = |text: &str| {
        let version: Version = text.parse().unwrap();
        [
            version.bump_major(),
            version.bump_minor(),
            version.bump_patch(),
        ]
        .map(|next| next.unwrap().to_string())
    };
    assert_eq!(bump("0.0.1"), ["1.0.0", "0.1.0", "0.0.2"]);
    assert_eq!(bump("1.2.3"), ["2.0.0", "1.3.0", "1.2.4"]);
    assert_eq!(bump("1.2.0-rc.1"), ["2.0.0", "1.3.0", "1.2.0"]);
    assert_eq!(bump("1.2.3+b"), ["2.0.0", "1.3.0", "1.2.4"]);
}

#[test]
fn a_number_at_its_maximum_is_not_counted_round() {
    let version: Version = "18446744073709551615.0.1".parse().unwrap();
    assert_eq!(
        version.bump_major().unwrap_err().to_string(),
        "the major version of `18446744073709551615.0.1` cannot be increased"
    );
    assert!(version.bump_patch().is_ok());
}

#[test]
fn a_pre_release_is_put_on_the_release() {
    let version: Version = "1.2.3-old+build".parse().unwrap();
    assert_eq!(version.with_pre("rc.1").unwrap().to_string(), "1.2.3-rc.1");
    assert!(version.with_pre("").is_err());
    assert!(version.with_pre("a b").is_err());
}

/// semver.org clause 11.
#[test]
fn precedence_is_the_specifications() {
    let chain = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "2.0.0",
        "2.1.0",
        "2.1.1",
    ];
    let versions = chain.map(|text| text.parse::<Version>().unwrap());
    for (low, a) in versions.iter().enumerate() {
        for (high, b) in versions.iter().enumerate() {
            assert_eq!(low.cmp(&high), a.cmp(b), "{a} {b}");
        }
    }
}

#[test]
fn build_metadata_has_no_precedence_but_an_order() {
    let [plain, one, two] =
        ["1.0.0", "1.0.0+b1", "1.0.0+b2"].map(|text| text.parse::<Version>().unwrap());
    assert_eq!(one.cmp_precedence(&two), Ordering::Equal);
    assert!(plain < one && one < two);
}

#[test]
fn long_numeric_identifiers_compare_as_numbers() {
    let read = |text: &str| text.parse::<Version>().unwrap();
    assert!(read("1.0.0-99999999999999999999") < read("1.0.0-100000000000000000000"));
}

prop_compose! {
    fn version()(
        numbers in any::<(u64, u64, u64)>(),
        pre in "([0-9A-Za-z-]{1,8}(\\.[0-9A-Za-z-]{1,8}){0,3})?",
        build in "([0-9A-Za-z-]{1,8}(\\.[0-9A-Za-z-]{1,8}){0,3})?",
    ) -> Version {
        let mut text = format!("{}.{}.{}", numbers.0, numbers.1, numbers.2);
        if !pre.is_empty() { text = format!("{text}-{pre}"); }
        if !build.is_empty() { text = format!("{text}+{build}"); }
        text.parse().unwrap()
    }
}

proptest! {
    #[test]
    fn reading_undoes_writing(version in version()) {
        prop_assert_eq!(Version::parse_strict(&version.to_string()), Ok(version));
    }

    #[test]
    fn the_order_is_total(a in version(), b in version(), c in version()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b) == Ordering::Equal, a == b);
        if a <= b && b <= c { prop_assert!(a <= c); }
    }

    #[test]
    fn no_text_panics(text in "\\PC*|[v0-9.+-]{0,40}") {
        let _ = text.parse::<Version>();
        let _ = Version::from_tag(&text, "v");
    }
}

#[test]
fn a_short_tag_is_a_version_up_to_four_digits() {
    let version = |tag: &str| Version::from_tag(tag, "").map(|version| version.to_string());
    assert_eq!(version("v2024").as_deref(), Some("2024.0.0"));
    assert_eq!(version("v2024.1").as_deref(), Some("2024.1.0"));
    assert_eq!(version("v20240"), None);
    assert_eq!(version("v20240.1"), None);
}
