//! The options of a command, made when they are needed and not before.

use std::cell::Cell;
use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Id};

use crate::arguments;

thread_local! {
    /// Whether no command is going to be called.
    static PUT_OFF: Cell<bool> = const { Cell::new(false) };
}

/// Makes a command without the options of the commands below it: fit for a run that calls none of
/// them.
pub(crate) fn put_off(make: impl Fn() -> Command) -> Command {
    PUT_OFF.set(true);
    let command = make();
    PUT_OFF.set(false);
    command
}

/// The options of one command of a tool.
///
/// A run calls one command at most. Where nobody asks for an option of one, those of the other
/// commands are not even made: that would take longer than all the rest of reading arguments.
#[derive(Clone, Debug)]
pub struct Lazy<T>(T);

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Args> Args for Lazy<T> {
    fn group_id() -> Option<Id> {
        T::group_id()
    }

    fn augment_args(command: Command) -> Command {
        if PUT_OFF.get() || arguments::are_plain() {
            command.defer(T::augment_args)
        } else {
            T::augment_args(command)
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        T::augment_args_for_update(command)
    }
}

impl<T: FromArgMatches> FromArgMatches for Lazy<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
