//! What is asked of AWS's control plane, and what is made of its answers.

use std::sync::{Arc, Mutex};

use aws_config::Region;
use aws_sdk_ecr::config::Credentials;
use duat_registry::credential::{Ask, Keychain};
use duat_registry::transport::{Action, Limits};
use duat_tests::http::{Reply, Server};
use serde_json::{Value, json};

use crate::account::loader;
use crate::{Account, Aws, Creation, EcrError, Encryption, Made, Mutability, Settings, Untagged};

type Calls = Arc<Mutex<Vec<(String, Value)>>>;

/// Starts a control plane that answers an action with a status and a body, and keeps what it is
/// asked.
fn control_plane(answer: impl Fn(&str) -> (u16, Value) + Send + Sync + 'static) -> (Server, Calls) {
    let calls = Calls::default();
    let seen = Arc::clone(&calls);
    let server = Server::start(move |request, body| {
        let target = request.header("x-amz-target").unwrap_or_default();
        let action = target.rsplit('.').next().unwrap_or_default().to_owned();
        let asked = serde_json::from_slice(&body.bytes().unwrap()).unwrap();
        seen.lock().unwrap().push((action.clone(), asked));
        let (status, body) = answer(&action);
        let mut reply = Reply::new(status).header("content-type", "application/x-amz-json-1.1");
        if let Some(code) = body["__type"].as_str() {
            reply = reply.header("x-amzn-errortype", code);
        }
        reply.body(body.to_string())
    });
    (server, calls)
}

/// Runs `work` with the account that `server` is the control plane of.
fn with_account<T>(server: &Server, work: impl AsyncFnOnce(&Account) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let loader = loader(&Settings::default())
            .unwrap()
            .endpoint_url(server.url(""))
            .region(Region::new("eu-west-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "tests"));
        work(&Account::of(&loader.load().await)).await
    })
}

fn error(code: &str, message: &str) -> (u16, Value) {
    (400, json!({"__type": code, "message": message}))
}

