//! AWS's container registry.
