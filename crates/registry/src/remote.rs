//! One repository of one registry, and what can be done there.

mod listing;
mod manifests;
mod referring;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::{HeaderMap, Method};
use url::Url;

use crate::blob::{BlobSource, BlobStream};
use crate::client::{Access, Client};
use crate::descriptor::Descriptor;
use crate::digest::{Digest, Mismatch};
use crate::door::Visit;
use crate::error::{Error, Kind, Operation, Place, Refusal};
use crate::reference::Repository;
use crate::scope::Scopes;
use crate::transport::{Answer, Call};

pub use manifests::Put;

/// One repository of one registry. Cheap to clone.
#[derive(Clone)]
pub struct Remote(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    client: Client,
    repository: Repository,
    scopes: Scopes,
}

/// A blob of a repository, to be sent elsewhere.
#[derive(Clone)]
pub struct RemoteBlob {
    /// Where it is.
    pub remote: Remote,
    /// What it is.
    pub descriptor: Descriptor,
}

impl Remote {
    pub(crate) fn new(client: Client, repository: &Repository, access: Access) -> Self {
        Self(Arc::new(Inner {
            client,
            repository: repository.clone(),
            scopes: Scopes::of(repository, access),
        }))
    }

    /// Asks for access to these repositories of the same registry too, at once: what is to be mounted
    /// must be readable. Those of other registries are passed over.
    #[must_use]
    pub fn mounting_from<'a>(self, sources: impl IntoIterator<Item = &'a Repository>) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        for source in sources {
            if source.registry() == inner.repository.registry() {
                inner.scopes.extend(&Scopes::of(source, Access::Pull));
            }
        }
        Self(Arc::new(inner))
    }

    /// Returns which repository it is.
    pub fn repository(&self) -> &Repository {
        &self.0.repository
    }

    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Returns the place of a manifest or a blob here.
    pub(crate) fn place_of(&self, content: &impl ToString) -> Place {
        Place::Content(self.0.repository.clone(), content.to_string())
    }

    pub(crate) fn place(&self) -> Place {
        Place::Repository(self.0.repository.clone())
    }

    /// Returns a URL below the repository: `manifests/latest`.
    pub(crate) fn url(&self, rest: &str, errand: &Errand) -> Result<Url, Error> {
        let registry = self.0.repository.registry();
        let base = self.0.client.transport().base(registry);
        let base = base.map_err(|failure| errand.failed(failure))?;
        base.join(&format!("{}/{rest}", self.0.repository.path()))
            .map_err(|_| errand.error(Kind::Protocol, "no URL can be made of it"))
    }

    /// Returns a request to something below the repository.
    pub(crate) fn call(&self, method: Method, rest: &str, errand: &Errand) -> Result<Call, Error> {
        Ok(self.call_to(method, self.url(rest, errand)?))
    }

    pub(crate) fn call_to(&self, method: Method, url: Url) -> Call {
        Call::new(self.0.repository.registry(), method, url)
    }

    /// Sends a request about this repository. Refusals are errors.
    pub(crate) async fn send(&self, call: Call, errand: &Errand) -> Result<Answer, Error> {
        let visit = Visit {
            registry: self.0.repository.registry(),
            repository: Some(&self.0.repository),
            scopes: &self.0.scopes,
        };
        let client = &self.0.client;
        // boxed: what sends is large, and part of all that is done here
        Box::pin(client.send(visit, call, errand.operation, &errand.place)).await
    }
}

impl BlobSource for RemoteBlob {
    fn open(&self) -> BoxFuture<'_, Result<BlobStream, Error>> {
        Box::pin(self.remote.blob(&self.descriptor))
    }

    fn is_verified(&self) -> bool {
        true
    }
}

/// What is being done, and on what: every failure on the way is a failure of it.
#[derive(Clone)]
pub(crate) struct Errand {
    pub(crate) operation: Operation,
    pub(crate) place: Place,
}

impl Errand {
    pub(crate) fn new(operation: Operation, place: Place) -> Self {
        Self { operation, place }
    }

    pub(crate) fn error(&self, kind: Kind, reason: impl Into<String>) -> Error {
        Error::new(self.operation, self.place.clone(), kind, reason)
    }

    pub(crate) fn failed(&self, failure: crate::transport::Failure) -> Error {
        failure.during(self.operation, self.place.clone())
    }

    pub(crate) fn mismatch(&self, mismatch: &Mismatch) -> Error {
        self.error(Kind::Verification, mismatch.to_string())
    }

    /// An answer that is no refusal and not what was to be expected either.
    pub(crate) fn unexpected(&self, answer: &Answer) -> Error {
        let refusal = Refusal::read(answer.status.as_u16(), b"");
        Error::refused(self.operation, self.place.clone(), refusal).of_kind(Kind::Protocol)
    }
}

/// Returns the digest that a registry names in its answer, where it names one that is known.
pub(crate) fn named_digest(headers: &HeaderMap) -> Option<Digest> {
    let text = headers.get("docker-content-digest")?.to_str().ok()?;
    text.trim().parse().ok()
}

/// Checks that an answer does not name another digest than this. None, or one by another algorithm,
/// says nothing.
pub(crate) fn check_named(
    answer: &Answer,
    expected: &Digest,
    errand: &Errand,
) -> Result<(), Error> {
    match named_digest(&answer.headers) {
        Some(found) if found.algorithm() == expected.algorithm() && found != *expected => {
            Err(errand.mismatch(&Mismatch::Digest {
                expected: expected.clone(),
                found,
            }))
        }
        _ => Ok(()),
    }
}
