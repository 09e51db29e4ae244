use proptest::prelude::*;

use super::*;

fn formats() -> Vec<Format> {
    let own = Own::new(["a"]);
    vec![
        Format::Markdown,
        Format::Html,
        Format::AsciiDoc,
        Format::Version,
        Format::CargoManifest { own: own.clone() },
        Format::CargoLock { own },
        Format::PackageJson,
        Format::PackageLock {
            packages: [String::new()].into(),
        },
        Format::Pyproject,
        Format::Chart,
        Format::Pom,
        Format::GradleProperties,
        Format::Annotated,
    ]
}

/// Bytes in which the words of every format are frequent.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "<repo-version>",
        "</repo-version>",
        "<repo-version>1.2.3</repo-version>",
        "1.2.3",
        "v",
        "-rc.1",
        "`",
        "```",
        "~~~",
        "<!--",
        "-->",
        "\\",
        "&",
        "&#46;",
        "<b>",
        "\n",
        "\r\n",
        "\r",
        " ",
        "    ",
        "\t",
        ":Revision:",
        ":Revision: 1.2.3\n",
        "----",
        "\n\n",
        "x-release-please-version",
        "version",
        "=",
        ":",
        "version=1.2.3",
        "\nversion: 1.2.3\n",
        "appVersion",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ",",
        "#",
        "a",
        "path",
        "[package]\n",
        "version = \"1.2.3\"\n",
        "name = \"a\"\n",
        "[project]\n",
        "[[package]]\n",
        "{\"version\":\"1.2.3\"}",
        "<project>",
        "</project>",
        "<version>",
        "</version>",
        "|",
        "> ",
        "- ",
        "\u{2028}",
        "\u{feff}",
        "é",
        "\0",
        "*",
        "_",
        "<div>\n",
    ]);
    let piece = prop_oneof![
        8 => words.prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

fn outside(bytes: &[u8], spans: impl Iterator<Item = Range<usize>>) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut from = 0;
    for span in spans {
        kept.extend_from_slice(&bytes[from..span.start]);
        from = span.end;
    }
    kept.extend_from_slice(&bytes[from..]);
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_text_keeps_what_is_outside_its_markers(text in text(), number in 0..3_usize) {
        let version: Version = ["9.8.7", "1.2.3-rc.1", "0.0.2-main-aaaagjecrgf"][number].parse().unwrap();
        for format in formats() {
            let Ok(document) = Document::read(&format, &text) else { continue };
            prop_assert!(!document.markers().is_empty());
            if document.markers().iter().all(|marker| marker.version.is_some())
                && let Ok(version) = document.version()
            {
                let same = document.replace(version);
                prop_assert!(same.as_ref() == Ok(&text) || matches!(same, Err(DocumentError::Requirement { .. })), "{:?}", same);
            }
            let Ok(written) = document.replace(&version) else { continue };
            let again = Document::read(&format, &written).unwrap();
            prop_assert_eq!(again.version(), Ok(&version));
            let empty = document.markers().iter().any(|marker| !marker.lead.is_empty());
            let spans = |document: &Document<'_>| document.markers().iter().map(|marker| marker.span.clone()).collect::<Vec<_>>();
            if !empty {
                prop_assert_eq!(outside(&text, spans(&document).into_iter()), outside(&written, spans(&again).into_iter()));
            }
            prop_assert_eq!(again.replace(&version), Ok(written.clone()));
        }
    }

    /// Markdown's parser is given the text up to the last tag alone.
    #[test]
    fn what_follows_does_not_change_the_markers_before(text in text()) {
        let longer = [&text[..], b"\n\n`<repo-version>`"].concat();
        if let (Ok(document), Ok(longer)) = (
            Document::read(&Format::Markdown, &text),
            Document::read(&Format::Markdown, &longer),
        ) {
            prop_assert_eq!(document.markers(), longer.markers());
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        for format in formats() {
            let _ = Document::read(&format, &bytes);
        }
    }
}
