//! Over which wires a registry is reached, and whom we take for it.

use duat_tests::Call;
use duat_tests::http::{Authority, Mishap};
use duat_tests::image::Image;
use duat_tests::registry::{Location, Registry, Settings};

use crate::{SERVER, Stage, TESTED, scene};

/// A repository, and a registry that is spoken to in some way of its own.
fn stage(registry: Registry) -> Stage {
    Stage {
        scene: scene(TESTED),
        registry,
    }
}

/// Returns a call that promotes, with files of the scene named by options.
fn promote<'a>(stage: &'a Stage, files: &[(&str, &str, String)]) -> Call<'a> {
    for (_, name, content) in files {
        stage.scene.write(name, content);
    }
    let options = files.iter().flat_map(|(option, name, _)| [*option, *name]);
    stage.promote(&[]).args(options)
}

#[test]
fn a_client_certificate_opens_a_registry_that_asks_for_one() {
    let authority = Authority::new();
    let stage = stage(Settings::new().start_with(authority.server_for_clients()));
    let digest = stage.tested(&Image::index("app", 2, 2));
    let (certificate, key) = authority.pair(&["ci"]);
    let ca = ("--cacert", "ca.pem", authority.pem());
    promote(&stage, std::slice::from_ref(&ca)).run().fails(6);
    assert_eq!(stage.registry.requests().len(), 0);
    let outcome = promote(
        &stage,
        &[
            ca,
            ("--client-cert", "client.pem", certificate.pem()),
            ("--client-key", "client.key", key.serialize_pem()),
        ],
    )
    .run();
    outcome.prints("0.0.2\n");
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), Some(digest));
}

#[test]
fn a_key_that_is_not_the_certificates_is_a_usage_error() {
    let authority = Authority::new();
    let stage = Stage::new();
    let [(certificate, _), (_, key)] = [(); 2].map(|()| authority.pair(&[]));
    let outcome = promote(
        &stage,
        &[
            ("--client-cert", "client.pem", certificate.pem()),
            ("--client-key", "client.key", key.serialize_pem()),
        ],
    )
    .run();
    let outcome = outcome.fails(2);
    outcome.says("failed to use `client.pem`");
    assert_eq!(stage.registry.requests().len(), 0);
}

#[test]
fn a_certificate_that_signed_itself_is_taken_when_it_is_named() {
    let own = Authority::for_itself(&["127.0.0.1"]);
    let stage = stage(Settings::new().start_with(own.itself()));
    stage.tested(&Image::single("app", 1));
    let outcome = stage.promote(&[]).run();
    let outcome = outcome.fails(1);
    let outcome = outcome.says("its certificate cannot be trusted");
    outcome.says("`--cacert`");
    let named = ("--cacert", "registry.pem", own.pem());
    promote(&stage, &[named]).run().prints("0.0.2\n");
}

#[test]
fn a_registry_on_the_loopback_of_version_six_is_one() {
    let stage = stage(Settings::new().start_v6());
    let digest = stage.tested(&Image::index("app", 2, 2));
    stage.promote(&["--also", "latest"]).run().prints("0.0.2\n");
    for tag in ["0.0.2", "latest"] {
        assert_eq!(stage.registry.tag(SERVER, tag).as_ref(), Some(&digest));
    }
    let undone = stage.scene.tool("image-promote").arg("undo").run();
    undone.prints(&format!("{TESTED}\n"));
    assert_eq!(stage.registry.tag(SERVER, "0.0.2"), None);
}

#[test]
fn http_2_carries_a_whole_image_though_streams_and_connections_end() {
    for mishap in [
        Mishap::None,
        Mishap::Refused,
        Mishap::Reset,
        Mishap::Retired,
        Mishap::Aborted,
    ] {
        let authority = Authority::new();
        let settings = Settings::new().location(Location::Path);
        // the 12th request is in the middle of a copy
        let target =
            settings.start_h2(
                &authority,
                move |number| {
                    if number == 12 { mishap } else { Mishap::None }
                },
            );
        let source = Registry::start();
        let image = Image::index("app", 2, 10);
        source.push_image(SERVER, TESTED, &image);
        let stage = stage(target);
        let ca = ("--cacert", "ca.pem", authority.pem());
        let outcome = promote(&stage, &[ca]).args(["--from", &source.host()]);
        outcome.run().prints("0.0.2\n");
        let lacks = stage.registry.lacks(SERVER, &image);
        assert_eq!(lacks, Vec::<String>::new(), "{mishap:?}");
        // an upload whose opening was answered into a line that was cut stays open
        let unheard = stage.registry.unheard();
        let is_opening = |request: &&String| request.starts_with("POST ");
        let openings = unheard.iter().filter(is_opening).count();
        assert_eq!(stage.registry.open_sessions(), openings, "{mishap:?}");
        let is_cut = mishap == Mishap::Aborted;
        assert!(is_cut || unheard.is_empty(), "{mishap:?}: {unheard:?}");
    }
}

#[test]
fn a_file_that_is_no_certificate_is_named() {
    let stage = Stage::new();
    let outcome = promote(&stage, &[("--cacert", "notes.txt", "notes\n".to_owned())]).run();
    let outcome = outcome.fails(2);
    outcome.says("failed to use `notes.txt`").says("PEM");
    assert_eq!(stage.registry.requests().len(), 0);
}

#[test]
fn a_registry_that_is_not_there_is_told_soon() {
    let stage = Stage::new();
    let begun = std::time::Instant::now();
    let host = Registry::start().host();
    let call = stage
        .scene
        .tool("image-promote")
        .args(["server", "--release-repo", &host]);
    let outcome = call.run();
    let outcome = outcome.fails(6).says("no connection");
    outcome.says("look at the name of the registry");
    assert!(begun.elapsed() < std::time::Duration::from_secs(5));
}
