//! An HTTP/1.1 server on loopback for the doubles of this house: one thread for each connection,
//! request bodies as streams, and answers that can come late, slowly, in part or not at all.
//!
//! ```
//! use duat_tests::http::{Reply, Server};
//!
//! let server = Server::start(|request, _body| match request.path() {
//!     "/health" => Reply::new(200).body("fine"),
//!     _ => Reply::new(404),
//! });
//! assert!(server.url("/health").starts_with("http://127.0.0.1:"));
//! ```

mod connection;
mod h2;
mod reply;
mod request;
mod server;
mod tls;

pub use h2::Mishap;
pub use reply::Reply;
pub use request::{Body, Request};
pub use server::Server;
pub use tls::Authority;

#[cfg(test)]
mod tests;
