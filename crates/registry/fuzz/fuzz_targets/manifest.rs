//! Whatever the bytes: a manifest keeps them, or is none, and says why in one line.
#![no_main]

use bytes::Bytes;
use duat_registry::{Digest, Manifest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (Option<&str>, &[u8])| {
    let (content_type, bytes) = input;
    let bytes = Bytes::copy_from_slice(bytes);
    match Manifest::read(bytes.clone(), content_type, None) {
        Ok(manifest) => {
            assert_eq!(manifest.bytes(), &bytes);
            assert_eq!(manifest.digest(), &Digest::of(&bytes));
            assert!(!manifest.media_type().is_empty());
            assert!(manifest.manifests().is_empty() || manifest.blobs().is_empty());
            // what it is called when it is put, is what it is read as
            let again = Manifest::read(bytes, Some(manifest.media_type()), Some(manifest.digest()));
            let again = again.expect("a manifest is one under its own name");
            assert_eq!(again.view(), manifest.view());
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control), "{error:?}"),
    }
});
