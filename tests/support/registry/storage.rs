//! The origin that blobs are fetched from and uploads sent to: it wants a signature, and no
//! credentials.

use std::io::Cursor;
use std::sync::Arc;

use super::route::Route;
use super::service::Service;
use super::uploads;
use crate::http::{Body, Reply, Request};

/// What makes a URL good.
pub(super) const SIGNATURE: &str = "s1gnature-c2VjcmV0";

pub(super) fn answer(service: &Service, request: &Request, body: &mut Body<'_>) -> Reply {
    if request.header("authorization").is_some() {
        return xml(400, "InvalidArgument", "Only one auth mechanism allowed");
    }
    if request.parameter("X-Amz-Signature").as_deref() != Some(SIGNATURE) {
        return xml(403, "SignatureDoesNotMatch", "The signature does not match");
    }
    let path = request.path().replace("%3A", ":");
    if let Some(path) = path.strip_prefix("/storage/v2")
        && let Route::Upload {
            repository,
            session,
        } = Route::of(&format!("/v2{path}"))
    {
        return uploads::go_on(service, &repository, &session, request, body);
    }
    let place = path
        .strip_prefix("/storage/")
        .and_then(|rest| rest.rsplit_once('/'));
    let store = service.store();
    let blob = place.and_then(|(repository, digest)| store.get(repository)?.blobs.get(digest));
    match blob {
        Some(bytes) => content(request, bytes),
        None => xml(404, "NoSuchKey", "The specified key does not exist."),
    }
}

/// Answers with bytes, or with those of them that are asked for.
pub(super) fn content(request: &Request, bytes: &Arc<[u8]>) -> Reply {
    let length = bytes.len();
    let reply = |status: u16, start: usize| {
        let mut cursor = Cursor::new(Arc::clone(bytes));
        cursor.set_position(start as u64);
        let reply = Reply::new(status).header("content-type", "application/octet-stream");
        reply.stream(Some((length - start) as u64), cursor)
    };
    let start = request.header("range").and_then(|range| {
        let (start, _) = range.strip_prefix("bytes=")?.split_once('-')?;
        start.parse::<usize>().ok().filter(|start| *start < length)
    });
    match start {
        Some(start) => {
            let range = format!("bytes {start}-{}/{length}", length - 1);
            reply(206, start).header("content-range", range)
        }
        None => reply(200, 0),
    }
}

fn xml(status: u16, code: &str, message: &str) -> Reply {
    Reply::new(status)
        .header("content-type", "application/xml")
        .body(format!(
            "<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        ))
}
