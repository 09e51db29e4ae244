use super::*;

const BOTH: [Format; 2] = [Format::Markdown, Format::Html];

#[test]
fn a_tag_carries_the_version() {
    for format in &BOTH {
        check(
            format,
            &[
                (
                    "<repo-version>1.2.3</repo-version>",
                    "<repo-version>9.8.7</repo-version>",
                ),
                (
                    "x<repo-version> v1.2.3\t</repo-version>1.2.3",
                    "x<repo-version> v9.8.7\t</repo-version>1.2.3",
                ),
                (
                    "<repo-version>\n  1.2.3\n</repo-version>\n",
                    "<repo-version>\n  9.8.7\n</repo-version>\n",
                ),
                (
                    "<repo-version>01.2.03</repo-version>",
                    "<repo-version>9.8.7</repo-version>",
                ),
                (
                    "<repo-version><b class=\"x\">1.2.3</b></repo-version>",
                    "<repo-version><b class=\"x\">9.8.7</b></repo-version>",
                ),
                (
                    "<repo-version><!-- a > b -->1.2.3<br/></repo-version>",
                    "<repo-version><!-- a > b -->9.8.7<br/></repo-version>",
                ),
                (
                    "<repo-version>&nbsp;&#118;1&period;2&#46;3&#xA0;</repo-version>",
                    "<repo-version>&nbsp;&#118;9.8.7&#xA0;</repo-version>",
                ),
                (
                    "<repo-version>1.2.3</repo-version> <repo-version></repo-version>",
                    "<repo-version>9.8.7</repo-version> <repo-version>9.8.7</repo-version>",
                ),
                (
                    "<repo-version> \n</repo-version><repo-version>1.2.3</repo-version>",
                    "<repo-version>9.8.7 \n</repo-version><repo-version>9.8.7</repo-version>",
                ),
                (
                    "<repo-version><b></b></repo-version><repo-version>1.2.3</repo-version>",
                    "<repo-version>9.8.7<b></b></repo-version><repo-version>9.8.7</repo-version>",
                ),
                (
                    "</repo-version><Repo-Version>0</Repo-Version><repo-version>1.2.3</repo-version>",
                    "</repo-version><Repo-Version>0</Repo-Version><repo-version>9.8.7</repo-version>",
                ),
                (
                    "<!-- <repo-version>0</repo-version> --><repo-version>1.2.3</repo-version>",
                    "<!-- <repo-version>0</repo-version> --><repo-version>9.8.7</repo-version>",
                ),
                (
                    "<!--><repo-version>1.2.3</repo-version>",
                    "<!--><repo-version>9.8.7</repo-version>",
                ),
            ],
        );
        assert_eq!(
            read(format, b"<repo-version>1.0.0&#45;a&plus;b</repo-version>"),
            Ok("1.0.0-a+b".to_owned())
        );
    }
}

#[test]
fn what_is_no_version_is_an_error_with_its_place() {
    for format in &BOTH {
        refuse(
            format,
            &[
                (
                    "",
                    "no version here: expected `<repo-version>`, or a line with a version and `x-release-please-version`",
                ),
                (
                    "a\n é <repo-version>TBD</repo-version>",
                    "2:18: `TBD` is not a version: unexpected `T` at character 1",
                ),
                ("<repo-version>1.2.3", "1:1: `<repo-version>` is not closed"),
                (
                    "<repo-version>1.2.3 <repo-version>1.2.3</repo-version>",
                    "1:1: `<repo-version>` is not closed",
                ),
                (
                    "<repo-version>1.<b>2.3</b></repo-version>",
                    "1:15: `1.` is not a version: the minor version is missing",
                ),
                (
                    "<repo-version>1.2<b>3</b></repo-version>",
                    "1:21: the version in `<repo-version>` is broken up by HTML tags",
                ),
                (
                    "<repo-version>1 < 2</repo-version>",
                    "1:17: `< 2` is not a version: unexpected `<` at character 1",
                ),
                (
                    "<repo-version></repo-version>",
                    "1:15: `<repo-version>` is empty, and no other place here holds a version",
                ),
                (
                    "<repo-version>1.2.3</repo-version>\r<repo-version>1.2.4</repo-version>",
                    "2:15: `<repo-version>` is `1.2.4`, but `1.2.3` stands at 1:15",
                ),
            ],
        );
    }
}

#[test]
fn equal_versions_agree_however_they_are_written() {
    let text = b"<repo-version>v1.2</repo-version><repo-version>1.2.0</repo-version>";
    assert_eq!(read(&Format::Markdown, text), Ok("1.2.0".to_owned()));
    assert_eq!(replace(&Format::Markdown, text, "1.2.0"), Ok(text.to_vec()));
}

