//! What is seen of a run while it goes on.

use duat_tests::github::{Fault, Route};

use crate::stage;

#[test]
fn a_terminal_shows_a_bar_for_each_asset_with_its_rate_and_the_time_left() {
    let (scene, github) = stage();
    scene.write("dist/large.bin", vec![7; 6 << 20]);
    github.fault(Route::Upload, 1, Fault::Trickle(4 << 20));
    let arguments = ["dist/large.bin", "--notes", "notes"];
    let Some(outcome) = github.call(&scene, arguments).run_on_terminal() else {
        return;
    };
    let shown = outcome.succeeds().stdout();
    let parts: Vec<&str> = shown.split(['\r', '\n']).collect();
    let is_bar = |part: &&&str| part.contains("large.bin") && part.contains(" of 6.29 MB");
    let bars: Vec<&&str> = parts.iter().filter(is_bar).collect();
    assert!(bars.len() > 2, "{shown}");
    let has_rate = |bar: &&&&str| bar.contains("MB/s") && bar.trim_end().ends_with('s');
    assert!(bars.iter().any(|bar| has_rate(&bar)), "{shown}");
    // what stays is a line for its end, and the answer
    assert!(
        shown.contains("uploaded `large.bin` (6.29 MB in"),
        "{shown}"
    );
    assert!(shown.ends_with("1.2.3\r\n"), "{shown}");
}

#[test]
fn a_job_sees_a_line_for_each_asset() {
    let (scene, github) = stage();
    let arguments = ["dist/*", "--notes", "notes"];
    let outcome = github.call(&scene, arguments).env("CI", "true").run();
    let said = outcome.prints("1.2.3\n").stderr();
    for name in ["app.tar.gz", "notes.txt"] {
        let start = format!("uploaded `{name}` (");
        let lines = said.lines().filter(|line| line.starts_with(&start));
        assert_eq!(lines.count(), 1, "{said}");
    }
    assert!(!said.contains('\u{1b}'), "{said}");
    let quiet = github.call(&scene, ["-q", "dist/*"]).run();
    assert_eq!(quiet.prints("1.2.3\n").stderr(), "");
}
