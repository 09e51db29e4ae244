//! The `stencil` binary as its users meet it: what it renders, writes, says and refuses.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot set its scene has failed"
)]

mod cli {
    mod chain;
    mod check_diff;
    mod convert;
    mod depfile;
    mod eval;
    mod explain;
    mod flags;
    mod functions;
    mod go;
    mod hermetic;
    mod json;
    mod language;
    mod limits;
    mod missing;
    mod render;
    mod secrets;
    mod streams;
    mod trees;
    mod validate;
    mod values;
    mod variables;
    mod vars;
    mod watch;
    mod writing;
}

use duat_tests::{Outcome, Scene, repository as scripts};

/// 2019-04-04T00:38:00Z.
const INSTANT: u64 = 1_554_338_280;

/// A repository on `main` with a remote, whose README.md carries 1.2.3-rc.1.
fn repository() -> Scene {
    let scene = Scene::new();
    scene.write("README.md", "<repo-version>1.2.3-rc.1</repo-version>\n");
    scene.script(scripts::MAIN);
    scene
}

/// Renders `template` from stdin to stdout.
#[track_caller]
fn render(template: &str, arguments: &[&str]) -> Outcome {
    let scene = Scene::new();
    scene.stencil(arguments).stdin(template).at(INSTANT).run()
}

/// Asserts what an expression comes to.
#[track_caller]
fn evaluates(expression: &str, arguments: &[&str], expected: &str) {
    let scene = Scene::new();
    let call = scene.stencil(["eval", expression]).args(arguments);
    call.at(INSTANT).run().prints(&format!("{expected}\n"));
}
