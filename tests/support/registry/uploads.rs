//! Upload sessions: begun, gone on with, finished, cancelled.

use super::service::{Service, problem, unknown_repository};
use super::settings::{Location, Mounts, Settings};
use super::store::Store;
use crate::http::{Body, Reply, Request};
use crate::image::Content;

pub(super) fn begin(
    service: &Service,
    repository: &str,
    request: &Request,
    body: &mut Body<'_>,
) -> Reply {
    if request.method != "POST" {
        return problem(405, "UNSUPPORTED", "The operation is unsupported.");
    }
    if body.bytes().is_err() {
        return Reply::none();
    }
    let settings = service.settings();
    let mut store = service.store();
    if settings.repositories_must_exist && store.get(repository).is_none() {
        return unknown_repository(repository);
    }
    if let Some(digest) = request.parameter("mount") {
        if let Mounts::Refused(status) = settings.mounts {
            return problem(status, "UNSUPPORTED", "blobs cannot be mounted");
        }
        let from = request.parameter("from").unwrap_or_default();
        if mount(&settings, &mut store, repository, &from, &digest) {
            return Reply::new(201)
                .header("location", format!("/v2/{repository}/blobs/{digest}"))
                .header("docker-content-digest", digest);
        }
    }
    let session = store.begin(repository);
    let reply = Reply::new(202)
        .header("docker-upload-uuid", &session)
        .header("range", "0-0");
    let reply = match settings.least_chunk {
        Some(bytes) => reply.header("oci-chunk-min-length", bytes.to_string()),
        None => reply,
    };
    located(service, &settings, reply, repository, &session, 0)
}

/// Mounts a blob if it can be; tells whether it was.
fn mount(
    settings: &Settings,
    store: &mut Store,
    repository: &str,
    from: &str,
    digest: &str,
) -> bool {
    let Some(source) = store.get(from) else {
        return false;
    };
    let allowed = match settings.mounts {
        Mounts::Always => true,
        Mounts::Referenced => source.refers_to(digest),
        Mounts::Never | Mounts::Refused(_) => false,
    };
    let Some(bytes) = source.blobs.get(digest).filter(|_| allowed).cloned() else {
        return false;
    };
    store
        .create(repository)
        .blobs
        .insert(digest.to_owned(), bytes);
    true
}

pub(super) fn go_on(
    service: &Service,
    repository: &str,
    name: &str,
    request: &Request,
    body: &mut Body<'_>,
) -> Reply {
    let settings = service.settings();
    if let Some(reply) = refusal(service, &settings, repository, name, request) {
        return reply;
    }
    let limit = match request.method.as_str() {
        "PATCH" => settings.chunk_limit,
        "PUT" => settings.put_limit,
        _ => None,
    };
    if limit.is_some_and(|limit| body.length().is_some_and(|length| length > limit)) {
        return problem(413, "SIZE_INVALID", "the request is too large");
    }
    match request.method.as_str() {
        "PATCH" => patch(service, &settings, repository, name, body),
        "PUT" => put(service, &settings, repository, name, request, body),
        "GET" if settings.upload_status => status(service, &settings, repository, name),
        "DELETE" => {
            service.store().sessions.remove(name);
            Reply::new(204)
        }
        "GET" => problem(
            404,
            "BLOB_UPLOAD_UNKNOWN",
            "blob upload unknown to registry",
        ),
        _ => problem(405, "UNSUPPORTED", "The operation is unsupported."),
    }
}

