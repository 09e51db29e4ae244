//! Running a command on a terminal.

use std::process::{Command, Stdio};

use crate::Outcome;
use crate::call::{Call, quoted};

impl Call<'_> {
    /// Runs the command on a pseudo-terminal, which both its streams are; what it writes arrives
    /// as standard output, with newlines as a terminal is sent them (`\r\n`).
    ///
    /// Returns nothing where the machine has no `script` of util-linux.
    #[track_caller]
    pub fn run_on_terminal(mut self) -> Option<Outcome> {
        if !has_script() {
            return None;
        }
        let typed = std::iter::once(&self.program)
            .chain(&self.arguments)
            .map(|word| quoted(word))
            .collect::<Vec<_>>()
            .join(" ");
        self.program = "script".into();
        self.arguments = ["--quiet", "--return", "--command", &typed, "/dev/null"]
            .map(Into::into)
            .to_vec();
        Some(self.env("TERM", "xterm").env("SHELL", "/bin/sh").run())
    }
}

fn has_script() -> bool {
    Command::new("script")
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("util-linux"))
}
