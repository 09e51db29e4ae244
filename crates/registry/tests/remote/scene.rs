//! A client, and a registry for it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use duat_registry::client::{Access, Client};
use duat_registry::credential::{Anonymous, Credential, Fixed, Keychain, Secret};
use duat_registry::remote::Remote;
use duat_registry::transport::{Observer, Settings, Transport};
use duat_registry::{Descriptor, Digest, Handle, Manifest, Repository};
use duat_tests::registry::Registry;

/// Everything that went over the wire, as it was told.
#[derive(Default)]
pub(crate) struct Lines(Mutex<Vec<String>>);

impl Observer for Lines {
    fn line(&self, line: &str) {
        self.0.lock().unwrap().push(line.to_owned());
    }
}

impl Lines {
    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

/// Settings that wait no longer than a test likes to.
pub(crate) fn hasty() -> Settings {
    Settings {
        backoff: Duration::from_millis(1),
        idle: Duration::from_secs(2),
        settle: Duration::from_secs(2),
        patience: Duration::from_secs(10),
        retries: 3,
        ..Settings::default()
    }
}

pub(crate) fn client(settings: Settings, keychain: impl Keychain + 'static) -> Client {
    Client::new(Transport::new(settings).unwrap(), Arc::new(keychain))
}

/// A client without credentials.
pub(crate) fn stranger() -> Client {
    client(hasty(), Anonymous)
}

/// A client with a name and a password.
pub(crate) fn known(registry: &Registry, user: &str, password: &str) -> Client {
    client(hasty(), basic(registry, user, password, false))
}

pub(crate) fn basic(registry: &Registry, user: &str, password: &str, at_once: bool) -> Fixed {
    let credential = Credential::Basic {
        username: user.to_owned(),
        password: Secret::new(password),
        at_once,
    };
    Fixed::new(registry.host().parse().unwrap(), credential, "the test")
}

pub(crate) fn repository(registry: &Registry, path: &str) -> Repository {
    format!("{}/{path}", registry.host()).parse().unwrap()
}

pub(crate) fn remote(client: &Client, registry: &Registry, path: &str) -> Remote {
    client.remote(&repository(registry, path), Access::Push)
}

pub(crate) fn tag(text: &str) -> Handle {
    Handle::Tag(text.parse().unwrap())
}

/// A blob of this many bytes, none like the other.
pub(crate) fn blob(size: usize) -> (Bytes, Descriptor) {
    let bytes: Vec<u8> = (0..size)
        .map(|place| place.wrapping_mul(2_654_435_761).to_le_bytes()[2])
        .collect();
    let descriptor = Descriptor::new("application/octet-stream", Digest::of(&bytes), size as u64);
    (bytes.into(), descriptor)
}

pub(crate) fn manifest(text: &str) -> Manifest {
    Manifest::read(Bytes::copy_from_slice(text.as_bytes()), None, None).unwrap()
}
