//! A client: a transport, somebody who knows credentials, and what both remember of each registry.

use std::sync::Arc;

use crate::credential::Keychain;
use crate::error::Error;
use crate::reference::{Registry, Repository};
use crate::remote::Remote;
use crate::transport::{Counts, Transport};

/// What is to be done with a repository: tokens are asked for it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading.
    Pull,
    /// Reading and writing.
    Push,
    /// Reading, writing and deleting.
    Delete,
}

/// Speaks to registries. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Transport,
    keychain: Arc<dyn Keychain>,
}

impl Client {
    /// Speaks through this transport, as whom this keychain says.
    pub fn new(transport: Transport, keychain: Arc<dyn Keychain>) -> Self {
        Self {
            transport,
            keychain,
        }
    }

    /// Returns one repository, to do this with.
    pub fn remote(&self, repository: &Repository, access: Access) -> Remote {
        let _ = (&self.keychain, repository, access);
        todo!()
    }

    /// Asks whether a registry is there and lets us in.
    pub async fn ping(&self, registry: &Registry) -> Result<(), Error> {
        let _ = registry;
        todo!()
    }

    /// Gives up all uploads that were begun and not ended: the registry forgets them. For Ctrl-C,
    /// after the futures that were uploading have been dropped.
    pub async fn cancel_uploads(&self) -> Vec<Error> {
        todo!()
    }

    /// Returns what went over the wire so far.
    pub fn counts(&self) -> Counts {
        self.transport.counts()
    }

    /// Returns what registries warned of, each text once.
    pub fn warnings(&self) -> Vec<String> {
        self.transport.warnings()
    }
}
