//! Walks over the history: which commits `HEAD` has that a release has not.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::rc::Rc;

use super::objects::{CommitHeader, Objects};
use super::{GitError, Hash, Repository};

/// How many commits a walk looks at when all seems to be found: a clock that was wrong shows where a
/// commit is read whose parent is younger. As many as git (`SLOP` in its `revision.c`).
const SLOP: usize = 5;

/// The commits read so far.
pub(super) struct Graph {
    pub(super) objects: Objects,
    shallow: HashSet<Hash>,
    known: HashMap<Hash, Rc<CommitHeader>>,
}

/// What a walk found.
#[derive(Default)]
pub(super) struct Walked {
    /// The commits that no end has, newest first.
    pub(super) commits: Vec<Hash>,
    /// The ends that were met and that descend to no other end.
    pub(super) ends: Vec<Hash>,
}

/// What a walk knows of one commit.
#[derive(Clone, Copy, Default)]
struct Mark {
    /// An end, or what an end descends from.
    behind: bool,
    /// What an end descends from.
    covered: bool,
    waiting: bool,
}

impl Graph {
    pub(super) fn open(repository: &Repository) -> Result<Self, GitError> {
        Ok(Self {
            objects: repository.objects()?,
            shallow: repository.shallow_commits()?.into_iter().collect(),
            known: HashMap::new(),
        })
    }

    /// Returns the commit; one at the cut of a shallow clone has no parents.
    pub(super) fn commit(&mut self, hash: &Hash) -> Result<Rc<CommitHeader>, GitError> {
        if let Some(commit) = self.known.get(hash) {
            return Ok(Rc::clone(commit));
        }
        let mut commit = self.objects.commit(hash)?;
        if self.shallow.contains(hash) {
            commit.parents.clear();
        }
        let commit = Rc::new(commit);
        self.known.insert(*hash, Rc::clone(&commit));
        Ok(commit)
    }

    pub(super) fn is_shallow(&self, hash: &Hash) -> bool {
        self.shallow.contains(hash)
    }

    /// Walks back from `head` until every path has come to an end or to what an end descends from.
    ///
    /// Like `git rev-list HEAD ^END`, it goes by the commits' dates and looks on as long as there
    /// is something not older than what it found, and at some more; where a child is older than its
    /// parent the dates cannot be trusted, and it looks at everything.
    pub(super) fn walk(
        &mut self,
        head: Hash,
        is_end: impl Fn(&Hash) -> bool,
        question: &'static str,
    ) -> Result<Walked, GitError> {
        let mut marks: HashMap<Hash, Mark> = HashMap::new();
        let mut queue = Queue::default();
        let mut walked = Walked::default();
        let mut cut = Vec::new();
        let mut undecided = 1_usize;
        let mut oldest = i64::MAX;
        let mut dates_hold = true;
        let mut slop = SLOP;
        queue.push(self.commit(&head)?.time, head);
        marks.entry(head).or_default().waiting = true;
        while let Some((time, hash)) = queue.pop() {
            if undecided > 0 || !dates_hold || time >= oldest {
                slop = SLOP;
            } else if slop > 0 {
                slop -= 1;
            } else {
                break;
            }
            let commit = self.commit(&hash)?;
            let mark = marks.entry(hash).or_default();
            mark.waiting = false;
            if !mark.behind {
                undecided = undecided.saturating_sub(1);
                oldest = oldest.min(time);
                if is_end(&hash) {
                    mark.behind = true;
                    walked.ends.push(hash);
                } else {
                    walked.commits.push(hash);
                }
            }
            let behind = mark.behind;
            if self.is_shallow(&hash) {
                cut.push(hash);
            }
            for parent in &commit.parents {
                let parent_time = self.commit(parent)?.time;
                dates_hold &= parent_time <= time;
                let new = !marks.contains_key(parent);
                let mark = marks.entry(*parent).or_default();
                let newly_behind = behind && !mark.covered;
                if behind {
                    let decided = usize::from(mark.waiting && !mark.behind);
                    undecided = undecided.saturating_sub(decided);
                    mark.behind = true;
                    mark.covered = true;
                }
                if !mark.waiting && (new || newly_behind) {
                    mark.waiting = true;
                    undecided += usize::from(!mark.behind);
                    queue.push(parent_time, *parent);
                }
            }
        }
        let mark = |hash: &Hash| marks.get(hash).copied().unwrap_or_default();
        walked.commits.retain(|hash| !mark(hash).behind);
        walked.ends.retain(|hash| !mark(hash).covered);
        let found = [walked.commits.as_slice(), &walked.ends].concat();
        for cut in &cut {
            if !mark(cut).behind || self.may_lie_behind(cut, &found)? {
                return Err(GitError::Shallow { question });
            }
        }
        Ok(walked)
    }

    /// Tells whether one of the commits may be an ancestor of `cut` by a way that was cut off.
    fn may_lie_behind(&mut self, cut: &Hash, commits: &[Hash]) -> Result<bool, GitError> {
        let time = self.commit(cut)?.time;
        let mut descendants = HashSet::from([*cut]);
        let mut before = 0;
        // parents may stand before their children where dates are equal: until nothing is added
        while descendants.len() > before {
            before = descendants.len();
            for (hash, commit) in &self.known {
                if commit.parents.iter().any(|it| descendants.contains(it)) {
                    descendants.insert(*hash);
                }
            }
        }
        for hash in commits {
            if self.commit(hash)?.time <= time && !descendants.contains(hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Commits waiting, the newest first, and of equally new ones the one that came first.
#[derive(Default)]
pub(super) struct Queue {
    waiting: BinaryHeap<(i64, Reverse<usize>, Hash)>,
    pushed: usize,
}

impl Queue {
    pub(super) fn push(&mut self, time: i64, hash: Hash) {
        self.pushed += 1;
        self.waiting.push((time, Reverse(self.pushed), hash));
    }

    pub(super) fn pop(&mut self) -> Option<(i64, Hash)> {
        let (time, _, hash) = self.waiting.pop()?;
        Some((time, hash))
    }
}