#[test]
fn code_and_comments_of_markdown_are_text() {
    let tag = "<repo-version>1.2.3</repo-version>";
    let new = "<repo-version>9.8.7</repo-version>";
    let old = "<repo-version>0.0.1</repo-version>";
    for hidden in [
        format!("`{old}`"),
        format!("``\n{old} ` ``"),
        format!("`<repo-version>` and `{old}`"),
        format!("```\n{old}\n```\n"),
        format!("```md\r\n{old}\r\n```\r\n"),
        format!("```\r{old}\r```\r"),
        format!("> ~~~~\n> {old}\n> ~~~\n> ~~~~\n"),
        format!("- a\n\n  ```\n  {old}\n\n  {old}\n  ```\n"),
        format!("<!-- {old} -->"),
        format!("text <!-- {old}\n{old} --> text"),
        format!("<!--\n\n{old}\n\n-->\n"),
        format!("<div>\n<!--\n\n{old} -->\n\n</div>\n"),
        format!("\\{old}"),
        format!("\\\\\\{old}"),
        format!("| a | b |\n|---|---|\n| `{old}` | c |\n"),
        format!("\u{e9} `{old}`"),
    ] {
        check(
            &Format::Markdown,
            &[
                (
                    &format!("{hidden}\n\n{tag}\n"),
                    &format!("{hidden}\n\n{new}\n"),
                ),
                (&format!("{tag}\n\n{hidden}"), &format!("{new}\n\n{hidden}")),
                (
                    &format!("{tag}\n\n{hidden}\n\n{tag}\n\n`"),
                    &format!("{new}\n\n{hidden}\n\n{new}\n\n`"),
                ),
            ],
        );
    }
    for seen in [
        format!("a ` b\n\n{tag}\n\nc ` d\n"),
        format!("    {tag}\n"),
        format!("    `{tag}`\n"),
        format!("\\`{tag}`\n"),
        format!("\\\\{tag}\n"),
        format!("a <!-- b\n\n{tag}\n"),
        format!("<div>\n`{tag}`\n</div>\n"),
        format!("~~{tag}~~ ~~~ `a`\n"),
        format!("```\n```\n{tag}\n"),
        format!("[a](b){tag} *`c`*\n"),
    ] {
        check(
            &Format::Markdown,
            &[(&seen, &seen.replace("1.2.3", "9.8.7"))],
        );
    }
}

#[test]
fn bytes_that_are_not_utf8_do_not_move_the_code() {
    let text = b"\xe9\xff `<repo-version>0.0.1</repo-version>` \xe2\x80 <repo-version>1.2.3</repo-version>";
    let new = b"\xe9\xff `<repo-version>0.0.1</repo-version>` \xe2\x80 <repo-version>9.8.7</repo-version>";
    assert_eq!(replace(&Format::Markdown, text, "9.8.7"), Ok(new.to_vec()));
}

#[test]
fn code_elements_of_html_are_formatting() {
    check(
        &Format::Html,
        &[(
            "<pre>`<code><repo-version>1.2.3</repo-version></code>`</pre>",
            "<pre>`<code><repo-version>9.8.7</repo-version></code>`</pre>",
        )],
    );
}

#[test]
fn blanks_may_be_written_as_references() {
    for name in [
        "nbsp",
        "NonBreakingSpace",
        "ensp",
        "emsp",
        "thinsp",
        "ThinSpace",
        "Tab",
        "NewLine",
    ] {
        let before = format!("<repo-version>&{name};1.2.3&{name};</repo-version>");
        let after = before.replace("1.2.3", "9.8.7");
        check(&Format::Html, &[(&before, &after)]);
    }
}

#[test]
fn a_code_span_goes_over_the_end_of_a_line() {
    for end in ["\n", "\r\n", "\r"] {
        let before = format!(
            "`code{end}<repo-version>0.0.1</repo-version>`{end}{end}<repo-version>1.2.3</repo-version>{end}"
        );
        let after = before.replace("1.2.3", "9.8.7");
        check(&Format::Markdown, &[(&before, &after)]);
    }
}

#[test]
fn the_place_of_what_is_not_utf8_is_behind_the_blanks() {
    let text = b"<repo-version> \xff </repo-version>";
    let error = read(&Format::Markdown, text).unwrap_err();
    assert!(
        error.starts_with("1:16: `\u{fffd}` is not a version"),
        "{error}"
    );
}
