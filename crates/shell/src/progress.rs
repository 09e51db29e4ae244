//! How far long work has come: bars on a terminal, plain lines in CI, nothing when quiet. On stderr.
//!
//! Work is a number of items, files mostly, of which several may be under way at once. On a terminal
//! each has a bar with its rate and the time left; its end is a line that stays. Where there is no
//! terminal the ends are all there is to see, and when none came for a while, a line that says what
//! is under way.

mod heart;
mod tally;

use std::fmt::Display;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{Talk, ci, environment};
use heart::Heart;
use tally::{State, Tally, amount};

/// How long nothing is said before it is said that work goes on.
const SILENCE: Duration = Duration::from_secs(30);
/// What a bar shows; the name first, cut to its column.
const BAR: &str = "{prefix:30!} {wide_bar} {decimal_bytes:>10} of {decimal_total_bytes:<10} {decimal_bytes_per_sec:>13} {eta:>4}";
/// What is shown of an item of which nobody knows how long it is.
const SPINNER: &str =
    "{prefix:30!} {spinner} {decimal_bytes:>10} {decimal_bytes_per_sec:>13} {elapsed:>4}";

/// The progress of one run. Clones are the same progress.
#[derive(Clone)]
pub struct Progress {
    shared: Arc<Shared>,
    /// Stops when the last clone is dropped.
    _heart: Option<Arc<Heart>>,
}

/// What items and the heart share.
struct Shared {
    form: Form,
    tally: Mutex<Tally>,
    print: Box<dyn Fn(&str) + Send + Sync>,
}

/// How it is shown.
enum Form {
    Silent,
    Lines,
    Bars(MultiProgress),
}

/// One thing under way.
///
/// Ends with [`finish`](Self::finish), [`skip`](Self::skip) or [`fail`](Self::fail); one that is
/// dropped before leaves no trace.
pub struct Item {
    shared: Arc<Shared>,
    state: Arc<State>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Returns the progress of a run that talks so: bars where stderr is a terminal outside CI, lines
    /// elsewhere, nothing when quiet.
    pub fn new(talk: Talk) -> Self {
        let is_dumb = environment::text("TERM").is_some_and(|term| term == "dumb");
        let bars = std::io::stderr().is_terminal() && !is_dumb && !ci::is_ci(environment::text);
        let form = if talk.is_quiet() {
            Form::Silent
        } else if bars {
            Form::Bars(MultiProgress::with_draw_target(ProgressDrawTarget::stderr()))
        } else {
            Form::Lines
        };
        Self::with(form, SILENCE, move |line: &str| talk.say(line))
    }

    fn with(form: Form, silence: Duration, print: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let shared = Arc::new(Shared {
            form,
            tally: Mutex::default(),
            print: Box::new(print),
        });
        let heart = matches!(shared.form, Form::Lines)
            .then(|| Heart::start(&shared, silence))
            .flatten()
            .map(Arc::new);
        Self {
            shared,
            _heart: heart,
        }
    }

    /// Says how many items there are to be, those that are under way or done included.
    pub fn expect(&self, items: usize, bytes: u64) {
        let mut tally = self.shared.tally();
        tally.expected_items = items;
        tally.expected_bytes = bytes;
    }

    /// Begins an item of `total` bytes, if that is known.
    pub fn item(&self, name: impl Into<String>, total: Option<u64>) -> Item {
        let name = name.into();
        let state = Arc::new(State::new(name.clone(), total));
        self.shared.tally().begin(&state);
        let bar = match &self.shared.form {
            Form::Bars(bars) => {
                let (bar, template) = match total {
                    Some(total) => (ProgressBar::new(total), BAR),
                    None => (ProgressBar::new_spinner(), SPINNER),
                };
                let bar = bars.add(bar.with_style(style(template)).with_prefix(name));
                bar.enable_steady_tick(Duration::from_millis(200));
                Some(bar)
            }
            Form::Silent | Form::Lines => None,
        };
        Item {
            shared: Arc::clone(&self.shared),
            state,
            bar,
        }
    }

    /// Calls `speak`, which writes to stderr, with the bars out of its way.
    pub fn aside<R>(&self, speak: impl FnOnce() -> R) -> R {
        self.shared.aside(speak)
    }
}

impl Shared {
    fn tally(&self) -> std::sync::MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn aside<R>(&self, speak: impl FnOnce() -> R) -> R {
        match &self.form {
            Form::Bars(bars) => bars.suspend(speak),
            Form::Silent | Form::Lines => speak(),
        }
    }

    fn line(&self, line: &str) {
        if !matches!(self.form, Form::Silent) {
            self.aside(|| (self.print)(line));
        }
    }
}

impl Item {
    /// Says that so many bytes are done, counted from the beginning; fewer than before when the item
    /// is begun again.
    pub fn set_position(&self, position: u64) {
        self.state.set_position(position);
        if let Some(bar) = &self.bar {
            bar.set_position(position);
        }
    }

    /// Says that so many bytes more are done.
    pub fn advance(&self, bytes: u64) {
        let position = self.state.advance(bytes);
        if let Some(bar) = &self.bar {
            bar.set_position(position);
        }
    }

    /// Returns how many bytes are done.
    pub fn position(&self) -> u64 {
        self.state.position()
    }

    /// Ends the item, done; `message` says what was done with it, and gets size, time and rate added.
    pub fn finish(self, message: impl Display) {
        let amount = amount(self.state.position(), self.state.elapsed());
        self.end(true, &format!("{message}{amount}"));
    }

    /// Ends the item, of which nothing was to be done.
    pub fn skip(self, message: impl Display) {
        self.end(true, &message.to_string());
    }

    /// Ends the item, not done.
    pub fn fail(self, message: impl Display) {
        self.end(false, &message.to_string());
    }

    fn end(self, done: bool, line: &str) {
        self.shared.tally().end(&self.state, done);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.shared.line(line);
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        self.shared.tally().forget(&self.state);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    // a test keeps the templates readable
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests;
