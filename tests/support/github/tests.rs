//! The double held to what GitHub was recorded to do, and to its own word.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use super::{Fault, GitHub, Origin, Repository, Rights, Route};
use crate::{Scene, repository};

const RECORDED: &str = include_str!("contract/recorded.json");

/// What GitHub has begun to tell since the recording.
const NEWER: &[&str] = &["digest", "immutable", "updated_at"];

struct Got {
    status: u16,
    head: String,
    body: Value,
}

impl Got {
    fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn id(&self) -> u64 {
        self.body["id"].as_u64().unwrap()
    }
}

/// Asks one of the servers, with the token.
fn ask(github: &GitHub, method: &str, target: &str, kind: &str, body: &str) -> Got {
    let token = format!("authorization: token {}\r\n", GitHub::TOKEN);
    ask_as(&token, github, method, target, kind, body)
}

fn ask_as(
    fields: &str,
    github: &GitHub,
    method: &str,
    target: &str,
    kind: &str,
    body: &str,
) -> Got {
    let is_upload = method == "POST" && target.contains("/assets?");
    let links = github.service.links();
    let base = if is_upload {
        &links.uploads
    } else {
        &links.api
    };
    let (_, rest) = base.split_once("://").unwrap();
    let (address, prefix) = rest
        .find('/')
        .map_or((rest, ""), |at| (&rest[..at], &rest[at..]));
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let request = format!(
        "{method} {prefix}{target} HTTP/1.1\r\nuser-agent: tests\r\nconnection: close\r\n{fields}content-type: \
         {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let status = head.split(' ').nth(1).unwrap_or("0");
    Got {
        status: status.parse().unwrap(),
        head: head.to_owned(),
        body: serde_json::from_str(body).unwrap_or_default(),
    }
}

fn get(github: &GitHub, target: &str) -> Got {
    ask(github, "GET", target, "", "")
}

fn send(github: &GitHub, method: &str, target: &str, body: &Value) -> Got {
    ask(
        github,
        method,
        target,
        "application/json",
        &body.to_string(),
    )
}

fn upload(github: &GitHub, release: u64, name: &str, bytes: &str) -> Got {
    let target = format!("/repos/o/r/releases/{release}/assets?name={name}");
    ask(github, "POST", &target, "application/gzip", bytes)
}

/// A scene and its repository `o/r`, with the tag `1.0.0`.
fn pushed(github: &GitHub) -> Repository<'_> {
    let scene = Scene::new();
    scene.script(repository::MAIN);
    scene.script("git tag 1.0.0");
    github.repository("o/r").push(&scene)
}

#[test]
fn it_answers_as_github_was_recorded_to() {
    let scenarios: Value = serde_json::from_str(RECORDED).unwrap();
    for scenario in scenarios.as_array().unwrap() {
        let name = scenario["scenario"].as_str().unwrap();
        let github = GitHub::start();
        let repository = github.repository(&format!("octokit-fixture-org/{name}"));
        let release = repository.published("v1.0.0", &[]);
        let mut ids =
            BTreeMap::from([("/releases/1000".to_owned(), format!("/releases/{release}"))]);
        for (number, exchange) in scenario["exchanges"].as_array().unwrap().iter().enumerate() {
            replay(&github, exchange, &mut ids);
            if name.ends_with("conflict") && number == 0 {
                // what the conflict is with was sent here, and not recorded
                let target = format!("/repos/octokit-fixture-org/{name}/releases/{release}/assets");
                let target = format!("{target}?name=test-upload.txt&label=test");
                ask(&github, "POST", &target, "text/plain", "Hello, world!\n");
            }
        }
    }
}

