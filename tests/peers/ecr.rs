//! `image-promote` and AWS's registry, as far as it can be had on one machine: moto answers for the
//! account, and the password it gives opens a docker-registry that has the account's name.
//!
//! The name leads there through a proxy, so nothing in the tool knows that it is being tested.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use duat_tests::Call;
use duat_tests::relay::Relay;
use serde_json::{Value, json};

use crate::promote::{IMAGE, TESTED, image, is_there, login, push, scene};
use crate::server::Server;
use duat_tests::distribution::{Distribution, Door, free_port};

const HOST: &str = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
/// What moto gives to everybody.
const DOOR: Door = Door::Htpasswd {
    user: "AWS",
    password: "123456789012-auth-token",
};

/// Asks moto.
fn ask(address: &str, operation: &str, body: &Value) -> Value {
    let body = body.to_string();
    let request = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\
         content-type: application/x-amz-json-1.1\r\n\
         x-amz-target: AmazonEC2ContainerRegistry_V20150921.{operation}\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/ecr/aws4_request\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).expect("moto listens");
    stream.write_all(request.as_bytes()).expect("moto reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("moto answers");
    let (_, body) = answer.split_once("\r\n\r\n").expect("an answer has a body");
    serde_json::from_str(body).unwrap_or_default()
}

#[test]
#[ignore = "asks moto, docker-registry and skopeo: tests/peers/run installs them"]
fn the_account_opens_its_registry_and_repositories_are_made() {
    let registry = Distribution::start_as(DOOR, &[HOST]);
    let build = Distribution::start(Door::Open);
    let address = format!("127.0.0.1:{}", free_port());
    let port = address.rsplit(':').next().unwrap_or_default();
    let arguments = ["-H", "127.0.0.1", "-p", port];
    let _moto = Server::start("moto-server", &arguments, &address);
    let name = format!("{HOST}:443");
    let proxy = Relay::proxy(&[(&name, registry.address())]);
    let scene = scene();
    // the tool has no login but that of the account
    login(&scene, &[]);
    let image = image();
    push(&scene, &image, &build, IMAGE);
    let aws = |call: Call<'_>| {
        call.env("AWS_ENDPOINT_URL", format!("http://{address}"))
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "secret-access-key")
            .env("AWS_REGION", "us-east-1")
            .env("HTTPS_PROXY", format!("http://{}", proxy.address()))
            .env("NO_PROXY", "127.0.0.1")
            .arg("--cacert")
            .arg(registry.ca().expect("it speaks TLS"))
            .run()
    };
    let call = || scene.tool("image-promote").args(["--module", "server"]);
    let build = build.host();
    aws(call()
        .args(["--from", &build])
        .args(["--immutable", "--scan-on-push"]))
    .prints("0.0.2\n");
    let made = ask(&address, "DescribeRepositories", &json!({}));
    let made = &made["repositories"][0];
    assert_eq!(made["repositoryName"], IMAGE, "{made}");
    assert_eq!(
        made["imageScanningConfiguration"]["scanOnPush"], true,
        "{made}"
    );
    assert!(proxy.connections() > 0);

    login(&scene, &[&registry]);
    is_there(&scene, &image, &registry, "0.0.2");
    login(&scene, &[]);
    // moto keeps no images of registries: it is told of this one
    let root = image.root();
    let tell = |tag: &str| {
        let manifest = String::from_utf8_lossy(&root.bytes);
        let put = json!({
            "repositoryName": IMAGE, "imageManifest": manifest, "imageTag": tag,
            "imageManifestMediaType": root.media_type, "imageDigest": root.digest,
        });
        ask(&address, "PutImage", &put);
    };
    let tags = || {
        let asked = ask(
            &address,
            "DescribeImages",
            &json!({"repositoryName": IMAGE}),
        );
        asked["imageDetails"][0]["imageTags"].clone()
    };
    let undo = || aws(scene.tool("image-promote").arg("undo"));
    // the only tag of an image would take the image along
    tell("0.0.2");
    undo().fails(3).says("the only tag");
    assert_eq!(tags(), json!(["0.0.2"]));
    assert!(!scene.read("README.md").contains(TESTED));
    tell(TESTED);
    undo().prints(&format!("{TESTED}\n"));
    assert_eq!(tags(), json!([TESTED]));
    aws(call().args(["--from", &build])).prints("0.0.2\n");
    // nothing is left to do, and no repository to make
    let outcome = aws(call());
    outcome.prints("0.0.2\n");
    assert!(!scene.read("README.md").contains(TESTED));
    for outcome in [aws(call().arg("-vv")), aws(call().arg("--json"))] {
        let text = outcome.stdout().to_owned() + outcome.stderr();
        for secret in ["secret-access-key", "auth-token", "QVdTOjEyMzQ1Njc4OTAxMi"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
