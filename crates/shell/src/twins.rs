//! The options' twins in the environment: `DUAT_<TOOL>_<OPTION>`.
//!
//! A variable is set for many commands at once, so it asks for less than what is typed: one that is
//! empty, or a switch that is off, counts as unset, and one that does not go with what was typed
//! gives way. A switch that was turned off by hand is off.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::arguments::Normal;
use crate::environment;

/// Options that ask for something other than the tool's work.
const NO_TWIN: [&str; 4] = ["help", "version", "completions", "man"];

/// Returns `command` in which every long option, and those of the commands below it, can be given in
/// the environment.
pub(crate) fn with_twins(command: Command, tool: &str) -> Command {
    twin(command, tool, &[])
}

/// Reads arguments, the program's name first, and what stands in the environment.
pub(crate) fn read(command: &Command, tool: &str, normal: &Normal) -> Result<ArgMatches, Error> {
    let arguments = normal.arguments.as_slice();
    // most runs have none of the variables; only help would tell of them
    if !environment::has_any("DUAT_") {
        let plain = overriding(command.clone()).try_get_matches_from(arguments);
        match plain.as_ref().map_err(Error::kind) {
            Err(ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) => {}
            _ => return plain,
        }
    }
    let off: Vec<String> = normal.off.iter().map(|long| variable(tool, long)).collect();
    let parse = |silent: &[String]| {
        let silent = [off.as_slice(), silent].concat();
        twin(command.clone(), tool, &silent).try_get_matches_from(arguments)
    };
    let error = match parse(&[]) {
        Ok(matches) => return Ok(matches),
        Err(error) => error,
    };
    match error.kind() {
        ErrorKind::ArgumentConflict | ErrorKind::MissingRequiredArgument => {}
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            return Err(naming_the_variable(error, tool, arguments));
        }
        _ => return Err(error),
    }
    // what goes without any variable goes with as many as possible
    let set = variables(command, tool);
    let mut silent = set.clone();
    let Ok(mut best) = parse(&silent) else {
        return Err(error);
    };
    for name in &set {
        let fewer: Vec<String> = silent
            .iter()
            .filter(|each| *each != name)
            .cloned()
            .collect();
        if let Ok(matches) = parse(&fewer) {
            best = matches;
            silent = fewer;
        }
    }
    Ok(best)
}

/// Returns a command in which the last of several values counts.
fn overriding(command: Command) -> Command {
    command.args_override_self(true).mut_subcommands(overriding)
}

fn twin(command: Command, tool: &str, silent: &[String]) -> Command {
    command
        .args_override_self(true)
        .mut_args(|arg| {
            let Some(long) = arg.get_long().filter(|long| !NO_TWIN.contains(long)) else {
                return arg;
            };
            let name = variable(tool, long);
            if silent.contains(&name) || environment::is_empty(&name) || is_off(&arg, &name) {
                return arg;
            }
            let arg = arg.env(name).hide_env_values(true);
            match arg.get_action() {
                ArgAction::SetTrue => arg.value_parser(is_on),
                ArgAction::Count => arg.value_parser(times),
                _ => arg,
            }
        })
        .mut_subcommands(|command| twin(command, tool, silent))
}

/// Returns the name of an option's twin.
fn variable(tool: &str, option: &str) -> String {
    format!("DUAT_{tool}_{option}")
        .to_uppercase()
        .replace('-', "_")
}

/// Returns the twins that are set, each once.
fn variables(command: &Command, tool: &str) -> Vec<String> {
    let mut names: Vec<String> = std::iter::once(command)
        .chain(command.get_subcommands())
        .flat_map(Command::get_arguments)
        .filter_map(Arg::get_long)
        .map(|long| variable(tool, long))
        .filter(|name| environment::text(name).is_some())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn is_off(arg: &Arg, name: &str) -> bool {
    matches!(arg.get_action(), ArgAction::SetTrue)
        && environment::text(name).is_some_and(|text| is_on(&text) == Ok(false))
}

/// Reads a switch.
fn is_on(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "y" | "yes" | "on" => Ok(true),
        "0" | "f" | "false" | "n" | "no" | "off" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

/// Reads a switch that can be repeated: how often, or whether at all.
fn times(text: &str) -> Result<u8, String> {
    text.parse()
        .or_else(|_| is_on(text).map(u8::from))
        .map_err(|_| "expected true, false or a number".to_owned())
}

/// Returns the error about a value with the variable it stands in, unless the option was typed.
fn naming_the_variable(mut error: Error, tool: &str, arguments: &[OsString]) -> Error {
    let Some(ContextValue::String(argument)) = error.get(ContextKind::InvalidArg).cloned() else {
        return error;
    };
    let flag = argument.split([' ', '.']).next().unwrap_or_default();
    let is_typed = arguments
        .iter()
        .filter_map(|typed| typed.to_str())
        .any(|typed| typed.split('=').next() == Some(flag));
    let name = variable(tool, flag.trim_start_matches('-'));
    if !is_typed && environment::text(&name).is_some() {
        let named = format!("{argument} (from {name})");
        error.insert(ContextKind::InvalidArg, ContextValue::String(named));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_is_a_word() {
        assert_eq!(is_on("Yes"), Ok(true));
        assert_eq!(is_on("off"), Ok(false));
        assert!(is_on("2").is_err());
        assert_eq!(times("2"), Ok(2));
        assert_eq!(times("true"), Ok(1));
        assert!(times("loud").is_err());
    }

    #[test]
    fn an_option_has_a_variable() {
        assert_eq!(
            variable("image-promote", "dry-run"),
            "DUAT_IMAGE_PROMOTE_DRY_RUN"
        );
    }
}
