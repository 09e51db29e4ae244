//! The reader of asset arguments and of lists: nothing panics it, nothing of what is typed is lost,
//! a path that exists wins over a label, and a list comes back as it was written.

#![no_main]

use libfuzzer_sys::fuzz_target;

// a binary has no library to ask
#[path = "../../src/input/argument.rs"]
mod argument;

use argument::{is_pattern, list, split_label};

fuzz_target!(|input: (&str, Vec<String>, bool)| {
    let (text, existing, null) = input;
    let exists = |name: &str| existing.iter().any(|path| path == name);
    let (path, label) = split_label(text, &|name| exists(name) || is_pattern(name));
    match label {
        None => assert_eq!(path, text),
        Some(label) => {
            let rest = text
                .strip_prefix(path)
                .and_then(|rest| rest.strip_prefix('#'));
            assert_eq!(rest.map(str::trim), Some(label), "{text}");
            assert!(!path.is_empty() && !label.is_empty());
            assert!(!exists(text) || is_pattern(text), "{text}");
            // a longer path that exists would have been taken
            for (at, _) in text.match_indices('#').filter(|(at, _)| *at > path.len()) {
                assert!(!exists(&text[..at]), "{text}");
            }
        }
    }
    let separator = if null { "\0" } else { "\n" };
    let is_plain = |item: &&String| {
        let taken = ['\0', '\n', '\r'];
        !item.contains(taken) && !item.trim_ascii().is_empty()
    };
    let items: Vec<&String> = existing.iter().filter(is_plain).collect();
    let written: String = items
        .iter()
        .flat_map(|item| [item.as_str(), separator])
        .collect();
    let read: Vec<&[u8]> = list(written.as_bytes(), null).collect();
    let expected: Vec<&[u8]> = items.iter().map(|item| item.as_bytes()).collect();
    assert_eq!(read, expected);
    if !null {
        let windows = written.replace('\n', "\r\n");
        assert!(list(windows.as_bytes(), false).eq(expected));
    }
    for item in list(text.as_bytes(), null) {
        assert!(!item.trim_ascii().is_empty());
    }
});
