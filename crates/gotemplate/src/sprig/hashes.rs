//! Checksums.

use super::Table;
use crate::args::bytes;
use crate::func::Type;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

pub(super) fn add(table: &mut Table) {
    const TEXT: &[Type] = &[Type::String];
    table.plain("sha1sum", TEXT, |_, a| {
        Ok(hex(&Sha1::digest(bytes(a, 0))).into())
    });
    table.plain("sha256sum", TEXT, |_, a| {
        Ok(hex(&Sha256::digest(bytes(a, 0))).into())
    });
    table.plain("sha512sum", TEXT, |_, a| {
        Ok(hex(&Sha512::digest(bytes(a, 0))).into())
    });
    table.plain("adler32sum", TEXT, |_, a| {
        Ok(adler32(bytes(a, 0)).to_string().into())
    });
}

fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn adler32(data: &[u8]) -> u32 {
    let (mut low, mut high) = (1u32, 0u32);
    for &byte in data {
        low = (low + u32::from(byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    high << 16 | low
}
