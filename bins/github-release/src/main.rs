//! `github-release`: turns the version into a GitHub release with verified assets.

fn main() {}
