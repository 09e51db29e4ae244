//! The `image-promote` binary as its users meet it: what it asks of registries, prints, changes and
//! refuses.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set its scene has failed"
)]

mod cli {
    mod copy;
    mod flags;
    mod float;
    mod interrupt;
    mod interrupted;
    mod json;
    mod layout;
    mod many;
    mod promote;
    mod refuse;
    mod undo;
    mod verify;
    mod wire;
}

use duat_tests::image::Image;
use duat_tests::registry::{Registry, Settings};
use duat_tests::{Call, Scene, repository};

/// The version that was tested.
const TESTED: &str = "0.0.2-main-aaaagjecrgf";
/// The repository of the module `server`.
const SERVER: &str = "owner/tool/server";
const WORKER: &str = "owner/tool/worker";

/// A repository whose README carries a pre-release, and a registry.
struct Stage {
    scene: Scene,
    registry: Registry,
}

impl Stage {
    fn new() -> Self {
        Self::with(Settings::new())
    }

    fn with(settings: Settings) -> Self {
        Self {
            scene: scene(TESTED),
            registry: settings.start(),
        }
    }

    /// Puts an image where the tested one is looked for, and forgets the requests.
    fn tested(&self, image: &Image) -> String {
        let digest = self.registry.push_image(SERVER, TESTED, image);
        self.registry.forget();
        digest
    }

    /// Returns a call that promotes `server` in the registry.
    fn promote<'a>(&'a self, arguments: &[&str]) -> Call<'a> {
        let host = self.registry.host();
        let call = self.scene.tool("image-promote").args(arguments);
        let call = call.args(["--release-repo", &host]);
        if arguments
            .iter()
            .any(|each| each.starts_with("--module") || *each == "server")
        {
            call
        } else {
            call.args(["--module", "server"])
        }
    }

    /// Returns what the README carries.
    fn version(&self) -> String {
        version(&self.scene)
    }
}

/// Returns a scene whose README carries this version.
fn scene(version: &str) -> Scene {
    let scene = Scene::new();
    let text = format!("# Tool\n\nVersion: <repo-version>{version}</repo-version>\n");
    scene.write("README.md", text);
    scene.script(repository::MAIN);
    scene
}

fn version(scene: &Scene) -> String {
    let text = scene.read("README.md");
    let (_, rest) = text.split_once("<repo-version>").unwrap();
    rest.split('<').next().unwrap().to_owned()
}
