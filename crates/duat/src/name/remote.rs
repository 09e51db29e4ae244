//! The address of a remote repository, in the forms that
//! [git-fetch](https://git-scm.com/docs/git-fetch#_git_urls) lists: `SCHEME://…`, the short
//! `USER@HOST:PATH`, and paths, those of Windows included.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The address of a repository, without what is secret in it.
///
/// Displays as it was written, but never with a password, a query or a fragment, and for HTTP never
/// with a user name, because tokens are put there; trailing slashes are dropped. What is displayed
/// reads as the same address again.
///
/// ```
/// use duat::name::remote::RemoteUrl;
///
/// let url: RemoteUrl = "https://oauth2:s3cret@gitlab.com/group/team/tool.git".parse()?;
/// assert_eq!(url.to_string(), "https://gitlab.com/group/team/tool.git");
/// assert_eq!(url.owner(), Some("group/team"));
/// assert_eq!(url.name(), Some("tool"));
/// # Ok::<(), duat::name::remote::RemoteError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RemoteUrl {
    form: Form,
    user: Option<String>,
    host: Option<String>,
    port: Option<u16>,
    path: String,
}

/// How the address is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Form {
    /// `SCHEME://[USER@]HOST[:PORT]/PATH`, with the scheme in lower case.
    Url(String),
    /// `[USER@]HOST:PATH`, which is SSH.
    Short,
    Path,
}

/// Why a text is no address. The text is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum RemoteError {
    /// Nothing but blanks.
    #[error("the address is empty")]
    Empty,
    /// A line break, a NUL or the like.
    #[error("the address holds a control character")]
    ControlCharacter,
    /// `HELPER::ADDRESS`: only the helper program knows what it means.
    #[error("the address is for a remote helper program")]
    Helper,
    /// No host where one must stand.
    #[error("the address has no host")]
    NoHost,
    /// A host with a bracket, slash or blank in it.
    #[error("the address has a malformed host")]
    BadHost,
    /// `WORD://` with a word that is no scheme.
    #[error("the address has a malformed scheme")]
    BadScheme,
    /// `@` with no user before it.
    #[error("the address has an `@` with no user before it")]
    NoUser,
    /// What follows the host's colon is no port.
    #[error("the address has a port that is not a number from 0 to 65535")]
    Port,
    /// A host and nothing more.
    #[error("the address names a host, but no repository")]
    NoRepository,
}

impl RemoteUrl {
    /// Returns the scheme of a URL, in lower case; `ssh` for the short form; nothing for a path.
    pub fn scheme(&self) -> Option<&str> {
        match &self.form {
            Form::Url(scheme) => Some(scheme),
            Form::Short => Some("ssh"),
            Form::Path => None,
        }
    }

    /// Returns the user to log in as; never one of an HTTP URL.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// Returns the host, in lower case; an IPv6 address without its brackets. A path has none.
    pub fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Returns the port, if one is written.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the path, without trailing slashes.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Tells whether the repository is on this machine or a mounted disk.
    pub fn is_local(&self) -> bool {
        match &self.form {
            Form::Url(scheme) => scheme == "file",
            Form::Short => false,
            Form::Path => true,
        }
    }

    /// Returns who the repository belongs to at its host: all of the path before the name, so that
    /// it may be nested (`group/team`). A local repository has no owner.
    pub fn owner(&self) -> Option<&str> {
        if self.is_local() {
            return None;
        }
        let (owner, _) = self.repository().rsplit_once('/')?;
        let owner = owner.trim_matches('/');
        (!owner.is_empty()).then_some(owner)
    }

    /// Returns the name of the repository: the last part of the path, without `.git`. Only a path
    /// such as `/` or `..` has none.
    pub fn name(&self) -> Option<&str> {
        let name = self.repository().rsplit(self.separators()).next()?;
        (!matches!(name, "" | "." | ".." | "~")).then_some(name)
    }

