//! The races of `image-promote`: docker-registry fifty milliseconds away, from a tag to a whole copy,
//! and a large image without any distance.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use duat_tests::distribution::{Distribution, Door};
use duat_tests::image::{Image, Recipe};
use duat_tests::relay::Relay;
use duat_tests::{Scene, repository};

use crate::field::{Event, Field};
use crate::goal::{self, Goal};
use crate::race::{self, Result, Sample};
use crate::say;
use crate::tool::{Asked, Tool};
use crate::usage::{self, Usage};

pub(crate) const TOOL: Tool = Tool {
    name: "image-promote",
    notes: NOTES,
    races,
    goals,
    versions: &[
        ("crane", "go/crane", "version"),
        ("regctl", "go/regctl", "version"),
        ("skopeo", "skopeo", "--version"),
        ("docker-registry", "docker-registry", "--version"),
    ],
};

const NOTES: &str = "\
`image-promote` beside crane, regctl and skopeo, all against Debian's docker-registry on loopback, with
plain HTTP, through a relay that adds 50 ms there and back, and to the greeting of each connection: no
program can do anything in less than 100 ms. The image is an index of two platforms with ten small
layers each: 22 blobs. Every run begins with registries that hold the tested image and nothing else, but
for *again*, where the release is there already; the registry's own log counts the requests. The large
image has four layers of 128 MiB, and goes from one registry to another without any distance.

crane and regctl overwrite a release tag without looking; skopeo sends what is there once more.
`image-promote` looks before, reads the tag back after, and looks for signatures where the repository
changes.
";

const OURS: &str = "image-promote";
const CRANE: &str = "crane";
const REGCTL: &str = "regctl";
const SKOPEO: &str = "skopeo";

const TESTED: &str = "0.0.2-main-aaaagjecrgf";
const IMAGE: &str = "owner/tool/server";
/// The stripped release binary stays under this.
const SIZE: u64 = 15_000_000;
/// What it may take while it copies a large image.
const MEMORY: u64 = 32_000_000;
const ROUND_TRIP: Duration = Duration::from_millis(50);
const ROUNDS: usize = 5;

/// From where to where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Tag,
    Again,
    Mount,
    Copy,
    Large,
}

const WAYS: [(&str, Way, &str); 5] = [
    (
        "tag",
        Way::Tag,
        "another tag of the same repository, 50 ms away",
    ),
    ("again", Way::Again, "the same once more, 50 ms away"),
    (
        "mount",
        Way::Mount,
        "another repository of the same registry, 50 ms away",
    ),
    (
        "copy",
        Way::Copy,
        "another registry, which has nothing, 50 ms away",
    ),
    ("512", Way::Large, "512 MiB to another registry"),
];

/// Runs the races that are asked for.
fn races(field: &Field, asked: Asked<'_>) -> Vec<Event> {
    // the runner has said so if one is missing
    if program(SKOPEO).is_none() || program("docker-registry").is_none() {
        return Vec::new();
    }
    let ways = WAYS.into_iter().filter(|(name, ..)| asked(name));
    let races = ways.map(|(name, way, title)| {
        say(format_args!("{name}: {ROUNDS} rounds"));
        let ground = Ground::new(way);
        Event {
            name,
            title: title.to_owned(),
            reference: OURS,
            rounds: ROUNDS,
            results: ground.race(field),
            stopped: Vec::new(),
        }
    });
    races.collect()
}

fn goals(field: &Field, events: &[Event]) -> Vec<Goal> {
    let mut goals = goal::small(field, OURS, SIZE);
    for event in events {
        let times = if event.name == "tag" { 0.5 } else { 1.0 };
        goals.extend(goal::within(event, OURS, CRANE, times));
        if matches!(event.name, "mount" | "copy" | "512") {
            goals.extend(goal::within(event, OURS, REGCTL, 1.0));
            goals.extend(goal::within(event, OURS, SKOPEO, 1.0));
        }
        if matches!(event.name, "mount" | "copy") {
            let rivals = [CRANE, REGCTL, SKOPEO].into_iter();
            goals.extend(rivals.filter_map(|rival| goal::fewer(event, OURS, rival)));
        }
        if event.name == "512" {
            goals.extend(Ground::new(Way::Large).memory(field));
        }
    }
    goals
}

