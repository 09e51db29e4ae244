use duat_tests::github::{Fault, GitHub, Rights, Route};

use crate::{REPOSITORY, VERSION, broken, github, release, scene};

#[test]
fn a_renamed_repository_is_released_to_under_its_new_name() {
    let scene = scene();
    let github = GitHub::start();
    let repository = github.repository("owner/renamed").push(&scene);
    let repository = repository.formerly(REPOSITORY);
    let outcome = release(&github, &scene);
    outcome.succeeds();
    assert_eq!(broken(repository, &outcome), None, "{}", github.trace());
}

#[test]
fn an_archived_repository_is_left_alone() {
    let scene = scene();
    let github = github(&scene);
    github.repository(REPOSITORY).archived();
    release(&github, &scene).fails(3).says("archived");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn a_token_that_may_not_write_is_refused() {
    let scene = scene();
    let github = github(&scene);
    let rights = Rights {
        push: false,
        workflow: false,
        admin: false,
    };
    github.token("ghp_reader", rights);
    for token in ["ghp_reader", "ghp_stranger"] {
        let call = github.call(&scene, ["dist/*"]).env("GITHUB_TOKEN", token);
        call.run().fails(4).conceals(token);
    }
    let releases = github.repository(REPOSITORY).releases();
    assert!(releases.is_empty(), "{}", github.trace());
}

#[test]
fn a_burned_tag_name_is_recognised_and_nothing_is_published() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY).burned(VERSION);
    let outcome = release(&github, &scene);
    outcome.fails(3).says("immutable");
    assert_eq!(broken(repository, &outcome), None);
}

#[test]
fn an_immutable_release_is_done_or_differs() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY).immutable_releases();
    release(&github, &scene).succeeds();
    assert!(repository.release().immutable);
    github.forget();
    release(&github, &scene).prints("1.2.3\n");
    scene.write("dist/one.bin", "other");
    release(&github, &scene).fails(3);
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn a_tag_that_is_not_pushed_is_refused_before_anything_is_written() {
    let scene = scene();
    let github = GitHub::start();
    let repository = github.repository(REPOSITORY);
    scene.git(["tag", "--delete", VERSION]);
    repository.push(&scene);
    scene.git(["tag", VERSION]);
    release(&github, &scene).fails(5);
    assert_eq!(github.writes(), 0, "{}", github.trace());
    // and one that leads elsewhere
    scene.git(["commit", "--quiet", "--allow-empty", "--message=next"]);
    repository.push(&scene);
    scene.git(["tag", "--force", VERSION]);
    release(&github, &scene).fails(3);
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn a_token_that_ends_during_the_run_leaves_a_draft() {
    let scene = scene();
    let github = github(&scene);
    for nth in 1..9 {
        github.fault(Route::Upload, nth, Fault::Unauthorized);
    }
    let outcome = release(&github, &scene);
    outcome.fails(4);
    assert_eq!(broken(github.repository(REPOSITORY), &outcome), None);
    assert!(github.repository(REPOSITORY).release().draft);
    assert_eq!(crate::broken_again(&github, &scene), None);
}

#[test]
fn a_tag_is_made_at_head_without_the_right_to_workflows() {
    let scene = scene();
    scene.git(["tag", "--delete", VERSION]);
    let github = github(&scene);
    let arguments = ["--create-tag", "dist/*"];
    let outcome = github.call(&scene, arguments).run();
    outcome.succeeds();
    let head = scene.git(["rev-parse", "HEAD"]);
    let repository = github.repository(REPOSITORY);
    assert_eq!(repository.tag(VERSION), Some(head), "{}", github.trace());
    assert_eq!(broken(repository, &outcome), None);
}

#[test]
fn the_token_follows_no_lead_to_another_host() {
    for route in [
        Route::Repository,
        Route::Releases,
        Route::Create,
        Route::Upload,
        Route::Assets,
        Route::Publish,
    ] {
        let scene = scene();
        let github = github(&scene);
        let stranger = GitHub::start();
        stranger.repository(REPOSITORY).push(&scene);
        let abroad = Fault::Abroad(stranger.socket().port());
        for nth in 1..9 {
            github.fault(route, nth, abroad);
        }
        let outcome = release(&github, &scene);
        let about = format!("{route:?}:\n{}\n{}", github.trace(), outcome.stderr());
        assert_eq!(outcome.code(), Some(1), "{about}");
        assert_eq!(stranger.trace(), "", "{about}");
        let repository = github.repository(REPOSITORY);
        assert_eq!(broken(repository, &outcome), None, "{about}");
        assert_eq!(crate::broken_again(&github, &scene), None, "{about}");
    }
}

#[test]
fn a_tag_is_not_made_at_a_commit_that_github_does_not_have() {
    let scene = scene();
    let github = github(&scene);
    scene.git(["commit", "--quiet", "--allow-empty", "--message=next"]);
    scene.git(["tag", "--delete", VERSION]);
    let repository = github.repository(REPOSITORY);
    repository.push(&scene);
    scene.git(["commit", "--quiet", "--allow-empty", "--message=unpushed"]);
    let arguments = ["--create-tag", "dist/*"];
    let outcome = github.call(&scene, arguments).run();
    outcome
        .fails(5)
        .says("the commit is not at GitHub: push the branch first");
    assert!(repository.releases().is_empty(), "{}", github.trace());
    assert_eq!(repository.tag(VERSION), None);
    repository.push(&scene);
    github.call(&scene, arguments).run().prints("1.2.3\n");
}

#[test]
fn an_annotated_tag_means_the_commit_it_leads_to() {
    let scene = scene();
    let annotate = ["tag", "--force", "--annotate", "--message=x", VERSION];
    scene.git(annotate);
    let github = github(&scene);
    let before = scene.git(["rev-parse", "--short=7", "HEAD"]);
    scene.git(["commit", "--quiet", "--allow-empty", "--message=next"]);
    scene.git(annotate);
    let after = scene.git(["rev-parse", "--short=7", "HEAD"]);
    release(&github, &scene).fails(3).says(&format!(
        "the tag `1.2.3` is at {before} at GitHub, and `HEAD` is {after}"
    ));
    assert_eq!(github.writes(), 0, "{}", github.trace());
    github.repository(REPOSITORY).push(&scene);
    release(&github, &scene).prints("1.2.3\n");
}

#[test]
fn a_repository_that_is_moved_without_end_is_not_followed_without_end() {
    let scene = scene();
    let github = github(&scene);
    for nth in 1..30 {
        github.fault(Route::Repository, nth, Fault::Moved);
    }
    release(&github, &scene)
        .fails(1)
        .says("failed to read the repository `owner/tool`: it is moved without end");
    assert_eq!(github.writes(), 0, "{}", github.trace());
}
