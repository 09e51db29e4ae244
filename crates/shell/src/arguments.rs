//! Arguments as the predecessor took them, turned into what clap reads.
//!
//! Go's flag package knows `-name`, `-name=value` and `-switch=false`, and wants them before the
//! command. Here they may stand on either side, with one dash or two.

use std::ffi::OsString;

use clap::{Arg, Command};

/// What must be known of an option to tell its value from a command.
struct Known<'a> {
    long: &'a str,
    takes_value: bool,
}

/// Returns `arguments` (without the program's name) with two dashes before long options, Go's
/// `=true` and `=false` of switches resolved, and the command moved to the front.
///
/// What no option is known for stays as it is, for clap to complain about.
pub(crate) fn normalise(command: &Command, arguments: Vec<OsString>) -> Vec<OsString> {
    let mut options = Vec::with_capacity(arguments.len());
    let mut name = None;
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let Some(text) = argument
            .to_str()
            .filter(|text| text.starts_with('-') && *text != "-")
        else {
            if name.is_none() {
                name = Some(argument);
            } else {
                options.push(argument);
            }
            continue;
        };
        if text == "--" {
            options.push(argument);
            options.extend(arguments);
            break;
        }
        let (flag, value) = text
            .split_once('=')
            .map_or((text, None), |(flag, value)| (flag, Some(value)));
        let Some(known) = find(command, flag) else {
            options.push(argument);
            continue;
        };
        match (known.takes_value, value) {
            (true, Some(value)) => options.push(format!("--{}={value}", known.long).into()),
            (true, None) => {
                options.push(format!("--{}", known.long).into());
                options.extend(arguments.next());
            }
            (false, None) => options.push(format!("--{}", known.long).into()),
            (false, Some("1" | "t" | "T" | "true" | "TRUE" | "True")) => {
                options.push(format!("--{}", known.long).into());
            }
            (false, Some("0" | "f" | "F" | "false" | "FALSE" | "False")) => {}
            (false, Some(_)) => options.push(argument),
        }
    }
    name.into_iter().chain(options).collect()
}

/// Finds the option that `-name`, `--name` or `-n` means, in the command or any command below it.
fn find<'a>(command: &'a Command, flag: &str) -> Option<Known<'a>> {
    let name = flag.trim_start_matches('-');
    let all = || {
        command
            .get_arguments()
            .chain(command.get_subcommands().flat_map(Command::get_arguments))
    };
    let by_long = || all().find(|arg| is_called(arg, name));
    let by_short = || {
        let mut letters = name.chars();
        let letter = letters
            .next()
            .filter(|_| !flag.starts_with("--") && letters.next().is_none())?;
        all().find(|arg| arg.get_short() == Some(letter))
    };
    let arg = by_long().or_else(by_short)?;
    Some(Known {
        long: arg.get_long()?,
        takes_value: arg.get_action().takes_values(),
    })
}

fn is_called(arg: &Arg, name: &str) -> bool {
    arg.get_long() == Some(name)
        || arg
            .get_all_aliases()
            .is_some_and(|aliases| aliases.contains(&name))
}

/// Reads a switch given in the environment; an empty variable is off.
pub(crate) fn is_switch_on(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "t" | "true" | "y" | "yes" | "on" => Ok(true),
        "" | "0" | "f" | "false" | "n" | "no" | "off" => Ok(false),
        _ => Err("expected true or false".to_owned()),
    }
}

/// Returns `command` in which every long option, and those of the commands below it, can be given as
/// `DUAT_<TOOL>_<OPTION>`.
pub(crate) fn with_twins(command: Command, tool: &str) -> Command {
    let prefix = format!("DUAT_{}_", tool.to_uppercase().replace('-', "_"));
    twin(command, &prefix)
}

fn twin(command: Command, prefix: &str) -> Command {
    command
        .mut_args(|arg| {
            let Some(long) = arg.get_long().filter(|long| !NO_TWIN.contains(long)) else {
                return arg;
            };
            let name = format!("{prefix}{}", long.to_uppercase().replace('-', "_"));
            let arg = arg.env(name).hide_env_values(true);
            if matches!(arg.get_action(), clap::ArgAction::SetTrue) {
                arg.value_parser(is_switch_on)
            } else {
                arg
            }
        })
        .mut_subcommands(|command| twin(command, prefix))
}

/// Options that ask for something other than the tool's work.
const NO_TWIN: [&str; 4] = ["help", "version", "completions", "man"];

/// Returns the arguments of this process without the program's name.
pub(crate) fn given() -> Vec<OsString> {
    std::env::args_os().skip(1).collect()
}

#[cfg(test)]
mod tests {
    use clap::ArgAction;

    use super::*;

    fn tool() -> Command {
        let switch = |name: &'static str, letter| {
            Arg::new(name)
                .long(name)
                .short(letter)
                .action(ArgAction::SetTrue)
        };
        Command::new("tool")
            .arg(Arg::new("file").long("file").short('f'))
            .arg(switch("git-tags", 'g'))
            .arg(switch("quiet", 'q'))
            .subcommand(Command::new("patch").arg(Arg::new("target").long("target").short('t')))
            .subcommand(
                Command::new("sort").arg(Arg::new("rc").long("rc").action(ArgAction::SetTrue)),
            )
    }

    fn check(given: &str, expected: &str) {
        let arguments = given.split_whitespace().map(OsString::from).collect();
        let read: Vec<String> = normalise(&tool(), arguments)
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect();
        assert_eq!(read.join(" "), expected, "{given}");
    }

    #[test]
    fn one_dash_or_two_before_or_after_the_command() {
        check("-f a patch", "patch --file a");
        check("-file a patch", "patch --file a");
        check("--file=a patch", "patch --file=a");
        check("-f=a -g patch -t b", "patch --file=a --git-tags --target b");
        check("patch -target=b", "patch --target=b");
        check("-t b patch", "patch --target b");
        check("-rc sort", "sort --rc");
        check("sort -", "sort -");
        check("-f - patch", "patch --file -");
    }

    #[test]
    fn gos_booleans_are_understood() {
        check("-g=false sort", "sort");
        check("-g=t sort --rc=1", "sort --git-tags --rc");
        check("-g=maybe", "-g=maybe");
    }

    #[test]
    fn the_rest_is_left_for_clap() {
        check("-gq sort", "sort -gq");
        check("-nonsense sort", "sort -nonsense");
        check("patch -- -f", "patch -- -f");
        check("", "");
    }

    #[test]
    fn a_switch_in_the_environment_is_a_word() {
        assert_eq!(is_switch_on("Yes"), Ok(true));
        assert_eq!(is_switch_on(""), Ok(false));
        assert!(is_switch_on("2").is_err());
    }
}
