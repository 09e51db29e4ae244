//! Any text: what is read is written so that it reads the same, leniently and strictly.

#![no_main]

use duat::Version;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(version) = text.parse::<Version>() {
        let written = version.to_string();
        assert_eq!(Version::parse_strict(&written), Ok(version.clone()));
        assert_eq!(written.parse(), Ok(version));
    }
    if let Ok(version) = Version::parse_strict(text) {
        assert_eq!(version.to_string(), text);
    }
    let _ = Version::from_tag(text, "v");
});
