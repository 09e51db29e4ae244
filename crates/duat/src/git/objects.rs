//! Commits, tags and trees by hash, from libgit2's object database or from `git cat-file`.
//!
//! Only the database of libgit2 is opened, never a repository: nothing of its ownership check or of
//! its list of known extensions stands in the way of reading an object.

use std::path::Path;

use super::program::{CatFile, Program};
use super::{GitError, Hash};

/// How many tags of tags are followed.
const DEEPEST_TAG: usize = 16;

/// A place to read objects from.
pub(super) enum Objects {
    Database(git2::Odb<'static>, std::path::PathBuf),
    Program(Box<CatFile>),
}

/// A commit, without its message.
pub(super) struct CommitHeader {
    pub(super) tree: Hash,
    pub(super) parents: Vec<Hash>,
    /// Seconds since 1970 UTC, as the committer's clock had it.
    pub(super) time: i64,
}

/// An entry of a tree: what it is and its content.
pub(super) type Entry = (Vec<u8>, Hash);

impl Objects {
    pub(super) fn open_database(objects: &Path, name: &str) -> Result<Self, GitError> {
        let failed = |source| GitError::Database {
            path: objects.to_owned(),
            source,
        };
        let database = git2::Odb::new().map_err(failed)?;
        database.add_disk_alternate(name).map_err(failed)?;
        Ok(Self::Database(database, objects.to_owned()))
    }

    pub(super) fn open_program(program: &Program) -> Result<Self, GitError> {
        Ok(Self::Program(Box::new(program.objects()?)))
    }

    /// Returns the type and the content, or nothing if the object is not there.
    fn read(&mut self, hash: &Hash) -> Result<Option<(String, Vec<u8>)>, GitError> {
        match self {
            Self::Program(program) => program.read(hash),
            Self::Database(database, path) => {
                let Ok(name) = git2::Oid::from_bytes(hash.as_bytes()) else {
                    return Ok(None);
                };
                match database.read(name) {
                    Ok(object) => Ok(Some((
                        object.kind().str().to_owned(),
                        object.data().to_owned(),
                    ))),
                    Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
                    Err(source) => Err(GitError::Database {
                        path: path.clone(),
                        source,
                    }),
                }
            }
        }
    }

    fn expect(&mut self, hash: &Hash, kind: &str) -> Result<Vec<u8>, GitError> {
        match self.read(hash)? {
            None => Err(GitError::MissingObject { hash: *hash }),
            Some((found, content)) if found == kind => Ok(content),
            Some(_) => Err(GitError::MalformedObject {
                hash: *hash,
                what: "its type is not the one its place asks for",
            }),
        }
    }

    /// Returns what is behind an annotated tag; any other object, and one that is not there, is its
    /// own answer.
    pub(super) fn peel(&mut self, hash: Hash) -> Result<Hash, GitError> {
        let mut hash = hash;
        for _ in 0..DEEPEST_TAG {
            match self.read(&hash)? {
                Some((kind, content)) if kind == "tag" => {
                    hash = header(&content)
                        .find_map(|line| line.strip_prefix(b"object "))
                        .and_then(Hash::from_hex)
                        .ok_or(GitError::MalformedObject {
                            hash,
                            what: "the tag names no object",
                        })?;
                }
                _ => return Ok(hash),
            }
        }
        Err(GitError::MalformedObject {
            hash,
            what: "too many tags stand behind each other",
        })
    }

    pub(super) fn commit(&mut self, hash: &Hash) -> Result<CommitHeader, GitError> {
        let content = self.expect(hash, "commit")?;
        let malformed = |what| GitError::MalformedObject { hash: *hash, what };
        let tree = header(&content)
            .find_map(|line| line.strip_prefix(b"tree "))
            .and_then(Hash::from_hex)
            .ok_or(malformed("the commit names no tree"))?;
        let parents = header(&content)
            .filter_map(|line| line.strip_prefix(b"parent "))
            .map(|hex| Hash::from_hex(hex).ok_or(malformed("the commit names a broken parent")))
            .collect::<Result<_, _>>()?;
        let time = header(&content)
            .find_map(|line| line.strip_prefix(b"committer "))
            .and_then(|line| line.rsplit(|byte| *byte == b' ').nth(1))
            .and_then(|seconds| str::from_utf8(seconds).ok()?.parse().ok())
            // git itself takes a broken date as 1970
            .unwrap_or(0);
        Ok(CommitHeader {
            tree,
            parents,
            time,
        })
    }

    pub(super) fn message(&mut self, hash: &Hash) -> Result<String, GitError> {
        let content = self.expect(hash, "commit")?;
        let message = memchr::memmem::find(&content, b"\n\n")
            .and_then(|blank| content.get(blank + 2..))
            .unwrap_or_default();
        Ok(String::from_utf8_lossy(message).into_owned())
    }

    pub(super) fn blob(&mut self, hash: &Hash) -> Result<Vec<u8>, GitError> {
        self.expect(hash, "blob")
    }

    /// Returns the entry at `path`, slash-separated, below `tree`.
    pub(super) fn entry(&mut self, tree: &Hash, path: &str) -> Result<Option<Entry>, GitError> {
        let mut found: Entry = (b"40000".to_vec(), *tree);
        for name in path.split('/') {
            let (mode, hash) = found;
            if mode != b"40000" {
                return Ok(None);
            }
            let content = self.expect(&hash, "tree")?;
            match tree_entry(&content, name.as_bytes(), hash.as_bytes().len()) {
                Some(entry) => found = entry,
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }
}

/// Returns the lines before the first empty one.
fn header(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content
        .split(|byte| *byte == b'\n')
        .take_while(|line| !line.is_empty())
}

/// Looks `name` up in `MODE NAME NUL HASH` entries.
fn tree_entry(content: &[u8], name: &[u8], hash_length: usize) -> Option<Entry> {
    let mut rest = content;
    while !rest.is_empty() {
        let (mode, after) = rest.split_at_checked(memchr::memchr(b' ', rest)?)?;
        let after = after.get(1..)?;
        let (found, after) = after.split_at_checked(memchr::memchr(0, after)?)?;
        let (hash, after) = after.get(1..)?.split_at_checked(hash_length)?;
        if found == name {
            return Some((mode.to_owned(), Hash::from_bytes(hash)?));
        }
        rest = after;
    }
    None
}