/// Returns the programs that are there.
fn programs(field: &Field) -> Vec<(&'static str, PathBuf)> {
    let own = [
        (OURS, field.directory.join("bin").join(OURS)),
        (CRANE, field.directory.join("go").join(CRANE)),
        (REGCTL, field.directory.join("go").join(REGCTL)),
    ];
    let mut programs: Vec<(&str, PathBuf)> =
        own.into_iter().filter(|(_, path)| path.is_file()).collect();
    programs.extend(program(SKOPEO).map(|path| (SKOPEO, path)));
    programs
}

/// Returns where a program of the system is.
fn program(name: &str) -> Option<PathBuf> {
    let search = std::env::var_os("PATH").unwrap_or_default();
    let mut paths = std::env::split_paths(&search).map(|folder| folder.join(name));
    paths.find(|path| path.is_file())
}

/// What every run of a race begins with.
struct Ground {
    way: Way,
    image: Image,
    /// Holds the tested image, and is copied for each run.
    held: Distribution,
}

impl Ground {
    fn new(way: Way) -> Self {
        let image = match way {
            Way::Large => Recipe::new("large").layers(4).layer_size(128 << 20).make(),
            _ => Image::index("app", 2, 10),
        };
        let held = Distribution::start(Door::Open);
        let scene = Scene::new();
        image.write_layout(scene.path("image"), TESTED);
        let push = |name: String| {
            let copy = ["--insecure-policy", "copy", "--all", "--preserve-digests"];
            let call = scene.command(SKOPEO).args(copy);
            let call = call.args(["--dest-tls-verify=false", &format!("oci:image:{TESTED}")]);
            call.arg(format!("docker://{}/{name}", held.host()))
                .run()
                .succeeds();
        };
        let prefix = prefix(way);
        push(format!("{prefix}{IMAGE}:{TESTED}"));
        if way == Way::Again {
            push(format!("{IMAGE}:0.0.2"));
        }
        Self { way, image, held }
    }

    /// Lets all programs do the same in turns; a first round is not counted.
    fn race(&self, field: &Field) -> Vec<Result> {
        let programs = programs(field);
        let mut used: Vec<Vec<(Usage, usize)>> = vec![Vec::new(); programs.len()];
        for round in 0..=ROUNDS {
            for index in race::order(round, programs.len()) {
                let (name, path) = &programs[index];
                let run = Run::new(self, name, path);
                let (usage, requests) = run.measure(self, name);
                if round > 0 {
                    used[index].push((usage, requests));
                }
            }
        }
        let results = programs.iter().zip(used).map(|((name, _), used)| {
            let mut requests: Vec<usize> = used.iter().map(|(_, requests)| *requests).collect();
            requests.sort_unstable();
            Result {
                name: (*name).to_owned(),
                wall: Sample::new(used.iter().map(|(usage, _)| usage.wall)),
                processor: Sample::new(used.iter().map(|(usage, _)| usage.processor)),
                requests: requests.get(requests.len() / 2).copied(),
            }
        });
        results.collect()
    }

    /// Tells how much memory ours takes at most.
    fn memory(&self, field: &Field) -> Option<Goal> {
        let (name, path) = programs(field)
            .into_iter()
            .find(|(name, _)| *name == OURS)?;
        let mut run = Run::new(self, name, &path);
        let peak = usage::peak(&mut run.command).expect("it can be run")?;
        Some(Goal {
            promise: format!("{OURS} copies 512 MiB within 32 MB of memory"),
            measured: format!("{} MB", peak.div_ceil(1_000_000)),
            kept: peak <= MEMORY && run.is_done(self),
        })
    }
}

fn prefix(way: Way) -> &'static str {
    if way == Way::Mount { "build/" } else { "" }
}

