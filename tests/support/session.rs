//! Sessions in documents: what is typed, and what comes of it.
//!
//! A session is typed into a shell in a [`Scene`], at one instant. In a document that names the
//! registry `registry.example`, that and GitHub are doubles, and what this machine has no part for is
//! stood in for: `buildah push` writes a small image, `git push` brings the repository to the double
//! of GitHub.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use crate::github::GitHub;
use crate::image::Image;
use crate::registry::Registry;
use crate::{Scene, binaries};

/// 2019-04-04T00:38:00Z, the stamp `aaaagjecrgf`.
const INSTANT: u64 = 1_554_338_280;
const FENCE: &str = "```";
/// What the registry's host is called in documents.
const REGISTRY: &str = "registry.example";
/// The repository that is pushed to.
const REPOSITORY: &str = "acme/app";
/// Notes down what the machine has no part for.
const STAND_INS: &str = r#"
buildah() { if [ "$1" = push ]; then echo "${@: -1}" >> "$HOME/built"; fi; }
git() { if [ "$1" = push ]; then touch "$HOME/pushed"; else command git "$@"; fi; }
"#;

/// Returns the document with every answer as it comes out now; `show` sees each line of a session as
/// soon as it is known.
pub fn play(document: &str, show: impl FnMut(&str)) -> String {
    play_with(document, Registry::start, Registry::host, show)
}

/// Does the same with a registry of somebody else, at `127.0.0.1:PORT`.
pub fn play_against(registry: &str, document: &str, show: impl FnMut(&str)) -> String {
    play_with(document, || registry, |host| (*host).to_owned(), show)
}

fn play_with<R>(
    document: &str,
    registry: impl FnOnce() -> R,
    host: impl FnOnce(&R) -> String,
    mut show: impl FnMut(&str),
) -> String {
    // it runs until the end
    let registry = document.contains(REGISTRY).then(registry);
    let session = Session::new(registry.as_ref().map(host));
    let mut played = String::new();
    let mut in_session = false;
    for line in document.split_inclusive('\n') {
        let text = line.trim_end();
        if in_session && text != FENCE {
            if let Some(command) = text.strip_prefix("$ ") {
                show(line);
                played.push_str(line);
                let answer = session.type_in(command);
                show(&answer);
                played.push_str(&answer);
            }
            continue;
        }
        in_session = text == "```console";
        played.push_str(line);
    }
    played
}

/// A shell, and what it reaches.
struct Session {
    scene: Scene,
    path: OsString,
    outside: Option<Outside>,
}

/// All that a release needs around it.
struct Outside {
    /// The registry's address.
    registry: String,
    github: GitHub,
}

impl Session {
    /// Returns one that reaches this registry, or nothing outside.
    fn new(registry: Option<String>) -> Self {
        let system = ["/usr/local/bin", "/usr/bin", "/bin"].map(PathBuf::from);
        let path = std::env::join_paths(std::iter::once(binaries()).chain(system))
            .expect("the folder of the programs has no colon in its name");
        Self {
            scene: Scene::new(),
            path,
            outside: registry.map(|registry| Outside {
                registry,
                github: GitHub::start(),
            }),
        }
    }

    /// Returns what a shell prints for one line.
    fn type_in(&self, line: &str) -> String {
        let call = self.scene.command("/bin/bash").env("PATH", &self.path);
        let call = call.at(INSTANT);
        let outcome = match &self.outside {
            None => call.args(["-c", &format!("exec 2>&1; {line}")]).run(),
            Some(outside) => {
                let line = line.replace(REGISTRY, &outside.registry);
                let call = call
                    .args(["-c", &format!("exec 2>&1{STAND_INS}{line}")])
                    .env("GITHUB_TOKEN", GitHub::TOKEN)
                    .env("GITHUB_API_URL", outside.github.api_url());
                let outcome = call.run();
                outside.stand_in(&self.scene);
                outcome
            }
        };
        let mut portable = self.scene.portable(outcome.stdout());
        if let Some(outside) = &self.outside {
            portable = portable
                .replace(&outside.registry, REGISTRY)
                .replace(outside.github.api_url(), "https://api.github.com");
        }
        // documents hold no blanks at the ends of lines, as a diff has them
        let text: String = portable
            .lines()
            .flat_map(|line| [line.trim_end(), "\n"])
            .collect();
        // a shell does not print the code; a line of its own says it
        match outcome.code() {
            Some(0) => text,
            code => format!("{text}[exit status: {}]\n", code.unwrap_or_default()),
        }
    }
}

impl Outside {
    /// Does what the stand-ins noted down.
    fn stand_in(&self, scene: &Scene) {
        let home = scene.home();
        if let Ok(built) = fs::read_to_string(home.join("built")) {
            for place in built.lines() {
                let place = place.trim_start_matches("oci:");
                let (folder, tag) = place.split_once(':').expect("a place is oci:FOLDER:TAG");
                Image::index("app", 2, 2).write_layout(scene.path(folder), tag);
            }
            fs::remove_file(home.join("built")).expect("a note can be removed");
        }
        if fs::remove_file(home.join("pushed")).is_ok() {
            self.github.repository(REPOSITORY).push(scene);
        }
    }
}
