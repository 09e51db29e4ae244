//! Names that were chosen to be obeyed.

use std::fs;
use std::os::unix::ffi::OsStrExt;

use duat_tests::TOOLS;

use crate::trap::{INSIDE, PAYLOAD, Trap};

/// Names as an attacker chooses them; those that git would not give are among them.
fn hostile() -> Vec<Vec<u8>> {
    let texts = [
        "$(touch $CANARY)",
        "`touch $CANARY`",
        ";touch $CANARY;",
        "|touch $CANARY",
        "--upload-pack=touch $CANARY",
        "--exec=touch",
        "-",
        "a\u{1b}]0;title\u{7}b",
        "\u{1b}[2J\u{1b}[H",
        "\u{9b}31m",
        "a\nerror: forged\n::error::forged",
        "a\rb",
        "\u{202e}gnp.exe",
        "../../../outside/README.md",
        "..",
        ".",
        "@{-1}",
        "a..b",
        "{{ 1 + 1 }}",
        "</repo-version><repo-version>8.8.8",
        "a'b\"c\\d",
        "%s%n%x",
        "1.0.0",
        "HEAD",
        "refs/heads/main",
        "\u{130}stanbul/\u{df}/\u{feff}",
    ];
    let mut names: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).into();
    names.push(b"caf\xe9\xff\xfe".to_vec());
    names.push(b"x".repeat(200));
    names
}

#[test]
fn a_branch_is_a_slug_or_an_error() {
    for name in hostile() {
        let trap = Trap::new();
        trap.write(
            ".git/HEAD",
            [b"ref: refs/heads/", &name[..], b"\n"].concat(),
        );
        trap.run_all();
        let outcome = trap.run("semver", &["pre"]);
        if outcome.code() == Some(0) {
            let version = outcome.stdout().trim_end();
            let slug = version.trim_start_matches(|letter: char| !letter.is_alphabetic());
            let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
            assert!(
                slug.chars().all(|letter| fits(letter) || letter == '-'),
                "{version}"
            );
        }
    }
}

#[test]
fn a_branch_of_a_ci_service_is_a_slug() {
    let trap = Trap::new();
    trap.git(&["switch", "--quiet", "--detach"]);
    for name in hostile() {
        let Ok(name) = String::from_utf8(name) else {
            continue;
        };
        let call = trap.call("semver", &["pre", "--dry-run", "-v", "--color", "always"]);
        let outcome = call
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_HEAD_REF", &name)
            .env("GITHUB_REF", format!("refs/pull/{name}/merge"))
            .run();
        trap.is_harmless(&outcome);
        for tag in [&name, "1.0.0\u{1b}[2J"] {
            let call = trap.call("github-release", &["plan", "--color", "always"]);
            let outcome = call
                .env("GITHUB_ACTIONS", "true")
                .env("GITHUB_REF", format!("refs/tags/{tag}"))
                .run();
            trap.is_harmless(&outcome);
        }
    }
}

#[test]
fn tags_are_versions_or_nothing() {
    let trap = Trap::new();
    let head = trap.git(&["rev-parse", "HEAD"]);
    let folder = trap.scene.path(INSIDE).join(".git/refs/tags");
    let mut packed = Vec::new();
    for name in hostile() {
        for prefix in ["", "v2.0.0-", "2.0.0+"] {
            let name = [prefix.as_bytes(), &name[..]].concat();
            let line = [head.as_bytes(), b" refs/tags/", &name, b"\n"].concat();
            packed.extend(line);
            let path = folder.join(std::ffi::OsStr::from_bytes(&name));
            // a name of folders is none of a file here
            let _ = fs::write(path, format!("{head}\n"));
        }
    }
    trap.run_all();
    trap.write(".git/packed-refs", &packed);
    trap.run_all();
    let sorted = [
        b"# pack-refs with: peeled fully-peeled sorted \n",
        &packed[..],
    ]
    .concat();
    trap.write(".git/packed-refs", sorted);
    trap.run_all();
    let highest = trap.run("semver", &["-g"]);
    assert!(highest.succeeds().stdout().starts_with("2.0.0+"));
}

