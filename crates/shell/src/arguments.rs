//! Arguments as the predecessor took them, turned into what clap reads.
//!
//! Go's flag package knows `-name`, `-name=value` and `-switch=false`, and wants them before the
//! command. Here they may stand on either side, with one dash or two.

use std::ffi::OsString;
use std::sync::OnceLock;

use clap::{Arg, Command};

use crate::environment;

/// What must be known of an option to tell its value from a command.
struct Known<'a> {
    long: &'a str,
    takes_value: bool,
    /// It may also stand without one.
    is_optional: bool,
    /// Its value stands behind `=`.
    by_equals: bool,
}

/// Arguments as clap reads them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Normal {
    /// Without the program's name.
    pub arguments: Vec<OsString>,
    /// The long names of the switches turned off by hand (`-g=false`).
    pub off: Vec<String>,
    /// There are other words than options that are known, with their values: a command, or a slip.
    pub others: bool,
}

/// Returns `arguments` (without the program's name) with two dashes before long options, Go's
/// `=true` and `=false` of switches resolved, of which the last counts, and the command moved to the
/// front.
///
/// What no option is known for stays as it is, for clap to complain about.
pub(crate) fn normalise(command: &Command, arguments: Vec<OsString>) -> Normal {
    let mut options = Vec::with_capacity(arguments.len());
    let mut off: Vec<String> = Vec::new();
    let mut others = false;
    let mut name = None;
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        let Some(text) = argument
            .to_str()
            .filter(|text| text.starts_with('-') && *text != "-")
        else {
            // one that is not UTF-8 is looked at no further
            others = true;
            let is_option = argument != "-" && argument.as_encoded_bytes().starts_with(b"-");
            if name.is_none() && !is_option {
                name = Some(argument);
            } else {
                options.push(argument);
            }
            continue;
        };
        match text {
            "--" => {
                others = true;
                name = name.or_else(|| arguments.next());
                let rest: Vec<OsString> = arguments.collect();
                if !rest.is_empty() {
                    options.push(argument);
                    options.extend(rest);
                }
                break;
            }
            "-version" | "--version" => {
                return Normal {
                    arguments: vec!["--version".into()],
                    off: Vec::new(),
                    others: true,
                };
            }
            "-help" => {
                others = true;
                options.push("--help".into());
                continue;
            }
            _ => {}
        }
        let (flag, value) = text
            .split_once('=')
            .map_or((text, None), |(flag, value)| (flag, Some(value)));
        // clap adds these two when it is too late to find them
        if let "-version" | "-help" = text {
            others = true;
            options.push(format!("-{text}").into());
            continue;
        }
        let Some(known) = find(command, flag) else {
            others = true;
            if !stands_alone(command, text) {
                // what follows may be its value, and is no command
                options.push(argument);
                options.extend(arguments);
                break;
            }
            options.push(argument);
            continue;
        };
        match (known.takes_value, value) {
            (true, Some(value)) => options.push(format!("--{}={value}", known.long).into()),
            (true, None) => {
                options.push(format!("--{}", known.long).into());
                let is_flag = |next: &OsString| next.as_encoded_bytes().starts_with(b"-");
                let is_value =
                    |next: &OsString| !(known.by_equals || known.is_optional && is_flag(next));
                options.extend(arguments.next_if(is_value));
            }
            (false, None | Some("1" | "t" | "T" | "true" | "TRUE" | "True")) => {
                off.retain(|name| name != known.long);
                options.push(format!("--{}", known.long).into());
            }
            (false, Some("0" | "f" | "F" | "false" | "FALSE" | "False")) => {
                let switch = OsString::from(format!("--{}", known.long));
                options.retain(|option| *option != switch);
                off.push(known.long.to_owned());
            }
            (false, Some(_)) => {
                others = true;
                options.push(argument);
            }
        }
    }
    Normal {
        arguments: name.into_iter().chain(options).collect(),
        off,
        others,
    }
}

/// Tells whether no word behind this one belongs to it: it is `-gq`, or one that clap adds itself.
fn stands_alone(command: &Command, text: &str) -> bool {
    let is_switch =
        |letter: char| find(command, &format!("-{letter}")).is_some_and(|known| !known.takes_value);
    match text {
        "-h" | "--help" | "-V" | "--version" => true,
        _ => text
            .strip_prefix('-')
            .is_some_and(|letters| letters.chars().all(is_switch)),
    }
}

