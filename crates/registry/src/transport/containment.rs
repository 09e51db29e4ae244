//! Where a registry may lead us: not from the outside to the inside.
//!
//! A registry names other places all the time: the token server, upload sessions, storage. One that
//! is public has no business naming addresses that only we can reach: the metadata service of a
//! cloud, a neighbour's database. One that is itself inside may.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::reference::Registry;

/// We do not go there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// A private address.
    #[error("the registry leads to `{0}`, which is a private address; it is public itself")]
    Private(String),
    /// No TLS.
    #[error("the registry leads from https to plain http, at `{0}`")]
    Plain(String),
    /// Neither http nor https, or no host.
    #[error("the registry leads to a place that cannot be reached over http")]
    Scheme,
}

/// What is known of where names lead.
#[derive(Debug, Default)]
pub(super) struct Containment {
    /// Hosts that any registry may lead to.
    trusted: BTreeSet<String>,
    /// Names whose address the user gave.
    given: BTreeMap<String, SocketAddr>,
    names: Mutex<Names>,
}

#[derive(Debug, Default)]
struct Names {
    /// Names by whether one of their addresses is private.
    seen: BTreeMap<String, bool>,
    /// Names that a public registry led to: their private addresses do not count.
    guarded: BTreeSet<String>,
}

impl Containment {
    pub(super) fn new(trusted: BTreeSet<String>, given: Vec<(String, SocketAddr)>) -> Self {
        let lower = |text: String| text.to_ascii_lowercase();
        Self {
            trusted: trusted.into_iter().map(lower).collect(),
            given: given
                .into_iter()
                .map(|(name, address)| (lower(name), address))
                .collect(),
            names: Mutex::default(),
        }
    }

    /// Tells whether we go from one place to the next, on this registry's word.
    pub(super) fn check(
        &self,
        registry: &Registry,
        from: Option<&Url>,
        to: &Url,
    ) -> Result<(), Refused> {
        let host = to.host().ok_or(Refused::Scheme)?;
        let name = to.host_str().unwrap_or_default().to_owned();
        match to.scheme() {
            "http" if from.is_some_and(|from| from.scheme() == "https") => {
                return Err(Refused::Plain(name));
            }
            "http" | "https" => {}
            _ => return Err(Refused::Scheme),
        }
        let of_registry = registry.authority();
        let is_itself = Url::parse(&format!("https://{of_registry}/"))
            .is_ok_and(|own| own.host_str() == to.host_str());
        if is_itself || self.trusts(to) || self.is_inside(registry) {
            return Ok(());
        }
        match host {
            Host::Ipv4(address) if is_private(address.into()) => Err(Refused::Private(name)),
            Host::Ipv6(address) if is_private(address.into()) => Err(Refused::Private(name)),
            Host::Ipv4(_) | Host::Ipv6(_) => Ok(()),
            Host::Domain(domain) => {
                let domain = domain.trim_end_matches('.').to_ascii_lowercase();
                let Ok(mut names) = self.names.lock() else {
                    return Ok(());
                };
                let is_local = domain == "localhost" || domain.ends_with(".localhost");
                if is_local || names.seen.get(&domain) == Some(&true) {
                    return Err(Refused::Private(name));
                }
                names.guarded.insert(domain);
                Ok(())
            }
        }
    }

    fn trusts(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let with_port = url.port().map(|port| format!("{host}:{port}"));
        self.trusted.contains(host) || with_port.is_some_and(|text| self.trusted.contains(&text))
    }

    /// Tells whether a registry is inside itself: by its address, or by what its name led to.
    fn is_inside(&self, registry: &Registry) -> bool {
        if let Some(address) = registry.address() {
            return is_private(address);
        }
        let name = registry.host();
        if self.given.contains_key(&name) {
            return false;
        }
        let seen = |names: &Names| names.seen.get(&name) == Some(&true);
        registry.is_loopback() || self.names.lock().is_ok_and(|names| seen(&names))
    }

