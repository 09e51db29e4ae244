//! What is read as a name is printed as the same name, and fits into a URL as it is.
#![no_main]

use duat_registry::{Digest, Handle, Reference, Registry, Repository};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reference) = text.parse::<Reference>() {
        let printed = reference.to_string();
        assert_eq!(printed.parse::<Reference>().as_ref(), Ok(&reference), "{printed}");
        let authority = reference.repository().registry().authority();
        let path = reference.repository().path();
        let url = format!("https://{authority}/v2/{path}/manifests/{}", reference.handle());
        let read = url::Url::parse(&url).expect("a name is part of a URL");
        assert_eq!(read.path(), &url["https://".len() + authority.len()..], "{url}");
        assert_eq!(read.username(), "");
        assert_eq!(read.query(), None);
    }
    if let Ok(repository) = text.parse::<Repository>() {
        assert_eq!(repository.to_string().parse(), Ok(repository));
    }
    if let Ok(registry) = text.parse::<Registry>() {
        assert_eq!(registry.to_string().parse(), Ok(registry));
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text);
    }
    if let Ok(handle) = text.parse::<Handle>() {
        assert_eq!(handle.to_string(), text);
    }
});
