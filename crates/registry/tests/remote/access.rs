use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use duat_registry::Kind;
use duat_registry::client::Access;
use duat_registry::credential::{Ask, Credential, Fixed, Found, Keychain, KeychainError, Secret};
use duat_registry::error::Operation;
use duat_tests::http::Authority;
use duat_tests::image::{Content, Image};
use duat_tests::registry::{Credentials, Fault, Origin, Registry, Settings, Tokens};
use futures_util::future::BoxFuture;

use crate::scene::{Lines, basic, client, hasty, known, remote, repository, stranger, tag};

fn token_registry(tokens: Tokens) -> Registry {
    let registry = Settings::new().bearer(tokens).start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    registry
}

/// Gives one password after another.
struct Passwords(Mutex<Vec<&'static str>>, AtomicUsize);

impl Keychain for Passwords {
    fn find<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        let mut passwords = self.0.lock().unwrap();
        if ask.again && passwords.len() > 1 {
            passwords.remove(0);
        }
        let credential = Credential::Basic {
            username: "AWS".to_owned(),
            password: Secret::new(passwords[0]),
            at_once: true,
        };
        let origin = "the test".to_owned();
        Box::pin(async { Ok(Some(Found { credential, origin })) })
    }
}

#[tokio::test]
async fn a_loopback_registry_that_turns_out_to_speak_tls_gets_its_password() {
    let authority = Authority::new();
    let registry = Settings::new().basic("user", "pass").start_tls(&authority);
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let settings = duat_registry::transport::Settings {
        certificates: vec![authority.pem().into_bytes()],
        ..hasty()
    };
    let client = client(settings, basic(&registry, "user", "pass", false));
    let remote = remote(&client, &registry, "acme/app");
    remote.manifest(&tag("1")).await.unwrap();
}