    /// Returns the path without `.git`, be it an ending or the directory inside a work tree.
    fn repository(&self) -> &str {
        let separators = self.separators();
        let path = self.path.trim_end_matches(separators);
        let path = path.strip_suffix(".git").unwrap_or(path);
        path.trim_end_matches(separators)
    }

    fn separators(&self) -> &'static [char] {
        match self.form {
            Form::Path => &['/', '\\'],
            _ => &['/'],
        }
    }

    fn read_url(scheme: &str, rest: &str) -> Result<Self, RemoteError> {
        let scheme = scheme.to_ascii_lowercase();
        let end = rest.find(['?', '#']).unwrap_or(rest.len());
        let (rest, _) = rest.split_at(end);
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (user, address) = match authority.rsplit_once('@') {
            Some((user, address)) => (Some(user), address),
            None => (None, authority),
        };
        let (host, port) = read_address(address)?;
        let http = matches!(scheme.as_str(), "http" | "https");
        let user = user
            .map(without_password)
            .filter(|user| !user.is_empty() && !http)
            .map(str::to_owned);
        let path = trim_path(path, &['/']);
        if scheme != "file" {
            if host.is_empty() {
                return Err(RemoteError::NoHost);
            }
            if path.trim_matches('/').is_empty() {
                return Err(RemoteError::NoRepository);
            }
        }
        Ok(Self {
            form: Form::Url(scheme),
            user,
            host: (!host.is_empty()).then_some(host),
            port,
            path: path.to_owned(),
        })
    }

    fn read_short(user: Option<&str>, address: &str, path: &str) -> Result<Self, RemoteError> {
        let user = match user.map(without_password) {
            Some("") => return Err(RemoteError::NoUser),
            user => user.map(str::to_owned),
        };
        let (host, port) = match unbracket(address) {
            // `[host:22]:path` is how the short form writes a port
            Some(inner) if inner.matches(':').count() == 1 => read_address(inner)?,
            Some(inner) => (read_host(inner)?, None),
            None => (read_host(address)?, None),
        };
        if host.is_empty() {
            return Err(RemoteError::NoHost);
        }
        let path = trim_path(path, &['/']);
        if path.trim_matches('/').is_empty() {
            return Err(RemoteError::NoRepository);
        }
        Ok(Self {
            form: Form::Short,
            user,
            host: Some(host),
            port,
            path: path.to_owned(),
        })
    }

    fn read_path(path: &str) -> Self {
        Self {
            form: Form::Path,
            user: None,
            host: None,
            port: None,
            path: trim_path(path, &['/', '\\']).to_owned(),
        }
    }
}

impl FromStr for RemoteUrl {
    type Err = RemoteError;

    fn from_str(text: &str) -> Result<Self, RemoteError> {
        if text.trim().is_empty() {
            return Err(RemoteError::Empty);
        }
        if text.chars().any(char::is_control) {
            return Err(RemoteError::ControlCharacter);
        }
        if let Some((scheme, rest)) = text.split_once("://")
            && !scheme.contains('/')
        {
            return if is_scheme(scheme) {
                Self::read_url(scheme, rest)
            } else {
                Err(RemoteError::BadScheme)
            };
        }
        // a colon behind a slash belongs to a path, as does one behind a drive's letter
        let head = text.split('/').next().unwrap_or_default();
        if text.starts_with('\\') || !head.contains(':') || has_drive(text, &['/', '\\']) {
            return Ok(Self::read_path(text));
        }
        let (user, rest) = split_user(text, head);
        if user.is_none() && has_drive(text, &[]) {
            return Ok(Self::read_path(text));
        }
        let bracket = rest.strip_prefix('[').and_then(|rest| rest.find("]:"));
        let colon = match bracket {
            Some(end) => Some(end + 2),
            None => rest.find(':'),
        };
        let Some((address, path)) = colon.and_then(|colon| rest.split_at_checked(colon)) else {
            return Ok(Self::read_path(text));
        };
        let path = path.strip_prefix(':').unwrap_or(path);
        if user.is_none() && path.starts_with(':') {
            return Err(RemoteError::Helper);
        }
        Self::read_short(user, address, path)
    }
}

