use super::*;

#[test]
fn other_encodings_are_named() {
    for (bytes, encoding) in [
        (&b"\xff\xfe1\0"[..], "UTF-16"),
        (b"\xfe\xff\x001", "UTF-16"),
        (b"\xff\xfe\0\0", "UTF-32"),
        (b"\0\0\xfe\xff", "UTF-32"),
    ] {
        let error = format!("the text is {encoding}; convert it to UTF-8");
        assert_eq!(read(&Format::Markdown, bytes), Err(error));
    }
}

#[test]
fn a_long_text_is_cut_in_the_message() {
    let text = format!("<repo-version>{}</repo-version>", "é\u{7}".repeat(10_000));
    let message = read(&Format::Markdown, text.as_bytes()).unwrap_err();
    assert!(message.contains("é é …` is not a version"), "{message}");
    assert!(message.len() < 200, "{message}");
}