    /// Keeps what a name led to, and returns where we go.
    fn resolved(&self, name: &str, addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, Refused> {
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        let has_private = addresses.iter().any(|address| is_private(address.ip()));
        let Ok(mut names) = self.names.lock() else {
            return Ok(addresses);
        };
        names.seen.insert(name.clone(), has_private);
        if !has_private || !names.guarded.contains(&name) {
            return Ok(addresses);
        }
        let public: Vec<SocketAddr> = addresses
            .into_iter()
            .filter(|address| !is_private(address.ip()))
            .collect();
        if public.is_empty() {
            return Err(Refused::Private(name));
        }
        Ok(public)
    }
}

/// Finds addresses, and looks at them before anybody connects: a name that leads elsewhere the
/// second time gains nothing.
pub(super) struct Resolver(pub(super) Arc<Containment>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let containment = Arc::clone(&self.0);
        Box::pin(async move {
            let name = name.as_str();
            if let Some(address) = containment.given.get(&name.to_ascii_lowercase()) {
                return Ok(Box::new(std::iter::once(*address)) as Addrs);
            }
            let found = tokio::net::lookup_host((name, 0)).await?.collect();
            let addresses = containment.resolved(name, found)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Tells whether an address is reached from inside only, or is none to connect to.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_private_v4(address),
        IpAddr::V6(address) => is_private_v6(address),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 198 && (18..20).contains(&second))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    // an IPv4 address in disguise: mapped, compatible, translated (NAT64, 6to4)
    let segments = address.segments();
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            v4(high, low)
        }
        [0x2002, high, low, ..] => v4(high, low),
        [first, ..] => {
            (first & 0xfe00) == 0xfc00
                || (first & 0xffc0) == 0xfe80
                || (first & 0xffc0) == 0xfec0
                || (first & 0xff00) == 0xff00
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Containment, Refused, is_private};
    use crate::reference::Registry;

    #[test]
    fn addresses_from_inside_are_known() {
        for (address, private) in [
            ("127.0.0.1", true),
            ("127.255.0.1", true),
            ("10.1.2.3", true),
            ("172.16.0.1", true),
            ("172.32.0.1", false),
            ("192.168.1.1", true),
            ("169.254.169.254", true),
            ("100.64.0.1", true),
            ("100.128.0.1", false),
            ("0.0.0.0", true),
            ("224.0.0.1", true),
            ("255.255.255.255", true),
            ("8.8.8.8", false),
            ("::1", true),
            ("::", true),
            ("fd00:ec2::254", true),
            ("fe80::1", true),
            ("::ffff:169.254.169.254", true),
            ("::ffff:8.8.8.8", false),
            ("64:ff9b::a9fe:a9fe", true),
            ("2002:7f00:1::", true),
            ("2606:4700::1111", false),
        ] {
            assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
        }
    }

    fn check(registry: &str, from: &str, to: &str) -> Result<(), Refused> {
        let containment = Containment::new(["storage.internal:9000".to_owned()].into(), vec![]);
        let inside = vec!["10.0.0.7:0".parse().unwrap()];
        containment
            .resolved("registry.internal", inside.clone())
            .unwrap();
        for name in ["db.internal", "storage.internal"] {
            containment.resolved(name, inside.clone()).unwrap();
        }
        let registry: Registry = registry.parse().unwrap();
        containment.check(
            &registry,
            Some(&from.parse().unwrap()),
            &to.parse().unwrap(),
        )
    }

    #[test]
    fn a_public_registry_does_not_lead_inside() {
        for to in [
            "https://169.254.169.254/latest/meta-data",
            "https://127.0.0.1:6379/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://localhost/",
            "https://a.localhost./",
            "https://db.internal/",
            "https://storage.internal/",
        ] {
            let refused = check("ghcr.io", "https://ghcr.io/v2/", to).unwrap_err();
            assert!(matches!(refused, Refused::Private(_)), "{to}: {refused}");
        }
        for to in [
            "https://ghcr.io:8443/",
            "https://cdn.example.com/x",
            "https://8.8.8.8/",
            "https://storage.internal:9000/x",
        ] {
            assert_eq!(check("ghcr.io", "https://ghcr.io/v2/", to), Ok(()), "{to}");
        }
    }

    #[test]
    fn a_registry_inside_leads_where_it_wants() {
        for registry in [
            "127.0.0.1:5000",
            "registry.internal",
            "localhost",
            "10.0.0.1",
        ] {
            for to in [
                "http://127.0.0.1:1/",
                "http://10.2.3.4/",
                "https://db.internal/",
            ] {
                assert_eq!(check(registry, "http://x/", to), Ok(()), "{registry} {to}");
            }
        }
    }

    #[test]
    fn nothing_leads_from_https_to_http() {
        let refused = check("localhost", "https://localhost/", "http://localhost/").unwrap_err();
        assert_eq!(refused, Refused::Plain("localhost".to_owned()));
        let refused = check("ghcr.io", "https://ghcr.io/", "file:///etc/passwd").unwrap_err();
        assert_eq!(refused, Refused::Scheme);
    }

    #[test]
    fn a_guarded_name_keeps_its_public_addresses_only() {
        let containment = Containment::default();
        let registry: Registry = "ghcr.io".parse().unwrap();
        let to = "https://two-faced.example/".parse().unwrap();
        containment.check(&registry, None, &to).unwrap();
        let both = vec!["10.0.0.1:0".parse().unwrap(), "8.8.8.8:0".parse().unwrap()];
        let kept = containment.resolved("Two-Faced.example", both).unwrap();
        assert_eq!(kept, ["8.8.8.8:0".parse().unwrap()]);
        let inside = vec!["10.0.0.1:0".parse().unwrap()];
        assert!(containment.resolved("two-faced.example", inside).is_err());
        assert!(
            containment.check(&registry, None, &to).is_err(),
            "remembered"
        );
    }
}
