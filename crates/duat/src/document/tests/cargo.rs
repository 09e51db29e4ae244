use super::*;

fn manifest() -> Format {
    let own = Own::new(["widget", "gear"]);
    Format::CargoManifest { own }
}

fn lock() -> Format {
    let own = Own::new(["widget", "gear"]);
    Format::CargoLock { own }
}

#[test]
fn a_manifest_carries_versions() {
    let table = [
        "[package]\nname = \"x\"\nversion = \"1.2.3\" # 1.2.3\n[dependencies]\ny = \"1.2.3\"\nz = { path = \"z\", version = \"1.2.3\" }\n",
        "package.version = '1.2.3'",
        "package = { name = \"x\", version = \"\"\"\r\n1.2.3\"\"\" }",
        "[package]\nversion.workspace = true\n[workspace.package]\nversion = \" v1.2.3 \"\n",
        "package.version = '1.2.3'\n[patch.crates-io]\ngear = { path = 'g', version = '1.2.3' }\n[replace]\n",
    ];
    for text in table {
        let after = text.replacen("1.2.3", "9.8.7", if text.contains("gear") { 2 } else { 1 });
        check(&manifest(), &[(text, &after)]);
    }
    check(
        &manifest(),
        &[
            (
                "\u{feff}[package]\nname = \"me\"\nversion = \"1.2.3\"\n\
                 [dependencies]\nwidget = { version = \"= 1.2.3\", path = \"w\" }\nother = { path = \"o\", version = \"1.2.3\" }\n\
                 gear = { version = \"1.2.3\" }\nlib = { package = \"gear\", version = \"^1.2.3\", path = \"g\" }\n\
                 [dev-dependencies]\nme = { path = \".\", version = \"1.2.3\" }\n\
                 [target.'cfg(unix)'.build-dependencies.gear]\nversion = '>=1.2.3 '\npath = 'g'\n\
                 [workspace.dependencies]\nwidget = { path = \"w\", version = \"~1.2.3\", default-features = false }\ngear = { workspace = true }\n",
                "\u{feff}[package]\nname = \"me\"\nversion = \"9.8.7\"\n\
                 [dependencies]\nwidget = { version = \"= 9.8.7\", path = \"w\" }\nother = { path = \"o\", version = \"1.2.3\" }\n\
                 gear = { version = \"1.2.3\" }\nlib = { package = \"gear\", version = \"^9.8.7\", path = \"g\" }\n\
                 [dev-dependencies]\nme = { path = \".\", version = \"9.8.7\" }\n\
                 [target.'cfg(unix)'.build-dependencies.gear]\nversion = '>=9.8.7 '\npath = 'g'\n\
                 [workspace.dependencies]\nwidget = { path = \"w\", version = \"~9.8.7\", default-features = false }\ngear = { workspace = true }\n",
            ),
            (
                "package.version = ''\nworkspace.package.version = '1.2.3'",
                "package.version = '9.8.7'\nworkspace.package.version = '9.8.7'",
            ),
        ],
    );
}

#[test]
fn packages_of_another_manifest_move_along() {
    let mut own = Own::new(["widget"]);
    own.extend(&Own::new(["gear"]));
    assert_eq!(own, Own::new(["gear", "widget"]));
}

/// A manifest is asked for its own version; only a member may do with asking for those of others.
#[test]
fn what_only_asks_for_versions_is_a_member() {
    let asks = "[dependencies]\ngear = { path = '../gear', version = '1' }\n";
    let own = Own::new(["gear"]);
    let member = Format::CargoMember { own };
    assert_eq!(
        Document::read(&member, asks.as_bytes()).map(|found| found.markers().len()),
        Ok(0)
    );
    refuse(
        &manifest(),
        &[(
            asks,
            "no version here: expected `package.version` or `workspace.package.version`, or a line with a version and `x-release-please-version`",
        )],
    );
    let nothing = "[package]\nname = 'me'\n";
    refuse(
        &member,
        &[(
            nothing,
            "no version here: expected a full version of a path dependency of our own, or a line with a version and `x-release-please-version`",
        )],
    );
}

#[test]
fn a_member_carries_what_it_asks_alone() {
    let own = Own::new(["widget", "gear"]);
    let member = Format::CargoMember { own };
    check(
        &member,
        &[(
            "[package]\nname = 'me'\nversion = '0.4.0'\n[dependencies]\n\
             gear = { path = '../gear', version = '1.2.3' }\nother = { path = '../o', version = '1.2.3' }\n",
            "[package]\nname = 'me'\nversion = '0.4.0'\n[dependencies]\n\
             gear = { path = '../gear', version = '9.8.7' }\nother = { path = '../o', version = '1.2.3' }\n",
        )],
    );
    let loose = b"[dependencies]\ngear = { path = '../gear', version = '1.2' }\n";
    assert_eq!(replace(&member, loose, "1.9.0"), Ok(loose.to_vec()));
    assert!(replace(&member, loose, "2.0.0").is_err());
    assert!(read(&member, b"[package]\nversion = '1.2.3'\n").is_err());
}

