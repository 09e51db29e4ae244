use std::fmt;

use thiserror::Error;

/// The letters of a hash: those of a stamp, so that no `l` is read as `1`.
const ALPHABET: &[u8; 25] = b"abcdefghijkmnopqrstuvwxyz";
/// Letters in a hash: 25^6 names, some 244 million, before two are likely to meet.
const HASH_LENGTH: usize = 6;

/// A branch name fit for a DNS label: `[a-z0-9]` and single `-` between them, never empty.
///
/// ```
/// use duat::name::Slug;
///
/// assert_eq!(Slug::of(b"00_new_feature", 40)?.as_str(), "00-new-feature");
/// assert_eq!(Slug::of("Feature/\u{dc}ber".as_bytes(), 40)?.as_str(), "feature-ber");
/// # Ok::<(), duat::name::SlugError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

/// Why a name has no slug.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SlugError {
    /// Nothing to make a slug of.
    #[error("the branch name is empty")]
    Empty,
    /// Not even the hash of the name fits.
    #[error("{available} characters are too few for a branch: at least {HASH_LENGTH} are needed")]
    NoRoom {
        /// What there is, in characters.
        available: usize,
    },
}

impl Slug {
    /// The least a limit may be, in characters: the hash of a name fits.
    pub const SHORTEST_LIMIT: usize = HASH_LENGTH;

    /// Returns the slug of a name, at most `longest` characters long.
    ///
    /// Upper-case ASCII letters become lower case, every run of other bytes becomes one `-`, and
    /// none stands at the ends. A slug that would be longer is cut and gets a six-letter hash of
    /// the whole name, so that different names stay different; a name that leaves nothing becomes
    /// its hash.
    pub fn of(name: &[u8], longest: usize) -> Result<Self, SlugError> {
        if name.is_empty() {
            return Err(SlugError::Empty);
        }
        if longest < HASH_LENGTH {
            return Err(SlugError::NoRoom { available: longest });
        }
        let mut slug = plain(name);
        if slug.is_empty() {
            return Ok(Self(hash(name)));
        }
        if slug.len() > longest {
            slug.truncate(longest.saturating_sub(HASH_LENGTH + 1));
            slug.truncate(slug.trim_end_matches('-').len());
            if !slug.is_empty() {
                slug.push('-');
            }
            slug.push_str(&hash(name));
        }
        Ok(Self(slug))
    }

    /// Returns the name as the predecessor wrote it: letter case kept, one `-` for every character
    /// that is not `[0-9A-Za-z-]`, no limit. Legal in a version, but not always a DNS label.
    pub fn raw(name: &[u8]) -> Result<Self, SlugError> {
        if name.is_empty() {
            return Err(SlugError::Empty);
        }
        let legal = |character: char| character.is_ascii_alphanumeric() || character == '-';
        let characters = String::from_utf8_lossy(name);
        Ok(Self(
            characters
                .chars()
                .map(|each| if legal(each) { each } else { '-' })
                .collect(),
        ))
    }

    /// Returns the slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Lower case, one `-` for each run of bytes that are neither letter nor digit, none at the ends.
fn plain(name: &[u8]) -> String {
    let mut slug = String::with_capacity(name.len());
    for byte in name {
        if byte.is_ascii_alphanumeric() {
            slug.push(char::from(byte.to_ascii_lowercase()));
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Six letters that depend on every byte of the name: FNV-1a, 64 bits, modulo 25^6.
fn hash(name: &[u8]) -> String {
    const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut rest = name.iter().fold(OFFSET_BASIS, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(PRIME)
    });
    let mut letters = String::with_capacity(HASH_LENGTH);
    for _ in 0..HASH_LENGTH {
        let digit = usize::try_from(rest % 25).unwrap_or_default();
        letters.extend(ALPHABET.get(digit).copied().map(char::from));
        rest /= 25;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slug(name: &str, longest: usize) -> String {
        Slug::of(name.as_bytes(), longest).unwrap().to_string()
    }

    #[test]
    fn a_branch_becomes_a_label() {
        for (branch, expected) in [
            ("main", "main"),
            ("00_new_feature", "00-new-feature"),
            ("feature/x", "feature-x"),
            ("dots.v1.2", "dots-v1-2"),
            ("x+y", "x-y"),
            ("a@b", "a-b"),
            ("012", "012"),
            ("UPPER", "upper"),
            ("feature/ABC-123", "feature-abc-123"),
            ("Feature/\u{dc}ber", "feature-ber"),
            ("trail-", "trail"),
            ("-lead", "lead"),
            ("a - b__c", "a-b-c"),
        ] {
            assert_eq!(slug(branch, 60), expected, "{branch}");
        }
    }

    #[test]
    fn a_name_that_leaves_nothing_becomes_its_hash() {
        // versions that were made go on to sort beside those to come
        assert_eq!(slug("___", 60), "hgucdf");
        assert_eq!(slug("\u{dc}", 60).len(), HASH_LENGTH);
        assert_ne!(slug("\u{dc}", 60), slug("\u{e4}", 60));
        assert_eq!(Slug::of(b"", 60), Err(SlugError::Empty));
    }

    #[test]
    fn a_long_name_is_cut_and_stays_distinct() {
        let long = format!("feature/{}", "x".repeat(100));
        let other = format!("feature/{}y", "x".repeat(100));
        assert_eq!(slug(&long, 20).len(), 20);
        assert!(slug(&long, 20).starts_with("feature-xxxxx-"));
        assert_ne!(slug(&long, 20), slug(&other, 20));
        assert_eq!(slug("abcd-efgh-ijkl", 12).find("abcd-"), Some(0));
        assert_eq!(slug("abcdefgh", 6).len(), 6);
        assert_eq!(
            Slug::of(b"abcdefgh", 5),
            Err(SlugError::NoRoom { available: 5 })
        );
    }

    #[test]
    fn raw_is_what_the_predecessor_wrote() {
        let raw = |name: &str| Slug::raw(name.as_bytes()).unwrap().to_string();
        assert_eq!(raw("UPPER"), "UPPER");
        assert_eq!(raw("Feature/\u{dc}ber"), "Feature--ber");
        assert_eq!(raw("trail-"), "trail-");
    }

    proptest! {
        /// RFC 1123, section 2.1: letters, digits and hyphens, none at the ends, at most 63.
        #[test]
        fn every_name_gives_a_dns_label(name in proptest::collection::vec(any::<u8>(), 1..200), longest in 6..=63_usize) {
            let slug = Slug::of(&name, longest).unwrap();
            let text = slug.as_str();
            prop_assert!(!text.is_empty() && text.len() <= longest);
            prop_assert!(text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
            prop_assert!(!text.starts_with('-') && !text.ends_with('-'));
            prop_assert_eq!(Slug::of(text.as_bytes(), longest).unwrap(), slug);
        }
    }
}
