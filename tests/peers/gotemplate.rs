//! Go templates beside Go's own engine with sprig and the predecessor's encoders.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use duat_tests::peer;

/// The recordings that the engine's own tests replay.
const RECORDINGS: [&str; 2] = [
    include_str!("../../crates/gotemplate/tests/engine/data/corpus.jsonl"),
    include_str!("../../crates/gotemplate/tests/engine/data/random.jsonl"),
];

/// Of the templates that a run makes up. With other seeds Go itself may run out of stack: it prints
/// a map that contains itself.
const SEEDS: [&str; 3] = ["7", "11", "2026"];
const COUNT: &str = "6000";

/// Returns what a program makes of its input.
fn pass(program: &Path, arguments: &[&str], input: String) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut stdin = child.stdin.take().expect("its input is a pipe");
    let writer = thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the program ends");
    writer
        .join()
        .expect("the writer ends")
        .expect("the program reads its input");
    assert!(output.status.success(), "{}", program.display());
    String::from_utf8(output.stdout).expect("the program writes UTF-8")
}

#[test]
#[ignore = "asks Go's own engine: see tests/peers/run"]
fn the_recordings_are_what_go_says_today() {
    let recorder = peer("gotemplate");
    for recording in RECORDINGS {
        let again = pass(&recorder, &[], recording.to_owned());
        let pairs = recording.lines().zip(again.lines());
        let changed: Vec<String> = pairs
            .filter(|(before, now)| before != now)
            .map(|(before, now)| format!("recorded: {before}\nnow:      {now}"))
            .collect();
        assert!(
            changed.is_empty(),
            "{} answers changed:\n{}",
            changed.len(),
            changed.join("\n")
        );
        assert_eq!(recording.lines().count(), again.lines().count());
    }
}

/// Where the encoders that the predecessor pinned write something else than those of today.
const PREDECESSOR: &str =
    include_str!("../../crates/gotemplate/tests/engine/data/predecessor.jsonl");

#[test]
#[ignore = "asks Go's own engine: see tests/peers/run"]
fn older_encoders_differ_where_it_is_said() {
    let recording = RECORDINGS[0];
    let own = recording
        .lines()
        .filter(|line| line.starts_with("{\"shared\"") || line.contains("\"s\":\"duat\""));
    let own: Vec<&str> = own.collect();
    let older = pass(&peer("gotemplate-predecessor"), &[], own.join("\n"));
    let pairs = own.iter().zip(older.lines());
    let differing: Vec<&str> = pairs
        .filter(|(now, older)| *now != older && !older.contains("\"err\":"))
        .map(|(_, older)| older)
        .collect();
    let known: Vec<&str> = PREDECESSOR.lines().skip(1).collect();
    assert_eq!(differing, known);
}

#[test]
#[ignore = "asks Go's own engine: see tests/peers/run"]
fn templates_made_up_render_as_in_go() {
    for seed in SEEDS {
        let cases = pass(&peer("random-templates"), &[seed, COUNT], String::new());
        let recorded = pass(&peer("gotemplate"), &[], cases);
        // what Go prints as an address is another one in every run
        let repeatable: Vec<&str> = recorded
            .lines()
            .filter(|line| !line.contains("0xc0"))
            .collect();
        let report = pass(&peer("replay-templates"), &[], repeatable.join("\n"));
        let (told, verdict) = report
            .trim_end()
            .rsplit_once('\n')
            .unwrap_or(("", report.trim_end()));
        assert!(verdict.contains(" cases, 0 differ,"), "{verdict}\n{told}");
    }
}
