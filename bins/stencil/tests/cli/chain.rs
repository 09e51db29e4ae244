//! Whose credentials AWS is asked with: each link of the SDK's chain, against a double of all that it
//! asks.

use std::sync::{Arc, Mutex};

use duat_tests::Scene;
use duat_tests::http::{Reply, Request, Server};
use serde_json::json;

use crate::repository;

const LATER: &str = "2099-01-01T00:00:00Z";

/// A double of the control plane and of everyone who gives credentials away; with the name of the key
/// that the registry was asked with.
fn clouds() -> (Server, Arc<Mutex<Option<String>>>) {
    let key = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&key);
    let server = Server::start(move |request, body| {
        let body = body.bytes().unwrap();
        answer(request, &body, &seen)
    });
    (server, key)
}

fn answer(request: &Request, body: &[u8], key: &Mutex<Option<String>>) -> Reply {
    let given = |name: &str| {
        json!({"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-01-01T00:00:00Z",
            "AccessKeyId": name, "SecretAccessKey": "key", "Token": "token", "Expiration": LATER})
    };
    match request.path() {
        "/container" => {
            assert_eq!(request.header("authorization"), Some("of the task"));
            Reply::json(200, &given("container"))
        }
        "/latest/api/token" => Reply::new(200)
            .header("x-aws-ec2-metadata-token-ttl-seconds", "600")
            .body("session"),
        "/latest/meta-data/iam/security-credentials/" => Reply::new(200).body("role"),
        "/latest/meta-data/iam/security-credentials/role" => {
            assert_eq!(request.header("x-aws-ec2-metadata-token"), Some("session"));
            Reply::json(200, &given("instance"))
        }
        "/federation/credentials" => {
            assert_eq!(request.header("x-amz-sso_bearer_token"), Some("signed-in"));
            Reply::json(
                200,
                &json!({"roleCredentials": {"accessKeyId": "sso",
                "secretAccessKey": "key", "sessionToken": "token", "expiration": 4_070_908_800_000_u64}}),
            )
        }
        path if path.starts_with("/latest/") => Reply::new(404),
        _ if request.header("x-amz-target").is_some() => {
            let signed = request.header("authorization").unwrap_or_default();
            let name = signed
                .split_once("Credential=")
                .and_then(|(_, rest)| rest.split('/').next());
            *key.lock().unwrap() = name.map(str::to_owned);
            Reply::new(200)
                .header("content-type", "application/x-amz-json-1.1")
                .body(
                    r#"{"authorizationData": [{"authorizationToken": "QVdTOnNlY3JldA==",
                "proxyEndpoint": "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"}]}"#,
                )
        }
        _ => {
            let asked = String::from_utf8_lossy(body);
            assert!(
                asked.contains("Action=AssumeRoleWithWebIdentity"),
                "{} {asked}",
                request.path()
            );
            assert!(asked.contains("WebIdentityToken=who-i-am"), "{asked}");
            Reply::new(200).header("content-type", "text/xml").body(format!(
                r#"<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>web</AccessKeyId>
                <SecretAccessKey>key</SecretAccessKey><SessionToken>token</SessionToken>
                <Expiration>{LATER}</Expiration></Credentials><AssumedRoleUser>
                <Arn>arn:aws:sts::1:assumed-role/r/s</Arn><AssumedRoleId>A:s</AssumedRoleId>
                </AssumedRoleUser></AssumeRoleWithWebIdentityResult>
                </AssumeRoleWithWebIdentityResponse>"#
            ))
        }
    }
}

/// Asserts that AWS is asked with `expected`, where the environment is this and `DOUBLE` in it stands
/// for the double.
#[track_caller]
fn is_asked_with(scene: &Scene, expected: &str, environment: &[(&str, &str)]) {
    let (server, key) = clouds();
    let mut call = scene
        .stencil(["eval", "duat.awsecr"])
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_MAX_ATTEMPTS", "1")
        .env("AWS_ENDPOINT_URL", server.url(""));
    if !environment
        .iter()
        .any(|(name, _)| name.starts_with("AWS_EC2"))
    {
        call = call.env("AWS_EC2_METADATA_DISABLED", "true");
    }
    for (name, value) in environment {
        call = call.env(
            name,
            value.replace("DOUBLE", server.url("").trim_end_matches('/')),
        );
    }
    call.run()
        .prints("123456789012.dkr.ecr.eu-west-1.amazonaws.com\n");
    assert_eq!(key.lock().unwrap().as_deref(), Some(expected));
}

fn home(scene: &Scene, path: &str, text: &str) -> String {
    let path = scene.home().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_profile_is_found() {
    let scene = repository();
    let text = "[work]\naws_access_key_id = profile\naws_secret_access_key = key\n";
    home(&scene, ".aws/credentials", text);
    is_asked_with(&scene, "profile", &[("AWS_PROFILE", "work")]);
}

#[test]
fn a_program_gives_credentials() {
    let scene = repository();
    let given = json!({"Version": 1, "AccessKeyId": "program", "SecretAccessKey": "key",
        "SessionToken": "token", "Expiration": LATER});
    let program = home(&scene, "given.json", &given.to_string());
    let text = format!("[profile work]\ncredential_process = /bin/cat {program}\n");
    home(&scene, ".aws/config", &text);
    is_asked_with(&scene, "program", &[("AWS_PROFILE", "work")]);
}

#[test]
fn whoever_signed_in_once_is_known() {
    let scene = repository();
    let text = "[profile work]\nsso_start_url = https://acme.example/start\nsso_region = eu-west-1\n\
                sso_account_id = 1\nsso_role_name = ci\n";
    home(&scene, ".aws/config", text);
    // the file is called by the SHA-1 of the URL
    let token = json!({"accessToken": "signed-in", "expiresAt": LATER, "region": "eu-west-1",
        "startUrl": "https://acme.example/start"});
    home(
        &scene,
        ".aws/sso/cache/32b9d3c1dabf96c36d5542a011699561d2dee1fa.json",
        &token.to_string(),
    );
    is_asked_with(&scene, "sso", &[("AWS_PROFILE", "work")]);
}

#[test]
fn a_job_shows_who_it_is() {
    let scene = repository();
    let token = home(&scene, "token", "who-i-am");
    let role = ("AWS_ROLE_ARN", "arn:aws:iam::1:role/r");
    is_asked_with(
        &scene,
        "web",
        &[role, ("AWS_WEB_IDENTITY_TOKEN_FILE", &token)],
    );
}

#[test]
fn a_container_is_given_credentials() {
    let scene = repository();
    let place = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "DOUBLE/container");
    let token = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "of the task");
    is_asked_with(&scene, "container", &[place, token]);
}

#[test]
fn an_instance_is_given_credentials() {
    let scene = repository();
    let place = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "DOUBLE");
    is_asked_with(&scene, "instance", &[place]);
}
