//! Base 64 and base 32, with Go's complaints about bad input.

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `bits` at a time through the alphabet, padded to a whole number of `group` characters.
fn encode(data: &[u8], alphabet: &[u8], bits: u32, group: usize) -> String {
    let mut out = String::with_capacity(data.len() * 8 / bits as usize + group);
    let (mut buffer, mut held) = (0u32, 0);
    let mut put = |value: u32| {
        out.push(char::from(
            alphabet.get(value as usize).copied().unwrap_or(b'='),
        ));
    };
    let mask = (1 << bits) - 1;
    for &byte in data {
        buffer = buffer << 8 | u32::from(byte);
        held += 8;
        while held >= bits {
            held -= bits;
            put(buffer >> held & mask);
        }
        buffer &= (1 << held) - 1;
    }
    if held > 0 {
        put(buffer << (bits - held) & mask);
    }
    while !out.len().is_multiple_of(group) {
        out.push('=');
    }
    out
}

/// Standard base 64 with padding.
pub(crate) fn encode64(data: &[u8]) -> String {
    encode(data, BASE64, 6, 4)
}

/// Standard base 32 with padding.
pub(crate) fn encode32(data: &[u8]) -> String {
    encode(data, BASE32, 5, 8)
}

fn value_of(alphabet: &[u8], byte: u8) -> Option<u32> {
    alphabet.iter().position(|&b| b == byte).map(|at| at as u32)
}

fn is_newline(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Collects characters of so many bits into bytes; bits left over are dropped.
fn collect(values: &[u32], bits: u32) -> Vec<u8> {
    let mut out = Vec::with_capacity(values.len() * bits as usize / 8);
    let (mut buffer, mut held) = (0u32, 0);
    for value in values {
        buffer = buffer << bits | value;
        held += bits;
        if held >= 8 {
            held -= 8;
            out.push((buffer >> held) as u8);
            buffer &= (1 << held) - 1;
        }
    }
    out
}

/// Decodes standard base 64; line breaks are skipped.
pub(crate) fn decode64(data: &[u8]) -> Result<Vec<u8>, String> {
    let bad = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    let mut values = Vec::with_capacity(data.len());
    let mut at = 0;
    let mut in_group = 0;
    let skip = |mut at: usize| {
        while data.get(at).copied().is_some_and(is_newline) {
            at += 1;
        }
        at
    };
    loop {
        let Some(&byte) = data.get(at) else {
            return if in_group == 0 {
                Ok(collect(&values, 6))
            } else {
                bad(at - in_group)
            };
        };
        at += 1;
        if let Some(value) = value_of(BASE64, byte) {
            values.push(value);
            in_group = (in_group + 1) % 4;
            continue;
        }
        if is_newline(byte) {
            continue;
        }
        if byte != b'=' || in_group < 2 {
            return bad(at - 1);
        }
        if in_group == 2 {
            at = skip(at);
            match data.get(at) {
                None => return bad(data.len()),
                Some(b'=') => at += 1,
                Some(_) => return bad(at - 1),
            }
        }
        at = skip(at);
        return if at < data.len() {
            bad(at)
        } else {
            Ok(collect(&values, 6))
        };
    }
}

/// Decodes standard base 32; line breaks are skipped.
pub(crate) fn decode32(data: &[u8]) -> Result<Vec<u8>, String> {
    let bad = |at: usize| Err(format!("illegal base32 data at input byte {at}"));
    let data: Vec<u8> = data.iter().copied().filter(|&b| !is_newline(b)).collect();
    let mut values = Vec::with_capacity(data.len());
    let mut in_group = 0;
    for (at, &byte) in data.iter().enumerate() {
        let left = data.len() - at - 1;
        if byte == b'=' && in_group >= 2 && left < 8 {
            if left + in_group < 7 {
                return bad(data.len());
            }
            for k in 0..7 - in_group {
                if data.get(at + 1 + k).is_some_and(|&b| b != b'=') {
                    return bad(at + k);
                }
            }
            if matches!(in_group, 3 | 6) {
                return bad(at);
            }
            return Ok(collect(&values, 5));
        }
        let Some(value) = value_of(BASE32, byte) else {
            return bad(at);
        };
        values.push(value);
        in_group = (in_group + 1) % 8;
    }
    if in_group == 0 {
        Ok(collect(&values, 5))
    } else {
        bad(data.len() - in_group)
    }
}
