//! The pipeline for GitLab, run on this machine by gitlab-ci-local, with docker-registry for GitLab's
//! registry, buildah for the build, and skopeo to judge. `apt-get` is stood in for.

use duat_tests::distribution::{Distribution, PASSWORD, USER};
use duat_tests::github::GitHub;
use duat_tests::{Call, Scene, TOOLS, peer, repository};

use super::{archive, buildah, digest, product, program, text};
use crate::promote::HTPASSWD;

#[test]
#[ignore = "asks gitlab-ci-local, buildah, docker-registry and skopeo: tests/peers/run installs them"]
fn what_a_branch_has_built_is_promoted_by_a_button_and_released_by_a_tag() {
    let registry = Distribution::start(HTPASSWD);
    let github = GitHub::start();
    let scene = product(&registry);
    scene.write(".gitlab-ci.yml", text("gitlab.yml"));
    scene.write(".gitignore", "/.gitlab-ci-local/\n/Dockerfile\n");
    program(&scene, scene.home().join("programs/apt-get"), "");
    scene.script(repository::MAIN);
    let run = |what: &[&str]| pipeline(&scene, &registry, &github).args(what).run();

    scene.script("git switch --quiet --create 42-new-button");
    run(&[]).succeeds();
    let stamped = scene.semver(["extract"]).run();
    let stamped = stamped.stdout().trim_end();
    assert!(stamped.starts_with("0.0.2-42-new-button-"), "{stamped}");
    let tested = digest(&registry, "owner/tool", stamped);

    let button = run(&["promote"]);
    button.succeeds();
    assert_eq!(digest(&registry, "owner/tool", "0.0.2"), tested);
    assert!(!button.stdout().contains(PASSWORD));
    run(&["promote"]).succeeds();

    // what was stamped for the jobs is in no commit
    scene.script("git restore .\ngit tag 0.0.2\ngit switch --quiet --detach");
    let there = github.repository("owner/tool").push(&scene);
    let variable = ["--variable", "CI_COMMIT_TAG=0.0.2"];
    run(&[&variable[..], &["release"]].concat()).succeeds();
    let release = there.release();
    assert!(!release.draft);
    assert_eq!(release.asset_names(), ["SHA256SUMS", "app-0.0.2.tar.gz"]);
    let writes = github.writes();
    run(&[&variable[..], &["release"]].concat()).succeeds();
    assert_eq!(github.writes(), writes);
}

/// Returns a call of gitlab-ci-local.
fn pipeline<'scene>(
    scene: &'scene Scene,
    registry: &Distribution,
    github: &GitHub,
) -> Call<'scene> {
    let mut call = scene.command(peer("gitlab-ci-local"));
    let host = registry.host();
    let image = format!("{host}/owner/tool");
    let (url, sum) = archive(scene, "duat", &TOOLS);
    for (name, value) in [
        ("CI_REGISTRY", &*host),
        ("CI_REGISTRY_IMAGE", &image),
        ("CI_REGISTRY_USER", USER),
        ("CI_REGISTRY_PASSWORD", PASSWORD),
        ("GITHUB_REPOSITORY", "owner/tool"),
        ("GITHUB_TOKEN", GitHub::TOKEN),
        ("GITHUB_API_URL", github.api_url()),
        ("DUAT_ARCHIVE", &url),
        ("DUAT_SHA256", &sum),
    ] {
        call = call.args(["--variable", &format!("{name}={value}")]);
    }
    call.args(["--force-shell-executor", "--shell-isolation"])
        .programs_in(scene.home().join("programs"))
        .envs(buildah(scene))
}