/// Asks what was asked, and compares; numbers are learned on the way.
fn replay(github: &GitHub, exchange: &Value, ids: &mut BTreeMap<String, String>) {
    let text = |name: &str| exchange[name].as_str().unwrap_or_default();
    let mut target = text("target").to_owned();
    for (recorded, ours) in ids.iter() {
        target = target.replace(recorded, ours);
    }
    let body = match &exchange["body"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let got = ask(github, text("method"), &target, text("type"), &body);
    let about = format!("{} {target}: {:#}", text("method"), got.body);
    assert_eq!(u64::from(got.status), exchange["status"], "{about}");
    let recorded = &exchange["response"];
    if got.status >= 400 {
        assert_eq!(&got.body, recorded, "{about}");
        return;
    }
    same_keys(&got.body, recorded, &about);
    for field in ["content-type", "x-ratelimit-limit"] {
        let was = exchange["headers"][field].as_str();
        assert_eq!(got.field(field), was, "{field} of {about}");
    }
    let mut learn = |theirs: &Value, ours: &Value| {
        if let (Some(theirs), Some(ours), false) = (
            theirs["id"].as_u64(),
            ours["id"].as_u64(),
            theirs["size"].is_null(),
        ) {
            ids.insert(format!("/assets/{theirs}"), format!("/assets/{ours}"));
        }
    };
    learn(recorded, &got.body);
    learn(&recorded[0], &got.body[0]);
}

fn same_keys(ours: &Value, theirs: &Value, about: &str) {
    if let (Some(ours), Some(theirs)) = (ours.as_array(), theirs.as_array()) {
        assert_eq!(ours.len(), theirs.len(), "{about}");
        for (ours, theirs) in ours.iter().zip(theirs) {
            same_keys(ours, theirs, about);
        }
    }
    let (Some(ours), Some(theirs)) = (ours.as_object(), theirs.as_object()) else {
        return;
    };
    let known = |value: &serde_json::Map<String, Value>| -> BTreeSet<String> {
        let keys = value.keys().filter(|key| !NEWER.contains(&key.as_str()));
        keys.cloned().collect()
    };
    assert_eq!(known(ours), known(theirs), "{about}");
    for (key, theirs) in theirs {
        same_keys(&ours[key], theirs, about);
    }
}

#[test]
fn a_release_is_drafted_filled_and_published_as_described() {
    let github = GitHub::start();
    let repository = pushed(&github);
    for target in [
        "/rate_limit",
        "/repos/o/r",
        "/repos/o/r/git/ref/tags/1.0.0",
        &format!("/repos/o/r/commits/{}", repository.tag("1.0.0").unwrap()),
    ] {
        assert_eq!(get(&github, target).status, 200, "{target}");
    }
    let draft = json!({"tag_name": "1.0.0", "draft": true, "name": "One"});
    let made = send(&github, "POST", "/repos/o/r/releases", &draft);
    assert_eq!(made.status, 201);
    let by_tag = get(&github, "/repos/o/r/releases/tags/1.0.0");
    assert_eq!(by_tag.status, 404, "a draft is not found by its tag");
    let listed = get(&github, "/repos/o/r/releases?per_page=100");
    assert_eq!(listed.body[0]["draft"], true);
    let sent = upload(&github, made.id(), "tool%20(x).tar.gz", "bytes");
    assert_eq!(
        (sent.status, &sent.body["name"]),
        (201, &json!("tool.x.tar.gz"))
    );
    let digest = "sha256:277089d91c0bdf4f2e6862ba7e4a07605119431f5d13f726dd352b06f1b206a9";
    assert_eq!(sent.body["digest"], digest);
    let again = upload(&github, made.id(), "tool.x.tar.gz", "bytes");
    assert_eq!(again.body["errors"][0]["code"], "already_exists");
    let release = format!("/repos/o/r/releases/{}", made.id());
    let published = send(&github, "PATCH", &release, &json!({"draft": false}));
    assert_eq!(published.status, 200);
    assert_eq!(repository.latest().as_deref(), Some("1.0.0"));
    assert_eq!(get(&github, "/repos/o/r/releases/tags/1.0.0").status, 200);
    assert_eq!(get(&github, "/repos/o/r/releases/latest").status, 200);
    let other = send(&github, "POST", "/repos/o/r/releases", &draft);
    assert_eq!(other.status, 201, "drafts never conflict");
    let release = format!("/repos/o/r/releases/{}", other.id());
    let refused = send(&github, "PATCH", &release, &json!({"draft": false}));
    assert_eq!(refused.body["errors"][0]["field"], "tag_name");
}

#[test]
fn what_does_not_fit_the_description_is_noticed() {
    let github = GitHub::start();
    pushed(&github);
    let wrong = json!({"tag_name": "1.0.0", "draft": true, "make_latest": true});
    send(&github, "POST", "/repos/o/r/releases", &wrong);
    get(&github, "/repos/o/r/releases?perpage=3");
    let violations = github.violations();
    assert_eq!(violations.len(), 2, "{violations:#?}");
    assert!(violations[0].contains("make_latest"), "{violations:#?}");
    assert!(violations[1].contains("perpage"), "{violations:#?}");
}

#[test]
fn an_immutable_release_refuses_and_its_tag_is_used_up() {
    let github = GitHub::start();
    let repository = pushed(&github).immutable_releases();
    let id = repository.published("1.0.0", &[("a", b"a")]);
    let refused = upload(&github, id, "b", "bytes");
    let message = "Cannot upload assets to an immutable release.";
    assert_eq!(
        (refused.status, &refused.body["message"]),
        (422, &json!(message))
    );
    ask(
        &github,
        "DELETE",
        &format!("/repos/o/r/releases/{id}"),
        "",
        "",
    );
    let draft = json!({"tag_name": "1.0.0", "draft": true});
    let made = send(&github, "POST", "/repos/o/r/releases", &draft);
    assert_eq!(made.status, 201, "only the publication fails");
    let release = format!("/repos/o/r/releases/{}", made.id());
    let refused = send(&github, "PATCH", &release, &json!({"draft": false}));
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 3);
    assert!(
        repository.release().draft,
        "a refused change changes nothing"
    );
}

