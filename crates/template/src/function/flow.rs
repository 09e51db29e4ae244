use super::{Arguments, Context, Failure, Function};
use crate::engine::Need;
use crate::value::Value;

pub(super) const TABLE: &[Function] = &[
    built_in!(["default"], "value: any, value: any -> any", "the argument `value` if it is not defined", (r#"{{ nothing | default(value="x") }}"#, "x")),
    row!(["default_if_empty", "default_empty"], "value?: any, with: any -> any", "`with` if it is not defined or empty: null, `false`, 0, nothing in it", (r#"{{ "" | default_if_empty(with="x") }}"#, "x"), default),
    row!(["required"], "value?: any, message: string = \"a value is required\" -> any", "an error with this message if it is not defined, null, or an empty text", (r#"{{ "x" | required(message="give a name") }}"#, "x"), required),
    row!(["coalesce"], "value?: any, with: list = [] -> any", "the first that is not empty", (r#"{{ "" | coalesce(with=[0, "x", "y"]) }}"#, "x"), coalesce),
    row!(["ternary"], "value?: any, yes: any, no: any -> any", "`yes` if it is not empty, else `no`", (r#"{{ true | ternary(yes="a", no="b") }}"#, "a"), ternary),
    row!(["empty"], "value?: any -> boolean", "whether it is not defined or empty", (r"{{ 0 | empty }}", "true"), |a, _| Ok(a.any(0).is_empty().into())),
    row!(["bool", "to_bool"], "value: any -> boolean", "`true` for true, yes, on, 1, whatever the case", (r#"{{ "Yes" | bool }}"#, "true"), boolean),
    row!(["fail", "throw", "RaiseError"], "message: string -> any", "an error with this message", (r#"{% if false %}{{ fail(message="no") }}{% endif %}"#, ""), |a, _| Err(Failure::from(a.text(0)?))),
    row!(["typeOf", "kindOf", "kind_of", "type_of"], "value?: any -> string", "what kind of value it is", (r"{{ 1 | typeOf }}", "integer"), |a, _| Ok(a.any(0).kind().into())),
    row!(["deepEqual", "deep_equal"], "value: any, to: any -> boolean", "whether both are the same all the way down", (r"{{ [1] | deepEqual(to=[1]) }}", "true"), |a, _| Ok((a.any(0) == a.any(1)).into())),
    row!(["env", "get_env", "getenv"], "name: string, default?: any -> string", "a variable of the environment", (r#"{{ get_env(name="NOT_THERE", default="x") }}"#, "x"), env).needs(Need::Environment),
    row!(["expandenv"], "value: string -> string", "with `$NAME` and `${NAME}` replaced by variables of the environment, by nothing if there are none", (r#"{{ "a$NOT_THERE" | expandenv }}"#, "a"), expand).needs(Need::Environment),
    row!(
        ["render_file"],
        "path: string, ... -> string",
        "another template rendered, whose name may be computed, with the arguments over the values",
        (r#"{% if false %}{{ render_file(path="a", n=1) }}{% endif %}"#, ""),
        |_, _| Err("it is rendered by the dialect".into()),
    )
    .needs(Need::Files),
    row!(
        ["read_file", "include_file"],
        "path: string -> string",
        "the text of a template as it stands",
        (r#"{% if false %}{{ read_file(path="a") }}{% endif %}"#, ""),
        file,
    )
    .needs(Need::Files),
];

type Outcome = Result<Value, Failure>;

fn default(arguments: &Arguments, _: &Context) -> Outcome {
    let value = arguments.any(0);
    Ok(if value.is_empty() {
        arguments.any(1)
    } else {
        value
    })
}

fn required(arguments: &Arguments, _: &Context) -> Outcome {
    match arguments.any(0) {
        Value::Null => Err(arguments.text(1)?.into()),
        Value::Text(text) if text.is_empty() => Err(arguments.text(1)?.into()),
        value => Ok(value),
    }
}

fn coalesce(arguments: &Arguments, _: &Context) -> Outcome {
    let first = std::iter::once(arguments.any(0));
    let mut values = first.chain(arguments.list(1)?.iter().cloned());
    Ok(values.find(|value| !value.is_empty()).unwrap_or_default())
}

fn ternary(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(arguments.any(if arguments.any(0).is_empty() { 2 } else { 1 }))
}

fn boolean(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?.to_lowercase();
    match text.trim() {
        "true" | "yes" | "on" | "1" | "y" | "t" => Ok(true.into()),
        "false" | "no" | "off" | "0" | "n" | "f" | "" => Ok(false.into()),
        _ => Err("it is neither true nor false".into()),
    }
}

fn env(arguments: &Arguments, context: &Context) -> Outcome {
    let name = arguments.text(0)?;
    match context.host.lookup("Env", &name)? {
        Some(value) => Ok(value),
        None if arguments.has(1) => Ok(arguments.any(1)),
        None => Err(format!("`{name}` is not set").into()),
    }
}

fn expand(arguments: &Arguments, context: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let mut made = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('$') {
        made.push_str(before);
        let word = |text: &str| {
            let legal = |each: char| each.is_ascii_alphanumeric() || each == '_';
            text.find(|each| !legal(each)).unwrap_or(text.len())
        };
        let braced = after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'));
        let (name, behind) = braced.unwrap_or_else(|| after.split_at(word(after)));
        if name.is_empty() {
            made.push('$');
        } else if let Some(value) = context.host.lookup("Env", name)? {
            made.push_str(&value.printed());
        }
        context.room(made.len())?;
        rest = behind;
    }
    made.push_str(rest);
    Ok(made.into())
}

fn file(arguments: &Arguments, context: &Context) -> Outcome {
    let path = arguments.text(0)?;
    let text = context.host.template(&path)?;
    text.map(Value::Text)
        .ok_or_else(|| format!("`{path}` does not exist").into())
}
