//! Never a byte too many.

use std::fs;
use std::time::{Duration, SystemTime};

use duat_tests::Scene;

use crate::scene;

const OLD: &str = "1.2.3";
const NEW: &str = "1.10.0";

/// Texts around the version: what stands before it, and behind.
fn texts() -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let endings: [(&str, [&[u8]; 3]); 5] = [
        ("LF", [b"\n", b"\n", b"\n"]),
        ("CRLF", [b"\r\n", b"\r\n", b"\r\n"]),
        ("CR", [b"\r", b"\r", b"\r"]),
        ("mixed", [b"\n", b"\r\n", b"\r"]),
        ("none", [b" ", b" ", b" "]),
    ];
    let contents: [(&str, &[u8], &[u8]); 6] = [
        ("plain", b"", b"1.2.3 is not it"),
        ("BOM", b"\xef\xbb\xbf", b"x"),
        ("Latin-1", b"caf\xe9", b"\xe9\xff\xfe"),
        ("NUL", b"a\0b", b"\0"),
        ("form feed", b"page\x0cpage\x0b", b"\x0c\x85"),
        (
            "U+2028",
            "a\u{2028}b\u{2029}".as_bytes(),
            "\u{2028}\u{85}".as_bytes(),
        ),
    ];
    let mut texts = Vec::new();
    for (ending, [first, second, third]) in endings {
        for (content, before, after) in contents {
            for last in [third, b""] {
                let before = [before, b"title", first, first].concat();
                let after = [second, after, second, b"end", last].concat();
                let final_newline = if last.is_empty() {
                    "no final newline"
                } else {
                    "final newline"
                };
                texts.push((
                    format!("{ending}, {content}, {final_newline}"),
                    before,
                    after,
                ));
            }
        }
    }
    texts
}

#[test]
fn bytes_outside_the_version_stay() {
    let scene = Scene::new();
    let texts = texts();
    let file = |before: &[u8], version: &str, after: &[u8]| {
        [
            before,
            b"<repo-version>",
            version.as_bytes(),
            b"</repo-version>",
            after,
        ]
        .concat()
    };
    // one run for all of them: the source and its targets
    let names: Vec<String> = (0..texts.len())
        .map(|index| format!("{index}.md"))
        .collect();
    for ((_, before, after), name) in texts.iter().zip(&names) {
        scene.write(name, file(before, OLD, after));
    }
    let (source, targets) = names.split_first().unwrap();
    scene
        .semver(["minor", "-f", source, "-t", &targets.join(",")])
        .run()
        .prints("1.3.0\n");
    scene
        .semver(["set", NEW, "-f", source, "-t", &targets.join(",")])
        .run()
        .prints("1.10.0\n");
    for ((about, before, after), name) in texts.iter().zip(&names) {
        assert!(
            scene.read_bytes(name) == file(before, NEW, after),
            "{about}"
        );
    }
    assert_eq!(scene.files("").len(), texts.len());
}

#[test]
fn each_text_can_be_the_source() {
    for (about, before, after) in texts().into_iter().step_by(3) {
        let scene = Scene::new();
        let file = |version: &str| {
            [
                &before[..],
                b"<repo-version>",
                version.as_bytes(),
                b"</repo-version>",
                &after,
            ]
            .concat()
        };
        scene.write("README.md", file(OLD));
        scene.semver(["patch"]).run().prints("1.2.4\n");
        assert!(scene.read_bytes("README.md") == file("1.2.4"), "{about}");
    }
}

#[test]
fn a_line_may_be_of_any_length() {
    for length in [65_535, 65_536, 65_537, 10 << 20] {
        let scene = Scene::new();
        let long = "x".repeat(length);
        let file = |version: &str| {
            format!("{long}\n{long} <repo-version>{version}</repo-version> {long}\n{long}")
        };
        scene.write("README.md", file(OLD));
        scene.semver(["patch"]).run().prints("1.2.4\n");
        assert!(scene.read("README.md") == file("1.2.4"), "{length}");
    }
}

#[test]
fn a_version_file_keeps_what_surrounds_its_number() {
    for (before, after) in [
        ("", ""),
        ("", "\n"),
        ("v", "\r\n"),
        ("\u{feff} ", "  "),
        ("\n\n", "\n\n"),
    ] {
        let scene = Scene::new();
        scene.write("VERSION", format!("{before}{OLD}{after}"));
        scene.semver(["patch"]).run().prints("1.2.4\n");
        assert_eq!(scene.read("VERSION"), format!("{before}1.2.4{after}"));
    }
}

#[test]
fn utf_16_is_refused_and_stays() {
    for text in [
        b"\xff\xfe1\0.\x002\0.\x003\0".as_slice(),
        b"\xfe\xff\x001\0.\x002\0.\x003",
    ] {
        let scene = Scene::new();
        scene.write("VERSION", text);
        scene.semver(["patch"]).run().shows(
            "
            --- stderr ---
            error: VERSION: the text is UTF-16; convert it to UTF-8
            [exit status: 1]
            ",
        );
        assert_eq!(scene.read_bytes("VERSION"), text);
    }
}

#[test]
fn what_does_not_change_is_not_written() {
    let scene = scene("1.2.3");
    scene.write("VERSION", "1.2.3\n");
    scene.write("old.md", crate::marked("1.0.0"));
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for name in ["README.md", "VERSION"] {
        let file = fs::File::options()
            .write(true)
            .open(scene.path(name))
            .unwrap();
        file.set_modified(long_ago).unwrap();
    }
    for arguments in [
        &["release"][..],
        &["set", "1.2.3"],
        &["apply", "-t", "VERSION,old.md"],
        &["check", "-t", "VERSION"],
        &["extract"],
        &["patch", "-n"],
        &["init"],
    ] {
        scene.semver(arguments).run().succeeds();
        for name in ["README.md", "VERSION"] {
            let time = fs::metadata(scene.path(name)).unwrap().modified().unwrap();
            assert_eq!(time, long_ago, "{name} after {arguments:?}");
        }
    }
    assert_eq!(scene.read("old.md"), crate::marked("1.2.3"));
}

#[test]
fn markers_that_are_only_shown_are_text() {
    let scene = Scene::new();
    let text = |version: &str| {
        format!(
            "<repo-version>{version}</repo-version> `<repo-version>9.9.9</repo-version>`\n\n\
             <!-- <repo-version>9.9.9</repo-version> -->\n~~~\n<repo-version>9.9.9</repo-version>\n~~~\n"
        )
    };
    scene.write("README.md", text("0.0.1"));
    scene.semver(["patch"]).run().prints("0.0.2\n");
    assert_eq!(scene.read("README.md"), text("0.0.2"));
}