#[test]
fn a_loose_requirement_stays_but_must_admit_the_version() {
    let text = |asked: &str| {
        format!(
            "package.version = '1.2.3'\n\n[dependencies]\ngear = {{ path = 'g', version = '{asked}' }}\n"
        )
    };
    for (asked, version, admitted) in [
        ("1.2", "1.2.4", true),
        ("1", "1.9.0", true),
        ("*", "7.0.0", true),
        (">=1.2.0, <2", "1.9.0", true),
        (">1.2.2", "1.2.4", true),
        ("1.2", "2.0.0", false),
        ("1.2", "1.3.0-rc.1", false),
        (">=1.2.0, <2", "2.0.0", false),
        ("<2.0.0", "2.0.0", false),
    ] {
        let before = text(asked);
        let written = replace(&manifest(), before.as_bytes(), version).map(String::from_utf8);
        if admitted {
            assert_eq!(written, Ok(Ok(before.replace("1.2.3", version))), "{asked}");
        } else {
            let message = written.unwrap_err();
            assert!(
                message.starts_with(&format!("4:33: `{asked}`, ")),
                "{message}"
            );
            assert!(
                message.ends_with(&format!("becomes `{version}`, does not admit it")),
                "{message}"
            );
        }
    }
}

#[test]
fn a_manifest_without_a_plain_version_is_an_error() {
    refuse(
        &manifest(),
        &[
            (
                "[package]\nversion.workspace = true\n",
                "no version here: expected `package.version` or `workspace.package.version`, or a line with a version and `x-release-please-version`",
            ),
            (
                "[package]\nversion = 1\n",
                "2:11: `package.version` is not a string",
            ),
            (
                "package.version = \"1.2\\u002e3\"",
                "1:19: `package.version` is not written plainly, without escapes, folds, tags, anchors or comments",
            ),
            (
                "package.version = 'x'",
                "1:20: `x` is not a version: unexpected `x` at character 1",
            ),
            (
                "package.version = '1'\ndependencies.gear = { path = '', version = '..' }",
                "2:45: this is not a version requirement: unexpected character '.' while parsing major version number",
            ),
            (
                "package.version = '1.2.3'\npackage.version = '1.2.3'",
                "2:9: this is not TOML: duplicate key",
            ),
            (
                "a\n",
                "1:2: this is not TOML: key with no value, expected `=`",
            ),
        ],
    );
    let latin = b"package.version = '1.2.3' # \xe9";
    assert_eq!(
        read(&manifest(), latin),
        Err("1:29: a byte that is not UTF-8, which TOML asks for".to_owned())
    );
}

#[test]
fn a_lock_file_carries_the_versions_of_our_own() {
    let before = "# @generated\nversion = 4\n\n\
        [[package]]\nname = \"gear\"\nversion = \"1.2.3\"\nsource = \"registry+x\"\n\n\
        [[package]]\nname = \"gear\"\nversion = \"1.2.4\"\n\n\
        [[package]]\nname = \"other\"\nversion = \"1.2.4\"\n\n\
        [[package]]\nname = \"widget\"\nversion = \"1.2.4\"\ndependencies = [\n \"gear 1.2.3\",\n \"gear 1.2.4\",\n \"gear 1.2.4 (registry+x)\",\n \"other 1.2.4\",\n]\n";
    let after = "# @generated\nversion = 4\n\n\
        [[package]]\nname = \"gear\"\nversion = \"1.2.3\"\nsource = \"registry+x\"\n\n\
        [[package]]\nname = \"gear\"\nversion = \"9.8.7\"\n\n\
        [[package]]\nname = \"other\"\nversion = \"1.2.4\"\n\n\
        [[package]]\nname = \"widget\"\nversion = \"9.8.7\"\ndependencies = [\n \"gear 1.2.3\",\n \"gear 9.8.7\",\n \"gear 1.2.4 (registry+x)\",\n \"other 1.2.4\",\n]\n";
    let written = replace(&lock(), before.as_bytes(), "9.8.7").map(String::from_utf8);
    assert_eq!(written, Ok(Ok(after.to_owned())));
    assert_eq!(read(&lock(), before.as_bytes()), Ok("1.2.4".to_owned()));
    // the registry's 1.2.3 would be taken for ours
    assert!(replace(&lock(), before.as_bytes(), "1.2.3").is_err());
}
