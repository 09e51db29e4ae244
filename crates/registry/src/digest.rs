//! A digest: the name of content that the content itself proves.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256, Sha512};

/// How a digest is computed. The OCI registers these two for use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// `sha256`, 64 hexadecimal digits.
    Sha256,
    /// `sha512`, 128 hexadecimal digits.
    Sha512,
}

/// A digest, `sha256:` or `sha512:` and lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest {
    algorithm: Algorithm,
    hex: Box<str>,
}

/// Why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// There is no `:`.
    #[error("no digest: `{0}` has no `:` between algorithm and digits")]
    NoAlgorithm(String),
    /// An algorithm nobody registered, or one that is not to be trusted any more.
    #[error("unknown digest algorithm `{0}`: `sha256` and `sha512` are known")]
    UnknownAlgorithm(String),
    /// Not the digits that the algorithm writes.
    #[error("no digest: `{0}` is not followed by {1} lower-case hexadecimal digits")]
    Digits(&'static str, usize),
}

/// Why content is not what its name says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// Other bytes.
    #[error("the content is `{found}`, not `{expected}`")]
    Digest {
        /// What was asked for.
        expected: Digest,
        /// What came.
        found: Digest,
    },
    /// Fewer or more bytes; `found` is a lower bound where reading stopped at once.
    #[error("the content has {found} bytes, not {expected}")]
    Size {
        /// What was announced.
        expected: u64,
        /// What came.
        found: u64,
    },
}

impl Algorithm {
    /// Returns the name that stands before the colon.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// Returns how many hexadecimal digits it writes.
    pub fn digits(self) -> usize {
        match self {
            Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

impl Digest {
    /// Returns the SHA-256 digest of these bytes.
    ///
    /// ```
    /// use duat_registry::digest::Digest;
    ///
    /// let empty = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    /// assert_eq!(Digest::of(b"{}").to_string(), empty);
    /// ```
    pub fn of(bytes: &[u8]) -> Self {
        Self::by(Algorithm::Sha256, bytes)
    }

    /// Returns the digest of these bytes by this algorithm.
    pub fn by(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let mut hasher = Hasher::new(algorithm);
        hasher.update(bytes);
        hasher.finish()
    }

    /// Returns how it was computed.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns the digits alone.
    pub fn hex(&self) -> &str {
        &self.hex
    }

    /// Returns the tag under which a registry without the referrers API lists who refers to this
    /// digest: `sha256-<digits>`, cut as the specification says.
    pub fn fallback_tag(&self) -> String {
        let hex = self.hex.get(..64).unwrap_or(&self.hex);
        format!("{}-{hex}", self.algorithm.name())
    }

    /// Tells whether these bytes are the content that this digest names.
    ///
    /// # Errors
    /// Says what they are instead.
    pub fn verify(&self, bytes: &[u8]) -> Result<(), Mismatch> {
        let found = Self::by(self.algorithm, bytes);
        if found == *self {
            Ok(())
        } else {
            Err(Mismatch::Digest {
                expected: self.clone(),
                found,
            })
        }
    }
}

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let (name, hex) = text
            .split_once(':')
            .ok_or_else(|| DigestError::NoAlgorithm(text.chars().take(80).collect()))?;
        let algorithm = match name {
            "sha256" => Algorithm::Sha256,
            "sha512" => Algorithm::Sha512,
            other => {
                let other = other.chars().take(80).collect();
                return Err(DigestError::UnknownAlgorithm(other));
            }
        };
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if hex.len() != algorithm.digits() || !hex.bytes().all(is_digit) {
            return Err(DigestError::Digits(algorithm.name(), algorithm.digits()));
        }
        Ok(Self {
            algorithm,
            hex: hex.into(),
        })
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.hex)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Computes a digest of bytes as they pass.
#[derive(Clone, Debug)]
pub struct Hasher(State);

#[derive(Clone, Debug)]
enum State {
    Sha256(Sha256),
    Sha512(Box<Sha512>),
}

impl Hasher {
    /// Starts with no bytes.
    pub fn new(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha512 => State::Sha512(Box::default()),
        })
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// Returns the digest of all of them.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => Digest {
                algorithm: Algorithm::Sha256,
                hex: hex(&state.finalize()),
            },
            State::Sha512(state) => Digest {
                algorithm: Algorithm::Sha512,
                hex: hex(&state.finalize()),
            },
        }
    }
}

fn hex(bytes: &[u8]) -> Box<str> {
    let digits = b"0123456789abcdef";
    let digit = |value: u8| char::from(digits[usize::from(value & 15)]);
    let text: String = bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(*byte)])
        .collect();
    text.into()
}

/// Watches bytes pass and tells at the end, or as soon as there are too many, whether they are what
/// was promised.
#[derive(Clone, Debug)]
pub struct Verifier {
    expected: Digest,
    size: Option<u64>,
    seen: u64,
    hasher: Hasher,
}

impl Verifier {
    /// Expects this digest and, where it is known, this many bytes.
    pub fn new(expected: Digest, size: Option<u64>) -> Self {
        let hasher = Hasher::new(expected.algorithm());
        Self {
            expected,
            size,
            seen: 0,
            hasher,
        }
    }

    /// Returns how many bytes have passed.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// More bytes came than were promised: nobody needs to wait for the end.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Mismatch> {
        self.seen = self.seen.saturating_add(bytes.len() as u64);
        if let Some(expected) = self.size.filter(|size| self.seen > *size) {
            return Err(Mismatch::Size {
                expected,
                found: self.seen,
            });
        }
        self.hasher.update(bytes);
        Ok(())
    }

    /// Tells whether all of it was what was promised.
    ///
    /// # Errors
    /// Too few bytes, or others.
    pub fn finish(self) -> Result<(), Mismatch> {
        if let Some(expected) = self.size.filter(|size| self.seen != *size) {
            return Err(Mismatch::Size {
                expected,
                found: self.seen,
            });
        }
        let found = self.hasher.finish();
        if found == self.expected {
            Ok(())
        } else {
            Err(Mismatch::Digest {
                expected: self.expected,
                found,
            })
        }
    }
}

#[cfg(test)]
mod tests;
