//! A hostile repository, and what must not happen to the world around it.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use duat_tests::github::GitHub;
use duat_tests::registry::Registry;
use duat_tests::{Call, Outcome, Scene};

/// What a command that is run by mistake would do.
pub(crate) const PAYLOAD: &str = "touch $CANARY";
/// The file it would make.
const CANARY: &str = "ran";
/// The repository that must not be left.
pub(crate) const INSIDE: &str = "inside";
/// The version of the files around it.
pub(crate) const VICTIM: &str = "9.9.9";

/// A repository in `inside`, whose README.md carries 1.0.0, beside a folder `outside` that nobody
/// must touch.
pub(crate) struct Trap {
    pub(crate) scene: Scene,
    pub(crate) registry: Registry,
    pub(crate) github: GitHub,
    outside: BTreeMap<String, State>,
}

/// What a file is, as far as it must not change.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    content: Vec<u8>,
    mode: u32,
    modified: (i64, i64),
}

impl Trap {
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// Returns one whose repository is initialised with these options of git.
    pub(crate) fn with(options: &[&str]) -> Self {
        let scene = Scene::new();
        for (name, text) in [
            (
                "README.md",
                format!("<repo-version>{VICTIM}</repo-version>\n"),
            ),
            ("VERSION", format!("{VICTIM}\n")),
            (
                "Cargo.toml",
                format!("[package]\nname = \"x\"\nversion = \"{VICTIM}\"\n"),
            ),
            (
                "Cargo.lock",
                "version = 3\n\n[[package]]\nname = \"m\"\nversion = \"1.0.0\"\n".to_owned(),
            ),
            (
                "package-lock.json",
                "{\"name\":\"m\",\"version\":\"1.0.0\"}\n".to_owned(),
            ),
            ("secret", "planted-content\n".to_owned()),
            (
                "CHANGELOG.md",
                "# Changes\n\n## 1.0.0\n\nplanted-content\n".to_owned(),
            ),
        ] {
            scene.write(format!("outside/{name}"), text);
        }
        scene.write("inside/README.md", "<repo-version>1.0.0</repo-version>\n");
        scene.write(
            "inside/page.in",
            "{{ duat.version }} {{ duat.gitBranch }}\n",
        );
        scene.write("inside/dist/app", "bytes\n");
        let init = ["-C", INSIDE, "init", "--quiet", "--initial-branch=main"];
        scene.git([&init[..], options].concat());
        for line in [
            &["add", "--all"][..],
            &["commit", "--quiet", "--message=first"],
            &["tag", "1.0.0"],
            &[
                "remote",
                "add",
                "origin",
                "https://github.com/owner/tool.git",
            ],
        ] {
            scene.git([&["-C", INSIDE][..], line].concat());
        }
        let outside = states(&scene.path("outside"));
        Self {
            scene,
            registry: Registry::start(),
            github: GitHub::start(),
            outside,
        }
    }

