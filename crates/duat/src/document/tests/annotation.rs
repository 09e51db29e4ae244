use super::*;

#[test]
fn an_annotated_line_carries_the_version() {
    for (line, version, after) in [
        ("v = \"1.2.3\" # @", "1.2.3", "v = \"9.8.7\" # @"),
        ("/* @ */ v1.2.3 1.2.3", "1.2.3", "/* @ */ v9.8.7 1.2.3"),
        ("app-1.2.3.tgz @", "1.2.3", "app-9.8.7.tgz @"),
        (
            "app-v1.2.3-linux.tar.gz @",
            "1.2.3",
            "app-v9.8.7-linux.tar.gz @",
        ),
        ("0.2.0-informational @", "0.2.0", "9.8.7-informational @"),
        ("img:1.2.3-alpine @", "1.2.3", "img:9.8.7-alpine @"),
        ("1.2.3-1 1.2.3+b @", "1.2.3", "9.8.7-1 1.2.3+b @"),
        ("1.2.3+b @", "1.2.3", "9.8.7+b @"),
        ("1.2.3. @", "1.2.3", "9.8.7. @"),
        (
            "10.0.0.1 1.2 2024.01.05 x1.2.3 a.1.2.3 1.2.3rc1 1.2.3_1 é4.5.6 @",
            "4.5.6",
            "10.0.0.1 1.2 2024.01.05 x1.2.3 a.1.2.3 1.2.3rc1 1.2.3_1 é9.8.7 @",
        ),
        ("1.2.3-rc.1 @", "1.2.3-rc.1", "9.8.7 @"),
        ("1.2.3-rc1.tar.gz @", "1.2.3-rc1", "9.8.7.tar.gz @"),
        ("1.2.3-rc.1.tar.gz @", "1.2.3-rc.1", "9.8.7.tar.gz @"),
        ("1.2.3-beta-2-linux @", "1.2.3-beta-2", "9.8.7-linux @"),
        ("1.2.3-SNAPSHOT @", "1.2.3-SNAPSHOT", "9.8.7 @"),
        ("1.2.3-alpha.1.2 @", "1.2.3-alpha.1.2", "9.8.7 @"),
        ("1.2.3-rc1x @", "1.2.3", "9.8.7-rc1x @"),
        ("1.2.3-rc. @", "1.2.3-rc", "9.8.7. @"),
        // as long as a stamp, and of its letters, but no time of ours; then the other way round
        ("1.2.3-experiments @", "1.2.3", "9.8.7-experiments @"),
        ("1.2.3-aaaalllllll @", "1.2.3", "9.8.7-aaaalllllll @"),
        (
            "1.2.3-00-new-feature-aaaagjecrgf.tgz @",
            "1.2.3-00-new-feature-aaaagjecrgf",
            "9.8.7.tgz @",
        ),
        (
            "1.2.3-main-aaaagjecrgf-linux @",
            "1.2.3-main-aaaagjecrgf",
            "9.8.7-linux @",
        ),
        (
            "1.2.3-aaaagjecrgf-main @",
            "1.2.3-aaaagjecrgf-main",
            "9.8.7 @",
        ),
        (
            "99999999999999999999.0.0 1.2.3 @",
            "1.2.3",
            "99999999999999999999.0.0 9.8.7 @",
        ),
    ] {
        let mark = |text: &str| text.replace('@', "x-release-please-version");
        let (line, after) = (mark(line), mark(after));
        for format in [Format::Annotated, Format::Markdown, Format::AsciiDoc] {
            for (front, back) in [("", ""), ("0.0.1\n", "\r0.0.2\n")] {
                let text = format!("{front}{line}{back}");
                assert_eq!(
                    read(&format, text.as_bytes()),
                    Ok(version.to_owned()),
                    "{text}"
                );
                let written = replace(&format, text.as_bytes(), "9.8.7").unwrap();
                assert_eq!(
                    String::from_utf8(written).unwrap(),
                    format!("{front}{after}{back}")
                );
            }
        }
    }
}

#[test]
fn an_annotation_counts_where_tags_are_text() {
    check(
        &Format::Markdown,
        &[
            (
                "```\nv 1.2.3 # x-release-please-version\n```",
                "```\nv 9.8.7 # x-release-please-version\n```",
            ),
            (
                "x-release-please-version\n1.2.3 <!-- x-release-please-version -->",
                "x-release-please-version\n9.8.7 <!-- x-release-please-version -->",
            ),
        ],
    );
}

#[test]
fn one_version_is_one_marker() {
    let text = b"<repo-version>1.2.3-alpine</repo-version> <!-- x-release-please-version -->";
    let document = Document::read(&Format::Markdown, text).unwrap();
    assert_eq!(document.markers().len(), 1);
    assert_eq!(document.version().unwrap().to_string(), "1.2.3-alpine");
}

#[test]
fn a_version_that_cannot_be_read_back_is_refused() {
    for (line, version) in [
        ("1.2.3", "1.0.0-foo.7"),
        ("1.2.3", "1.0.0+b"),
        ("1.2.3-linux", "1.0.0-aaaagjecrgf-main"),
    ] {
        let text = format!("{line} x-release-please-version");
        let error = format!(
            "1:1: the version on a line with `x-release-please-version` cannot hold `{version}`: it would not be read back the same"
        );
        assert_eq!(
            replace(&Format::Annotated, text.as_bytes(), version),
            Err(error)
        );
    }
}

#[test]
fn what_would_not_be_read_back_is_not_written() {
    let line = b"1.2.3-rc.1a # x-release-please-version";
    assert_eq!(read(&Format::Annotated, line).as_deref(), Ok("1.2.3-rc"));
    // `9.8.7.1a` is no version
    assert_eq!(
        replace(&Format::Annotated, line, "9.8.7").unwrap_err(),
        "1:1: the version on a line with `x-release-please-version` cannot hold `9.8.7`: it would not be read back the same"
    );
}
