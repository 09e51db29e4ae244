//! Functions that templates call, with the Go signatures that decide how arguments are converted.

use crate::error::Fault;
use crate::exec::Call;
use crate::host::Door;
use crate::value::Value;
use std::rc::Rc;

/// A Go parameter type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// `interface {}`: takes anything, no value becomes nil.
    Any,
    /// `reflect.Value`: takes anything as it is.
    Reflect,
    /// `string`
    String,
    /// `int`
    Int,
    /// `int64`
    Int64,
    /// `uint32`
    Uint32,
    /// `float64`
    Float,
    /// `bool`
    Bool,
    /// `map[string]interface {}`
    Map,
    /// `[]interface {}`
    List,
    /// An object by its Go type, such as `time.Time`.
    Object(&'static str),
}

impl Type {
    /// The Go name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::Reflect => "reflect.Value",
            Self::String => "string",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
            Self::Object(name) => name,
        }
    }

    /// Whether nil can be given for it.
    #[must_use]
    pub fn nilable(self) -> bool {
        match self {
            Self::Any | Self::Reflect | Self::Map | Self::List => true,
            Self::Object(name) => name.starts_with('*'),
            _ => false,
        }
    }
}

/// The result of a function.
pub type Answer = Result<Value, Fault>;

type Body = Box<dyn Fn(&mut Call<'_>, &[Value]) -> Answer>;

/// A function with its Go signature.
pub struct Function {
    params: &'static [Type],
    variadic: bool,
    doors: &'static [Door],
    result: &'static str,
    body: Body,
}

impl Function {
    /// A function of these parameters. The body gets as many arguments, converted to these types.
    pub fn new(
        params: &'static [Type],
        body: impl Fn(&mut Call<'_>, &[Value]) -> Answer + 'static,
    ) -> Self {
        Self {
            params,
            variadic: false,
            doors: &[],
            result: "interface {}",
            body: Box::new(body),
        }
    }

    /// A function whose last parameter type stands for any number of arguments (Go's `...T`).
    pub fn variadic(
        params: &'static [Type],
        body: impl Fn(&mut Call<'_>, &[Value]) -> Answer + 'static,
    ) -> Self {
        Self {
            variadic: true,
            ..Self::new(params, body)
        }
    }

    /// Names what the function may draw on besides its arguments.
    #[must_use]
    pub fn through(mut self, doors: &'static [Door]) -> Self {
        self.doors = doors;
        self
    }

    /// Names the Go result type, which only the printed type of the function shows.
    #[must_use]
    pub fn returning(mut self, result: &'static str) -> Self {
        self.result = result;
        self
    }

    /// The parameter types; of a variadic function the last is that of the remaining arguments.
    #[must_use]
    pub fn params(&self) -> &'static [Type] {
        self.params
    }

    /// Whether the last parameter takes any number of arguments.
    #[must_use]
    pub fn is_variadic(&self) -> bool {
        self.variadic
    }

    /// What the function may draw on besides its arguments.
    #[must_use]
    pub fn doors(&self) -> &'static [Door] {
        self.doors
    }

    /// The number of arguments before the variadic ones.
    #[must_use]
    pub fn fixed(&self) -> usize {
        self.params.len() - usize::from(self.variadic && !self.params.is_empty())
    }

    /// The type of the argument at this position.
    #[must_use]
    pub fn param(&self, at: usize) -> Type {
        let last = self.params.last().copied().unwrap_or(Type::Any);
        self.params.get(at).copied().unwrap_or(last)
    }

    /// The type as `%T` prints it.
    #[must_use]
    pub fn type_name(&self) -> String {
        let mut params: Vec<String> = self
            .params
            .iter()
            .map(|param| param.name().to_owned())
            .collect();
        if let (true, Some(last)) = (self.variadic, params.last_mut()) {
            last.insert_str(0, "...");
        }
        format!("func({}) {}", params.join(", "), self.result)
    }

    pub(crate) fn call(&self, call: &mut Call<'_>, args: &[Value]) -> Answer {
        (self.body)(call, args)
    }
}

/// Named functions, to be handed to [`crate::Engine::add`].
pub type Functions = Vec<(&'static str, Rc<Function>)>;
