//! `image-promote` against real registries, judged by the tools of others.

use std::fs;
use std::path::Path;

use duat_tests::image::{Content, Image, Recipe, digest, media};
use duat_tests::registry::Registry;
use duat_tests::{Call, Outcome, Scene, peer, repository};
use serde_json::Value;

use crate::server::Server;
use duat_tests::distribution::{Distribution, Door, PASSWORD, USER, free_port};

/// The version that was tested.
pub(crate) const TESTED: &str = "0.0.2-main-aaaagjecrgf";
pub(crate) const IMAGE: &str = "owner/tool/server";
/// A registry that wants a password.
pub(crate) const HTPASSWD: Door = Door::Htpasswd {
    user: USER,
    password: PASSWORD,
};

/// A repository whose README carries a pre-release.
pub(crate) fn scene() -> Scene {
    let scene = Scene::new();
    let text = format!("# Tool\n\nVersion: <repo-version>{TESTED}</repo-version>\n");
    scene.write("README.md", text);
    scene.script(repository::MAIN);
    scene
}

/// Logs in where that is wanted, as `docker login` does.
pub(crate) fn login(scene: &Scene, registries: &[&Distribution]) {
    use base64::Engine as _;

    let logins = registries.iter().filter_map(|registry| {
        let (user, password) = registry.login()?;
        let login = format!("{user}:{password}");
        let login = base64::engine::general_purpose::STANDARD.encode(login);
        Some((registry.host(), serde_json::json!({ "auth": login })))
    });
    let logins: serde_json::Map<String, Value> = logins.collect();
    let text = serde_json::json!({ "auths": logins }).to_string();
    scene.write(scene.home().join(".docker/config.json"), text);
}

/// Returns a call of skopeo; `how` are the options of the command.
fn skopeo<'a>(scene: &'a Scene, command: &str, how: &[&str]) -> Call<'a> {
    let authfile = scene.home().join(".docker/config.json");
    scene
        .command(peer("skopeo"))
        .args(["--insecure-policy", command])
        .arg("--authfile")
        .arg(authfile)
        .args(how)
}

/// Pushes an image, from a layout, as a build does.
pub(crate) fn push(scene: &Scene, image: &Image, registry: &Distribution, repository: &str) {
    let name = format!("layout-{repository}").replace('/', "-");
    image.write_layout(scene.path(&name), TESTED);
    let copy = ["--all", "--preserve-digests", "--dest-tls-verify=false"];
    skopeo(scene, "copy", &copy)
        .arg(format!("oci:{name}:{TESTED}"))
        .arg(format!(
            "docker://{}/{repository}:{TESTED}",
            registry.host()
        ))
        .run()
        .succeeds();
}

/// Asserts that an image is there as it was made: its manifest byte for byte, and all that hangs on
/// it, which skopeo fetches and verifies.
#[track_caller]
pub(crate) fn is_there(scene: &Scene, image: &Image, registry: &Distribution, tag: &str) {
    let name = format!("docker://{}/{IMAGE}:{tag}", registry.host());
    let raw = skopeo(scene, "inspect", &["--raw", "--tls-verify=false"])
        .arg(&name)
        .run();
    assert_eq!(digest(raw.succeeds().stdout().as_bytes()), image.digest());
    let directory = format!("fetched-{}-{tag}", registry.host().replace(':', "-"));
    let copy = ["--all", "--preserve-digests", "--src-tls-verify=false"];
    skopeo(scene, "copy", &copy)
        .arg(&name)
        .arg(format!("dir:{directory}"))
        .run()
        .succeeds();
    for blob in &image.blobs {
        let file = scene.path(Path::new(&directory).join(&blob.digest["sha256:".len()..]));
        let fetched = fs::read(&file).expect("the blob has been fetched");
        assert_eq!(digest(&fetched), blob.digest);
    }
}

/// Promotes from one registry to another.
fn promote(scene: &Scene, from: &Distribution, to: &Distribution) -> Outcome {
    let mut call = scene
        .tool("image-promote")
        .args(["--module", "server", "--from", &from.host()])
        .args(["--release-repo", &to.host()]);
    for ca in [from, to].iter().filter_map(|registry| registry.ca()) {
        call = call.arg("--cacert").arg(ca);
    }
    call.run()
}

