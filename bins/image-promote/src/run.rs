//! One function for each command. The network begins here, and not before a command needs it.

use std::future::Future;

use duat_shell::{Code, Failure, Failures, Project, Talk, answer, environment};
use serde::Serialize;

use crate::args::{self, Arguments, Command};
use crate::job::Job;
use crate::ledger::Ledger;
use crate::world::World;
use crate::{promote, undo, verify};

/// Does what was asked for.
pub(crate) fn run(arguments: &Arguments, talk: Talk) -> Result<Code, Failures> {
    arguments.output().check()?;
    match &arguments.command {
        None => run_promote(&arguments.promote, talk),
        Some(Command::Plan(args)) => run_plan(&args.promote, talk),
        Some(Command::Verify(args)) => run_verify(args, talk),
        Some(Command::Undo(args)) => run_undo(args, talk),
    }
}

fn run_promote(args: &args::Promote, talk: Talk) -> Result<Code, Failures> {
    let job = Job::gather(&args.images, talk)?;
    let ledger = Ledger::default();
    let report = on_the_network(&args.network, &ledger, talk, async |world| {
        promote::promote(&job, args, world, &ledger, talk).await
    })?;
    for image in &report.images {
        if report.dry_run {
            talk.tell(image.plan());
        } else {
            talk.say(image.sentence());
        }
    }
    let done = (report.action == "promoted").then(|| format!("`{}` is released", report.release));
    let text = format!("{}\n", report.release);
    args.output.give(&text, &report, done.as_deref())?;
    let differs = args.exit_code && report.action == "planned";
    Ok(if differs { Code::Differs } else { Code::Done })
}

fn run_plan(args: &args::Promote, talk: Talk) -> Result<Code, Failures> {
    let args = args::Promote {
        dry_run: true,
        ..args.clone()
    };
    let job = Job::gather(&args.images, talk)?;
    let ledger = Ledger::default();
    let report = on_the_network(&args.network, &ledger, talk, async |world| {
        promote::promote(&job, &args, world, &ledger, talk).await
    })?;
    let text = answer::lines(report.images.iter().map(crate::report::ImageReport::plan));
    args.output.give(&text, &report, None)?;
    let differs = args.exit_code && report.action == "planned";
    Ok(if differs { Code::Differs } else { Code::Done })
}

fn run_verify(args: &args::Verify, talk: Talk) -> Result<Code, Failures> {
    let job = Job::gather(&args.images, talk)?;
    let report = on_the_network(&args.network, &Ledger::default(), talk, async |world| {
        verify::verify(&job, args, world, talk).await
    })?;
    give(args.output, &report.release, &report)
}

fn run_undo(args: &args::Undo, talk: Talk) -> Result<Code, Failures> {
    let project = Project::open(args.git.as_deref())?;
    let undoing = undo::Undoing::open(&project)?;
    let ledger = Ledger::of_undoing();
    let report = match undoing {
        None => undo::Report::nothing(),
        Some(undoing) => on_the_network(&args.network, &ledger, talk, async |world| {
            undoing
                .carry_out(&project, args, world, &ledger, talk)
                .await
        })?,
    };
    if report.action == "none" {
        talk.say("there is no promotion to take back");
    }
    let text = report.version.as_deref().unwrap_or_default().to_owned();
    if text.is_empty() {
        args.output.give("", &report, None)?;
        return Ok(Code::Done);
    }
    give(args.output, &text, &report)
}

fn give(output: duat_shell::Output, text: &str, facts: &impl Serialize) -> Result<Code, Failures> {
    output.give(&format!("{text}\n"), facts, None)?;
    Ok(Code::Done)
}

/// Does `work` with the network, until it is done or interrupted; then the uploads that were begun
/// are given up.
fn on_the_network<T>(
    args: &args::Network,
    ledger: &Ledger,
    talk: Talk,
    work: impl AsyncFnOnce(&World) -> Result<T, Failures>,
) -> Result<T, Failures> {
    environment::expect_descriptors()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(Code::Failed, "failed to prepare for the network").caused_by(&error)
        })?;
    runtime.block_on(async {
        let world = World::open(args, talk)?;
        let done = tokio::select! {
            done = work(&world) => done,
            () = interrupted() => Err(ledger.interrupted().into()),
        };
        // what was begun and not ended is in nobody's hands any more
        if done.is_err() {
            tokio::select! {
                () = world.cancel_uploads() => {}
                // who asks twice does not want to wait
                () = interrupted() => {}
            }
        }
        world.report();
        done
    })
}

/// Waits for Ctrl-C, or for being asked to end.
async fn interrupted() {
    let typed = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = typed => {}
        () = asked_to_end() => {}
    }
}

#[cfg(unix)]
fn asked_to_end() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};

    async {
        match signal(SignalKind::terminate()) {
            Ok(mut asked) => {
                asked.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(not(unix))]
fn asked_to_end() -> impl Future<Output = ()> {
    std::future::pending()
}
