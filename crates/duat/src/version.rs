//! A version number: lenient reading, strict writing, checked arithmetic and a total order.
//!
//! The grammar written is [Semantic Versioning 2.0.0](https://semver.org). What is read is what
//! people's files and tags hold: the forms that Masterminds/semver 1.5 (the predecessor's reader)
//! accepts.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use semver::{BuildMetadata, Prerelease};
use thiserror::Error;

/// A semantic version.
///
/// Displays in the strict form `MAJOR.MINOR.PATCH[-PRERELEASE][+BUILD]`, with no leading `v` and no
/// leading zeros. Numbers go up to 2^64 - 1.
///
/// The order is precedence as semver.org clause 11 defines it (build metadata does not count), then
/// the text, so that it is total and agrees with equality.
///
/// ```
/// use duat::Version;
///
/// let version: Version = " v1.02 ".parse()?;
/// assert_eq!(version.to_string(), "1.2.0");
/// assert_eq!(version.bump_minor()?.to_string(), "1.3.0");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version(semver::Version);

/// Why a text is not a version.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// Nothing but blanks.
    #[error("it is empty")]
    Empty,
    /// A character the grammar has no place for.
    #[error("unexpected `{}` at character {column}", found.escape_default())]
    Unexpected {
        /// The character.
        found: char,
        /// Its place, counted in characters from 1, in the text without the blanks around it.
        column: usize,
    },
    /// The text ends, or an identifier is empty, where something had to follow.
    #[error("the {part} is missing")]
    Missing {
        /// The part that is not there.
        part: &'static str,
    },
    /// A number above 2^64 - 1.
    #[error("the {part} is greater than {}", u64::MAX)]
    TooLarge {
        /// The part that is too large.
        part: &'static str,
    },
    /// Legal when read leniently, but not as semver.org writes it.
    #[error("it is not written as semver.org asks; the strict form is `{strict}`")]
    NotStrict {
        /// The same version in the strict form.
        strict: String,
    },
}

/// A number that cannot be counted up because it is 2^64 - 1 already.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the {part} of `{version}` cannot be increased")]
pub struct Overflow {
    /// The part that is at its maximum.
    pub part: &'static str,
    /// The version it belongs to.
    pub version: Version,
}

