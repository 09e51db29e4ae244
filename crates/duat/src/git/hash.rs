//! An object's name.

use std::fmt;

const LONGEST: usize = 32;

/// The hash that names an object: 20 bytes (SHA-1) or 32 (SHA-256). Displays as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Hash {
    /// Reads 40 or 64 hex digits.
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        if !matches!(hex.len(), 40 | 64) {
            return None;
        }
        let mut bytes = [0; LONGEST];
        for (byte, pair) in bytes.iter_mut().zip(hex.chunks_exact(2)) {
            let [high, low] = pair else { return None };
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self {
            bytes,
            length: hex.len() / 2,
        })
    }

    /// Takes over 20 or 32 raw bytes.
    pub(super) fn from_bytes(raw: &[u8]) -> Option<Self> {
        if !matches!(raw.len(), 20 | LONGEST) {
            return None;
        }
        let mut bytes = [0; LONGEST];
        bytes.get_mut(..raw.len())?.copy_from_slice(raw);
        Some(Self {
            bytes,
            length: raw.len(),
        })
    }

    /// Returns the raw bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Returns the first seven hex digits, as people write it.
    pub fn short(&self) -> String {
        self.to_string().chars().take(7).collect()
    }
}

fn digit(hex: u8) -> Option<u8> {
    match hex {
        b'0'..=b'9' => Some(hex - b'0'),
        b'a'..=b'f' => Some(hex - b'a' + 10),
        b'A'..=b'F' => Some(hex - b'A' + 10),
        _ => None,
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl serde::Serialize for Hash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_in_either_case_and_written_in_lower() {
        for digits in [
            "0123456789abcdeffedcba98765432100f1e2d3c",
            &"9aF0".repeat(16),
        ] {
            let hash = Hash::from_hex(digits.as_bytes()).unwrap();
            assert_eq!(hash.to_string(), digits.to_lowercase());
            assert_eq!(format!("{hash:?}"), digits.to_lowercase());
            assert_eq!(hash.short(), digits.to_lowercase()[..7]);
            assert_eq!(Hash::from_hex(digits.to_uppercase().as_bytes()), Some(hash));
            assert_eq!(Hash::from_bytes(hash.as_bytes()), Some(hash));
        }
        for wrong in ["", "abc", &"g".repeat(40), &"0".repeat(41), &"0".repeat(63)] {
            assert_eq!(Hash::from_hex(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
