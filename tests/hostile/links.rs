//! Links that lead out of the repository are refused before anything is written or published.

use std::fs;

use duat_tests::Outcome;

use crate::trap::{INSIDE, Trap, VICTIM};

#[track_caller]
fn refuses(outcome: &Outcome) {
    outcome
        .fails(3)
        .prints_nothing()
        .says("leads out of the repository")
        .says("hint: ");
    outcome.conceals(VICTIM);
}

#[test]
fn a_version_file_that_nobody_named_stays_in_the_repository() {
    for (target, name) in [
        ("../outside/README.md", "README.md"),
        ("docs/README.md", "README.md"),
        ("../outside/VERSION", "VERSION"),
    ] {
        let trap = Trap::new();
        trap.link("../README.md", "docs/README.md");
        fs::remove_file(trap.scene.path(INSIDE).join("README.md")).unwrap();
        trap.link("../../outside/README.md", "docs/README.md");
        trap.link(target, name);
        for (tool, arguments) in [
            ("semver", &[][..]),
            ("semver", &["patch"]),
            ("semver", &["pre"]),
            ("semver", &["set", "2.0.0"]),
            ("semver", &["next", "--apply"]),
            ("semver", &["check"]),
            ("stencil", &["eval", "duat.version"]),
            ("image-promote", &["app"]),
            ("github-release", &["plan"]),
        ] {
            let outcome = trap.run(tool, arguments);
            refuses(&outcome);
        }
        trap.run("semver", &["current"])
            .says("leads out of the repository");
        trap.bears("semver", &["init", "1.0.0"]);
        // who names it, means it
        trap.call("semver", &["-f", name]).run().prints("9.9.9\n");
    }
}

#[test]
fn a_folder_that_is_a_link_leads_out_as_well() {
    let trap = Trap::new();
    trap.link("../outside", "docs");
    for toml in [
        "[version]\nfile = 'docs/README.md'\n",
        "[version]\ntargets = ['docs/VERSION']\n",
    ] {
        trap.write("duat.toml", toml);
        refuses(&trap.run("semver", &["patch"]));
    }
}

#[test]
fn what_moves_with_a_manifest_stays_in_the_repository() {
    let trap = Trap::new();
    trap.write(
        "Cargo.toml",
        "[package]\nname = \"m\"\nversion = \"1.0.0\"\n",
    );
    trap.link("../outside/Cargo.lock", "Cargo.lock");
    refuses(&trap.run("semver", &["patch", "-f", "Cargo.toml"]));
    refuses(&trap.run("semver", &["patch", "-t", "Cargo.toml"]));

    let trap = Trap::new();
    let workspace =
        "[workspace]\nmembers = ['m', '../outside']\n[workspace.package]\nversion = '1.0.0'\n";
    trap.write("Cargo.toml", workspace);
    trap.link("../outside", "m");
    refuses(&trap.run("semver", &["patch", "-f", "Cargo.toml"]));

    let trap = Trap::new();
    trap.write("package.json", "{\"name\":\"m\",\"version\":\"1.0.0\"}\n");
    trap.link("../outside/package-lock.json", "package-lock.json");
    refuses(&trap.run("semver", &["patch", "-f", "package.json"]));
}

#[test]
fn nothing_from_outside_is_published() {
    let trap = Trap::new();
    trap.link("../../outside/secret", "dist/app");
    trap.write("duat.toml", "[release]\nassets = ['dist/*']\n");
    refuses(&trap.run("github-release", &["plan"]));
    refuses(&trap.run("github-release", &[]));
    trap.write("duat.toml", "[release]\nassets = ['dist']\n");
    refuses(&trap.run("github-release", &[]));
    trap.link("../outside/CHANGELOG.md", "CHANGELOG.md");
    refuses(&trap.run("github-release", &["--notes-from", "changelog"]));
    trap.write("duat.toml", "[release]\nnotes = 'CHANGELOG.md'\n");
    refuses(&trap.run("github-release", &[]));
    assert_eq!(trap.github.writes(), 0);
}

#[test]
fn an_image_is_not_written_out_of_the_repository() {
    use duat_tests::image::Image;

    let trap = Trap::new();
    trap.write(
        "README.md",
        "<repo-version>1.0.1-main-aaaagjecrgf</repo-version>\n",
    );
    let image = Image::single("app", 1);
    image.write_layout(trap.scene.path("inside/build"), "1.0.1-main-aaaagjecrgf");
    for place in ["../outside/new", "out", "../outside"] {
        trap.link("../outside", "out");
        trap.write("duat.toml", format!("[image]\nregistry = 'oci:{place}'\n"));
        let call = trap.call("image-promote", &["app", "--from", "oci:build"]);
        let outcome = call.without_env("RELEASE_REPO").run();
        trap.is_harmless(&outcome);
        refuses(&outcome);
    }
    trap.write("duat.toml", "[image]\nregistry = 'oci:release'\n");
    let call = trap.call("image-promote", &["app", "--from", "oci:build"]);
    call.without_env("RELEASE_REPO").run().prints("1.0.1\n");
}
