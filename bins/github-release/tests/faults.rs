//! The `github-release` binary where things go wrong: answers are lost, servers fail, limits are met,
//! others are faster. Whatever happens, nothing is half published, and the next run gets there.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set its scene has failed"
)]

mod faults {
    mod between;
    mod bytes;
    mod halves;
    mod kill;
    mod limits;
    mod meanwhile;
    mod others;
    mod pairs;
    mod refusals;
    mod single;
    mod slow;
    mod smooth;
    mod unseen;
}

use std::sync::OnceLock;

use duat_tests::github::{GitHub, History, Release, Repository};
use duat_tests::http::Authority;
use duat_tests::{Outcome, Scene, repository};

const REPOSITORY: &str = "owner/tool";
const VERSION: &str = "1.2.3";

/// The files of the release, and their bytes.
fn files() -> &'static [(&'static str, Vec<u8>); 2] {
    static FILES: OnceLock<[(&str, Vec<u8>); 2]> = OnceLock::new();
    FILES.get_or_init(|| {
        [
            ("one.bin", b"one".to_vec()),
            ("two.bin", (0..=255).cycle().take(300_000).collect()),
        ]
    })
}

/// A scene whose version is tagged, with two files in `dist`: one that was written a moment ago, and
/// is hashed before it is sent, and an old one, which is hashed on its way.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>1.2.3</repo-version>\n");
    scene.write(".gitignore", "dist/\n");
    scene.script(repository::MAIN);
    scene.script("git tag 1.2.3");
    for (name, bytes) in files() {
        scene.write(format!("dist/{name}"), bytes);
    }
    scene.age("dist/two.bin");
    scene
}

/// A scene, and what it pushes: for scripts of which there are many.
struct Stage {
    scene: Scene,
    history: History,
}

impl Stage {
    fn new() -> Self {
        let scene = scene();
        // the certificates of the machine are many, and none is needed
        scene.write(certificates(&scene), Authority::new().pem());
        let history = History::of(&scene);
        Self { scene, history }
    }

    fn github(&self) -> GitHub {
        let github = GitHub::start();
        github.repository(REPOSITORY).receive(&self.history);
        github
    }
}

fn certificates(scene: &Scene) -> std::path::PathBuf {
    scene.home().join("authority.pem")
}

/// A GitHub that all of the scene has been pushed to.
fn github(scene: &Scene) -> GitHub {
    let github = GitHub::start();
    github.repository(REPOSITORY).push(scene);
    github
}

/// Releases the files of the scene.
#[track_caller]
fn release(github: &GitHub, scene: &Scene) -> Outcome {
    let call = github.call(scene, ["dist/*"]);
    match certificates(scene) {
        path if path.is_file() => call.env("SSL_CERT_FILE", path).run(),
        _ => call.run(),
    }
}

/// Tells what is wrong with a release that ought to be whole.
fn faults_of(release: &Release) -> Option<String> {
    if release.tag != VERSION {
        return Some(format!("it is of the tag `{}`", release.tag));
    }
    let expected = files();
    if release.asset_names() != expected.each_ref().map(|(name, _)| *name) {
        return Some(format!("it has {:?}", release.asset_names()));
    }
    for (name, bytes) in expected {
        let asset = release.asset(name)?;
        if !asset.uploaded {
            return Some(format!("`{name}` has not arrived"));
        }
        if *asset.bytes != **bytes {
            return Some(format!("`{name}` has other bytes"));
        }
    }
    None
}

/// Tells which promise is broken by what stands there now: what is published is whole, what was
/// published is still there, and after a success there is nothing else.
fn broken(repository: Repository<'_>, outcome: &Outcome) -> Option<String> {
    let releases = repository.releases();
    if repository.deleted().iter().any(|release| !release.draft) {
        return Some("a published release was deleted".to_owned());
    }
    let streams = [outcome.stdout_bytes(), outcome.stderr_bytes()];
    let token = GitHub::TOKEN.as_bytes();
    if streams
        .iter()
        .any(|text| text.windows(token.len()).any(|part| part == token))
    {
        return Some("the token was shown".to_owned());
    }
    let published = releases.iter().filter(|release| !release.draft);
    if let Some(fault) = published.clone().find_map(faults_of) {
        return Some(format!("what is published is not whole: {fault}"));
    }
    if outcome.status().success() {
        if releases.len() != 1 || published.count() != 1 {
            return Some(format!("it succeeded and left {} releases", releases.len()));
        }
        if outcome.stdout_bytes() != format!("{VERSION}\n").as_bytes() {
            return Some("it succeeded and printed something else".to_owned());
        }
    } else if !outcome.stdout_bytes().is_empty() {
        return Some("it failed and printed an answer".to_owned());
    }
    if outcome.code().is_none_or(|code| code > 8) {
        return Some(format!("it ended with {}", outcome.status()));
    }
    None
}

/// Runs again without faults, which has to lead there, and once more, which has to change nothing.
/// Returns what is wrong with that.
fn broken_again(github: &GitHub, scene: &Scene) -> Option<String> {
    let repository = github.repository(REPOSITORY);
    github.forget();
    let again = release(github, scene);
    if !again.status().success() {
        return Some(format!("the next run failed:\n{}", again.stderr()));
    }
    if let Some(fault) = broken(repository, &again) {
        return Some(format!("after the next run: {fault}"));
    }
    github.forget();
    let idle = release(github, scene);
    if !idle.status().success() || github.writes() > 0 {
        return Some(format!(
            "the third run changed something:\n{}",
            github.trace()
        ));
    }
    None
}
