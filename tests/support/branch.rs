//! What git takes for the name of a branch.

/// Tells whether `git check-ref-format --branch` accepts a name. A peer test asks git itself.
pub fn is_branch(name: &[u8]) -> bool {
    let has = |part: &[u8]| name.windows(part.len()).any(|window| window == part);
    let refused = |byte: &u8| *byte < 0x20 || *byte == 0x7f || b" ~^:?*[\\".contains(byte);
    let component =
        |part: &[u8]| !part.is_empty() && !part.starts_with(b".") && !part.ends_with(b".lock");
    name.split(|byte| *byte == b'/').all(component)
        && !has(b"..")
        && !has(b"@{")
        && !name.iter().any(refused)
        && !name.ends_with(b".")
        && !name.starts_with(b"-")
        && name != b"HEAD"
}
