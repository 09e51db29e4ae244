//! `.duat.gitURL`: prints as a URL, and has its parts.

use std::any::Any;

use gotemplate::{Member, Object, Value};

/// A URL with the fields of Go's `url.URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    text: String,
    scheme: String,
    user: String,
    host: String,
    path: String,
}

impl Address {
    /// Reads a URL, or the short form that git has for ssh: `git@host:path`.
    pub(super) fn new(text: &str) -> Self {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        let (authority, path) = if scheme.is_empty() {
            match rest.split_once(':') {
                Some((host, path)) if !host.contains('/') => (host, path),
                _ => ("", rest),
            }
        } else {
            rest.split_at(rest.find('/').unwrap_or(rest.len()))
        };
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let scheme = match (scheme, authority) {
            ("", "") => "file",
            ("", _) => "ssh",
            (scheme, _) => scheme,
        };
        Self {
            text: text.to_owned(),
            scheme: scheme.to_owned(),
            user: user.to_owned(),
            host: host.to_owned(),
            path: path.to_owned(),
        }
    }

    fn hostname(&self) -> (&str, &str) {
        match self.host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
            _ => (&self.host, ""),
        }
    }
}

impl Object for Address {
    fn type_name(&self) -> &'static str {
        "*url.URL"
    }

    fn text(&self) -> Option<String> {
        Some(self.text.clone())
    }

    fn member(&self, name: &str) -> Result<Option<Member>, String> {
        let (host, port) = self.hostname();
        let text = match name {
            "String" => &self.text,
            "Scheme" => &self.scheme,
            "User" => &self.user,
            "Host" => &self.host,
            "Hostname" => host,
            "Port" => port,
            "Path" | "EscapedPath" => &self.path,
            "Opaque" | "RawPath" | "RawQuery" | "Fragment" | "RawFragment" => "",
            _ => return Ok(None),
        };
        Ok(Some(Member::Field(Value::str(text))))
    }

    fn encoded(&self) -> Option<Value> {
        Some(Value::str(&self.text))
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_the_parts_that_go_sees() {
        for (text, scheme, host, path) in [
            (
                "https://github.com/a/b.git",
                "https",
                "github.com",
                "/a/b.git",
            ),
            ("ssh://git@host:22/a", "ssh", "host:22", "/a"),
            ("git@github.com:a/b.git", "ssh", "github.com", "a/b.git"),
            ("/srv/git/b.git", "file", "", "/srv/git/b.git"),
            ("file:///srv/b", "file", "", "/srv/b"),
            ("https://host", "https", "host", ""),
        ] {
            let address = Address::new(text);
            let found = (address.scheme.as_str(), address.host.as_str());
            assert_eq!(found, (scheme, host), "{text}");
            assert_eq!(address.path, path, "{text}");
            assert_eq!(address.text().as_deref(), Some(text));
        }
    }
}
