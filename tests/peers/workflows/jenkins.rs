//! What the pipeline for Jenkins types, in its order. Jenkins itself is not asked.

use duat_tests::distribution::Distribution;
use duat_tests::github::GitHub;
use duat_tests::{binaries, repository};

use super::{buildah, digest, product, text};
use crate::promote::{HTPASSWD, login};

#[test]
#[ignore = "asks buildah, docker-registry and skopeo: tests/peers/run installs them"]
fn what_jenkins_types_builds_promotes_and_releases() {
    let registry = Distribution::start(HTPASSWD);
    let github = GitHub::start();
    let scene = product(&registry);
    scene.script(repository::MAIN);
    scene.script("git remote set-url origin https://github.com/acme/tool.git");
    login(&scene, &[&registry]);
    let type_stage = |name: &str| {
        let script = commands(name).join("\n");
        let call = scene.command("/bin/sh").args(["-ec", &script]);
        let typed = call
            .programs_in(binaries())
            .envs(buildah(&scene))
            .env("REGISTRY", registry.host())
            .env("TAG_NAME", "0.0.2")
            .env("GITHUB_TOKEN", GitHub::TOKEN)
            .env("GITHUB_API_URL", github.api_url())
            .run();
        typed.succeeds();
    };
    type_stage("build");
    let stamped = scene.semver(["extract"]).run();
    let tested = digest(&registry, "acme/tool", stamped.stdout().trim_end());
    type_stage("promote");
    scene.semver(["check"]).run().prints("0.0.2\n");
    assert_eq!(digest(&registry, "acme/tool", "0.0.2"), tested);

    scene.script("git tag 0.0.2");
    let there = github.repository("acme/tool").push(&scene);
    type_stage("release");
    let release = there.release();
    assert!(!release.draft);
    assert_eq!(release.asset_names(), ["SHA256SUMS", "app-0.0.2.tar.gz"]);
}

/// Returns what a stage has a shell run.
fn commands(stage: &str) -> Vec<String> {
    let text = text("Jenkinsfile");
    let begin = format!("stage('{stage}')");
    let stage = text.split(&begin).nth(1).expect("there is such a stage");
    let stage = stage.split("stage('").next().unwrap_or_default();
    let commands = stage.lines().filter_map(|line| {
        let command = line.trim().strip_prefix("sh '")?;
        command.strip_suffix('\'').map(str::to_owned)
    });
    let commands: Vec<String> = commands.collect();
    assert!(!commands.is_empty());
    commands
}
