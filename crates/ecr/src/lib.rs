//! AWS's container registry: whose a host is, credentials for it, the account's own registry, and
//! repositories made before the first push.
//!
//! The only crate that names the AWS SDK. Credentials come from wherever the SDK finds them:
//! environment, profile (SSO and `credential_process` too), web identity, container, instance.
//! Everything about images themselves goes through `duat-registry`.

mod account;
mod authorization;
mod error;
mod host;
mod keychain;
mod rate;
mod repository;
mod tag;

pub use account::{Account, Settings};
pub use authorization::Authorization;
pub use error::{Action, EcrError};
pub use host::Host;
pub use keychain::Aws;
pub use repository::{Creation, Encryption, Made, Mutability};
pub use tag::Untagged;

#[cfg(test)]
mod tests;
