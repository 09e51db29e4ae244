//! `derivePassword`: the Master Password algorithm.

use crate::args::{bytes, text};
use crate::exec::Call;
use crate::func::Answer;
use crate::value::Value;
use sha2::{Digest, Sha256};

const SEED: &[u8] = b"com.lyndir.masterpassword";

/// The shapes of each kind of password; a letter stands for a set of characters.
const KINDS: [(&str, &[&str]); 6] = [
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("short", &["Cvcn"]),
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    ("pin", &["nnnn"]),
];

fn characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'A' => b"AEIOUBCDFGHJKLMNPQRSTVWXYZ",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

/// The item that a random byte selects.
fn chosen<T: Copy>(items: &[T], byte: u8) -> Option<T> {
    items.get(usize::from(byte) % items.len().max(1)).copied()
}

pub(super) fn derive_password(call: &mut Call<'_>, args: &[Value]) -> Answer {
    let counter = match args.first() {
        Some(Value::Uint(_, n)) => *n as u32,
        _ => 0,
    };
    let kind = text(args, 1);
    let Some((_, shapes)) = KINDS.iter().find(|(name, _)| *name == kind) else {
        return Ok(format!("cannot find password template {kind}").into());
    };
    // Deriving the key is meant to be slow.
    call.charge(1_000_000)?;
    let (password, user, site) = (bytes(args, 2), bytes(args, 3), bytes(args, 4));
    let salt = [SEED, &(user.len() as u32).to_be_bytes(), user].concat();
    let mut key = [0; 64];
    let params = scrypt::Params::new(15, 8, 2)
        .map_err(|error| format!("failed to derive password: {error}"))?;
    scrypt::scrypt(password, &salt, &params, &mut key)
        .map_err(|error| format!("failed to derive password: {error}"))?;
    let message = [
        SEED,
        &(site.len() as u32).to_be_bytes(),
        site,
        &counter.to_be_bytes(),
    ]
    .concat();
    let seed = hmac_sha256(&key, &message);
    let (first, rest) = seed.split_first().unwrap_or((&0, &[]));
    let shape = chosen(shapes, *first).unwrap_or_default();
    let out: Vec<u8> = shape
        .bytes()
        .zip(rest)
        .filter_map(|(class, byte)| chosen(characters(class), *byte))
        .collect();
    Ok(out.into())
}

/// HMAC with a key of exactly one block.
fn hmac_sha256(key: &[u8; 64], message: &[u8]) -> [u8; 32] {
    let inner = Sha256::new()
        .chain_update(key.map(|b| b ^ 0x36))
        .chain_update(message)
        .finalize();
    Sha256::new()
        .chain_update(key.map(|b| b ^ 0x5C))
        .chain_update(inner)
        .finalize()
        .into()
}
