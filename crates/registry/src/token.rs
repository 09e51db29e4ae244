//! Bearer tokens: what a token server gives for credentials, for a while, for some scopes.
