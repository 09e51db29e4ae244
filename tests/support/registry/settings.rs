//! What kind of registry it is.

use std::sync::Arc;

use rustls::ServerConfig;

use super::guard::{Guard, Tokens};
use super::{Registry, Wire};
use crate::http::{Authority, Mishap};

/// How a registry says where an upload goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Location {
    /// By a whole URL.
    Absolute,
    /// By a path.
    Path,
    /// By a whole URL with a query that changes with every request: the one before is worthless.
    Stateful,
    /// By these words, whatever they are.
    Literal(String),
    /// Not at all.
    Missing,
}

/// When a blob of another repository is mounted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mounts {
    /// Whenever it is there.
    Always,
    /// When a manifest of that repository names it, as ECR does.
    Referenced,
    /// Never: an upload session is opened instead.
    Never,
    /// Never: the request fails with this status.
    Refused(u16),
}

/// How a registry deals with manifests that have a subject.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Referrers {
    /// They are listed.
    On,
    /// There is no such list.
    Off,
    /// There is no such list, though pushes are answered as if there were.
    Claimed,
    /// The list is always empty, though pushes are answered as if it were not.
    Empty,
    /// There is no such list, and the fallback tag of an image leads to the image itself.
    Foreign,
}

/// What kind of registry it is.
#[derive(Clone, Debug)]
#[must_use = "settings do nothing until a registry is started with them"]
pub struct Settings {
    pub(super) guard: Guard,
    pub(super) referrers: Referrers,
    pub(super) mounts: Mounts,
    pub(super) location: Location,
    pub(super) patch_status: u16,
    pub(super) stuck_range: bool,
    pub(super) upload_status: bool,
    pub(super) strict_sessions: bool,
    pub(super) strict_accept: bool,
    pub(super) repositories_must_exist: bool,
    pub(super) immutable: Option<Vec<String>>,
    pub(super) deletes: bool,
    pub(super) chunk_limit: Option<u64>,
    pub(super) put_limit: Option<u64>,
    pub(super) least_chunk: Option<u64>,
    pub(super) page: usize,
    pub(super) manifest_limit: usize,
    pub(super) digest_header: bool,
    pub(super) manifest_location: bool,
    pub(super) blobs_elsewhere: bool,
    pub(super) uploads_elsewhere: bool,
}

