//! References: loose files, which win, over the lines of `packed-refs`; or the `git` program's list
//! of them, written in the same form.

use std::fs;
use std::path::PathBuf;

use super::head::NEITHER;
use super::packed::{Line, Packed};
use super::{GitError, Hash, Repository, layout};

/// How many symbolic references are followed, as in git's `refs.h`.
const DEEPEST_SYMBOLIC: usize = 5;

/// `HASH NAME`, and `^HASH` below it: an annotated tag's commit, or nothing.
const PACKED_FORMAT: &str = "--format=%(objectname) %(refname)%0a^%(*objectname)";

/// The references below one folder.
pub(super) struct References {
    /// Their full prefix, such as `refs/tags/`.
    pub(super) folder: &'static str,
    /// Full names, sorted.
    loose: Vec<Vec<u8>>,
    packed: Packed,
}

/// One reference of a listing.
pub(super) enum Reference<'a> {
    Loose(&'a [u8]),
    Packed(Line<'a>),
}

impl<'a> Reference<'a> {
    pub(super) fn name(&self) -> &'a [u8] {
        match self {
            Self::Loose(name) => name,
            Self::Packed(line) => line.name,
        }
    }
}

impl References {
    /// Returns every reference whose name in the folder begins with `prefix`, once.
    pub(super) fn within<'a>(
        &'a self,
        full_prefix: &'a [u8],
    ) -> impl Iterator<Item = Reference<'a>> {
        let start = self
            .loose
            .partition_point(|name| name.as_slice() < full_prefix);
        let loose = self
            .loose
            .iter()
            .skip(start)
            .map(Vec::as_slice)
            .take_while(move |name| name.starts_with(full_prefix))
            .map(Reference::Loose);
        let packed = self
            .packed
            .within(full_prefix)
            .filter(|line| !self.is_loose(line.name))
            .map(Reference::Packed);
        loose.chain(packed)
    }

    /// Tells whether the reference of this full name is in the listing.
    pub(super) fn contains(&self, name: &[u8]) -> bool {
        self.is_loose(name) || self.packed.find(name).is_some()
    }

    fn is_loose(&self, name: &[u8]) -> bool {
        !self.loose.is_empty()
            && self
                .loose
                .binary_search_by(|loose| loose.as_slice().cmp(name))
                .is_ok()
    }

    /// Tells whether a packed tag without a peeled hash is known to be no annotated one.
    pub(super) fn is_peeled(&self) -> bool {
        self.packed.peeled
    }
}

impl Repository {
    /// Lists the references below `folder`, which ends in a slash. No loose file is opened.
    pub(super) fn references(&self, folder: &'static str) -> Result<References, GitError> {
        if let Some(program) = self.reference_program() {
            let pattern = folder.trim_end_matches('/');
            let text = program.ask(&["for-each-ref", PACKED_FORMAT, pattern])?;
            let packed = Packed::new([b"# pack-refs with: peeled\n", text.as_slice()].concat());
            return Ok(References {
                folder,
                loose: Vec::new(),
                packed,
            });
        }
        // loose first: what is packed in between is then found in the other
        let loose = self.loose_names(folder)?;
        let packed = self.packed()?;
        Ok(References {
            folder,
            loose,
            packed,
        })
    }

    /// Returns what the reference of this full name points at in the end; nothing if it, or the one
    /// it names, does not exist.
    pub(super) fn resolve(&self, name: &[u8]) -> Result<Option<Hash>, GitError> {
        let mut name = name.to_vec();
        if let Some(program) = self.reference_program() {
            let name = String::from_utf8_lossy(&name);
            let hash = program.ask_whether(&["rev-parse", "--verify", "--quiet", &name])?;
            return Ok(hash.and_then(|hash| Hash::from_hex(hash.trim_ascii())));
        }
        for _ in 0..=DEEPEST_SYMBOLIC {
            let path = self.loose_path(&name)?;
            let Some(text) = layout::read(&path)? else {
                let packed = self.packed()?;
                return Ok(packed
                    .find(&name)
                    .and_then(|line| Hash::from_hex(line.target)));
            };
            let text = text.trim_ascii();
            if let Some(next) = text.strip_prefix(b"ref:") {
                name = next.trim_ascii().to_vec();
                continue;
            }
            // other tools append words to the hash; git reads up to the first blank
            let hash = text.split(u8::is_ascii_whitespace).next();
            return match hash.and_then(Hash::from_hex) {
                Some(hash) => Ok(Some(hash)),
                None => Err(GitError::Malformed {
                    path,
                    what: NEITHER.to_owned(),
                }),
            };
        }
        Err(GitError::Malformed {
            path: self.loose_path(&name)?,
            what: "too many references name each other".to_owned(),
        })
    }

    fn packed(&self) -> Result<Packed, GitError> {
        let text = layout::read(&self.common_dir.join("packed-refs"))?;
        Ok(text.map(Packed::new).unwrap_or_default())
    }

    /// Returns the file of a reference; never one outside the repository.
    fn loose_path(&self, name: &[u8]) -> Result<PathBuf, GitError> {
        let safe = name.starts_with(b"refs/")
            && !name.contains(&0)
            && name
                .split(|byte| *byte == b'/')
                .all(|part| !matches!(part, b"" | b"." | b".."))
            && !(cfg!(windows) && name.iter().any(|byte| matches!(byte, b'\\' | b':')));
        let path = layout::path_from_bytes(name).filter(|_| safe);
        let Some(path) = path else {
            return Err(GitError::Malformed {
                path: self.git_dir.join("HEAD"),
                what: format!(
                    "`{}` is not the name of a reference",
                    String::from_utf8_lossy(name).escape_debug()
                ),
            });
        };
        let of_one_work_tree = [&b"refs/bisect/"[..], b"refs/worktree/", b"refs/rewritten/"];
        let directory = if of_one_work_tree
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            &self.git_dir
        } else {
            &self.common_dir
        };
        Ok(directory.join(path))
    }

    /// Returns the full names of the loose references below `folder`, sorted.
    fn loose_names(&self, folder: &str) -> Result<Vec<Vec<u8>>, GitError> {
        let mut names = Vec::new();
        let mut folders = vec![folder.as_bytes().to_vec()];
        while let Some(folder) = folders.pop() {
            let Some(path) = layout::path_from_bytes(&folder) else {
                continue;
            };
            let path = self.common_dir.join(path);
            let unreadable = |source| GitError::Unreadable {
                path: path.clone(),
                source,
            };
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) if layout::is_absent(&error) => continue,
                Err(error) => return Err(unreadable(error)),
            };
            for entry in entries {
                let entry = entry.map_err(unreadable)?;
                let file_name = entry.file_name();
                let Some(part) = layout::bytes_from_name(&file_name) else {
                    continue;
                };
                // git ignores what cannot be the name of a reference, its own lock files first
                if part.starts_with(b".") || part.ends_with(b".lock") {
                    continue;
                }
                let mut name = folder.clone();
                name.extend_from_slice(part);
                if entry.file_type().map_err(unreadable)?.is_dir() {
                    name.push(b'/');
                    folders.push(name);
                } else {
                    names.push(name);
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}
