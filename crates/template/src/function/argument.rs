use serde::Serialize;

use super::Failure;
use crate::value::{Map, Value};

/// A parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name, as a template writes it.
    pub name: &'static str,
    /// What kind of value it takes.
    pub kind: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
    /// What stands for it then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<&'static str>,
}

/// What a function was called with, in the order of its parameters.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    pub(crate) name: &'static str,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) values: Vec<Option<Value>>,
    /// What was given beyond the parameters, for a function whose last parameter is `...`.
    pub(crate) rest: Map,
}

impl Parameter {
    pub(super) fn list(signature: &'static str) -> Vec<Self> {
        let (parameters, _) = signature.split_once("->").unwrap_or((signature, ""));
        let parts = parameters.split(", ").map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(Self::new)
            .collect()
    }

    fn new(text: &'static str) -> Self {
        let (declared, default) = match text.split_once('=') {
            Some((declared, default)) => (declared, Some(default.trim())),
            None => (text, None),
        };
        let (name, kind) = declared.split_once(':').unwrap_or((declared, "any"));
        let (name, optional) = match name.trim().strip_suffix('?') {
            Some(name) => (name, true),
            None => (name.trim(), default.is_some() || name.trim() == "..."),
        };
        Self {
            name,
            kind: kind.trim(),
            optional,
            default,
        }
    }
}

impl Arguments {
    /// Returns the value of a parameter, null when it was left out or is undefined.
    pub(crate) fn any(&self, at: usize) -> Value {
        self.given(at).cloned().unwrap_or_default()
    }

    /// Returns the value of a parameter if it was given and is defined.
    pub(crate) fn given(&self, at: usize) -> Option<&Value> {
        self.values.get(at).and_then(Option::as_ref)
    }

    pub(crate) fn has(&self, at: usize) -> bool {
        self.given(at).is_some()
    }

    /// Returns a parameter as text; a number or boolean as it is printed.
    pub(crate) fn text(&self, at: usize) -> Result<String, Failure> {
        match self.given(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            Some(value @ (Value::Bool(_) | Value::Integer(_) | Value::Float(_))) => {
                Ok(value.printed())
            }
            None if self.default(at).is_some() => Ok(self
                .default(at)
                .unwrap_or_default()
                .trim_matches('"')
                .to_owned()),
            _ => Err(self.mismatch(at, "a string")),
        }
    }

    /// Returns a parameter as a whole number; a text of digits counts.
    pub(crate) fn integer(&self, at: usize) -> Result<i128, Failure> {
        let whole = |number: f64| number.fract() == 0.0 && number.abs() < 9.0e15;
        match self.given(at) {
            Some(Value::Integer(number)) => Ok(*number),
            Some(Value::Float(number)) if whole(*number) => number
                .to_string()
                .parse()
                .map_err(|_| self.mismatch(at, "an integer")),
            Some(Value::Text(text)) => text
                .trim()
                .parse()
                .map_err(|_| self.mismatch(at, "an integer")),
            None => match self.default(at).map(str::parse) {
                Some(Ok(number)) => Ok(number),
                _ => Err(self.mismatch(at, "an integer")),
            },
            _ => Err(self.mismatch(at, "an integer")),
        }
    }

    /// Returns a parameter as a count or an index; a negative one is an error.
    pub(crate) fn count(&self, at: usize) -> Result<usize, Failure> {
        let number = self.integer(at)?;
        let wrong = |_| Failure::from(format!("`{}` must not be {number}", self.label(at)));
        usize::try_from(number).map_err(wrong)
    }

    /// Returns a parameter as a number, whole or not.
    pub(crate) fn number(&self, at: usize) -> Result<Value, Failure> {
        match self.given(at) {
            Some(number @ (Value::Integer(_) | Value::Float(_))) => Ok(number.clone()),
            Some(Value::Text(text)) => {
                super::math::parse(text).ok_or_else(|| self.mismatch(at, "a number"))
            }
            None => self
                .default(at)
                .and_then(super::math::parse)
                .ok_or_else(|| self.mismatch(at, "a number")),
            _ => Err(self.mismatch(at, "a number")),
        }
    }

    pub(crate) fn flag(&self, at: usize) -> Result<bool, Failure> {
        match self.given(at) {
            Some(Value::Bool(flag)) => Ok(*flag),
            None => Ok(self.default(at) == Some("true")),
            _ => Err(self.mismatch(at, "true or false")),
        }
    }

    pub(crate) fn list(&self, at: usize) -> Result<&[Value], Failure> {
        match self.given(at) {
            Some(Value::List(items)) => Ok(items),
            None if self.is_optional(at) => Ok(&[]),
            _ => Err(self.mismatch(at, "a list")),
        }
    }

    pub(crate) fn map(&self, at: usize) -> Result<&Map, Failure> {
        match self.given(at) {
            Some(Value::Map(map)) => Ok(map),
            _ => Err(self.mismatch(at, "a map")),
        }
    }

    fn default(&self, at: usize) -> Option<&'static str> {
        self.parameters
            .get(at)
            .and_then(|parameter| parameter.default)
    }

    fn is_optional(&self, at: usize) -> bool {
        self.parameters
            .get(at)
            .is_some_and(|parameter| parameter.optional)
    }

    fn label(&self, at: usize) -> &'static str {
        self.parameters
            .get(at)
            .map_or("value", |parameter| parameter.name)
    }

    fn mismatch(&self, at: usize, wanted: &str) -> Failure {
        let (name, label) = (self.name, self.label(at));
        match self.given(at) {
            Some(value) => {
                format!(
                    "`{label}` of `{name}` must be {wanted}, not {}",
                    article(value.kind())
                )
            }
            None => format!("`{label}` of `{name}` is missing; it must be {wanted}"),
        }
        .into()
    }
}

fn article(kind: &str) -> String {
    match kind {
        "null" => kind.to_owned(),
        "integer" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}
