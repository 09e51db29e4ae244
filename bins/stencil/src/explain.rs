//! What made a line of output.

use duat_shell::{Code, Failure, Failures, Talk, answer};
use duat_template::Place;
use serde::Serialize;

use crate::args;
use crate::job::{self, Job, Stream};
use crate::render::Renderer;
use crate::run::Stdin;
use crate::values;

/// A part of a line.
#[derive(Serialize)]
struct Part {
    template: String,
    line: usize,
    column: usize,
    /// What stands there.
    text: String,
    /// The values that it names.
    values: Vec<Named>,
}

/// A value, and where it came from.
#[derive(Serialize)]
struct Named {
    name: String,
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
    let jobs = job::jobs(&args.render.files)?;
    let job = find(&jobs, output)?;
    let mut stdin = Stdin::default();
    let mut stdin = || stdin.read();
    let supply = values::supply(&args.render.values, args.render.world.hermetic, &mut stdin)?;
    let renderer = Renderer::new(&args.render, supply, talk)?;
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
    let secrets = &renderer.supply.secrets;
    let references = loaded.references();
    let known = renderer.supply.layers.explain(secrets);
    let spans = result
        .map
        .as_ref()
        .map(|map| map.line(&result.text, line))
        .unwrap_or_default();
    let parts: Vec<Part> = spans
        .into_iter()
        .map(|span| {
            let Place { line, column } = span.source.place(span.range.start);
            let named = references.iter().filter(|reference| {
                reference.location.name == span.source.name()
                    && span.range.start <= reference.location.span.start
                    && reference.location.span.end <= span.range.end
            });
            let values = named.flat_map(|reference| {
                let path = reference.path.join(".");
                let below = format!("{path}.");
                let known = known
                    .iter()
                    .filter(move |value| value.path == path || value.path.starts_with(&below));
                known.map(|value| Named {
                    name: value.path.clone(),
                    value: value.value.clone(),
                    origin: value.origin.to_string(),
                })
            });
            Part {
                template: span.source.name().to_owned(),
                line,
                column,
                values: values.collect(),
                text: secrets.redact(
                    span.source
                        .slice(&span.range)
                        .lines()
                        .next()
                        .unwrap_or_default(),
                ),
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
        let values = values
            .iter()
            .map(|value| format!("  {} = {} ({})", value.name, value.value, value.origin));
        std::iter::once(first).chain(values).collect::<Vec<_>>()
    }));
    let explained = Explained {
        output: output.to_owned(),
        line,
        parts,
    };
    args.render.output.give(&text, &explained, None)?;
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
