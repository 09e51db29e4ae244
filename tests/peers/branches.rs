//! Our rules for the names of branches beside git's.

use duat_tests::{Scene, is_branch, peer};

use crate::seed::Seed;

const PIECES: [&str; 28] = [
    "a", "Z", "0", "feature", "/", "/", ".", ".", "..", ".lock", "lock", "@", "@{", "{", "-", "--",
    "~", "^", ":", "?", "*", "[", "\\", " ", "\u{1}", "\u{7f}", "\u{fc}", "HEAD",
];

#[test]
#[ignore = "asks git about every name: tests/peers/run"]
fn a_name_is_a_branch_where_git_says_so() {
    let scene = Scene::new();
    scene.git(["init", "--quiet"]);
    let mut seed = Seed::new(11);
    let mut different = Vec::new();
    for _ in 0..1500 {
        let length = 1 + seed.below(5);
        let name: String = (0..length).map(|_| seed.pick(&PIECES)).collect();
        let call = scene
            .command(peer("git"))
            .args(["check-ref-format", "--branch", &name]);
        let theirs = call.run().code() == Some(0);
        if theirs != is_branch(name.as_bytes()) {
            different.push(format!("{name:?}: git: {theirs}"));
        }
    }
    assert!(different.is_empty(), "\n  {}\n", different.join("\n  "));
}
