//! Who is let in.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::route::Route;
use super::service::{Service, problem};
use crate::http::{Reply, Request};

/// Who is let in.
#[derive(Clone, Debug)]
pub enum Guard {
    /// Everybody.
    Open,
    /// Who knows a name and its password.
    Basic {
        /// The name.
        user: String,
        /// Its password.
        password: String,
        /// Passwords that were good once: refused with 403, as ECR does.
        expired: Vec<String>,
    },
    /// Who has a token for what is asked.
    Bearer(Tokens),
}

/// How tokens are given out.
#[derive(Clone, Debug)]
#[must_use = "it describes the guard of a registry"]
pub struct Tokens {
    pub(super) users: Vec<(String, String)>,
    pub(super) identities: Vec<(String, String)>,
    /// Who may do what where: the name is empty for those without one; `*` at the end of a place
    /// stands for anything.
    pub(super) grants: Vec<(String, String, Vec<String>)>,
    pub(super) lifetime: Duration,
    pub(super) announced: Option<u64>,
    pub(super) field: &'static str,
    pub(super) takes_posts: bool,
    pub(super) renews: bool,
    pub(super) realm: Option<String>,
    pub(super) challenge: Option<Vec<String>>,
}

impl Tokens {
    /// Returns a way that gives everybody whose name and password are known a token for everything,
    /// and strangers none.
    pub fn for_user(user: &str, password: &str) -> Self {
        Self {
            users: vec![(user.to_owned(), password.to_owned())],
            identities: Vec::new(),
            grants: Vec::new(),
            lifetime: Duration::from_mins(5),
            announced: Some(300),
            field: "token",
            takes_posts: true,
            renews: false,
            realm: None,
            challenge: None,
        }
    }

    /// Another user.
    pub fn user(mut self, user: &str, password: &str) -> Self {
        self.users.push((user.to_owned(), password.to_owned()));
        self
    }

    /// An identity token (a refresh token) that stands for a user; it is taken by POST only.
    pub fn identity(mut self, token: &str, user: &str) -> Self {
        self.identities.push((token.to_owned(), user.to_owned()));
        self
    }

    /// Lets a user (strangers, when empty) do this there; who has no grant of this kind may do all,
    /// but for strangers, who may do nothing.
    pub fn grant(mut self, user: &str, place: &str, actions: &str) -> Self {
        let actions = actions.split(',').map(str::to_owned).collect();
        self.grants
            .push((user.to_owned(), place.to_owned(), actions));
        self
    }

    /// How long a token is good.
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// How many seconds the answer says it is good; by default it says 300.
    pub fn announces(mut self, seconds: Option<u64>) -> Self {
        self.announced = seconds;
        self
    }

    /// Calls it `access_token` instead of `token`.
    pub fn as_access_token(mut self) -> Self {
        self.field = "access_token";
        self
    }

    /// Knows GET only: a POST is answered with 404.
    pub fn without_posts(mut self) -> Self {
        self.takes_posts = false;
        self
    }

    /// Answers with a new refresh token each time, and the one before is worthless.
    pub fn renewing(mut self) -> Self {
        self.renews = true;
        self
    }

    /// Sends clients elsewhere for their tokens.
    pub fn realm(mut self, realm: &str) -> Self {
        self.realm = Some(realm.to_owned());
        self
    }

    /// Sends these values of `WWW-Authenticate`, each a field of its own; `$REALM` and `$SCOPE` stand
    /// for what belongs there.
    pub fn challenges(mut self, values: &[&str]) -> Self {
        self.challenge = Some(values.iter().map(|&value| value.to_owned()).collect());
        self
    }

    /// Returns those of the actions that a user (strangers, when empty) may do there.
    pub(super) fn allowed(&self, user: &str, place: &str, asked: &[String]) -> Vec<String> {
        let own = self.grants.iter().filter(|(name, ..)| name == user);
        let own: Vec<_> = own.collect();
        if own.is_empty() {
            return if user.is_empty() {
                Vec::new()
            } else {
                asked.to_vec()
            };
        }
        let is_granted = |action: &&String| {
            own.iter()
                .any(|(_, pattern, actions)| matches(pattern, place) && actions.contains(*action))
        };
        asked.iter().filter(is_granted).cloned().collect()
    }
}

