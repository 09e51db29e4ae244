//! Which remote, and how its URL is shown.

use super::*;

fn remote_of(config: &str) -> Option<(String, Option<String>)> {
    let sandbox = Sandbox::with_repository();
    sandbox.write(
        "repo/.git/config",
        format!("[core]\n\trepositoryformatversion = 0\n{config}"),
    );
    let remote = open(sandbox.repo()).remote().unwrap()?;
    Some((remote.name, remote.url.map(|url| url.to_string())))
}

#[test]
fn origin_comes_first_then_the_alphabet() {
    let table = [
        ("", None),
        ("[remote \"origin\"]\n\tfetch = x\n", None),
        ("[remote \"up\"]\n\turl = git@h.example:o/r\n", Some("up")),
        (
            "[remote \"a\"]\n\turl = ../a\n[remote \"origin\"]\n\turl = ../b\n",
            Some("origin"),
        ),
        (
            "[remote \"z\"]\n\turl = ../a\n[remote \"b\"]\n\turl = ../b\n",
            Some("b"),
        ),
        (
            "[remote \"Dotted.Name\"]\n\turl = ../a\n",
            Some("Dotted.Name"),
        ),
    ];
    for (config, expected) in table {
        let name = remote_of(config).map(|(name, _)| name);
        assert_eq!(name.as_deref(), expected, "{config}");
    }
}

#[test]
fn a_remote_is_found_by_its_name() {
    let sandbox = Sandbox::with_repository();
    sandbox.git("remote add origin ../origin");
    sandbox.git("remote add fork git@h.example:fork/r");
    let repository = open(sandbox.repo());
    let fork = repository.remote_named("fork").unwrap().unwrap();
    let url = fork.url.map(|url| url.to_string());
    assert_eq!(fork.name, "fork");
    assert_eq!(url.as_deref(), Some("git@h.example:fork/r"));
    assert_eq!(repository.remote_named("upstream").unwrap(), None);
}

#[test]
fn the_first_url_counts_and_shows_no_credentials() {
    let config = "[remote \"origin\"]\n\turl = https://gitlab-ci-token:t0ken@h.example/o/r.git\n\turl = ../second\n";
    let (_, url) = remote_of(config).unwrap();
    assert_eq!(url.as_deref(), Some("https://h.example/o/r.git"));
}

#[test]
fn a_url_for_a_helper_is_no_url_but_a_remote() {
    let config = "[remote \"origin\"]\n\turl = ext::sh -c x\n";
    assert_eq!(remote_of(config), Some(("origin".to_owned(), None)));
}

#[test]
fn a_broken_configuration_is_named() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/.git/config", "[remote\n");
    let error = open(sandbox.repo()).remote().unwrap_err();
    assert!(matches!(error, GitError::Malformed { .. }), "{error}");
}
