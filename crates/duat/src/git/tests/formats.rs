//! What files and libgit2 cannot read, and the `git` program can.

use super::*;

fn answers(sandbox: &Sandbox) {
    let first = sandbox.commit("file", "feat: one");
    sandbox.git("tag -a -m x v1.0.0");
    sandbox.git("tag stable");
    let second = sandbox.commit("folder/file", "fix: two");
    sandbox.git("remote add origin git@h.example:o/r.git");
    let repository = open(sandbox.repo());
    let head = repository.head().unwrap();
    assert_eq!(head.branch, Some("main".into()));
    assert_eq!(head.hash, Some(second));
    assert_eq!(repository.tags_at(&first).unwrap(), ["stable", "v1.0.0"]);
    let history = repository.history("", None).unwrap();
    assert_eq!(history.base.unwrap().name, "v1.0.0");
    assert_eq!(history.commits.len(), 1);
    assert_eq!(history.commits[0].message, "fix: two\n");
    let scoped = repository.history("", Some("folder")).unwrap();
    assert_eq!(scoped.commits.len(), 1);
    let scoped = repository.history("", Some("other")).unwrap();
    assert_eq!(scoped.commits, []);
    let context = repository.context(None, "").unwrap();
    assert_eq!(context.highest.unwrap().name, "v1.0.0");
    assert_eq!(context.remote.unwrap().name, "origin");
    sandbox.git("checkout -q --detach");
    let head = repository.head().unwrap();
    assert_eq!((head.branch, head.hash), (None, Some(second)));
    let version = crate::Version::new(1, 0, 0);
    let found = repository.candidates(&version, "").unwrap();
    assert_eq!(found.released.as_deref(), Some("v1.0.0"));
}

#[test]
fn sha256_repositories_are_read() {
    let sandbox = Sandbox::new();
    sandbox.run(".", "init -q -b main --object-format=sha256 repo");
    answers(&sandbox);
    assert_eq!(sandbox.hash("HEAD").to_string().len(), 64);
}

#[test]
fn the_program_answers_like_the_files() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    sandbox.git("tag -a -m x v1.1.0");
    let head = sandbox.commit("file", "two");
    sandbox.git("tag -a -m x nested/2.0.0");
    sandbox.git("remote add origin .");
    sandbox.git("fetch -q");
    let files = open(sandbox.repo());
    let program = Repository {
        settings: Settings {
            reftable: true,
            ..Settings::default()
        },
        ..files.clone()
    };
    let compare = || {
        assert_eq!(program.head().unwrap(), files.head().unwrap());
        assert_eq!(program.branch(None).unwrap(), files.branch(None).unwrap());
        assert_eq!(program.tag_names().unwrap(), files.tag_names().unwrap());
        assert_eq!(
            program.tags_at(&head).unwrap(),
            files.tags_at(&head).unwrap()
        );
        assert_eq!(
            program.history("", None).unwrap(),
            files.history("", None).unwrap()
        );
        assert_eq!(
            program.context(None, "nested/").unwrap(),
            files.context(None, "nested/").unwrap()
        );
    };
    compare();
    sandbox.git("checkout -q --detach");
    compare();
    sandbox.git("checkout -q --orphan unborn");
    compare();
}

#[test]
#[ignore = "needs git 2.45 or newer"]
fn reftable_repositories_are_read() {
    let sandbox = Sandbox::new();
    sandbox.run(".", "init -q -b main --ref-format=reftable repo");
    assert_eq!(
        open(sandbox.repo()).branch(None).unwrap().name,
        "main".into(),
        "before the first commit"
    );
    answers(&sandbox);
}

/// A repository that says it has reftables, and a stand-in for a git that reads them.
#[cfg(unix)]
fn with_stand_in(script: &str) -> (Sandbox, Location) {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.write("repo/.git/HEAD", "ref: refs/heads/.invalid\n");
    sandbox.write(
        "repo/.git/config",
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n",
    );
    sandbox.write("git", format!("#!/bin/sh\n{script}"));
    let program = sandbox.path("git");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let location = Location {
        program,
        ..Location::new(sandbox.repo())
    };
    (sandbox, location)
}

