//! The client against a registry that is as good or as bad as it is told to be.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed and says where"
)]

#[path = "remote/access.rs"]
mod access;
#[path = "remote/blobs.rs"]
mod blobs;
#[path = "remote/containment.rs"]
mod containment;
#[path = "remote/manifests.rs"]
mod manifests;
#[path = "remote/referrers.rs"]
mod referrers;
#[path = "remote/scene.rs"]
mod scene;
#[path = "remote/tls.rs"]
mod tls;
#[path = "remote/transport.rs"]
mod transport;
