//! The real `gh`, driven against our double of GitHub: it gets along with it as with GitHub, and
//! does there what it is known to do where things go wrong.

use duat_tests::github::{Fault, GitHub, Origin, Route};
use duat_tests::{Outcome, Scene, peer, repository};

const HOST: &str = "github.localhost";
const REPOSITORY: &str = "owner/tool";

/// What is left when gh has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// The release, with both files.
    Released,
    /// Nothing: gh has deleted its draft and what it had sent.
    Nothing,
    /// Nothing: gh has deleted what was published already.
    PublishedAndGone,
}

/// A scene with two files and a tag that has been pushed.
fn scene(github: &GitHub) -> Scene {
    let scene = Scene::new();
    scene.write("README.md", "# tool\n");
    scene.script(repository::MAIN);
    scene.script("git tag 1.0.0");
    scene.write("dist/one.bin", "one");
    scene.write("dist/two.bin", "two");
    github.repository(REPOSITORY).push(&scene);
    scene
}

/// Runs `gh release` with the double as its proxy.
fn gh(github: &GitHub, scene: &Scene, arguments: &[&str]) -> Outcome {
    scene
        .command(peer("gh"))
        .arg("release")
        .args(arguments)
        .args(["--repo", &format!("{HOST}/{REPOSITORY}")])
        .env("GH_HOST", HOST)
        .env("GH_TOKEN", GitHub::TOKEN)
        .env("GH_ENTERPRISE_TOKEN", GitHub::TOKEN)
        .env("HTTP_PROXY", github.address())
        .env("GH_NO_UPDATE_NOTIFIER", "1")
        .env("DO_NOT_TRACK", "1")
        .run()
}

fn create(github: &GitHub, scene: &Scene) -> Outcome {
    let files = ["dist/one.bin", "dist/two.bin"];
    let arguments = ["create", "1.0.0", "--title", "One", "--notes", "notes"];
    gh(github, scene, &[&arguments[..], &files[..]].concat())
}

#[test]
#[ignore = "asks gh: tests/peers/run installs it"]
fn gh_releases_to_the_double_as_to_github() {
    let github = GitHub::behind(HOST);
    let scene = scene(&github);
    let url = format!("http://{HOST}/{REPOSITORY}/releases/tag/1.0.0\n");
    create(&github, &scene).prints(&url);
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft);
    assert_eq!(release.asset_names(), ["one.bin", "two.bin"]);
    assert_eq!(
        release.asset("one.bin").map(|one| &*one.bytes),
        Some(&b"one"[..])
    );
    for exchange in github.exchanges() {
        let is_upload = exchange.route == Route::Upload;
        assert_eq!(exchange.origin == Origin::Uploads, is_upload, "{exchange}");
        assert!(exchange.authorized, "{exchange}");
    }
}

#[test]
#[ignore = "asks gh: tests/peers/run installs it"]
fn gh_does_what_it_is_known_to_do_where_things_go_wrong() {
    use Left::{Nothing, PublishedAndGone, Released};
    let upload = |fault| (Route::Upload, fault);
    let publish = |fault| (Route::Publish, fault);
    for ((route, fault), expected) in [
        (upload(Fault::Starter(502)), Nothing),
        (upload(Fault::Status(502)), Released),
        (upload(Fault::Secondary(Some(2))), Nothing),
        (upload(Fault::Reset), Released),
        (upload(Fault::LostAnswer), Nothing),
        (upload(Fault::Race), Nothing),
        (publish(Fault::Status(502)), Nothing),
        (publish(Fault::DoneBut(502)), PublishedAndGone),
        (publish(Fault::LostAnswer), PublishedAndGone),
    ] {
        let github = GitHub::behind(HOST);
        let scene = scene(&github);
        github.fault(route, 1, fault);
        let outcome = create(&github, &scene);
        let repository = github.repository(REPOSITORY);
        let deleted = repository.deleted();
        let left = match deleted.first() {
            Some(release) if release.draft => Nothing,
            Some(_) => PublishedAndGone,
            None => Released,
        };
        let about = format!(
            "{route:?} {fault:?}:\n{}\n{}",
            github.trace(),
            outcome.stderr()
        );
        assert_eq!(left, expected, "{about}");
        assert_eq!(outcome.status().success(), left == Released, "{about}");
        outcome.conceals(GitHub::TOKEN);
        if left == Released {
            assert_eq!(
                repository.release().asset_names(),
                ["one.bin", "two.bin"],
                "{about}"
            );
        } else {
            assert!(repository.releases().is_empty(), "{about}");
        }
    }
}

#[test]
#[ignore = "asks gh: tests/peers/run installs it"]
fn gh_loses_the_old_asset_where_the_new_one_does_not_arrive() {
    let github = GitHub::behind(HOST);
    let scene = scene(&github);
    let repository = github.repository(REPOSITORY);
    repository.published("1.0.0", &[("one.bin", b"old")]);
    github.fault(Route::Upload, 1, Fault::Secondary(None));
    let arguments = ["upload", "1.0.0", "dist/one.bin", "--clobber"];
    gh(&github, &scene, &arguments).fails(1);
    assert!(repository.release().assets.is_empty(), "{}", github.trace());
}
