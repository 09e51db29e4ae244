//! One piece of work for each tool, with all it needs: what must be done, or not begun, whatever the
//! machine is like.

use std::path::Path;

use duat_tests::github::GitHub;
use duat_tests::image::Image;
use duat_tests::registry::{Registry, Settings};
use duat_tests::{Call, Scene, TOOLS, binary, repository};

/// The version that the work begins with, and the one it ends with.
pub(crate) const TESTED: &str = "1.0.1-main-aaaagjecrgf";
pub(crate) const RELEASE: &str = "1.0.1";
const IMAGE: &str = "owner/tool/app";
const REPOSITORY: &str = "owner/tool";

/// A piece of work, not yet done.
pub(crate) struct Work {
    pub(crate) tool: &'static str,
    pub(crate) scene: Scene,
    pub(crate) registry: Registry,
    pub(crate) github: GitHub,
}

impl Work {
    pub(crate) fn of(tool: &'static str) -> Self {
        Self::with(tool, Settings::new())
    }

    /// Returns the work of a tool where the registry is of this kind.
    pub(crate) fn with(tool: &'static str, settings: Settings) -> Self {
        let scene = Scene::new();
        let version = match tool {
            "github-release" => RELEASE,
            _ => TESTED,
        };
        scene.write("README.md", marked(version));
        scene.write("page.in", "version: {{ duat.version }}\n");
        scene.write(".gitignore", "dist/\npage\n");
        scene.script(repository::MAIN);
        scene.write("dist/app.tar.gz", "an archive\n");
        let registry = settings.start();
        let github = GitHub::start();
        if tool == "image-promote" {
            registry.push_image(IMAGE, TESTED, &Image::index("app", 2, 2));
        }
        if tool == "github-release" {
            scene.git(["tag", RELEASE]);
            github.repository(REPOSITORY).push(&scene);
        }
        Self {
            tool,
            scene,
            registry,
            github,
        }
    }

    /// Returns what does the work.
    pub(crate) fn arguments(&self) -> &'static [&'static str] {
        match self.tool {
            "semver" => &["release"],
            "stencil" => &["-i", "page.in", "-o", "page"],
            "image-promote" => &["app", "--also", "latest"],
            _ => &["dist/*", "--checksums"],
        }
    }

    /// Returns what is printed when it is done.
    pub(crate) fn answer(&self) -> &'static str {
        match self.tool {
            "stencil" => "",
            _ => "1.0.1\n",
        }
    }

    /// Returns the call that does the work.
    pub(crate) fn call(&self) -> Call<'_> {
        self.surrounded(self.scene.tool(self.tool).args(self.arguments()))
    }

    /// Returns the work as a script of the shell starts it, with `exec "$0" "$@"`.
    pub(crate) fn in_shell(&self, script: &str) -> Call<'_> {
        let call = self.scene.command("sh").args(["-c", script]);
        let call = call.arg(binary(self.tool)).args(self.arguments());
        self.surrounded(call)
    }

    /// Adds what leads to the doubles.
    pub(crate) fn surrounded<'a>(&self, call: Call<'a>) -> Call<'a> {
        call.env("RELEASE_REPO", self.registry.host())
            .env("GITHUB_TOKEN", GitHub::TOKEN)
            .env("GITHUB_API_URL", self.github.api_url())
            .env("DUAT_GITHUB_RELEASE_RETRY_DELAY", "2")
            .env("DUAT_GITHUB_RELEASE_PATIENCE", "5")
    }

    /// Tells whether the work is done: whole or not at all.
    #[track_caller]
    pub(crate) fn is_done(&self) -> bool {
        let scene = &self.scene;
        let readme = scene.read("README.md");
        match self.tool {
            "stencil" => {
                assert_eq!(readme, marked(TESTED));
                let page = scene.has("page").then(|| scene.read("page"));
                assert!(page.is_none() || page == Some(format!("version: {TESTED}\n")));
                page.is_some()
            }
            "github-release" => {
                assert_eq!(readme, marked(RELEASE));
                let releases = self.github.repository(REPOSITORY).releases();
                let done = releases.iter().find(|release| !release.draft);
                if let Some(release) = done {
                    assert_eq!(release.asset_names(), ["SHA256SUMS", "app.tar.gz"]);
                }
                done.is_some()
            }
            tool => {
                assert!(
                    readme == marked(TESTED) || readme == marked(RELEASE),
                    "{readme}"
                );
                let is_written = readme == marked(RELEASE);
                if tool == "image-promote" && is_written {
                    let tested = self.registry.tag(IMAGE, TESTED);
                    assert!(tested.is_some());
                    assert_eq!(self.registry.tag(IMAGE, RELEASE), tested);
                    assert_eq!(self.registry.tag(IMAGE, "latest"), tested);
                }
                is_written
            }
        }
    }

    /// Asserts that nothing is left beside what the work makes.
    #[track_caller]
    pub(crate) fn is_tidy(&self) {
        let made = ["page"];
        let files = self.scene.files("");
        let known = [".gitignore", "README.md", "dist/app.tar.gz", "page.in"];
        for file in files {
            let file = Path::new(&file).to_string_lossy().into_owned();
            assert!(
                known.contains(&&*file) || made.contains(&&*file),
                "{file} is left"
            );
        }
    }

    /// Does the work as it is done where nothing is wrong, be it begun or done already.
    #[track_caller]
    pub(crate) fn completes(&self) {
        let outcome = self.call().run();
        if self.tool == "semver" && outcome.code() == Some(3) {
            // a release is not released again
            assert!(self.is_done());
            return;
        }
        outcome.prints(self.answer());
        assert!(self.is_done());
        self.is_tidy();
    }
}

/// Returns a README that carries a version.
pub(crate) fn marked(version: &str) -> String {
    format!("# tool\n\n<repo-version>{version}</repo-version>\n")
}

#[test]
fn every_work_can_be_done_and_done_again() {
    for tool in TOOLS {
        let work = Work::of(tool);
        assert!(!work.is_done());
        work.completes();
        work.completes();
    }
}
