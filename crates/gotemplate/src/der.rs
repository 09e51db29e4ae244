//! ASN.1 in its distinguished encoding, as much of it as keys and certificates need.

use num_bigint::BigUint;

pub(crate) const BOOLEAN: u8 = 0x01;
pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const PRINTABLE_STRING: u8 = 0x13;
pub(crate) const UTC_TIME: u8 = 0x17;
pub(crate) const GENERALIZED_TIME: u8 = 0x18;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// A value under its tag.
pub(crate) fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes: Vec<u8> = length
            .to_be_bytes()
            .into_iter()
            .skip_while(|b| *b == 0)
            .collect();
        out.push(0x80 | bytes.len() as u8);
        out.extend_from_slice(&bytes);
    }
    out.extend_from_slice(content);
    out
}

/// A sequence of values.
pub(crate) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tagged(SEQUENCE, &parts.concat())
}

/// A constructed context-specific tag.
pub(crate) fn explicit(number: u8, content: &[u8]) -> Vec<u8> {
    tagged(0xA0 | number, content)
}

/// A non-negative integer.
pub(crate) fn integer(n: &BigUint) -> Vec<u8> {
    let mut bytes = n.to_bytes_be();
    if bytes.first().is_none_or(|b| b & 0x80 != 0) {
        bytes.insert(0, 0);
    }
    tagged(INTEGER, &bytes)
}

/// A small integer.
pub(crate) fn small(n: u32) -> Vec<u8> {
    integer(&BigUint::from(n))
}

/// An object identifier by its numbers.
pub(crate) fn oid(arcs: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (first, rest) = arcs.split_at(arcs.len().min(2));
    let head = first.iter().fold(0, |n, arc| n * 40 + arc);
    for arc in std::iter::once(&head).chain(rest) {
        let mut groups = vec![(arc & 0x7F) as u8];
        let mut left = arc >> 7;
        while left > 0 {
            groups.push(0x80 | (left & 0x7F) as u8);
            left >>= 7;
        }
        bytes.extend(groups.into_iter().rev());
    }
    tagged(OID, &bytes)
}

/// A bit string of whole bytes.
pub(crate) fn bits(content: &[u8]) -> Vec<u8> {
    tagged(BIT_STRING, &[&[0], content].concat())
}

/// Reads values one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'d>(pub(crate) &'d [u8]);

impl<'d> Reader<'d> {
    /// The next value: its tag, its content, and all its bytes.
    pub(crate) fn next(&mut self) -> Option<(u8, &'d [u8], &'d [u8])> {
        let data = self.0;
        let tag = *data.first()?;
        let first = *data.get(1)?;
        let (length, header) = if first < 0x80 {
            (usize::from(first), 2)
        } else {
            let count = usize::from(first & 0x7F);
            if count == 0 || count > 4 {
                return None;
            }
            let bytes = data.get(2..2 + count)?;
            (
                bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b)),
                2 + count,
            )
        };
        let end = header.checked_add(length)?;
        let content = data.get(header..end)?;
        self.0 = data.get(end..)?;
        Some((tag, content, data.get(..end)?))
    }

    /// The content of the next value, if it has this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Option<&'d [u8]> {
        self.next()
            .filter(|(found, ..)| *found == tag)
            .map(|(_, content, _)| content)
    }

    /// A sequence to be read in turn.
    pub(crate) fn sequence(&mut self) -> Option<Reader<'d>> {
        self.expect(SEQUENCE).map(Reader)
    }

    /// A non-negative integer.
    pub(crate) fn integer(&mut self) -> Option<BigUint> {
        let bytes = self.expect(INTEGER)?;
        if bytes.first().is_none_or(|b| b & 0x80 != 0) {
            return None;
        }
        Some(BigUint::from_bytes_be(bytes))
    }
}
