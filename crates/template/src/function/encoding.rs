use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::{Arguments, Context, Failure, Function};
use crate::value::{Map, Value};

pub(super) const TABLE: &[Function] = &[
    row!(
        ["b64enc", "b64_encode", "base64_encode"],
        "value: string -> string",
        "Base64",
        (r#"{{ "user:pass" | b64enc }}"#, "dXNlcjpwYXNz"),
        |a, _| Ok(STANDARD.encode(a.text(0)?).into()),
    ),
    row!(
        ["b64dec", "b64_decode", "base64_decode"],
        "value: string -> string",
        "the text of a Base64",
        (r#"{{ "YWI=" | b64dec }}"#, "ab"),
        decode64,
    ),
    row!(
        ["b64urlenc", "base64url_encode"],
        "value: string -> string",
        "Base64 for URLs, without padding",
        (r#"{{ "a?>" | b64urlenc }}"#, "YT8-"),
        |a, _| Ok(URL_SAFE_NO_PAD.encode(a.text(0)?).into()),
    ),
    row!(
        ["b64urldec", "base64url_decode"],
        "value: string -> string",
        "the text of a Base64 for URLs",
        (r#"{{ "YT8-" | b64urldec }}"#, "a?>"),
        decode64_url,
    ),
    row!(
        ["b32enc", "base32_encode"],
        "value: string -> string",
        "Base32",
        (r#"{{ "ab" | b32enc }}"#, "MFRA===="),
        |a, _| Ok(encode32(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["b32dec", "base32_decode"],
        "value: string -> string",
        "the text of a Base32",
        (r#"{{ "MFRA====" | b32dec }}"#, "ab"),
        decode32,
    ),
    row!(
        ["hexenc", "hex", "hex_encode"],
        "value: string -> string",
        "two hexadecimal digits for each byte",
        (r#"{{ "ab" | hexenc }}"#, "6162"),
        |a, _| Ok(hex(a.text(0)?.as_bytes()).into()),
    ),
    row!(
        ["hexdec", "hex_decode"],
        "value: string -> string",
        "the text of hexadecimal digits",
        (r#"{{ "6162" | hexdec }}"#, "ab"),
        decode_hex,
    ),
    row!(
        ["urlencode", "urlquery", "url_encode"],
        "value: string -> string",
        "percent-encoded; `/` stays",
        (r#"{{ "a b/c&d" | urlencode }}"#, "a%20b/c%26d"),
        |a, _| Ok(encode_url(&a.text(0)?, true).into()),
    ),
    row!(
        ["urlencode_strict"],
        "value: string -> string",
        "percent-encoded, `/` too",
        (r#"{{ "a/b" | urlencode_strict }}"#, "a%2Fb"),
        |a, _| Ok(percent(&a.text(0)?).into()),
    ),
    row!(
        ["urldecode", "url_decode"],
        "value: string -> string",
        "the text of a percent-encoding",
        (r#"{{ "a%20b" | urldecode }}"#, "a b"),
        decode_url,
    ),
    row!(
        ["querystring", "to_query"],
        "value: map -> string",
        "`k=v&k=v`, percent-encoded",
        (r#"{{ {"a": 1, "b": "x y"} | querystring }}"#, "a=1&b=x%20y"),
        query,
    ),
    row!(
        ["shquote", "shell_quote"],
        "value: any -> string",
        "one word of a POSIX shell",
        (r#"{{ "it's" | shquote }}"#, r"'it'\''s'"),
        |a, _| Ok(shell_word(&a.any(0).printed()).into()),
    ),
    row!(
        ["jsonstring", "escape_json"],
        "value: string -> string",
        "escaped for the inside of a JSON string",
        (r#"{{ 'a"b' | escape_json }}"#, r#"a\"b"#),
        escape_json,
    ),
];

type Outcome = Result<Value, Failure>;

fn utf8(bytes: Vec<u8>) -> Outcome {
    String::from_utf8(bytes)
        .map(Value::from)
        .map_err(|_| "what it decodes to is not text".into())
}

fn decode64(arguments: &Arguments, _: &Context) -> Outcome {
    let text: String = arguments.text(0)?.split_whitespace().collect();
    utf8(
        STANDARD
            .decode(text)
            .map_err(|error| Failure::from(format!("it is not Base64: {error}")))?,
    )
}

fn decode64_url(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let text = text.trim().trim_end_matches('=');
    let wrong = |error| Failure::from(format!("it is not Base64: {error}"));
    utf8(URL_SAFE_NO_PAD.decode(text).map_err(wrong)?)
}

/// RFC 4648, section 6.
const ALPHABET_32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn encode32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.chunks(5) {
        let mut bits = 0_u64;
        for at in 0..5 {
            bits = bits << 8 | u64::from(chunk.get(at).copied().unwrap_or_default());
        }
        let used = (chunk.len() * 8).div_ceil(5);
        for digit in 0..8_usize {
            let index = usize::try_from(bits >> (35 - 5 * digit) & 31).unwrap_or_default();
            let letter = ALPHABET_32.get(index).copied().map_or('=', char::from);
            text.push(if digit < used { letter } else { '=' });
        }
    }
    text
}

fn decode32(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?.to_ascii_uppercase();
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for each in text.trim().trim_end_matches('=').bytes() {
        let digit = ALPHABET_32.iter().position(|letter| *letter == each);
        let digit = digit.and_then(|digit| u32::try_from(digit).ok());
        let digit = digit.ok_or_else(|| Failure::from("it is not Base32"))?;
        bits = (bits << 5 | digit) & 0xfff;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
        }
    }
    utf8(bytes)
}

/// Returns two hexadecimal digits for each byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decode_hex(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let digits: Option<Vec<u32>> = text.trim().chars().map(|each| each.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2));
    let digits = digits.ok_or_else(|| Failure::from("it is not a row of hexadecimal pairs"))?;
    let pair = |pair: &[u32]| pair.iter().fold(0, |byte, digit| byte * 16 + digit);
    utf8(
        digits
            .chunks(2)
            .map(|two| u8::try_from(pair(two)).unwrap_or_default())
            .collect(),
    )
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub(crate) fn percent(text: &str) -> String {
    encode_url(text, false)
}

fn encode_url(text: &str, keep_slash: bool) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
        if plain || keep_slash && byte == b'/' {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn decode_url(arguments: &Arguments, _: &Context) -> Outcome {
    decode_percent(&arguments.text(0)?).map(Value::from)
}

pub(crate) fn decode_percent(text: &str) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.ok_or_else(|| Failure::from("a `%` is not followed by two digits"))?);
        rest = after.get(2..).unwrap_or_default();
    }
    String::from_utf8(bytes).map_err(|_| "what it decodes to is not text".into())
}

fn query(arguments: &Arguments, _: &Context) -> Outcome {
    let pairs = query_of(arguments.map(0)?);
    Ok(pairs.into())
}

pub(crate) fn query_of(map: &Map) -> String {
    let pairs = map
        .iter()
        .map(|(key, value)| format!("{}={}", percent(key), percent(&value.printed())));
    pairs.collect::<Vec<_>>().join("&")
}

/// Returns `text` as one word of a POSIX shell.
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+,=".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn escape_json(arguments: &Arguments, _: &Context) -> Outcome {
    let quoted = Value::Text(arguments.text(0)?).to_string();
    Ok(quoted
        .get(1..quoted.len().saturating_sub(1))
        .unwrap_or_default()
        .into())
}
