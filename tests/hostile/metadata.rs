//! What `.git` says is read, and never run.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::trap::{INSIDE, PAYLOAD, Trap};

/// Settings that make git, or a program it starts, run something.
const COMMANDS: [&str; 26] = [
    "alias.cat-file",
    "alias.credential",
    "alias.for-each-ref",
    "alias.rev-parse",
    "core.alternateRefsCommand",
    "core.askPass",
    "core.editor",
    "core.fsmonitor",
    "core.gitProxy",
    "core.pager",
    "core.sshCommand",
    "credential.helper",
    "credential.https://github.com.helper",
    "diff.external",
    "filter.x.clean",
    "filter.x.process",
    "filter.x.smudge",
    "gpg.program",
    "gpg.ssh.program",
    "pager.cat-file",
    "pager.for-each-ref",
    "pager.log",
    "remote.origin.uploadpack",
    "sequence.editor",
    "trailer.x.command",
    "uploadpack.packObjectsHook",
];

/// Lays every command that a repository can carry.
fn mine(trap: &Trap) {
    for name in COMMANDS {
        for value in [PAYLOAD.to_owned(), format!("!{PAYLOAD}")] {
            trap.git(&["config", "--add", name, &value]);
        }
    }
    let hooks = [
        "post-checkout",
        "post-index-change",
        "pre-commit",
        "reference-transaction",
    ];
    for hook in hooks
        .iter()
        .chain(&["fsmonitor-watchman", "update", "pre-push"])
    {
        let path = trap.scene.path(INSIDE).join(".git/hooks").join(hook);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{PAYLOAD}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    trap.write(".gitattributes", "* filter=x diff=x merge=x\n");
}

#[test]
fn no_command_of_a_repository_is_run() {
    for options in [&[][..], &["--object-format=sha256"]] {
        let trap = Trap::with(options);
        mine(&trap);
        trap.run_all();
        // no token: the credential helpers are asked
        for arguments in [&["plan", "-vv"][..], &["--remote", "origin"]] {
            let call = trap.call("github-release", arguments);
            let outcome = call.without_env("GITHUB_TOKEN").run();
            trap.is_harmless(&outcome);
            outcome.fails(4);
        }
    }
}

#[test]
fn the_users_own_credential_helper_is_asked_all_the_same() {
    let trap = Trap::new();
    mine(&trap);
    trap.github.repository("owner/tool");
    let helper = format!(
        "!f() {{ echo username=ada; echo password={}; }}; f",
        duat_tests::github::GitHub::TOKEN
    );
    let config = trap.scene.home().join("gitconfig");
    trap.scene
        .command("git")
        .args(["config", "--file"])
        .arg(config)
        .args(["credential.helper", &helper])
        .run()
        .succeeds();
    let call = trap.call("github-release", &["plan", "-v"]);
    let outcome = call.without_env("GITHUB_TOKEN").run();
    trap.is_harmless(&outcome);
    outcome.says("the token is that of git's credential helper");
}

#[test]
fn a_git_file_leads_to_data_only() {
    let trap = Trap::new();
    mine(&trap);
    let repository = trap.scene.path(INSIDE);
    fs::rename(repository.join(".git"), trap.scene.path("elsewhere")).unwrap();
    for text in [
        "gitdir: ../elsewhere\n",
        "gitdir: ../elsewhere/../elsewhere\n",
        "gitdir: ../outside\n",
        "gitdir: /dev\n",
        "gitdir: .git\n",
        "gitdir: \u{1b}[2J\n",
        "gitdir:\n",
        "gitdir: $(touch $CANARY)\n",
        "gitdir: --upload-pack=x\n",
        "nonsense\n::error::forged\n",
        "",
    ] {
        trap.write(".git", text);
        trap.run_all();
    }
    fs::remove_file(repository.join(".git")).unwrap();
    for target in [
        "../elsewhere",
        "../outside",
        "..",
        ".git",
        "/dev/null",
        "nowhere",
    ] {
        trap.link(target, ".git");
        trap.run_all();
    }
}

#[test]
fn a_repository_that_points_elsewhere_is_read_only() {
    for (name, text) in [
        ("commondir", "../../outside\n"),
        ("commondir", "/\n"),
        ("HEAD", "ref: ../../outside/README.md\n"),
        ("HEAD", "ref: refs/heads/../../../outside/secret\n"),
        ("HEAD", "ref: /etc/passwd\n"),
        (
            "objects/info/alternates",
            "../../../outside\n/dev\n\u{1b}[2J\n",
        ),
        ("objects/info/alternates", "\"$(touch $CANARY)\"\n"),
        (
            "config",
            "[core]\n\tworktree = ../../outside\n\tbare = false\n",
        ),
        ("config", "[include]\n\tpath = ../../outside/secret\n"),
        ("config", "[include]\n\tpath = /dev/zero\n"),
        ("config", "[core\n\u{1b}[2J"),
        (
            "config",
            "[extensions]\n\tobjectformat = \u{1b}[2J\n\trefstorage = x\n",
        ),
        (
            "config",
            "[extensions]\n\trefstorage = reftable://../../outside\n",
        ),
        ("packed-refs", "\u{1b}[2J\nnonsense\n^^^\n"),
        ("shallow", "nonsense\u{1b}[2J\n"),
    ] {
        let trap = Trap::new();
        trap.write(&format!(".git/{name}"), text);
        trap.run_all();
    }
}

#[test]
fn a_submodule_says_nothing_about_the_repository_around_it() {
    let trap = Trap::new();
    mine(&trap);
    trap.write(
        ".gitmodules",
        format!("[submodule \"../../outside\"]\n\tpath = ../outside\n\turl = ext::{PAYLOAD}\n\tupdate = !{PAYLOAD}\n"),
    );
    trap.write("module/README.md", "<repo-version>2.0.0</repo-version>\n");
    trap.write("module/.git", "gitdir: ../.git/modules/../../../outside\n");
    trap.run_all();
    for (tool, arguments) in [
        ("semver", &["patch"][..]),
        ("semver", &["pre"]),
        ("stencil", &["eval", "duat.gitBranch"]),
        ("github-release", &["plan"]),
        ("image-promote", &["plan"]),
    ] {
        let outcome = trap
            .call(tool, arguments)
            .current_dir("inside/module")
            .run();
        trap.is_harmless(&outcome);
    }
}
