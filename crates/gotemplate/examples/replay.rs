//! Replays recorded cases from standard input and shows what differs from Go.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a recording that cannot be read has failed the test"
)]

#[path = "../tests/engine/recording.rs"]
mod recording;

use std::io::{BufRead, Write};

fn main() -> std::io::Result<()> {
    let exact = std::env::args().any(|arg| arg == "--text");
    let mut out = std::io::stdout().lock();
    let (mut count, mut bad, mut texts) = (0, 0, 0);
    let lines = std::io::stdin().lock().lines().map_while(Result::ok);
    for case in recording::Case::read(lines) {
        count += 1;
        if let Some(difference) = case.difference() {
            bad += 1;
            writeln!(out, "{} {difference}", case.name)?;
        } else if let (true, Err((_, expected)), Err(error)) = (exact, &case.expected, case.run()) {
            let ours = error.go().to_string();
            if ours != *expected {
                texts += 1;
                writeln!(out, "text go:   {expected}\n     here: {ours}")?;
            }
        }
    }
    writeln!(
        out,
        "{count} cases, {bad} differ, {texts} error texts differ"
    )
}
