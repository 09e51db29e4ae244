use duat_tests::github::{Fault, GitHub, Route};

use crate::{REPOSITORY, VERSION, broken, broken_again, files, github, release, scene};

#[test]
fn two_runs_at_once_make_one_release() {
    for lag in [0, 2] {
        let scene = scene();
        let github = github(&scene);
        github.list_lag(lag);
        let first = github.call(&scene, ["dist/*"]).start();
        let second = github.call(&scene, ["dist/*"]).start();
        let outcomes = [first.wait(), second.wait()];
        let repository = github.repository(REPOSITORY);
        let said = outcomes.each_ref().map(|outcome| outcome.stderr());
        let about = format!("lag {lag}:\n{}\n{said:#?}", github.trace());
        for outcome in &outcomes {
            let fault = broken(repository, outcome);
            // the other may still have been at it
            assert!(outcome.code().is_some_and(|code| code <= 7), "{about}");
            assert!(
                fault.is_none() || !outcome.status().success(),
                "{fault:?}\n{about}"
            );
        }
        github.list_lag(0);
        assert_eq!(broken_again(&github, &scene), None, "{about}");
    }
}

#[test]
fn jobs_of_a_matrix_fill_one_draft_and_the_last_one_publishes() {
    let scene = scene();
    let github = github(&scene);
    for (number, name) in ["a", "b", "c", "d"].iter().enumerate() {
        scene.write(format!("job{number}/{name}.bin"), *name);
    }
    let running: Vec<_> = (0..4)
        .map(|number| {
            let folder = format!("job{number}/*");
            let notes = ["--notes", "Much is new."];
            let arguments = ["--draft", "--expect", "4", folder.as_str()];
            let arguments = [&notes[..], &arguments].concat();
            github.call(&scene, arguments).start()
        })
        .collect();
    let outcomes: Vec<_> = running.into_iter().map(duat_tests::Running::wait).collect();
    let said: Vec<&str> = outcomes.iter().map(|outcome| outcome.stderr()).collect();
    let about = format!("{}\n{said:#?}", github.trace());
    for outcome in &outcomes {
        assert!(outcome.status().success(), "{about}");
    }
    let release = github.repository(REPOSITORY).release();
    assert!(!release.draft, "{about}");
    assert_eq!(
        release.asset_names(),
        ["a.bin", "b.bin", "c.bin", "d.bin"],
        "{about}"
    );
    assert_eq!(release.body.as_deref(), Some("Much is new."), "{about}");
}

#[test]
fn a_draft_of_somebody_else_is_completed() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    // more than a page of them
    for number in 0..120 {
        repository.draft(&format!("0.0.{number}"), &[]);
    }
    let [(name, bytes), (other, _)] = files();
    let id = repository.draft(VERSION, &[(name, bytes)]);
    repository.starter(id, other);
    for number in 0..120 {
        repository.published(&format!("0.1.{number}"), &[]);
    }
    release(&github, &scene).prints("1.2.3\n");
    let releases = repository.releases();
    let ours: Vec<_> = releases.iter().filter(|one| one.tag == VERSION).collect();
    assert_eq!(ours.len(), 1, "{}", github.trace());
    assert_eq!(crate::faults_of(ours[0]), None, "{}", github.trace());
    assert_eq!(ours[0].id, id);
    assert_eq!(github.count(Route::Upload), 1, "{}", github.trace());
}

#[test]
fn a_starter_that_another_has_removed_is_no_hindrance() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    let [(name, _), _] = files();
    let id = repository.draft(VERSION, &[]);
    repository.starter(id, name);
    github.fault(Route::DeleteAsset, 1, Fault::Race);
    let outcome = release(&github, &scene);
    outcome.succeeds();
    assert_eq!(broken(repository, &outcome), None, "{}", github.trace());
}

