//! The races of `image-promote`: registries fifty milliseconds away, from a tag to a whole copy.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use duat_tests::image::Image;
use duat_tests::registry::{Location, Settings};
use duat_tests::relay::Relay;
use duat_tests::{Scene, repository};

use crate::field::{Event, Field};
use crate::goal::{self, Goal};
use crate::race::{Result, Sample};
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
    ],
};

const NOTES: &str = "\
`image-promote` beside crane, regctl and skopeo, all against the same double of a registry on
loopback, with plain HTTP, through a relay that adds 50 ms there and back. The image is an index of
two platforms with ten small layers each: 22 blobs. Every round begins with registries that hold the
tested image and nothing else, but for *again*, where the release is there already.

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
const ROUND_TRIP: Duration = Duration::from_millis(50);
const ROUNDS: usize = 5;

/// From where to where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Tag,
    Again,
    Mount,
    Copy,
}

const WAYS: [(&str, Way, &str); 4] = [
    ("tag", Way::Tag, "another tag of the same repository"),
    ("again", Way::Again, "the same once more"),
    (
        "mount",
        Way::Mount,
        "another repository of the same registry",
    ),
    ("copy", Way::Copy, "another registry, which has nothing"),
];

/// Runs the races that are asked for.
fn races(field: &Field, asked: Asked<'_>) -> Vec<Event> {
    let image = Image::index("app", 2, 10);
    let ways = WAYS.into_iter().filter(|(name, ..)| asked(name));
    let races = ways.map(|(name, way, title)| {
        say(format_args!("{name}: {ROUNDS} rounds"));
        Event {
            name,
            title: format!("{title}, 50 ms away"),
            reference: OURS,
            rounds: ROUNDS,
            results: race(field, way, &image),
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
        if matches!(event.name, "mount" | "copy") {
            goals.extend(goal::within(event, OURS, REGCTL, 1.0));
            goals.extend(goal::within(event, OURS, SKOPEO, 1.0));
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
    let search = std::env::var_os("PATH").unwrap_or_default();
    let skopeo = std::env::split_paths(&search).map(|folder| folder.join(SKOPEO));
    programs.extend(
        skopeo
            .filter(|path| path.is_file())
            .take(1)
            .map(|path| (SKOPEO, path)),
    );
    programs
}

/// Lets all programs do the same in turns; a first round is not counted.
fn race(field: &Field, way: Way, image: &Image) -> Vec<Result> {
    let programs = programs(field);
    let mut used: Vec<Vec<Usage>> = vec![Vec::new(); programs.len()];
    for round in 0..=ROUNDS {
        for (index, (name, path)) in programs.iter().enumerate() {
            let usage = run(name, path, way, image);
            if round > 0 {
                used[index].push(usage);
            }
        }
    }
    let results = programs.iter().zip(used).map(|((name, _), used)| Result {
        name: (*name).to_owned(),
        wall: Sample::new(used.iter().map(|usage| usage.wall)),
        processor: Sample::new(used.iter().map(|usage| usage.processor)),
    });
    results.collect()
}

/// Runs one program on fresh registries, and looks at what it did.
fn run(name: &str, program: &Path, way: Way, image: &Image) -> Usage {
    let registries = [(); 2].map(|()| Settings::new().location(Location::Path).start());
    let relays = registries
        .each_ref()
        .map(|registry| Relay::to(registry.address(), ROUND_TRIP));
    let [near, far] = relays.each_ref().map(Relay::address);
    let (prefix, place, to) = match way {
        Way::Tag | Way::Again => ("", &registries[0], near),
        Way::Mount => ("/build", &registries[0], near),
        Way::Copy => ("", &registries[1], far),
    };
    let source = format!("{prefix}/{IMAGE}");
    registries[0].push_image(source.trim_start_matches('/'), TESTED, image);
    if way == Way::Again {
        registries[0].push_image(IMAGE, "0.0.2", image);
    }
    let scene = Scene::new();
    let from = format!("{near}{prefix}");
    let mut command = command(name, program, way, &from, to, &scene);
    let (usage, status) =
        usage::of(&mut command).unwrap_or_else(|error| panic!("{name} cannot be run: {error}"));
    assert!(status.success(), "{name} failed: {status}");
    assert_eq!(
        place.tag(IMAGE, "0.0.2").as_deref(),
        Some(image.digest()),
        "{name}"
    );
    assert_eq!(place.lacks(IMAGE, image), Vec::<String>::new(), "{name}");
    usage
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
