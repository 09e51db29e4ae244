use proptest::prelude::*;

use super::*;

/// Splits with these paths in existence.
fn split(text: &str, existing: &[&str]) -> (String, Option<String>) {
    let (path, label) = split_label(text, &|name| existing.contains(&name) || is_pattern(name));
    (path.to_owned(), label.map(str::to_owned))
}

#[test]
fn a_path_that_exists_wins_over_a_label() {
    for (text, existing, path, label) in [
        ("app", &["app"][..], "app", None),
        ("app#The app", &["app"], "app", Some("The app")),
        ("a#b.bin", &["a#b.bin"], "a#b.bin", None),
        ("a#b.bin#Label", &["a#b.bin"], "a#b.bin", Some("Label")),
        ("a#b#c", &["a", "a#b"], "a#b", Some("c")),
        ("missing#Label", &[], "missing", Some("Label")),
        ("app#", &["app"], "app#", None),
        ("#label", &[], "#label", None),
        ("dist/*#All", &[], "dist/*", Some("All")),
        (r"C:\dist\app.zip", &[], r"C:\dist\app.zip", None),
        (
            r"C:\dist\app.zip#The app",
            &[r"C:\dist\app.zip"],
            r"C:\dist\app.zip",
            Some("The app"),
        ),
        (r"dist\*.zip#All", &[], r"dist\*.zip", Some("All")),
        ("dist/ü%20 x.bin#日本", &[], "dist/ü%20 x.bin", Some("日本")),
    ] {
        let expected = (path.to_owned(), label.map(str::to_owned));
        assert_eq!(split(text, existing), expected, "{text}");
    }
}

#[test]
fn a_list_has_lines_or_nuls() {
    let read = |text: &str, null| {
        list(text.as_bytes(), null)
            .map(|item| String::from_utf8(item.to_vec()).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(read("a\r\nb c\n\n  \n[d]\n", false), ["a", "b c", "[d]"]);
    assert_eq!(read("a\nb\0c\r\0", true), ["a\nb", "c\r"]);
    assert!(read("", false).is_empty());
}

#[test]
fn two_files_of_one_name_are_found_after_github_renamed_them() {
    let asset = |path: &str| {
        let name = path.rsplit('/').next().unwrap().to_owned();
        let mut asset = Asset::new(name, None, Content::File(path.into()));
        asset.path = Some(path.to_owned());
        asset
    };
    assert!(clashes(&[asset("x/a.b"), asset("x/a.c")]).is_empty());
    let found = clashes(&[asset("x/a b"), asset("y/a.b"), asset("z/c")]);
    assert_eq!(found.len(), 1);
    assert!(
        found[0].message().contains("`x/a b`, `y/a.b`"),
        "{}",
        found[0]
    );
    let many: Vec<Asset> = (0..1001)
        .map(|number| asset(&format!("x/{number}")))
        .collect();
    assert_eq!(clashes(&many).len(), 1);
}

proptest! {
    #[test]
    fn nothing_of_an_argument_is_lost(text in "[a#*/ ]{0,12}", existing in proptest::collection::vec("[a#]{1,6}", 0..3)) {
        let existing: Vec<&str> = existing.iter().map(String::as_str).collect();
        let (path, label) = split(&text, &existing);
        match label {
            None => prop_assert_eq!(path, text),
            Some(label) => {
                let beginning = format!("{path}#");
                prop_assert!(text.starts_with(&beginning));
                prop_assert!(text.ends_with(label.as_str()) || text.trim_end().ends_with(label.as_str()));
                prop_assert!(!existing.contains(&text.as_str()));
            }
        }
    }
}