#[cfg(unix)]
#[test]
fn reftable_references_are_asked_of_the_program() {
    let (sandbox, location) = with_stand_in(
        r#"
[ "$1" = --git-dir ] || exit 9
[ "$GIT_OPTIONAL_LOCKS$LC_ALL$GIT_DIR" = 0C ] || exit 8
shift 2
a=$(printf 'a%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40)
case "$*" in
"symbolic-ref --quiet HEAD") echo refs/heads/topic ;;
"rev-parse --verify --quiet refs/heads/topic") echo "$a" ;;
"for-each-ref "*" refs/tags") printf "$a refs/tags/1.2.0\n^\nb$a refs/tags/v1.3.0\n^$a\n" ;;
*) echo "fatal: $*" >&2; exit 7 ;;
esac
"#,
    );
    let repository = Repository::discover(&location).unwrap();
    let head = repository.head().unwrap();
    assert_eq!(head.branch, Some("topic".into()));
    assert_eq!(repository.branch(None).unwrap().name, "topic".into());
    assert_eq!(repository.tag_names().unwrap(), ["1.2.0", "v1.3.0"]);
    let at_head = repository.tags_at(&head.hash.unwrap()).unwrap();
    assert_eq!(at_head, ["1.2.0", "v1.3.0"]);
    let highest = repository
        .highest_tag("", TagFilter::All, Scope::All)
        .unwrap();
    assert_eq!(highest.unwrap().name, "v1.3.0");
    drop(sandbox);
}

#[cfg(unix)]
#[test]
fn a_program_that_fails_does_not_say_no() {
    for (ending, detail) in [
        ("echo 'fatal: broken' >&2; exit 1", "fatal: broken"),
        ("exit 128", "exit status: 128"),
    ] {
        let (_sandbox, location) = with_stand_in(&format!(
            "[ \"$3\" = symbolic-ref ] && exec echo refs/heads/main\n{ending}\n"
        ));
        let error = Repository::discover(&location).unwrap().head().unwrap_err();
        let expected = format!("`git rev-parse` failed: {detail}");
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_is_too_old_or_missing_is_named() {
    let (sandbox, mut location) = with_stand_in(
        "echo 'fatal: unknown repository extension found:' >&2\nprintf '\\trefstorage\\n' >&2\nexit 128\n",
    );
    let repository = Repository::discover(&location).unwrap();
    let error = repository.branch(None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the repository uses reftable references, which only the `git` program (2.45 or newer) \
         reads: `git symbolic-ref` failed: fatal: unknown repository extension found:; refstorage"
    );
    location.program = sandbox.path("no-such-git");
    let repository = Repository::discover(&location).unwrap();
    let error = repository.branch(None).unwrap_err();
    assert!(
        matches!(
            error,
            GitError::ProgramMissing {
                need: Need::Reftable,
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn an_unknown_format_is_named() {
    let sandbox = Sandbox::with_repository();
    sandbox.write(
        "repo/.git/config",
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha512\n",
    );
    let error = Repository::discover(&Location::new(sandbox.repo())).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("asks for `extensions.objectformat = sha512`, which is not supported"),
        "{error}"
    );
}

#[test]
fn extensions_that_change_no_reading_do_not_stand_in_the_way() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    sandbox.write(
        "repo/.git/config",
        "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tworktreeConfig = true\n\
         \trelativeWorktrees = true\n\tpartialClone = origin\n\tsomethingNew = 1\n",
    );
    let repository = open(sandbox.repo());
    assert_eq!(repository.head().unwrap().hash, Some(commit));
    assert_eq!(repository.history("", None).unwrap().commits.len(), 1);
}
