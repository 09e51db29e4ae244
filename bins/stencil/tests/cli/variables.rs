//! What templates find without being given it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duat_tests::http::{Reply, Server};
use duat_tests::{Outcome, Scene, repository as scripts};

use crate::repository;

#[test]
fn the_repository_is_in_reach() {
    let scene = repository();
    let template = "\
        {{ duat.version }} {{ duat.major }}.{{ duat.minor }}.{{ duat.patch }} {{ duat.prerelease }}\n\
        {{ duat.gitBranch }} [{{ duat.gitTag }}] {{ duat.gitDate }}\n\
        {{ duat.gitURL }} {{ duat.module }} {{ duat.imageName }}\n\
        {{ duat.gitHash | truncate(length=7, end=\"\") == duat.gitShort }}\n";
    let outcome = scene.stencil(["--module", "server"]).stdin(template).run();
    outcome.prints(
        "1.2.3-rc.1 1.2.3 rc.1\n\
         main [] 2019-04-04T00:40:00Z\n\
         https://github.com/owner/tool.git server owner/tool/server\n\
         true\n",
    );
    let hash = scene.git(["rev-parse", "HEAD"]);
    scene
        .stencil(["eval", "duat.gitHash"])
        .run()
        .prints(&format!("{hash}\n"));
    let call = scene.stencil(["eval", "duat.gitDir"]);
    call.run().shows("$SCENE\n");
}

#[test]
fn a_tag_is_found_though_it_is_annotated() {
    let scene = repository();
    scene.script("git tag -a v1.2.3 -m release\ngit tag nightly");
    let call = scene.stencil(["eval", "duat.gitTag"]);
    call.run().prints("v1.2.3\n");
}

#[test]
fn only_what_is_named_is_looked_up() {
    let scene = Scene::new();
    scene
        .stencil(["eval", "duat.module", "--module", "m"])
        .run()
        .prints("m\n");
    scene.stencil(["eval", "duat.version"]).run().shows(
        "
        --- stderr ---
        error: `duat.version` could not be looked up: failed to find the version: none of `README.md`, `README.adoc`, `VERSION` exists in `$SCENE`
         --> expression:1:4
          |
        1 | {{ duat.version }}
          |    ^^^^^^^^^^^^
        hint: `semver init` writes a first one; `--file` names another file.
        [exit status: 5]
        ",
    );
    scene
        .stencil(["eval", "duat.gitBranch | default(value=\"none\")"])
        .run()
        .prints("none\n");
}

#[test]
fn what_fails_to_be_looked_up_has_its_own_code_and_way_out() {
    let scene = Scene::new();
    let hint = "hint: `semver init` writes a first one; `--file` names another file.\n";
    // the first of all problems decides
    for (template, code) in [
        ("{{ duat.version }} {{ nothing }}", 5),
        ("{{ nothing }} {{ duat.version }}", 1),
        ("{{ .duat.version }}", 5),
        ("{{ $it := .duat }}{{ $it.version }}", 5),
    ] {
        let outcome = scene.stencil(["-"; 0]).stdin(template).run();
        outcome.fails(code).prints_nothing().says(hint);
    }
}

#[test]
fn a_slip_of_the_pen_is_noticed() {
    let scene = repository();
    scene
        .stencil(["eval", "duat.verison"])
        .run()
        .fails(1)
        .says("hint: did you mean `duat.version`?\n");
}

#[test]
fn the_version_comes_from_where_it_is_said() {
    let scene = repository();
    scene.write("docs/VERSION", "9.8.7\n");
    let call = scene.stencil(["eval", "duat.version", "-f", "docs/none,docs/VERSION"]);
    call.run().prints("9.8.7\n");
    let call = scene.stencil(["eval", "duat.version"]);
    call.current_dir("docs").run().prints("1.2.3-rc.1\n");
    let call = scene.stencil(["-v", "eval", "duat.version"]);
    call.run()
        .prints("1.2.3-rc.1\n")
        .says("the version is read from `README.md`\n");
}

#[test]
fn the_branch_of_a_detached_checkout_is_that_of_the_job() {
    let scene = repository();
    scene.script(scripts::DETACHED);
    let call = scene.stencil(["eval", "duat.gitBranch"]);
    call.clone()
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_REF", "refs/heads/topic")
        .env("GITHUB_REF_NAME", "topic")
        .env("GITHUB_REF_TYPE", "branch")
        .run()
        .prints("topic\n");
    call.args(["--branch", "mine"]).run().prints("mine\n");
}

#[test]
fn the_environment_is_in_reach() {
    let scene = Scene::new();
    let call = scene.stencil(["eval", "Env.REGION ~ Env.EMPTY"]);
    call.env("REGION", "eu")
        .env("EMPTY", "")
        .run()
        .prints("eu\n");
    // names of other variables are nobody's business
    let call = scene.stencil(["eval", "Env.REGOIN"]);
    call.env("REGION", "eu").run().shows(
        "
        --- stderr ---
        error: `Env.REGOIN` is not defined
         --> expression:1:4
          |
        1 | {{ Env.REGOIN }}
          |    ^^^^^^^^^^
          = note: `Env` has no `REGOIN`
        hint: set `REGOIN`, or write `Env.REGOIN | default(value=...)`
        [exit status: 1]
        ",
    );
}

/// AWS's control plane, as far as a template asks it.
fn control_plane(status: u16, answer: &'static str) -> (Server, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let server = Server::start(move |_, body| {
        body.bytes().unwrap();
        count.fetch_add(1, Ordering::SeqCst);
        Reply::new(status)
            .header("content-type", "application/x-amz-json-1.1")
            .body(answer)
    });
    (server, asked)
}

fn with_aws(scene: &Scene, server: &Server, arguments: &[&str]) -> Outcome {
    let keys = [
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_MAX_ATTEMPTS", "1"),
    ];
    let call = scene.stencil(arguments).envs(keys);
    call.env("AWS_ENDPOINT_URL", server.url("")).run()
}

const AUTHORIZATION: &str = r#"{"authorizationData": [{"authorizationToken": "QVdTOnNlY3JldA==",
    "proxyEndpoint": "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"}]}"#;

#[test]
fn the_accounts_registry_is_asked_of_aws_only_where_it_is_named_and_once() {
    let scene = repository();
    let (server, asked) = control_plane(200, AUTHORIZATION);
    with_aws(&scene, &server, &["eval", "duat.version"]).prints("1.2.3-rc.1\n");
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    with_aws(&scene, &server, &["eval", "duat.awsecr ~ '/' ~ duat.awsecr"]).prints(
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/123456789012.dkr.ecr.eu-west-1.amazonaws.com\n",
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn what_aws_refuses_is_said_at_the_place_that_asked() {
    let scene = repository();
    let denied = r#"{"__type": "AccessDeniedException", "message": "User: arn:aws:iam::1:user/ci is not authorized to perform: ecr:GetAuthorizationToken on resource: *"}"#;
    let (server, _) = control_plane(400, denied);
    let outcome = with_aws(&scene, &server, &["eval", "duat.awsecr"]);
    outcome.fails(4).says("expression:1:4").says(
        "`duat.awsecr` could not be looked up: AWS does not allow `ecr:GetAuthorizationToken` on `*`",
    );
}

#[test]
fn hermetic_runs_ask_no_cloud() {
    let scene = repository();
    let (server, asked) = control_plane(200, AUTHORIZATION);
    with_aws(&scene, &server, &["--hermetic", "eval", "duat.awsecr"]).fails(1);
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}
