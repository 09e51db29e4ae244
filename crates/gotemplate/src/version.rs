//! Versions and constraints in the grammar of `Masterminds/semver`, which is wider than semver's own.

use regex::{Captures, Regex};
use std::cmp::Ordering;
use std::sync::LazyLock;

/// A version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    pub(crate) patch: u64,
    pub(crate) pre: String,
    pub(crate) metadata: String,
    pub(crate) original: String,
}

/// What follows the numbers: pre-release and metadata.
const TAIL: &str =
    r"(-([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(\+([0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?";
const OPERATORS: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";

fn constraint_version() -> String {
    format!(r"v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?{TAIL}")
}

static VERSION: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!(r"^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?{TAIL}$")).ok());
static RANGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let version = constraint_version();
    Regex::new(&format!(
        r"(?-u:\s)*({version})(?-u:\s)+-(?-u:\s)+({version})(?-u:\s)*"
    ))
    .ok()
});
static ONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"^(?-u:\s)*({OPERATORS})(?-u:\s)*({})(?-u:\s)*$",
        constraint_version()
    ))
    .ok()
});
static FIND: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(&format!(
        r"({OPERATORS})(?-u:\s)*({})",
        constraint_version()
    ))
    .ok()
});
static VALID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let one = format!(r"({OPERATORS})(?-u:\s)*({})(?-u:\s)*", constraint_version());
    Regex::new(&format!(
        r"^((?-u:\s)*{one})((?:(?-u:\s)+|,(?-u:\s)*){one})*$"
    ))
    .ok()
});

fn group<'t>(captures: &Captures<'t>, index: usize) -> &'t str {
    captures.get(index).map_or("", |found| found.as_str())
}

