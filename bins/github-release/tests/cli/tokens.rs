//! Where the token comes from, and what becomes of one that ends.

use duat_tests::Scene;
use duat_tests::github::{Fault, GitHub, Rights, Route};

use crate::{REPOSITORY, stage};

const RIGHTS: Rights = Rights {
    push: true,
    workflow: false,
    admin: false,
};

/// Gives the user's git a credential helper whose password is what this shell command prints.
fn helper(scene: &Scene, password: &str) {
    let helper = format!("!f() {{ echo username=ada; echo password=$({password}); }}; f");
    scene.git([
        "config",
        "--global",
        "credential.https://github.com.helper",
        &helper,
    ]);
}

#[cfg(unix)]
#[test]
fn a_credential_helper_of_git_is_asked_last() {
    let (scene, github) = stage();
    helper(&scene, "echo ghp_helper");
    github.token("ghp_helper", RIGHTS);
    let call = github.call(&scene, ["-v", "dist/*"]);
    call.without_env("GITHUB_TOKEN")
        .run()
        .prints("1.2.3\n")
        .says("the token is that of git's credential helper")
        .conceals("ghp_helper");
    let outcome = github.call(&scene, ["-v", "dist/*"]).run();
    outcome.says("the token is that of `GITHUB_TOKEN`");
}

#[test]
fn the_login_of_gh_is_used() {
    let (scene, github) = stage();
    github.token("gho_login", RIGHTS);
    scene.write(
        scene.home().join(".config/gh/hosts.yml"),
        "github.com:\n    oauth_token: gho_login\n    user: ada\n",
    );
    let call = github.call(&scene, ["-v", "dist/*"]);
    call.without_env("GITHUB_TOKEN")
        .run()
        .prints("1.2.3\n")
        .says("the token is that of gh's login")
        .conceals("gho_login");
}

#[cfg(unix)]
#[test]
fn gh_is_asked_for_what_it_keeps_in_a_keyring() {
    use std::os::unix::fs::PermissionsExt as _;
    let (scene, github) = stage();
    github.token("gho_keyring", RIGHTS);
    scene.write(
        scene.home().join(".config/gh/hosts.yml"),
        "github.com:\n    user: ada\n",
    );
    let script =
        "#!/bin/sh\ntest \"$*\" = 'auth token --hostname github.com' && echo gho_keyring\n";
    scene.write("bin/gh", script);
    let mode = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(scene.path("bin/gh"), mode).unwrap();
    let path = format!(
        "{}:/usr/local/bin:/usr/bin:/bin",
        scene.path("bin").display()
    );
    let call = github.call(&scene, ["-v", "dist/*"]).env("PATH", path);
    call.without_env("GITHUB_TOKEN")
        .run()
        .prints("1.2.3\n")
        .says("the token is that of gh's login")
        .conceals("gho_keyring");
}

#[cfg(unix)]
#[test]
fn a_token_that_ends_in_the_middle_of_a_run_is_looked_for_again() {
    let (scene, github) = stage();
    // another one with each question
    helper(
        &scene,
        "echo >> asked; wc -l < asked | sed 's/ *//;s/^/ghp_turn/'",
    );
    github.token("ghp_turn1", RIGHTS).token("ghp_turn2", RIGHTS);
    // both uploads are refused, and ask for the same new one
    github.fault(Route::Upload, 1, Fault::Unauthorized).fault(
        Route::Upload,
        2,
        Fault::Unauthorized,
    );
    let call = github.call(&scene, ["-v", "dist/*"]);
    call.without_env("GITHUB_TOKEN")
        .run()
        .prints("1.2.3\n")
        .says("trying a new token: GitHub answered 401")
        .conceals("ghp_turn");
    assert_eq!(scene.read("asked").lines().count(), 2);
    assert!(!github.repository(REPOSITORY).release().draft);
}

#[test]
fn a_token_that_is_refused_and_the_same_again_is_not_tried_twice() {
    let (scene, github) = stage();
    for nth in 1..9 {
        github.fault(Route::Create, nth, Fault::Unauthorized);
    }
    let outcome = github.call(&scene, ["dist/*"]).run();
    outcome.fails(4).conceals(GitHub::TOKEN);
    assert_eq!(github.count(Route::Create), 1, "{}", github.trace());
}

