//! Which repository at which GitHub.

use std::fmt;

use duat::git::Repository as Git;
use duat::name::remote::RemoteUrl;
use duat_shell::{Code, Failure, Talk, environment};
use url::Url;

use crate::address::{is_loopback, is_safe};
use crate::args;

const GITHUB: &str = "github.com";
const GITHUB_API_URL: &str = "GITHUB_API_URL";
const GITHUB_SERVER_URL: &str = "GITHUB_SERVER_URL";

/// A repository at a GitHub.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Slug {
    /// In lower case, without a port.
    pub host: String,
    pub owner: String,
    pub name: String,
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host != GITHUB {
            write!(formatter, "{}/", self.host)?;
        }
        write!(formatter, "{}/{}", self.owner, self.name)
    }
}

impl Slug {
    /// Reads `[HOST/]OWNER/NAME`, or an address as git takes it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let parts: Vec<&str> = text.split('/').collect();
        match parts.as_slice() {
            [owner, name] if !text.contains([':', '\\']) => Self::new(GITHUB, owner, name),
            [host, owner, name] if host.contains('.') && !text.contains([':', '\\']) => {
                Self::new(host, owner, name)
            }
            _ => Self::of_remote(&text.parse().ok()?),
        }
    }

    /// Returns the repository that a remote is about. GitHub has no nested owners.
    pub(crate) fn of_remote(url: &RemoteUrl) -> Option<Self> {
        let owner = url.owner()?.trim_start_matches('/');
        Self::new(url.host()?, owner, url.name()?)
    }

    fn new(host: &str, owner: &str, name: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        let host = match host.as_str() {
            "www.github.com" | "ssh.github.com" => GITHUB.to_owned(),
            _ => host,
        };
        let name = name.strip_suffix(".git").unwrap_or(name);
        let is_host = |text: &str| {
            let stays = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
            !text.is_empty() && text.bytes().all(stays)
        };
        let is_word = |text: &str| {
            let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            !text.is_empty() && !matches!(text, "." | "..") && text.bytes().all(stays)
        };
        (is_host(&host) && is_word(owner) && is_word(name)).then(|| Self {
            host,
            owner: owner.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Returns `OWNER/NAME`.
    pub(crate) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Returns the beginning of its paths in the API.
    pub(crate) fn path(&self) -> String {
        format!("/repos/{}/{}", self.owner, self.name)
    }

    /// Returns the host's API.
    fn api(&self) -> String {
        match self.host.as_str() {
            GITHUB => "https://api.github.com".to_owned(),
            host if host.ends_with(".ghe.com") => format!("https://api.{host}"),
            host => format!("https://{host}/api/v3"),
        }
    }
}

/// Where a repository is spoken to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub slug: Slug,
    pub api: Url,
    /// Somebody named the host: more than a remote in a clone, which anybody may have written.
    pub is_named: bool,
}

/// Finds the repository and its API.
pub(crate) fn target(args: &args::Place, git: Option<&Git>, talk: Talk) -> Result<Target, Failure> {
    let slug = match &args.repo {
        Some(repo) => Slug::parse(repo).ok_or_else(|| {
            Failure::new(
                Code::Usage,
                "failed to read the value of `--repo`: it names no repository",
            )
            .hint("write it as `OWNER/NAME`, or `HOST/OWNER/NAME`.")
        })?,
        None => of_git(args.remote.as_deref(), git, talk)?,
    };
    let server = environment::text(GITHUB_SERVER_URL).and_then(|url| Url::parse(&url).ok());
    let is_server = server.as_ref().and_then(Url::host_str) == Some(slug.host.as_str());
    let given = match &args.api_url {
        Some(url) => Some((url.clone(), "`--api-url`".to_owned())),
        None => environment::text(GITHUB_API_URL)
            // the API of another server is none of ours
            .filter(|_| server.is_none() || is_server)
            .map(|url| (url, format!("`{GITHUB_API_URL}`"))),
    };
    let is_named = given.is_some() || is_server || args.repo.is_some();
    let (text, origin) = given.unwrap_or_else(|| (slug.api(), "the host".to_owned()));
    let api = api(&text, &origin)?;
    talk.explain(format_args!(
        "the repository is `{slug}`, the API `{api}` (from {origin})"
    ));
    Ok(Target {
        slug,
        api,
        is_named,
    })
}

/// Reads the base of the API.
fn api(text: &str, origin: &str) -> Result<Url, Failure> {
    let failed = |why: &str| {
        Failure::new(
            Code::Usage,
            format!("failed to read the API's address from {origin}: {why}"),
        )
        .hint("write it as `https://HOST/api/v3`.")
    };
    let mut url = Url::parse(text.trim()).map_err(|error| failed(&error.to_string()))?;
    if url.host_str().is_none() || !matches!(url.scheme(), "http" | "https") {
        return Err(failed("it is no address of a web server"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(failed("it holds credentials"));
    }
    if !is_safe(&url) {
        return Err(failed("the token would travel unencrypted"));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn of_git(remote: Option<&str>, git: Option<&Git>, talk: Talk) -> Result<Slug, Failure> {
    let failed = |why: String| {
        Failure::new(
            Code::NotFound,
            format!("failed to find the repository: {why}"),
        )
        .hint("name it with `--repo OWNER/NAME`.")
    };
    let Some(git) = git else {
        return Err(failed("this is no git repository".to_owned()));
    };
    let found = match remote {
        Some(name) => git
            .remote_named(name)?
            .ok_or_else(|| failed(format!("there is no remote `{name}`")))?,
        None => git
            .remote()?
            .ok_or_else(|| failed("git has no remote".to_owned()))?,
    };
    talk.explain(format_args!("the remote is `{}`", found.name));
    let url = found.url.ok_or_else(|| {
        failed(format!(
            "the address of the remote `{}` cannot be read",
            found.name
        ))
    })?;
    Slug::of_remote(&url).ok_or_else(|| {
        failed(format!(
            "the remote `{}` is `{url}`, which is none of GitHub's",
            found.name
        ))
    })
}

/// Tells whether the token may go to the host that a release names for its uploads: the API's own,
/// or the one that GitHub has for the API.
pub(crate) fn is_upload_host(api: &Url, upload: &Url) -> bool {
    if !is_safe(upload) || !upload.username().is_empty() {
        return false;
    }
    let (Some(api_host), Some(upload_host)) = (api.host_str(), upload.host_str()) else {
        return false;
    };
    if api_host == upload_host {
        // on loopback every port is ours; elsewhere another port is another server
        return is_loopback(api) || api.port_or_known_default() == upload.port_or_known_default();
    }
    let Some(domain) = api_host.strip_prefix("api.") else {
        return false;
    };
    upload_host.strip_prefix("uploads.") == Some(domain)
        && (domain == GITHUB || domain.ends_with(".ghe.com"))
        && upload.port().is_none()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_repository_is_read_from_all_its_forms() {
        for (text, expected) in [
            ("owner/tool", "owner/tool"),
            ("github.com/owner/tool", "owner/tool"),
            ("ghe.example.com/owner/tool", "ghe.example.com/owner/tool"),
            ("https://github.com/owner/tool.git", "owner/tool"),
            (
                "https://x-access-token:s3cret@github.com/owner/tool",
                "owner/tool",
            ),
            ("git@github.com:owner/tool.git", "owner/tool"),
            ("ssh://git@ssh.github.com:443/owner/tool.git", "owner/tool"),
            (
                "git@acme.ghe.com:owner/to.ol.git",
                "acme.ghe.com/owner/to.ol",
            ),
            ("GIT@GitHub.com:/owner/tool/", "owner/tool"),
        ] {
            let slug = Slug::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(slug.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_repository_is_refused() {
        for text in [
            "",
            "owner",
            "owner/",
            "/tool",
            "a/b/c",
            "group/sub/team/tool",
            "owner/..",
            "own er/tool",
            "owner/tool?x",
            "../../etc",
            "C:\\a\\b",
            "/srv/git/tool.git",
            "file:///srv/owner/tool",
            "https://github.com/owner/tool/extra/deep",
        ] {
            assert_eq!(Slug::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_host_has_its_api() {
        for (text, expected) in [
            ("owner/tool", "https://api.github.com"),
            ("acme.ghe.com/owner/tool", "https://api.acme.ghe.com"),
            (
                "git.example.com/owner/tool",
                "https://git.example.com/api/v3",
            ),
        ] {
            assert_eq!(Slug::parse(text).unwrap().api(), expected);
        }
    }

    #[test]
    fn a_token_goes_to_the_upload_host_of_the_api_and_to_no_other() {
        for (api, upload, expected) in [
            (
                "https://api.github.com",
                "https://uploads.github.com/x",
                true,
            ),
            (
                "https://api.acme.ghe.com",
                "https://uploads.acme.ghe.com/x",
                true,
            ),
            (
                "https://git.example.com/api/v3",
                "https://git.example.com/api/uploads/x",
                true,
            ),
            ("http://127.0.0.1:1/", "http://127.0.0.1:2/", true),
            (
                "https://api.github.com",
                "http://uploads.github.com/x",
                false,
            ),
            (
                "https://api.github.com",
                "https://uploads.github.com.evil.org/x",
                false,
            ),
            (
                "https://api.github.com",
                "https://uploads.acme.ghe.com/x",
                false,
            ),
            (
                "https://api.github.com",
                "https://u:p@uploads.github.com/x",
                false,
            ),
            (
                "https://api.github.com",
                "https://uploads.github.com:8443/x",
                false,
            ),
            (
                "https://api.example.com",
                "https://uploads.example.com/x",
                false,
            ),
            (
                "https://git.example.com",
                "https://git.example.com:444/x",
                false,
            ),
            ("http://127.0.0.1:1/", "http://127.0.0.2:2/", false),
        ] {
            let (api, upload) = (Url::parse(api).unwrap(), Url::parse(upload).unwrap());
            assert_eq!(is_upload_host(&api, &upload), expected, "{api} {upload}");
        }
    }

    #[test]
    fn an_address_of_the_api_is_encrypted_and_holds_no_secret() {
        let read = |text: &str| api(text, "`--api-url`").map(|url| url.to_string());
        assert_eq!(read("https://h/api/v3/").unwrap(), "https://h/api/v3");
        assert_eq!(
            read("http://127.0.0.1:80/?a#b").unwrap(),
            "http://127.0.0.1/"
        );
        for text in [
            "",
            "h",
            "http://h/",
            "ftp://127.0.0.1/",
            "https://user:secret@h/",
        ] {
            let failure = read(text).unwrap_err();
            assert_eq!(failure.code(), Code::Usage, "{text}");
            assert!(!failure.message().contains("secret"));
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_safe_in_a_path(text in "\\PC{0,60}") {
            if let Some(slug) = Slug::parse(&text) {
                let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
                prop_assert!(slug.path().bytes().all(stays));
                prop_assert_eq!(Slug::parse(&format!("{}/{}/{}", slug.host, slug.owner, slug.name)).is_some(), slug.host.contains('.'));
            }
        }
    }
}