impl Version {
    /// `semver.NewVersion`
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let captures = VERSION
            .as_ref()
            .and_then(|regex| regex.captures(text))
            .ok_or("Invalid Semantic Version")?;
        let number = |index: usize| {
            let digits = group(&captures, index).trim_start_matches('.');
            if digits.is_empty() {
                return Ok(0);
            }
            digits.parse::<u64>().map_err(|_| {
                format!("Error parsing version segment: strconv.ParseUint: parsing {}: value out of range", crate::quote::quote(digits.as_bytes()))
            })
        };
        let version = Self {
            major: number(1)?,
            minor: number(2)?,
            patch: number(3)?,
            pre: group(&captures, 5).to_owned(),
            metadata: group(&captures, 7).to_owned(),
            original: text.to_owned(),
        };
        check_pre(&version.pre)?;
        Ok(version)
    }

    /// A version made from this one; a `v` in front of the original stays.
    fn derived(&self, major: u64, minor: u64, patch: u64, pre: &str, metadata: &str) -> Self {
        let mut next = Self {
            major,
            minor,
            patch,
            pre: pre.to_owned(),
            metadata: metadata.to_owned(),
            original: String::new(),
        };
        let v = if self.original.starts_with('v') {
            "v"
        } else {
            ""
        };
        next.original = format!("{v}{next}");
        next
    }

    pub(crate) fn inc_patch(&self) -> Self {
        let patch = if self.pre.is_empty() {
            self.patch.wrapping_add(1)
        } else {
            self.patch
        };
        self.derived(self.major, self.minor, patch, "", "")
    }

    pub(crate) fn inc_minor(&self) -> Self {
        self.derived(self.major, self.minor.wrapping_add(1), 0, "", "")
    }

    pub(crate) fn inc_major(&self) -> Self {
        self.derived(self.major.wrapping_add(1), 0, 0, "", "")
    }

    pub(crate) fn with_pre(&self, pre: &str) -> Result<Self, String> {
        check_pre(pre)?;
        Ok(self.derived(self.major, self.minor, self.patch, pre, &self.metadata))
    }

    pub(crate) fn with_metadata(&self, metadata: &str) -> Result<Self, String> {
        if !metadata.split('.').all(is_identifier) {
            return Err("Invalid Metadata string".to_owned());
        }
        Ok(self.derived(self.major, self.minor, self.patch, &self.pre, metadata))
    }

    /// Precedence: metadata does not count.
    pub(crate) fn precedence(&self, other: &Self) -> Ordering {
        let numbers =
            (self.major, self.minor, self.patch).cmp(&(other.major, other.minor, other.patch));
        numbers.then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre(&self.pre, &other.pre),
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn is_identifier(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn check_pre(pre: &str) -> Result<(), String> {
    for part in pre.split('.') {
        if part.bytes().all(|b| b.is_ascii_digit()) {
            if part.len() > 1 && part.starts_with('0') {
                return Err("Version segment starts with 0".to_owned());
            }
        } else if !is_identifier(part) {
            return Err("Invalid Prerelease string".to_owned());
        }
    }
    Ok(())
}

fn compare_pre(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let (a, b) = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (a, b) => (a.unwrap_or(""), b.unwrap_or("")),
        };
        let order = compare_part(a, b);
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn compare_part(a: &str, b: &str) -> Ordering {
    if a == b || a.is_empty() || b.is_empty() {
        return a.len().cmp(&b.len());
    }
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) if a > b => Ordering::Greater,
        // Numbers written differently but equal count as less, as they do in the original.
        (Ok(_), Ok(_) | Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

/// Alternatives of conditions that must all hold.
pub(crate) struct Constraints(Vec<Vec<Constraint>>);

/// One condition, and which of its numbers were left open.
struct Constraint {
    operator: String,
    version: Version,
    open: bool,
    minor_open: bool,
    patch_open: bool,
}

impl Constraints {
    /// `semver.NewConstraint`
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = with_ranges(text);
        let mut alternatives = Vec::new();
        for part in text.split("||") {
            if !VALID.as_ref().is_some_and(|regex| regex.is_match(part)) {
                return Err(format!("improper constraint: {part}"));
            }
            let found = FIND
                .as_ref()
                .into_iter()
                .flat_map(|regex| regex.find_iter(part));
            let conditions: Result<Vec<_>, _> = found
                .map(|found| Constraint::parse(found.as_str()))
                .collect();
            alternatives.push(conditions?);
        }
        Ok(Self(alternatives))
    }

    /// Whether a version satisfies them.
    pub(crate) fn check(&self, version: &Version) -> bool {
        self.0
            .iter()
            .any(|all| all.iter().all(|one| one.holds(version)))
    }
}

/// `1.2 - 2.0` becomes `>= 1.2, <= 2.0`.
fn with_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    for captures in RANGE.iter().flat_map(|regex| regex.captures_iter(text)) {
        let (Some(whole), Some(low), Some(high)) =
            (captures.get(0), captures.get(1), captures.get(9))
        else {
            continue;
        };
        out = out.replacen(
            whole.as_str(),
            &format!(">= {}, <= {} ", low.as_str(), high.as_str()),
            1,
        );
    }
    out
}

impl Constraint {
    fn parse(text: &str) -> Result<Self, String> {
        let captures = ONE
            .as_ref()
            .and_then(|regex| regex.captures(text))
            .ok_or_else(|| format!("improper constraint: {text}"))?;
        let (major, minor, patch, tail) = (
            group(&captures, 3),
            group(&captures, 4),
            group(&captures, 5),
            group(&captures, 6),
        );
        let is_open = |part: &str| matches!(part.trim_start_matches('.'), "" | "x" | "X" | "*");
        let (mut open, mut minor_open, mut patch_open) = (true, false, false);
        let version = if is_open(major) {
            format!("0.0.0{tail}")
        } else if is_open(minor) {
            minor_open = true;
            format!("{major}.0.0{tail}")
        } else if is_open(patch) {
            patch_open = true;
            format!("{major}{minor}.0{tail}")
        } else {
            open = false;
            group(&captures, 2).to_owned()
        };
        let version = Version::parse(&version).map_err(|_| "constraint Parser Error")?;
        Ok(Self {
            operator: group(&captures, 1).to_owned(),
            version,
            open,
            minor_open,
            patch_open,
        })
    }

    fn holds(&self, v: &Version) -> bool {
        let con = &self.version;
        // A pre-release is only wanted where a pre-release is asked for.
        if !v.pre.is_empty() && con.pre.is_empty() && (self.operator != "!=" || self.open) {
            return false;
        }
        let order = v.precedence(con);
        match self.operator.as_str() {
            "!=" => self.differs(v),
            ">" => match () {
                () if !self.open => order == Ordering::Greater,
                () if v.major != con.major => v.major > con.major,
                () if self.minor_open => false,
                () if self.patch_open => v.minor > con.minor,
                () => order == Ordering::Greater,
            },
            "<" => order == Ordering::Less,
            ">=" | "=>" => order != Ordering::Less,
            "<=" | "=<" => {
                if !self.open {
                    return order != Ordering::Greater;
                }
                !(v.major > con.major
                    || v.major == con.major && v.minor > con.minor && !self.minor_open)
            }
            "~" | "~>" => self.tilde(v),
            "^" => self.caret(v),
            _ if self.open => self.tilde(v),
            _ => order == Ordering::Equal,
        }
    }

    fn differs(&self, v: &Version) -> bool {
        let con = &self.version;
        if self.open {
            if con.major != v.major {
                return true;
            }
            if con.minor != v.minor && !self.minor_open {
                return true;
            }
            if self.minor_open {
                return false;
            }
            if con.patch != v.patch && !self.patch_open {
                return true;
            }
            if self.patch_open {
                let any_pre = !v.pre.is_empty() || !con.pre.is_empty();
                return any_pre && compare_pre(&v.pre, &con.pre) != Ordering::Equal;
            }
        }
        v.precedence(con) != Ordering::Equal
    }

    fn tilde(&self, v: &Version) -> bool {
        let con = &self.version;
        if v.precedence(con) == Ordering::Less {
            return false;
        }
        let all =
            (con.major, con.minor, con.patch) == (0, 0, 0) && !self.minor_open && !self.patch_open;
        all || v.major == con.major && (v.minor == con.minor || self.minor_open)
    }

    fn caret(&self, v: &Version) -> bool {
        let con = &self.version;
        if v.precedence(con) == Ordering::Less {
            return false;
        }
        if con.major > 0 || self.minor_open {
            return v.major == con.major;
        }
        if v.major > 0 {
            return false;
        }
        if con.minor > 0 || self.patch_open {
            return v.minor == con.minor;
        }
        v.minor == 0 && con.patch == v.patch
    }
}
