use super::*;

mod annotation;
mod asciidoc;
mod bytes;
mod cargo;
mod errors;
mod laws;
mod markup;
mod npm;
mod others;

/// Returns the text with `version` at every marker, or `line:column: message`.
fn replace(format: &Format, text: &[u8], version: &str) -> Result<Vec<u8>, String> {
    let version = version.parse().unwrap();
    Document::read(format, text)
        .and_then(|document| document.replace(&version))
        .map_err(|error| message(&error))
}

/// Returns the version of the text, or `line:column: message`.
fn read(format: &Format, text: &[u8]) -> Result<String, String> {
    let document = Document::read(format, text).map_err(|error| message(&error))?;
    let version = document.version().map_err(|error| message(&error))?;
    Ok(version.to_string())
}

fn message(error: &DocumentError) -> String {
    match error.position() {
        Some(position) => format!("{position}: {error}"),
        None => error.to_string(),
    }
}

/// Checks that each text holds 1.2.3 and becomes the one beside it with 9.8.7.
#[track_caller]
fn check(format: &Format, table: &[(&str, &str)]) {
    for (before, after) in table {
        let found = read(format, before.as_bytes());
        assert_eq!(found.as_deref(), Ok("1.2.3"), "{before:?}");
        let written = replace(format, before.as_bytes(), "9.8.7").map(String::from_utf8);
        assert_eq!(written, Ok(Ok((*after).to_owned())), "{before:?}");
    }
}

/// Checks the first error of reading each text.
#[track_caller]
fn refuse(format: &Format, table: &[(&str, &str)]) {
    for (text, error) in table {
        let found = read(format, text.as_bytes());
        assert_eq!(found, Err((*error).to_owned()), "{text:?}");
    }
}

#[test]
fn the_file_name_tells_the_format() {
    let own = Own::default;
    for (path, format) in [
        ("README.md", Format::Markdown),
        ("docs/README.MD", Format::Markdown),
        ("a.markdown", Format::Markdown),
        ("a.mdx", Format::Markdown),
        ("a.md.txt", Format::Annotated),
        ("dir.md/VERSION", Format::Version),
        ("version.txt", Format::Version),
        ("index.html", Format::Html),
        ("index.HTM", Format::Html),
        ("README.adoc", Format::AsciiDoc),
        ("a.asciidoc", Format::AsciiDoc),
        ("a.asc", Format::AsciiDoc),
        ("x/Cargo.toml", Format::CargoManifest { own: own() }),
        ("Cargo.lock", Format::CargoLock { own: own() }),
        ("package.json", Format::PackageJson),
        (
            "npm-shrinkwrap.json",
            Format::PackageLock {
                packages: [String::new()].into(),
            },
        ),
        ("pyproject.toml", Format::Pyproject),
        ("charts/x/Chart.yaml", Format::Chart),
        ("Chart.yml", Format::Chart),
        ("pom.xml", Format::Pom),
        ("gradle.properties", Format::GradleProperties),
        ("other.toml", Format::Annotated),
        ("", Format::Annotated),
    ] {
        assert_eq!(Format::of(Path::new(path)), format, "{path}");
    }
}

#[test]
fn a_marker_tells_where_it_stands() {
    let text = "\u{feff}é\r\n\rü <repo-version>v1.2.3</repo-version>";
    let document = Document::read(&Format::Markdown, text.as_bytes()).unwrap();
    let [marker] = document.markers() else {
        panic!("{document:?}");
    };
    assert_eq!(text.get(marker.span.clone()), Some("1.2.3"));
    assert_eq!(marker.position.to_string(), "3:18");
    assert_eq!(marker.kind, "`<repo-version>`");
    assert_eq!(marker.version, Some(Version::new(1, 2, 3)));
}
