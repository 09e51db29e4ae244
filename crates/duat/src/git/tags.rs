//! The tags of a repository, and the versions they stand for.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::objects::Objects;
use super::references::{Reference, References};
use super::{GitError, Hash, Repository};
use crate::Version;

const TAGS: &str = "refs/tags/";

/// A tag that stands for a version.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct VersionTag {
    /// The tag's name as it was given, prefix included.
    pub name: String,
    /// What it stands for.
    pub version: Version,
}

impl VersionTag {
    fn read(name: &[u8], prefix: &str) -> Option<Self> {
        let name = str::from_utf8(name).ok()?;
        let version = Version::from_tag(name, prefix)?;
        Some(Self {
            name: name.to_owned(),
            version,
        })
    }
}

/// By version; of two that spell the same one, the shorter name (`1.2.0` before `v1.2.0`) counts
/// as the higher, and of two equally long ones the first in the alphabet.
impl Ord for VersionTag {
    fn cmp(&self, other: &Self) -> Ordering {
        let name = |tag: &Self| (tag.name.len(), tag.name.clone());
        self.version
            .cmp(&other.version)
            .then_with(|| name(other).cmp(&name(self)))
    }
}

impl PartialOrd for VersionTag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Which versions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagFilter {
    /// Releases alone.
    Releases,
    /// Releases and pre-releases.
    All,
}

impl TagFilter {
    fn wants(self, version: &Version) -> bool {
        self == Self::All || !version.is_prerelease()
    }
}

/// Which tags count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every tag of the repository.
    All,
    /// Tags of commits that `HEAD` descends from, and of `HEAD` itself.
    Reachable,
}

/// What is tagged of one release: its candidates and perhaps itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// The numbers N of the tags `X.Y.Z-rc.N`, each once, from low to high.
    pub numbers: Vec<u64>,
    /// The tag of the release itself.
    pub released: Option<String>,
}

/// A listing of the tags, and the objects behind them once they are wanted.
struct Tags<'r> {
    repository: &'r Repository,
    references: References,
    objects: Option<Objects>,
}

impl Repository {
    /// Returns the names of all tags, sorted by their bytes. What is not UTF-8 in them becomes a
    /// replacement character.
    pub fn tag_names(&self) -> Result<Vec<String>, GitError> {
        let tags = self.tags()?;
        let mut names: Vec<_> = tags
            .references
            .within(TAGS.as_bytes())
            .map(|tag| short_name(&tag).to_vec())
            .collect();
        names.sort_unstable();
        let text = |name: Vec<u8>| String::from_utf8_lossy(&name).into_owned();
        Ok(names.into_iter().map(text).collect())
    }

    /// Returns every tag that stands for a version, in no particular order.
    pub fn version_tags(&self, prefix: &str) -> Result<Vec<VersionTag>, GitError> {
        let tags = self.tags()?;
        let versions = tags
            .references
            .within(TAGS.as_bytes())
            .filter_map(|tag| VersionTag::read(short_name(&tag), prefix))
            .collect();
        Ok(versions)
    }

    /// Returns the tag of the highest version.
    pub fn highest_tag(
        &self,
        prefix: &str,
        filter: TagFilter,
        scope: Scope,
    ) -> Result<Option<VersionTag>, GitError> {
        match scope {
            Scope::All => Ok(highest(&self.tags()?.references, prefix, filter)),
            Scope::Reachable => self.highest_reachable_tag(prefix, filter),
        }
    }

    /// Returns the names of the tags that stand at this commit, directly or as annotated tags,
    /// sorted.
    pub fn tags_at(&self, commit: &Hash) -> Result<Vec<String>, GitError> {
        self.tags()?.at(commit)
    }

    /// Returns what is tagged of the release `base.release()`.
    ///
    /// Where `packed-refs` is sorted, as git writes it, this looks at a few lines of it only.
    pub fn candidates(&self, base: &Version, prefix: &str) -> Result<Candidates, GitError> {
        Ok(candidates(&self.tags()?.references, base, prefix))
    }

    /// Returns, for each commit with version tags, its highest.
    pub(super) fn version_tags_by_commit(
        &self,
        prefix: &str,
        filter: TagFilter,
    ) -> Result<HashMap<Hash, VersionTag>, GitError> {
        self.tags()?.by_commit(prefix, filter)
    }

