//! What a registry asks of who comes in: the `WWW-Authenticate` header.
//!
//! RFC 9110 section 11.6.1 lets several challenges share a header, with the same comma between two
//! challenges as between two parameters of one. What tells them apart: behind a challenge's name
//! stands no `=`.

/// How many challenges of one answer are read, and how many parameters of one challenge.
const MOST: usize = 32;

/// One challenge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// `bearer`, `basic`, …, in lower case.
    pub scheme: String,
    /// Parameters in order, names in lower case.
    pub parameters: Vec<(String, String)>,
}

impl Challenge {
    /// Returns a parameter: the first of that name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads all challenges of all `WWW-Authenticate` headers of an answer. What cannot be read is left
/// out: other challenges may do.
///
/// ```
/// let challenges = duat_registry::challenge::read(["Bearer realm=\"https://auth/token\",scope=\"a,b\", Basic"]);
/// assert_eq!(challenges[0].parameter("scope"), Some("a,b"));
/// assert_eq!(challenges[1].scheme, "basic");
/// ```
pub fn read<'a>(headers: impl IntoIterator<Item = &'a str>) -> Vec<Challenge> {
    let mut challenges = Vec::new();
    for header in headers {
        let mut reader = Reader { rest: header };
        while challenges.len() < MOST {
            let Some(challenge) = reader.challenge() else {
                break;
            };
            challenges.push(challenge);
        }
    }
    challenges
}

/// What is left of a header.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Reads the next challenge; what stands before it and is none is skipped.
    fn challenge(&mut self) -> Option<Challenge> {
        let scheme = loop {
            self.skip_separators();
            if self.rest.is_empty() {
                return None;
            }
            let word = self.word();
            let is_scheme = !word.is_empty() && !self.rest.trim_start().starts_with('=');
            if is_scheme {
                break word.to_ascii_lowercase();
            }
            self.skip_element();
        };
        let mut challenge = Challenge {
            scheme,
            parameters: Vec::new(),
        };
        while let Some(parameter) = self.parameter() {
            if challenge.parameters.len() < MOST {
                challenge.parameters.push(parameter);
            }
        }
        Some(challenge)
    }

    /// Reads `name=value`, unless another challenge begins here. A value that is no word and not
    /// quoted is taken up to the next comma.
    fn parameter(&mut self) -> Option<(String, String)> {
        loop {
            self.skip_separators();
            let before = self.rest;
            let name = self.word();
            let Some(value) = self.rest.trim_start().strip_prefix('=') else {
                if name.is_empty() && !before.is_empty() {
                    // no word at all: nothing begins here
                    self.skip_element();
                    continue;
                }
                self.rest = before;
                return None;
            };
            let value = value.trim_start();
            let value = if let Some(quoted) = value.strip_prefix('"') {
                self.quoted(quoted)
            } else {
                let end = value.find([',', '"']).unwrap_or(value.len());
                self.rest = &value[end..];
                value[..end].trim_end().to_owned()
            };
            if !name.is_empty() {
                return Some((name.to_ascii_lowercase(), value));
            }
        }
    }

    /// Reads what is left of a quoted text; one that never ends, ends with the header.
    fn quoted(&mut self, quoted: &'a str) -> String {
        let mut value = String::new();
        let mut letters = quoted.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &quoted[at + 1..];
                    return value;
                }
                '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
                _ => value.push(letter),
            }
        }
        self.rest = "";
        value
    }

    /// Reads a token: `Bearer`, `realm`.
    fn word(&mut self) -> &'a str {
        let is_part =
            |letter: char| letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter);
        let end = self
            .rest
            .find(|letter| !is_part(letter))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn skip_separators(&mut self) {
        self.rest = self.rest.trim_start_matches([',', ' ', '\t']);
    }

    /// Skips to the next comma that is not quoted; always goes forward.
    fn skip_element(&mut self) {
        let mut letters = self.rest.char_indices();
        let mut quoted = false;
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => quoted = !quoted,
                '\\' if quoted => {
                    letters.next();
                }
                ',' if !quoted => {
                    self.rest = &self.rest[at + 1..];
                    return;
                }
                _ => {}
            }
        }
        self.rest = "";
    }
}

#[cfg(test)]
mod tests;
