//! How registries are reached, read from what was typed.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use duat::file;
use duat_registry::reference::Registry;
use duat_registry::transport::{Observer, Settings, SettingsError};
use duat_shell::{Code, Failure, Failures, Talk, environment};

use crate::args;

/// Names the file that was no certificate.
pub(crate) fn unusable(error: &SettingsError, args: &args::Network) -> Failure {
    let file = match error {
        SettingsError::Certificate(..) => args.cacert.as_ref(),
        SettingsError::Identity(_) => args.client_cert.as_ref(),
        _ => None,
    };
    match file {
        Some(file) => {
            let what = format!("failed to use `{}`", file.display());
            let failure = Failure::new(Code::Usage, what).caused_by(error);
            failure.hint("it has to be PEM: it begins with `-----BEGIN CERTIFICATE-----`.")
        }
        None => Failure::new(Code::Usage, "failed to prepare for the network").caused_by(error),
    }
}

/// Says what goes over the wire (`-vv`).
struct Wire(Talk);

impl Observer for Wire {
    fn line(&self, line: &str) {
        self.0.wire(line);
    }
}

/// Returns how registries are reached, or all that is wrong with what was typed.
pub(crate) fn settings(args: &args::Network, talk: Talk) -> Result<Settings, Failures> {
    let mut settings = Settings::default();
    let mut failures = Vec::new();
    let mut plain_http = BTreeSet::new();
    for host in &args.plain_http {
        match host.trim().parse::<Registry>() {
            Ok(registry) => {
                plain_http.insert(registry);
            }
            Err(error) => failures.push(
                Failure::new(
                    Code::Usage,
                    format!("failed to read `{host}` as a registry"),
                )
                .caused_by(&error),
            ),
        }
    }
    let mut read = |path: Option<&Path>| match path.map(file::read).transpose() {
        Ok(bytes) => bytes,
        Err(error) => {
            failures.push(error.into());
            None
        }
    };
    settings.certificates.extend(read(args.cacert.as_deref()));
    let certificate = read(args.client_cert.as_deref());
    let key = read(args.client_key.as_deref());
    if let (Some(mut certificate), Some(key)) = (certificate, key) {
        certificate.push(b'\n');
        certificate.extend(key);
        settings.identity = Some(certificate);
    }
    for text in &args.resolve {
        let known = text.split_once('=');
        match known.and_then(|(host, address)| Some((host, address.parse().ok()?))) {
            Some((host, address)) => settings.addresses.push((host.to_owned(), address)),
            None => failures.push(
                Failure::new(
                    Code::Usage,
                    format!("failed to read `{text}` as HOST=ADDRESS:PORT"),
                )
                .hint("such as `registry.test=10.0.0.7:443`."),
            ),
        }
    }
    Failures::of(failures)?;
    let mut seed = [0; 8];
    environment::random(&mut seed)?;
    settings.seed = u64::from_le_bytes(seed);
    settings.user_agent = format!("{}/{}", env!("CARGO_BIN_NAME"), env!("CARGO_PKG_VERSION"));
    settings.observer = Some(Arc::new(Wire(talk)));
    settings.plain_http = plain_http;
    settings.trusted_hosts = args.trust_host.iter().cloned().collect();
    Ok(settings)
}
