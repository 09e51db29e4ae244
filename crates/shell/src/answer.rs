//! The answer: the one thing that goes to stdout.

use std::io::{self, ErrorKind, Write};

use crate::exit::Code;
use crate::failure::Failure;

/// Writes the answer to stdout, whole and at once.
///
/// A closed pipe is a reader that has seen enough, not a failure. Anything else is one; `done` says
/// what the run had already changed by then, so that nobody runs it again unawares.
pub fn give(answer: &[u8], done: Option<&str>) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(answer).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => {
            let failure = Failure::new(Code::Failed, "failed to write the answer to stdout").caused_by(&error);
            Err(match done {
                Some(done) => failure.hint(format!("{done}; only the answer was lost.")),
                None => failure,
            })
        }
    }
}
