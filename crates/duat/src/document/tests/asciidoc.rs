use super::*;

#[test]
fn the_attribute_carries_the_version() {
    check(
        &Format::AsciiDoc,
        &[
            (":Revision: 1.2.3", ":Revision: 9.8.7"),
            (
                "= T\n:Revision:  v1.2.3 \t\r\n1.2.3\n",
                "= T\n:Revision:  v9.8.7 \t\r\n1.2.3\n",
            ),
            ("a\r:Revision:1.2.3\rb", "a\r:Revision:9.8.7\rb"),
            (
                "text :Revision: 0.0.1\n:Revision: 1.2.3\n",
                "text :Revision: 0.0.1\n:Revision: 9.8.7\n",
            ),
            (
                " :Revision: 0.0.1\n:revision: 0.0.2\n:Revision: 1.2.3\n",
                " :Revision: 0.0.1\n:revision: 0.0.2\n:Revision: 9.8.7\n",
            ),
            (
                ":Revision:\n:Revision: 1.2.3\n",
                ":Revision: 9.8.7\n:Revision: 9.8.7\n",
            ),
            (
                ":Revision: \n:Revision: 1.2.3\n",
                ":Revision: 9.8.7\n:Revision: 9.8.7\n",
            ),
            (
                ":Revision: \t\n:Revision: 1.2.3\n",
                ":Revision: 9.8.7\t\n:Revision: 9.8.7\n",
            ),
            (
                "Title\n-----\n:Revision: 1.2.3\n",
                "Title\n-----\n:Revision: 9.8.7\n",
            ),
            (
                "Größe\n----\n:Revision: 1.2.3\n----\n",
                "Größe\n----\n:Revision: 9.8.7\n----\n",
            ),
            (
                "// :Revision: 0.0.1\n:Revision: 1.2.3\n",
                "// :Revision: 0.0.1\n:Revision: 9.8.7\n",
            ),
        ],
    );
}

#[test]
fn blocks_shown_as_written_are_text() {
    for block in ["----", "-------", "....", "```", "++++", "////"] {
        let before = format!(
            "a\n\n{block}\n:Revision: 0.0.1\n-----\n{block} \n:Revision: 1.2.3\n{block}\n:Revision: x\n"
        );
        let after = before.replace("1.2.3", "9.8.7");
        check(&Format::AsciiDoc, &[(&before, &after)]);
    }
    check(
        &Format::AsciiDoc,
        &[(
            "```md\n:Revision: 0\n```\n:Revision: 1.2.3\n",
            "```md\n:Revision: 0\n```\n:Revision: 9.8.7\n",
        )],
    );
}

#[test]
fn a_row_below_a_paragraph_is_no_underline() {
    let before =
        "[[id]]\nTitle\n-----\n\nsome\nwords\n-----\n:Revision: 0.0.1\n-----\n:Revision: 1.2.3\n";
    let after = before.replace("1.2.3", "9.8.7");
    check(&Format::AsciiDoc, &[(before, &after)]);
}

#[test]
fn a_row_is_an_underline_when_it_is_as_long_as_a_title_of_words() {
    for before in [
        "Title\n----\n:Revision: 1.2.3\n",
        "\u{c4}\u{d6}\u{dc}\u{c4}\n----\n:Revision: 1.2.3\n",
        "a long title\n----\n:Revision: 0.0.1\n----\n:Revision: 1.2.3\n",
        "****\n----\n:Revision: 0.0.1\n----\n:Revision: 1.2.3\n",
        "Text\n////\n:Revision: 0.0.1\n////\n:Revision: 1.2.3\n",
    ] {
        let after = before.replace("1.2.3", "9.8.7");
        check(&Format::AsciiDoc, &[(before, &after)]);
    }
}

#[test]
fn what_is_no_version_is_an_error_with_its_place() {
    refuse(
        &Format::AsciiDoc,
        &[
            (
                "= T\n:Revision:  none\n",
                "2:13: `none` is not a version: unexpected `n` at character 1",
            ),
            (
                ":Revision:\n",
                "1:11: `:Revision:` is empty, and no other place here holds a version",
            ),
            (
                "<repo-version>1.2.3</repo-version>",
                "no version here: expected `:Revision:`, or a line with a version and `x-release-please-version`",
            ),
        ],
    );
}
