//! The life of a run: what is found out before its first request, and the runtime that it has until it
//! ends or is interrupted.

use duat_shell::{Code, Failure, Failures, Project, Talk, environment};

use crate::args;
use crate::local::{Here, Local};
use crate::session::{Prepared, Session};

/// Finds out all that is known here, and says at once all that is wrong with it, before any request:
/// with the answer, with what `read` makes of version and repository, with the way to GitHub. Where
/// there is no version, `others` are what is wrong besides.
pub(crate) fn prepare<T>(
    answer: Result<(), Failure>,
    source: &args::Source,
    place: &args::Place,
    talk: Talk,
    read: impl FnOnce(&Local) -> Result<T, Failures>,
    others: impl FnOnce(Option<&Project>) -> Vec<Failure>,
) -> Result<(T, Prepared), Failures> {
    let way = |here: &Here| Session::prepare(place, here.git.as_ref(), true, talk);
    let (read, prepared) = match Here::find(source) {
        Err(failures) => (Err(failures.and(others(None))), None),
        Ok(here) => match Local::at(here, source, talk) {
            Ok(local) => (read(&local), Some(way(&local.here))),
            Err(missed) => {
                let (here, failures) = *missed;
                let failures = failures.and(others(Some(&here.project)));
                (Err(failures), Some(way(&here)))
            }
        },
    };
    match (answer, read, prepared) {
        (Ok(()), Ok(read), Some(Ok(prepared))) => Ok((read, prepared)),
        (answer, read, prepared) => {
            let mut failures: Vec<Failure> = answer.err().into_iter().collect();
            failures.extend(read.err().into_iter().flatten());
            failures.extend(prepared.and_then(Result::err));
            Failures::of(failures)?;
            Err(Failure::new(Code::Failed, "failed, and nobody says why").into())
        }
    }
}

/// Runs `work` to its end, or until it is interrupted: then it is said how far it came.
///
/// The way to GitHub is opened here, because it is the runtime that walks it.
pub(crate) fn block_on<T>(
    open: impl FnOnce() -> Result<Session, Failure>,
    work: impl AsyncFnOnce(&mut Session) -> Result<T, Failures>,
) -> Result<T, Failures> {
    environment::expect_descriptors()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(Code::Failed, "failed to start the runtime").caused_by(&error)
        })?;
    let context = runtime.enter();
    let mut session = open()?;
    drop(context);
    let state = session.share_state();
    let outcome = runtime.block_on(async {
        tokio::select! {
            biased;
            () = interrupted() => None,
            outcome = work(&mut session) => Some(outcome),
        }
    });
    drop(session);
    // what still reads files is not waited for
    runtime.shutdown_background();
    outcome.unwrap_or_else(|| {
        let state = state.borrow();
        let mut message = "interrupted".to_owned();
        match &state.sentence {
            None => message.push_str(": nothing was changed at GitHub"),
            Some(sentence) => {
                message = format!("{message}: {sentence}");
                if state.of > 0 {
                    message = format!("{message}, {} of {} assets are there", state.done, state.of);
                }
            }
        }
        Err(Failure::new(Code::TryAgain, message)
            .hint("run this again: it goes on where it stopped.")
            .into())
    })
}

/// Waits for Ctrl-C, or for whoever ends this process politely.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                () = ctrl_c() => {}
            }
            return;
        }
    }
    ctrl_c().await;
}

async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
