//! Go templates written anew in Tera.

use duat_shell::{Code, Failure, Failures, Talk, diff};
use duat_template::translate::{Translation, to_tera};
use duat_template::{Diagnostic, Dialect, Options, Source};

use crate::args;
use crate::job::{self, Job};
use crate::landing::{self, Product};
use crate::render::{Renderer, read, warn};
use crate::report;
use crate::stdin::Stdin;
use crate::values;

/// A template before and after.
struct Converted {
    job: Job,
    source: Source,
    translation: Translation,
}

pub(crate) fn convert(args: &args::Convert, talk: Talk) -> Result<Code, Failures> {
    let args::Target::Tera = args.to;
    let render = args.render();
    let args::Basis {
        values,
        language,
        world,
        ..
    } = &render.basis;
    if language.dialect == args::Dialect::Tera {
        return Err(Failure::new(
            Code::Usage,
            "what is converted is a Go template, not `--dialect tera`",
        )
        .into());
    }
    let jobs = job::jobs(&render.files, world.hermetic)?;
    let mut stdin = Stdin::default();
    let mut stdin = || stdin.read();
    let compared = names_values(values);
    let supply = values::supply(values, world.hermetic, &mut stdin)?;
    let folder = render.files.input_dir.as_deref();
    let mut renderer = Renderer::new(&render.basis, folder, supply, talk)?;
    let mut converted = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut warnings = Vec::new();
    for job in jobs {
        let source = read(&job.input, &mut stdin)?;
        match to_tera(&source, renderer.options()) {
            Err(problem) => problems.push(problem),
            Ok(mut translation) => {
                problems.append(&mut translation.problems);
                warnings.append(&mut translation.warnings);
                converted.push(Converted {
                    job,
                    source,
                    translation,
                });
            }
        }
    }
    let unsaid = if problems.is_empty() {
        None
    } else {
        Some(report::failures(problems, &renderer.supply.secrets))
    };
    let unsaid = match unsaid {
        Some(failures) if !args.partial => return Err(failures),
        unsaid => unsaid,
    };
    warn(warnings, render.warnings, &renderer.supply, talk)?;
    if compared && unsaid.is_none() {
        compare(&mut renderer, &converted)?;
        talk.explain("both render the same");
    }
    let products: Vec<Product> = converted
        .into_iter()
        .map(|one| Product {
            input: one.job.input,
            output: one.job.output,
            text: one.translation.text,
        })
        .collect();
    let code = landing::land(
        &products,
        Vec::new(),
        &render,
        &renderer.supply.secrets,
        talk,
    )?;
    match unsaid {
        None => Ok(code),
        Some(failures) => Err(failures),
    }
}

/// Tells whether any values are given, so that both templates can be rendered.
fn names_values(values: &args::Values) -> bool {
    let args::Values {
        from,
        env_prefix,
        set,
        set_string,
        set_json,
        set_file,
        secret_env,
        secret_file,
        schema: _,
    } = values;
    let lists = [
        from,
        set,
        set_string,
        set_json,
        set_file,
        secret_env,
        secret_file,
    ];
    env_prefix.is_some() || lists.iter().any(|list| !list.is_empty())
}

/// Renders each template before and after, and refuses what differs.
fn compare(renderer: &mut Renderer<'_>, converted: &[Converted]) -> Result<(), Failures> {
    let go = Options {
        dialect: Dialect::Go,
        ..renderer.options().clone()
    };
    // brackets are converted as well
    let tera = Options {
        dialect: Dialect::Tera,
        delimiters: None,
        passthrough: Vec::new(),
        ..go.clone()
    };
    let mut failures = Vec::new();
    for one in converted {
        let name = one.source.name();
        let made = Source::new(format!("{name} in Tera"), one.translation.text.as_str());
        let mut output = |source: &Source, options: &Options| {
            renderer.speak(options.clone());
            let loaded = renderer.compile(source, &one.job.input)?;
            Ok(renderer.render(&loaded, false)?.text)
        };
        let outputs =
            output(&one.source, &go).and_then(|before| Ok((before, output(&made, &tera)?)));
        let (before, after) = match outputs {
            Ok(outputs) => outputs,
            Err(more) => {
                failures.extend::<Failures>(more);
                continue;
            }
        };
        if before != after {
            let shown = diff::unified(name, before.as_bytes(), after.as_bytes());
            let shown = renderer.supply.secrets.redact(shown.trim_end());
            let what = format!(
                "`{name}` renders differently in Tera with these values; nothing is written\n{shown}"
            );
            failures.push(
                Failure::of_lines(Code::Unverified, what)
                    .hint("change the line in the Go template until both say the same."),
            );
        }
    }
    Failures::of(failures)
}
