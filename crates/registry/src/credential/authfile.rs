//! Docker's and podman's files of credentials.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::GeneralPurposeConfig;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::program::{Helper, Shown};
use super::{Ask, Credential, Found, Keychain, KeychainError, Secret};
use crate::reference::{Registry, Repository};

/// The name under which Docker keeps what it shows Docker Hub.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// The longest file that is read.
const LIMIT: u64 = 16 << 20;

/// How long a helper may think: some ask the user.
const HELPER_PATIENCE: Duration = Duration::from_secs(30);

/// Base64 as people paste it: with its padding or without.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Looks into files as `docker login` and `podman login` write them, and asks the helpers they name.
///
/// The first file that knows something is heard. Within a file: the registry's own helper, then the
/// store, then what the file itself holds under the longest matching path.
#[derive(Clone, Debug)]
pub struct AuthFiles {
    files: Vec<PathBuf>,
    helpers: Vec<PathBuf>,
    patience: Duration,
}

/// A file of credentials. Unknown fields are other programs' business.
#[derive(Debug, Default, Deserialize)]
struct File {
    auths: Option<BTreeMap<String, Entry>>,
    #[serde(rename = "credHelpers")]
    helpers: Option<BTreeMap<String, String>>,
    #[serde(rename = "credsStore")]
    store: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
    registrytoken: Option<String>,
}

impl AuthFiles {
    /// Looks into these files, in this order; those that do not exist are passed over. `helpers` are
    /// the folders in which `docker-credential-…` programs are looked for.
    pub fn new(files: Vec<PathBuf>, helpers: Vec<PathBuf>) -> Self {
        Self {
            files,
            helpers,
            patience: HELPER_PATIENCE,
        }
    }

    /// Gives helpers this much time.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    async fn find_in(&self, path: &Path, ask: Ask<'_>) -> Result<Option<Found>, KeychainError> {
        let Some(file) = read(path)? else {
            return Ok(None);
        };
        let mut helpers = file.helpers.iter().flatten();
        let own = helpers
            .find(|(name, _)| is_registry(name, ask.registry))
            .map(|(_, helper)| helper);
        for name in own.into_iter().chain(&file.store) {
            if name.is_empty() {
                continue;
            }
            let helper = Helper::new(name, &self.helpers, self.patience, path)?;
            let server = if ask.registry.is_docker_hub() {
                DOCKER_HUB.to_owned()
            } else {
                ask.registry.to_string()
            };
            if let Some(shown) = helper.get(&server).await? {
                return Ok(Some(Found {
                    credential: credential_of(shown),
                    origin: format!("`docker-credential-{name}` of `{}`", path.display()),
                }));
            }
        }
        let Some((key, entry)) = longest(&file, ask.registry, ask.repository) else {
            return Ok(None);
        };
        let credential = entry.credential().map_err(|reason| KeychainError {
            reason: format!("failed to read `{}`: `{key}`: {reason}", path.display()),
            hint: Some(format!("log in again: `docker login {}`", ask.registry)),
            source: None,
        })?;
        Ok(credential.map(|credential| Found {
            credential,
            origin: format!("`{}`, `{key}`", path.display()),
        }))
    }
}

impl Keychain for AuthFiles {
    fn find<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>> {
        Box::pin(async move {
            for path in &self.files {
                if let Some(found) = self.find_in(path, ask).await? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        })
    }
}

fn read(path: &Path) -> Result<Option<File>, KeychainError> {
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| KeychainError {
        reason: format!("failed to read credentials from `{}`", path.display()),
        hint: None,
        source: Some(source),
    };
    let bytes = std::fs::File::open(path).and_then(|file| {
        let mut bytes = Vec::new();
        // it may be a pipe, as `<(…)` makes one, and need not end
        file.take(LIMIT + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    });
    let bytes = match bytes {
        Ok(bytes) if bytes.len() as u64 > LIMIT => {
            return Err(failed(format!("it is longer than {LIMIT} bytes").into()));
        }
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.into())),
    };
    if bytes.trim_ascii().is_empty() {
        return Ok(None);
    }
    // only where it broke: a text of the error could quote what stands there
    let read = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        failed(format!("no credentials as JSON at line {line}, column {column}").into())
    });
    read.map(Some)
}

