use super::{Algorithm, Digest, DigestError, Mismatch, Verifier};

const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[test]
fn a_digest_reads_and_prints_alike() {
    let long = format!("sha512:{}", "0a".repeat(64));
    for text in [EMPTY, &long] {
        assert_eq!(text.parse::<Digest>().unwrap().to_string(), text);
    }
    assert_eq!(Digest::of(b"").to_string(), EMPTY);
    let sha512 = Digest::by(Algorithm::Sha512, b"");
    assert!(sha512.hex().starts_with("cf83e1357eefb8bd"), "{sha512}");
}

#[test]
fn what_is_no_digest_is_refused() {
    let upper = EMPTY.to_uppercase().replace("SHA256", "sha256");
    let short = &EMPTY[..EMPTY.len() - 1];
    let long = format!("{EMPTY}0");
    let traversal = format!("sha256:../{}", "0".repeat(61));
    for text in [upper.as_str(), short, &long, "sha256:", &traversal] {
        let error = text.parse::<Digest>().unwrap_err();
        assert_eq!(error, DigestError::Digits("sha256", 64), "{text}");
    }
    for text in ["md5:d41d8cd98f00b204e9800998ecf8427e", "SHA256:00", ":00"] {
        let error = text.parse::<Digest>().unwrap_err();
        assert!(matches!(error, DigestError::UnknownAlgorithm(_)), "{text}");
    }
    assert!(matches!(
        "latest".parse::<Digest>(),
        Err(DigestError::NoAlgorithm(_))
    ));
}

#[test]
fn the_fallback_tag_is_a_tag() {
    assert_eq!(
        Digest::of(b"").fallback_tag(),
        EMPTY.replace("sha256:", "sha256-")
    );
    let long = Digest::by(Algorithm::Sha512, b"").fallback_tag();
    assert_eq!(long.len(), "sha512-".len() + 64);
}

#[test]
fn a_verifier_accepts_what_was_promised_in_any_pieces() {
    let content = b"the same bytes";
    for cut in 0..=content.len() {
        let mut verifier = Verifier::new(Digest::of(content), Some(content.len() as u64));
        verifier.update(&content[..cut]).unwrap();
        verifier.update(&content[cut..]).unwrap();
        assert_eq!(verifier.finish(), Ok(()));
    }
}

#[test]
fn a_verifier_stops_at_the_first_byte_too_many() {
    let mut verifier = Verifier::new(Digest::of(b"abc"), Some(3));
    verifier.update(b"ab").unwrap();
    let error = verifier.update(b"cd").unwrap_err();
    assert_eq!(error.to_string(), "the content has 4 bytes, not 3");
}

#[test]
fn a_verifier_refuses_fewer_and_other_bytes() {
    let mut verifier = Verifier::new(Digest::of(b"abc"), Some(3));
    verifier.update(b"ab").unwrap();
    assert_eq!(
        verifier.finish(),
        Err(Mismatch::Size {
            expected: 3,
            found: 2
        })
    );
    let mut verifier = Verifier::new(Digest::of(b"abc"), None);
    verifier.update(b"abd").unwrap();
    assert!(matches!(verifier.finish(), Err(Mismatch::Digest { .. })));
}
