//! Lists: variables, values, functions, and the value of one expression.

use std::path::Path;

use duat::order;
use duat_shell::{Code, Failure, Failures, Talk, answer};
use duat_template::dialect;
use duat_template::function::{self, Parameter};
use duat_template::layer::Explained;
use duat_template::listing::Provider;
use duat_template::{Place, Source};
use serde::Serialize;

use crate::args;
use crate::job::Stream;
use crate::render::{Renderer, warn};
use crate::stdin::Stdin;
use crate::values;

/// A variable that a template names.
#[derive(Serialize)]
struct Variable {
    /// Its path, with dots.
    name: String,
    file: String,
    line: u32,
    column: u32,
    /// Whether the values have it.
    provided: bool,
    /// Whether the template does without it.
    optional: bool,
}

pub(crate) fn vars(args: &args::Vars, talk: Talk) -> Result<Code, Failures> {
    #[derive(Serialize)]
    struct Listed {
        variables: Vec<Variable>,
    }
    let mut stdin = Stdin::default();
    let mut stdin = || stdin.read();
    let args::Basis { values, world, .. } = &args.basis;
    let supply = values::supply(values, world.hermetic, &mut stdin)?;
    let renderer = Renderer::new(&args.basis, None, supply, talk)?;
    let mut variables = Vec::new();
    for template in &args.templates {
        let loaded = renderer.load(&Stream::input(template), &mut stdin)?;
        variables.extend(renderer.variables(&loaded).into_iter().map(|variable| {
            let Place { line, column } = variable.location.place;
            Variable {
                name: variable.name,
                file: variable.location.name,
                line,
                column,
                provided: variable.provider != Provider::Nobody,
                optional: variable.optional,
            }
        }));
    }
    let text = answer::lines(variables.iter().map(|variable| {
        let Variable {
            name,
            file,
            line,
            column,
            ..
        } = variable;
        let state = match (variable.provided, variable.optional) {
            (true, _) => "",
            (false, true) => " (optional)",
            (false, false) => " (missing)",
        };
        format!("{file}:{line}:{column}: {name}{state}")
    }));
    args.output.give(&text, &Listed { variables }, None)?;
    Ok(Code::Done)
}

pub(crate) fn values(args: &args::ValuesCommand, talk: Talk) -> Result<Code, Failures> {
    #[derive(Serialize)]
    struct Listed {
        values: Vec<Explained>,
    }
    let mut stdin = Stdin::default();
    let supply = values::supply(&args.values, args.hermetic, &mut || stdin.read())?;
    let mut explained = supply.layers.explain(&supply.secrets);
    // no values at all are one empty map without a name
    explained.retain(|value| !value.path.is_empty());
    talk.explain(format_args!("{} values", explained.len()));
    let text = answer::lines(explained.iter().flat_map(|value| {
        let first = if args.explain {
            format!("{} = {} ({})", value.path, value.value, value.origin)
        } else {
            format!("{} = {}", value.path, value.value)
        };
        let overrides = value.overrides.iter().filter(|_| args.explain);
        let overrides =
            overrides.map(|over| format!("  overrides {} ({})", over.value, over.origin));
        std::iter::once(first).chain(overrides).collect::<Vec<_>>()
    }));
    let listed = Listed { values: explained };
    args.output.give(&text, &listed, None)?;
    Ok(Code::Done)
}

/// A function of Go templates.
#[derive(Serialize)]
struct GoFunction {
    name: String,
    /// As Go writes it.
    #[serde(rename = "type")]
    kind: String,
}

/// What `stencil functions` gives.
#[derive(Serialize)]
struct Functions<T> {
    functions: Vec<T>,
}

pub(crate) fn functions(args: &args::Functions) -> Result<Code, Failures> {
    let wanted = args.search.as_deref().map(str::to_lowercase);
    let has = |text: &str| {
        let wanted = wanted.as_deref();
        wanted.is_none_or(|wanted| text.to_lowercase().contains(wanted))
    };
    if args.dialect == args::Dialect::Go || args.profile == args::Profile::Helm {
        let listed = dialect::go::functions(args.profile.into()).into_iter();
        let mut functions: Vec<GoFunction> = listed
            .filter(|(name, _)| has(name))
            .map(|(name, kind)| GoFunction { name, kind })
            .collect();
        order::sort_by(&mut functions, |left, right| left.name.cmp(&right.name));
        let lines = functions.iter().map(|GoFunction { name, kind }| {
            let signature = kind.strip_prefix("func").unwrap_or(kind);
            // the engine does not tell results apart
            let signature = signature.strip_suffix(" interface {}").unwrap_or(signature);
            format!("{name}{signature}")
        });
        let text = answer::lines(lines);
        return give(args, functions, &text);
    }
    let mut functions = function::entries();
    functions.retain(|entry| {
        let names = std::iter::once(&entry.name).chain(&entry.aliases);
        let mut texts = names.copied().chain([entry.summary, entry.group]);
        texts.any(has)
    });
    let text = answer::lines(functions.iter().map(|entry| {
        let parameters: Vec<String> = entry.parameters.iter().map(written).collect();
        format!(
            "{}({}) -> {}: {}",
            entry.name,
            parameters.join(", "),
            entry.result,
            entry.summary
        )
    }));
    give(args, functions, &text)
}

/// Gives the functions that were found.
fn give<T: Serialize>(
    args: &args::Functions,
    functions: Vec<T>,
    text: &str,
) -> Result<Code, Failures> {
    if let Some(wanted) = args.search.as_ref().filter(|_| functions.is_empty()) {
        return Err(Failure::new(
            Code::NotFound,
            format!("no function has `{wanted}` in its name or description"),
        )
        .hint("`stencil functions` lists them all.")
        .into());
    }
    args.output.give(text, &Functions { functions }, None)?;
    Ok(Code::Done)
}

pub(crate) fn eval(args: &args::Eval, talk: Talk) -> Result<Code, Failures> {
    #[derive(Serialize)]
    struct Evaluated {
        value: String,
    }
    let mut stdin = Stdin::default();
    let args::Basis { values, world, .. } = &args.basis;
    let supply = values::supply(values, world.hermetic, &mut || stdin.read())?;
    let renderer = Renderer::new(&args.basis, None, supply, talk)?;
    let here = Stream::File(Path::new("expression").to_owned());
    let (open, close) = renderer.brackets();
    let source = Source::new("expression", format!("{open} {} {close}", args.expression));
    let loaded = renderer.compile(&source, &here)?;
    let result = renderer.render(&loaded, false)?;
    warn(result.warnings, args.warnings, &renderer.supply, talk)?;
    let text = format!("{}\n", result.text);
    let evaluated = Evaluated { value: result.text };
    args.output.give(&text, &evaluated, None)?;
    Ok(Code::Done)
}

/// Returns a parameter as one writes it down: `width: integer = 2`.
fn written(parameter: &Parameter) -> String {
    let Parameter {
        name,
        kind,
        optional,
        default,
    } = parameter;
    match default {
        Some(default) => format!("{name}: {kind} = {default}"),
        None if *optional => format!("{name}?: {kind}"),
        None => format!("{name}: {kind}"),
    }
}
