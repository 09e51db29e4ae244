//! The reader of remote addresses: no text panics it, what it displays reads as the same address,
//! and a password put where passwords stand is never displayed.

#![no_main]

use duat::name::remote::RemoteUrl;
use libfuzzer_sys::fuzz_target;

const PASSWORD: &str = "S3CRET";

fuzz_target!(|text: &str| {
    let Ok(url) = text.parse::<RemoteUrl>() else {
        return;
    };
    let displayed = url.to_string();
    assert_eq!(displayed.parse(), Ok(url.clone()), "{text} as {displayed}");
    // short addresses and paths may hold `://` further behind
    let scheme = url.scheme().filter(|_| !url.is_local()).unwrap_or_default();
    if let Some(rest) = displayed.strip_prefix(&format!("{scheme}://")) {
        let host = rest.split_once('@').map_or(rest, |(_, host)| host);
        let secret = format!("{scheme}://user:{PASSWORD}@{host}");
        if let Ok(read) = secret.parse::<RemoteUrl>() {
            let shown = format!("{read} {read:?}");
            assert!(
                shown.matches(PASSWORD).count() <= 2 * host.matches(PASSWORD).count(),
                "{secret} as {read}"
            );
        }
    }
});
