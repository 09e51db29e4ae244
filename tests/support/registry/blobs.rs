//! Blobs that are there.

use super::service::{Service, problem, unknown_repository};
use super::storage;
use crate::http::{Reply, Request};

pub(super) fn answer(
    service: &Service,
    repository: &str,
    digest: &str,
    request: &Request,
) -> Reply {
    let settings = service.settings();
    let mut store = service.store();
    let Some(held) = store.get(repository) else {
        return if settings.repositories_must_exist {
            unknown_repository(repository)
        } else {
            unknown()
        };
    };
    let Some(bytes) = held.blobs.get(digest) else {
        return unknown();
    };
    let named = |reply: Reply| {
        if settings.digest_header {
            reply.header("docker-content-digest", digest)
        } else {
            reply
        }
    };
    match request.method.as_str() {
        "GET" if settings.blobs_elsewhere => {
            let url = service.signed_url(repository, digest);
            Reply::new(307).header("location", url)
        }
        "GET" | "HEAD" => named(storage::content(request, bytes)),
        "DELETE" if settings.deletes => {
            store.create(repository).remove(digest);
            Reply::new(202)
        }
        _ => problem(405, "UNSUPPORTED", "The operation is unsupported."),
    }
}

fn unknown() -> Reply {
    problem(404, "BLOB_UNKNOWN", "blob unknown to registry")
}
