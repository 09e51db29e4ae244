//! How many requests a promotion takes, and how long they take at a distance, beside the copies of
//! others. The requests are compared; the times are printed, for a machine has its moods.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use duat_tests::image::Image;
use duat_tests::registry::{Location, Registry, Settings};
use duat_tests::relay::Relay;
use duat_tests::{Call, Scene, peer};

use crate::promote::{IMAGE, TESTED, login, scene};

/// How far away the registries are.
const ROUND_TRIP: Duration = Duration::from_millis(50);

/// From where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Another tag of the same repository.
    Tag,
    /// The same once more.
    Again,
    /// Another repository of the same registry.
    Mount,
    /// Another registry, which has nothing.
    Copy,
}

impl Way {
    /// Returns how many requests are enough for an index of two platforms and 22 blobs.
    fn most(self) -> usize {
        match self {
            Self::Tag => 4,
            Self::Again => 2,
            Self::Mount => 37,
            Self::Copy => 85, // six of them look whether a copy was broken off here
        }
    }
}

const OURS: &str = "image-promote";

/// Two registries at a distance, and an image in one of them.
struct Field {
    scene: Scene,
    registries: [Registry; 2],
    relays: [Relay; 2],
}

impl Field {
    fn new(way: Way, image: &Image) -> Self {
        let registries = [(); 2].map(|()| Settings::new().location(Location::Path).start());
        let relays = [0, 1].map(|at: usize| Relay::to(registries[at].address(), ROUND_TRIP));
        let field = Self {
            scene: scene(),
            registries,
            relays,
        };
        login(&field.scene, &[]);
        let repository = if way == Way::Mount {
            format!("build/{IMAGE}")
        } else {
            IMAGE.to_owned()
        };
        field.registries[0].push_image(&repository, TESTED, image);
        if way == Way::Again {
            field.registries[0].push_image(IMAGE, "0.0.2", image);
        }
        let hosts = field.relays.iter().map(|relay| relay.address().to_string());
        for host in hosts {
            let set = ["registry", "set", "--skip-check", "--tls=disabled", &host];
            field
                .scene
                .command(peer("regctl"))
                .args(set)
                .run()
                .succeeds();
        }
        field.registries.iter().for_each(Registry::forget);
        field
    }

    fn call(&self, tool: &str, way: Way) -> Call<'_> {
        let [near, far] = [0, 1].map(|at: usize| self.relays[at].address().to_string());
        let (prefix, target) = match way {
            Way::Tag | Way::Again => ("", &near),
            Way::Mount => ("/build", &near),
            Way::Copy => ("", &far),
        };
        let from = format!("{near}{prefix}/{IMAGE}:{TESTED}");
        let to = format!("{target}/{IMAGE}:0.0.2");
        let is_tag = matches!(way, Way::Tag | Way::Again);
        match tool {
            OURS => {
                let call = self.scene.tool(OURS).args(["--module", "server"]);
                let call = call.args(["--from", &format!("{near}{prefix}")]);
                call.args(["--release-repo", target])
            }
            "crane" if is_tag => {
                let call = self.scene.command(peer("crane"));
                call.args(["tag", "--insecure", &from, "0.0.2"])
            }
            "crane" => {
                let call = self.scene.command(peer("crane"));
                call.args(["copy", "--insecure", &from, &to])
            }
            "regctl" => self
                .scene
                .command(peer("regctl"))
                .args(["image", "copy", &from, &to]),
            _ => {
                let copy = ["--insecure-policy", "copy", "--all", "--preserve-digests"];
                let call = self.scene.command(peer("skopeo")).args(copy);
                let call = call.args(["--src-tls-verify=false", "--dest-tls-verify=false"]);
                call.args([format!("docker://{from}"), format!("docker://{to}")])
            }
        }
    }

    fn requests(&self) -> usize {
        self.registries
            .iter()
            .map(|registry| registry.requests().len())
            .sum()
    }
}

#[test]
#[ignore = "asks crane, regctl and skopeo: tests/peers/run installs them"]
fn a_promotion_takes_no_more_requests_than_the_copies_of_others() {
    let image = Image::index("app", 2, 10);
    let mut table = String::new();
    let mut worse = Vec::new();
    for way in [Way::Tag, Way::Again, Way::Mount, Way::Copy] {
        let mut ours = 0;
        for tool in [OURS, "crane", "regctl", "skopeo"] {
            let field = Field::new(way, &image);
            let start = Instant::now();
            field.call(tool, way).run().succeeds();
            let elapsed = start.elapsed();
            let requests = field.requests();
            if tool == OURS {
                ours = requests;
                let listed = field.registries.each_ref().map(Registry::requests);
                let listed = listed.map(|requests| requests.to_string()).concat();
                assert!(requests <= way.most(), "{way:?}: {requests}\n{listed}");
            }
            // what is not looked at takes fewer requests: a tag that is simply overwritten
            let is_blind = matches!(way, Way::Tag | Way::Again) && tool != OURS;
            if requests < ours && !is_blind {
                worse.push(format!("{way:?}: {ours}, and {tool} {requests}"));
            }
            let elapsed = elapsed.as_millis();
            let line = writeln!(table, "{way:?} {tool}: {requests} requests, {elapsed} ms");
            line.expect("a text takes what is written");
        }
    }
    assert!(worse.is_empty(), "{worse:?}\n{table}");
    // shown with --nocapture
    let _ = std::io::stderr().write_all(table.as_bytes());
}
