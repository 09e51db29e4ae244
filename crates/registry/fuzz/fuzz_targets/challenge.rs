//! Any header is read to its end; what was read can be written and read again.
#![no_main]

use duat_registry::challenge;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &str| {
    for challenge in challenge::read(header.split('\n')) {
        assert!(!challenge.scheme.is_empty());
        let parameters: Vec<String> = challenge
            .parameters
            .iter()
            .map(|(name, value)| {
                let value = value.replace('\\', r"\\").replace('"', r#"\""#);
                format!(r#"{name}="{value}""#)
            })
            .collect();
        let written = format!("{} {}", challenge.scheme, parameters.join(", "));
        let again = challenge::read([written.as_str()]);
        assert_eq!(again, [challenge], "{written}");
    }
});
