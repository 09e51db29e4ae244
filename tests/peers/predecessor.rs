//! The commands of the predecessor's scripts, given to both programs.
//!
//! The predecessor is Go's `github.com/karlmutch/duat/cmd/semver`. Where its module cannot be had,
//! its answers are those recorded from it here.

use std::path::PathBuf;

use duat_tests::{Scene, peer, repository};

/// A README with the version, a command, and what the predecessor did.
struct Case {
    /// What stands in README.md between the markers.
    version: &'static str,
    /// The branch that is checked out.
    branch: &'static str,
    tags: &'static [&'static str],
    arguments: &'static [&'static str],
    /// What it printed; `STAMP` stands for the letters of the time.
    printed: &'static str,
    /// What stood in README.md afterwards.
    written: &'static str,
}

const STAMP: &str = "STAMP";
/// Letters in a stamp, from 1977 to 2106.
const STAMP_LENGTH: usize = 11;

const fn case(
    version: &'static str,
    arguments: &'static [&'static str],
    printed: &'static str,
    written: &'static str,
) -> Case {
    Case {
        version,
        branch: "main",
        tags: &[],
        arguments,
        printed,
        written,
    }
}

const fn on_branch(branch: &'static str, printed: &'static str) -> Case {
    Case {
        branch,
        ..case("0.0.1", &["pre"], printed, printed)
    }
}

const fn with_tags(
    tags: &'static [&'static str],
    version: &'static str,
    arguments: &'static [&'static str],
    printed: &'static str,
    written: &'static str,
) -> Case {
    Case {
        tags,
        ..case(version, arguments, printed, written)
    }
}

const TAGS: &[&str] = &["0.9.0", "v1.10.0", "v1.9.0", "1.2", "nightly", "1.3.0-rc.1"];

const CASES: &[Case] = &[
    case("0.0.1", &[], "0.0.1", "0.0.1"),
    case("0.0.1", &["extract"], "0.0.1", "0.0.1"),
    case("0.0.1", &["patch"], "0.0.2", "0.0.2"),
    case("0.0.1", &["minor"], "0.1.0", "0.1.0"),
    case("0.0.1", &["major"], "1.0.0", "1.0.0"),
    case("1.0.0", &["pre"], "1.0.0-main-STAMP", "1.0.0-main-STAMP"),
    case(
        "1.0.0",
        &["prerelease"],
        "1.0.0-main-STAMP",
        "1.0.0-main-STAMP",
    ),
    case(
        "1.0.0-x-aaaagjecrgf",
        &["pre"],
        "1.0.0-main-STAMP",
        "1.0.0-main-STAMP",
    ),
    case("1.0.0", &["rc"], "1.0.0-rc.1", "1.0.0-rc.1"),
    case("1.0.0", &["releasecandidate"], "1.0.0-rc.1", "1.0.0-rc.1"),
    case(
        "1.0.0-main-aaaagjecrgf",
        &["rc"],
        "1.0.0-rc.1",
        "1.0.0-rc.1",
    ),
    with_tags(
        &["1.0.0-rc.1", "v1.0.0-rc.2"],
        "1.0.0",
        &["rc"],
        "1.0.0-rc.3",
        "1.0.0-rc.3",
    ),
    case("1.2.3-rc.1", &["patch"], "1.2.3", "1.2.3"),
    case("1.2.0-rc.1+build", &["minor"], "1.3.0", "1.3.0"),
    case("1.2.3+build", &["major"], "2.0.0", "2.0.0"),
    case("0.0.1", &["-p", "v", "extract"], "v0.0.1", "0.0.1"),
    case("1.2", &["extract"], "1.2.0", "1.2"),
    case("v1.2.3", &["extract"], "1.2.3", "v1.2.3"),
    case("01.2.3", &["extract"], "1.2.3", "01.2.3"),
    with_tags(TAGS, "0.0.1", &["-g", "extract"], "v1.10.0", "0.0.1"),
    with_tags(
        TAGS,
        "0.0.1",
        &["-g", "sort"],
        "0.9.0\n1.2\nv1.9.0\nv1.10.0",
        "0.0.1",
    ),
    with_tags(
        TAGS,
        "0.0.1",
        &["-g", "-rc", "sort"],
        "0.9.0\n1.2\n1.3.0-rc.1\nv1.9.0\nv1.10.0",
        "0.0.1",
    ),
    on_branch("00_new_feature", "0.0.1-00-new-feature-STAMP"),
    on_branch("feature/x", "0.0.1-feature-x-STAMP"),
    on_branch("dots.v1.2", "0.0.1-dots-v1-2-STAMP"),
    on_branch("x+y", "0.0.1-x-y-STAMP"),
    on_branch("a@b", "0.0.1-a-b-STAMP"),
    on_branch("012", "0.0.1-012-STAMP"),
];

