use std::collections::BTreeMap;

use duat_tests::github::{Fault, GitHub, Route};

use crate::{REPOSITORY, Stage, broken, broken_again, github, release, scene};

/// A fault and the call that meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub(super) route: Route,
    pub(super) nth: usize,
    pub(super) fault: Fault,
}

/// What can happen to a read.
const READS: &[Fault] = &[
    Fault::Status(500),
    Fault::Html(502),
    Fault::LostAnswer,
    Fault::CutAnswer,
    Fault::NotFound,
    Fault::Unauthorized,
    Fault::Moved,
    Fault::Secondary(None),
    Fault::Secondary(Some(0)),
];
/// What can happen to any change, besides.
const WRITES: &[Fault] = &[
    Fault::StatusAfterBody(503),
    Fault::DoneBut(502),
    Fault::Reset,
    Fault::TooMany(Some(0)),
    Fault::Race,
];
/// What can happen to an upload, besides.
const UPLOADS: &[Fault] = &[
    Fault::Starter(502),
    Fault::StatusMidBody(500),
    Fault::Corrupt,
];

/// Returns all faults at all calls of a run, and at one more call of each route: the second try.
pub(super) fn faults() -> Vec<Planned> {
    let scene = scene();
    let github = github(&scene);
    release(&github, &scene).succeeds();
    let mut calls: Vec<(Route, usize)> = Vec::new();
    for exchange in github.exchanges() {
        let before = calls.iter().filter(|(route, _)| *route == exchange.route);
        calls.push((exchange.route, before.count() + 1));
    }
    let again: Vec<(Route, usize)> = calls
        .iter()
        .map(|(route, _)| (*route, github.count(*route) + 1))
        .collect();
    calls.extend(again);
    calls.extend([Route::Assets, Route::DeleteAsset, Route::Release].map(|route| (route, 1)));
    calls.sort_unstable();
    calls.dedup();
    let mut planned = Vec::new();
    for (route, nth) in calls {
        let writes = matches!(
            route,
            Route::Create | Route::Upload | Route::Publish | Route::Update | Route::DeleteAsset
        );
        let lists = matches!(route, Route::Releases | Route::Assets);
        let faults = [
            READS,
            if writes { WRITES } else { &[] },
            if route == Route::Upload { UPLOADS } else { &[] },
            if lists { &[Fault::Lag] } else { &[] },
        ];
        planned.extend(
            faults
                .concat()
                .into_iter()
                .map(|fault| Planned { route, nth, fault }),
        );
    }
    planned
}

/// How often each route was asked for in the run that met the faults.
pub(super) type Counts = BTreeMap<Route, usize>;

/// Lets a run meet these faults, and returns how far it came, or what is wrong with what came of it.
pub(super) fn play(stage: &Stage, script: &[Planned]) -> Result<Counts, String> {
    let github = stage.github();
    for Planned { route, nth, fault } in script {
        github.fault(*route, *nth, *fault);
    }
    let outcome = release(&github, &stage.scene);
    let trace = github.trace();
    let mut counts = Counts::new();
    for exchange in github.exchanges() {
        *counts.entry(exchange.route).or_default() += 1;
    }
    let repository = github.repository(REPOSITORY);
    let fault = broken(repository, &outcome)
        .or_else(|| unforeseen(&github))
        .or_else(|| broken_again(&github, &stage.scene));
    match fault {
        None => Ok(counts),
        Some(fault) => Err(format!(
            "{script:?}: {fault}\nthe requests of the first run:\n{trace}\nit said:\n{}",
            outcome.stderr()
        )),
    }
}

/// Tells how what was asked breaks GitHub's description of its API.
fn unforeseen(github: &GitHub) -> Option<String> {
    let violations = github.violations();
    (!violations.is_empty()).then(|| violations.join("\n"))
}

#[test]
fn after_any_fault_the_next_run_gets_there() {
    super::pairs::singles();
}

#[test]
fn what_happens_once_is_overcome_in_the_same_run() {
    for (route, fault) in [
        (Route::Releases, Fault::Status(502)),
        (Route::Create, Fault::Status(500)),
        (Route::Create, Fault::DoneBut(502)),
        (Route::Create, Fault::LostAnswer),
        (Route::Create, Fault::Race),
        (Route::Upload, Fault::Status(500)),
        (Route::Upload, Fault::Html(502)),
        (Route::Upload, Fault::Starter(502)),
        (Route::Upload, Fault::Corrupt),
        (Route::Upload, Fault::Short),
        (Route::Upload, Fault::StatusMidBody(503)),
        (Route::Upload, Fault::Reset),
        (Route::Upload, Fault::LostAnswer),
        (Route::Upload, Fault::CutAnswer),
        (Route::Upload, Fault::Race),
        (Route::Upload, Fault::NotFound),
        (Route::Upload, Fault::Secondary(Some(0))),
        (Route::Upload, Fault::TooMany(None)),
        (Route::Publish, Fault::Status(502)),
        (Route::Publish, Fault::DoneBut(502)),
        (Route::Publish, Fault::LostAnswer),
        (Route::Publish, Fault::Race),
    ] {
        let scene = scene();
        let github = github(&scene);
        github.fault(route, 1, fault);
        let outcome = release(&github, &scene);
        let about = format!(
            "{route:?} {fault:?}:\n{}\n{}",
            github.trace(),
            outcome.stderr()
        );
        assert!(outcome.status().success(), "{about}");
        assert_eq!(
            broken(github.repository(REPOSITORY), &outcome),
            None,
            "{about}"
        );
    }
}