impl fmt::Display for RemoteUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.host.as_deref().unwrap_or_default();
        if let Form::Url(scheme) = &self.form {
            write!(formatter, "{scheme}://")?;
        }
        if let Some(user) = &self.user {
            write!(formatter, "{user}@")?;
        }
        match (&self.form, self.port) {
            (Form::Path, _) => {}
            (Form::Short, Some(port)) => write!(formatter, "[{host}:{port}]:")?,
            // one letter alone would read as a drive
            (Form::Short, None)
                if host.contains(':') || (host.len() == 1 && self.user.is_none()) =>
            {
                write!(formatter, "[{host}]:")?;
            }
            (Form::Short, None) => write!(formatter, "{host}:")?,
            (Form::Url(_), port) => {
                if host.contains(':') {
                    write!(formatter, "[{host}]")?;
                } else {
                    formatter.write_str(host)?;
                }
                if let Some(port) = port {
                    write!(formatter, ":{port}")?;
                }
            }
        }
        formatter.write_str(&self.path)
    }
}

impl serde::Serialize for RemoteUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Splits off `USER@`. A password with a colon before it is told from the path by the `@` that
/// follows it, with another colon behind.
fn split_user<'a>(text: &'a str, head: &str) -> (Option<&'a str>, &'a str) {
    let before_colon = head.find(':').unwrap_or(head.len());
    let at = head
        .rfind('@')
        .filter(|at| head.rfind(':').is_some_and(|colon| *at < colon))
        .or_else(|| head.get(..before_colon)?.rfind('@'));
    match at.and_then(|at| text.split_at_checked(at)) {
        Some((user, rest)) => (Some(user), rest.strip_prefix('@').unwrap_or(rest)),
        None => (None, text),
    }
}

fn without_password(user: &str) -> &str {
    user.split_once(':').map_or(user, |(user, _)| user)
}

/// Reads `HOST`, `HOST:PORT` or `[IPv6]:PORT`.
fn read_address(address: &str) -> Result<(String, Option<u16>), RemoteError> {
    let (host, port) = match address.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((host, "")) => (host, ""),
        Some((host, rest)) => (host, rest.strip_prefix(':').ok_or(RemoteError::Port)?),
        None => address.split_once(':').unwrap_or((address, "")),
    };
    let port = match port {
        "" => None,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().map_err(|_| RemoteError::Port)?)
        }
        _ => return Err(RemoteError::Port),
    };
    Ok((read_host(host)?, port))
}

fn read_host(host: &str) -> Result<String, RemoteError> {
    let misplaced = |next: char| matches!(next, '[' | ']' | '/' | '\\') || next.is_whitespace();
    // a colon is part of an IPv6 address, which has two at least
    if host.contains(misplaced) || host.matches(':').count() == 1 {
        return Err(RemoteError::BadHost);
    }
    Ok(host.to_ascii_lowercase())
}

fn unbracket(address: &str) -> Option<&str> {
    address.strip_prefix('[')?.strip_suffix(']')
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Tells whether the text begins with a drive of Windows, one letter and a colon, and then one of
/// these, if any.
fn has_drive(text: &str, then: &[char]) -> bool {
    matches!(text.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
        && (then.is_empty() || text.get(2..).is_some_and(|rest| rest.starts_with(then)))
}

/// Drops trailing separators, but not those that are all there is besides blanks.
fn trim_path<'a>(path: &'a str, separators: &[char]) -> &'a str {
    let trimmed = path.trim_end_matches(separators);
    if trimmed.trim().is_empty() {
        path
    } else {
        trimmed
    }
}

#[cfg(test)]
mod tests;