#[tokio::test]
async fn a_password_is_shown_when_it_is_asked_for() {
    let registry = Settings::new().basic("user", "pass").start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let client = known(&registry, "user", "pass");
    let remote = remote(&client, &registry, "acme/app");
    remote.manifest(&tag("1")).await.unwrap();
    remote.manifest(&tag("1")).await.unwrap();
    let shown: Vec<Credentials> = registry.requests().iter().map(|r| r.credentials).collect();
    assert_eq!(
        shown,
        [Credentials::None, Credentials::Basic, Credentials::Basic]
    );
    client
        .ping(&registry.host().parse().unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_password_is_shown_at_once_where_that_is_right() {
    let registry = Settings::new().basic("AWS", "pass").start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let client = client(hasty(), basic(&registry, "AWS", "pass", true));
    remote(&client, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap();
    assert_eq!(registry.requests().len(), 1);
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_used_for_all() {
    let registry = token_registry(Tokens::for_user("user", "pass"));
    let client = known(&registry, "user", "pass");
    let remote = remote(&client, &registry, "acme/app");
    for _ in 0..3 {
        remote.manifest(&tag("1")).await.unwrap();
    }
    assert_eq!(registry.requests().to(Origin::Tokens).len(), 1);
    assert_eq!(registry.requests().to(Origin::Registry).len(), 4);
}

#[tokio::test]
async fn who_comes_at_the_same_time_shares_a_token() {
    let registry = token_registry(Tokens::for_user("user", "pass"));
    let client = known(&registry, "user", "pass");
    let remote = remote(&client, &registry, "acme/app");
    let tag = tag("1");
    let all = (0..6).map(|_| remote.manifest(&tag));
    for outcome in futures_util::future::join_all(all).await {
        outcome.unwrap();
    }
    assert_eq!(registry.requests().to(Origin::Tokens).len(), 1);
}

#[tokio::test]
async fn a_stranger_gets_a_token_too() {
    let registry = token_registry(Tokens::for_user("user", "pass").grant("", "*", "pull"));
    let client = stranger();
    let remote = client.remote(&repository(&registry, "acme/app"), Access::Pull);
    remote.manifest(&tag("1")).await.unwrap();
    let asked = registry.requests().to(Origin::Tokens);
    assert!(
        asked[0]
            .target
            .contains("scope=repository%3Aacme%2Fapp%3Apull"),
        "{asked}"
    );
    assert_eq!(asked[0].credentials, Credentials::None);
}

#[tokio::test]
async fn a_mount_s_source_is_asked_for_at_once() {
    let registry = token_registry(Tokens::for_user("user", "pass"));
    let client = known(&registry, "user", "pass");
    let source = repository(&registry, "acme/base");
    let remote = remote(&client, &registry, "acme/app").mounting_from([&source]);
    remote.manifest(&tag("1")).await.unwrap();
    let asked = registry.requests().to(Origin::Tokens);
    assert!(
        asked[0].target.contains("acme%2Fapp%3Apull%2Cpush"),
        "{asked}"
    );
    assert!(asked[0].target.contains("acme%2Fbase%3Apull"), "{asked}");
}

#[tokio::test]
async fn a_registry_that_wants_more_scopes_gets_them() {
    let registry = token_registry(Tokens::for_user("user", "pass"));
    let (bytes, descriptor) = crate::scene::blob(100);
    registry.put_blob("acme/base", &Content::new("a/b", &bytes[..]));
    let client = known(&registry, "user", "pass");
    let source = repository(&registry, "acme/base");
    let remote = remote(&client, &registry, "acme/app");
    remote
        .put_blob(&descriptor, Some(&source), &bytes)
        .await
        .unwrap();
    assert!(registry.has_blob("acme/app", &descriptor.digest.to_string()));
    let asked = registry.requests().to(Origin::Tokens);
    assert_eq!(asked.len(), 1, "the first challenge names both: {asked}");
}

#[tokio::test]
async fn a_refresh_token_is_not_posted_elsewhere() {
    let storage = Registry::start();
    let tokens = Tokens::for_user("user", "pass").identity("identity", "user");
    let registry = token_registry(tokens);
    registry.fault(
        Fault::on("POST", "token")
            .answers(307)
            .header("location", &storage.url("/token")),
    );
    let credential = Credential::Identity(Secret::new("identity"));
    let keychain = Fixed::new(registry.host().parse().unwrap(), credential, "the test");
    let client = client(hasty(), keychain);
    let error = remote(&client, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.operation(), Operation::Authenticate);
    assert_eq!(storage.requests().len(), 0);
}

#[tokio::test]
async fn an_expired_token_is_replaced() {
    let registry = token_registry(Tokens::for_user("user", "pass"));
    let client = known(&registry, "user", "pass");
    let remote = remote(&client, &registry, "acme/app");
    remote.manifest(&tag("1")).await.unwrap();
    registry.expire_tokens();
    remote.manifest(&tag("1")).await.unwrap();
    assert_eq!(registry.requests().to(Origin::Tokens).len(), 2);
}

#[tokio::test]
async fn a_token_is_replaced_before_it_expires() {
    let tokens = Tokens::for_user("user", "pass")
        .lifetime(Duration::from_secs(1))
        .announces(Some(1));
    let registry = token_registry(tokens);
    let client = known(&registry, "user", "pass");
    let remote = remote(&client, &registry, "acme/app");
    remote.manifest(&tag("1")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(900)).await;
    remote.manifest(&tag("1")).await.unwrap();
    let refused = registry
        .requests()
        .iter()
        .filter(|r| r.status == 401)
        .count();
    assert_eq!(refused, 1, "{}", registry.requests());
}

#[tokio::test]
async fn a_refresh_token_is_posted_and_the_next_one_kept() {
    for renewing in [false, true] {
        let tokens = Tokens::for_user("user", "pass")
            .identity("identity", "user")
            .as_access_token();
        let registry = token_registry(if renewing { tokens.renewing() } else { tokens });
        let credential = Credential::Identity(Secret::new("identity"));
        let keychain = Fixed::new(registry.host().parse().unwrap(), credential, "the test");
        let client = client(hasty(), keychain);
        remote(&client, &registry, "acme/app")
            .manifest(&tag("1"))
            .await
            .unwrap();
        registry.expire_tokens();
        remote(&client, &registry, "acme/app")
            .manifest(&tag("1"))
            .await
            .unwrap();
        assert_eq!(registry.requests().to(Origin::Tokens).count("POST", ""), 2);
    }
}

#[tokio::test]
async fn challenges_of_any_form_are_answered() {
    for challenges in [
        &[r#"Negotiate, BEARER realm="$REALM", service="a, b", scope="$SCOPE""#][..],
        &["Negotiate", r#"bearer Realm="$REALM",scope="$SCOPE""#],
        &[r#"Basic realm="old""#, r#"Bearer realm="$REALM""#],
    ] {
        let registry = token_registry(Tokens::for_user("user", "pass").challenges(challenges));
        let client = known(&registry, "user", "pass");
        let outcome = remote(&client, &registry, "acme/app")
            .manifest(&tag("1"))
            .await;
        outcome.unwrap_or_else(|error| panic!("{challenges:?}: {error}"));
    }
}

#[tokio::test]
async fn who_is_not_let_in_is_told_why() {
    let registry = token_registry(Tokens::for_user("user", "pass"));
    let error = remote(&stranger(), &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert!(
        matches!(error.kind(), Kind::Unauthorized | Kind::Denied),
        "{error}"
    );
    let wrong = known(&registry, "user", "wrong");
    let error = remote(&wrong, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthorized, "{error}");
    assert_eq!(error.operation(), Operation::Authenticate);
    let registry = Settings::new().basic("user", "pass").start();
    let error = remote(&stranger(), &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthorized);
    assert_eq!(
        error.hint(),
        Some(&*format!("docker login {}", registry.host()))
    );
    let wrong = known(&registry, "user", "wrong");
    let error = remote(&wrong, &registry, "acme/app")
        .manifest(&tag("1"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Unauthorized);
}

#[tokio::test]
async fn a_password_that_expired_is_asked_for_again() {
    let registry = Settings::ecr("first").start();
    registry.push_image("acme/app", "1", &Image::single("app", 1));
    let keychain = Passwords(Mutex::new(vec!["first", "second"]), AtomicUsize::new(0));
    let client = client(hasty(), keychain);
    let remote = remote(&client, &registry, "acme/app");
    remote.manifest(&tag("1")).await.unwrap();
    registry.change(|settings| settings.renewed_password("second"));
    registry.forget();
    remote.manifest(&tag("1")).await.unwrap();
    assert_eq!(registry.requests().len(), 2, "{}", registry.requests());
    remote.find_manifest(&tag("1")).await.unwrap();
    assert_eq!(registry.requests().len(), 3);
}

#[tokio::test]
async fn secrets_are_in_no_line_and_no_error() {
    let registry = Settings::ecr("hunter2").start();
    let image = Image::single("app", 1);
    registry.push_image("acme/app", "1", &image);
    let lines = std::sync::Arc::new(Lines::default());
    let mut settings = hasty();
    settings.observer = Some(lines.clone());
    let client = client(settings, basic(&registry, "AWS", "hunter2", true));
    let remote = remote(&client, &registry, "acme/app");
    let manifest = remote.manifest(&tag("1")).await.unwrap();
    let layer = manifest.blobs()[0].clone();
    registry.fault(Fault::on("GET", "/blobs/").cut_after(1));
    let mut stream = remote.blob(&layer).await.unwrap();
    let mut errors = String::new();
    while let Some(piece) = futures_util::StreamExt::next(&mut stream).await {
        if let Err(error) = piece {
            errors = format!("{error} {error:?}");
        }
    }
    let text = format!("{} {errors}", lines.text());
    assert!(text.contains("(Basic …)"), "{text}");
    for secret in registry.secrets() {
        assert!(!text.contains(&secret), "{secret} in {text}");
    }
}
