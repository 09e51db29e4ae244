//! What runs beside Tera while it renders: the functions of the table, the counting of steps and
//! bytes, escaping, and what stands in for missing values.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tera::{Error, Kwargs, TeraResult, Value as Theirs};

use crate::diagnostic::Diagnostic;
use crate::dialect::convert::{measure, to_ours};
use crate::dialect::prepare::tag_unit;
use crate::engine::Reference;
use crate::function::Context;
use crate::node::Node;
use crate::options::{Escape, Missing, Options};
use crate::value::Value;

/// What the functions of one render share.
pub(crate) struct Runtime {
    pub(crate) context: Context,
    /// How each template of the set prints, by its number.
    modes: Vec<Mode>,
    /// The tags as they are written, by number, for `--missing keep`.
    pub(crate) tags: BTreeMap<usize, String>,
    /// What `render_file` renders with, and how many of them are under way.
    pub(crate) nested: Option<Nested>,
    pub(crate) depth: usize,
    /// Shared by all that `render_file` begins.
    steps: Arc<AtomicU64>,
    collected: AtomicUsize,
    lacks: AtomicBool,
    stopped: Mutex<Option<String>>,
    /// What went wrong in the template that `render_file` rendered last.
    problems: Mutex<Vec<Diagnostic>>,
    /// What those templates name. Shared as the steps are.
    references: Arc<Mutex<Vec<Reference>>>,
}

/// How a template prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mode {
    pub(crate) escape: Escape,
    pub(crate) missing: Missing,
}

/// What a template draws on that another one renders by `render_file`.
#[derive(Clone)]
pub(crate) struct Nested {
    pub(crate) values: Arc<Node>,
    pub(crate) options: Options,
}

/// Steps after which the clock of the caller is looked at.
const LOOK: u64 = 64;

/// The message by which a failure of ours says that a value is not defined.
pub(crate) const UNDEFINED: &str = "the value is not defined";
/// The message of a failure whose problems the runtime keeps.
pub(crate) const NESTED: &str = "the template it renders has problems";
/// The message by which it says that a list or a map would be printed with a hole in it.
pub(crate) const HOLLOW: &str = "a list or map with `none` in it prints nothing in its place";

impl Runtime {
    pub(crate) fn new(context: Context, modes: Vec<Mode>) -> Self {
        Self {
            context,
            modes,
            tags: BTreeMap::new(),
            nested: None,
            depth: 0,
            steps: Arc::default(),
            collected: AtomicUsize::new(0),
            lacks: AtomicBool::new(false),
            stopped: Mutex::new(None),
            problems: Mutex::default(),
            references: Arc::default(),
        }
    }

    /// Returns the runtime of templates that one of this one's templates renders.
    pub(crate) fn below(&self, modes: Vec<Mode>) -> Self {
        Self {
            depth: self.depth + 1,
            steps: Arc::clone(&self.steps),
            references: Arc::clone(&self.references),
            ..Self::new(self.context.clone(), modes)
        }
    }

    /// Keeps what went wrong in a template that one of this one's templates rendered.
    pub(crate) fn keep(&self, more: Vec<Diagnostic>, stopped: Option<String>) {
        if let Ok(mut problems) = self.problems.lock() {
            problems.extend(more);
        }
        if let Some(reason) = stopped {
            self.stop(reason);
        }
    }

    /// Returns what was kept.
    pub(crate) fn kept(&self) -> Vec<Diagnostic> {
        let problems = self.problems.lock();
        problems
            .map(|mut kept| std::mem::take(&mut *kept))
            .unwrap_or_default()
    }

    /// Notes what a template names that is rendered by its name.
    pub(crate) fn note(&self, references: Vec<Reference>) {
        if let Ok(mut known) = self.references.lock() {
            known.extend(references);
        }
    }

    /// Returns what was noted.
    pub(crate) fn noted(&self) -> Vec<Reference> {
        let references = self.references.lock();
        references.map(|known| known.clone()).unwrap_or_default()
    }

    /// Tells whether any template escapes what it prints.
    pub(crate) fn escapes(&self) -> bool {
        self.modes.iter().any(|mode| mode.escape != Escape::None)
    }

    /// Begins a render anew.
    pub(crate) fn reset(&self) {
        self.collected.store(0, Ordering::Relaxed);
        self.lacks.store(false, Ordering::Relaxed);
    }

    /// Returns why the render had to stop, if a limit was reached.
    pub(crate) fn stopped(&self) -> Option<String> {
        self.stopped.lock().ok().and_then(|reason| reason.clone())
    }

    fn stop(&self, reason: String) -> String {
        if let Ok(mut stopped) = self.stopped.lock() {
            stopped.get_or_insert_with(|| reason.clone());
        }
        reason
    }

    /// Counts a step.
    pub(crate) fn step(&self) -> Result<(), String> {
        self.take_steps(1)
    }

    /// Counts steps; at every 64th looks at the clock of the caller.
    fn take_steps(&self, count: u64) -> Result<(), String> {
        let before = self.steps.fetch_add(count, Ordering::Relaxed);
        let steps = before.saturating_add(count);
        if steps > self.context.limits.steps {
            let limit = self.context.limits.steps;
            return Err(self.stop(format!("the template took more than {limit} steps")));
        }
        if before / LOOK != steps / LOOK && self.context.host.expired() {
            return Err(self.stop("the time for rendering is over".to_owned()));
        }
        Ok(())
    }

    fn collect(&self, bytes: usize) -> Result<(), String> {
        let before = self.collected.fetch_add(bytes, Ordering::Relaxed);
        self.check_output(before.saturating_add(bytes))
    }

