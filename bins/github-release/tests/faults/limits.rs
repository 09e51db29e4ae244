use std::time::{Duration, Instant};

use duat_tests::github::{Fault, Route};

use crate::{REPOSITORY, broken, broken_again, github, release, scene};

#[test]
fn a_limit_is_waited_out_as_long_as_it_says() {
    for fault in [
        Fault::Secondary(Some(1)),
        Fault::TooMany(Some(1)),
        Fault::Exhausted(2),
    ] {
        let scene = scene();
        let github = github(&scene);
        github.fault(Route::Upload, 1, fault);
        let start = Instant::now();
        let outcome = release(&github, &scene);
        let about = format!("{fault:?}:\n{}\n{}", github.trace(), outcome.stderr());
        assert!(outcome.status().success(), "{about}");
        assert!(start.elapsed() >= Duration::from_secs(1), "{about}");
        assert!(github.count(Route::Upload) <= 3, "{about}");
        assert_eq!(
            broken(github.repository(REPOSITORY), &outcome),
            None,
            "{about}"
        );
    }
}

#[test]
fn a_limit_beyond_all_patience_ends_at_once_and_can_be_resumed() {
    for fault in [Fault::Secondary(Some(3_000)), Fault::Exhausted(3_000)] {
        let scene = scene();
        let github = github(&scene);
        github
            .fault(Route::Upload, 1, fault)
            .fault(Route::Upload, 2, fault)
            .fault(Route::Upload, 3, fault);
        let start = Instant::now();
        let outcome = release(&github, &scene);
        outcome.fails(6);
        assert!(start.elapsed() < Duration::from_secs(15));
        assert_eq!(broken(github.repository(REPOSITORY), &outcome), None);
        assert_eq!(broken_again(&github, &scene), None);
    }
}
