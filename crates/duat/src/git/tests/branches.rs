//! Which branch it is, and why.

use super::*;

fn hint(branch: &str, source: &str, rank: HintRank) -> BranchHint {
    BranchHint {
        branch: branch.into(),
        source: source.to_owned(),
        rank,
    }
}

fn explain(repository: &Repository, hint: Option<&BranchHint>) -> String {
    repository.branch(hint).unwrap().to_string()
}

#[test]
fn an_unborn_branch_is_known() {
    let sandbox = Sandbox::with_repository();
    let repository = open(sandbox.repo());
    let head = repository.head().unwrap();
    assert_eq!(head.branch, Some("main".into()));
    assert_eq!(head.hash, None);
    assert_eq!(explain(&repository, None), "`main` (`HEAD` is on it)");
    let context = repository.context(None, "").unwrap();
    assert_eq!((context.head, context.highest), (None, None));
    assert_eq!(repository.history("", None).unwrap().commits, []);
}

#[test]
fn the_order_is_user_then_head_then_ci_then_remote() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    let user = hint("user", "--branch", HintRank::OverHead);
    let ci = hint("feature/x", "GITHUB_HEAD_REF", HintRank::WhenDetached);
    let repository = open(sandbox.repo());
    assert_eq!(explain(&repository, Some(&user)), "`user` (from --branch)");
    assert_eq!(explain(&repository, Some(&ci)), "`main` (`HEAD` is on it)");
    sandbox.git("checkout -q --detach");
    assert_eq!(
        explain(&repository, Some(&ci)),
        format!(
            "`feature/x` (from GITHUB_HEAD_REF; `HEAD` is detached at {})",
            commit.short()
        )
    );
    let empty = hint("", "GITHUB_HEAD_REF", HintRank::WhenDetached);
    let error = repository.branch(Some(&empty)).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "there is no branch: `HEAD` is detached at `{}`",
            commit.short()
        )
    );
}

#[test]
fn the_only_remote_branch_at_a_detached_head_counts() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.run(".", "clone -q repo clone");
    sandbox.run("clone", "checkout -q --detach");
    let repository = open(sandbox.path("clone"));
    let branch = repository.branch(None).unwrap();
    assert_eq!(branch.name, "main".into(), "origin/HEAD is no branch");
    assert_eq!(
        branch.source,
        BranchSource::Remote("origin/main".to_owned())
    );
    sandbox.run("clone", "pack-refs --all");
    assert_eq!(repository.branch(None).unwrap().name, "main".into());
    sandbox.run("clone", "update-ref refs/remotes/pull/12/merge HEAD");
    assert_eq!(repository.branch(None).unwrap().name, "main".into());
    sandbox.run("clone", "update-ref refs/remotes/origin/other HEAD");
    let several = "where `origin/main` and `origin/other` stand";
    let error = repository.branch(None).unwrap_err();
    assert!(error.to_string().ends_with(several), "{error}");
    // branches that stand elsewhere, packed or not, are none of them
    sandbox.run("clone", "checkout -q -b elsewhere");
    sandbox.run("clone", "commit -q --allow-empty -m two");
    sandbox.run("clone", "update-ref refs/remotes/origin/packed elsewhere");
    sandbox.run("clone", "pack-refs --all");
    sandbox.run("clone", "update-ref refs/remotes/origin/loose elsewhere");
    sandbox.run("clone", "checkout -q --detach elsewhere^");
    let error = repository.branch(None).unwrap_err();
    assert!(error.to_string().ends_with(several), "{error}");
    assert_eq!(repository.context(None, "").unwrap().branch, None);
}

#[test]
fn heads_are_found_loose_packed_and_behind_symbolic_names() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    let repository = open(sandbox.repo());
    assert_eq!(repository.head().unwrap().hash, Some(commit));
    sandbox.git("pack-refs --all");
    assert!(!sandbox.path("repo/.git/refs/heads/main").exists());
    assert_eq!(repository.head().unwrap().hash, Some(commit));
    let second = sandbox.commit("file", "two");
    assert_eq!(
        repository.head().unwrap().hash,
        Some(second),
        "loose over packed"
    );
    sandbox.git("symbolic-ref refs/heads/alias refs/heads/main");
    sandbox.git("symbolic-ref HEAD refs/heads/alias");
    let head = repository.head().unwrap();
    assert_eq!(head.branch, Some("alias".into()));
    assert_eq!(head.hash, Some(second));
}

#[test]
fn references_that_name_each_other_or_lead_outside_are_errors() {
    let sandbox = Sandbox::with_repository();
    let repository = open(sandbox.repo());
    sandbox.write("repo/.git/HEAD", "ref: refs/heads/a\u{1b}b\n");
    let error = repository.head().unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("`refs/heads/a\\u{1b}b` is not the name of a reference"),
        "{said}"
    );
    for target in ["refs/heads/main", "refs/../../../etc/passwd", "/etc/passwd"] {
        sandbox.write("repo/.git/HEAD", "ref: refs/heads/main\n");
        sandbox.write("repo/.git/refs/heads/main", format!("ref: {target}\n"));
        let error = repository.head().unwrap_err();
        assert!(matches!(error, GitError::Malformed { .. }), "{error}");
    }
    sandbox.write("repo/.git/HEAD", "nonsense\n");
    let error = repository.head().unwrap_err();
    assert!(error.to_string().contains("HEAD` is malformed"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_head_that_is_a_symbolic_link_names_its_branch() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    let head = sandbox.path("repo/.git/HEAD");
    #[expect(clippy::disallowed_methods, reason = "tests write their fixtures")]
    std::fs::remove_file(&head).unwrap();
    std::os::unix::fs::symlink("refs/heads/main", &head).unwrap();
    let head = open(sandbox.repo()).head().unwrap();
    assert_eq!(head.branch, Some("main".into()));
    assert_eq!(head.hash, Some(commit));
}

#[test]
fn a_branch_name_keeps_its_bytes() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/.git/HEAD", b"ref: refs/heads/caf\xe9\n");
    let branch = open(sandbox.repo()).branch(None).unwrap();
    assert_eq!(branch.name.as_bytes(), b"caf\xe9");
    assert_eq!(branch.name.to_string(), "caf\u{fffd}");
    assert_eq!(format!("{:?}", branch.name), "\"caf\u{fffd}\"");
}