/// An index as builds make them; what skopeo 1.9 cannot copy is left out.
pub(crate) fn image() -> Image {
    Recipe::new("app")
        .platforms(2)
        .layers(3)
        .layer_size(100_000)
        .attested()
        .make()
}

#[test]
#[ignore = "asks docker-registry and skopeo: tests/peers/run installs them"]
fn images_are_promoted_within_and_between_registries() {
    type Start = fn() -> Distribution;
    let kinds: [(&str, Start); 4] = [
        ("open", || Distribution::start(Door::Open)),
        ("htpasswd", || Distribution::start(HTPASSWD)),
        ("token", || Distribution::start(Door::Token)),
        ("tls", || Distribution::start_tls(HTPASSWD)),
    ];
    for (kind, start) in kinds {
        let registry = start();
        let scene = scene();
        login(&scene, &[&registry]);
        let image = image();
        push(&scene, &image, &registry, IMAGE);
        let tokens = registry.tokens();
        let outcome = promote(&scene, &registry, &registry);
        outcome.prints("0.0.2\n");
        is_there(&scene, &image, &registry, "0.0.2");
        if kind == "token" {
            assert!(registry.tokens() > tokens, "no token was asked for");
        }

        let other = start();
        // a login of two registries, whose passwords are the same
        login(&scene, &[&registry, &other]);
        if registry.ca().is_some() {
            continue;
        }
        scene.write(
            "README.md",
            format!("<repo-version>{TESTED}</repo-version>\n"),
        );
        promote(&scene, &registry, &other).prints("0.0.2\n");
        is_there(&scene, &image, &other, "0.0.2");
        promote(&scene, &registry, &other).prints("0.0.2\n");
    }
}

#[test]
#[ignore = "asks docker-registry and skopeo: tests/peers/run installs them"]
fn docker_registry_is_asked_no_more_than_it_must_be() {
    // two platforms, 22 blobs
    let image = Image::index("app", 2, 10);
    let scene = scene();
    login(&scene, &[]);
    let holding = |repository: &str| {
        let registry = Distribution::start(Door::Open);
        push(&scene, &image, &registry, repository);
        // one whose log is empty
        Distribution::copy_of(&registry)
    };
    let cost = |from: &str, registries: &[&Distribution]| {
        let asked = || -> usize { registries.iter().map(|each| each.requests()).sum() };
        let before = asked();
        let marker = format!("<repo-version>{TESTED}</repo-version>\n");
        scene.write("README.md", marker);
        let to = registries.last().expect("there is a target").host();
        let call = scene.tool("image-promote").args(["--module", "server"]);
        let call = call.args(["--from", from, "--release-repo", &to]);
        call.run().prints("0.0.2\n");
        asked() - before
    };
    let [near, far] = [holding(IMAGE), Distribution::start(Door::Open)];
    assert_eq!(cost(&near.host(), &[&near, &far]), 84, "another registry");
    assert_eq!(cost(&near.host(), &[&near]), 4, "another tag");
    assert_eq!(cost(&near.host(), &[&near]), 2, "the same again");
    let near = holding(&format!("build/{IMAGE}"));
    let build = format!("{}/build", near.host());
    assert_eq!(cost(&build, &[&near]), 36, "another repository");
}

#[test]
#[ignore = "asks docker-registry and skopeo: tests/peers/run installs them"]
fn where_tags_cannot_be_deleted_undo_says_so() {
    let registry = Distribution::start(Door::Open);
    let scene = scene();
    login(&scene, &[]);
    let old = Recipe::new("old").platforms(1).layers(1).make();
    push(&scene, &old, &registry, IMAGE);
    promote(&scene, &registry, &registry).prints("0.0.2\n");
    let outcome = scene.tool("image-promote").arg("undo").run();
    let outcome = outcome.fails(1);
    outcome.says("cannot delete a tag alone");
    assert!(!scene.read("README.md").contains(TESTED));
    is_there(&scene, &old, &registry, "0.0.2");
}

