//! What a file can be wrong in, word by word.

use duat_tests::Scene;

use crate::scene;

/// Asserts what `semver patch -f NAME` says of a file, and that it stays as it was.
#[track_caller]
fn check(name: &str, text: impl AsRef<[u8]>, expected: &str) {
    let scene = Scene::new();
    scene.write(name, &text);
    let outcome = scene.semver(["patch", "-f", name]).run();
    assert_eq!(outcome.stderr(), expected);
    outcome.prints_nothing();
    assert!(outcome.code() > Some(0));
    assert_eq!(scene.read_bytes(name), text.as_ref());
    assert_eq!(scene.files(""), [name]);
}

#[test]
fn a_marker() {
    check(
        "a.md",
        "x\n<repo-version>1.0.0",
        "error: a.md:2:1: `<repo-version>` is not closed\n\
         hint: close it with `</repo-version>`, or put it in backticks where it is only mentioned.\n",
    );
    check(
        "a.md",
        "<repo-version>one</repo-version>",
        "error: a.md:1:15: `one` is not a version: unexpected `o` at character 1\n",
    );
    check(
        "a.md",
        "<repo-version>1.0.0</repo-version>\n<repo-version>1.0.1</repo-version>",
        "error: a.md:2:15: `<repo-version>` is `1.0.1`, but `1.0.0` stands at 1:15\n\
         hint: correct the wrong one by hand; `semver check` lists them all.\n",
    );
    check(
        "a.md",
        "# 1.0.0",
        "error: a.md: no version here: expected `<repo-version>`, or a line with a version and `x-release-please-version`\n\
         hint: `semver init` writes a first one; `--file` names another file.\n",
    );
    check(
        "a.adoc",
        "= t\n:Revision: one\n",
        "error: a.adoc:2:12: `one` is not a version: unexpected `o` at character 1\n",
    );
}

#[test]
fn an_encoding() {
    for (mark, name) in [
        (&b"\xff\xfe"[..], "UTF-16"),
        (b"\xfe\xff", "UTF-16"),
        (b"\xff\xfe\0\0", "UTF-32"),
    ] {
        let text = [mark, b"<\0r\0"].concat();
        check(
            "a.md",
            &text,
            &format!("error: a.md: the text is {name}; convert it to UTF-8\n"),
        );
        check(
            "VERSION",
            &text,
            &format!("error: VERSION: the text is {name}; convert it to UTF-8\n"),
        );
    }
    check(
        "package.json",
        b"{\"a\": \"\xff\", \"version\": \"1.0.0\"}",
        "error: package.json:1:8: a byte that is not UTF-8, which JSON asks for\n",
    );
}

#[test]
fn a_manifest() {
    check(
        "Cargo.toml",
        "[package]\nname = 'a'\nversion = 1\n",
        "error: Cargo.toml:3:11: `package.version` is not a string\n",
    );
    check(
        "pyproject.toml",
        "[project]\nname = 'a'\ndynamic = ['version']\n",
        "error: pyproject.toml:3:12: no version here: `project.dynamic` leaves it to the build tool\n\
         hint: name the file that its build tool reads the version from.\n",
    );
    check(
        "package.json",
        "{\"version\": \"1.0.0\", \"version\": \"1.0.0\"}",
        "error: package.json:1:33: `version` is given twice\n",
    );
    check(
        "pom.xml",
        "<project><version>${revision}</version></project>",
        "error: pom.xml:1:10: the version is `${revision}`, and `/project/properties` here does not define that\n\
         hint: name the file that defines it.\n",
    );
}

#[test]
fn a_version_that_its_place_cannot_hold() {
    let scene = scene("1.0.0");
    scene.write("a.txt", "1.0.0 x-release-please-version\n");
    scene.semver(["set", "1.0.0-strange", "-t", "a.txt", "--allow-lower"]).run().shows(
        "
        --- stderr ---
        error: a.txt:1:1: the version on a line with `x-release-please-version` cannot hold `1.0.0-strange`: it would not be read back the same
        hint: beside `x-release-please-version` only the pre-releases of `semver pre` and `semver rc`, and the usual words such as alpha and beta, can be told from a suffix.
        [exit status: 3]
        ",
    );
    assert_eq!(scene.read("a.txt"), "1.0.0 x-release-please-version\n");
    crate::carries(&scene, "1.0.0");
}

#[test]
fn nothing_at_all() {
    let scene = Scene::new();
    for arguments in [&[][..], &["patch"], &["check"], &["decode"]] {
        scene.semver(arguments).run().shows(
            "
            --- stderr ---
            error: failed to find the version: none of `README.md`, `README.adoc`, `VERSION` exists in `$SCENE`
            hint: `semver init` writes a first one; `--file` names another file.
            [exit status: 5]
            ",
        );
    }
    check(
        "VERSION",
        "",
        "error: VERSION:1:1: the file is empty, and no other place here holds a version\nhint: `semver set VERSION` fills it.\n",
    );
}
