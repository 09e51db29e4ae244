//! What made a line of output.

use duat_shell::{Code, Failure, Failures, Talk, answer};
use serde::Serialize;

use crate::args;
use crate::job::{self, Job, Stream};
use crate::render::{Renderer, warn};
use crate::stdin::Stdin;
use crate::values;

/// A part of a line.
#[derive(Serialize)]
struct Part {
    template: String,
    line: u32,
    column: u32,
    /// What stands there.
    text: String,
    /// The values that it names.
    values: Vec<Named>,
}

/// A value, and where it came from.
#[derive(Serialize)]
struct Named {
    name: String,
    /// How the template calls it, where a loop gives it another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    variable: Option<String>,
    value: String,
    origin: String,
}

pub(crate) fn explain(args: &args::Explain, talk: Talk) -> Result<Code, Failures> {
    #[derive(Serialize)]
    struct Explained {
        output: String,
        line: usize,
        parts: Vec<Part>,
    }
    let (output, line) = place(&args.place)?;
    let args::Basis { values, world, .. } = &args.basis;
    let jobs = job::jobs(&args.files, world.hermetic)?;
    let job = find(&jobs, output)?;
    let mut stdin = Stdin::default();
    let mut stdin = || stdin.read();
    let supply = values::supply(values, world.hermetic, &mut stdin)?;
    let folder = args.files.input_dir.as_deref();
    let renderer = Renderer::new(&args.basis, folder, supply, talk)?;
    let loaded = renderer.load(&job.input, &mut stdin)?;
    let result = renderer.render(&loaded, true)?;
    let lines = result.text.lines().count();
    if line > lines {
        return Err(Failure::new(
            Code::NotFound,
            format!("`{output}` has {lines} lines, not {line}"),
        )
        .into());
    }
    let made = renderer.made(&loaded, &result, line).into_iter();
    let parts: Vec<Part> = made
        .map(|part| {
            let values = part.values.into_iter().map(|named| Named {
                name: named.value.path,
                variable: named.variable,
                value: named.value.value,
                origin: named.value.origin.to_string(),
            });
            Part {
                template: part.location.name,
                line: part.location.place.line,
                column: part.location.place.column,
                text: part.text,
                values: values.collect(),
            }
        })
        .collect();
    let text = answer::lines(parts.iter().flat_map(|part| {
        let Part {
            template,
            line,
            column,
            text,
            values,
        } = part;
        let first = format!("{template}:{line}:{column}: {text}");
        let values = values.iter().map(|named| {
            let Named {
                name,
                variable,
                value,
                origin,
            } = named;
            match variable {
                Some(variable) => format!("  {variable} = {name} = {value} ({origin})"),
                None => format!("  {name} = {value} ({origin})"),
            }
        });
        std::iter::once(first).chain(values).collect::<Vec<_>>()
    }));
    warn(result.warnings, args.warnings, &renderer.supply, talk)?;
    let explained = Explained {
        output: output.to_owned(),
        line,
        parts,
    };
    args.output.give(&text, &explained, None)?;
    Ok(Code::Done)
}

/// Reads `OUTPUT:LINE`.
fn place(text: &str) -> Result<(&str, usize), Failure> {
    text.rsplit_once(':')
        .and_then(|(output, line)| {
            Some((output, line.parse::<usize>().ok().filter(|line| *line > 0)?))
        })
        .ok_or_else(|| {
            Failure::new(
                Code::Usage,
                format!("failed to read `{text}`: it is not OUTPUT:LINE"),
            )
            .hint("`stencil explain deploy.yaml:12 -i deploy.yaml.in` tells what made line 12.")
        })
}

/// Returns the job that writes an output; one that writes to stdout may be called anything.
fn find<'a>(jobs: &'a [Job], output: &str) -> Result<&'a Job, Failure> {
    let named = jobs.iter().find(|job| job.output.to_string() == output);
    match (named, jobs) {
        (Some(job), _) => Ok(job),
        (None, [job]) if job.output == Stream::Standard => Ok(job),
        _ => Err(
            Failure::new(Code::NotFound, format!("no template makes `{output}`"))
                .hint("name the template with `--input` and its output with `--output`."),
        ),
    }
}