/// Finds the option that `-name`, `--name`, `-n` or `--n` means, in the command or any command below it.
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
        let letter = letters.next().filter(|_| letters.next().is_none())?;
        all().find(|arg| arg.get_short() == Some(letter))
    };
    let arg = by_long().or_else(by_short)?;
    Some(Known {
        long: arg.get_long()?,
        takes_value: arg.get_action().takes_values(),
        is_optional: arg
            .get_num_args()
            .is_some_and(|range| range.min_values() == 0),
        by_equals: arg.is_require_equals_set(),
    })
}

fn is_called(arg: &Arg, name: &str) -> bool {
    arg.get_long() == Some(name)
        || arg
            .get_all_aliases()
            .is_some_and(|aliases| aliases.contains(&name))
}

/// Tells whether this run has no option, neither typed nor in the environment of any tool: the usual
/// run, which is to be a quick one.
pub(crate) fn are_plain() -> bool {
    // what a process was started with does not change
    static ARE_PLAIN: OnceLock<bool> = OnceLock::new();
    let is_option = |typed: &OsString| typed.as_encoded_bytes().starts_with(b"-");
    *ARE_PLAIN.get_or_init(|| !given().iter().any(is_option) && !environment::has_any("DUAT_"))
}

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
            .arg(Arg::new("sums").long("sums").num_args(0..=1))
            .arg(
                Arg::new("pre")
                    .long("pre")
                    .num_args(0..=1)
                    .require_equals(true),
            )
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
            .arguments
            .into_iter()
            .map(|argument| argument.into_string().unwrap())
            .collect();
        assert_eq!(read.join(" "), expected, "{given}");
    }

    #[test]
    fn one_dash_or_two_before_or_after_the_command() {
        check("-f a patch", "patch --file a");
        check("-file a patch", "patch --file a");
        check("--f a patch --g", "patch --file a --git-tags");
        check("--file=a patch", "patch --file=a");
        check("-f=a -g patch -t b", "patch --file=a --git-tags --target b");
        check("patch -target=b", "patch --target=b");
        check("-t b patch", "patch --target b");
        check("-rc sort", "sort --rc");
        check("sort -", "sort -");
        check("-f - patch", "patch --file -");
        check("-version", "--version");
        check("patch -help", "patch --help");
    }

    #[test]
    fn a_value_that_may_be_missing_is_no_option() {
        check("--sums -f a patch", "patch --sums --file a");
        check("--sums S patch", "patch --sums S");
        check("--pre patch", "patch --pre");
        check("-pre=x patch", "patch --pre=x");
    }

    #[test]
    fn gos_booleans_are_understood() {
        check("-g=false sort", "sort");
        check("-g=t sort --rc=1", "sort --git-tags --rc");
        check("-g=maybe", "-g=maybe");
    }

    #[test]
    fn of_several_booleans_the_last_counts() {
        check("-g -g=false sort", "sort");
        check("-g=false -g sort", "sort --git-tags");
        let off = |given: &str| {
            let given = given.split_whitespace().map(OsString::from);
            normalise(&tool(), given.collect()).off
        };
        assert_eq!(off("-g=false sort -rc=f"), ["git-tags", "rc"]);
        assert_eq!(off("-g=false -g"), [""; 0]);
    }

    #[test]
    fn the_version_is_told_wherever_it_is_asked_for() {
        check("patch -version", "--version");
        check("-help", "--help");
        check("-f -version", "--file -version");
    }

    #[test]
    fn options_that_are_known_are_told_from_all_else() {
        let others = |given: &str| {
            let given = given.split_whitespace().map(OsString::from);
            normalise(&tool(), given.collect()).others
        };
        for own in ["", "-f a", "-file=a -g", "--sums --quiet", "-g=false"] {
            assert!(!others(own), "{own}");
        }
        for other in [
            "patch", "-f a b", "-gq", "-g=maybe", "-h", "-version", "--", "-x", "-",
        ] {
            assert!(others(other), "{other}");
        }
    }

    #[test]
    fn the_rest_is_left_for_clap() {
        check("-gq sort", "sort -gq");
        check("-nonsense sort", "-nonsense sort");
        check("-f a --nonsense sort", "--file a --nonsense sort");
        check("--help sort", "sort --help");
        check("patch -- -f", "patch -- -f");
        check("-g -- patch", "patch --git-tags");
        check("-- sort -- -", "sort -- -- -");
        check("", "");
    }
}