#[test]
fn remotes_are_data() {
    let payload = PAYLOAD;
    let urls = [
        format!("ext::sh -c {payload}"),
        format!("ext::sh -c '{payload}' github.com/owner/tool"),
        format!("--upload-pack={payload}"),
        format!("ssh://-oProxyCommand={payload}/owner/tool"),
        format!("-oProxyCommand={payload}:owner/tool"),
        format!("https://github.com/$({payload})/tool"),
        "https://user:remote-password@github.com/owner/tool".to_owned(),
        "https://github.com/../../etc/passwd".to_owned(),
        "https://github.com/owner/\u{1b}]0;x\u{7}tool".to_owned(),
        "https://evil.example\u{1b}[2J/owner/tool".to_owned(),
        "https://github.com\\@evil.example/owner/tool".to_owned(),
        "file:///etc/passwd".to_owned(),
        "C:\\Windows\\..\\x".to_owned(),
        "::error::forged".to_owned(),
        format!("https://github.com/{}/tool", "o".repeat(5000)),
    ];
    for url in urls {
        let trap = Trap::new();
        for name in ["origin", "a\u{1b}[2Jb", "--upload-pack=x", "../x"] {
            let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
            let config = format!(
                "[remote \"{}\"]\n\turl = \"{}\"\n[url \"ext::{payload} \"]\n\tinsteadOf = https://\n",
                quoted(name),
                quoted(&url)
            );
            trap.write(".git/config", config);
            trap.run_all();
            let outcome = trap.run("semver", &["current", "-v", "--color", "always"]);
            outcome.conceals("remote-password");
        }
    }
}

#[test]
fn files_are_called_as_they_are_called() {
    let trap = Trap::new();
    for name in hostile() {
        let Ok(name) = String::from_utf8(name) else {
            continue;
        };
        if matches!(&*name, "." | "..") || name.contains('/') {
            continue;
        }
        trap.write(&name, "<repo-version>1.0.0</repo-version> {{ nope }}\n");
        let named = format!("./{name}");
        let option = format!("--file={name}");
        for (tool, arguments) in [
            ("semver", &["-f", &named, "patch", "-v"][..]),
            ("semver", &[&option, "patch", "--dry-run"]),
            ("semver", &["check", "-t", &named]),
            ("semver", &[&name]),
            ("stencil", &["-i", &named, "-v"]),
            (
                "stencil",
                &[
                    "-i",
                    "page.in",
                    "-o",
                    &format!("{named}.out"),
                    "-v",
                    "--diff",
                ],
            ),
            ("stencil", &["--values", &named, "values"]),
            ("stencil", &["eval", &name]),
            ("image-promote", &["plan", &name]),
            ("image-promote", &["plan", "--from", &name]),
            ("github-release", &["plan", &named]),
            ("github-release", &["--repo", &name, "plan"]),
        ] {
            let loud = [arguments, &["--color", "always"]].concat();
            trap.bears(tool, &loud);
        }
    }
}

#[test]
fn what_was_typed_wrongly_is_not_obeyed_by_the_terminal() {
    let trap = Trap::new();
    for tool in TOOLS {
        for argument in ["--x\u{1b}]0;title\u{7}", "--color=\u{1b}[2J", "--x\u{9b}2J"] {
            let call = trap.call(tool, &[argument]);
            let Some(outcome) = call.run_on_terminal() else {
                return;
            };
            outcome.fails(2);
            let text = outcome.stdout().replace("\r\n", "\n");
            let obeyed = crate::trap::obeyed(&text);
            assert!(obeyed.is_none(), "{tool}: {obeyed:?} in {text:?}");
            assert!(text.contains("\\u{"), "{text:?}");
        }
    }
}
