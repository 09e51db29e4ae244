//! Where repositories are found.

use super::sandbox::display;
use super::*;

#[test]
fn a_subdirectory_belongs_to_the_repository_above() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/a/b/file", "");
    let repository = open(sandbox.path("repo/a/b"));
    assert_eq!(repository.root(), Some(sandbox.repo().as_path()));
    assert_eq!(repository.git_dir(), sandbox.path("repo/.git"));
    assert_eq!(repository.common_dir(), repository.git_dir());
}

#[test]
fn outside_there_is_no_repository() {
    let sandbox = Sandbox::new();
    let location = Location::new(sandbox.path("."));
    let error = Repository::discover(&location).unwrap_err();
    assert!(matches!(error, GitError::NotARepository { .. }), "{error}");
    let error = Repository::discover(&Location::new("/")).map(|found| display(found.git_dir()));
    assert!(
        matches!(error, Err(GitError::NotARepository { .. }) | Ok(_)),
        "the search from the top ends"
    );
}

#[test]
fn the_root_alone_is_known_of_an_unknown_format() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/a/file", "");
    sandbox.write(
        "repo/.git/config",
        "[extensions]\n\trefStorage = tomorrow\n",
    );
    let location = Location::new(sandbox.path("repo/a"));
    assert!(Repository::discover(&location).is_err());
    assert_eq!(root(&location), Some(sandbox.repo()));
    assert_eq!(root(&Location::new(sandbox.path("."))), None);
}

#[test]
fn an_empty_dot_git_directory_is_passed_over() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/a/.git/nothing", "");
    let repository = open(sandbox.path("repo/a"));
    assert_eq!(repository.root(), Some(sandbox.repo().as_path()));
}

#[test]
fn a_broken_dot_git_file_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write("a/.git", "nonsense\n");
    let error = Repository::discover(&Location::new(sandbox.path("a"))).unwrap_err();
    assert!(matches!(error, GitError::Malformed { .. }), "{error}");
    sandbox.write("a/.git", "gitdir: ../gone\n");
    let error = Repository::discover(&Location::new(sandbox.path("a"))).unwrap_err();
    assert!(
        matches!(error, GitError::NotAGitDirectory { .. }),
        "{error}"
    );
}

#[test]
fn a_ceiling_hides_what_is_above_but_not_the_start() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/a/b/file", "");
    let find = |start: &str, ceiling: &str| {
        Repository::discover(&Location {
            ceilings: vec![sandbox.path(ceiling)],
            ..Location::new(sandbox.path(start))
        })
    };
    assert!(find("repo/a/b", "repo").is_err());
    assert!(find("repo/a/b", "repo/a").is_err());
    assert!(find("repo/a/b", ".").is_ok());
    assert!(find("repo", "repo").is_ok());
}

#[test]
fn a_linked_work_tree_has_its_own_head() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    sandbox.git("worktree add -q -b feature/x ../linked");
    let repository = open(sandbox.path("linked"));
    assert_eq!(repository.root(), Some(sandbox.path("linked").as_path()));
    assert_eq!(repository.common_dir(), sandbox.path("repo/.git"));
    assert_eq!(
        repository.git_dir(),
        sandbox.path("repo/.git/worktrees/linked")
    );
    let head = repository.head().unwrap();
    assert_eq!(head.branch, Some("feature/x".into()));
    assert_eq!(head.hash, Some(commit));
    assert_eq!(repository.tag_names().unwrap(), ["1.0.0"]);
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.run(".", "init -q -b trunk outer");
    sandbox.run("outer", "submodule --quiet add ../repo inner");
    let repository = open(sandbox.path("outer/inner"));
    assert_eq!(
        repository.root(),
        Some(sandbox.path("outer/inner").as_path())
    );
    assert_eq!(
        repository.git_dir(),
        sandbox.path("outer/.git/modules/inner")
    );
    assert_eq!(repository.head().unwrap().branch, Some("main".into()));
}

#[test]
fn a_bare_repository_answers_without_a_root() {
    let sandbox = Sandbox::with_repository();
    let commit = sandbox.commit("file", "one");
    sandbox.git("tag 1.0.0");
    sandbox.run(".", "clone -q --bare repo bare.git");
    let repository = open(sandbox.path("bare.git"));
    assert_eq!(repository.root(), None);
    assert_eq!(repository.head().unwrap().hash, Some(commit));
    assert_eq!(repository.tags_at(&commit).unwrap(), ["1.0.0"]);
    assert_eq!(open(sandbox.path("repo/.git")).root(), None);
}

