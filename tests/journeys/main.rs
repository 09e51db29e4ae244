//! Several tools in one pipe: what a release needs, from bump to publication.
//!
//! One module per journey.

mod packaging;
mod releasing;
mod scene;
mod script;
mod templates;
mod transcripts;
mod typed;