    /// Returns the tags at a commit and the highest version of all, from one listing.
    pub(super) fn tag_overview(
        &self,
        head: Option<&Hash>,
        prefix: &str,
    ) -> Result<(Vec<String>, Option<VersionTag>), GitError> {
        let mut tags = self.tags()?;
        let highest = highest(&tags.references, prefix, TagFilter::All);
        let at = head.map_or(Ok(Vec::new()), |head| tags.at(head))?;
        Ok((at, highest))
    }

    fn tags(&self) -> Result<Tags<'_>, GitError> {
        Ok(Tags {
            repository: self,
            references: self.references(TAGS)?,
            objects: None,
        })
    }
}

fn short_name<'a>(tag: &Reference<'a>) -> &'a [u8] {
    tag.name().strip_prefix(TAGS.as_bytes()).unwrap_or_default()
}

impl Tags<'_> {
    fn at(&mut self, commit: &Hash) -> Result<Vec<String>, GitError> {
        let hex = commit.to_string();
        let Self {
            repository,
            references,
            objects,
        } = self;
        let mut names = Vec::new();
        for tag in references.within(TAGS.as_bytes()) {
            let here = match &tag {
                // the common case, without reading the hex digits of every line
                Reference::Packed(line) if references.is_peeled() || line.peeled.is_some() => {
                    line.peeled.unwrap_or(line.target) == hex.as_bytes()
                }
                _ => commit_of(repository, references, objects, &tag)?.as_ref() == Some(commit),
            };
            if here {
                names.push(String::from_utf8_lossy(short_name(&tag)).into_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn by_commit(
        &mut self,
        prefix: &str,
        filter: TagFilter,
    ) -> Result<HashMap<Hash, VersionTag>, GitError> {
        let Self {
            repository,
            references,
            objects,
        } = self;
        let mut found: HashMap<Hash, VersionTag> = HashMap::new();
        for tag in references.within(TAGS.as_bytes()) {
            let Some(version_tag) = VersionTag::read(short_name(&tag), prefix) else {
                continue;
            };
            if !filter.wants(&version_tag.version) {
                continue;
            }
            if let Some(commit) = commit_of(repository, references, objects, &tag)? {
                let kept = found.entry(commit).or_insert_with(|| version_tag.clone());
                if version_tag > *kept {
                    *kept = version_tag;
                }
            }
        }
        Ok(found)
    }
}

/// Returns the object that a tag means in the end; nothing if the tag has just vanished.
fn commit_of(
    repository: &Repository,
    references: &References,
    objects: &mut Option<Objects>,
    tag: &Reference<'_>,
) -> Result<Option<Hash>, GitError> {
    let (target, known) = match tag {
        Reference::Packed(line) => (
            Hash::from_hex(line.peeled.unwrap_or(line.target)),
            line.peeled.is_some() || references.is_peeled(),
        ),
        Reference::Loose(name) => (repository.resolve(name)?, false),
    };
    let Some(target) = target.filter(|_| !known) else {
        return Ok(target);
    };
    if objects.is_none() {
        *objects = Some(repository.objects()?);
    }
    match objects {
        Some(objects) => objects.peel(target).map(Some),
        None => Ok(None),
    }
}

/// The best tag so far; its text is read as a version only where numbers do not decide.
struct Best<'a> {
    core: [u64; 3],
    name: &'a [u8],
    tag: Option<VersionTag>,
}

/// Returns the tag of the highest version, by name alone.
fn highest(references: &References, prefix: &str, filter: TagFilter) -> Option<VersionTag> {
    let full_prefix = [TAGS.as_bytes(), prefix.as_bytes()].concat();
    let mut best: Option<Best<'_>> = None;
    for reference in references.within(&full_prefix) {
        let name = short_name(&reference);
        let candidate = match plain_core(name.get(prefix.len()..).unwrap_or_default()) {
            Some((core, _)) if best.as_ref().is_some_and(|best| core < best.core) => continue,
            Some((core, [])) => Best {
                core,
                name,
                tag: None,
            },
            _ => match VersionTag::read(name, prefix) {
                Some(tag) if filter.wants(&tag.version) => Best {
                    core: [
                        tag.version.major(),
                        tag.version.minor(),
                        tag.version.patch(),
                    ],
                    name,
                    tag: Some(tag),
                },
                _ => continue,
            },
        };
        best = Some(match best {
            Some(best) => best.higher(candidate, prefix),
            None => candidate,
        });
    }
    best.and_then(|best| best.read(prefix).tag)
}

impl Best<'_> {
    fn higher(self, other: Self, prefix: &str) -> Self {
        match self.core.cmp(&other.core) {
            Ordering::Less => other,
            Ordering::Greater => self,
            Ordering::Equal => {
                let (first, second) = (self.read(prefix), other.read(prefix));
                if second.tag > first.tag {
                    second
                } else {
                    first
                }
            }
        }
    }

    fn read(mut self, prefix: &str) -> Self {
        if self.tag.is_none() {
            self.tag = VersionTag::read(self.name, prefix);
        }
        self
    }
}

/// Reads `[v]N.N.N` and returns what follows it. Everything else is left to [`Version::from_tag`].
fn plain_core(name: &[u8]) -> Option<([u64; 3], &[u8])> {
    let mut rest = name.strip_prefix(b"v").unwrap_or(name);
    let mut core = [0; 3];
    for (index, number) in core.iter_mut().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(b".")?;
        }
        let mut digits = 0_usize;
        while let Some((digit, after)) = rest.split_first()
            && digit.is_ascii_digit()
        {
            *number = u64::checked_mul(*number, 10)?.checked_add(u64::from(digit - b'0'))?;
            digits += 1;
            rest = after;
        }
        if digits == 0 {
            return None;
        }
    }
    matches!(rest.first(), None | Some(b'-' | b'+')).then_some((core, rest))
}