    /// Writes a file of the repository.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        self.scene.write(Path::new(INSIDE).join(path), content);
    }

    /// Makes a link in the repository, instead of what is there.
    pub(crate) fn link(&self, target: &str, path: &str) {
        let path = self.scene.path(INSIDE).join(path);
        let _ = fs::remove_file(&path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(target, path).unwrap();
    }

    /// Runs `git` in the repository.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        self.scene.git([&["-C", INSIDE][..], arguments].concat())
    }

    /// Returns a call of one of our tools in the repository, with all it needs to do its work.
    pub(crate) fn call(&self, tool: &str, arguments: &[&str]) -> Call<'_> {
        let call = self.scene.tool(tool).args(arguments).current_dir(INSIDE);
        call.env("CANARY", self.scene.path(CANARY))
            .env("GITHUB_TOKEN", GitHub::TOKEN)
            .env("GITHUB_API_URL", self.github.api_url())
            .env("DUAT_GITHUB_RELEASE_RETRY_DELAY", "2")
            .env("DUAT_GITHUB_RELEASE_PATIENCE", "5")
            .env("RELEASE_REPO", self.registry.host())
    }

    /// Runs one of our tools, which must do no harm.
    #[track_caller]
    pub(crate) fn run(&self, tool: &str, arguments: &[&str]) -> Outcome {
        let outcome = self.call(tool, arguments).run();
        self.is_harmless(&outcome);
        outcome
    }

    /// Runs one of our tools, which may say what it likes as long as it does no harm.
    #[track_caller]
    pub(crate) fn bears(&self, tool: &str, arguments: &[&str]) {
        let _ = self.run(tool, arguments);
    }

    /// Runs what looks at a repository, tool by tool; none may do harm, whatever it says.
    #[track_caller]
    pub(crate) fn run_all(&self) {
        for (tool, arguments) in [
            ("semver", &[][..]),
            ("semver", &["current"]),
            ("semver", &["current", "--json"]),
            ("semver", &["check"]),
            ("semver", &["-g"]),
            ("semver", &["next", "--explain"]),
            ("semver", &["rc", "--dry-run"]),
            ("semver", &["patch", "--dry-run"]),
            ("stencil", &["-i", "page.in", "-o", "page"]),
            (
                "stencil",
                &["eval", "duat.gitTag ~ duat.gitURL ~ duat.imageName"],
            ),
            ("image-promote", &["plan", "app"]),
            ("image-promote", &["app"]),
            ("github-release", &["plan", "dist/app"]),
            ("github-release", &["dist/app", "--notes-from", "git"]),
            ("semver", &["pre"]),
            ("semver", &["patch"]),
        ] {
            let loud = [arguments, &["-v", "--color", "always"]].concat();
            self.bears(tool, &loud);
        }
    }

    /// Asserts what every run in a hostile repository has to keep.
    #[track_caller]
    pub(crate) fn is_harmless(&self, outcome: &Outcome) {
        let seen = || outcome.transcript();
        assert!(matches!(outcome.code(), Some(0..=8)), "{}", seen());
        outcome.conceals("panicked").conceals("planted-content");
        for bytes in [outcome.stdout_bytes(), outcome.stderr_bytes()] {
            let text = String::from_utf8_lossy(bytes);
            let obeyed = obeyed(&text);
            assert!(
                obeyed.is_none(),
                "a terminal would obey {obeyed:?}\n{}",
                seen()
            );
        }
        if outcome.code() != Some(0) && outcome.code() != Some(8) {
            assert!(outcome.stderr().contains("error:"), "{}", seen());
        }
        assert!(!self.scene.has(CANARY), "something was run\n{}", seen());
        assert_eq!(
            states(&self.scene.path("outside")),
            self.outside,
            "{}",
            seen()
        );
    }
}

/// Returns the first thing in a text that a terminal, or a CI service, would take for more than text;
/// colours aside.
pub(crate) fn obeyed(text: &str) -> Option<String> {
    if let Some(line) = text.lines().find(|line| line.starts_with("::")) {
        return Some(line.to_owned());
    }
    let mut rest = text;
    while let Some(at) = rest.find(|letter: char| letter.is_control() && !"\n\t".contains(letter)) {
        rest = &rest[at..];
        let colour = rest.strip_prefix("\u{1b}[").and_then(|rest| {
            rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ';')
                .strip_prefix('m')
        });
        match colour {
            Some(after) => rest = after,
            None => return Some(rest.chars().take(12).collect()),
        }
    }
    None
}

/// Returns what is in a folder.
fn states(folder: &Path) -> BTreeMap<String, State> {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            let state = State {
                content: fs::read(entry.path()).unwrap_or_default(),
                mode: metadata.mode(),
                modified: (metadata.mtime(), metadata.mtime_nsec()),
            };
            (entry.file_name().to_string_lossy().into_owned(), state)
        })
        .collect()
}

#[test]
fn what_a_terminal_obeys_is_noticed() {
    assert_eq!(obeyed("plain\n\ttext\u{1b}[1;31mred\u{1b}[0m\n"), None);
    for text in [
        "\u{1b}]0;x",
        "a\u{7}",
        "\u{1b}[2J",
        "x\n::error::y",
        "\u{9b}1m",
    ] {
        assert!(obeyed(text).is_some(), "{text:?}");
    }
}

#[test]
fn a_harmless_repository_is_worked_on_by_every_tool() {
    let trap = Trap::new();
    trap.github.repository("owner/tool").published("0.9.0", &[]);
    let plan = trap.run("github-release", &["plan", "dist/app"]);
    plan.fails(5).says("failed to find the tag `1.0.0`");
    trap.run("semver", &["patch"]).prints("1.0.1\n");
    trap.run("stencil", &["-i", "page.in"])
        .prints("1.0.1 main\n");
    trap.run("image-promote", &["app"])
        .fails(5)
        .says("which is a release, but there is no such image");
}
