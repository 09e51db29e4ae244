use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::{
    Credentials, Fault, Location, Moment, Mounts, Origin, Referrers, Registry, Settings, Tokens,
};
use crate::image::{Content, Image, Recipe, media};

const REPOSITORY: &str = "acme/app/server";

/// What came back.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request to a URL, or to a path of the registry, on a connection of its own.
fn send(registry: &Registry, request: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let (method, target) = request.split_once(' ').unwrap();
    let (host, path) = match target.strip_prefix("http://") {
        Some(rest) => rest.split_at(rest.find('/').unwrap()),
        None => ("", target),
    };
    let own = registry.host();
    let host = if host.is_empty() { own.as_str() } else { host };
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.extend([*name, ": ", *value, "\r\n"]);
    }
    head.extend(["content-length: ", &body.len().to_string(), "\r\n\r\n"]);
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    // who answers early may not read it
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let at = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..at]).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .unwrap_or(0);
    Answer {
        status,
        head,
        body: answer.get(at + 4..).unwrap_or_default().to_vec(),
    }
}

fn ask(registry: &Registry, request: &str) -> Answer {
    send(registry, request, &[], b"")
}

/// Puts a manifest, and returns the answer.
fn put(registry: &Registry, reference: &str, manifest: &Content) -> Answer {
    let request = format!("PUT /v2/{REPOSITORY}/manifests/{reference}");
    send(
        registry,
        &request,
        &[("content-type", &manifest.media_type)],
        &manifest.bytes,
    )
}

/// Uploads a blob with POST and PUT, and returns the last answer.
fn upload(registry: &Registry, blob: &Content) -> Answer {
    let begun = ask(registry, &format!("POST /v2/{REPOSITORY}/blobs/uploads/"));
    assert_eq!(begun.status, 202, "{}", begun.text());
    let location = begun.field("location").unwrap();
    let more = if location.contains('?') { '&' } else { '?' };
    send(
        registry,
        &format!("PUT {location}{more}digest={}", blob.digest),
        &[],
        &blob.bytes,
    )
}

const ACCEPT: &[(&str, &str)] = &[(
    "accept",
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json",
)];

