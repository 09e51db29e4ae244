use super::{entries, resolve};
use crate::function::pattern::compile;
use crate::node::{Content, Node, Origin};
use crate::value::{Map, Value};

/// References that may be followed one behind another.
const DEEPEST: usize = 128;
/// Violations after which no more are looked for.
const MOST: usize = 200;

/// A keyword, how a message says it, and when it holds.
type Bound = (&'static str, &'static str, fn(f64, f64) -> bool);

pub(super) struct Violation {
    pub(super) message: String,
    pub(super) origin: Origin,
}

pub(super) struct Checker<'a> {
    root: &'a Value,
    pub(super) violations: Vec<Violation>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self {
            root,
            violations: Vec::new(),
        }
    }

    pub(super) fn check(
        &mut self,
        schema: &Value,
        node: &Node,
        path: &mut Vec<String>,
        depth: usize,
    ) {
        if self.violations.len() >= MOST {
            return;
        }
        if depth > DEEPEST {
            self.refuse(
                node,
                path,
                "the schema refers to itself too deep to be checked",
            );
            return;
        }
        let schema = match schema {
            Value::Bool(false) => return self.refuse(node, path, "nothing may stand here"),
            Value::Map(schema) => schema,
            _ => return,
        };
        if let Some(target) = schema.get("$ref").and_then(Value::as_str)
            && let Some(target) = resolve(self.root, target)
        {
            self.check(&target.clone(), node, path, depth + 1);
        }
        self.general(schema, node, path);
        match &node.content {
            Content::Map(_) => self.map(schema, node, path, depth),
            Content::List(items) => self.list(schema, node, items, path, depth),
            Content::Scalar(value) => self.scalar(schema, node, value, path),
        }
        self.combined(schema, node, path, depth);
    }

    fn general(&mut self, schema: &Map, node: &Node, path: &[String]) {
        let value = node.value();
        if let Some(wanted) = schema.get("type") {
            let kinds: Vec<&str> = match wanted {
                Value::List(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            if !kinds.is_empty() && !kinds.iter().any(|kind| is_a(&value, kind)) {
                let wanted = kinds.join(" or ");
                self.refuse(
                    node,
                    path,
                    &format!("must be {wanted}, not {}", kind_of(&value)),
                );
            }
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_list)
            && !allowed.iter().any(|each| same(each, &value))
        {
            let list: Vec<String> = allowed.iter().map(ToString::to_string).collect();
            self.refuse(node, path, &format!("must be one of {}", list.join(", ")));
        }
        if let Some(wanted) = schema.get("const").filter(|wanted| !same(wanted, &value)) {
            self.refuse(node, path, &format!("must be {wanted}"));
        }
    }

    fn map(&mut self, schema: &Map, node: &Node, path: &mut Vec<String>, depth: usize) {
        let Some(found) = node.entries() else { return };
        let properties = entries(schema, "properties");
        for name in schema
            .get("required")
            .and_then(Value::as_list)
            .unwrap_or_default()
        {
            let name = name.printed();
            if found.get(&name).is_none() {
                self.refuse(node, path, &format!("lacks `{name}`"));
            }
        }
        self.size(
            schema,
            node,
            path,
            found.len(),
            ["minProperties", "maxProperties"],
            "entries",
        );
        for (name, needed) in entries(schema, "dependentRequired").into_iter().flatten() {
            for other in needed.as_list().unwrap_or_default() {
                if found.get(name).is_some() && found.get(&other.printed()).is_none() {
                    self.refuse(
                        node,
                        path,
                        &format!("has `{name}` but lacks `{}`", other.printed()),
                    );
                }
            }
        }
        for (name, child) in found.iter() {
            path.push(name.to_string());
            let mut known = false;
            if let Some(inner) = properties.and_then(|properties| properties.get(&**name)) {
                known = true;
                self.check(inner, child, path, depth + 1);
            }
            for (pattern, inner) in entries(schema, "patternProperties").into_iter().flatten() {
                if compile(pattern).is_ok_and(|pattern| pattern.is_match(name)) {
                    known = true;
                    self.check(inner, child, path, depth + 1);
                }
            }
            match schema.get("additionalProperties").filter(|_| !known) {
                Some(Value::Bool(false)) => {
                    let names = properties
                        .into_iter()
                        .flatten()
                        .map(|(name, _)| name.as_str());
                    let close = crate::diagnostic::closest(name, names);
                    let more = close.map(|close| format!("; did you mean `{close}`?"));
                    let message = format!("is not a known value{}", more.unwrap_or_default());
                    self.refuse(child, path, &message);
                }
                Some(inner) => self.check(inner, child, path, depth + 1),
                None => {}
            }
            if let Some(inner) = schema.get("propertyNames") {
                let name = Node::scalar(&**name, child.origin.clone());
                self.check(inner, &name, path, depth + 1);
            }
            path.pop();
        }
    }

    fn list(
        &mut self,
        schema: &Map,
        node: &Node,
        items: &[Node],
        path: &mut Vec<String>,
        depth: usize,
    ) {
        self.size(
            schema,
            node,
            path,
            items.len(),
            ["minItems", "maxItems"],
            "items",
        );
        // draft 7 wrote `prefixItems` as a list of `items`, and `items` as `additionalItems`
        let old = schema.get("items").and_then(Value::as_list);
        let first = schema
            .get("prefixItems")
            .and_then(Value::as_list)
            .or(old)
            .unwrap_or_default();
        let rest = schema.get(if old.is_some() {
            "additionalItems"
        } else {
            "items"
        });
        for (index, item) in items.iter().enumerate() {
            path.push(index.to_string());
            if let Some(inner) = first.get(index).or(rest) {
                self.check(inner, item, path, depth + 1);
            }
            path.pop();
        }
        if let Some(inner) = schema.get("contains")
            && !items.iter().any(|item| self.holds(inner, item, depth))
        {
            self.refuse(node, path, "has no item of the kind that is needed");
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = std::collections::HashSet::new();
            let twice = items
                .iter()
                .find(|item| !seen.insert(item.value().to_string()));
            if let Some(twice) = twice {
                self.refuse(twice, path, "has an item twice");
            }
        }
    }

    fn scalar(&mut self, schema: &Map, node: &Node, value: &Value, path: &[String]) {
        if let Value::Text(text) = value {
            let length = text.chars().count();
            self.size(
                schema,
                node,
                path,
                length,
                ["minLength", "maxLength"],
                "characters",
            );
            if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
                && !compile(pattern).is_ok_and(|compiled| compiled.is_match(text))
            {
                self.refuse(node, path, &format!("must match `{pattern}`"));
            }
        }
        let Some(number) = as_float(value) else {
            return;
        };
        let bounds: [Bound; 4] = [
            ("minimum", "at least", |number, bound| number >= bound),
            ("maximum", "at most", |number, bound| number <= bound),
            ("exclusiveMinimum", "greater than", |number, bound| {
                number > bound
            }),
            ("exclusiveMaximum", "less than", |number, bound| {
                number < bound
            }),
        ];
        for (keyword, words, holds) in bounds {
            let bound = schema.get(keyword);
            if let Some((bound, limit)) = bound.and_then(|bound| Some((bound, as_float(bound)?)))
                && !holds(number, limit)
            {
                self.refuse(node, path, &format!("must be {words} {bound}"));
            }
        }
        if let Some(step) = schema
            .get("multipleOf")
            .and_then(as_float)
            .filter(|step| *step > 0.0)
        {
            let times = number / step;
            if (times - times.round()).abs() > 1e-9 {
                self.refuse(node, path, &format!("must be a multiple of {step}"));
            }
        }
    }

    fn combined(&mut self, schema: &Map, node: &Node, path: &mut Vec<String>, depth: usize) {
        let list = |keyword: &str| schema.get(keyword).and_then(Value::as_list);
        for inner in list("allOf").unwrap_or_default() {
            self.check(inner, node, path, depth + 1);
        }
        if let Some(choices) = list("anyOf")
            && !choices.iter().any(|inner| self.holds(inner, node, depth))
        {
            self.refuse(node, path, "is none of the forms that are allowed");
        }
        if let Some(choices) = list("oneOf") {
            let count = choices
                .iter()
                .filter(|inner| self.holds(inner, node, depth))
                .count();
            if count != 1 {
                self.refuse(
                    node,
                    path,
                    &format!("must be of one of the forms, but is of {count}"),
                );
            }
        }
        if schema
            .get("not")
            .is_some_and(|inner| self.holds(inner, node, depth))
        {
            self.refuse(node, path, "is of a form that is not allowed");
        }
        if let Some(condition) = schema.get("if") {
            let branch = if self.holds(condition, node, depth) {
                "then"
            } else {
                "else"
            };
            if let Some(inner) = schema.get(branch) {
                self.check(inner, node, path, depth + 1);
            }
        }
    }

    fn holds(&self, schema: &Value, node: &Node, depth: usize) -> bool {
        let mut inner = Self::new(self.root);
        inner.check(schema, node, &mut Vec::new(), depth + 1);
        inner.violations.is_empty()
    }

    fn size(
        &mut self,
        schema: &Map,
        node: &Node,
        path: &[String],
        size: usize,
        keywords: [&str; 2],
        what: &str,
    ) {
        for (keyword, words) in keywords.into_iter().zip(["at least", "at most"]) {
            let bound = schema.get(keyword).and_then(|bound| match bound {
                Value::Integer(bound) => usize::try_from(*bound).ok(),
                _ => None,
            });
            let broken = bound.filter(|bound| {
                if words == "at least" {
                    size < *bound
                } else {
                    size > *bound
                }
            });
            if let Some(bound) = broken {
                self.refuse(
                    node,
                    path,
                    &format!("must have {words} {bound} {what}, not {size}"),
                );
            }
        }
    }

    fn refuse(&mut self, node: &Node, path: &[String], message: &str) {
        let name = if path.is_empty() {
            "the whole".to_owned()
        } else {
            format!("`{}`", path.join("."))
        };
        let violation = Violation {
            message: format!("{name} {message}"),
            origin: node.origin.clone(),
        };
        self.violations.push(violation);
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Integer(_) => "integer",
        Value::Float(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
    }
}

fn is_a(value: &Value, kind: &str) -> bool {
    match (kind, value) {
        ("number", Value::Integer(_)) => true,
        ("integer", Value::Float(number)) => number.fract() == 0.0,
        (kind, value) => kind_of(value) == kind,
    }
}

fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(_) | Value::Float(_) => value.to_string().parse().ok(),
        _ => None,
    }
}

/// JSON Schema holds 1 and 1.0 for the same.
fn same(left: &Value, right: &Value) -> bool {
    match (as_float(left), as_float(right)) {
        (Some(one), Some(other)) => left == right || one.total_cmp(&other).is_eq(),
        _ => left == right,
    }
}
