use std::path::PathBuf;
use std::time::Duration;

use super::{Ask, AuthFiles, Credential, Keychain, KeychainError, Secret};
use crate::reference::Repository;

fn basic(username: &str, password: &str) -> Credential {
    Credential::Basic {
        username: username.to_owned(),
        password: Secret::new(password),
        at_once: false,
    }
}

/// A folder with one file of credentials and helpers as shell scripts.
struct Home(tempfile::TempDir);

impl Home {
    fn new(config: &str) -> Self {
        let home = Self(tempfile::tempdir().unwrap());
        home.write("config.json", config);
        home
    }

    #[expect(clippy::disallowed_methods, reason = "tests make their files")]
    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    #[cfg(unix)]
    fn helper(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let name = format!("docker-credential-{name}");
        let path = self.write(&name, &format!("#!/bin/sh\nread -r server\n{script}\n"));
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    async fn ask(&self, repository: &str) -> Result<Option<Credential>, KeychainError> {
        let folder = self.0.path().to_owned();
        let files = vec![folder.join("missing.json"), folder.join("config.json")];
        let repository: Repository = repository.parse().unwrap();
        let ask = Ask {
            registry: repository.registry(),
            repository: Some(&repository),
            again: false,
        };
        let files = AuthFiles::new(files, vec![folder]).patience(Duration::from_millis(500));
        Ok(files.find(ask).await?.map(|found| found.credential))
    }
}

#[tokio::test]
async fn the_longest_path_wins() {
    // a:1, b:2, c:3, d:4
    let home = Home::new(
        r#"{"auths": {
            "ghcr.io": {"auth": "YTox"},
            "ghcr.io/acme": {"auth": "Yjoy"},
            "ghcr.io/acme/app": {"auth": "Yzoz"},
            "https://other.example/v2/": {"auth": "ZDo0"},
            "127.0.0.1:5000": {"username": "e", "password": "5:6"}
        }}"#,
    );
    for (repository, credential) in [
        ("ghcr.io/else/app", Some(basic("a", "1"))),
        ("ghcr.io/acme/other", Some(basic("b", "2"))),
        ("ghcr.io/acmeplus/app", Some(basic("a", "1"))),
        ("ghcr.io/acme/app", Some(basic("c", "3"))),
        ("ghcr.io/acme/app/deep", Some(basic("c", "3"))),
        ("other.example/a", Some(basic("d", "4"))),
        ("127.0.0.1:5000/a", Some(basic("e", "5:6"))),
        ("127.0.0.1:5001/a", None),
        ("ghcr.io.evil.example/acme/app", None),
        ("alpine", None),
    ] {
        assert_eq!(
            home.ask(repository).await.unwrap(),
            credential,
            "{repository}"
        );
    }
}

