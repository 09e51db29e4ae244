//! Lists in pages: tags, referrers.

use serde_json::{Value, json};

use super::service::{Service, problem, unknown_repository};
use super::settings::Referrers;
use crate::http::{Reply, Request};
use crate::image::media;

pub(super) fn tags(service: &Service, repository: &str, request: &Request) -> Reply {
    let store = service.store();
    let Some(held) = store.get(repository) else {
        return unknown_repository(repository);
    };
    let last = request.parameter("last").unwrap_or_default();
    let tags = held.tags.keys().filter(|tag| **tag > last);
    let most = page(service, request);
    let mut tags: Vec<&String> = tags.take(most + 1).collect();
    let more = tags.len() > most;
    tags.truncate(most);
    let reply = Reply::json(200, &json!({"name": repository, "tags": tags}));
    match tags.last().filter(|_| more) {
        Some(last) => reply.header(
            "link",
            format!(r#"</v2/{repository}/tags/list?n={most}&last={last}>; rel="next""#),
        ),
        None => reply,
    }
}

pub(super) fn referrers(
    service: &Service,
    repository: &str,
    digest: &str,
    request: &Request,
) -> Reply {
    let settings = service.settings();
    match settings.referrers {
        Referrers::On | Referrers::Empty => {}
        Referrers::Off | Referrers::Claimed | Referrers::Foreign => {
            return problem(404, "NOT_FOUND", "there is no such page");
        }
    }
    let kind = request.parameter("artifactType");
    let store = service.store();
    let list = store
        .get(repository)
        .map(|held| held.referrers(digest, kind.as_deref()));
    let mut list = list.unwrap_or_else(|| json!({"manifests": []}));
    list["schemaVersion"] = json!(2);
    list["mediaType"] = json!(media::OCI_INDEX);
    let mut entries = match list["manifests"].take() {
        Value::Array(entries) if settings.referrers == Referrers::On => entries,
        _ => Vec::new(),
    };
    let most = page(service, request);
    let start = request
        .parameter("start")
        .and_then(|start| start.parse().ok())
        .unwrap_or(0);
    let more = entries.len() > start + most;
    entries = entries.into_iter().skip(start).take(most).collect();
    list["manifests"] = Value::Array(entries);
    let mut reply = Reply::new(200)
        .header("content-type", media::OCI_INDEX)
        .body(list.to_string());
    if kind.is_some() {
        reply = reply.header("oci-filters-applied", "artifactType");
    }
    if more {
        let next = format!("/v2/{repository}/referrers/{digest}?start={}", start + most);
        reply = reply.header("link", format!(r#"<{next}>; rel="next""#));
    }
    reply
}

/// Returns how many entries are sent at most.
fn page(service: &Service, request: &Request) -> usize {
    let most = service.settings().page;
    let asked = request.parameter("n").and_then(|asked| asked.parse().ok());
    asked.map_or(most, |asked: usize| asked.min(most)).max(1)
}