#[test]
fn a_named_git_directory_wins_over_the_search() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.write("elsewhere/file", "");
    let location = Location {
        git_dir: Some("../repo/.git".into()),
        ..Location::new(sandbox.path("elsewhere"))
    };
    let repository = Repository::discover(&location).unwrap();
    assert_eq!(
        repository.root(),
        Some(sandbox.path("elsewhere").as_path()),
        "as with GIT_DIR alone"
    );
    let repository = Repository::discover(&Location {
        work_tree: Some("../repo".into()),
        ..location.clone()
    })
    .unwrap();
    assert_eq!(repository.root(), Some(sandbox.repo().as_path()));
    let error = Repository::discover(&Location {
        git_dir: Some("nowhere".into()),
        ..location.clone()
    })
    .unwrap_err();
    assert!(
        matches!(error, GitError::NotAGitDirectory { .. }),
        "{error}"
    );
    sandbox.git("config core.worktree ../../repo");
    let root = Repository::discover(&location).unwrap();
    assert_eq!(root.root(), Some(sandbox.repo().as_path()));
    sandbox.git("config --unset core.worktree");
    sandbox.git("config core.bare true");
    assert_eq!(Repository::discover(&location).unwrap().root(), None);
}

#[test]
fn shallow_clones_say_so() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.commit("file", "two");
    let url = format!("file://{}", display(&sandbox.repo()));
    sandbox.run(".", &format!("clone -q --depth 1 {url} shallow"));
    assert!(open(sandbox.path("shallow")).is_shallow());
    assert!(!open(sandbox.repo()).is_shallow());
    sandbox.write("repo/.git/shallow", "");
    assert!(
        !open(sandbox.repo()).is_shallow(),
        "a file that lists nothing"
    );
}

#[test]
fn half_a_repository_is_none() {
    for missing in ["objects", "refs"] {
        let sandbox = Sandbox::with_repository();
        let missing = sandbox.path(&format!("repo/.git/{missing}"));
        #[expect(clippy::disallowed_methods, reason = "tests break their fixtures")]
        std::fs::rename(missing, sandbox.path("repo/.git/elsewhere")).unwrap();
        let location = Location::new(sandbox.repo());
        assert!(Repository::discover(&location).is_err());
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_named_and_not_taken_for_absent() {
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    let packed = sandbox.path("repo/.git/packed-refs");
    std::os::unix::fs::symlink("packed-refs", &packed).unwrap();
    let error = open(sandbox.repo()).context(None, "").unwrap_err();
    let is_named = matches!(&error, GitError::Unreadable { path, .. } if *path == packed);
    assert!(is_named, "{error}");
    let tags = sandbox.path("repo/.git/refs/tags");
    std::fs::remove_dir(&tags).unwrap();
    std::os::unix::fs::symlink("tags", &tags).unwrap();
    let error = open(sandbox.repo()).context(None, "").unwrap_err();
    let is_named = matches!(&error, GitError::Unreadable { path, .. } if path.starts_with(&tags));
    assert!(is_named, "{error}");
}

#[cfg(unix)]
#[test]
fn a_repository_of_somebody_else_is_read() {
    use std::os::unix::fs::{MetadataExt, lchown};
    let sandbox = Sandbox::with_repository();
    sandbox.commit("file", "one");
    sandbox.git("tag -a -m one v1.0.0");
    sandbox.commit("file", "feat: two");
    sandbox.git("remote add origin git@example.org:o/r.git");
    let mut waiting = vec![sandbox.repo()];
    while let Some(path) = waiting.pop() {
        // only root may give files away; without it there is nothing to see here
        if lchown(&path, Some(12_345), Some(12_345)).is_err() {
            return;
        }
        if path.is_dir() {
            waiting.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|it| it.unwrap().path()),
            );
        }
    }
    assert_eq!(std::fs::metadata(sandbox.repo()).unwrap().uid(), 12_345);
    let repository = open(sandbox.repo());
    let context = repository.context(None, "").unwrap();
    assert_eq!(context.highest.unwrap().name, "v1.0.0");
    assert_eq!(context.remote.unwrap().name, "origin");
    assert_eq!(repository.history("", None).unwrap().commits.len(), 1);
}