/// Tells whether `text` is `pattern`, which may end in `*`.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => pattern == text,
    }
}

/// Returns name and password of a Basic authorization.
pub(super) fn basic(request: &Request) -> Option<(String, String)> {
    let value = request.header("authorization")?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// An action at a place: `repository:acme/app:pull`.
pub(super) type Need = (String, &'static str);

/// Returns what a request needs leave for.
fn needs(route: &Route, request: &Request) -> Vec<Need> {
    let Some(repository) = route.repository() else {
        return Vec::new();
    };
    let place = repository.to_owned();
    let mut needs = match (request.method.as_str(), route) {
        ("GET" | "HEAD" | "DELETE", Route::Upload { .. }) => vec![(place, "push")],
        ("GET" | "HEAD", _) => vec![(place, "pull")],
        ("DELETE", _) => vec![(place, "delete")],
        _ => vec![(place.clone(), "pull"), (place, "push")],
    };
    if request.parameter("mount").is_some()
        && let Some(from) = request.parameter("from")
    {
        needs.push((from, "pull"));
    }
    needs
}

/// Returns why a request is turned away; nothing when it is let in.
pub(super) fn turn_away(service: &Service, route: &Route, request: &Request) -> Option<Reply> {
    match service.settings().guard {
        Guard::Open => None,
        Guard::Basic {
            user,
            password,
            expired,
        } => {
            let challenge = r#"Basic realm="registry",service="registry.example.com""#;
            let Some((name, word)) = basic(request) else {
                return Some(unauthorized(&[challenge.to_owned()]));
            };
            if name == user && expired.contains(&word) {
                let message = "Your authorization token has expired. Reauthenticate and try again.";
                return Some(problem(403, "DENIED", message));
            }
            let known = name == user && word == password;
            (!known).then(|| unauthorized(&[challenge.to_owned()]))
        }
        Guard::Bearer(tokens) => {
            let needs = needs(route, request);
            let shown = request.header("authorization").and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
            });
            let error = match shown.map(|token| service.token_is_good(token, &needs)) {
                Some(Some(true)) => return None,
                Some(Some(false)) => r#",error="insufficient_scope""#,
                Some(None) => r#",error="invalid_token""#,
                None => "",
            };
            let realm = tokens.realm.unwrap_or_else(|| service.realm());
            let scope = scope(&needs);
            let challenges = tokens.challenge.unwrap_or_else(|| {
                let scope = match scope.as_str() {
                    "" => String::new(),
                    scope => format!(r#",scope="{scope}""#),
                };
                vec![format!(
                    r#"Bearer realm="$REALM",service="registry.example.com"{scope}{error}"#
                )]
            });
            let fill = |value: &String| value.replace("$REALM", &realm).replace("$SCOPE", &scope);
            let challenges: Vec<String> = challenges.iter().map(fill).collect();
            Some(unauthorized(&challenges))
        }
    }
}

/// Returns needs as the scope of a challenge: `repository:a:pull,push repository:b:pull`.
fn scope(needs: &[Need]) -> String {
    let mut places: Vec<(&str, Vec<&str>)> = Vec::new();
    for (place, action) in needs {
        match places.iter_mut().find(|(known, _)| known == place) {
            Some((_, actions)) => actions.push(action),
            None => places.push((place, vec![action])),
        }
    }
    let scopes = places
        .iter()
        .map(|(place, actions)| format!("repository:{place}:{}", actions.join(",")));
    scopes.collect::<Vec<String>>().join(" ")
}

fn unauthorized(challenges: &[String]) -> Reply {
    let reply = problem(401, "UNAUTHORIZED", "authentication required");
    challenges.iter().fold(reply, |reply, challenge| {
        reply.header("www-authenticate", challenge)
    })
}
