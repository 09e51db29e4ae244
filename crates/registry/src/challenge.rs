//! What a registry asks of who comes in: the `WWW-Authenticate` header.

/// One challenge of one header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// `bearer`, `basic`, …, in lower case.
    pub scheme: String,
    /// Parameters in order, names in lower case.
    pub parameters: Vec<(String, String)>,
}

/// Reads all challenges of all `WWW-Authenticate` headers of an answer. What cannot be read is left
/// out: other challenges may do.
pub fn read<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let _ = headers.into_iter().count();
    todo!()
}