#[test]
fn a_published_asset_is_never_lost_by_being_replaced() {
    for fault in [
        Fault::Status(500),
        Fault::Starter(502),
        Fault::LostAnswer,
        Fault::Reset,
        Fault::Unauthorized,
    ] {
        for route in [Route::Upload, Route::DeleteAsset, Route::Rename] {
            let scene = scene();
            let github = github(&scene);
            let repository = github.repository(REPOSITORY);
            let [(name, _), (other, bytes)] = files();
            repository.published(VERSION, &[(name, b"old"), (other, bytes)]);
            for nth in 1..30 {
                github.fault(route, nth, fault);
            }
            let arguments = ["--replace", "always", "dist/*"];
            let outcome = github.call(&scene, arguments).run();
            let about = format!(
                "{route:?} {fault:?}:\n{}\n{}",
                github.trace(),
                outcome.stderr()
            );
            let release = repository.release();
            let whole = release.assets.iter().any(|asset| {
                asset.uploaded && (*asset.bytes == *b"old" || *asset.bytes == *b"one")
            });
            assert!(whole, "{about}");
            github.forget();
            github.call(&scene, arguments).run().succeeds();
            assert_eq!(crate::faults_of(&repository.release()), None, "{about}");
        }
    }
}

#[test]
fn the_latest_release_stays_the_highest_even_where_github_moves_it() {
    let scene = scene();
    let github = github(&scene);
    github.latest_always_moves();
    let repository = github.repository(REPOSITORY);
    repository.published("2.0.0", &[]);
    release(&github, &scene).succeeds();
    assert_eq!(
        repository.latest().as_deref(),
        Some("2.0.0"),
        "{}",
        github.trace()
    );
    let github: &GitHub = &github;
    github.forget();
    release(github, &scene).succeeds();
    assert_eq!(github.writes(), 0, "{}", github.trace());
}

#[test]
fn an_empty_draft_that_an_interrupted_run_has_left_is_removed_by_the_next() {
    for (nth, fault) in [
        (2, Fault::NotFound),
        (2, Fault::Unauthorized),
        (3, Fault::NotFound),
        (3, Fault::Unauthorized),
    ] {
        let scene = scene();
        let github = github(&scene);
        github
            .fault(Route::Create, 1, Fault::Race)
            .fault(Route::Releases, nth, fault);
        let outcome = release(&github, &scene);
        assert!(!outcome.status().success());
        let repository = github.repository(REPOSITORY);
        assert_eq!(repository.releases().len(), 2, "{}", github.trace());
        assert_eq!(broken_again(&github, &scene), None, "{}", github.trace());
        assert_eq!(repository.releases().len(), 1, "{}", github.trace());
    }
}

#[test]
fn a_draft_in_which_there_is_anything_stays() {
    let scene = scene();
    let github = github(&scene);
    let repository = github.repository(REPOSITORY);
    release(&github, &scene).succeeds();
    let [(name, bytes), _] = files();
    let [by_hand, full, broken_off, written, empty] =
        [(); 5].map(|()| repository.draft(VERSION, &[]));
    let mark = format!("<!-- duat-release {VERSION} 0011223344556677 -->");
    for (id, body) in [
        (by_hand, String::new()),
        (full, mark.clone()),
        (broken_off, mark.clone()),
        (written, format!("Half of the notes\n\n{mark}")),
        (empty, mark.clone()),
    ] {
        repository.edit(id, |release| release.body = Some(body));
    }
    let asset = repository.releases()[0].asset(name).unwrap().clone();
    assert_eq!(*asset.bytes, **bytes);
    repository.edit(full, |release| release.assets.push(asset));
    repository.starter(broken_off, name);
    let outcome = release(&github, &scene);
    outcome
        .succeeds()
        .says("more drafts of `1.2.3`, which are left alone");
    let deleted: Vec<u64> = repository.deleted().iter().map(|one| one.id).collect();
    assert_eq!(deleted, [empty], "{}", github.trace());
}
