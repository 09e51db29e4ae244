//! A version under way: `X.Y.Z-<slug>-<stamp>`, from which branch and when.

use thiserror::Error;

use crate::name::{Slug, SlugError};
use crate::stamp::{self, Stamp, StampError};
use crate::version::{ParseError, Version};

/// The longest pre-release by default, in characters: a DNS label has 63, and this leaves some for
/// a prefix.
pub const LONGEST: usize = 60;

/// Which of the two comes first, and so what pre-releases of several branches sort by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// `X.Y.Z-<slug>-<stamp>`: by branch, then by time.
    #[default]
    Branch,
    /// `X.Y.Z-<stamp>-<slug>`: by time, whatever the branch.
    Time,
}

/// How the branch is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As a DNS label, so that the whole version, its dots made dashes, is one of at most `longest`
    /// characters.
    Label {
        /// The longest version, in characters.
        longest: usize,
    },
    /// As the predecessor wrote it ([`Slug::raw`]).
    Raw,
}

/// Why there is no such pre-release.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PrereleaseError {
    /// The base and the stamp leave no room for a branch.
    #[error("a pre-release of `{base}` needs at least {needed} characters; {longest} are allowed")]
    TooLong {
        /// The version it is built on.
        base: Version,
        /// The shortest length that would do.
        needed: usize,
        /// What was allowed.
        longest: usize,
    },
    /// There is no branch name.
    #[error(transparent)]
    Slug(#[from] SlugError),
    /// An instant that no stamp can hold.
    #[error(transparent)]
    Stamp(#[from] StampError),
    /// What was put together is not a version.
    #[error(transparent)]
    Version(#[from] ParseError),
}

/// What a pre-release version says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The release it leads to.
    pub base: Version,
    /// The branch, as it was written.
    pub slug: String,
    /// When it was made.
    pub stamp: Stamp,
    /// What came first.
    pub order: Order,
}

/// Returns the pre-release of `current` for a branch, made at `now`.
///
/// The stamp is later than the one `current` carries, even if the clock says otherwise: two runs in
/// one second give two versions.
pub fn next(
    current: &Version,
    branch: &[u8],
    now: Stamp,
    order: Order,
    style: Style,
) -> Result<Version, PrereleaseError> {
    let stamp = match decode(current) {
        Some(previous) if previous.stamp >= now => previous.stamp.next()?,
        _ => now,
    };
    let base = current.release();
    let slug = match style {
        Style::Raw => Slug::raw(branch)?,
        Style::Label { longest } => {
            let taken = base.to_string().len() + "--".len() + stamp::LENGTH;
            let available = longest.saturating_sub(taken);
            Slug::of(branch, available).map_err(|error| match error {
                SlugError::NoRoom { .. } => PrereleaseError::TooLong {
                    needed: taken + Slug::SHORTEST_LIMIT,
                    base: base.clone(),
                    longest,
                },
                SlugError::Empty => error.into(),
            })?
        }
    };
    let pre = match order {
        Order::Branch => format!("{slug}-{stamp}"),
        Order::Time => format!("{stamp}-{slug}"),
    };
    Ok(base.with_pre(&pre)?)
}

/// Reads a pre-release back; nothing where `version` is not one of ours.
///
/// Where both ends look like a stamp, the one in the order [`Order::Branch`] counts. Only instants
/// that RFC 3339 can write (up to the year 9999) are taken for stamps, so that no word of eleven
/// letters is.
pub fn decode(version: &Version) -> Option<Decoded> {
    let read = |text: &str| {
        text.parse::<Stamp>()
            .ok()
            .filter(|stamp| stamp.to_rfc3339().is_some())
    };
    let pre = version.pre();
    let last = pre
        .rsplit_once('-')
        .and_then(|(slug, stamp)| Some((slug, read(stamp)?, Order::Branch)));
    let first = || {
        let (stamp, slug) = pre.split_once('-')?;
        Some((slug, read(stamp)?, Order::Time))
    };
    let (slug, stamp, order) = last.or_else(first)?;
    Some(Decoded {
        base: version.release(),
        slug: slug.to_owned(),
        stamp,
        order,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LABEL: Style = Style::Label { longest: LONGEST };

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    fn at(seconds: u64) -> Stamp {
        Stamp::from_seconds(seconds).unwrap()
    }

    fn written(current: &str, branch: &str, order: Order, style: Style) -> String {
        match next(
            &version(current),
            branch.as_bytes(),
            at(1_554_338_280),
            order,
            style,
        ) {
            Ok(version) => version.to_string(),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn branch_and_time_are_put_on_the_release() {
        let branch = |current, name| written(current, name, Order::Branch, LABEL);
        assert_eq!(
            branch("0.0.2", "00_new_feature"),
            "0.0.2-00-new-feature-aaaagjecrgf"
        );
        assert_eq!(branch("0.0.2-rc.1+b", "main"), "0.0.2-main-aaaagjecrgf");
        assert_eq!(
            written("0.0.2", "main", Order::Time, LABEL),
            "0.0.2-aaaagjecrgf-main"
        );
        assert_eq!(
            written("0.0.2", "a/B_", Order::Branch, Style::Raw),
            "0.0.2-a-B--aaaagjecrgf"
        );
    }

    #[test]
    fn the_clock_counts_where_it_is_later_and_else_the_next_second() {
        let after =
            |stamp: &str| written(&format!("0.0.2-main-{stamp}"), "main", Order::Branch, LABEL);
        assert_eq!(after("aaaagjecrga"), "0.0.2-main-aaaagjecrgf");
        assert_eq!(after("aaaagjecrge"), "0.0.2-main-aaaagjecrgf");
        assert_eq!(after("aaaagjecrgf"), "0.0.2-main-aaaagjecrgg");
        assert_eq!(after("aaaagjecrgz"), "0.0.2-main-aaaagjecrha");
    }

    #[test]
    fn it_fits_the_length_asked_for() {
        let long = "x".repeat(100);
        assert_eq!(written("0.0.2", &long, Order::Branch, LABEL).len(), LONGEST);
        assert_eq!(
            written("10.0.2", &long, Order::Branch, Style::Label { longest: 24 }),
            "error: a pre-release of `10.0.2` needs at least 25 characters; 24 are allowed"
        );
        assert_eq!(
            written("10.0.2", &long, Order::Branch, Style::Label { longest: 25 }).len(),
            25
        );
        assert_eq!(
            written("0.0.2", "", Order::Branch, LABEL),
            "error: the branch name is empty"
        );
    }

    #[test]
    fn it_is_later_than_the_one_it_replaces() {
        let mut current = version("0.0.2");
        for expected in [
            "0.0.2-b-aaaagjecrgf",
            "0.0.2-b-aaaagjecrgg",
            "0.0.2-b-aaaagjecrgh",
        ] {
            current = next(&current, b"b", at(1_554_338_280), Order::Branch, LABEL).unwrap();
            assert_eq!(current.to_string(), expected);
        }
        let back = next(&current, b"b", at(5), Order::Branch, LABEL).unwrap();
        assert_eq!(back.to_string(), "0.0.2-b-aaaagjecrgi");
    }

    #[test]
    fn it_reads_back() {
        let read =
            |text: &str| decode(&version(text)).map(|it| (it.slug, it.stamp.to_string(), it.order));
        assert_eq!(
            read("0.0.2-00-new-feature-aaaagjecrgf"),
            Some(("00-new-feature".into(), "aaaagjecrgf".into(), Order::Branch))
        );
        assert_eq!(
            read("0.0.2-aaaagjecrgf-refactoring"),
            Some(("refactoring".into(), "aaaagjecrgf".into(), Order::Time))
        );
        for other in [
            "0.0.2",
            "0.0.2-rc.1",
            "0.0.2-aaaagjecrgf",
            "1.0.0-new-refactoring",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn text_order_is_time_order_on_a_branch(branch in "[ -~]{1,80}", a in 0..253_402_300_799_u64, b in 0..253_402_300_799_u64) {
            let make = |now| next(&version("1.2.3"), branch.as_bytes(), at(now), Order::Branch, LABEL).unwrap();
            prop_assert_eq!(a.cmp(&b), make(a).to_string().cmp(&make(b).to_string()));
            prop_assert_eq!(a.cmp(&b), make(a).cmp(&make(b)));
        }

        #[test]
        fn reading_undoes_writing(branch in "[ -~]{1,80}", now in 0..253_402_300_799_u64, time: bool) {
            let order = if time { Order::Time } else { Order::Branch };
            let made = next(&version("1.2.3"), branch.as_bytes(), at(now), order, LABEL).unwrap();
            prop_assert!(made.to_string().len() <= LONGEST);
            let read = decode(&made).unwrap();
            if order == Order::Branch {
                prop_assert_eq!(read.stamp, at(now));
            }
            prop_assert_eq!(read.base, version("1.2.3"));
        }
    }
}