    fn check_output(&self, bytes: usize) -> Result<(), String> {
        let limit = self.context.limits.output;
        if bytes > limit {
            return Err(self.stop(format!("the output is larger than {limit} bytes")));
        }
        Ok(())
    }

    fn check_value(&self, value: &Theirs) -> Result<(), String> {
        let limits = &self.context.limits;
        match measure(value, limits.depth) {
            Ok(bytes) if bytes <= limits.value => Ok(()),
            Ok(bytes) => Err(self.stop(format!(
                "a value has {bytes} bytes; {} are allowed",
                limits.value
            ))),
            Err(()) => Err(self.stop(format!(
                "a value has lists or maps in one another more than {} deep",
                limits.depth
            ))),
        }
    }

    /// `__step(n, v)`: a turn of a loop that adds `n` bytes; gives `v` back.
    pub(super) fn called_step(&self, arguments: &Kwargs) -> TeraResult<Theirs> {
        self.step().map_err(Error::message)?;
        let bytes = arguments.get::<i64>("n")?.unwrap_or_default();
        self.collect(usize::try_from(bytes).unwrap_or_default())
            .map_err(Error::message)?;
        Ok(argument(arguments, "v").unwrap_or_else(|| Theirs::from("")))
    }

    /// `__guard(v)`: refuses a value that has grown too large; prints nothing.
    pub(super) fn called_guard(&self, arguments: &Kwargs) -> TeraResult<Theirs> {
        if let Some(value) = argument(arguments, "v") {
            self.check_value(&value).map_err(Error::message)?;
        }
        Ok(Theirs::from(""))
    }

    /// `__given(quiet, v)`: stands in for what is not defined, and unless it is quiet remembers that
    /// it had to, for the tag around it; refuses where it is `strict`.
    pub(super) fn called_given(&self, arguments: &Kwargs) -> TeraResult<Theirs> {
        let value = argument(arguments, "v").filter(|value| !value.is_undefined());
        if let Some(value) = value {
            return Ok(value);
        }
        let says = |name| argument(arguments, name).and_then(|value| value.as_bool()) == Some(true);
        if says("strict") {
            return Err(Error::message(UNDEFINED));
        }
        if !says("quiet") {
            self.lacks.store(true, Ordering::Relaxed);
        }
        Ok(Theirs::from(""))
    }

    /// `__out(at, v)`: what is printed in place of `v`.
    pub(super) fn called_out(&self, arguments: &Kwargs) -> TeraResult<Theirs> {
        let value = argument(arguments, "v").unwrap_or_else(Theirs::undefined);
        let at = arguments.get::<i64>("at")?.unwrap_or_default();
        let at = usize::try_from(at).unwrap_or_default();
        let mode = self.modes.get(tag_unit(at)).copied().unwrap_or_default();
        let lacks = self.lacks.swap(false, Ordering::Relaxed) || value.is_undefined();
        if lacks && mode.missing == Missing::Keep {
            let tag = self.tags.get(&at);
            return Ok(Theirs::safe_string(
                tag.map(String::as_str).unwrap_or_default(),
            ));
        }
        if value.is_undefined() {
            return match mode.missing {
                Missing::Error => Err(Error::message(UNDEFINED)),
                _ => Ok(Theirs::from("")),
            };
        }
        let bytes = measure(&value, self.context.limits.depth)
            .map_err(|()| Error::message("a value goes too deep to be printed"))?;
        self.collect(bytes).map_err(Error::message)?;
        if mode.escape == Escape::None {
            if mode.missing == Missing::Error && is_hollow(&value) {
                return Err(Error::message(HOLLOW));
            }
            return Ok(value);
        }
        if value.is_safe() {
            return Ok(value);
        }
        let ours = to_ours(&value).unwrap_or_default();
        Ok(Theirs::safe_string(&escape(&ours, mode.escape)))
    }
}

/// Returns a value as it is written in a format, whole and without line breaks where it may have
/// none.
pub(crate) fn escape(value: &Value, escape: Escape) -> String {
    use crate::function::format;
    match escape {
        Escape::None => value.printed(),
        Escape::Json => value.to_string(),
        Escape::Yaml => match value {
            Value::List(_) | Value::Map(_) => value.to_string(),
            scalar => format::yaml_scalar(scalar),
        },
        Escape::Shell => crate::function::encoding::shell_word(&value.printed()),
    }
}

/// Tells whether a list or a map holds something that Tera prints as nothing.
fn is_hollow(value: &Theirs) -> bool {
    let nothing = |item: &Theirs| item.is_none() || item.is_undefined() || is_hollow(item);
    match (value.as_array(), value.as_map()) {
        (Some(items), _) => items.iter().any(nothing),
        (_, Some(map)) => map.iter().any(|(_, item)| nothing(item)),
        _ => false,
    }
}

fn argument(arguments: &Kwargs, name: &str) -> Option<Theirs> {
    arguments
        .iter()
        .find(|(key, _)| key.as_str() == Some(name))
        .map(|(_, value)| value.clone())
}

/// Collects the output within the limits.
pub(crate) struct Output<'a> {
    pub(crate) bytes: Vec<u8>,
    pub(crate) runtime: &'a Runtime,
    /// Writes that the runtime does not know of yet.
    pub(crate) uncounted: u64,
}

impl Output<'_> {
    #[cold]
    fn count(&mut self, length: usize) -> io::Result<()> {
        let count = std::mem::take(&mut self.uncounted);
        self.runtime.take_steps(count).map_err(io::Error::other)?;
        self.runtime.check_output(length).map_err(io::Error::other)
    }
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.uncounted += 1;
        let length = self.bytes.len().saturating_add(bytes.len());
        if self.uncounted >= LOOK || length > self.runtime.context.limits.output {
            self.count(length)?;
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
