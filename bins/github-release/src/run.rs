//! What each command does.

mod converge;
mod hashes;
mod words;

use duat_shell::{Code, Failures, Project, Talk};

use crate::args::{self, Arguments, Command};
use crate::desired::Desired;
use crate::life::{block_on, prepare};
use crate::local::Local;
use crate::report;
use crate::session::Session;
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
