//! Keeping secrets out of everything that is said.
//!
//! A secret is known by its text. Whatever shows a message, a difference or a listing passes it
//! through [`Redactor::redact`] first, which hides the text itself and the usual ways of writing it:
//! each long line of it, Base64 (both alphabets, with and without padding, at each of the three
//! byte alignments), hexadecimal, percent-encoding, JSON and HTML escapes, upper and lower case,
//! reversed, and the digests that templates can compute of it.
//!
//! Not hidden: a text derived in another way (encrypted, cut in pieces shorter than
//! [`SHORTEST`], interleaved), and secrets shorter than that, which would hide half of every
//! message; the latter are hidden where they stand as a whole word.

use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use duat::order;

use crate::diagnostic::Diagnostic;

/// Secrets shorter than this, in bytes, are hidden only as whole words.
pub const SHORTEST: usize = 4;
/// What stands for a secret.
pub const HIDDEN: &str = "[secret]";

/// Where a source line is cut.
const CUT: char = '\u{2026}';

/// Knows secrets, and hides them.
#[derive(Clone, Default)]
pub struct Redactor {
    /// Longest first.
    forms: Vec<String>,
    words: Vec<String>,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Redactor({} forms)",
            self.forms.len() + self.words.len()
        )
    }
}

impl Redactor {
    /// Returns a redactor that knows nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells whether no secret is known.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty() && self.words.is_empty()
    }

    /// Makes a secret known.
    pub fn add(&mut self, secret: &str) {
        let trimmed = secret.trim();
        if trimmed.is_empty() {
            return;
        }
        if trimmed.len() < SHORTEST {
            self.words.push(trimmed.to_owned());
            return;
        }
        for text in [secret, trimmed] {
            self.forms.extend(forms(text));
        }
        let lines = trimmed.lines().map(str::trim);
        let long = lines.filter(|line| line.len() >= SHORTEST * 2);
        self.forms.extend(long.map(str::to_owned));
        self.forms.retain(|form| form.len() >= SHORTEST);
        order::sort_by(&mut self.forms, |left, right| {
            right.len().cmp(&left.len()).then(left.cmp(right))
        });
        self.forms.dedup();
    }

    /// Returns `text` with every secret in it hidden.
    pub fn redact(&self, text: &str) -> String {
        let mut shown = text.to_owned();
        for form in &self.forms {
            if shown.contains(form.as_str()) {
                shown = shown.replace(form.as_str(), HIDDEN);
            }
        }
        for word in &self.words {
            shown = replace_word(&shown, word);
        }
        self.redact_cut(shown)
    }

    /// Returns a diagnostic with every secret in it hidden, its source lines included.
    #[must_use]
    pub fn redact_diagnostic(&self, diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.map_text(|text| self.redact(text))
    }

    /// Hides what is left of a secret where a long line was cut.
    fn redact_cut(&self, text: String) -> String {
        let mut shown = text;
        if let Some(kept) = shown.strip_suffix(CUT) {
            let end = self.forms.iter().filter_map(|form| {
                let starts = form.char_indices().map(|(at, _)| at).skip(SHORTEST);
                let heads = starts.filter_map(|at| form.get(..at));
                heads
                    .filter(|head| kept.ends_with(head))
                    .map(str::len)
                    .max()
            });
            if let Some(length) = end.max() {
                let kept = kept.get(..kept.len() - length).unwrap_or_default();
                shown = format!("{kept}{HIDDEN}{CUT}");
            }
        }
        if let Some(kept) = shown.strip_prefix(CUT) {
            let start = self.forms.iter().filter_map(|form| {
                let starts = form.char_indices().map(|(at, _)| at);
                let tails = starts.filter_map(|at| form.get(at..));
                let long = tails.filter(|tail| tail.len() >= SHORTEST);
                long.filter(|tail| kept.starts_with(tail))
                    .map(str::len)
                    .max()
            });
            if let Some(length) = start.max() {
                let kept = kept.get(length..).unwrap_or_default();
                shown = format!("{CUT}{HIDDEN}{kept}");
            }
        }
        shown
    }

    /// Tells whether `text` holds a secret.
    pub fn knows(&self, text: &str) -> bool {
        !self.is_empty() && self.redact(text) != text
    }
}

fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![
        secret.to_owned(),
        secret.to_uppercase(),
        secret.to_lowercase(),
        secret.chars().rev().collect(),
        crate::function::encoding::percent(secret),
        secret.replace('\'', "'\\''"),
        secret.replace('\'', "''"),
        html(secret),
    ];
    let json = serde_json::to_string(secret).unwrap_or_default();
    let inner = json
        .get(1..json.len().saturating_sub(1))
        .unwrap_or_default();
    forms.push(inner.to_owned());
    forms.push(
        serde_json::to_string(inner)
            .unwrap_or_default()
            .trim_matches('"')
            .to_owned(),
    );
    let bytes = secret.as_bytes();
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for skip in 0..3_usize {
            forms.extend(aligned(engine, bytes, skip));
        }
    }
    let hex = crate::function::encoding::hex(bytes);
    forms.push(hex.to_uppercase());
    forms.push(hex);
    forms.extend(crate::function::hash::digests(bytes));
    forms
}

/// Returns the characters of a Base64 text that depend on `bytes` alone when they stand `skip`
/// bytes behind a multiple of three: with those at its end if nothing follows, and without.
fn aligned(engine: &impl base64::Engine, bytes: &[u8], skip: usize) -> [String; 2] {
    let mut padded = vec![0; skip];
    padded.extend_from_slice(bytes);
    let text = engine.encode(&padded);
    let start = match skip {
        0 => 0,
        1 => 2,
        _ => 3,
    };
    let whole = padded.len() / 3 * 4;
    let from = |end: usize| {
        text.get(start..end.max(start))
            .unwrap_or_default()
            .to_owned()
    };
    [from(text.len()), from(whole)]
}

fn html(text: &str) -> String {
    let text = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#x27;")
}

fn replace_word(text: &str, word: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, from) = rest.split_at(at);
        let after = from.get(word.len()..).unwrap_or_default();
        let joined = |each: Option<char>| each.is_some_and(char::is_alphanumeric);
        let inside = joined(
            before
                .chars()
                .next_back()
                .or(shown.chars().next_back().filter(|_| before.is_empty())),
        ) || joined(after.chars().next());
        shown.push_str(before);
        shown.push_str(if inside { word } else { HIDDEN });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    #[test]
    fn a_short_secret_is_hidden_as_a_word_only() {
        let mut redactor = Redactor::new();
        redactor.add("abc");
        assert_eq!(
            redactor.redact("abc abcd x=abc"),
            "[secret] abcd x=[secret]"
        );
    }

    #[test]
    fn a_secret_that_a_long_line_cuts_is_hidden_too() {
        let secret = "abcdefghijklmnopqrstuvwxyz0123456789";
        let mut redactor = Redactor::new();
        redactor.add(secret);
        for before in 80..170 {
            let text = format!("{}{secret}{}", "x".repeat(before), "y".repeat(300));
            for caret in [0, 100, 250] {
                let source = crate::source::Source::new("s", text.as_str());
                let problem = Diagnostic::error("e").at(&source, caret..caret + 1);
                let shown = redactor.redact_diagnostic(problem).to_string();
                assert!(
                    !shown.contains("abcd") && !shown.contains("6789"),
                    "{shown}"
                );
            }
        }
    }

    #[test]
    fn lines_of_a_key_are_hidden_one_by_one() {
        let mut redactor = Redactor::new();
        redactor.add("-----BEGIN-----\nMIIEpAIBAAKCAQEA\n-----END-----\n");
        assert_eq!(redactor.redact("x: MIIEpAIBAAKCAQEA"), "x: [secret]");
    }

    proptest! {
        #[test]
        fn no_usual_form_of_a_secret_is_left(
            secret in "[a-zA-Z0-9/+=\"'\\\\ <&%]{6,40}",
            before in "[ -~]{0,8}",
            after in "[ -~]{0,8}",
        ) {
            prop_assume!(secret.trim().len() >= 6);
            let mut redactor = Redactor::new();
            redactor.add(&secret);
            let whole = format!("{before}{secret}{after}");
            prop_assert!(!redactor.redact(&whole).contains(&secret));
            for derived in [
                secret.to_uppercase(),
                serde_json::to_string(&secret).unwrap(),
                crate::function::encoding::percent(&secret),
                crate::function::encoding::hex(secret.as_bytes()),
            ] {
                let shown = redactor.redact(&derived);
                prop_assert!(shown.contains(HIDDEN), "{}", derived);
            }
            let encoded = STANDARD.encode(&whole);
            prop_assert!(redactor.redact(&encoded).contains(HIDDEN), "{}", encoded);
        }
    }
}
