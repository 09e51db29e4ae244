//! Any bytes in any format: outside the markers nothing changes, and what was written is read.

#![no_main]

use std::path::Path;

use duat::Version;
use duat::document::{Document, DocumentError, Format, Own};
use libfuzzer_sys::fuzz_target;

/// The first byte chooses the format.
fn format(choice: u8) -> Format {
    let own = Own::new(["a", "b"]);
    let name = match choice % 14 {
        0 => return Format::CargoManifest { own },
        1 => return Format::CargoLock { own },
        13 => return Format::CargoMember { own },
        2 => "a.md",
        3 => "a.html",
        4 => "a.adoc",
        5 => "VERSION",
        6 => "package.json",
        7 => "package-lock.json",
        8 => "pyproject.toml",
        9 => "Chart.yaml",
        10 => "pom.xml",
        11 => "gradle.properties",
        _ => "a.txt",
    };
    Format::of(Path::new(name))
}

/// Returns the pieces of a text around its markers.
fn outside<'a>(document: &Document<'_>, bytes: &'a [u8]) -> Vec<&'a [u8]> {
    let mut from = 0;
    let mut pieces = Vec::new();
    for marker in document.markers() {
        pieces.push(&bytes[from..marker.span.start]);
        from = marker.span.end;
    }
    pieces.push(&bytes[from..]);
    pieces
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_first() else {
        return;
    };
    let format = format(*choice);
    let Ok(document) = Document::read(&format, bytes) else {
        return;
    };
    let filled = document
        .markers()
        .iter()
        .all(|marker| marker.version.is_some());
    if filled && let Ok(version) = document.version() {
        match document.replace(version) {
            Ok(same) => assert_eq!(same, bytes),
            Err(error) => assert!(
                matches!(error, DocumentError::Requirement { .. }),
                "{error}"
            ),
        }
    }
    for number in ["9.8.7", "0.0.2-main-aaaagjecrgf", "1.0.0-rc.1+b"] {
        let version: Version = number.parse().expect("a version");
        let Ok(written) = document.replace(&version) else {
            continue;
        };
        let again = Document::read(&format, &written).expect("what was written is read");
        assert_eq!(again.version(), Ok(&version));
        let (before, after) = (outside(&document, bytes), outside(&again, &written));
        if filled {
            assert_eq!(before, after);
        } else {
            // an empty `:Revision:` is given its blank
            let trimmed = |pieces: &[&[u8]]| -> Vec<Vec<u8>> {
                pieces
                    .iter()
                    .map(|piece| piece.trim_ascii_end().to_vec())
                    .collect()
            };
            assert_eq!(trimmed(&before), trimmed(&after));
        }
        assert_eq!(again.replace(&version), Ok(written.clone()));
    }
});
