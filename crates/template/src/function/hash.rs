use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::Function;
use crate::function::encoding::hex;

pub(super) const TABLE: &[Function] = &[
    row!(
        ["sha256sum", "sha256"],
        "value: string -> string",
        "SHA-256 in hexadecimal",
        (
            r#"{{ "abc" | sha256sum }}"#,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        |a, _| Ok(digest::<Sha256>(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["sha512sum", "sha512"],
        "value: string -> string",
        "SHA-512 in hexadecimal",
        (
            r#"{{ "abc" | sha512sum | trunc(length=16) }}"#,
            "ddaf35a193617aba",
        ),
        |a, _| Ok(digest::<Sha512>(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["sha384sum", "sha384"],
        "value: string -> string",
        "SHA-384 in hexadecimal",
        (
            r#"{{ "abc" | sha384sum | trunc(length=16) }}"#,
            "cb00753f45a35e8b",
        ),
        |a, _| Ok(digest::<Sha384>(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["sha224sum", "sha224"],
        "value: string -> string",
        "SHA-224 in hexadecimal",
        (
            r#"{{ "abc" | sha224sum | trunc(length=16) }}"#,
            "23097d223405d822",
        ),
        |a, _| Ok(digest::<Sha224>(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["sha1sum", "sha1"],
        "value: string -> string",
        "SHA-1 in hexadecimal; not for security",
        (
            r#"{{ "abc" | sha1sum }}"#,
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        |a, _| Ok(digest::<Sha1>(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["md5sum", "md5"],
        "value: string -> string",
        "MD5 in hexadecimal; not for security",
        (
            r#"{{ "abc" | md5sum }}"#,
            "900150983cd24fb0d6963f7d28e17f72",
        ),
        |a, _| Ok(digest::<Md5>(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["crc32", "crc32sum"],
        "value: string -> integer",
        "CRC-32",
        (r#"{{ "abc" | crc32 }}"#, "891568578"),
        |a, _| Ok(i128::from(crc32fast::hash(a.text(0)?.as_bytes())).into()),
    ),
    row!(
        ["adler32sum", "adler32"],
        "value: string -> string",
        "Adler-32",
        (r#"{{ "abc" | adler32sum }}"#, "38600999"),
        |a, _| {
            Ok(adler2::adler32_slice(a.text(0)?.as_bytes())
                .to_string()
                .into())
        },
    ),
];

fn digest<D: Digest>(bytes: &[u8]) -> String {
    hex(&D::digest(bytes))
}

/// Returns every digest that a template can compute of `bytes`.
pub(crate) fn digests(bytes: &[u8]) -> Vec<String> {
    vec![
        digest::<Sha256>(bytes),
        digest::<Sha512>(bytes),
        digest::<Sha384>(bytes),
        digest::<Sha224>(bytes),
        digest::<Sha1>(bytes),
        digest::<Md5>(bytes),
        crc32fast::hash(bytes).to_string(),
        adler2::adler32_slice(bytes).to_string(),
    ]
}