/// Returns the entry whose key matches the most of the repository's path.
fn longest<'a>(
    file: &'a File,
    registry: &Registry,
    repository: Option<&Repository>,
) -> Option<(&'a String, &'a Entry)> {
    let path = repository.map(Repository::path).unwrap_or_default();
    let entries = file.auths.iter().flatten();
    let matches = entries.filter_map(|(key, entry)| {
        let (host, prefix) = split(key);
        let fits = is_host(host, registry)
            && path
                .strip_prefix(prefix)
                .is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('/'));
        (fits && entry.is_something()).then_some((prefix.len(), key, entry))
    });
    matches
        .max_by_key(|(length, _, _)| *length)
        .map(|(_, key, entry)| (key, entry))
}

/// Splits a key into host and path: `https://index.docker.io/v1/` has no path that counts.
fn split(key: &str) -> (&str, &str) {
    let key = key.strip_prefix("https://").unwrap_or(key);
    let key = key.strip_prefix("http://").unwrap_or(key);
    let key = key.trim_end_matches('/');
    let (host, path) = key.split_once('/').unwrap_or((key, ""));
    let path = if matches!(path, "v1" | "v2") {
        ""
    } else {
        path
    };
    (host, path)
}

fn is_registry(key: &str, registry: &Registry) -> bool {
    let (host, path) = split(key);
    path.is_empty() && is_host(host, registry)
}

/// Tells whether this is the registry's host; Docker Hub's other names are read as its own.
fn is_host(host: &str, registry: &Registry) -> bool {
    host.parse::<Registry>().is_ok_and(|read| read == *registry)
}

fn credential_of(shown: Shown) -> Credential {
    if shown.username == "<token>" {
        Credential::Identity(shown.secret)
    } else {
        Credential::Basic {
            username: shown.username,
            password: shown.secret,
            at_once: false,
        }
    }
}

impl Entry {
    /// Tells whether there is anything in it: `docker login` with a store leaves empty entries.
    fn is_something(&self) -> bool {
        let fields = [
            &self.auth,
            &self.username,
            &self.identitytoken,
            &self.registrytoken,
        ];
        fields
            .into_iter()
            .any(|field| filled(field.as_ref()).is_some())
    }

    fn credential(&self) -> Result<Option<Credential>, &'static str> {
        if let Some(token) = filled(self.registrytoken.as_ref()) {
            return Ok(Some(Credential::Bearer(Secret::new(token))));
        }
        if let Some(token) = filled(self.identitytoken.as_ref()) {
            return Ok(Some(Credential::Identity(Secret::new(token))));
        }
        let (username, password) = if let Some(auth) = filled(self.auth.as_ref()) {
            let bytes = LENIENT
                .decode(auth.trim())
                .map_err(|_| "`auth` is no base64")?;
            let text = String::from_utf8(bytes).map_err(|_| "`auth` is no text")?;
            let (username, password) = text.split_once(':').ok_or("`auth` has no `:`")?;
            // an old docker pads with zeros
            let password = password.trim_end_matches('\0');
            (username.to_owned(), password.to_owned())
        } else if let Some(username) = filled(self.username.as_ref()) {
            let password = self.password.clone().unwrap_or_default();
            (username.to_owned(), password)
        } else {
            return Ok(None);
        };
        Ok(Some(Credential::Basic {
            username,
            password: Secret::new(password),
            at_once: false,
        }))
    }
}

fn filled(field: Option<&String>) -> Option<&str> {
    field.map(String::as_str).filter(|text| !text.is_empty())
}
