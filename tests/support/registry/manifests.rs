//! Manifests: read, written, deleted.

use super::guard::matches;
use super::service::{Service, problem, unknown_repository};
use super::settings::{Referrers, Settings};
use super::store::{Repository, json, needed, subject};
use crate::http::{Body, Reply, Request};
use crate::image::{Content, media};

pub(super) fn answer(
    service: &Service,
    repository: &str,
    reference: &str,
    request: &Request,
    body: &mut Body<'_>,
) -> Reply {
    let settings = service.settings();
    // a body takes its time, so it is read before anything is locked
    let bytes = match request.method.as_str() {
        "PUT" => match body.bytes() {
            Ok(bytes) => bytes,
            Err(_) => return Reply::none(),
        },
        _ => Vec::new(),
    };
    let mut store = service.store();
    if store.get(repository).is_none() {
        if settings.repositories_must_exist {
            return unknown_repository(repository);
        }
        if request.method != "PUT" {
            return unknown();
        }
    }
    let held = store.create(repository);
    match request.method.as_str() {
        "GET" | "HEAD" => read(&settings, held, reference, request),
        "PUT" => write(&settings, held, repository, reference, request, bytes),
        "DELETE" if settings.deletes => {
            if held.resolve(reference).is_none() {
                return unknown();
            }
            if held.tags.remove(reference).is_none() {
                held.remove(reference);
            }
            Reply::new(202)
        }
        _ => problem(405, "UNSUPPORTED", "The operation is unsupported."),
    }
}

fn read(settings: &Settings, held: &Repository, reference: &str, request: &Request) -> Reply {
    let manifest = held.resolve(reference).or_else(|| {
        let foreign = settings.referrers == Referrers::Foreign;
        let digest = reference.replacen("sha256-", "sha256:", 1);
        held.manifests.get(&digest).filter(|_| foreign)
    });
    let Some(manifest) = manifest else {
        return unknown();
    };
    if settings.strict_accept && !accepts(request, &manifest.media_type) {
        let kind = match manifest.media_type.as_str() {
            media::OCI_INDEX => "OCI index",
            media::OCI_MANIFEST => "OCI manifest",
            _ => "manifest list",
        };
        let message = format!("{kind} found, but accept header does not support {kind}s");
        return problem(404, "MANIFEST_UNKNOWN", &message);
    }
    if request
        .header("if-none-match")
        .is_some_and(|value| value.contains(&manifest.digest))
    {
        return Reply::new(304);
    }
    let reply = Reply::new(200)
        .header("content-type", &manifest.media_type)
        .header("etag", format!("\"{}\"", manifest.digest))
        .body(&*manifest.bytes);
    named(settings, reply, &manifest.digest)
}

fn accepts(request: &Request, media_type: &str) -> bool {
    let fields = request.headers.iter().filter(|(name, _)| name == "accept");
    let mut types = fields.flat_map(|(_, value)| value.split(','));
    types.any(|accepted| accepted.split(';').next().unwrap_or_default().trim() == media_type)
}

fn write(
    settings: &Settings,
    held: &mut Repository,
    repository: &str,
    reference: &str,
    request: &Request,
    bytes: Vec<u8>,
) -> Reply {
    let kind = request.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let manifest = Content::new(kind, bytes);
    let is_digest = reference.contains(':');
    if let Some(reply) = refusal(settings, held, &manifest) {
        return reply;
    }
    if is_digest && reference != manifest.digest {
        return problem(
            400,
            "DIGEST_INVALID",
            "provided digest did not match uploaded content",
        );
    }
    let tag = (!is_digest).then_some(reference);
    let fixed = tag.filter(|tag| {
        let immutable = settings.immutable.as_ref();
        let immutable =
            immutable.is_some_and(|but| !but.iter().any(|pattern| matches(pattern, tag)));
        immutable && held.tags.contains_key(*tag)
    });
    if let Some(tag) = fixed {
        let message = format!(
            "The image tag '{tag}' already exists in the '{repository}' repository and cannot be overwritten because the repository is immutable."
        );
        return problem(400, "TAG_INVALID", &message);
    }
    let digest = manifest.digest.clone();
    let mut reply = named(settings, Reply::new(201), &digest);
    if settings.manifest_location {
        reply = reply.header("location", format!("/v2/{repository}/manifests/{digest}"));
    }
    let claims = !matches!(settings.referrers, Referrers::Off | Referrers::Foreign);
    if let Some(subject) = subject(&manifest).filter(|_| claims) {
        reply = reply.header("oci-subject", subject);
    }
    held.put_manifest(manifest);
    if let Some(tag) = tag {
        held.tags.insert(tag.to_owned(), digest);
    }
    reply
}

/// Returns why a manifest is not taken, if it is not.
fn refusal(settings: &Settings, held: &Repository, manifest: &Content) -> Option<Reply> {
    if manifest.bytes.len() > settings.manifest_limit {
        return Some(problem(413, "SIZE_INVALID", "the manifest is too large"));
    }
    let read = json(manifest);
    if !read.is_object() {
        return Some(problem(400, "MANIFEST_INVALID", "manifest invalid"));
    }
    let says = read["mediaType"].as_str();
    if says.is_some_and(|says| says != manifest.media_type) {
        let message = "the media type of the manifest is not that of the request";
        return Some(problem(400, "MANIFEST_INVALID", message));
    }
    let needed = needed(manifest);
    let blob = needed
        .blobs
        .iter()
        .find(|digest| !held.blobs.contains_key(*digest));
    let child = needed
        .manifests
        .iter()
        .find(|digest| !held.manifests.contains_key(*digest));
    let missing = blob.or(child)?;
    let body = serde_json::json!({"errors": [{
        "code": "MANIFEST_BLOB_UNKNOWN",
        "message": "blob unknown to registry",
        "detail": {"digest": missing},
    }]});
    Some(Reply::json(400, &body))
}

fn named(settings: &Settings, reply: Reply, digest: &str) -> Reply {
    if settings.digest_header {
        reply.header("docker-content-digest", digest)
    } else {
        reply
    }
}

fn unknown() -> Reply {
    problem(404, "MANIFEST_UNKNOWN", "manifest unknown")
}
