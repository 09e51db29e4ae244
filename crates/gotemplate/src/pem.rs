//! PEM: labelled base 64.

use crate::base;
use std::fmt::Write as _;

/// A labelled block of bytes.
pub(crate) struct Block {
    pub(crate) label: String,
    pub(crate) data: Vec<u8>,
}

/// The block as text.
pub(crate) fn encode(label: &str, data: &[u8]) -> String {
    let mut out = format!("-----BEGIN {label}-----\n");
    let encoded = base::encode64(data);
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    let _ = writeln!(out, "-----END {label}-----");
    out
}

/// The first block of a text.
pub(crate) fn decode(text: &str) -> Option<Block> {
    let mut rest = text;
    loop {
        let at = rest.find("-----BEGIN ")?;
        let line_start = at == 0 || rest.as_bytes().get(at - 1) == Some(&b'\n');
        rest = rest.get(at + "-----BEGIN ".len()..)?;
        if !line_start {
            continue;
        }
        let (label, body) = rest.split_once("-----")?;
        let Some((body, _)) = body.split_once(&format!("-----END {label}-----")) else {
            continue;
        };
        // Headers, if any, end with an empty line.
        let body = match body.split_once("\n\n") {
            Some((headers, body)) if headers.contains(':') => body,
            _ => body,
        };
        let compact: Vec<u8> = body.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
        if let Ok(data) = base::decode64(&compact) {
            return Some(Block {
                label: label.to_owned(),
                data,
            });
        }
    }
}
