//! URLs, read and written as Go's `net/url` does.

use crate::quote::quote;

/// The parts of a URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Url {
    pub(crate) scheme: String,
    pub(crate) opaque: Vec<u8>,
    pub(crate) user: Option<User>,
    pub(crate) host: Vec<u8>,
    pub(crate) path: Vec<u8>,
    pub(crate) query: Vec<u8>,
    pub(crate) fragment: Vec<u8>,
}

/// Name and password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

/// What is being escaped: each part has characters of its own that may stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Path,
    User,
    Host,
    Fragment,
}

fn split_at_byte(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&b| b == byte) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

fn must_escape(byte: u8, mode: Mode) -> bool {
    if byte.is_ascii_alphanumeric() {
        return false;
    }
    if mode == Mode::Host && b"!$&'()*+,;=:[]<>\"".contains(&byte) {
        return false;
    }
    match byte {
        b'-' | b'_' | b'.' | b'~' => false,
        b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match mode {
            Mode::Path => byte == b'?',
            Mode::User => matches!(byte, b'@' | b'/' | b'?' | b':'),
            Mode::Fragment => false,
            Mode::Host => true,
        },
        b'!' | b'(' | b')' | b'*' => mode != Mode::Fragment,
        _ => true,
    }
}

fn escape(text: &[u8], mode: Mode) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if must_escape(byte, mode) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(byte);
        }
    }
    out
}

fn unescape(text: &[u8], mode: Mode) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        if byte == b'%' {
            let hex = |at: usize| tail.get(at).and_then(|&b| char::from(b).to_digit(16));
            let (Some(high), Some(low)) = (hex(0), hex(1)) else {
                let shown = quote(rest.get(..rest.len().min(3)).unwrap_or_default());
                return Err(format!("invalid URL escape {shown}"));
            };
            let value = (high * 16 + low) as u8;
            if mode == Mode::Host && value < 0x80 && value != b'%' {
                let shown = quote(rest.get(..3).unwrap_or_default());
                return Err(format!("invalid URL escape {shown}"));
            }
            out.push(value);
            rest = tail.get(2..).unwrap_or_default();
            continue;
        }
        if mode == Mode::Host && byte < 0x80 && must_escape(byte, mode) {
            return Err(format!("invalid character {} in host name", quote(&[byte])));
        }
        out.push(byte);
        rest = tail;
    }
    Ok(out)
}

/// A scheme and what follows its colon; without one, all is the rest.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => {
                return Ok(text.split_at(at))
                    .map(|(scheme, rest)| (scheme, rest.get(1..).unwrap_or_default()));
            }
            _ => break,
        }
    }
    Ok((b"", text))
}

fn valid_port(port: &[u8]) -> bool {
    match port.split_first() {
        None => true,
        Some((b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    }
}

fn host(text: &[u8]) -> Result<Vec<u8>, String> {
    let bad_port = |port: &[u8]| Err(format!("invalid port {} after host", quote(port)));
    if text.starts_with(b"[") {
        let Some(close) = text.iter().rposition(|&b| b == b']') else {
            return Err("missing ']' in host".to_owned());
        };
        let port = text.get(close + 1..).unwrap_or_default();
        if !valid_port(port) {
            return bad_port(port);
        }
    } else if let Some(colon) = text.iter().rposition(|&b| b == b':') {
        let port = text.get(colon..).unwrap_or_default();
        if !valid_port(port) {
            return bad_port(port);
        }
    }
    unescape(text, Mode::Host)
}

fn user(text: &[u8]) -> Result<User, String> {
    let allowed = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
    if !text.iter().all(allowed) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    let (name, password) = split_at_byte(text, b':');
    let password = password
        .map(|password| unescape(password, Mode::User))
        .transpose()?;
    Ok(User {
        name: unescape(name, Mode::User)?,
        password,
    })
}

impl User {
    /// `Userinfo.String`
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Mode::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend_from_slice(&escape(password, Mode::User));
        }
        out
    }
}

impl Url {
    /// `url.Parse`
    pub(crate) fn parse(raw: &[u8]) -> Result<Self, String> {
        let (before, fragment) = split_at_byte(raw, b'#');
        let inside = |message: String, part: &[u8]| format!("parse {}: {message}", quote(part));
        let mut url = Self::without_fragment(before).map_err(|message| inside(message, before))?;
        if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
            url.fragment =
                unescape(fragment, Mode::Fragment).map_err(|message| inside(message, raw))?;
        }
        Ok(url)
    }

    fn without_fragment(raw: &[u8]) -> Result<Self, String> {
        if raw.iter().any(|&b| b < b' ' || b == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Self::default();
        if raw == b"*" {
            url.path = raw.to_vec();
            return Ok(url);
        }
        let (name, rest) = scheme(raw)?;
        url.scheme = String::from_utf8_lossy(name).to_ascii_lowercase();
        let has_scheme = !url.scheme.is_empty();
        let (mut rest, query) = split_at_byte(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if has_scheme {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if split_at_byte(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        if (has_scheme || !rest.starts_with(b"///")) && rest.starts_with(b"//") {
            let after = rest.get(2..).unwrap_or_default();
            let end = after.iter().position(|&b| b == b'/').unwrap_or(after.len());
            let (authority, path) = after.split_at(end);
            rest = path;
            match authority.iter().rposition(|&b| b == b'@') {
                Some(at) => {
                    let (info, name) = authority.split_at(at);
                    url.host = host(name.get(1..).unwrap_or_default())?;
                    url.user = Some(user(info)?);
                }
                None => url.host = host(authority)?,
            }
        }
        url.path = unescape(rest, Mode::Path)?;
        Ok(url)
    }

    /// The host without its port, IPv6 addresses without their brackets.
    pub(crate) fn hostname(&self) -> &[u8] {
        let mut name: &[u8] = &self.host;
        if let Some(colon) = name.iter().rposition(|&b| b == b':')
            && valid_port(name.get(colon..).unwrap_or_default())
        {
            name = name.get(..colon).unwrap_or_default();
        }
        name.strip_prefix(b"[")
            .and_then(|inner| inner.strip_suffix(b"]"))
            .unwrap_or(name)
    }

    /// `URL.String`
    pub(crate) fn text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(self.scheme.as_bytes());
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.hierarchy(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend_from_slice(&escape(&self.fragment, Mode::Fragment));
        }
        out
    }

    fn hierarchy(&self, out: &mut Vec<u8>) {
        if !self.scheme.is_empty() || !self.host.is_empty() || self.user.is_some() {
            if !self.host.is_empty() || !self.path.is_empty() || self.user.is_some() {
                out.extend_from_slice(b"//");
            }
            if let Some(user) = &self.user {
                out.extend_from_slice(&user.text());
                out.push(b'@');
            }
            out.extend_from_slice(&escape(&self.host, Mode::Host));
        }
        let path = if self.path == b"*" {
            self.path.clone()
        } else {
            escape(&self.path, Mode::Path)
        };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && split_at_byte(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(&path);
    }
}
