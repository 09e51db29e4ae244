//! Which account and region a registry's host belongs to.

use std::fmt;

/// ECR Public, the same host for everybody.
const PUBLIC: &str = "public.ecr.aws";
/// ECR Public's control plane lives in one region.
const PUBLIC_REGION: &str = "us-east-1";
/// What stands after the region in the hosts of private registries, by partition
/// (amazon-ecr-credential-helper, and the endpoints of the service).
const SUFFIXES: [&str; 9] = [
    "amazonaws.com",
    "amazonaws.com.cn",
    "amazonaws.eu",
    "on.aws",
    "on.amazonwebservices.com.cn",
    "sc2s.sgov.gov",
    "c2s.ic.gov",
    "cloud.adc-e.uk",
    "csp.hci.ic.gov",
];

/// The host of an AWS registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// `<account>.dkr.ecr.<region>.amazonaws.com` and its relatives.
    Private {
        /// The account's twelve digits.
        account: String,
        /// The region, such as `eu-west-1`.
        region: String,
        /// Whether it is a FIPS endpoint.
        fips: bool,
        /// Whether it answers over IPv6, too.
        dual_stack: bool,
    },
    /// `public.ecr.aws`.
    Public,
}

impl Host {
    /// Returns what `host` says; nothing when it is no registry of AWS.
    ///
    /// ```
    /// use duat_ecr::Host;
    ///
    /// let host = Host::parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com").unwrap();
    /// assert_eq!(host.region(), "eu-west-1");
    /// assert_eq!(Host::parse("public.ecr.aws"), Some(Host::Public));
    /// assert_eq!(Host::parse("ghcr.io"), None);
    /// ```
    pub fn parse(host: &str) -> Option<Self> {
        let host = host.to_ascii_lowercase();
        if host == PUBLIC {
            return Some(Self::Public);
        }
        let (account, rest) = host.split_at_checked(12)?;
        if !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (service, rest) = [".dkr.ecr", ".dkr-ecr"]
            .iter()
            .find_map(|service| Some((*service, rest.strip_prefix(service)?)))?;
        let (fips, rest) = match rest.strip_prefix("-fips") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let (region, suffix) = rest.strip_prefix('.')?.split_once('.')?;
        let is_region = region.starts_with(|first: char| first.is_ascii_alphanumeric())
            && region
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !is_region || !SUFFIXES.contains(&suffix) {
            return None;
        }
        Some(Self::Private {
            account: account.to_owned(),
            region: region.to_owned(),
            fips,
            dual_stack: service == ".dkr-ecr",
        })
    }

    /// Returns the region whose control plane answers for it.
    pub fn region(&self) -> &str {
        match self {
            Self::Private { region, .. } => region,
            Self::Public => PUBLIC_REGION,
        }
    }

    /// Returns the account's digits; nothing for ECR Public.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Private { account, .. } => Some(account),
            Self::Public => None,
        }
    }

    /// Tells whether it is ECR Public.
    pub fn is_public(&self) -> bool {
        matches!(self, Self::Public)
    }
}

/// `account 123456789012 in eu-west-1`, for people.
impl fmt::Display for Host {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Private {
                account, region, ..
            } => write!(formatter, "account {account} in {region}"),
            Self::Public => formatter.write_str("ECR Public"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(host: &str) -> Option<(String, String, bool, bool)> {
        match Host::parse(host)? {
            Host::Private {
                account,
                region,
                fips,
                dual_stack,
            } => Some((account, region, fips, dual_stack)),
            Host::Public => None,
        }
    }

    #[test]
    fn the_hosts_of_all_partitions_are_known() {
        let expect = |host: &str, region: &str, fips, dual_stack| {
            let expected = (
                "123456789012".to_owned(),
                region.to_owned(),
                fips,
                dual_stack,
            );
            assert_eq!(private(host), Some(expected), "{host}");
        };
        expect(
            "123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "us-east-1",
            false,
            false,
        );
        expect(
            "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com",
            "us-gov-west-1",
            true,
            false,
        );
        expect(
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn",
            "cn-north-1",
            false,
            false,
        );
        expect(
            "123456789012.dkr-ecr.eu-west-1.on.aws",
            "eu-west-1",
            false,
            true,
        );
        expect(
            "123456789012.dkr-ecr-fips.us-east-1.on.aws",
            "us-east-1",
            true,
            true,
        );
        expect(
            "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu",
            "eusc-de-east-1",
            false,
            false,
        );
        expect(
            "123456789012.DKR.ECR.us-east-1.AMAZONAWS.COM",
            "us-east-1",
            false,
            false,
        );
    }

    #[test]
    fn look_alikes_are_not_trusted() {
        for host in [
            "123456789012.dkr.ecr.us-east-1.amazonaws.com.evil.example",
            "12345678901.dkr.ecr.us-east-1.amazonaws.com",
            "123456789012.dkr.ecr..amazonaws.com",
            "123456789012.dkr.ecr.us-east-1.amazonaws.org",
            "123456789012.dkr.ecr.us-east-1.evil.amazonaws.com",
            "evil.example/123456789012.dkr.ecr.us-east-1.amazonaws.com",
            "public.ecr.aws.evil.example",
            "é23456789012.dkr.ecr.us-east-1.amazonaws.com",
            "",
        ] {
            assert_eq!(Host::parse(host), None, "{host}");
        }
    }
}