#[test]
fn the_accounts_registry_and_its_password_come_in_one_answer() {
    let (server, calls) = control_plane(|_| {
        let data = json!({
            "authorizationToken": "QVdTOnNlY3JldA==",
            "expiresAt": 1_420_070_400,
            "proxyEndpoint": "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        });
        (200, json!({"authorizationData": [data]}))
    });
    let authorization = with_account(&server, async |account| account.authorize().await).unwrap();
    assert_eq!(
        authorization.registry(),
        Some("123456789012.dkr.ecr.eu-west-1.amazonaws.com")
    );
    assert_eq!(authorization.user, "AWS");
    assert_eq!(authorization.password, "secret");
    assert_eq!(authorization.expires, Some(1_420_070_400));
    assert_eq!(calls.lock().unwrap().len(), 1);
}

#[test]
fn a_missing_permission_is_named_with_its_resource() {
    let (server, _) = control_plane(|_| {
        error(
            "AccessDeniedException",
            "User: arn:aws:iam::1:user/ci is not authorized to perform: \
             ecr:GetAuthorizationToken on resource: * because no policy allows it",
        )
    });
    let refused = with_account(&server, async |account| account.authorize().await);
    assert_eq!(
        refused.unwrap_err().to_string(),
        "AWS does not allow `ecr:GetAuthorizationToken` on `*`"
    );
}

#[test]
fn wrong_credentials_are_not_a_missing_permission() {
    let (server, _) = control_plane(|_| {
        error(
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
        )
    });
    let refused = with_account(&server, async |account| account.authorize().await);
    assert!(
        matches!(refused, Err(EcrError::Refused { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_repository_is_made_as_asked() {
    let (server, calls) = control_plane(|action| match action {
        "DescribeRepositoryCreationTemplates" => (200, json!({"repositoryCreationTemplates": []})),
        _ => (200, json!({})),
    });
    let creation = Creation {
        mutability: Mutability::Immutable {
            except: vec!["sha256-*".to_owned()],
        },
        scan_on_push: true,
        encryption: Encryption::Kms(Some("arn:aws:kms:x".to_owned())),
        lifecycle_policy: Some("{\"rules\":[]}".to_owned()),
        tags: vec![("team".to_owned(), "release".to_owned())],
    };
    let made = with_account(&server, async |account| {
        account
            .make_repository(Some("123456789012"), "acme/app", &creation)
            .await
    });
    assert_eq!(made, Ok(Made::Created));
    let calls = calls.lock().unwrap();
    let [_, (first, asked), (second, policy)] = calls.as_slice() else {
        panic!("{calls:?}");
    };
    assert_eq!(first, "CreateRepository");
    assert_eq!(
        *asked,
        json!({
            "registryId": "123456789012",
            "repositoryName": "acme/app",
            "tags": [{"Key": "team", "Value": "release"}],
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "sha256-*"}],
            "imageScanningConfiguration": {"scanOnPush": true},
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "arn:aws:kms:x"},
        })
    );
    assert_eq!(second, "PutLifecyclePolicy");
    assert_eq!(policy["lifecyclePolicyText"], "{\"rules\":[]}");
}

#[test]
fn who_loses_the_race_has_a_repository_too() {
    let (server, _) = control_plane(|action| match action {
        "CreateRepository" => error("RepositoryAlreadyExistsException", "it exists"),
        _ => error("AccessDeniedException", "no"),
    });
    let made = with_account(&server, async |account| {
        account
            .make_repository(None, "acme/app", &Creation::default())
            .await
    });
    assert_eq!(made, Ok(Made::Found));
}

#[test]
fn a_template_that_makes_repositories_on_push_is_left_to_do_so() {
    let (server, calls) = control_plane(|_| {
        let templates = json!([
            {"prefix": "ROOT", "appliedFor": ["PULL_THROUGH_CACHE"]},
            {"prefix": "acme", "appliedFor": ["CREATE_ON_PUSH"]},
            {"prefix": "acm", "appliedFor": ["REPLICATION"]},
        ]);
        (200, json!({"repositoryCreationTemplates": templates}))
    });
    let made = with_account(&server, async |account| {
        account
            .make_repository(None, "acme/app", &Creation::default())
            .await
    });
    assert_eq!(made, Ok(Made::ByPush));
    assert_eq!(calls.lock().unwrap().len(), 1);
}

#[test]
fn a_policy_that_cannot_be_set_leaves_a_repository_and_says_so() {
    let (server, _) = control_plane(|action| match action {
        "CreateRepository" => (200, json!({})),
        "PutLifecyclePolicy" => error("InvalidParameterException", "no such rule"),
        _ => (200, json!({"repositoryCreationTemplates": []})),
    });
    let creation = Creation {
        lifecycle_policy: Some("{}".to_owned()),
        ..Creation::default()
    };
    let made = with_account(&server, async |account| {
        account.make_repository(None, "acme/app", &creation).await
    });
    assert!(matches!(made, Err(EcrError::HalfMade { .. })), "{made:?}");
}

#[test]
fn a_missing_repository_is_told_from_one_that_is_there() {
    let (server, _) = control_plane(|_| error("RepositoryNotFoundException", "no"));
    let found = with_account(&server, async |account| {
        account.has_repository(None, "acme/app").await
    });
    assert_eq!(found, Ok(false));
}

/// Deletes the tag `1.0.0` of an image that has these tags.
fn delete_tag(tags: &[&str], failures: Value) -> (Result<Untagged, EcrError>, Vec<String>) {
    let tags = json!(tags);
    let (server, calls) = control_plane(move |action| match action {
        "DescribeImages" => (200, json!({"imageDetails": [{"imageTags": tags}]})),
        _ => (200, json!({"imageIds": [], "failures": failures})),
    });
    let done = with_account(&server, async |account| {
        account.delete_tag(None, "acme/app", "1.0.0").await
    });
    let calls = calls.lock().unwrap();
    (
        done,
        calls.iter().map(|(action, _)| action.clone()).collect(),
    )
}

#[test]
fn a_tag_goes_and_the_image_stays_with_its_others() {
    let (done, calls) = delete_tag(&["1.0.0", "1.0.0-main-a"], json!([]));
    assert_eq!(done, Ok(Untagged::Deleted));
    assert_eq!(calls, ["DescribeImages", "BatchDeleteImage"]);
}

#[test]
fn the_only_tag_of_an_image_is_not_deleted() {
    let (done, calls) = delete_tag(&["1.0.0"], json!([]));
    assert_eq!(done, Ok(Untagged::Only));
    assert_eq!(calls, ["DescribeImages"]);
}

#[test]
fn what_a_deletion_could_not_do_is_no_success() {
    let refused = json!([{"failureCode": "KmsError", "failureReason": "the key is gone"}]);
    let (done, _) = delete_tag(&["1.0.0", "latest"], refused);
    assert!(
        matches!(&done, Err(EcrError::Failed { code, .. }) if code == "KmsError"),
        "{done:?}"
    );
    let absent = json!([{"failureCode": "ImageNotFound", "failureReason": "no"}]);
    assert_eq!(
        delete_tag(&["1.0.0", "latest"], absent).0,
        Ok(Untagged::Absent)
    );
    let (server, _) = control_plane(|_| error("ImageNotFoundException", "no"));
    let done = with_account(&server, async |account| {
        account.delete_tag(None, "acme/app", "1.0.0").await
    });
    assert_eq!(done, Ok(Untagged::Absent));
}

#[test]
fn rates_are_known_for_private_registries_of_aws_alone() {
    let aws = Aws::new(Settings::default());
    for (host, rate) in [
        ("123456789012.dkr.ecr.us-east-1.amazonaws.com", Some(10)),
        ("public.ecr.aws", None),
        ("ghcr.io", None),
    ] {
        let registry = host.parse().unwrap();
        assert_eq!(
            aws.per_second(&registry, Action::WriteManifest),
            rate,
            "{host}"
        );
    }
}

#[test]
fn a_registry_of_somebody_else_is_not_asked_about() {
    let registry: duat_registry::Registry = "ghcr.io".parse().unwrap();
    let aws = Aws::new(Settings::default());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let found = runtime.block_on(aws.find(Ask {
        registry: &registry,
        repository: None,
        again: false,
    }));
    assert!(found.unwrap().is_none());
    assert!(!aws.is_private("ghcr.io") && !aws.is_private("public.ecr.aws"));
    assert!(aws.is_private("123456789012.dkr.ecr.us-east-1.amazonaws.com"));
}
