//! Every kind of file around a marker: what is outside stays, byte for byte.

use std::time::{Duration, Instant};

use super::*;

const FILLERS: [&[u8]; 6] = [
    b"",
    b"caf\xe9",
    b"\0",
    b"\x0c",
    "\u{2028}".as_bytes(),
    "1.2.3 \u{85}".as_bytes(),
];

/// Returns a marker line with a hole for the version, and lines that may stand around it.
fn forms() -> Vec<(Format, &'static str, &'static [u8], bool)> {
    vec![
        (
            Format::Markdown,
            "# <repo-version>@</repo-version> `x`",
            b"text",
            false,
        ),
        (
            Format::Html,
            "<p><repo-version>v@</repo-version>",
            b"text",
            false,
        ),
        (Format::AsciiDoc, ":Revision: @", b"text", false),
        (Format::GradleProperties, "version = @", b"#", false),
        (
            Format::Annotated,
            "@ x-release-please-version",
            b"text",
            false,
        ),
        (
            Format::CargoManifest {
                own: Own::default(),
            },
            "package.version = \"@\"",
            b"#",
            true,
        ),
        (Format::Pyproject, "project.version = '@'", b"#", true),
        (Format::Chart, "version: @", b"#", true),
        (Format::PackageJson, "{\"version\": \"@\"}", b"", true),
        (
            Format::Pom,
            "<project><version>@</version></project>",
            b"",
            true,
        ),
    ]
}

#[test]
fn every_kind_of_text_keeps_its_bytes() {
    for (format, marker, lead, strict) in forms() {
        for [first, second] in [
            ["\n", "\n"],
            ["\r\n", "\r\n"],
            ["\r", "\r"],
            ["\n", "\r\n"],
            ["\r\n", "\r"],
            ["", ""],
        ] {
            for last in [first, ""] {
                for mark in [&b""[..], b"\xef\xbb\xbf"] {
                    for filler in FILLERS {
                        let text = |version: &str| {
                            let marker = marker.replace('@', version);
                            let around = if first.is_empty() {
                                Vec::new()
                            } else {
                                [lead, filler].concat()
                            };
                            [
                                mark,
                                &around,
                                first.as_bytes(),
                                marker.as_bytes(),
                                second.as_bytes(),
                                &around,
                                last.as_bytes(),
                            ]
                            .concat()
                        };
                        let before = text("1.2.3");
                        let written = replace(&format, &before, "10.20.30-rc.1");
                        let shown = before.escape_ascii();
                        match written {
                            Ok(written) => {
                                assert_eq!(written, text("10.20.30-rc.1"), "{format:?} {shown}");
                            }
                            // a grammar may refuse a byte, or a lone CR, but must say where
                            Err(error) => assert!(
                                strict && error.contains("this is not")
                                    || error.contains("not UTF-8"),
                                "{format:?} {shown}: {error}"
                            ),
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn long_lines_are_lines() {
    for length in [65_535, 65_536, 65_537, 10 << 20] {
        for (format, marker, lead, strict) in forms() {
            if strict && lead.is_empty() {
                continue;
            }
            let words = b"1.2.3 <`*[&".iter().cycle().take(length - lead.len());
            let long: Vec<u8> = lead.iter().chain(words).copied().collect();
            let text = |version: &str| {
                [
                    &long,
                    &b"\n"[..],
                    marker.replace('@', version).as_bytes(),
                    b"\n",
                    &long,
                ]
                .concat()
            };
            let before = text("1.2.3");
            assert_eq!(
                replace(&format, &before, "9.8.7").as_deref(),
                Ok(&text("9.8.7")[..]),
                "{format:?}"
            );
        }
    }
}

#[test]
fn a_long_line_may_carry_markers() {
    for length in [65_535, 65_536, 65_537, 10 << 20] {
        let filler = "1.2.3 \u{2028}x".repeat(length / 10);
        let tag = |version: &str| format!("<repo-version>{version}</repo-version>");
        let text = |version: &str| format!("{filler}{}`x`{filler}{}", tag(version), tag(version));
        for format in [Format::Markdown, Format::Html] {
            let written = replace(&format, text("1.2.3").as_bytes(), "9.8.7");
            assert!(written.as_deref() == Ok(text("9.8.7").as_bytes()));
        }
    }
}

/// The worst inputs, in time that grows with their length alone.
#[test]
fn nothing_is_slow() {
    const SIZE: usize = 512 << 10;
    const LIMIT: Duration = Duration::from_secs(10);
    for piece in [
        "<repo-version>1.2.3</repo-version>",
        "<repo-version>",
        "</repo-version>",
        "<!--",
        "<!-- <repo-version> -->",
        "`",
        "`<repo-version>",
        "\\",
        "&",
        "<a",
        "\r",
        "\n```\n<repo-version>",
        "1.2.3-",
        "99999999999999999999.0.0-",
        "x-release-please-version 1.2.3\n",
        "x-release-please-version",
        "version=\\\n",
        "[",
        "{\"a\":",
        "{a: ",
        "- ",
        "<a>",
        "a: ",
        "? ",
        "[a]\n",
        "[[a]]\n",
        "\"\"",
        "''",
        ":Revision: 1\n",
        ":Revision:1 ",
        "----\n",
        "1",
        "&a ",
        "*",
        "[](",
        "| ",
        "> ",
        "a.",
        "<repo-version>&#49;",
    ] {
        let text = piece.repeat(SIZE / piece.len());
        for (format, marker, _, _) in forms() {
            let front = match format {
                Format::Pom => "<project>",
                Format::PackageJson => "{\"a\":",
                Format::Chart => "a: ",
                Format::CargoManifest { .. } | Format::Pyproject => "a = ",
                _ => "`",
            };
            let marker = format!("{}\n", marker.replace('@', "1.2.3"));
            for front in ["", front, &marker] {
                let text = format!("{front}{text}");
                let start = Instant::now();
                let _ = read(&format, text.as_bytes());
                let took = start.elapsed();
                assert!(took < LIMIT, "{format:?} {front:?} {piece:?} took {took:?}");
            }
        }
    }
}
