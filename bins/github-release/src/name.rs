//! The name an asset gets at GitHub.

use icu_normalizer::DecomposingNormalizer;

/// What stands between the name of an asset and a random word while it replaces another.
const REPLACING: &str = ".duat-tmp-";

/// Returns the name that GitHub is expected to give an asset: letters lose their accents, every run
/// of other characters becomes one dot, and a name that begins with a dot or has none left gets
/// `default` before it.
///
/// GitHub has not published its rule; this is what gh expects. The name in GitHub's answer is the
/// true one.
pub(crate) fn at_github(name: &str) -> String {
    let decomposed = DecomposingNormalizer::new_nfd();
    let plain: String = decomposed
        .normalize(name)
        .chars()
        .filter(|letter| !is_accent(*letter))
        .collect();
    let plain = if plain.starts_with('.') {
        format!("default{plain}")
    } else {
        plain
    };
    let stays = |letter: char| letter.is_ascii_alphanumeric() || "-_+@".contains(letter);
    let words: Vec<&str> = plain
        .split(|letter| !stays(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let made = words.join(".");
    if made != name && !made.contains('.') {
        format!("default.{made}")
    } else {
        made
    }
}

/// Returns the name under which an asset's new bytes are sent while the old ones are still there.
pub(crate) fn temporary(name: &str, word: &str) -> String {
    format!("{name}{REPLACING}{word}")
}

/// Returns the name that `temporary` is to take the place of, where it is such a name.
pub(crate) fn replaced(temporary: &str) -> Option<&str> {
    let (name, word) = temporary.rsplit_once(REPLACING)?;
    let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_word && !name.is_empty()).then_some(name)
}

/// Tells whether `temporary` is such a name of `name`.
pub(crate) fn is_temporary(temporary: &str, name: &str) -> bool {
    replaced(temporary) == Some(name)
}

/// Tells whether `letter` is a mark that stands on the letter before it.
fn is_accent(letter: char) -> bool {
    matches!(
        letter,
        '\u{300}'..='\u{36f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{fe20}'..='\u{fe2f}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_made_as_github_makes_them() {
        for (name, expected) in [
            ("app.tar.gz", "app.tar.gz"),
            ("my app~1 (x).bin", "my.app.1.x.bin"),
            ("a#b%c.bin", "a.b.c.bin"),
            (".env", "default.env"),
            ("résumé.pdf", "resume.pdf"),
            ("日本", "default."),
            ("plain", "plain"),
            ("a b", "a.b"),
            ("a!", "default.a"),
            ("a_b-c+d@e", "a_b-c+d@e"),
        ] {
            assert_eq!(at_github(name), expected, "{name}");
        }
    }

    #[test]
    fn a_temporary_name_is_known_again() {
        let made = temporary("app.tar.gz", "x1y2");
        assert_eq!(at_github(&made), made);
        assert!(is_temporary(&made, "app.tar.gz"));
        assert!(!is_temporary(&made, "app.tar"));
        assert!(!is_temporary("app.tar.gz", "app.tar.gz"));
        assert_eq!(replaced(&made), Some("app.tar.gz"));
        assert_eq!(replaced(&temporary(&made, "z3")), Some(&*made));
        for name in ["app", "app.duat-tmp-", "app.duat-tmp-a.b", ".duat-tmp-a"] {
            assert_eq!(replaced(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_made_name_stays(name in "\\PC{1,40}") {
            let made = at_github(&name);
            // what nothing is left of cannot be known
            if !made.ends_with('.') {
                prop_assert_eq!(at_github(&made), made);
            }
        }
    }
}
