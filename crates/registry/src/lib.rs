//! A client of OCI registries.