#[test]
fn a_renamed_repository_sends_elsewhere_and_pages_have_links() {
    let github = GitHub::start();
    let repository = pushed(&github).formerly("old/name");
    for number in 0..45 {
        repository.draft(&format!("0.0.{number}"), &[]);
    }
    let moved = get(&github, "/repos/old/name/releases?per_page=20");
    assert_eq!(moved.status, 301);
    let place = moved.field("location").unwrap();
    let place = place.strip_prefix(github.api_url()).unwrap();
    let page = get(&github, place);
    assert_eq!(page.body.as_array().unwrap().len(), 20);
    assert!(page.field("link").unwrap().contains("rel=\"next\""));
    let made = send(
        &github,
        "POST",
        "/repos/old/name/releases",
        &json!({"tag_name": "2"}),
    );
    assert_eq!(made.status, 307);
    assert_eq!(github.count(Route::Create), 1);
}

#[test]
fn tokens_may_what_they_may() {
    let github = GitHub::start();
    let repository = pushed(&github);
    let rights = Rights {
        push: false,
        workflow: false,
        admin: false,
    };
    github.token("reader", rights);
    repository.draft("1.0.0", &[]);
    let list = |fields: &str| ask_as(fields, &github, "GET", "/repos/o/r/releases", "", "");
    assert_eq!(
        list("").body,
        json!([]),
        "drafts are for those who may push"
    );
    assert_eq!(list("authorization: Bearer reader\r\n").body, json!([]));
    assert_eq!(list("authorization: Bearer stranger\r\n").status, 401);
    assert_eq!(
        list(&format!("authorization: Bearer {}\r\n", GitHub::TOKEN))
            .body
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let exchanges = github.exchanges();
    assert!(!exchanges[0].authorized && exchanges[1].authorized);
    assert!(
        exchanges
            .iter()
            .all(|one| one.origin == Origin::Api && one.header("authorization").is_none())
    );
}

#[test]
fn faults_meet_the_call_they_are_planned_for() {
    let github = GitHub::start();
    let repository = pushed(&github);
    let id = repository.draft("1.0.0", &[]);
    github
        .fault(Route::Upload, 1, Fault::Starter(502))
        .fault(Route::Upload, 3, Fault::LostAnswer)
        .fault(Route::Upload, 4, Fault::Race)
        .fault(Route::Upload, 5, Fault::Html(500))
        .fault(Route::Upload, 6, Fault::Reset)
        .fault(Route::Assets, 1, Fault::Lag)
        .fault(Route::Releases, 1, Fault::Secondary(Some(7)));
    let statuses =
        ["a", "a", "b", "c", "d", "e"].map(|name| upload(&github, id, name, "bytes").status);
    assert_eq!(statuses, [502, 422, 0, 422, 500, 0]);
    let assets = format!("/repos/o/r/releases/{id}/assets");
    let states = |got: &Got| -> Vec<String> {
        let assets = got.body.as_array().unwrap().iter();
        assets
            .map(|one| {
                format!(
                    "{} {}",
                    one["name"].as_str().unwrap(),
                    one["state"].as_str().unwrap()
                )
            })
            .collect()
    };
    assert_eq!(states(&get(&github, &assets)), ["a starter", "b uploaded"]);
    assert_eq!(
        states(&get(&github, &assets)),
        ["a starter", "b uploaded", "c uploaded"]
    );
    let limited = get(&github, "/repos/o/r/releases");
    assert_eq!(
        (limited.status, limited.field("retry-after")),
        (403, Some("7"))
    );
    let shown = get(&github, &format!("/repos/o/r/releases/{id}"));
    assert_eq!(
        shown.body["assets"].as_array().unwrap().len(),
        2,
        "a starter is not shown there"
    );
}

#[test]
fn an_enterprise_server_is_one_host_without_digests() {
    let github = GitHub::enterprise();
    let repository = pushed(&github);
    let id = repository.draft("1.0.0", &[]);
    let sent = upload(&github, id, "a", "bytes");
    assert_eq!((sent.status, &sent.body["digest"]), (201, &Value::Null));
    assert_eq!(github.exchanges()[0].origin, Origin::Uploads);
}

#[test]
fn instants_are_written_as_github_writes_them() {
    assert_eq!(super::instant::date(1_767_225_600), "2026-01-01T00:00:00Z");
    assert_eq!(super::instant::date(951_782_399), "2000-02-28T23:59:59Z");
    let date = super::instant::http_date(784_111_777);
    assert_eq!(date, "Sun, 06 Nov 1994 08:49:37 GMT");
}