fn candidates(references: &References, base: &Version, prefix: &str) -> Candidates {
    let release = base.release();
    let mut found = Candidates::default();
    for v in ["", "v"] {
        let stem = format!("{TAGS}{prefix}{v}");
        let full = format!("{stem}{release}");
        // `1.2` and `1` are read as `1.2.0` and `1.0.0`, but only bare
        let short = short_spellings(&release, &stem);
        let longer = references.within(full.as_bytes());
        let tags = longer.map(|tag| short_name(&tag)).chain(
            short
                .iter()
                .filter(|short| references.contains(short.as_bytes()))
                .filter_map(|short| short.strip_prefix(TAGS))
                .map(str::as_bytes),
        );
        for tag in tags.filter_map(|name| VersionTag::read(name, prefix)) {
            if tag.version.release() != release {
                continue;
            }
            if !tag.version.is_prerelease() {
                found.released.get_or_insert(tag.name);
            } else if let Some(number) = candidate_number(&tag.version) {
                found.numbers.push(number);
            }
        }
    }
    found.numbers.sort_unstable();
    found.numbers.dedup();
    found
}

/// Returns the shorter forms that a tag of the release may have.
fn short_spellings(release: &Version, stem: &str) -> Vec<String> {
    let (major, minor) = (release.major(), release.minor());
    match (minor, release.patch()) {
        (0, 0) => vec![format!("{stem}{major}.0"), format!("{stem}{major}")],
        (_, 0) => vec![format!("{stem}{major}.{minor}")],
        _ => Vec::new(),
    }
}

/// Reads N of a pre-release that is `rc.N` and nothing more.
fn candidate_number(version: &Version) -> Option<u64> {
    let digits = version.pre().strip_prefix("rc.")?;
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_plain_numbers_are_the_version_they_spell() {
        for (name, rest) in [
            ("1.20.3", ""),
            ("v1.20.3", ""),
            ("01.020.3-rc.1", "-rc.1"),
            ("v1.20.3+5", "+5"),
        ] {
            let version = Version::from_tag(name, "").unwrap();
            let core = [version.major(), version.minor(), version.patch()];
            assert_eq!(plain_core(name.as_bytes()), Some((core, rest.as_bytes())));
        }
        for name in ["", "v", "1", "1.2", "1..3", "1.2.3.4", "1.2.3x", "x1.2.3"] {
            assert_eq!(plain_core(name.as_bytes()), None, "{name}");
        }
    }
}