#[test]
fn the_variables_of_tokens_have_their_order() {
    const HERE: &str = REPOSITORY;
    const ENTERPRISE: &str = "github.example.com/owner/tool";
    // from the last to the first
    for (repository, names) in [
        (HERE, &["GH_TOKEN", "GITHUB_TOKEN"][..]),
        (
            ENTERPRISE,
            &[
                "GH_TOKEN",
                "GITHUB_TOKEN",
                "GITHUB_ENTERPRISE_TOKEN",
                "GH_ENTERPRISE_TOKEN",
            ],
        ),
    ] {
        for count in 1..=names.len() {
            let (scene, github) = stage();
            let (first, others) = names[..count].split_last().unwrap();
            github.token("ghp_first", RIGHTS);
            let mut call = github
                .call(&scene, ["-v", "--repo", repository, "dist/*"])
                .without_env("GITHUB_TOKEN")
                .env(first, "ghp_first");
            for other in others {
                call = call.env(other, "ghp_other");
            }
            call.run()
                .prints("1.2.3\n")
                .says(&format!("the token is that of `{first}`"))
                .conceals("ghp_first");
        }
    }
    // those of other servers are not for github.com
    let (scene, github) = stage();
    github
        .call(&scene, ["dist/*"])
        .without_env("GITHUB_TOKEN")
        .env("GH_ENTERPRISE_TOKEN", "ghp_other")
        .env("GITHUB_ENTERPRISE_TOKEN", "ghp_other")
        .run()
        .fails(4)
        .says("failed to find a token for `github.com`");
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn the_api_of_a_job_is_for_the_server_of_the_job() {
    let (scene, github) = stage();
    let remote = "https://github.example.com/owner/tool";
    scene.git(["remote", "set-url", "origin", remote]);
    // the job runs at another server: neither its API nor its token is for this one
    github
        .call(&scene, ["dist/*"])
        .env("GITHUB_SERVER_URL", "https://elsewhere.example.com")
        .run()
        .fails(4)
        .says("failed to find a token for `github.example.com`")
        .conceals(GitHub::TOKEN);
    assert!(github.exchanges().is_empty(), "{}", github.trace());
    github
        .call(&scene, ["dist/*"])
        .env("GITHUB_SERVER_URL", "https://github.example.com")
        .run()
        .prints("1.2.3\n");
}

#[test]
fn a_variable_that_holds_no_token_is_named_and_what_it_holds_is_not_shown() {
    let (scene, github) = stage();
    let call = github.call(&scene, ["dist/*"]);
    call.env("GITHUB_TOKEN", "ghp_one ghp_two")
        .run()
        .fails(2)
        .says("failed to read the token of `GITHUB_TOKEN`: it holds blanks or control characters")
        .conceals("ghp_");
    assert!(github.exchanges().is_empty(), "{}", github.trace());
}

#[test]
fn the_folder_of_gh_is_where_its_variables_say() {
    let (scene, github) = stage();
    github.token("gho_login", RIGHTS);
    let hosts = "github.com:\n    oauth_token: gho_login\n";
    for (folder, name, value) in [
        ("elsewhere", "GH_CONFIG_DIR", "elsewhere"),
        ("config/gh", "XDG_CONFIG_HOME", "config"),
    ] {
        scene.write(format!("{folder}/hosts.yml"), hosts);
        let call = github.call(&scene, ["-v", "dist/*"]);
        call.without_env("GITHUB_TOKEN")
            .env(name, scene.path(value))
            .run()
            .prints("1.2.3\n")
            .says("the token is that of gh's login");
    }
}

#[test]
fn a_token_that_single_sign_on_keeps_out_is_told_the_way_in() {
    let (scene, github) = stage();
    github.fault(Route::Repository, 1, Fault::SingleSignOn);
    github
        .call(&scene, ["dist/*"])
        .run()
        .fails(4)
        .says("authorise the token for the organisation's single sign-on.");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}
