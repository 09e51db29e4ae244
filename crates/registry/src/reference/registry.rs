//! A registry: the host that answers.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::ReferenceError;

/// Docker Hub has three names; this is the one that people write.
const DOCKER_HUB: &str = "docker.io";

/// A registry: a host, in lower case, and a port where it is not the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Registry {
    host: Host,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Host {
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl Registry {
    /// Returns Docker Hub.
    pub fn docker_hub() -> Self {
        Self {
            host: Host::Name(DOCKER_HUB.to_owned()),
            port: None,
        }
    }

    /// Tells whether this is Docker Hub, whose names are shortened by custom.
    pub fn is_docker_hub(&self) -> bool {
        *self == Self::docker_hub()
    }

    /// Returns the host without the port; an IPv6 address without its brackets.
    pub fn host(&self) -> String {
        match &self.host {
            Host::Name(name) => name.clone(),
            Host::V4(address) => address.to_string(),
            Host::V6(address) => address.to_string(),
        }
    }

    /// Returns the port, where one was given.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the host as an address, where it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match &self.host {
            Host::Name(_) => None,
            Host::V4(address) => Some((*address).into()),
            Host::V6(address) => Some((*address).into()),
        }
    }

    /// Tells whether this is the machine itself, by the name alone: `localhost`, names below it,
    /// `127.0.0.0/8`, `::1`.
    pub fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Name(name) => name == "localhost" || name.ends_with(".localhost"),
            Host::V4(address) => address.is_loopback(),
            Host::V6(address) => address.is_loopback(),
        }
    }

    /// Returns who is spoken to, as it stands in a URL: Docker Hub serves its API under another name.
    pub fn authority(&self) -> String {
        if self.is_docker_hub() {
            "registry-1.docker.io".to_owned()
        } else {
            self.to_string()
        }
    }
}

impl FromStr for Registry {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        if text.contains("://") {
            return Err(ReferenceError::Scheme(text.to_owned()));
        }
        let refused = || ReferenceError::Registry(text.chars().take(300).collect());
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (address, rest) = rest.split_once(']').ok_or_else(refused)?;
                let address: Ipv6Addr = address.parse().map_err(|_| refused())?;
                let port = match rest {
                    "" => None,
                    rest => Some(rest.strip_prefix(':').ok_or_else(refused)?),
                };
                (Host::V6(address), port)
            }
            None => match text.split_once(':') {
                Some((name, port)) => (Host::read(name).ok_or_else(refused)?, Some(port)),
                None => (Host::read(text).ok_or_else(refused)?, None),
            },
        };
        let port = port.map(|port| read_port(port).ok_or_else(refused));
        Ok(Self {
            host,
            port: port.transpose()?,
        })
    }
}

fn read_port(text: &str) -> Option<u16> {
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| all_digits && *port != 0)
}

impl Host {
    fn read(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse::<Ipv4Addr>() {
            return Some(Self::V4(address));
        }
        let name = text.to_ascii_lowercase();
        // `127.1` and `0x7f000001` mean an address to whoever opens the connection, and to us nothing
        let looks_like_number = name
            .rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|first: char| first.is_ascii_digit()));
        let is_name = !name.is_empty()
            && name.len() <= 253
            && name.split('.').all(is_label)
            && !(looks_like_number && is_number(&name));
        if !is_name {
            return None;
        }
        match name.as_str() {
            "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" => {
                Some(Self::Name(DOCKER_HUB.to_owned()))
            }
            _ => Some(Self::Name(name)),
        }
    }
}

fn is_label(label: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric();
    let bytes = label.as_bytes();
    let (Some(first), Some(last)) = (bytes.first(), bytes.last()) else {
        return false;
    };
    // `_` is no letter of a host name, and stands in names inside clusters all the same
    bytes.len() <= 63
        && is_letter(*first)
        && is_letter(*last)
        && bytes
            .iter()
            .all(|byte| is_letter(*byte) || matches!(byte, b'-' | b'_'))
}

/// Tells whether the last part of a name is a number, which makes the whole an address in disguise.
fn is_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let digits = last.strip_prefix("0x").unwrap_or(last);
    let radix = if digits.len() < last.len() { 16 } else { 10 };
    digits.chars().all(|digit| digit.is_digit(radix))
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Name(name) => f.write_str(name)?,
            Host::V4(address) => write!(f, "{address}")?,
            Host::V6(address) => write!(f, "[{address}]")?,
        }
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}