#[test]
#[ignore = "asks docker-registry, openssl and skopeo: tests/peers/run installs them"]
fn a_certificate_of_openssl_that_signed_itself_opens_a_registry() {
    let registry = Distribution::start_self_signed(HTPASSWD);
    let scene = scene();
    login(&scene, &[&registry]);
    let image = image();
    push(&scene, &image, &registry, IMAGE);
    let untrusted = scene.tool("image-promote");
    let untrusted = untrusted.args(["--module", "server", "--release-repo", &registry.host()]);
    untrusted.run().fails(1).says("`--cacert`");
    promote(&scene, &registry, &registry).prints("0.0.2\n");
    is_there(&scene, &image, &registry, "0.0.2");
}

#[test]
#[ignore = "asks docker-registry, crane and regctl: tests/peers/run installs them"]
fn crane_and_regctl_see_the_same_digest() {
    let registry = Distribution::start(Door::Open);
    let scene = scene();
    login(&scene, &[]);
    // crane takes the attestations of buildkit for broken images
    let image = Recipe::new("app").platforms(2).layers(3).make();
    push(&scene, &image, &registry, IMAGE);
    promote(&scene, &registry, &registry).prints("0.0.2\n");
    let name = format!("{}/{IMAGE}:0.0.2", registry.host());
    let crane = scene
        .command(peer("crane"))
        .args(["digest", "--insecure", &name])
        .run();
    assert_eq!(crane.succeeds().stdout().trim(), image.digest());
    let validate = ["validate", "--insecure", "--remote", &name];
    scene.command(peer("crane")).args(validate).run().succeeds();
    let set = ["registry", "set", "--tls=disabled", &registry.host()];
    scene.command(peer("regctl")).args(set).run().succeeds();
    let regctl = scene
        .command(peer("regctl"))
        .args(["image", "digest", &name])
        .run();
    assert_eq!(regctl.succeeds().stdout().trim(), image.digest());
}

#[test]
#[ignore = "asks docker-registry and regctl: tests/peers/run installs them"]
fn referrers_that_regctl_attaches_go_along() {
    let [registry, other] = [(); 2].map(|()| Distribution::start(Door::Open));
    let scene = scene();
    login(&scene, &[]);
    push(&scene, &image(), &registry, IMAGE);
    for host in [registry.host(), other.host()] {
        let set = ["registry", "set", "--tls=disabled", &host];
        scene.command(peer("regctl")).args(set).run().succeeds();
    }
    let subject = format!("{}/{IMAGE}:{TESTED}", registry.host());
    let put = [
        "artifact",
        "put",
        "--artifact-type",
        "application/vnd.example.sbom",
    ];
    let put = [&put[..], &["--subject", &subject]].concat();
    let call = scene.command(peer("regctl")).args(put).stdin("an sbom\n");
    call.run().succeeds();
    promote(&scene, &registry, &other).prints("0.0.2\n");
    let release = format!("{}/{IMAGE}:0.0.2", other.host());
    let list = [
        "artifact",
        "list",
        &release,
        "--format",
        "{{json .Descriptors}}",
    ];
    let listed = scene.command(peer("regctl")).args(list).run();
    let listed: Value =
        serde_json::from_str(listed.succeeds().stdout()).expect("regctl prints JSON");
    assert_eq!(
        listed[0]["artifactType"], "application/vnd.example.sbom",
        "{listed}"
    );
    let fetch = ["artifact", "get", "--subject", &release];
    scene
        .command(peer("regctl"))
        .args(fetch)
        .run()
        .prints("an sbom\n");
}

