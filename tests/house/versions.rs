//! One version, wherever it is written.

use std::path::Path;

use duat::document::{Document, Format};

use crate::tree;

#[test]
fn every_place_carries_the_same_version() {
    let version = tree::text("VERSION").expect("VERSION is UTF-8");
    let version = version.trim();
    let mut found = Vec::new();
    for name in ["README.md", "Cargo.toml"] {
        let text = tree::text(name).expect("it is UTF-8");
        let document = Document::read(&Format::of(Path::new(name)), text.as_bytes());
        let carried = document.and_then(|document| Ok(document.version()?.to_string()));
        match carried {
            Ok(carried) if carried == version => {}
            Ok(carried) => found.push(format!("{name}: {carried}")),
            Err(error) => found.push(format!("{name}: {error}")),
        }
    }
    tree::none_of(&format!("VERSION says {version}"), &found);
}
