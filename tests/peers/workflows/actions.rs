//! The workflow and the composite actions for GitHub, checked by actionlint and run by act on this
//! machine.
//!
//! act stands in for `actions/checkout` itself. What would build the tools and what GitHub alone can
//! sign is stood in for here.

use duat_tests::github::GitHub;
use duat_tests::image::Recipe;
use duat_tests::{Call, Scene, TOOLS, binaries, peer, repository};

use super::{archive, program, text};
use crate::promote::TESTED;

#[test]
#[ignore = "asks actionlint and act: tests/peers/run builds them"]
fn a_tag_makes_the_release_and_what_it_attests_is_there() {
    let scene = Scene::new();
    scene.write(
        "README.md",
        "# Tool\n\nVersion <repo-version>1.2.3</repo-version>\n",
    );
    scene.write(
        "docs/changelog.md",
        "# Changelog\n\n## 1.2.3\n\n- new\n\n## 1.0.0\n\n- old\n",
    );
    scene.write(".gitignore", "/dist/\n");
    scene.write(".github/workflows/release.yml", text("github.yml"));
    let files = ["duat.tar.gz", "duat.deb", "duat.cdx.json"];
    let make = files
        .map(|name| format!("echo {name} > dist/{name}\n"))
        .concat();
    program(
        &scene,
        ".ci/package",
        &format!(
            "mkdir dist\nln -s '{}' dist/bin\n{make}",
            binaries().display()
        ),
    );
    scene.script(repository::MAIN);
    scene.script("git tag 1.2.3");
    let github = GitHub::start();
    let there = github.repository("owner/tool").push(&scene);

    // what the steps type beside our tools, and what GitHub alone can do
    let aside = |name: &str| scene.home().join(name);
    for name in ["programs/rustup", "programs/sudo"] {
        program(
            &scene,
            aside(name),
            "echo \"$0\" \"$@\" >> \"$HOME/typed\"\n",
        );
    }
    scene.write(
        aside("attest/action.yml"),
        "inputs: {subject-path: {required: true}}\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      \
         env: {SUBJECTS: \"${{ inputs.subject-path }}\"}\n      run: ls $SUBJECTS > \"$HOME/attested\"\n",
    );
    scene.write(aside("event.json"), r#"{"ref": "refs/tags/1.2.3"}"#);

    scene
        .command(peer("actionlint"))
        .run()
        .prints("")
        .says_nothing();
    let attest = format!(
        "actions/attest-build-provenance@v2={}",
        aside("attest").display()
    );
    let run = || {
        act(&scene, &github)
            .args(["push", "--local-repository", &attest, "--eventpath"])
            .arg(aside("event.json"))
            .programs_in(aside("programs"))
            .run()
    };
    run().succeeds();
    let release = there.release();
    assert!(!release.draft);
    assert_eq!(release.tag, "1.2.3");
    assert_eq!(release.body.as_deref(), Some("- new"));
    assert_eq!(
        release.asset_names(),
        ["SHA256SUMS", "duat.cdx.json", "duat.deb", "duat.tar.gz"]
    );
    assert_eq!(
        scene.read(aside("attested")),
        "dist/duat.deb\ndist/duat.tar.gz\n"
    );
    assert!(scene.read(aside("typed")).contains("musl-tools"));

    // a job that is run again
    let writes = github.writes();
    run().succeeds();
    assert_eq!(github.writes(), writes);
}

#[test]
#[ignore = "asks actionlint and act: tests/peers/run builds them"]
fn each_composite_action_runs_its_tool_and_has_its_outputs() {
    let scene = Scene::new();
    let readme = "# Tool\n\nVersion <repo-version>0.0.2</repo-version>\n";
    scene.write("README.md", readme);
    scene.write("page.in", "{{ duat.version }}\n");
    scene.write("asset", "an asset\n");
    let image = Recipe::new("app").make();
    image.write_layout(scene.path("build"), TESTED);
    for tool in TOOLS {
        scene.write(
            format!("{tool}/action.yml"),
            text(&format!("actions/{tool}/action.yml")),
        );
    }
    let uses = |tool: &str, arguments: &str| {
        let (url, sum) = archive(&scene, tool, &[tool]);
        format!(
            "      - id: {tool}\n        uses: ./{tool}\n        with:\n          arguments: {arguments}\n          \
             archive: {url}\n          sha256: {sum}\n",
        )
    };
    // asserts what an output of a step is
    let is = |tool: &str, output: &str, wanted: &str| {
        format!(
            "      - run: test \"$IS\" = '{wanted}'\n        env: {{IS: \"${{{{ steps.{tool}.outputs.{output} }}}}\"}}\n"
        )
    };
    let workflow = [
        "on: push\njobs:\n  all:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n".to_owned(),
        // as `semver pre` leaves it, at a known instant
        format!("      - run: sed -i 's/0.0.2/{TESTED}/' README.md\n"),
        uses("semver", ""),
        is("semver", "version", TESTED),
        is("semver", "text", TESTED),
        uses("stencil", "-i page.in -o page"),
        format!("      - run: test \"$(cat page)\" = {TESTED}\n"),
        is("stencil", "outputs", r#"[{"bytes":23,"changed":true,"output":"page","template":"page.in"}]"#),
        uses("image-promote", "server --from oci:build --release-repo oci:release"),
        is("image-promote", "release", "0.0.2"),
        is("image-promote", "version", TESTED),
        is("image-promote", "action", "promoted"),
        is("image-promote", "changed", r#"["README.md"]"#),
        uses("github-release", "asset --draft"),
        is("github-release", "version", "0.0.2"),
        is("github-release", "changed", "true"),
        // a tool stays in PATH for the steps behind its action
        "      - run: test \"$(semver)\" = 0.0.2\n".to_owned(),
    ];
    scene.write(".github/workflows/all.yml", workflow.concat());
    scene.script(repository::MAIN);
    scene.script("git tag 0.0.2");
    let github = GitHub::start();
    let there = github.repository("owner/tool").push(&scene);
    scene
        .command(peer("actionlint"))
        .run()
        .prints("")
        .says_nothing();
    act(&scene, &github).arg("push").run().succeeds();
    assert_eq!(there.releases().len(), 1);

    // an archive that is not the release's is not run
    let workflow = scene.read(".github/workflows/all.yml");
    let (_, sum) = archive(&scene, "semver", &["semver"]);
    scene.write(
        ".github/workflows/all.yml",
        workflow.replace(&sum, &"0".repeat(64)),
    );
    let refused = act(&scene, &github).arg("push").run();
    refused.fails(1);
    assert!(
        refused.stdout().contains("computed checksum did NOT match"),
        "{}",
        refused.stdout()
    );
}

/// Returns a call of act that runs jobs on this machine, with our double of GitHub.
fn act<'scene>(scene: &'scene Scene, github: &GitHub) -> Call<'scene> {
    let call = scene.command(peer("act"));
    call.args(["--platform", "ubuntu-latest=-self-hosted"])
        .args(["--env", &format!("GITHUB_API_URL={}", github.api_url())])
        .args(["--secret", "GITHUB_TOKEN"])
        .env("GITHUB_TOKEN", GitHub::TOKEN)
}
