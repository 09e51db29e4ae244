//! A program that keeps credentials: `docker-credential-<name> get`.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::{KeychainError, Secret};
use crate::error::printable;

/// How much of what a helper says is read.
const MOST: u64 = 64 << 10;

/// A helper that exists.
pub(super) struct Helper {
    name: String,
    program: PathBuf,
    patience: Duration,
}

/// What a helper shows.
pub(super) struct Shown {
    pub(super) username: String,
    pub(super) secret: Secret,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Username", default)]
    username: String,
    #[serde(rename = "Secret")]
    secret: String,
}

impl Helper {
    /// Looks for the helper of this name in these folders; `named_in` is the file that names it.
    pub(super) fn new(
        name: &str,
        folders: &[PathBuf],
        patience: Duration,
        named_in: &Path,
    ) -> Result<Self, KeychainError> {
        let refused = |why: String, hint: Option<String>| KeychainError {
            reason: format!(
                "failed to ask a helper that `{}` names: {why}",
                named_in.display()
            ),
            hint,
            source: None,
        };
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-".contains(letter);
        if !name.chars().all(is_plain) {
            let shown = printable(name);
            return Err(refused(format!("`{shown}` is no name of a program"), None));
        }
        let file = format!("docker-credential-{name}{}", std::env::consts::EXE_SUFFIX);
        let mut places = folders.iter().map(|folder| folder.join(&file));
        let program = places.find(|place| place.is_file());
        let program = program.ok_or_else(|| {
            let hint = format!(
                "install it, or remove `{name}` from `{}`",
                named_in.display()
            );
            refused(format!("`{file}` is not on the search path"), Some(hint))
        })?;
        Ok(Self {
            name: name.to_owned(),
            program,
            patience,
        })
    }

    /// Asks for a server's credential; `None` where the helper has none.
    pub(super) async fn get(&self, server: &str) -> Result<Option<Shown>, KeychainError> {
        let failed = |why: String| KeychainError {
            reason: format!(
                "failed to get the credentials of `{server}` from `docker-credential-{}`: {why}",
                self.name
            ),
            hint: None,
            source: None,
        };
        let asked = tokio::time::timeout(self.patience, self.ask(server)).await;
        let (succeeded, said) = match asked {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => return Err(failed(error.to_string())),
            Err(_) => {
                let seconds = self.patience.as_secs_f32();
                return Err(failed(format!("no answer in {seconds} s")));
            }
        };
        if !succeeded {
            let words = String::from_utf8_lossy(&said);
            let words = words.trim();
            if words.contains("credentials not found") {
                return Ok(None);
            }
            return Err(failed(printable(words.lines().next().unwrap_or_default())));
        }
        let answer: Answer = serde_json::from_slice(&said)
            .map_err(|_| failed("its answer is no JSON with a `Secret`".to_owned()))?;
        if answer.secret.is_empty() {
            return Ok(None);
        }
        Ok(Some(Shown {
            username: answer.username,
            secret: Secret::new(answer.secret),
        }))
    }

    /// Runs the program; if nobody waits any more, it is stopped.
    async fn ask(&self, server: &str) -> std::io::Result<(bool, Vec<u8>)> {
        let mut child = Command::new(&self.program)
            .arg("get")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // one that does not listen may still answer
            let _ = stdin.write_all(server.as_bytes()).await;
        }
        let mut said = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(MOST).read_to_end(&mut said).await?;
        }
        let status = child.wait().await?;
        Ok((status.success(), said))
    }
}
