//! What templates call: the functions, filters and tests that Tera is told of, those that a template
//! names and no others.

use std::collections::BTreeSet;
use std::sync::Arc;

use tera::{Error, Kwargs, State, TeraResult, Value as Theirs};

use crate::dialect::analysis::Callee;
use crate::dialect::convert::{to_ours, to_theirs};
use crate::dialect::prepare::{GIVEN, GUARD, OUT, STEP};
use crate::dialect::runtime::{Runtime, UNDEFINED};
use crate::dialect::unit::Unit;
use crate::function::{self, Arguments, Function, Parameter, find};
use crate::value::Value;

/// The function that renders a template whose name is computed.
pub(crate) const RENDER_FILE: &str = "render_file";

/// Makes the functions that the templates call known to `tera`, those of an earlier run replaced.
pub(super) fn register(units: &[Unit], tera: &mut tera::Tera, runtime: &Arc<Runtime>) {
    register_internal(tera, runtime);
    let calls = units.iter().flat_map(|unit| &unit.analysis.calls);
    let called: BTreeSet<(Callee, &str)> = calls
        .map(|call| (call.callee, call.name.as_str()))
        .collect();
    for (callee, name) in called {
        match callee {
            Callee::Filter => register_filter(tera, name, runtime),
            Callee::Function if name == RENDER_FILE => {
                register_render_file(tera, name, runtime);
            }
            Callee::Function => register_function(tera, name, runtime),
            Callee::Test => register_test(tera, name),
            Callee::Template => {}
        }
    }
}

/// Makes `render_file` known to `tera`: the only function that renders.
fn register_render_file(tera: &mut tera::Tera, name: &str, runtime: &Arc<Runtime>) {
    let shared = Arc::clone(runtime);
    tera.register_function(name.to_owned(), move |arguments: Kwargs, _: &State| {
        let path = arguments.must_get::<&str>("path")?;
        let more = arguments.iter().filter_map(|(key, value)| {
            let key = key.as_str().filter(|key| *key != "path")?;
            Some((key.to_owned(), to_ours(value)?))
        });
        let text = crate::dialect::tera::render_file(&shared, path, more.collect());
        let text = text.map_err(Error::message)?;
        Ok::<Theirs, Error>(if shared.escapes() {
            Theirs::safe_string(&text)
        } else {
            Theirs::normal_string(&text)
        })
    });
}

/// Makes the functions of the prepared text known to `tera`.
fn register_internal(tera: &mut tera::Tera, runtime: &Arc<Runtime>) {
    let shared = Arc::clone(runtime);
    tera.register_function(STEP, move |arguments: Kwargs, _: &State| {
        shared.called_step(&arguments)
    });
    let shared = Arc::clone(runtime);
    tera.register_function(GUARD, move |arguments: Kwargs, _: &State| {
        shared.called_guard(&arguments)
    });
    let shared = Arc::clone(runtime);
    tera.register_function(GIVEN, move |arguments: Kwargs, _: &State| {
        shared.called_given(&arguments)
    });
    let shared = Arc::clone(runtime);
    tera.register_function(OUT, move |arguments: Kwargs, _: &State| {
        shared.called_out(&arguments)
    });
}

/// Makes a function of the table known to `tera` as a filter.
fn register_filter(tera: &mut tera::Tera, name: &str, runtime: &Arc<Runtime>) {
    let Some(function) = find(name).filter(|function| !function.is_built_in()) else {
        return;
    };
    let (runtime, parameters) = (Arc::clone(runtime), function.parameters());
    tera.register_filter(
        name.to_owned(),
        move |value: &Theirs, arguments: Kwargs, _: &State| {
            call(&runtime, function, &parameters, Some(value), &arguments)
        },
    );
}

/// Makes a function of the table known to `tera` as a function.
fn register_function(tera: &mut tera::Tera, name: &str, runtime: &Arc<Runtime>) {
    let Some(function) = find(name).filter(|function| !function.is_built_in()) else {
        return;
    };
    let (runtime, parameters) = (Arc::clone(runtime), function.parameters());
    tera.register_function(name.to_owned(), move |arguments: Kwargs, _: &State| {
        call(&runtime, function, &parameters, None, &arguments)
    });
}

fn call(
    runtime: &Runtime,
    function: &'static Function,
    parameters: &[Parameter],
    piped: Option<&Theirs>,
    given: &Kwargs,
) -> TeraResult<Theirs> {
    let name = function.name();
    runtime.step().map_err(Error::message)?;
    if let Some(need) = function.need {
        runtime
            .context
            .permit(name, need)
            .map_err(|failure| Error::message(failure.message))?;
    }
    let mut arguments = Arguments {
        name,
        parameters: parameters.to_vec(),
        values: vec![None; parameters.len()],
        ..Arguments::default()
    };
    if let (Some(value), Some(slot)) = (piped, arguments.values.first_mut()) {
        *slot = to_ours(value);
    }
    let open = parameters.last().is_some_and(|last| last.name == "...");
    for (key, value) in given.iter() {
        let key = key.as_str().unwrap_or_default();
        match parameters
            .iter()
            .position(|parameter| parameter.name == key)
        {
            Some(at) => {
                if let Some(slot) = arguments.values.get_mut(at) {
                    *slot = to_ours(value);
                }
            }
            None if open => {
                arguments
                    .rest
                    .insert(key.to_owned(), to_ours(value).unwrap_or_default());
            }
            None => {
                let names = parameters.iter().skip(1);
                let names: Vec<String> = names.map(|each| format!("`{}`", each.name)).collect();
                return Err(Error::message(format!(
                    "`{name}` has no argument `{key}`; it takes {}",
                    if names.is_empty() {
                        "none".to_owned()
                    } else {
                        names.join(", ")
                    }
                )));
            }
        }
    }
    let lacking = parameters.iter().zip(&arguments.values).enumerate();
    for (at, (parameter, value)) in lacking {
        if value.is_none() && !parameter.optional {
            if at == 0 && piped.is_some() {
                return Err(Error::message(UNDEFINED));
            }
            return Err(Error::message(format!(
                "`{}` of `{name}` is missing",
                parameter.name
            )));
        }
    }
    let run = function
        .run
        .ok_or_else(|| Error::message("it is built in"))?;
    let result =
        run(&arguments, &runtime.context).map_err(|failure| Error::message(failure.message))?;
    if let Value::Text(text) = &result {
        runtime
            .context
            .room(text.len())
            .map_err(|failure| Error::message(failure.message))?;
    }
    Ok(to_theirs(&result))
}

fn register_test(tera: &mut tera::Tera, name: &str) {
    match name {
        "divisibleby" => {
            tera.register_test("divisibleby", |value: i128, given: Kwargs, _: &State| {
                let divisor = given.must_get::<i128>("divisor")?;
                Ok::<bool, Error>(value.checked_rem(divisor) == Some(0))
            });
        }
        "object" => tera.register_test("object", |value: &Theirs, _: Kwargs, _: &State| {
            value.is_map()
        }),
        "empty" => tera.register_test("empty", |value: &Theirs, _: Kwargs, _: &State| {
            to_ours(value).is_none_or(|value| value.is_empty())
        }),
        "matching" => tera.register_test(
            "matching",
            |value: &str, given: Kwargs, _: &State| -> TeraResult<bool> {
                let pattern = given.must_get::<&str>("pat")?;
                let pattern = function::pattern::compile(pattern)
                    .map_err(|failure| Error::message(failure.message))?;
                Ok(pattern.is_match(value))
            },
        ),
        _ => {}
    }
}
