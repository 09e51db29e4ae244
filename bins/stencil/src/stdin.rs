//! Standard input, for templates and values alike.

use duat_shell::{Code, Failure, input};

use crate::values::as_text;

/// Standard input, which can be read once.
#[derive(Default)]
pub(crate) struct Stdin {
    taken: bool,
}

impl Stdin {
    /// Reads it all.
    pub(crate) fn read(&mut self) -> Result<String, Failure> {
        if std::mem::replace(&mut self.taken, true) {
            return Err(Failure::new(
                Code::Usage,
                "stdin is asked for twice, but can be read once",
            )
            .hint("name a file for the template or for the values."));
        }
        as_text(input::standard()?, "stdin")
    }
}
