//! The token, and where it is found. It is never shown.

use std::fmt;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use duat::file;
use duat_shell::{Code, Failure, Talk, environment};
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::repository::Target;

/// A token. Shows as nothing.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Token(..)")
    }
}

impl Token {
    /// Reads a token: what can stand in a header, blanks around it dropped.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_token = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_token.then(|| Self(text.to_owned()))
    }

    /// Returns the token itself, for a header.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

/// Finds the token for a host; nothing where there is none.
///
/// A variable is meant for github.com and the hosts that somebody named. A host that only a remote
/// names gets what is stored for that host, and nothing else.
pub(crate) fn find(
    given: Option<&str>,
    target: &Target,
    talk: Talk,
) -> Result<Option<Token>, Failure> {
    let host = target.slug.host.as_str();
    let found = |origin: &str, token: Token| {
        talk.explain(format_args!("the token is that of {origin}"));
        Ok(Some(token))
    };
    if let Some(given) = given {
        return match Token::new(given) {
            Some(token) => found("`--github-token`", token),
            None => Err(Failure::new(
                Code::Usage,
                "failed to read the token of `--github-token`: it is empty, or holds blanks or control characters",
            )),
        };
    }
    let is_trusted = target.is_named || host == "github.com" || host.ends_with(".ghe.com");
    let enterprise = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"];
    let usual = ["GITHUB_TOKEN", "GH_TOKEN"];
    let is_enterprise = host != "github.com" && !host.ends_with(".ghe.com");
    let mut names = Vec::new();
    if is_enterprise {
        names.extend(enterprise);
    }
    if is_trusted {
        names.extend(usual);
    }
    for name in names {
        let Some(text) = environment::text(name) else {
            continue;
        };
        let Some(token) = Token::new(&text) else {
            return Err(Failure::new(
                Code::Usage,
                format!(
                    "failed to read the token of `{name}`: it holds blanks or control characters"
                ),
            ));
        };
        return found(&format!("`{name}`"), token);
    }
    if !is_trusted && usual.iter().any(|name| environment::text(name).is_some()) {
        talk.explain(format_args!(
            "the token of the environment is kept from `{host}`, which only the remote names"
        ));
    }
    if let Some(token) = of_gh(host) {
        return found("gh's login", token);
    }
    if let Some(token) = of_git(host) {
        return found("git's credential helper", token);
    }
    Ok(None)
}

/// Returns the failure of a run that has no token.
pub(crate) fn missing(target: &Target) -> Failure {
    let host = &target.slug.host;
    Failure::new(Code::Denied, format!("failed to find a token for `{host}`"))
        .hint("set `GITHUB_TOKEN` to a token with the permission `contents: write`, or run `gh auth login`.")
}

/// Returns gh's login: what its file holds, else what gh itself tells, which also asks the keyring.
fn of_gh(host: &str) -> Option<Token> {
    let path = gh_folder()?.join("hosts.yml");
    let text = file::read(path).ok()?;
    let text = String::from_utf8(text).ok()?;
    if let Some(token) = in_hosts(&text, host) {
        return Token::new(&token);
    }
    // gh knows the host, and keeps the token in a keyring
    if !text.contains(host) {
        return None;
    }
    let output = Command::new("gh")
        .args(["auth", "token", "--hostname", host])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Token::new(&text).filter(|_| output.status.success())
}

/// Returns the folder of gh's configuration.
fn gh_folder() -> Option<PathBuf> {
    if let Some(folder) = environment::path("GH_CONFIG_DIR") {
        return Some(folder);
    }
    if let Some(folder) = environment::path("XDG_CONFIG_HOME") {
        return Some(folder.join("gh"));
    }
    if cfg!(windows) {
        return Some(environment::path("AppData")?.join("GitHub CLI"));
    }
    Some(environment::path("HOME")?.join(".config").join("gh"))
}

/// Returns `HOST: {oauth_token: …}` of gh's hosts.yml.
fn in_hosts(text: &str, host: &str) -> Option<String> {
    // the keys that lead to where we are, and whether a key comes next
    let mut path: Vec<Option<String>> = Vec::new();
    for event in Parser::new_from_str(text) {
        let (event, _) = event.ok()?;
        match event {
            Event::MappingStart(..) => path.push(None),
            Event::MappingEnd => {
                path.pop();
                if let Some(key) = path.last_mut() {
                    *key = None;
                }
            }
            Event::Scalar(value, style, ..) => match path.last_mut() {
                Some(key @ None) => *key = Some(value.into_owned()),
                Some(key) => {
                    let name = key.take();
                    let is_host = path.first().and_then(Option::as_deref) == Some(host);
                    let is_null = style == ScalarStyle::Plain && value.is_empty();
                    if path.len() == 2
                        && is_host
                        && name.as_deref() == Some("oauth_token")
                        && !is_null
                    {
                        return Some(value.into_owned());
                    }
                }
                None => {}
            },
            // gh writes none
            Event::SequenceStart(..) | Event::Alias(..) => return None,
            _ => {}
        }
    }
    None
}

/// Asks the credential helpers of git that the user and the system configured, none of which may ask
/// the user. Those of the repository here do not count: whoever made it would choose what is run.
fn of_git(host: &str) -> Option<Token> {
    let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let mut git = Command::new("git")
        .args(["-c", "credential.interactive=false", "credential", "fill"])
        .env("GIT_DIR", nowhere)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GCM_INTERACTIVE", "never")
        .env("GIT_ASKPASS", "")
        .env("SSH_ASKPASS", "")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    if let Some(mut stdin) = git.stdin.take() {
        let asked = write!(stdin, "protocol=https\nhost={host}\n\n");
        // git's end, if it came early, says all
        let _ = asked;
    }
    let output = git.wait_with_output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let password = text
        .lines()
        .find_map(|line| line.strip_prefix("password="))?;
    Token::new(password).filter(|_| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: &str = "github.com:\n    users:\n        ada:\n            oauth_token: gho_inner\n    \
        git_protocol: https\n    oauth_token: gho_outer\n    user: ada\n\
        git.example.com:\n    user: ada\n";

    #[test]
    fn the_login_of_gh_is_read() {
        assert_eq!(in_hosts(HOSTS, "github.com").as_deref(), Some("gho_outer"));
        assert_eq!(in_hosts(HOSTS, "git.example.com"), None);
        assert_eq!(in_hosts(HOSTS, "elsewhere"), None);
        assert_eq!(in_hosts("- [", "github.com"), None);
        assert_eq!(in_hosts("", "github.com"), None);
    }

    #[test]
    fn a_token_shows_as_nothing_and_fits_a_header() {
        let token = Token::new(" ghp_secret\n").unwrap();
        assert_eq!(token.secret(), "ghp_secret");
        assert!(!format!("{token:?}").contains("secret"));
        for text in ["", "  ", "two words", "a\nb", "t\u{f6}ken"] {
            assert_eq!(Token::new(text), None);
        }
    }
}
