//! What Go's own engine said, and whether we say the same.

use crate::recording::Case;

/// Cases that must differ, with the reason.
const DIFFERENT: &[(&str, &str)] = &[];

fn replay(recording: &str) {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in Case::read(recording.lines().map(str::to_owned)) {
        count += 1;
        let template = String::from_utf8_lossy(&case.template).into_owned();
        if DIFFERENT.iter().any(|(known, _)| *known == template) {
            continue;
        }
        wrong.extend(case.difference());
    }
    assert!(count > 0, "no cases");
    assert!(
        wrong.is_empty(),
        "{} of {count} cases differ from Go:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn corpus() {
    replay(include_str!("data/corpus.jsonl"));
}

/// What `examples/random.rs` makes of seed 7.
#[test]
fn random_templates() {
    replay(include_str!("data/random.jsonl"));
}

#[test]
fn error_texts() {
    let known = include_str!("data/corpus.jsonl");
    let (mut errors, mut same) = (0, 0);
    for case in Case::read(known.lines().map(str::to_owned)) {
        if let (Err((_, expected)), Err(error)) = (&case.expected, case.run()) {
            errors += 1;
            same += usize::from(*expected == error.go().to_string());
        }
    }
    assert!(
        same * 100 >= errors * 98,
        "only {same} of {errors} error texts are Go's"
    );
}
