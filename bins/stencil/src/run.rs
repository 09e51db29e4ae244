//! Rendering, from the command line to the files.

use std::mem::ManuallyDrop;
use std::path::PathBuf;

use duat::order;
use duat_shell::{Code, Failure, Failures, Talk};
use duat_template::Reference;
use duat_template::listing::{self as named, Unused};

use crate::args::{self, Arguments, Command};
use crate::job::{self, Job, Stream};
use crate::landing::{self, Product};
use crate::render::{Renderer, warn};
use crate::stdin::Stdin;
use crate::values::{self, Supply};
use crate::{convert, explain, listing, tree, validation, watch};

/// Does what was asked for.
pub(crate) fn run(arguments: &Arguments, talk: Talk) -> Result<Code, Failures> {
    match &arguments.command {
        None if arguments.render.run.watch => keep_rendering(&arguments.render, talk),
        None => render(&arguments.render, talk, &mut Vec::new()),
        Some(Command::Vars(vars)) => listing::vars(vars, talk),
        Some(Command::Values(values)) => listing::values(values, talk),
        Some(Command::Functions(functions)) => listing::functions(functions),
        Some(Command::Eval(eval)) => listing::eval(eval, talk),
        Some(Command::Explain(explain_args)) => explain::explain(explain_args, talk),
        Some(Command::Convert(convert_args)) => convert::convert(convert_args, talk),
    }
}

/// Renders everything, then writes. Adds the files that took part to `used`.
fn render(args: &args::Render, talk: Talk, used: &mut Vec<PathBuf>) -> Result<Code, Failures> {
    let args::Basis { values, world, .. } = &args.basis;
    let jobs = job::jobs(&args.files, world.hermetic)?;
    used.extend(
        jobs.iter()
            .filter_map(|job| job.input.path())
            .map(PathBuf::from),
    );
    let mut stdin = Stdin::default();
    let mut stdin = || stdin.read();
    let supply = values::supply(values, world.hermetic, &mut stdin)?;
    let folder = args.files.input_dir.as_deref();
    let mut renderer = ManuallyDrop::new(Renderer::new(&args.basis, folder, supply, talk)?);
    renderer.last = jobs.len() == 1 && !args.run.watch;
    let done = render_jobs(args, &jobs, &renderer, &mut stdin, talk);
    used.extend(renderer.files_read());
    // where nothing comes after, the end of the process is quicker at taking values apart
    if args.run.watch {
        drop(ManuallyDrop::into_inner(renderer));
    }
    done
}

/// Renders everything, then writes.
fn render_jobs(
    args: &args::Render,
    jobs: &[Job],
    renderer: &Renderer<'_>,
    stdin: &mut dyn FnMut() -> Result<String, Failure>,
    talk: Talk,
) -> Result<Code, Failures> {
    let mut products = Vec::new();
    let mut rules = Vec::new();
    let mut references = Vec::new();
    let mut warnings = Vec::new();
    let mut failures = Vec::new();
    for job in jobs {
        let outcome = renderer.load(&job.input, stdin).and_then(|loaded| {
            let validated = args.run.validate.is_some();
            let result = renderer.render(&loaded, validated)?;
            validation::check_output(args, &job.output, &result, &renderer.supply)?;
            Ok((loaded, result))
        });
        match outcome {
            Err(more) => failures.extend(more),
            Ok((loaded, result)) => {
                if asks_for_unused(args, talk) {
                    references.extend(loaded.references());
                    references.extend(result.references);
                }
                warnings.extend(result.warnings);
                let mut files: Vec<PathBuf> =
                    job.input.path().map(PathBuf::from).into_iter().collect();
                files.extend(loaded.files());
                files.extend(renderer.supply.files.iter().cloned());
                order::sort(&mut files);
                files.dedup();
                rules.push((job.output.to_string(), files));
                products.push(Product {
                    input: job.input.clone(),
                    output: job.output.clone(),
                    text: result.text,
                });
                if renderer.last {
                    std::mem::forget(loaded);
                }
            }
        }
    }
    Failures::of(failures)?;
    tell_unused(args, &renderer.supply, &references, talk)?;
    warn(warnings, args.warnings, &renderer.supply, talk)?;
    let stale = match &args.files.output_dir {
        Some(output) => tree::stale(output, &args.files, jobs)?,
        None => Vec::new(),
    };
    let code = landing::land(&products, stale, args, &renderer.supply.secrets, talk)?;
    let depfile = args.run.depfile.as_ref();
    if let Some(path) = depfile.filter(|_| args.landing.writes()) {
        landing::depfile(path, &rules)?;
    }
    Ok(code)
}

/// Renders again whenever a file changes, until it is interrupted. Problems are said and waited out.
fn keep_rendering(args: &args::Render, talk: Talk) -> Result<Code, Failures> {
    let args::Basis { values, world, .. } = &args.basis;
    let jobs = job::jobs(&args.files, world.hermetic)?;
    let mut used = values::files(values);
    let values_read = used.iter().map(|path| Stream::input(path));
    let mut read = jobs.into_iter().map(|job| job.input).chain(values_read);
    if let Some(failure) = read.find_map(|stream| stream.cannot("be watched")) {
        return Err(failure.into());
    }
    used.extend(args.files.input.iter().cloned());
    loop {
        let before = watch::signatures(&used);
        used = values::files(values);
        used.extend(values.schema.clone());
        used.extend(
            args.files
                .input_dir
                .as_deref()
                .map(tree::folders)
                .unwrap_or_default(),
        );
        match render(args, talk, &mut used) {
            Ok(_) => talk.say("rendered; waiting for a change"),
            Err(failures) => {
                for failure in failures.iter() {
                    talk.fail(failure);
                }
            }
        }
        watch::wait(&used, &before);
    }
}

/// Tells whether values that no template uses are of interest.
fn asks_for_unused(args: &args::Render, talk: Talk) -> bool {
    args.run.strict || talk.explains()
}

/// Names the values that no template uses: a slip of the pen, most often.
fn tell_unused(
    args: &args::Render,
    supply: &Supply,
    references: &[Reference],
    talk: Talk,
) -> Result<(), Failures> {
    if !asks_for_unused(args, talk) {
        return Ok(());
    }
    let unused = named::unused(references, &supply.node).into_iter();
    let unused = unused.map(|unused| {
        let Unused {
            path,
            origin,
            meant,
        } = unused;
        let text = format!("{origin}: `{path}` is used by no template");
        (supply.secrets.redact(&text), meant)
    });
    if args.run.strict {
        let failures = unused.map(|(text, meant)| {
            let failure = Failure::new(Code::Failed, text);
            match meant {
                Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                None => failure,
            }
        });
        return Failures::of(failures.collect());
    }
    for (text, _) in unused {
        talk.explain(text);
    }
    Ok(())
}
