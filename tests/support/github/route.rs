//! Which of GitHub's operations a request asks for.

use crate::http::Request;

/// An operation of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Route {
    /// Any of them, counted together.
    Any,
    /// Read the repository.
    Repository,
    /// Read a tag's reference.
    Reference,
    /// Make a reference.
    CreateReference,
    /// Read an annotated tag.
    Tag,
    /// Read a commit.
    Commit,
    /// List the releases.
    Releases,
    /// Read the latest release.
    Latest,
    /// Read the published release of a tag.
    ByTag,
    /// Read a release by its number.
    Release,
    /// Make a release.
    Create,
    /// Change a release without publishing it.
    Update,
    /// Change a release so that it is published.
    Publish,
    /// Delete a release.
    Delete,
    /// Write release notes.
    Notes,
    /// Tell whether releases are immutable.
    Immutable,
    /// List the assets of a release.
    Assets,
    /// Send an asset.
    Upload,
    /// Read an asset.
    Asset,
    /// Change name or label of an asset.
    Rename,
    /// Delete an asset.
    DeleteAsset,
    /// Read the bytes of an asset where they are stored.
    Storage,
    /// Tell what is left of the rate.
    RateLimit,
    /// Anything else.
    Unknown,
}

/// What a request is about.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) route: Route,
    /// The path in GitHub's description of its API, below the repository.
    template: &'static str,
    /// Full name, or number, of the repository.
    pub(super) repository: String,
    /// What stands at the end of the path: a tag, a hash, a number.
    pub(super) rest: String,
}

impl Target {
    /// Reads method and path.
    pub(super) fn of(request: &Request) -> Self {
        let path = request.path();
        let path = ["/api/v3", "/api/uploads"]
            .iter()
            .find_map(|prefix| path.strip_prefix(prefix))
            .unwrap_or(path);
        let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (repository, below) = match parts.as_slice() {
            ["repos", owner, name, below @ ..] => (format!("{owner}/{name}"), below),
            ["repositories", id, below @ ..] => ((*id).to_owned(), below),
            other => (String::new(), other),
        };
        let method = match request.method.as_str() {
            "HEAD" => "GET",
            other => other,
        };
        let (route, template, rest) = if repository.is_empty() {
            elsewhere(method, below)
        } else {
            in_repository(method, below)
        };
        Self {
            route,
            template,
            repository,
            rest,
        }
    }

    /// Returns the whole path in GitHub's description of its API, if it is described.
    pub(super) fn template(&self) -> Option<String> {
        match self.route {
            Route::Unknown | Route::Storage => None,
            Route::RateLimit => Some(self.template.to_owned()),
            _ => Some(format!("/repos/{{owner}}/{{repo}}{}", self.template)),
        }
    }

    pub(super) fn id(&self) -> u64 {
        self.rest.parse().unwrap_or(0)
    }
}

fn elsewhere(method: &str, parts: &[&str]) -> (Route, &'static str, String) {
    match (method, parts) {
        ("GET", ["rate_limit"]) => (Route::RateLimit, "/rate_limit", String::new()),
        ("GET", ["storage", id]) => (Route::Storage, "", (*id).to_owned()),
        _ => (Route::Unknown, "", String::new()),
    }
}

fn in_repository(method: &str, parts: &[&str]) -> (Route, &'static str, String) {
    use Route as R;
    let (route, template, rest): (Route, &'static str, String) = match (method, parts) {
        ("GET", []) => (R::Repository, "", String::new()),
        ("GET", ["git", "ref" | "refs", "tags", tag @ ..]) => {
            (R::Reference, "/git/ref/{ref}", tag.join("/"))
        }
        ("POST", ["git", "refs"]) => (R::CreateReference, "/git/refs", String::new()),
        ("GET", ["git", "tags", sha]) => (R::Tag, "/git/tags/{tag_sha}", (*sha).to_owned()),
        ("GET", ["commits", sha]) => (R::Commit, "/commits/{ref}", (*sha).to_owned()),
        ("GET", ["immutable-releases"]) => (R::Immutable, "/immutable-releases", String::new()),
        ("GET", ["releases"]) => (R::Releases, "/releases", String::new()),
        ("POST", ["releases"]) => (R::Create, "/releases", String::new()),
        ("POST", ["releases", "generate-notes"]) => {
            (R::Notes, "/releases/generate-notes", String::new())
        }
        ("GET", ["releases", "latest"]) => (R::Latest, "/releases/latest", String::new()),
        ("GET", ["releases", "tags", tag @ ..]) => {
            (R::ByTag, "/releases/tags/{tag}", tag.join("/"))
        }
        (_, ["releases", "assets", id]) => {
            let route = match method {
                "GET" => R::Asset,
                "PATCH" => R::Rename,
                "DELETE" => R::DeleteAsset,
                _ => R::Unknown,
            };
            (route, "/releases/assets/{asset_id}", (*id).to_owned())
        }
        ("GET", ["releases", id, "assets"]) => {
            (R::Assets, "/releases/{release_id}/assets", (*id).to_owned())
        }
        ("POST", ["releases", id, "assets"]) => {
            (R::Upload, "/releases/{release_id}/assets", (*id).to_owned())
        }
        (_, ["releases", id]) => {
            let route = match method {
                "GET" => R::Release,
                "PATCH" => R::Update,
                "DELETE" => R::Delete,
                _ => R::Unknown,
            };
            (route, "/releases/{release_id}", (*id).to_owned())
        }
        _ => (R::Unknown, "", String::new()),
    };
    (route, template, rest)
}

/// Returns a part of a path without its escapes; a `+` is a plus there.
fn decoded(part: &str) -> String {
    let mut pieces = part.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let escaped = piece
            .get(..2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let literal = if let Some(byte) = escaped {
            bytes.push(byte);
            &piece.as_bytes()[2..]
        } else {
            bytes.push(b'%');
            piece.as_bytes()
        };
        bytes.extend_from_slice(literal);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