/// Returns why a session cannot be gone on with, if it cannot.
fn refusal(
    service: &Service,
    settings: &Settings,
    repository: &str,
    name: &str,
    request: &Request,
) -> Option<Reply> {
    let store = service.store();
    let unknown = || {
        problem(
            404,
            "BLOB_UPLOAD_UNKNOWN",
            "blob upload unknown to registry",
        )
    };
    let Some(session) = store
        .sessions
        .get(name)
        .filter(|session| session.repository == repository)
    else {
        return Some(unknown());
    };
    let stateful = settings.location == Location::Stateful;
    if stateful && request.parameter("_state") != Some(state(session.state)) {
        return Some(unknown());
    }
    let writes = matches!(request.method.as_str(), "PATCH" | "PUT");
    let start = match request.header("content-range") {
        None if request.header("content-length") == Some("0") => session.bytes.len(),
        // what follows a chunk goes on from it; a broken upload does not
        None if session.first.is_some() => session.bytes.len(),
        None => 0,
        Some(range) => range.split('-').next()?.parse().ok()?,
    };
    if writes && settings.strict_sessions && start != session.bytes.len() {
        let message = format!(
            "First byte of the layer part is {start} instead of {}",
            session.bytes.len()
        );
        let reply = problem(416, "BLOB_UPLOAD_INVALID", &message);
        return Some(reply.header("range", range(session.bytes.len())));
    }
    None
}

/// Reads a body into a session; what has arrived stays even when the rest does not.
fn receive(service: &Service, name: &str, body: &mut Body<'_>) -> Option<()> {
    use std::io::Read as _;

    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = body.read(&mut buffer).ok()?;
        let mut store = service.store();
        let session = store.sessions.get_mut(name)?;
        if count == 0 {
            return Some(());
        }
        session.bytes.extend_from_slice(&buffer[..count]);
    }
}

fn patch(
    service: &Service,
    settings: &Settings,
    repository: &str,
    name: &str,
    body: &mut Body<'_>,
) -> Reply {
    if receive(service, name, body).is_none() {
        return Reply::none();
    }
    let mut store = service.store();
    let Some(session) = store.sessions.get_mut(name) else {
        return Reply::none();
    };
    session.state += 1;
    let first = *session.first.get_or_insert(session.bytes.len());
    let told = if settings.stuck_range {
        first
    } else {
        session.bytes.len()
    };
    let reply = Reply::new(settings.patch_status)
        .header("docker-upload-uuid", name)
        .header("range", range(told));
    let state = session.state;
    located(service, settings, reply, repository, name, state)
}

fn put(
    service: &Service,
    settings: &Settings,
    repository: &str,
    name: &str,
    request: &Request,
    body: &mut Body<'_>,
) -> Reply {
    if receive(service, name, body).is_none() {
        return Reply::none();
    }
    let mut store = service.store();
    let Some(session) = store.sessions.remove(name) else {
        return Reply::none();
    };
    let blob = Content::new("application/octet-stream", session.bytes);
    if request.parameter("digest").as_deref() != Some(&blob.digest) {
        return problem(
            400,
            "DIGEST_INVALID",
            "provided digest did not match uploaded content",
        );
    }
    store.create(repository).put_blob(&blob);
    let reply = Reply::new(201).header(
        "location",
        format!("/v2/{repository}/blobs/{}", blob.digest),
    );
    if settings.digest_header {
        reply.header("docker-content-digest", &blob.digest)
    } else {
        reply
    }
}

fn status(service: &Service, settings: &Settings, repository: &str, name: &str) -> Reply {
    let store = service.store();
    let Some(session) = store.sessions.get(name) else {
        return Reply::none();
    };
    let reply = Reply::new(204)
        .header("docker-upload-uuid", name)
        .header("range", range(session.bytes.len()));
    located(service, settings, reply, repository, name, session.state)
}

/// Adds where the upload goes on.
fn located(
    service: &Service,
    settings: &Settings,
    reply: Reply,
    repository: &str,
    name: &str,
    turn: usize,
) -> Reply {
    let path = format!("/v2/{repository}/blobs/uploads/{name}");
    let location = match &settings.location {
        Location::Absolute => format!("{}{path}", service.registry()),
        Location::Path => path,
        Location::Stateful => format!("{}{path}?_state={}", service.registry(), state_in_url(turn)),
        Location::Literal(text) => text.clone(),
        Location::Missing => return reply,
    };
    reply.header("location", location)
}

/// Returns a state that does not survive being decoded and encoded by another's rules.
fn state(turn: usize) -> String {
    format!("a+b/c={turn}")
}

fn state_in_url(turn: usize) -> String {
    format!("a%2Bb%2Fc%3D{turn}")
}

/// Returns the range of so many bytes.
fn range(bytes: usize) -> String {
    format!("0-{}", bytes.saturating_sub(1))
}
