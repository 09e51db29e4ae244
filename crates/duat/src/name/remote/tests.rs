use proptest::prelude::*;

use super::*;

fn read(text: &str) -> RemoteUrl {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Text, what is displayed, host, owner, name.
type Row = (
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
);

const ADDRESSES: &[Row] = &[
    (
        "https://github.com/karlmutch/duat",
        "https://github.com/karlmutch/duat",
        Some("github.com"),
        Some("karlmutch"),
        Some("duat"),
    ),
    (
        "HTTPS://GitHub.com/o/r.git/",
        "https://github.com/o/r.git",
        Some("github.com"),
        Some("o"),
        Some("r"),
    ),
    (
        "https://user:pass@host.example:8443/g/s/r.git?token=t#f",
        "https://host.example:8443/g/s/r.git",
        Some("host.example"),
        Some("g/s"),
        Some("r"),
    ),
    (
        "https://ghp_token@github.com/o/r",
        "https://github.com/o/r",
        Some("github.com"),
        Some("o"),
        Some("r"),
    ),
    (
        "https://host.example/r.git",
        "https://host.example/r.git",
        Some("host.example"),
        None,
        Some("r"),
    ),
    (
        "ssh://git:secret@host.example:2222/o/r.git",
        "ssh://git@host.example:2222/o/r.git",
        Some("host.example"),
        Some("o"),
        Some("r"),
    ),
    (
        "ssh://git@host.example/~user/r.git",
        "ssh://git@host.example/~user/r.git",
        Some("host.example"),
        Some("~user"),
        Some("r"),
    ),
    (
        "ssh://git@[2001:DB8::1]:22/o/r",
        "ssh://git@[2001:db8::1]:22/o/r",
        Some("2001:db8::1"),
        Some("o"),
        Some("r"),
    ),
    (
        "git://host.example/o/r.git",
        "git://host.example/o/r.git",
        Some("host.example"),
        Some("o"),
        Some("r"),
    ),
    (
        "git@github.com:o/r.git",
        "git@github.com:o/r.git",
        Some("github.com"),
        Some("o"),
        Some("r"),
    ),
    (
        "git@gitlab.com:group/team/r.git",
        "git@gitlab.com:group/team/r.git",
        Some("gitlab.com"),
        Some("group/team"),
        Some("r"),
    ),
    ("host:path", "host:path", Some("host"), None, Some("path")),
    (
        "user@host:path/to/r",
        "user@host:path/to/r",
        Some("host"),
        Some("path/to"),
        Some("r"),
    ),
    (
        "user:secret@host:o/r.git",
        "user@host:o/r.git",
        Some("host"),
        Some("o"),
        Some("r"),
    ),
    (
        "git@host:/srv/git/r.git/",
        "git@host:/srv/git/r.git",
        Some("host"),
        Some("srv/git"),
        Some("r"),
    ),
    (
        "git@host:dir@v/r",
        "git@host:dir@v/r",
        Some("host"),
        Some("dir@v"),
        Some("r"),
    ),
    (
        "git@[::1]:o/r",
        "git@[::1]:o/r",
        Some("::1"),
        Some("o"),
        Some("r"),
    ),
    (
        "[host:2222]:o/r",
        "[host:2222]:o/r",
        Some("host"),
        Some("o"),
        Some("r"),
    ),
    (
        "file:///srv/git/r.git",
        "file:///srv/git/r.git",
        None,
        None,
        Some("r"),
    ),
    ("/srv/git/r.git/", "/srv/git/r.git", None, None, Some("r")),
    (
        "/srv/me/tree/.git",
        "/srv/me/tree/.git",
        None,
        None,
        Some("tree"),
    ),
    ("../r", "../r", None, None, Some("r")),
    ("./a:b/r", "./a:b/r", None, None, Some("r")),
    ("..", "..", None, None, None),
    ("/", "/", None, None, None),
    (r"C:\tree\r.git", r"C:\tree\r.git", None, None, Some("r")),
    ("C:/tree/r", "C:/tree/r", None, None, Some("r")),
    (
        r"\\server\share\r",
        r"\\server\share\r",
        None,
        None,
        Some("r"),
    ),
];

#[test]
fn every_form_names_its_repository() {
    for (text, displayed, host, owner, name) in ADDRESSES {
        let url = read(text);
        assert_eq!(url.to_string(), *displayed, "{text}");
        assert_eq!(url.host(), *host, "{text}");
        assert_eq!(url.owner(), *owner, "{text}");
        assert_eq!(url.name(), *name, "{text}");
        assert_eq!(read(displayed), url, "{text}");
    }
}

#[test]
fn parts_are_at_hand() {
    let url = read("ssh://git@host.example:2222/o/r.git");
    assert_eq!(url.scheme(), Some("ssh"));
    assert_eq!(url.user(), Some("git"));
    assert_eq!(url.port(), Some(2222));
    assert_eq!(url.path(), "/o/r.git");
    assert!(!url.is_local());
    assert_eq!(read("git@h.example:r").scheme(), Some("ssh"));
    assert_eq!(read("https://me@h.example/r").user(), None);
    assert!(read("file:///r").is_local());
}

#[test]
fn what_is_no_address_is_refused_without_repeating_it() {
    let table = [
        ("", RemoteError::Empty),
        (" \t", RemoteError::Empty),
        ("https://host/a\nb", RemoteError::ControlCharacter),
        ("https:///o/r", RemoteError::NoHost),
        ("https://host", RemoteError::NoRepository),
        ("https://host/", RemoteError::NoRepository),
        ("https://host:port/o/r", RemoteError::Port),
        ("https://host:+80/o/r", RemoteError::Port),
        ("https://host:65536/o/r", RemoteError::Port),
        ("https://[::1/o/r", RemoteError::Port),
        ("https://ho st/o/r", RemoteError::BadHost),
        ("[h]]:o/r", RemoteError::BadHost),
        ("ht tps://me:secret@host/r", RemoteError::BadScheme),
        ("git@host:", RemoteError::NoRepository),
        ("@host:o/r", RemoteError::NoUser),
        (":o/r", RemoteError::NoHost),
        ("ext::sh -c x", RemoteError::Helper),
    ];
    for (text, expected) in table {
        assert_eq!(text.parse::<RemoteUrl>(), Err(expected), "{text}");
    }
}

proptest! {
    #[test]
    fn displaying_is_stable(text in "([a-z]{1,4}(://|:|::))?([a-z:@\\[\\]]{0,6}@)?[\\[\\]a-zA-Z0-9.:@/\\\\?#~ -]{0,24}") {
        if let Ok(url) = text.parse::<RemoteUrl>() {
            let displayed = url.to_string();
            prop_assert_eq!(displayed.parse::<RemoteUrl>(), Ok(url), "{} as {}", text, displayed);
        }
    }

    #[test]
    fn a_password_is_never_displayed(
        scheme in prop::sample::select(vec!["https://", "http://", "ssh://", "git://", "ftp://", ""]),
        user in "[a-z]{1,8}",
        path in "[a-z]{1,8}(/[a-z]{1,8}){0,3}(\\.git)?/{0,2}",
        noise in "[!$&*@:;=~+]{0,4}",
    ) {
        let divider = if scheme.is_empty() { ":" } else { "/" };
        let text = format!("{scheme}{user}:{noise}S3CRET{noise}@host.example{divider}{path}");
        let url = read(&text);
        prop_assert!(!format!("{url} {url:?}").contains("S3CRET"), "{} as {}", text, url);
        prop_assert_eq!(url.host(), Some("host.example"));
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = text.parse::<RemoteUrl>();
    }
}
