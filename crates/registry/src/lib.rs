//! A client of OCI registries: manifests are the bytes they are, blobs are streamed and verified,
//! and nothing here knows of any cloud.
//!
//! What is pure comes first and needs no network: [`digest`], [`media`], [`mod@reference`],
//! [`descriptor`] and [`manifest`] read names and documents; [`challenge`] reads what a registry asks
//! of who comes in. [`credential`] says who we are, one registry at a time, and can be asked again.
//! [`transport`] carries one request to its answer, whatever stands between. [`client`] puts them
//! together; a [`remote::Remote`] is one repository of one registry, and [`blob`] is the bytes that
//! go in and out of it.
//!
//! Two rooms build on these and are touched by none of them: `copy` moves a graph of manifests from
//! one place to another, [`layout`] and [`archive`] are places made of files.
//!
//! Nothing here reads the environment or the clock of the machine: paths, proxies' absence, seeds
//! and credentials are handed in. All futures are `Send`, and content on a current-thread runtime.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use duat_registry::client::{Access, Client};
//! use duat_registry::credential::Anonymous;
//! use duat_registry::reference::Reference;
//! use duat_registry::transport::{Settings, Transport, install_tls_provider};
//!
//! install_tls_provider();
//! let client = Client::new(Transport::new(Settings::default())?, Arc::new(Anonymous));
//! let image: Reference = "ghcr.io/acme/app:1.0.0".parse()?;
//! let remote = client.remote(image.repository(), Access::Pull);
//! let manifest = remote.manifest(&image.handle()).await?;
//! assert_eq!(manifest.digest(), &duat_registry::digest::Digest::of(manifest.bytes()));
//! # Ok(())
//! # }
//! ```

pub mod archive;
pub mod blob;
pub mod challenge;
pub mod client;
pub mod copy;
pub mod credential;
pub mod descriptor;
pub mod digest;
mod door;
pub mod error;
pub mod layout;
pub mod manifest;
pub mod media;
pub mod place;
pub mod reference;
pub mod referrers;
pub mod remote;
mod scope;
mod token;
pub mod transport;

pub use descriptor::Descriptor;
pub use digest::Digest;
pub use error::{Error, Kind};
pub use manifest::Manifest;
pub use reference::{Handle, Reference, Registry, Repository, Tag};
