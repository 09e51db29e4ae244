use duat_tests::github::{GitHub, Origin, Route};

use crate::{REPOSITORY, broken, github, release, scene};

#[test]
fn a_release_is_made_with_one_write_for_each_thing() {
    let scene = scene();
    let github = github(&scene);
    let outcome = release(&github, &scene);
    outcome.prints("1.2.3\n");
    let repository = github.repository(REPOSITORY);
    assert_eq!(broken(repository, &outcome), None);
    assert_eq!(repository.latest().as_deref(), Some("1.2.3"));
    let counts = [Route::Create, Route::Upload, Route::Publish].map(|route| github.count(route));
    assert_eq!(counts, [1, 2, 1], "{}", github.trace());
    assert_eq!(github.writes(), 4, "{}", github.trace());
}

#[test]
fn the_same_release_again_is_a_few_reads_and_no_write() {
    let scene = scene();
    let github = github(&scene);
    release(&github, &scene).succeeds();
    github.forget();
    release(&github, &scene).prints("1.2.3\n");
    assert_eq!(github.writes(), 0, "{}", github.trace());
    assert!(github.exchanges().len() <= 6, "{}", github.trace());
}

#[test]
fn every_request_says_who_asks_and_which_version_it_speaks() {
    let scene = scene();
    let github = github(&scene);
    release(&github, &scene).succeeds();
    for exchange in github.exchanges() {
        assert_eq!(
            exchange.header("x-github-api-version"),
            Some("2022-11-28"),
            "{exchange}"
        );
        let agent = exchange.header("user-agent").unwrap_or_default();
        assert!(!agent.is_empty(), "{exchange}");
        let accepts = exchange.header("accept").unwrap_or_default();
        assert!(accepts.contains("json"), "{exchange}: {accepts}");
        assert!(exchange.authorized, "{exchange}");
        let is_upload = exchange.route == Route::Upload;
        assert_eq!(exchange.origin == Origin::Uploads, is_upload, "{exchange}");
    }
}

#[test]
fn the_token_is_in_nothing_that_is_shown() {
    let scene = scene();
    let github = github(&scene);
    for arguments in [
        &["-vv", "dist/*"][..],
        &["plan", "-vv", "dist/*"],
        &["--json", "dist/*"],
        &["--help"],
    ] {
        let outcome = github.call(&scene, arguments).run();
        outcome.conceals(GitHub::TOKEN);
        outcome.succeeds();
    }
}

#[test]
fn bytes_are_read_back_without_the_token() {
    let scene = scene();
    let github = github(&scene);
    release(&github, &scene).succeeds();
    github.forget();
    let arguments = ["verify", "--download", "dist/*"];
    github.call(&scene, arguments).run().succeeds();
    let stored: Vec<_> = github
        .exchanges()
        .into_iter()
        .filter(|exchange| exchange.origin == Origin::Storage)
        .collect();
    assert_eq!(stored.len(), 2, "{}", github.trace());
    assert!(stored.iter().all(|exchange| !exchange.authorized));
}

#[test]
fn an_enterprise_server_without_digests_is_released_to() {
    let scene = scene();
    let github = GitHub::enterprise();
    let repository = github.repository(REPOSITORY).push(&scene);
    let outcome = release(&github, &scene);
    outcome.succeeds();
    assert_eq!(broken(repository, &outcome), None);
    github.forget();
    release(&github, &scene).succeeds();
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn names_arrive_whatever_they_are() {
    let scene = scene();
    let github = github(&scene);
    let names = [
        "a+b.zip",
        "c d.zip",
        "e#f.zip",
        "g%20h.zip",
        "i&j=k.zip",
        ".l",
        "über.zip",
        "日本.zip",
        // what Windows does not take in a name
        #[cfg(unix)]
        "m?n.zip",
        #[cfg(unix)]
        "o\\p.zip",
    ];
    for name in names {
        scene.write(format!("dist/{name}"), name);
    }
    // a `*` does not stand for names that start with a dot
    let arguments = ["dist/*", "dist/.l"];
    github.call(&scene, arguments).run().succeeds();
    let release = github.repository(REPOSITORY).release();
    for name in names {
        let sent = release
            .assets
            .iter()
            .find(|one| *one.bytes == *name.as_bytes());
        assert!(sent.is_some(), "{name}: {:?}", release.asset_names());
    }
    github.forget();
    github.call(&scene, arguments).run().succeeds();
    assert_eq!(github.writes(), 0, "{}", github.trace());
}