#[tokio::test]
async fn docker_hub_is_known_by_its_old_name() {
    for key in [
        "https://index.docker.io/v1/",
        "docker.io",
        "index.docker.io",
        "registry-1.docker.io",
    ] {
        let home = Home::new(&format!(r#"{{"auths": {{"{key}": {{"auth": "YTox"}}}}}}"#));
        assert_eq!(
            home.ask("acme/app").await.unwrap(),
            Some(basic("a", "1")),
            "{key}"
        );
    }
}

#[tokio::test]
async fn what_is_empty_is_nothing() {
    for entry in [
        r"{}",
        r#"{"auth": ""}"#,
        r#"{"auth": "", "identitytoken": "", "registrytoken": ""}"#,
    ] {
        let home = Home::new(&format!(r#"{{"auths": {{"ghcr.io": {entry}}}}}"#));
        assert_eq!(home.ask("ghcr.io/a").await.unwrap(), None, "{entry}");
    }
    for file in [
        "",
        " \n",
        "{}",
        r#"{"auths": null, "credHelpers": null, "credsStore": ""}"#,
    ] {
        assert_eq!(
            Home::new(file).ask("ghcr.io/a").await.unwrap(),
            None,
            "{file}"
        );
    }
}

#[tokio::test]
async fn tokens_come_before_names() {
    let identity = Credential::Identity(Secret::new("i"));
    let bearer = Credential::Bearer(Secret::new("r"));
    for (entry, credential) in [
        (r#"{"auth": "YTox", "identitytoken": "i"}"#, identity),
        (r#"{"identitytoken": "i", "registrytoken": "r"}"#, bearer),
        (r#"{"auth": "YTox"}"#, basic("a", "1")),
        (r#"{"auth": "YToxAAA"}"#, basic("a", "1")),
    ] {
        let home = Home::new(&format!(r#"{{"auths": {{"ghcr.io": {entry}}}}}"#));
        assert_eq!(
            home.ask("ghcr.io/a").await.unwrap(),
            Some(credential),
            "{entry}"
        );
    }
}

#[tokio::test]
async fn a_broken_file_is_named_and_not_quoted() {
    for file in [
        r#"{"auths": {"ghcr.io": {"auth": "c2VjcmV0"}}}"#,
        r#"{"auths": {"ghcr.io": {"auth": "c2VjcmV0!"}}}"#,
        r#"{"auths": {"ghcr.io": "c2VjcmV0"}}"#,
        r#"{"auths": {"ghcr.io": {"auth": "c2VjcmV0""#,
    ] {
        let error = Home::new(file).ask("ghcr.io/a").await.unwrap_err();
        let text = format!("{error} {:?}", error.source);
        assert!(text.contains("config.json"), "{text}");
        assert!(!text.contains("c2Vj") && !text.contains("secret"), "{text}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_registry_s_own_helper_is_asked_before_the_store_and_the_file() {
    let home = Home::new(
        r#"{"auths": {"ghcr.io": {"auth": "YTox"}, "a.example": {"auth": "YTox"}},
            "credHelpers": {"ghcr.io": "own"}, "credsStore": "store"}"#,
    );
    home.helper(
        "own",
        r#"echo "{\"Username\":\"own\",\"Secret\":\"$server\"}""#,
    );
    home.helper(
        "store",
        r#"case $server in
            https://index.docker.io/v1/) echo '{"Username":"<token>","Secret":"t"}' ;;
            b.example) echo '{"Username":"b","Secret":"s"}' ;;
            *) echo 'credentials not found in native keychain'; exit 1 ;;
        esac"#,
    );
    for (repository, credential) in [
        ("ghcr.io/a", basic("own", "ghcr.io")),
        ("a.example/a", basic("a", "1")),
        ("b.example/a", basic("b", "s")),
        ("alpine", Credential::Identity(Secret::new("t"))),
    ] {
        assert_eq!(
            home.ask(repository).await.unwrap(),
            Some(credential),
            "{repository}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_helper_that_fails_is_named() {
    for (script, part) in [
        ("echo 'locked\u{1b}[2J'; exit 1", "locked\\u{1b}[2J"),
        ("echo nonsense", "no JSON"),
        ("exec sleep 20", "no answer in 0.5 s"),
    ] {
        let home = Home::new(r#"{"credsStore": "sad"}"#);
        home.helper("sad", script);
        let error = home.ask("ghcr.io/a").await.unwrap_err().to_string();
        assert!(
            error.contains("`docker-credential-sad`") && error.contains(part),
            "{error}"
        );
    }
    let missing = Home::new(r#"{"credsStore": "gone"}"#);
    let error = missing.ask("ghcr.io/a").await.unwrap_err();
    assert!(error.hint.unwrap().starts_with("install it"));
    let path = Home::new(r#"{"credsStore": "../x"}"#);
    let error = path.ask("ghcr.io/a").await.unwrap_err().to_string();
    assert!(error.contains("is no name of a program"), "{error}");
}

#[test]
fn a_secret_is_not_printed() {
    let shown = format!("{:?}", basic("user", "hunter2"));
    assert!(!shown.contains("hunter2"), "{shown}");
}