impl Version {
    /// Returns the release `major.minor.patch`.
    pub fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self(semver::Version::new(major, minor, patch))
    }

    /// Reads `text` as semver.org writes it: three numbers, no `v`, no blanks, no leading zeros.
    pub fn parse_strict(text: &str) -> Result<Self, ParseError> {
        let version: Self = text.parse()?;
        if version.to_string() == text {
            Ok(version)
        } else {
            Err(ParseError::NotStrict {
                strict: version.to_string(),
            })
        }
    }

    /// Reads a tag name that stands for a version: `prefix`, then an optional `v`, then a version.
    ///
    /// Returns nothing for every other tag. Short forms (`v2`, `1.2`) count, but only bare: a date
    /// such as `20221209`, `2022-12-09` or `20221209-update` is not a version.
    pub fn from_tag(tag: &str, prefix: &str) -> Option<Self> {
        const LONGEST_SHORT_MAJOR: usize = 4;
        let text = tag.strip_prefix(prefix)?;
        let text = text.strip_prefix('v').unwrap_or(text);
        if !text.starts_with(|first: char| first.is_ascii_digit())
            || text.ends_with(char::is_whitespace)
        {
            return None;
        }
        let core_length = text.find(['-', '+']).unwrap_or(text.len());
        let core = &text[..core_length];
        let short = core.bytes().filter(|byte| *byte == b'.').count() < 2;
        let major_length = core.find('.').unwrap_or(core.len());
        if short && (core_length < text.len() || major_length > LONGEST_SHORT_MAJOR) {
            return None;
        }
        text.parse().ok()
    }

    /// Returns the first number.
    pub fn major(&self) -> u64 {
        self.0.major
    }

    /// Returns the second number.
    pub fn minor(&self) -> u64 {
        self.0.minor
    }

    /// Returns the third number.
    pub fn patch(&self) -> u64 {
        self.0.patch
    }

    /// Returns the identifiers behind the `-`, joined by dots; empty for a release.
    pub fn pre(&self) -> &str {
        self.0.pre.as_str()
    }

    /// Returns the identifiers behind the `+`, joined by dots; mostly empty.
    pub fn build(&self) -> &str {
        self.0.build.as_str()
    }

    /// Tells whether this version comes before the release of the same numbers.
    pub fn is_prerelease(&self) -> bool {
        !self.0.pre.is_empty()
    }

    /// Returns `X.Y.Z` of `X.Y.Z-anything+anything`.
    #[must_use]
    pub fn release(&self) -> Self {
        Self::new(self.major(), self.minor(), self.patch())
    }

    /// Returns the next major version. A pre-release is left behind: `2.0.0-rc.1` gives `3.0.0`.
    pub fn bump_major(&self) -> Result<Self, Overflow> {
        Ok(Self::new(
            self.increase("major version", self.major())?,
            0,
            0,
        ))
    }

    /// Returns the next minor version. A pre-release is left behind: `1.2.0-rc.1` gives `1.3.0`.
    pub fn bump_minor(&self) -> Result<Self, Overflow> {
        let minor = self.increase("minor version", self.minor())?;
        Ok(Self::new(self.major(), minor, 0))
    }

    /// Returns the next patch version; a pre-release becomes the release of the same numbers.
    pub fn bump_patch(&self) -> Result<Self, Overflow> {
        if self.is_prerelease() {
            return Ok(self.release());
        }
        let patch = self.increase("patch version", self.patch())?;
        Ok(Self::new(self.major(), self.minor(), patch))
    }

    /// Returns this version's release with `pre` as its pre-release and no build metadata.
    ///
    /// `pre` is dot-separated identifiers of `[0-9A-Za-z-]`; a leading zero of a numeric one is
    /// dropped.
    pub fn with_pre(&self, pre: &str) -> Result<Self, ParseError> {
        format!("{}-{pre}", self.release()).parse()
    }

    /// Compares by precedence alone: build metadata does not count (semver.org clause 10).
    pub fn cmp_precedence(&self, other: &Self) -> Ordering {
        self.0.cmp_precedence(&other.0)
    }

    fn increase(&self, part: &'static str, number: u64) -> Result<u64, Overflow> {
        number.checked_add(1).ok_or_else(|| Overflow {
            part,
            version: self.clone(),
        })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cmp_precedence(other)
            .then_with(|| self.build().cmp(other.build()))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl serde::Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads leniently: blanks around it, one `v`, one or two numbers missing (they are 0), leading
/// zeros.
impl FromStr for Version {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ParseError::Empty);
        }
        let mut reader = Reader { text, at: 0 };
        if matches!(reader.peek(), Some('v' | 'V')) {
            reader.at += 1;
        }
        let major = reader.number("major version")?;
        let minor = reader.dotted_number("minor version")?;
        let patch = match minor {
            Some(_) => reader.dotted_number("patch version")?,
            None => None,
        };
        let mut version = semver::Version::new(major, minor.unwrap_or(0), patch.unwrap_or(0));
        if reader.skip('-') {
            let identifiers = reader.identifiers("pre-release", Zeros::Dropped)?;
            version.pre = Prerelease::new(&identifiers).map_err(|_| reader.unexpected())?;
        }
        if reader.skip('+') {
            let identifiers = reader.identifiers("build metadata", Zeros::Kept)?;
            version.build = BuildMetadata::new(&identifiers).map_err(|_| reader.unexpected())?;
        }
        if reader.peek().is_some() {
            return Err(reader.unexpected());
        }
        Ok(Self(version))
    }
}

/// What becomes of the leading zeros of a numeric identifier.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Zeros {
    Dropped,
    Kept,
}

/// A text and how far it has been read, in bytes.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    fn take(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|next| !wanted(next)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn number(&mut self, part: &'static str) -> Result<u64, ParseError> {
        let digits = self.take(|next| next.is_ascii_digit());
        if digits.is_empty() {
            return Err(match self.peek() {
                Some(_) => self.unexpected(),
                None => ParseError::Missing { part },
            });
        }
        digits
            .parse()
            .map_err(|_: std::num::ParseIntError| ParseError::TooLarge { part })
    }

    fn dotted_number(&mut self, part: &'static str) -> Result<Option<u64>, ParseError> {
        if self.skip('.') {
            self.number(part).map(Some)
        } else {
            Ok(None)
        }
    }

    fn identifiers(&mut self, part: &'static str, zeros: Zeros) -> Result<String, ParseError> {
        let mut identifiers = String::new();
        loop {
            let identifier = self.take(|next| next.is_ascii_alphanumeric() || next == '-');
            if identifier.is_empty() {
                return Err(match self.peek() {
                    Some(found) if found != '.' && found != '+' => self.unexpected(),
                    _ => ParseError::Missing { part },
                });
            }
            let numeric = identifier.bytes().all(|byte| byte.is_ascii_digit());
            let written = if numeric && zeros == Zeros::Dropped {
                let significant = identifier.trim_start_matches('0');
                if significant.is_empty() {
                    "0"
                } else {
                    significant
                }
            } else {
                identifier
            };
            identifiers.push_str(written);
            if !self.skip('.') {
                return Ok(identifiers);
            }
            identifiers.push('.');
        }
    }

    fn unexpected(&self) -> ParseError {
        ParseError::Unexpected {
            found: self.peek().unwrap_or_default(),
            column: self.text[..self.at].chars().count() + 1,
        }
    }
}

#[cfg(test)]
mod tests;