impl Settings {
    /// Returns those of a faultless registry of version 1.1 that lets everybody in.
    #[expect(
        clippy::new_without_default,
        reason = "a registry to start with, which a default value is not"
    )]
    pub fn new() -> Self {
        Self {
            guard: Guard::Open,
            referrers: Referrers::On,
            mounts: Mounts::Always,
            location: Location::Absolute,
            patch_status: 202,
            stuck_range: false,
            upload_status: true,
            strict_sessions: true,
            strict_accept: true,
            repositories_must_exist: false,
            immutable: None,
            deletes: true,
            chunk_limit: None,
            put_limit: None,
            least_chunk: None,
            page: 1000,
            manifest_limit: 4 << 20,
            digest_header: true,
            manifest_location: true,
            blobs_elsewhere: false,
            uploads_elsewhere: false,
        }
    }

    /// Returns those of Amazon's: user `AWS`, repositories made beforehand, uploads off the standard,
    /// mounts of referenced blobs only, redirects to storage.
    pub fn ecr(password: &str) -> Self {
        Self {
            mounts: Mounts::Referenced,
            patch_status: 201,
            stuck_range: true,
            upload_status: false,
            repositories_must_exist: true,
            manifest_location: false,
            blobs_elsewhere: true,
            ..Self::new().basic("AWS", password)
        }
    }

    /// Returns those of distribution 2.8: no referrers, Locations with state.
    pub fn distribution() -> Self {
        Self {
            referrers: Referrers::Off,
            location: Location::Stateful,
            strict_sessions: false,
            ..Self::new()
        }
    }

    /// Starts a registry.
    pub fn start(self) -> Registry {
        Registry::serve(self, &Wire::Plain)
    }

    /// Starts a registry on `::1`.
    pub fn start_v6(self) -> Registry {
        Registry::serve(self, &Wire::V6)
    }

    /// Starts a registry that speaks TLS; see [`Authority::pem`] for what a client has to trust.
    pub fn start_tls(self, authority: &Authority) -> Registry {
        self.start_with(authority.server())
    }

    /// Starts a registry that speaks TLS like this.
    pub fn start_with(self, tls: Arc<ServerConfig>) -> Registry {
        Registry::serve(self, &Wire::Tls(tls))
    }

    /// Starts a registry that speaks HTTP/2 and nothing else; what goes wrong with a request is told
    /// by its number, the first being number 1.
    pub fn start_h2(
        self,
        authority: &Authority,
        mishaps: impl Fn(usize) -> Mishap + Send + Sync + 'static,
    ) -> Registry {
        Registry::serve(self, &Wire::H2(authority.h2_server(), Arc::new(mishaps)))
    }

    /// Lets in who has this name and password.
    pub fn basic(mut self, user: &str, password: &str) -> Self {
        self.guard = Guard::Basic {
            user: user.to_owned(),
            password: password.to_owned(),
            expired: Vec::new(),
        };
        self
    }

    /// Refuses the password of before, as ECR does (403: it has expired), and takes this one.
    pub fn renewed_password(mut self, new: &str) -> Self {
        if let Guard::Basic {
            password, expired, ..
        } = &mut self.guard
        {
            expired.push(std::mem::replace(password, new.to_owned()));
        }
        self
    }

    /// Lets in who has a token.
    pub fn bearer(mut self, tokens: Tokens) -> Self {
        self.guard = Guard::Bearer(tokens);
        self
    }

    /// Sets how it deals with manifests that have a subject.
    pub fn referrers(mut self, referrers: Referrers) -> Self {
        self.referrers = referrers;
        self
    }

    /// Sets when a blob is mounted.
    pub fn mounts(mut self, mounts: Mounts) -> Self {
        self.mounts = mounts;
        self
    }

    /// Sets how it says where an upload goes on.
    pub fn location(mut self, location: Location) -> Self {
        self.location = location;
        self
    }

    /// Answers a PATCH with this instead of 202.
    pub fn patch_status(mut self, status: u16) -> Self {
        self.patch_status = status;
        self
    }

    /// Says after every PATCH what it said after the first.
    pub fn stuck_range(mut self) -> Self {
        self.stuck_range = true;
        self
    }

    /// Does not tell how far an upload has come.
    pub fn without_upload_status(mut self) -> Self {
        self.upload_status = false;
        self
    }

    /// Takes a manifest whatever the client says it accepts.
    pub fn lenient_accept(mut self) -> Self {
        self.strict_accept = false;
        self
    }

    /// Pushing to a repository that has not been made is an error.
    pub fn repositories_must_exist(mut self) -> Self {
        self.repositories_must_exist = true;
        self
    }

    /// A tag cannot be written twice, not even with the same manifest. The exceptions may end in `*`.
    pub fn immutable(mut self, exceptions: &[&str]) -> Self {
        self.immutable = Some(exceptions.iter().map(|&text| text.to_owned()).collect());
        self
    }

    /// Nothing can be deleted.
    pub fn without_deletes(mut self) -> Self {
        self.deletes = false;
        self
    }

    /// A PATCH has at most so many bytes.
    pub fn chunk_limit(mut self, bytes: u64) -> Self {
        self.chunk_limit = Some(bytes);
        self
    }

    /// A PUT of a blob has at most so many bytes.
    pub fn put_limit(mut self, bytes: u64) -> Self {
        self.put_limit = Some(bytes);
        self
    }

    /// A PATCH but for the last has at least so many bytes, and clients are told.
    pub fn least_chunk(mut self, bytes: u64) -> Self {
        self.least_chunk = Some(bytes);
        self
    }

    /// Lists come in pages of at most so many.
    pub fn page(mut self, entries: usize) -> Self {
        self.page = entries;
        self
    }

    /// A manifest has at most so many bytes.
    pub fn manifest_limit(mut self, bytes: usize) -> Self {
        self.manifest_limit = bytes;
        self
    }

    /// Never says `Docker-Content-Digest`.
    pub fn without_digest_header(mut self) -> Self {
        self.digest_header = false;
        self
    }

    /// Does not say where a manifest has been put.
    pub fn without_manifest_location(mut self) -> Self {
        self.manifest_location = false;
        self
    }

    /// Sends those who want a blob to another origin, with a signed URL; that origin refuses requests
    /// with credentials.
    pub fn blobs_elsewhere(mut self) -> Self {
        self.blobs_elsewhere = true;
        self
    }

    /// Answers what is sent to an upload with a redirect (307) to another origin, which wants no
    /// credentials.
    pub fn uploads_elsewhere(mut self) -> Self {
        self.uploads_elsewhere = true;
        self
    }
}
