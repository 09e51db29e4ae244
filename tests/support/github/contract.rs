//! GitHub's own description of its API, to which every request and answer is held.
//!
//! `contract/openapi.json` is cut by `contract/slice.mjs` from what GitHub publishes. It is read with
//! two additions, because it says less than GitHub does: an asset may be a `starter`, and an upload
//! may be of any media type.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::{Value, json};

use super::answer::{Answer, Content};
use super::service::Ask;

const DOCUMENT: &str = include_str!("contract/openapi.json");
const PLACE: &str = "https://github.invalid/openapi.json";

/// What any operation may be answered, although the description seldom says so.
const COMMON_ERRORS: &[u16] = &[301, 307, 401, 403, 404, 409, 422, 429];

pub(super) struct Contract {
    document: Value,
    schemas: Schemas,
    /// Schemas of requests and answers by their place in the document.
    places: BTreeMap<String, SchemaIndex>,
}

impl Contract {
    /// Returns the contract, read once.
    pub(super) fn read() -> &'static Self {
        static CONTRACT: OnceLock<Contract> = OnceLock::new();
        CONTRACT.get_or_init(Self::compile)
    }

    fn compile() -> Self {
        let mut document: Value = serde_json::from_str(DOCUMENT).expect("the description is JSON");
        let states = "/components/schemas/release-asset/properties/state/enum";
        document
            .pointer_mut(states)
            .and_then(Value::as_array_mut)
            .expect("assets have states")
            .push(json!("starter"));
        spell_out_null(&mut document);
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V4);
        compiler.enable_format_assertions();
        compiler
            .add_resource(PLACE, document.clone())
            .expect("the description can be referred to");
        let mut schemas = Schemas::new();
        let mut places = BTreeMap::new();
        for place in places_of_schemas(&document) {
            let encoded = place.replace('{', "%7B").replace('}', "%7D");
            let index = compiler
                .compile(&format!("{PLACE}#{encoded}"), &mut schemas)
                .unwrap_or_else(|error| panic!("{place}: {error}"));
            places.insert(place, index);
        }
        Self {
            document,
            schemas,
            places,
        }
    }

    /// Returns what is wrong with a request.
    pub(super) fn faults_of_request(&self, ask: &Ask<'_>) -> Vec<String> {
        let Some(place) = self.operation(ask) else {
            return Vec::new();
        };
        let operation = self.document.pointer(&place).unwrap_or(&Value::Null);
        let mut faults = self.faults_of_query(operation, ask);
        let body = format!("{place}/requestBody/content/application~1json/schema");
        if let Some(index) = self.places.get(&body) {
            let is_json = ask
                .request
                .header("content-type")
                .is_some_and(|kind| kind.starts_with("application/json"));
            if !is_json {
                faults.push("its body is not said to be JSON".to_owned());
            }
            faults.extend(self.faults_of_value(&ask.body, *index));
        }
        faults
    }

    /// Returns what is wrong with an answer.
    pub(super) fn faults_of_answer(&self, ask: &Ask<'_>, answer: &Answer) -> Vec<String> {
        let Some(place) = self.operation(ask) else {
            return Vec::new();
        };
        let said = format!("{place}/responses/{}", answer.status);
        let Some(response) = self.document.pointer(&said) else {
            if !COMMON_ERRORS.contains(&answer.status) {
                return vec![format!("the answer {} is not foreseen", answer.status)];
            }
            return self.faults_of_error(answer);
        };
        let content = match response.get("$ref").and_then(Value::as_str) {
            Some(reference) => reference.trim_start_matches('#').to_owned(),
            None => said,
        };
        let schema = format!("{content}/content/application~1json/schema");
        match (&answer.body, self.places.get(&schema)) {
            (Content::Json(body), Some(index)) => self.faults_of_value(body, *index),
            (Content::Json(_), None) => self.faults_of_error(answer),
            (_, Some(_)) => vec![format!("the answer {} has no JSON", answer.status)],
            (_, None) => Vec::new(),
        }
    }

    /// Returns the place of the operation a request asks for; nothing if it is not described.
    fn operation(&self, ask: &Ask<'_>) -> Option<String> {
        let template = ask.target.template()?;
        let method = match ask.request.method.as_str() {
            "HEAD" => "get".to_owned(),
            other => other.to_ascii_lowercase(),
        };
        let place = format!("/paths/{}/{method}", template.replace('/', "~1"));
        self.document.pointer(&place).map(|_| place)
    }

    fn faults_of_query(&self, operation: &Value, ask: &Ask<'_>) -> Vec<String> {
        let query = ask.request.query();
        let no_parameters = Vec::new();
        let parameters = operation.get("parameters").and_then(Value::as_array);
        let parameters: Vec<&Value> = parameters
            .unwrap_or(&no_parameters)
            .iter()
            .filter_map(|parameter| self.resolved(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .collect();
        let mut faults: Vec<String> = query
            .iter()
            .filter(|(name, _)| !parameters.iter().any(|one| one["name"] == name.as_str()))
            .map(|(name, _)| format!("no parameter is called `{name}`"))
            .collect();
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let value = query.iter().find(|(key, _)| key == name);
            let is_number = parameter["schema"]["type"] == "integer";
            match value {
                None if parameter["required"] == true => {
                    faults.push(format!("the parameter `{name}` is missing"));
                }
                Some((_, value)) if is_number && value.parse::<u64>().is_err() => {
                    faults.push(format!("the parameter `{name}` is no number: `{value}`"));
                }
                _ => {}
            }
        }
        faults
    }

    fn faults_of_error(&self, answer: &Answer) -> Vec<String> {
        let Content::Json(body) = &answer.body else {
            return Vec::new();
        };
        let kind = if answer.status == 422 {
            "validation-error"
        } else {
            "basic-error"
        };
        let index = self.places[&format!("/components/schemas/{kind}")];
        self.faults_of_value(body, index)
    }

    fn faults_of_value(&self, value: &Value, index: SchemaIndex) -> Vec<String> {
        match self.schemas.validate(value, index) {
            Ok(()) => Vec::new(),
            Err(error) => vec![error.to_string()],
        }
    }

    fn resolved<'contract>(&'contract self, value: &'contract Value) -> Option<&'contract Value> {
        match value.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')),
            None => Some(value),
        }
    }
}