#[test]
#[ignore = "runs the predecessor where its module can be had: tests/peers/run"]
fn the_old_scripts_run() {
    let mut found = Vec::new();
    let predecessor = peer::exported("predecessor");
    for case in CASES {
        let recorded = (format!("{}\n", case.printed), marked(case.written));
        if let Some(program) = &predecessor {
            let theirs = answer(case, program.clone());
            if theirs != recorded {
                found.push(format!(
                    "{}: the predecessor: {theirs:?}, recorded: {recorded:?}",
                    case.name()
                ));
            }
        }
        let ours = answer(case, duat_tests::binary("semver"));
        if ours != recorded {
            found.push(format!(
                "{}: ours: {ours:?}, recorded: {recorded:?}",
                case.name()
            ));
        }
    }
    assert!(found.is_empty(), "\n  {}\n", found.join("\n  "));
}

/// Carrying a version into other files, empty markers included; the source stays as it is.
#[test]
#[ignore = "runs the predecessor where its module can be had: tests/peers/run"]
fn the_old_scripts_apply() {
    let programs = [
        peer::exported("predecessor"),
        Some(duat_tests::binary("semver")),
    ];
    for program in programs.into_iter().flatten() {
        let scene = Scene::new();
        scene.write("README.md", marked("1.2.3"));
        scene.write(
            "a.md",
            "one <repo-version>0.0.1</repo-version>, two <repo-version></repo-version>\n",
        );
        scene.write("b.adoc", "= Title\n:Revision: 0.0.1\n\ntext\n");
        scene.script(repository::MAIN);
        let call = scene.command(program).args(["-t", "a.md,b.adoc", "apply"]);
        call.run().prints("1.2.3\n");
        assert_eq!(
            scene.read("a.md"),
            "one <repo-version>1.2.3</repo-version>, two <repo-version>1.2.3</repo-version>\n"
        );
        assert_eq!(scene.read("b.adoc"), "= Title\n:Revision: 1.2.3\n\ntext\n");
        assert_eq!(scene.read("README.md"), marked("1.2.3"));
    }
}

impl Case {
    fn name(&self) -> String {
        format!(
            "`semver {}` on {} ({})",
            self.arguments.join(" "),
            self.version,
            self.branch
        )
    }
}

/// Returns what a program prints and leaves in README.md, with `STAMP` for the time.
fn answer(case: &Case, program: PathBuf) -> (String, String) {
    let scene = Scene::new();
    scene.write("README.md", marked(case.version));
    scene.script(repository::MAIN);
    if case.branch != "main" {
        scene.git(["switch", "--quiet", "--create", case.branch]);
    }
    for tag in case.tags {
        scene.git(["tag", tag]);
    }
    let outcome = scene.command(program).args(case.arguments).run();
    let printed = outcome.succeeds().stdout();
    let written = scene.read("README.md");
    // the time differs from run to run: it is the last word of a pre-release
    if case.printed.ends_with(STAMP) {
        let end = printed.trim_end().len();
        let stamp = &printed[end.saturating_sub(STAMP_LENGTH)..end];
        return (printed.replace(stamp, STAMP), written.replace(stamp, STAMP));
    }
    (printed.to_owned(), written)
}

fn marked(version: &str) -> String {
    format!("<repo-version>{version}</repo-version>\n")
}
