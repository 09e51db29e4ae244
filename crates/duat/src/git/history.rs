//! What happened since the last release, and which versions `HEAD` descends from.

use std::collections::{HashMap, HashSet};

use super::objects::Entry;
use super::tags::{TagFilter, VersionTag};
use super::walk::{Graph, Queue};
use super::{GitError, Hash, Repository};

/// The commits since the nearest reachable release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The release they follow; none when no release tag is reachable, and then they are all.
    pub base: Option<VersionTag>,
    /// Newest first.
    pub commits: Vec<Commit>,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its name.
    pub hash: Hash,
    /// Subject and body; what is not UTF-8 in them becomes a replacement character.
    pub message: String,
    /// How many parents it has: 0 at a root, 2 or more for a merge.
    pub parents: usize,
}

impl Repository {
    /// Returns when a commit was made, in seconds since 1970 UTC, as its committer's clock had it.
    pub fn committed_at(&self, commit: &Hash) -> Result<i64, GitError> {
        Ok(self.objects()?.commit(commit)?.time)
    }

    /// Returns the commits since the nearest release that `HEAD` descends from.
    ///
    /// Nearest are the release tags that no other release tag descends from; if branches with
    /// several such tags were merged it is the highest of them. Pre-release tags do not count. The
    /// commits are those of `git log TAG..HEAD`, and with `path` (relative to the root, `/`
    /// between the parts) those of `git log TAG..HEAD -- PATH`: of a merge only the side is
    /// followed that the content came from, and the merge itself is listed only if its content
    /// comes from no single side.
    ///
    /// Before the first commit the history is empty. In a shallow clone this is an error unless the
    /// answer lies within it.
    pub fn history(&self, prefix: &str, path: Option<&str>) -> Result<History, GitError> {
        self.history_from(prefix, path, true)
    }

    /// Returns the same for what is being released: a release tag at `HEAD` is that of the release
    /// itself, and does not count.
    pub fn history_of_head(&self, prefix: &str) -> Result<History, GitError> {
        self.history_from(prefix, None, false)
    }

    fn history_from(
        &self,
        prefix: &str,
        path: Option<&str>,
        head_counts: bool,
    ) -> Result<History, GitError> {
        const QUESTION: &str = "the commits since the last release";
        let Some(head) = self.head()?.hash else {
            return Ok(History {
                base: None,
                commits: Vec::new(),
            });
        };
        let mut tags = self.version_tags_by_commit(prefix, TagFilter::Releases)?;
        if !head_counts {
            tags.remove(&head);
        }
        let mut graph = Graph::open(self)?;
        let mut walked = graph.walk(head, |hash| tags.contains_key(hash), QUESTION)?;
        let base = walked
            .ends
            .iter()
            .filter_map(|hash| Some((tags.get(hash)?, *hash)))
            .max();
        if let Some((_, base)) = base
            && walked.ends.len() > 1
        {
            walked = graph.walk(head, |hash| *hash == base, QUESTION)?;
        }
        let hashes = match path.and_then(clean_path) {
            Some(path) => {
                let base = base.map(|(_, hash)| hash);
                Scoped::new(&mut graph, &path, &walked.commits, base).walk(head)?
            }
            None => walked.commits,
        };
        let mut commits = Vec::with_capacity(hashes.len());
        for hash in hashes {
            commits.push(Commit {
                parents: graph.commit(&hash)?.parents.len(),
                message: graph.objects.message(&hash)?,
                hash,
            });
        }
        Ok(History {
            base: base.map(|(tag, _)| tag.clone()),
            commits,
        })
    }

    /// Walks back from `HEAD` until it meets the highest version of all, or the end.
    pub(super) fn highest_reachable_tag(
        &self,
        prefix: &str,
        filter: TagFilter,
    ) -> Result<Option<VersionTag>, GitError> {
        let Some(head) = self.head()?.hash else {
            return Ok(None);
        };
        let tags = self.version_tags_by_commit(prefix, filter)?;
        let Some(highest) = tags.values().max() else {
            return Ok(None);
        };
        let mut graph = Graph::open(self)?;
        let mut queue = Queue::default();
        let mut seen = HashSet::from([head]);
        let mut best: Option<&VersionTag> = None;
        let mut cut = false;
        queue.push(graph.commit(&head)?.time, head);
        while let Some((_, hash)) = queue.pop() {
            best = best.max(tags.get(&hash));
            if best == Some(highest) {
                return Ok(best.cloned());
            }
            cut |= graph.is_shallow(&hash);
            for parent in &graph.commit(&hash)?.parents {
                if seen.insert(*parent) {
                    queue.push(graph.commit(parent)?.time, *parent);
                }
            }
        }
        if cut {
            return Err(GitError::Shallow {
                question: "the highest version that `HEAD` descends from",
            });
        }
        Ok(best.cloned())
    }
}

/// Returns the path as a tree has it, or nothing for the root.
fn clean_path(path: &str) -> Option<String> {
    let parts: Vec<_> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// A walk that lists only the commits that change what is at a path, as `git log -- PATH` does
/// (git-log(1), "History Simplification", default mode).
struct Scoped<'g> {
    graph: &'g mut Graph,
    path: &'g str,
    /// The commits asked about.
    asked: HashSet<Hash>,
    base: Option<Hash>,
    contents: HashMap<Hash, Option<Entry>>,
}

impl<'g> Scoped<'g> {
    fn new(graph: &'g mut Graph, path: &'g str, asked: &[Hash], base: Option<Hash>) -> Self {
        Self {
            graph,
            path,
            asked: asked.iter().copied().collect(),
            base,
            contents: HashMap::new(),
        }
    }

    fn walk(&mut self, head: Hash) -> Result<Vec<Hash>, GitError> {
        let mut queue = Queue::default();
        let mut seen = HashSet::from([head]);
        let mut listed = Vec::new();
        queue.push(self.graph.commit(&head)?.time, head);
        while let Some((_, hash)) = queue.pop() {
            if !self.asked.contains(&hash) {
                continue;
            }
            let (changes, next) = self.compare(&hash)?;
            if changes {
                listed.push(hash);
            }
            for parent in next {
                if seen.insert(parent) {
                    queue.push(self.graph.commit(&parent)?.time, parent);
                }
            }
        }
        Ok(listed)
    }

    /// Tells whether a commit changes the path, and which parents are to be followed.
    fn compare(&mut self, hash: &Hash) -> Result<(bool, Vec<Hash>), GitError> {
        let parents = self.graph.commit(hash)?.parents.clone();
        let content = self.content(hash)?;
        if parents.is_empty() {
            return Ok((content.is_some(), parents));
        }
        let mut relevant = 0;
        let mut relevant_change = false;
        let mut other_change = false;
        for parent in &parents {
            let same = self.content(parent)? == content;
            if self.asked.contains(parent) || self.base == Some(*parent) {
                if same {
                    return Ok((false, vec![*parent]));
                }
                relevant += 1;
                relevant_change = true;
            } else {
                other_change |= !same;
            }
        }
        let changes = if relevant > 0 {
            relevant_change
        } else {
            other_change
        };
        Ok((changes, parents))
    }

    /// Returns what is at the path in a commit.
    fn content(&mut self, hash: &Hash) -> Result<Option<Entry>, GitError> {
        let tree = self.graph.commit(hash)?.tree;
        if let Some(content) = self.contents.get(&tree) {
            return Ok(content.clone());
        }
        let content = self.graph.objects.entry(&tree, self.path)?;
        self.contents.insert(tree, content.clone());
        Ok(content)
    }
}