/// Returns the places of all schemas for JSON that an operation or a shared answer names, and those
/// of errors.
fn places_of_schemas(document: &Value) -> Vec<String> {
    let mut places = vec![
        "/components/schemas/basic-error".to_owned(),
        "/components/schemas/validation-error".to_owned(),
    ];
    let mut contents = Vec::new();
    for (path, operations) in members(document, "/paths") {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let place = format!("/paths/{}/{method}", path.replace('/', "~1"));
            contents.push(format!("{place}/requestBody"));
            for (status, _) in members(operation, "/responses") {
                contents.push(format!("{place}/responses/{status}"));
            }
        }
    }
    for (name, _) in members(document, "/components/responses") {
        contents.push(format!("/components/responses/{name}"));
    }
    for content in contents {
        let schema = format!("{content}/content/application~1json/schema");
        if document.pointer(&schema).is_some() {
            places.push(schema);
        }
    }
    places
}

fn members<'value>(
    value: &'value Value,
    place: &str,
) -> impl Iterator<Item = (&'value String, &'value Value)> {
    let object = value.pointer(place).and_then(Value::as_object);
    object.into_iter().flatten()
}

/// Says `null` as JSON Schema does where the description says `nullable`.
fn spell_out_null(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(spell_out_null),
        Value::Object(object) => {
            object.values_mut().for_each(spell_out_null);
            if object.get("nullable") == Some(&Value::Bool(true)) {
                object.remove("nullable");
                let schema = value.take();
                *value = json!({"anyOf": [schema, {"type": "null"}]});
            }
        }
        _ => {}
    }
}