#[test]
#[ignore = "asks docker-registry and skopeo: tests/peers/run installs them"]
fn layouts_and_archives_are_those_of_skopeo() {
    let registry = Distribution::start(Door::Open);
    let scene = scene();
    login(&scene, &[]);
    let image = image();
    push(&scene, &image, &registry, IMAGE);
    let source = format!("docker://{}/{IMAGE}:{TESTED}", registry.host());
    for (number, kind) in ["oci", "oci-archive"].into_iter().enumerate() {
        // what skopeo writes is read
        let place = format!("{kind}:from{number}");
        let copy = ["--all", "--preserve-digests", "--src-tls-verify=false"];
        skopeo(&scene, "copy", &copy)
            .arg(&source)
            .arg(format!("{place}:{TESTED}"))
            .run()
            .succeeds();
        scene.write(
            "README.md",
            format!("<repo-version>{TESTED}</repo-version>\n"),
        );
        scene
            .tool("image-promote")
            .args(["--module", "server", "--from", &place])
            .args(["--release-repo", &format!("{kind}:to{number}")])
            .run()
            .prints("0.0.2\n");
        // what we write is read by skopeo
        let raw = skopeo(&scene, "inspect", &["--raw"]);
        let raw = raw.arg(format!("{kind}:to{number}:0.0.2")).run();
        assert_eq!(digest(raw.succeeds().stdout().as_bytes()), image.digest());
        let copy = ["--all", "--preserve-digests"];
        skopeo(&scene, "copy", &copy)
            .arg(format!("{kind}:to{number}:0.0.2"))
            .arg(format!("dir:fetched{number}"))
            .run()
            .succeeds();
    }
    // what docker saves is read, and stays what it is
    let single = Image::single("single", 2);
    single.write_layout(scene.path("single"), TESTED);
    let archive = format!("docker-archive:saved.tar:owner/tool:{TESTED}");
    skopeo(&scene, "copy", &[])
        .arg(format!("oci:single:{TESTED}"))
        .arg(archive)
        .run()
        .succeeds();
    scene.write(
        "README.md",
        format!("<repo-version>{TESTED}</repo-version>\n"),
    );
    scene
        .tool("image-promote")
        .args(["--module", "server", "--from", "docker-archive:saved.tar"])
        .args(["--release-repo", "oci:unpacked"])
        .run()
        .prints("0.0.2\n");
    let raw = skopeo(&scene, "inspect", &["--raw", "oci:unpacked:0.0.2"]).run();
    let manifest: Value = serde_json::from_str(raw.succeeds().stdout()).expect("it is a manifest");
    assert_eq!(manifest["mediaType"], media::OCI_MANIFEST);
    assert_eq!(manifest["layers"].as_array().map(Vec::len), Some(2));
    skopeo(
        &scene,
        "copy",
        &["oci:unpacked:0.0.2", "dir:unpacked-again"],
    )
    .run()
    .succeeds();
}

#[test]
#[ignore = "asks a registry with the referrers API: tests/peers/run builds it"]
fn referrers_go_along_by_the_api() {
    let address = format!("127.0.0.1:{}", free_port());
    let scene = scene();
    login(&scene, &[]);
    let server = Server::start("registry", &[&address], &address);
    let image = Recipe::new("app")
        .platforms(2)
        .referrer("application/vnd.example.sbom")
        .referrer_per_child("application/vnd.example.scan")
        .make();
    let registry = Registry::start();
    registry.push_image(IMAGE, TESTED, &image);
    let outcome = scene
        .tool("image-promote")
        .args(["--module", "server", "--from", &registry.host()])
        .args(["--release-repo", &address])
        .run();
    outcome.prints("0.0.2\n");
    let set = ["registry", "set", "--tls=disabled", &address];
    scene.command(peer("regctl")).args(set).run().succeeds();
    for subject in &image.manifests {
        let name = format!("{address}/{IMAGE}@{}", subject.digest);
        let list = [
            "artifact",
            "list",
            &name,
            "--format",
            "{{json .Descriptors}}",
        ];
        let listed = scene.command(peer("regctl")).args(list).run();
        let listed: Value = serde_json::from_str(listed.succeeds().stdout()).expect("it is JSON");
        // the type it names is that of the configuration
        let digest = listed[0]["digest"].as_str().unwrap_or_default();
        let known = |referrer: &Content| referrer.digest == digest;
        assert!(image.referrers.iter().any(known), "{listed}");
    }
    drop(server);
}