#[test]
fn an_image_pushed_by_hand_is_the_image() {
    for location in [Location::Absolute, Location::Path, Location::Stateful] {
        let registry = Settings::new().location(location).start();
        let image = Recipe::new("app").platforms(2).layers(2).attested().make();
        for blob in &image.blobs {
            let answer = upload(&registry, blob);
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        for manifest in &image.manifests {
            assert_eq!(put(&registry, &manifest.digest, manifest).status, 201);
        }
        assert_eq!(put(&registry, "0.0.1", image.root()).status, 201);
        assert_eq!(
            registry.tag(REPOSITORY, "0.0.1").as_deref(),
            Some(image.digest())
        );
        assert_eq!(registry.lacks(REPOSITORY, &image), Vec::<String>::new());
        assert_eq!(registry.open_sessions(), 0);
        let read = send(
            &registry,
            &format!("GET /v2/{REPOSITORY}/manifests/0.0.1"),
            ACCEPT,
            b"",
        );
        assert_eq!(read.body, *image.root().bytes);
        assert_eq!(read.field("docker-content-digest"), Some(image.digest()));
    }
}

#[test]
fn a_manifest_comes_after_what_it_names() {
    let registry = Registry::start();
    let image = Image::index("app", 1, 1);
    let answer = put(&registry, "0.0.1", image.root());
    assert!(answer.status == 400 && answer.text().contains("MANIFEST_BLOB_UNKNOWN"));
    let mut other = image.root().clone();
    other.media_type = media::OCI_MANIFEST.to_owned();
    registry.push_image(REPOSITORY, "0.0.1", &image);
    assert!(
        put(&registry, "0.0.1", &other)
            .text()
            .contains("MANIFEST_INVALID")
    );
    let wrong = format!("sha256:{}", "0".repeat(64));
    assert!(
        put(&registry, &wrong, image.root())
            .text()
            .contains("DIGEST_INVALID")
    );
}

#[test]
fn an_index_is_not_found_by_who_does_not_accept_it() {
    let registry = Registry::start();
    registry.push_image(REPOSITORY, "0.0.1", &Image::index("app", 1, 1));
    let answer = ask(&registry, &format!("GET /v2/{REPOSITORY}/manifests/0.0.1"));
    assert_eq!(answer.status, 404);
    assert!(
        answer.text().contains("OCI index found, but accept header"),
        "{}",
        answer.text()
    );
}

#[test]
fn mounts_are_as_set() {
    let image = Image::single("app", 1);
    let stray = Content::new("", *b"stray");
    let mount = |registry: &Registry, digest: &str| {
        let target = format!("/v2/other/blobs/uploads/?mount={digest}&from={REPOSITORY}");
        ask(registry, &format!("POST {target}")).status
    };
    for (mounts, referenced, unreferenced) in [
        (Mounts::Always, 201, 201),
        (Mounts::Referenced, 201, 202),
        (Mounts::Never, 202, 202),
        (Mounts::Refused(405), 405, 405),
    ] {
        let registry = Settings::new().mounts(mounts).start();
        registry.push_image(REPOSITORY, "0.0.1", &image);
        registry.put_blob(REPOSITORY, &stray);
        let found = (
            mount(&registry, &image.blobs[0].digest),
            mount(&registry, &stray.digest),
        );
        assert_eq!(found, (referenced, unreferenced), "{mounts:?}");
    }
}

#[test]
fn an_upload_session_of_amazon_is_off_the_standard() {
    let registry = Settings::ecr("secret").start();
    let auth = [("authorization", "Basic QVdTOnNlY3JldA==")];
    let uploads = format!("POST /v2/{REPOSITORY}/blobs/uploads/");
    assert_eq!(ask(&registry, &uploads).status, 401);
    let missing = send(&registry, &uploads, &auth, b"");
    assert!(missing.status == 404 && missing.text().contains("NAME_UNKNOWN"));
    registry.create_repository(REPOSITORY);
    let begun = send(&registry, &uploads, &auth, b"");
    let location = begun.field("location").unwrap();
    let patch = |range: &str, bytes: &[u8]| {
        let headers = [auth[0], ("content-range", range)];
        send(&registry, &format!("PATCH {location}"), &headers, bytes)
    };
    let first = patch("0-3", b"abcd");
    assert_eq!((first.status, first.field("range")), (201, Some("0-3")));
    let again = patch("0-3", b"abcd");
    assert!(again.status == 416 && again.text().contains("is 0 instead of 4"));
    let second = patch("4-5", b"ef");
    assert_eq!((second.status, second.field("range")), (201, Some("0-3")));
    assert_eq!(
        send(&registry, &format!("GET {location}"), &auth, b"").status,
        404
    );
    assert_eq!(registry.open_sessions(), 1);
    assert_eq!(
        send(&registry, &format!("DELETE {location}"), &auth, b"").status,
        204
    );
    assert_eq!(registry.open_sessions(), 0);

    registry.change(|settings| settings.renewed_password("new"));
    let expired = send(&registry, &uploads, &auth, b"");
    assert!(expired.status == 403 && expired.text().contains("has expired"));
}

#[test]
fn a_tag_that_is_immutable_is_not_even_written_with_itself() {
    let registry = Settings::new().immutable(&["sha256-*"]).start();
    let image = Recipe::new("app").signed().make();
    registry.push_image(REPOSITORY, "0.0.1", &image);
    let refused = put(&registry, "0.0.1", image.root());
    assert!(refused.status == 400 && refused.text().contains("TAG_INVALID"));
    let (tag, signature) = &image.attached[0];
    assert_eq!(put(&registry, tag, signature).status, 201);
}

#[test]
fn referrers_are_listed_claimed_or_left_out() {
    let recipe = Recipe::new("app").platforms(1);
    let image = recipe
        .referrer("application/vnd.a")
        .referrer("application/vnd.b")
        .make();
    let list = format!("GET /v2/{REPOSITORY}/referrers/{}", image.digest());
    let count = |registry: &Registry, query: &str| {
        let answer = ask(registry, &format!("{list}{query}"));
        answer.text().matches("\"artifactType\"").count()
    };
    let registry = Settings::new().page(1).start();
    registry.push_image(REPOSITORY, "0.0.1", &image);
    assert_eq!(count(&registry, ""), 1);
    let link = ask(&registry, &list).field("link").unwrap().to_owned();
    assert!(link.ends_with("?start=1>; rel=\"next\""), "{link}");
    assert_eq!(count(&registry, "?start=1"), 1);
    registry.change(|settings| settings.page(9));
    assert_eq!(count(&registry, "?artifactType=application/vnd.b"), 1);
    let pushed = put(&registry, &image.referrers[0].digest, &image.referrers[0]);
    assert_eq!(pushed.field("oci-subject"), Some(image.digest()));

    let registry = Settings::new().referrers(Referrers::Off).start();
    registry.push_image(REPOSITORY, "0.0.1", &image);
    assert_eq!(ask(&registry, &list).status, 404);
    let fallback = image.digest().replace(':', "-");
    let fallback = format!("GET /v2/{REPOSITORY}/manifests/{fallback}");
    let fallback = send(&registry, &fallback, ACCEPT, b"");
    assert_eq!(fallback.text().matches("\"artifactType\"").count(), 2);
    let pushed = put(&registry, &image.referrers[0].digest, &image.referrers[0]);
    assert_eq!(pushed.field("oci-subject"), None);
}

#[test]
fn tokens_are_good_for_what_they_were_asked_for() {
    let tokens = Tokens::for_user("ada", "secret")
        .identity("identity", "ada")
        .grant("", "public/*", "pull");
    let registry = Settings::new().bearer(tokens).start();
    let image = Image::single("app", 1);
    registry.push_image(REPOSITORY, "0.0.1", &image);
    registry.push_image("public/app", "0.0.1", &image);
    let mount = format!(
        "POST /v2/{REPOSITORY}/blobs/uploads/?mount={}&from=public/app",
        image.blobs[0].digest
    );
    let turned_away = ask(&registry, &mount);
    let challenge = turned_away.field("www-authenticate").unwrap();
    let scope = format!("repository:{REPOSITORY}:pull,push repository:public/app:pull");
    assert!(
        challenge.contains(&format!("scope=\"{scope}\"")),
        "{challenge}"
    );
    let realm = challenge.split('"').nth(1).unwrap();
    let token_of = |answer: Answer| {
        answer
            .text()
            .split('"')
            .nth(5)
            .unwrap_or_default()
            .to_owned()
    };

    let basic = [("authorization", "Basic YWRhOnNlY3JldA==")];
    let query = scope.replace(' ', "&scope=");
    let token = send(
        &registry,
        &format!("GET {realm}?scope={query}"),
        &basic,
        b"",
    );
    assert!(
        token.text().contains("\"token\":\"t0ken-"),
        "{}",
        token.text()
    );
    let form = format!(
        "grant_type=refresh_token&refresh_token=identity&scope={}",
        scope.replace(' ', "+")
    );
    for token in [
        token,
        send(&registry, &format!("POST {realm}"), &[], form.as_bytes()),
    ] {
        let token = format!("Bearer {}", token_of(token));
        assert_eq!(
            send(&registry, &mount, &[("authorization", &token)], b"").status,
            201
        );
    }

    let narrow = send(
        &registry,
        &format!("GET {realm}?scope=repository:{REPOSITORY}:pull,push"),
        &basic,
        b"",
    );
    let narrow = format!("Bearer {}", token_of(narrow));
    let refused = send(&registry, &mount, &[("authorization", &narrow)], b"");
    assert!(
        refused.head.contains("error=\"insufficient_scope\""),
        "{}",
        refused.head
    );
    let stranger = ask(
        &registry,
        &format!("GET {realm}?scope=repository:public/app:pull,push"),
    );
    let stranger = format!("Bearer {}", token_of(stranger));
    let stranger = [("authorization", stranger.as_str()), ACCEPT[0]];
    assert_eq!(
        send(
            &registry,
            "GET /v2/public/app/manifests/0.0.1",
            &stranger,
            b""
        )
        .status,
        200
    );
    registry.expire_tokens();
    assert_eq!(
        send(
            &registry,
            "GET /v2/public/app/manifests/0.0.1",
            &stranger,
            b""
        )
        .status,
        401
    );

    let requests = registry.requests();
    assert_eq!(requests.to(Origin::Tokens).len(), 4, "{requests}");
    assert_eq!(requests[0].credentials, Credentials::None);
    assert_eq!(requests[1].credentials, Credentials::Basic);
    assert!(registry.secrets().contains(&"secret".to_owned()));
    assert!(
        registry
            .secrets()
            .iter()
            .any(|secret| narrow.ends_with(secret.as_str()))
    );
}

#[test]
fn the_storage_refuses_credentials() {
    let registry = Settings::new().blobs_elsewhere().start();
    let image = Image::single("app", 1);
    registry.push_image(REPOSITORY, "0.0.1", &image);
    let blob = &image.blobs[0];
    let sent = ask(
        &registry,
        &format!("GET /v2/{REPOSITORY}/blobs/{}", blob.digest),
    );
    assert_eq!(sent.status, 307);
    let url = sent.field("location").unwrap();
    assert_eq!(ask(&registry, &format!("GET {url}")).body, *blob.bytes);
    let some = send(
        &registry,
        &format!("GET {url}"),
        &[("range", "bytes=10-")],
        b"",
    );
    assert_eq!(
        (some.status, some.body.as_slice()),
        (206, &blob.bytes[10..])
    );
    let refused = send(
        &registry,
        &format!("GET {url}"),
        &[("authorization", "Basic x")],
        b"",
    );
    assert_eq!(refused.status, 400);
}

#[test]
fn faults_are_as_many_as_wanted() {
    let registry = Registry::start();
    let image = Image::single("app", 1);
    registry.push_image(REPOSITORY, "0.0.1", &image);
    let blob = format!("GET /v2/{REPOSITORY}/blobs/{}", image.blobs[0].digest);
    registry.fault(
        Fault::on("GET", "/blobs/")
            .skip(1)
            .times(1)
            .answers(429)
            .header("retry-after", "1"),
    );
    registry.fault(Fault::on("GET", "/blobs/").skip(1).times(1).cut_after(100));
    registry.fault(
        Fault::on("GET", "/blobs/")
            .skip(1)
            .times(1)
            .replaces("docker-content-digest", "sha256:00"),
    );
    assert_eq!(ask(&registry, &blob).status, 200);
    let busy = ask(&registry, &blob);
    assert_eq!((busy.status, busy.field("retry-after")), (429, Some("1")));
    assert_eq!(ask(&registry, &blob).body.len(), 100);
    assert_eq!(
        ask(&registry, &blob).field("docker-content-digest"),
        Some("sha256:00")
    );
    registry.fault(
        Fault::on("PUT", "/blobs/uploads/")
            .times(1)
            .breaks_after(10),
    );
    registry.fault(Fault::on("PUT", "/manifests/").loses_the_answer());
    assert_eq!(upload(&registry, &image.blobs[0]).status, 0);
    assert_eq!(registry.open_sessions(), 1);
    assert_eq!(put(&registry, "0.0.2", image.root()).status, 0);
    assert_eq!(registry.tags(REPOSITORY), ["0.0.1", "0.0.2"]);
    registry.heal();
    assert_eq!(put(&registry, "0.0.3", image.root()).status, 201);
}

#[test]
fn the_world_stops_where_it_is_told_to() {
    for (moment, done) in [(Moment::Before, false), (Moment::After, true)] {
        let registry = Registry::start();
        let image = Image::single("app", 1);
        registry.push_image(REPOSITORY, "0.0.1", &image);
        let hold = registry.hold(2, moment);
        assert_eq!(put(&registry, "0.0.2", image.root()).status, 201);
        std::thread::scope(|scope| {
            let sent = scope.spawn(|| put(&registry, "0.0.3", image.root()));
            assert!(hold.reached(Duration::from_secs(10)));
            assert_eq!(registry.tag(REPOSITORY, "0.0.3").is_some(), done);
            drop(hold);
            assert_eq!(sent.join().unwrap().status, 0);
        });
        assert_eq!(registry.tag(REPOSITORY, "0.0.3").is_some(), done);
        assert_eq!(registry.requests().count("PUT", "/manifests/0.0."), 2);
    }
}

#[test]
fn tags_come_in_pages() {
    let registry = Settings::new().page(2).start();
    for tag in ["1", "2", "3"] {
        registry.push_image(REPOSITORY, tag, &Image::single("app", 1));
    }
    let first = ask(&registry, &format!("GET /v2/{REPOSITORY}/tags/list"));
    assert!(first.text().contains(r#"["1","2"]"#), "{}", first.text());
    let link = first.field("link").unwrap();
    let next = link.split(['<', '>']).nth(1).unwrap();
    let second = ask(&registry, &format!("GET {next}"));
    assert!(second.text().contains(r#"["3"]"#), "{}", second.text());
    assert_eq!(second.field("link"), None);
}
