//! An answer before it is put on the wire, so that it can be held to the contract.

use serde_json::{Value, json};

use crate::http::Reply;

pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Content,
    pub(super) headers: Vec<(&'static str, String)>,
}

pub(super) enum Content {
    None,
    Json(Value),
    Bytes(Vec<u8>),
}

impl Answer {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            body: Content::Json(body),
            headers: Vec::new(),
        }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            body: Content::None,
            headers: Vec::new(),
        }
    }

    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self {
            status: 200,
            body: Content::Bytes(bytes),
            headers: Vec::new(),
        }
    }

    /// Refuses in one sentence.
    pub(super) fn error(status: u16, message: &str) -> Self {
        Self::json(
            status,
            json!({
                "message": message,
                "documentation_url": "https://docs.github.com/rest",
                "status": status.to_string(),
            }),
        )
    }

    pub(super) fn not_found() -> Self {
        Self::error(404, "Not Found")
    }

    /// Refuses because of what was sent; each error is resource, code, field and, if any, message.
    pub(super) fn invalid(errors: &[(&str, &str, &str, &str)]) -> Self {
        let errors: Vec<Value> = errors
            .iter()
            .map(|(resource, code, field, message)| {
                let mut error = json!({"resource": resource, "code": code, "field": field});
                if !message.is_empty() {
                    error["message"] = json!(message);
                }
                error
            })
            .collect();
        Self::json(
            422,
            json!({
                "message": "Validation Failed",
                "errors": errors,
                "documentation_url": "https://docs.github.com/rest",
                "status": "422",
            }),
        )
    }

    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Turns the last of its bytes; other answers stay as they are.
    pub(super) fn with_last_turned(mut self) -> Self {
        if let Content::Bytes(bytes) = &mut self.body
            && let Some(last) = bytes.last_mut()
        {
            *last ^= 1;
        }
        self
    }

    pub(super) fn into_reply(self) -> Reply {
        let mut reply = match self.body {
            Content::None => Reply::new(self.status),
            Content::Json(body) => Reply::json(self.status, &body),
            Content::Bytes(bytes) => Reply::new(self.status)
                .header("content-type", "application/octet-stream")
                .body(bytes),
        };
        for (name, value) in self.headers {
            reply = reply.header(name, value);
        }
        reply
    }
}
