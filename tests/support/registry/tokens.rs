//! The origin that gives out tokens.

use std::time::Instant;

use serde_json::json;

use super::guard::{Guard, Tokens, basic};
use super::service::Service;
use crate::http::{Body, Reply, Request};

/// A token that has been given out.
pub(super) struct Token {
    pub(super) text: String,
    /// Actions at places.
    pub(super) grants: Vec<(String, String)>,
    pub(super) ends: Instant,
}

pub(super) fn answer(service: &Service, request: &Request, body: &mut Body<'_>) -> Reply {
    let Guard::Bearer(tokens) = service.settings().guard else {
        return Reply::new(404);
    };
    let asked = match request.method.as_str() {
        "GET" => request.query(),
        "POST" if tokens.takes_posts => {
            let form = body.bytes().unwrap_or_default();
            let form = Request {
                target: format!("/?{}", String::from_utf8_lossy(&form)),
                ..Request::default()
            };
            form.query()
        }
        _ => return Reply::new(404),
    };
    let field = |name: &str| {
        let mut fields = asked.iter();
        fields
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    };
    let user = if request.method == "GET" {
        match basic(request) {
            None if request.header("authorization").is_some() => None,
            None => Some(String::new()),
            Some(shown) => tokens.users.contains(&shown).then_some(shown.0),
        }
    } else {
        match field("grant_type").as_deref() {
            Some("refresh_token") => {
                field("refresh_token").and_then(|token| service.identity(&tokens, &token))
            }
            Some("password") => {
                let shown = field("username").zip(field("password"));
                shown
                    .filter(|shown| tokens.users.contains(shown))
                    .map(|(user, _)| user)
            }
            _ => None,
        }
    };
    let Some(user) = user else {
        return Reply::json(401, &json!({"details": "incorrect username or password"}));
    };
    let scopes = asked.iter().filter(|(name, _)| name == "scope");
    let scopes: Vec<&str> = scopes.flat_map(|(_, value)| value.split(' ')).collect();
    let text = service.give_token(&tokens, grants(&tokens, &user, &scopes));
    let mut reply = json!({ tokens.field: text });
    if let Some(seconds) = tokens.announced {
        reply["expires_in"] = json!(seconds);
    }
    if tokens.renews && request.method == "POST" {
        reply["refresh_token"] = json!(service.new_identity(&user));
    }
    Reply::json(200, &reply)
}

/// Returns what of these scopes a user is granted.
fn grants(tokens: &Tokens, user: &str, scopes: &[&str]) -> Vec<(String, String)> {
    let mut granted = Vec::new();
    for scope in scopes {
        let Some((place, actions)) = scope
            .strip_prefix("repository:")
            .and_then(|rest| rest.rsplit_once(':'))
        else {
            continue;
        };
        let actions: Vec<String> = actions.split(',').map(str::to_owned).collect();
        for action in tokens.allowed(user, place, &actions) {
            granted.push((place.to_owned(), action));
        }
    }
    granted
}
