//! What each command does, and the life of a run around it.

mod converge;
mod hashes;
mod words;

use duat_shell::{Code, Failure, Failures, Project, Talk, environment};

use crate::args::{self, Arguments, Command};
use crate::desired::Desired;
use crate::local::{Here, Local};
use crate::report;
use crate::session::{Prepared, Session};
use crate::{prune, verify};

/// Does what was asked for.
pub(crate) fn run(arguments: &Arguments, talk: Talk) -> Result<Code, Failures> {
    match &arguments.command {
        None => release(&arguments.release, false, talk),
        Some(Command::Plan(release_args)) => release(release_args, true, talk),
        Some(Command::Publish(publish)) => publish_draft(publish, talk),
        Some(Command::Verify(verify)) => verify::run(verify, talk),
        Some(Command::Prune(prune)) => prune::run(prune, talk),
    }
}

/// Creates or completes the release, or shows what that would do.
fn release(args: &args::Release, plan_only: bool, talk: Talk) -> Result<Code, Failures> {
    let (mut desired, prepared) = prepare(
        report::check(args.answer),
        &args.source,
        &args.place,
        talk,
        |local| Desired::read(args, local, talk),
        |project| Desired::other_problems(args, project),
    )?;
    let open = || Session::open(prepared, &args.place.waits, args.assets.jobs, talk);
    let dry_run = plan_only || args.rehearsal.dry_run;
    let done = block_on(open, async |session| {
        converge::converge(session, &mut desired, dry_run).await
    })?;
    let facts = done.facts;
    let text = if plan_only {
        done.plan
    } else {
        if args.rehearsal.dry_run {
            talk.tell(done.plan.trim_end());
        }
        format!("{}\n", facts.version)
    };
    give(args.answer, args.rehearsal, &text, &facts, talk)
}

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

/// Publishes the draft as it is.
fn publish_draft(args: &args::Publish, talk: Talk) -> Result<Code, Failures> {
    let as_it_is = |local: &Local| {
        Failures::of(local.contradictions()?)?;
        Ok(Desired::as_it_is(args, local))
    };
    let (answer, none) = (report::check(args.answer), |_: Option<&Project>| Vec::new());
    let (mut desired, prepared) = prepare(answer, &args.source, &args.place, talk, as_it_is, none)?;
    let open = || Session::open(prepared, &args.place.waits, 1, talk);
    let done = block_on(open, async |session| {
        converge::publish(session, &mut desired, args.expect, args.rehearsal.dry_run).await
    })?;
    if args.rehearsal.dry_run {
        talk.tell(done.plan.trim_end());
    }
    let text = format!("{}\n", done.facts.version);
    give(args.answer, args.rehearsal, &text, &done.facts, talk)
}

/// Gives the answer; what was done is said where that fails.
fn give(
    answer: args::Answer,
    rehearsal: args::Rehearsal,
    text: &str,
    facts: &report::Facts,
    talk: Talk,
) -> Result<Code, Failures> {
    if let Some(url) = &facts.url {
        talk.say(format_args!("{}: {url}", facts.state));
    } else if !facts.dry_run {
        talk.say(format_args!("`{}` is a draft", facts.tag));
        if facts.missing > 0 {
            talk.hint(format_args!(
                "{} more assets are expected; the job that brings the last publishes it.",
                facts.missing
            ));
        } else {
            talk.hint("`github-release publish` publishes it.");
        }
    }
    let done = (!facts.dry_run).then(|| format!("`{}` is {} at GitHub", facts.tag, facts.state));
    answer.output.give(text, facts, done.as_deref())?;
    report::summarise(answer, facts, done.as_deref())?;
    let differs = rehearsal.exit_code && facts.dry_run && facts.changed;
    Ok(if differs { Code::Differs } else { Code::Done })
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
