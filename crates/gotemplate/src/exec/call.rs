//! What templates of one rendering share, and what functions see of it.

use super::State;
use crate::engine::{Engine, Rendered, Source, Template, Templates};
use crate::error::{Error, Fault};
use crate::func::{Answer, Function};
use crate::host::Door;
use crate::limits::{Limits, deep};
use crate::text::Str;
use crate::value::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Steps between two looks at the host's clock.
const LOOK: u64 = 1024;

/// What all templates of one rendering share.
pub(crate) struct Shared<'e> {
    pub(crate) engine: &'e Engine,
    steps: Cell<u64>,
    depth: Cell<usize>,
    pub(super) missing: RefCell<Vec<Error>>,
    pub(crate) patterns: RefCell<crate::sprig::regex::Patterns>,
}

impl<'e> Shared<'e> {
    pub(crate) fn new(engine: &'e Engine) -> Self {
        Self {
            engine,
            steps: Cell::new(engine.options.limits.steps),
            depth: Cell::new(0),
            missing: RefCell::default(),
            patterns: RefCell::default(),
        }
    }

    pub(crate) fn take_missing(&self) -> Vec<Error> {
        self.missing.take()
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.engine.options.limits
    }

    pub(super) fn charge(&self, steps: u64) -> Result<(), Fault> {
        let before = self.steps.get();
        let Some(left) = before.checked_sub(steps) else {
            return Err(self.out_of_steps());
        };
        self.steps.set(left);
        if before / LOOK == left / LOOK {
            return Ok(());
        }
        self.look()
    }

    #[cold]
    fn out_of_steps(&self) -> Fault {
        let limit = self.limits().steps;
        Fault::limit(format!("exceeded the limit of {limit} steps"))
    }

    /// Looks at the host's clock.
    #[cold]
    fn look(&self) -> Result<(), Fault> {
        if self.engine.host.over.as_ref().is_some_and(|over| over()) {
            return Err(Fault::limit("exceeded the time limit"));
        }
        Ok(())
    }

    pub(super) fn enter(&self) -> Result<(), Fault> {
        let depth = self.depth.get();
        if depth >= self.limits().depth {
            return Err(Fault::limit(format!(
                "exceeded maximum template depth ({})",
                self.limits().depth
            )));
        }
        self.depth.set(depth + 1);
        Ok(())
    }

    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }
}

/// What a function sees of the execution it is called in.
pub struct Call<'s> {
    pub(super) shared: &'s Shared<'s>,
    pub(super) templates: &'s Templates<'s>,
    pub(super) template: &'s Str,
    pub(super) name: &'s str,
}

impl<'s> Call<'s> {
    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &'s Engine {
        self.shared.engine
    }

    /// The name the function was called by.
    #[must_use]
    pub fn name(&self) -> &'s str {
        self.name
    }

    /// Takes steps from those allowed.
    ///
    /// # Errors
    /// When there are not as many left.
    pub fn charge(&self, steps: usize) -> Result<(), Fault> {
        self.shared.charge(steps as u64)
    }

    /// The most bytes a value may have.
    #[must_use]
    pub fn max_bytes(&self) -> usize {
        self.shared.limits().bytes
    }

    /// Asks for room for a value of so many bytes, before it is made.
    ///
    /// # Errors
    /// When that is more than allowed.
    pub fn room(&self, bytes: usize) -> Result<(), Fault> {
        if bytes > self.max_bytes() {
            return Err(Fault::limit(format!(
                "exceeded the limit of {} bytes",
                self.max_bytes()
            )));
        }
        Ok(())
    }

    /// The failure of a function whose door to the outside is closed.
    #[must_use]
    pub fn refused(&self, door: Door) -> Fault {
        Fault::refused(format!(
            "`{}` draws on {}, which is not allowed here",
            self.name,
            door.name()
        ))
    }

    /// Renders another template of the set, as `include` does.
    ///
    /// # Errors
    /// When there is none of that name, or it fails.
    pub fn include(&self, name: &[u8], dot: &Value) -> Result<Vec<u8>, Fault> {
        let Some(template) = self.templates.get(name) else {
            let (name, own) = (
                crate::quote::quote(name),
                crate::quote::quote(self.template),
            );
            let message = format!("template: no template {name} associated with template {own}");
            return Err(Fault::new(message));
        };
        render_inner(self.shared, self.templates, template, dot)
    }

    /// Renders a text as a template of its own that can use the templates of the set, as `tpl` does.
    ///
    /// # Errors
    /// When it does not parse or fails.
    pub fn template(&self, text: &[u8], dot: &Value) -> Result<Vec<u8>, Fault> {
        let mut templates = self.templates.clone();
        let name = self.template.to_str().into_owned();
        let tree = templates.parse(&name, text).map_err(|failure| {
            let error = failure.errors.into_iter().last();
            error.map_or_else(|| Fault::new("parse error"), Fault::from)
        })?;
        // Even a blank text is what is rendered, though it replaces no template of the set.
        let template = Template {
            name: self.template.clone(),
            source: Rc::new(Source {
                name,
                text: tree.text.clone(),
            }),
            body: Rc::clone(&tree.root),
        };
        render_inner(self.shared, &templates, &template, dot)
    }

    /// Whether there is a template of that name.
    #[must_use]
    pub fn has_template(&self, name: &[u8]) -> bool {
        self.templates.get(name).is_some()
    }

    pub(crate) fn patterns(&self) -> &'s RefCell<crate::sprig::regex::Patterns> {
        &self.shared.patterns
    }

    /// Calls a function value.
    pub(crate) fn invoke(&mut self, function: &Function, args: &[Value]) -> Answer {
        self.charge(1)?;
        deep(|| function.call(self, args))
    }
}

fn render_inner(
    shared: &Shared<'_>,
    templates: &Templates<'_>,
    template: &Template,
    dot: &Value,
) -> Result<Vec<u8>, Fault> {
    shared.enter()?;
    let result = deep(|| {
        let mut state = State::new(shared, templates, template);
        state.trace = None;
        state.run(dot).map(|()| state.out)
    });
    shared.leave();
    result.map_err(|error| Fault::from(*error))
}

/// Bytes that most outputs fit in. Nothing is lost where they do not fill it: what is not written to
/// is not there.
const ROOM: usize = 120 << 10;

/// Executes a template of the set from the top.
pub(crate) fn run(
    shared: &Shared<'_>,
    templates: &Templates<'_>,
    name: &[u8],
    data: &Value,
) -> Result<Rendered, Box<Error>> {
    let template = templates
        .get(name)
        .ok_or_else(|| Templates::unknown(name))?;
    let mut state = State::new(shared, templates, template);
    state.out.reserve(ROOM);
    state.run(data)?;
    Ok(Rendered {
        output: state.out,
        trace: state.trace.unwrap_or_default(),
    })
}
