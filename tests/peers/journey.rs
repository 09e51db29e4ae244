//! The journey of docs/guide.md against docker-registry, judged by skopeo; also from two halves that
//! were interrupted.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use duat_tests::distribution::{Distribution, Door};
use duat_tests::github::{Fault, GitHub, Route};
use duat_tests::image::{Image, Recipe};
use duat_tests::relay::Relay;
use duat_tests::{Call, Scene, repository, session};

use crate::promote::{is_there, login};

const REPOSITORY: &str = "owner/tool";
/// The stamp of the scene's instant.
const INSTANT: u64 = 1_554_338_280;
const TESTED: &str = "0.0.2-42-new-button-aaaagjecrgf";
/// How far away the registry is: far enough for a kill to come between two requests.
const ROUND_TRIP: Duration = Duration::from_millis(60);

#[test]
#[ignore = "asks docker-registry and skopeo: tests/peers/run installs them"]
fn the_guide_is_played_against_docker_registry() {
    let registry = Distribution::start(Door::Open);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let guide = fs::read_to_string(root.join("docs/guide.md")).expect("the guide can be read");
    let played = session::play_against(&registry.host(), &guide, |_| {});
    let difference = guide
        .lines()
        .zip(played.lines())
        .find(|(says, is)| says != is);
    assert_eq!(difference, None);
    assert_eq!(guide, played);
    // what skopeo finds in the registry is what the guide says
    let scene = Scene::new();
    let name = format!("docker://{}/acme/app/web:0.2.1", registry.host());
    let inspect = ["inspect", "--raw", "--tls-verify=false", &name];
    let raw = scene
        .command(duat_tests::peer("skopeo"))
        .args(inspect)
        .run();
    let digest = duat_tests::image::digest(raw.succeeds().stdout().as_bytes());
    assert!(guide.contains(&format!("registry.example/acme/app/web@{digest}")));
}

/// Everything that a release needs, up to the tested image.
struct Release {
    scene: Scene,
    registry: Distribution,
    relay: Relay,
    github: GitHub,
    image: Image,
}

impl Release {
    /// Types the first part of the journey.
    fn prepared() -> Self {
        let scene = Scene::new();
        scene.write(
            "README.md",
            "# Tool\n\nVersion <repo-version>0.0.1</repo-version>\n",
        );
        scene.write("VERSION", "0.0.1\n");
        scene.write("duat.toml", "[version]\ntargets = ['VERSION']\n");
        scene.write(
            "Dockerfile.in",
            "FROM scratch\nCOPY tool-{{ duat.version }} /tool\n",
        );
        scene.write(".gitignore", "/*\n!README.md\n!VERSION\n");
        scene.script(repository::MAIN);
        scene.script("git switch --quiet --create 42-new-button");
        let registry = Distribution::start(Door::Open);
        let address: SocketAddr = registry.address();
        let release = Self {
            relay: Relay::to(address, ROUND_TRIP),
            github: GitHub::start(),
            image: Recipe::new("app")
                .platforms(2)
                .layers(3)
                .layer_size(20_000)
                .make(),
            scene,
            registry,
        };
        login(&release.scene, &[]);
        let scene = &release.scene;
        scene.semver(["patch"]).run().prints("0.0.2\n");
        let pre = scene.semver(["pre"]).at(INSTANT).run();
        pre.prints(&format!("{TESTED}\n"));
        let pair = ["-i", "Dockerfile.in", "-o", "Dockerfile"];
        scene.stencil(pair).run().prints("");
        assert!(scene.read("Dockerfile").contains(&format!("tool-{TESTED}")));
        release.image.write_layout(scene.path("build"), TESTED);
        release
    }

    fn promote(&self) -> Call<'_> {
        let to = self.relay.address().to_string();
        let arguments = ["server", "--from", "oci:build", "--also", "latest"];
        let call = self.scene.tool("image-promote").args(arguments);
        call.args(["--release-repo", &to])
    }

    fn publish(&self) -> Call<'_> {
        let arguments = [
            "dist/*",
            "--checksums",
            "--jobs",
            "1",
            "--notes",
            "A new button.",
        ];
        self.github.call(&self.scene, arguments)
    }

    /// Tells whether the files carry the release; they agree.
    #[track_caller]
    fn is_released(&self) -> bool {
        let outcome = self.scene.semver(["check"]).run();
        outcome.succeeds().stdout() == "0.0.2\n"
    }

    /// Types what comes between the image and the release on GitHub.
    fn tag(&self) {
        let scene = &self.scene;
        scene.script("git commit --quiet --all --message=Release\ngit tag 0.0.2");
        scene.write("dist/tool", "the program\n");
        scene.write("dist/tool.1", "its manual\n");
        self.github.repository(REPOSITORY).push(scene);
    }

    /// Asserts that all is there, and that doing it again changes nothing.
    #[track_caller]
    fn is_complete(&self) {
        for tag in ["0.0.2", "latest"] {
            is_there(&self.scene, &self.image, &self.registry, tag);
        }
        let release = self.github.repository(REPOSITORY).release();
        assert!(!release.draft);
        assert_eq!(release.asset_names(), ["SHA256SUMS", "tool", "tool.1"]);
        assert_eq!(
            *release.asset("tool").expect("it is there").bytes,
            *b"the program\n"
        );
        self.github.forget();
        self.promote().run().prints("0.0.2\n");
        self.publish().run().prints("0.0.2\n");
        assert_eq!(self.github.writes(), 0, "{}", self.github.trace());
        assert_eq!(self.scene.git(["status", "--short"]), "");
    }
}

#[test]
#[ignore = "asks docker-registry and skopeo: tests/peers/run installs them"]
fn a_journey_of_two_interrupted_halves_arrives() {
    let release = Release::prepared();
    // the first half, killed later and later until it is through
    let mut kills = 0;
    for wait in (1_u64..).map(|number| Duration::from_millis(number * 150)) {
        let running = release.promote().start();
        sleep(wait);
        let outcome = running.kill();
        if outcome.code() == Some(0) {
            outcome.prints("0.0.2\n");
            break;
        }
        kills += 1;
        // files say so only when the registry does
        if release.is_released() {
            is_there(&release.scene, &release.image, &release.registry, "0.0.2");
        }
    }
    assert!(kills > 0, "no kill came in time");
    release.promote().run().prints("0.0.2\n");
    assert!(release.is_released());
    release.tag();
    // the second half, killed at each of its uploads in turn
    for upload in 1..=3 {
        release.github.forget();
        release.github.fault(Route::Upload, upload, Fault::Hang);
        let running = release.publish().start();
        let reached = (0..1_000).any(|_| {
            sleep(Duration::from_millis(20));
            release.github.count(Route::Upload) >= upload
        });
        let outcome = running.kill();
        let drafts = release.github.repository(REPOSITORY).releases();
        if reached && outcome.code().is_none() {
            assert!(drafts.iter().all(|one| one.draft), "{upload}");
        }
    }
    release.github.forget();
    release.publish().run().prints("0.0.2\n");
    release.is_complete();
}
