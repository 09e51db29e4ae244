//! Git repositories as scripts for [`Scene::script`](crate::Scene::script).
//!
//! Each begins where the scene is: files written before are in the first commit, and scripts follow
//! each other (`MAIN`, then `FEATURE`). Names and dates are those of the scene, so that hashes are
//! the same in every run.

/// A branch `main` with one commit of all files, and the remote `origin`
/// `https://github.com/owner/tool.git`.
pub const MAIN: &str = "
    git init --quiet --initial-branch=main
    git add --all
    git commit --quiet --allow-empty --message=first
    git remote add origin https://github.com/owner/tool.git
";

/// After [`MAIN`]: a branch `feature/x`, checked out, with a commit of its own.
pub const FEATURE: &str = "
    git switch --quiet --create feature/x
    git commit --quiet --allow-empty --message=feature
";

/// After [`MAIN`]: three commits, tagged `0.1.0` (lightweight), `v0.2.0` (annotated) and, the last,
/// `1.0.0-rc.1` (annotated) and `nightly` (lightweight).
pub const TAGS: &str = "
    git tag 0.1.0
    git commit --quiet --allow-empty --message=second
    git tag --annotate v0.2.0 --message=v0.2.0
    git commit --quiet --allow-empty --message=third
    git tag --annotate 1.0.0-rc.1 --message=1.0.0-rc.1
    git tag nightly
";

/// After [`TAGS`]: the tags are packed, and one of them is loose again, at another commit.
pub const PACKED: &str = "
    git pack-refs --all
    git tag --force 0.1.0 main
";

/// After any other: no branch is checked out, as in CI.
pub const DETACHED: &str = "
    git switch --quiet --detach HEAD
";

/// A repository without a commit; the branch is `main`.
pub const UNBORN: &str = "
    git init --quiet --initial-branch=main
";

/// After [`MAIN`]: no remote.
pub const NO_REMOTE: &str = "
    git remote remove origin
";

/// After [`MAIN`]: two more remotes beside `origin`, named so that both come first in the alphabet.
pub const MANY_REMOTES: &str = "
    git remote add backup git@gitlab.com:mirrors/tool.git
    git remote add fork https://somebody:secret@example.com/fork/tool
";

/// After [`TAGS`]: in `shallow`, a clone of the last commit alone, with its tags.
pub const SHALLOW: &str = "
    git clone --quiet --depth=1 --branch=main file://$SCENE shallow
";

/// After [`MAIN`]: in `linked`, a worktree of the same repository on the branch `feature/linked`.
pub const WORKTREE: &str = "
    git worktree add --quiet -b feature/linked linked
";

/// After [`MAIN`]: in `module`, a submodule: a repository of its own on the branch `part`, with the
/// remote `$SCENE/part`.
pub const SUBMODULE: &str = "
    git init --quiet --initial-branch=part part
    git -C part commit --quiet --allow-empty --message=part
    git -c protocol.file.allow=always submodule --quiet add --branch part $SCENE/part module
    git commit --quiet --message=module
";

/// Like [`MAIN`], with SHA-256 hashes.
pub const SHA256: &str = "
    git init --quiet --initial-branch=main --object-format=sha256
    git add --all
    git commit --quiet --allow-empty --message=first
    git remote add origin https://github.com/owner/tool.git
";

/// After any other: a bare clone in `bare.git`.
pub const BARE: &str = "
    git clone --quiet --bare . bare.git
";