/// One run of one program, on registries of its own.
struct Run {
    command: Command,
    registries: Vec<Distribution>,
    #[expect(dead_code, reason = "they are at work until they are dropped")]
    relays: Vec<Relay>,
    #[expect(dead_code, reason = "it is there until it is dropped")]
    scene: Scene,
}

impl Run {
    fn new(ground: &Ground, name: &str, program: &Path) -> Self {
        let mut registries = vec![Distribution::copy_of(&ground.held)];
        if matches!(ground.way, Way::Copy | Way::Large) {
            registries.push(Distribution::start(Door::Open));
        }
        let addresses: Vec<SocketAddr> = registries.iter().map(Distribution::address).collect();
        let (relays, addresses) = if ground.way == Way::Large {
            (Vec::new(), addresses)
        } else {
            let relays = addresses.into_iter();
            let relays: Vec<Relay> = relays.map(|to| Relay::to(to, ROUND_TRIP)).collect();
            let addresses = relays.iter().map(Relay::address).collect();
            (relays, addresses)
        };
        let [near, far] = [addresses.first(), addresses.last()].map(|it| *it.expect("one"));
        let from = format!("{near}/{}", prefix(ground.way));
        let scene = Scene::new();
        let from = from.trim_end_matches('/');
        let command = command(name, program, ground.way, from, far, &scene);
        Self {
            command,
            registries,
            relays,
            scene,
        }
    }

    /// Runs it, and looks at what it did. Returns what it used, and how many requests it made.
    fn measure(mut self, ground: &Ground, name: &str) -> (Usage, usize) {
        let (usage, status) = usage::of(&mut self.command)
            .unwrap_or_else(|error| panic!("{name} cannot be run: {error}"));
        assert!(status.success(), "{name} failed: {status}");
        let requests = self.registries.iter().map(Distribution::requests).sum();
        assert!(self.is_done(ground), "{name} has not done it");
        (usage, requests)
    }

    /// Tells whether the release is there, and all that belongs to it.
    fn is_done(&self, ground: &Ground) -> bool {
        let Some(target) = self.registries.last() else {
            return false;
        };
        let released = target.find(IMAGE, "manifests/0.0.2");
        let mut blobs = ground.image.blobs.iter();
        released.as_deref() == Some(ground.image.digest())
            && blobs.all(|blob| {
                let place = format!("blobs/{}", blob.digest);
                target.find(IMAGE, &place).is_some()
            })
    }
}

/// Returns the command that makes a release, given where from and where to.
fn command(
    name: &str,
    program: &Path,
    way: Way,
    from: &str,
    to: SocketAddr,
    scene: &Scene,
) -> Command {
    let tested = format!("{from}/{IMAGE}:{TESTED}");
    let release = format!("{to}/{IMAGE}:0.0.2");
    let call = scene.command(program);
    let call = match name {
        OURS => {
            let marker = format!("<repo-version>{TESTED}</repo-version>\n");
            scene.write("README.md", marker);
            scene.script(repository::MAIN);
            call.args(["--quiet", "--module", "server"])
                .args(["--from", from])
                .args(["--release-repo", &to.to_string()])
        }
        CRANE if matches!(way, Way::Tag | Way::Again) => {
            call.args(["tag", "--insecure", &tested, "0.0.2"])
        }
        CRANE => call.args(["copy", "--insecure", &tested, &release]),
        REGCTL => {
            let near = from.split('/').next().unwrap_or_default().to_owned();
            let hosts =
                [near, to.to_string()].map(|host| format!("\"{host}\": {{\"tls\": \"disabled\"}}"));
            let text = format!("{{\"hosts\": {{{}}}}}", hosts.join(","));
            scene.write(scene.home().join(".regctl/config.json"), text);
            call.args(["image", "copy", &tested, &release])
        }
        _ => call
            .args(["--insecure-policy", "copy", "--all", "--preserve-digests"])
            .args(["--src-tls-verify=false", "--dest-tls-verify=false"])
            .args([format!("docker://{tested}"), format!("docker://{release}")]),
    };
    call.into_command()
}
