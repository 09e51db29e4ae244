//! A directory with a world of its own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use crate::{Call, binary, text};

/// The instant of a scene's first command: 2019-04-04T00:38:00Z, the stamp `aaaagjecrgf`.
const FIRST_INSTANT: u64 = 1_554_338_280;
const SECONDS_BETWEEN_COMMANDS: u64 = 60;

/// A temporary directory in which commands run without anything of the machine but its programs.
///
/// Every command sees the same environment: `PATH`; home, temporary and XDG directories beside the
/// scene; `LC_ALL=C.UTF-8`, `TZ=UTC`; no system or global git configuration, no repository above
/// the scene, one author, and git dates that start at 2019-04-04T00:38:00Z and move on by a minute
/// with each command, so that commits have the same hashes in every run. The clock of our own tools
/// is the real one unless [`Call::at`] fixes it.
///
/// All paths given to its methods are relative to the scene. It is removed when dropped.
#[derive(Debug)]
pub struct Scene {
    /// Holds the directories below, and removes them.
    root: TempDir,
    directory: PathBuf,
    home: PathBuf,
    temporary: PathBuf,
    commands: AtomicU64,
}

impl Scene {
    /// Creates an empty scene.
    #[expect(
        clippy::new_without_default,
        reason = "it makes directories: not a default value"
    )]
    pub fn new() -> Self {
        let root = tempfile::Builder::new()
            .prefix("scene-")
            .tempdir()
            .expect("a temporary directory can be made");
        let real = fs::canonicalize(root.path()).expect("the temporary directory has a real path");
        let [directory, home, temporary] = ["scene", "home", "tmp"].map(|name| {
            let path = real.join(name);
            fs::create_dir(&path).expect("a directory can be made in the temporary directory");
            path
        });
        fs::write(home.join("gitconfig"), "").expect("the empty git configuration can be written");
        Self {
            root,
            directory,
            home,
            temporary,
            commands: AtomicU64::new(0),
        }
    }

    /// Returns the absolute path of `path`; of the scene itself when that is empty.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        if path.as_ref().as_os_str().is_empty() {
            self.directory.clone()
        } else {
            self.directory.join(path)
        }
    }

    /// Returns the home directory that commands see, which is outside the scene.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Writes a file, and makes the directories it is in.
    #[track_caller]
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        let directory = path.parent().expect("a file is in a directory");
        fs::create_dir_all(directory)
            .and_then(|()| fs::write(&path, content))
            .unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
    }

    /// Says that a file was written an hour ago.
    #[track_caller]
    pub fn age(&self, path: impl AsRef<Path>) {
        let path = self.path(path);
        let before = SystemTime::now() - Duration::from_hours(1);
        fs::File::open(&path)
            .and_then(|file| file.set_modified(before))
            .unwrap_or_else(|error| panic!("cannot age {}: {error}", path.display()));
    }

    /// Returns the text of a file.
    #[track_caller]
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        let path = path.as_ref();
        String::from_utf8(self.read_bytes(path))
            .unwrap_or_else(|error| panic!("{} is not UTF-8: {error}", path.display()))
    }

    /// Returns the bytes of a file.
    #[track_caller]
    pub fn read_bytes(&self, path: impl AsRef<Path>) -> Vec<u8> {
        let path = self.path(path);
        fs::read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
    }

    /// Tells whether something is at `path`, be it a symbolic link that leads nowhere.
    #[track_caller]
    pub fn has(&self, path: impl AsRef<Path>) -> bool {
        let path = self.path(path);
        match fs::symlink_metadata(&path) {
            Ok(_) => true,
            Err(error) if error.kind() == ErrorKind::NotFound => false,
            Err(error) => panic!("cannot look at {}: {error}", path.display()),
        }
    }

    /// Makes a directory and those it is in.
    #[track_caller]
    pub fn make_directory(&self, path: impl AsRef<Path>) {
        let path = self.path(path);
        fs::create_dir_all(&path)
            .unwrap_or_else(|error| panic!("cannot make {}: {error}", path.display()));
    }

    /// Removes a file.
    #[track_caller]
    pub fn remove(&self, path: impl AsRef<Path>) {
        let path = self.path(path);
        fs::remove_file(&path)
            .unwrap_or_else(|error| panic!("cannot remove {}: {error}", path.display()));
    }

    /// Returns the files below `path`, sorted, each relative to it, with `/` between folders; what
    /// git keeps in `.git` is left out.
    #[track_caller]
    pub fn files(&self, path: impl AsRef<Path>) -> Vec<String> {
        let top = self.path(path);
        let mut files = Vec::new();
        list_files(&top, "", &mut files);
        files.sort_unstable();
        files
    }

    /// Returns a call of our binary `name`.
    #[track_caller]
    pub fn tool(&self, name: &str) -> Call<'_> {
        self.command(binary(name))
    }

    /// Returns a call of our `semver`.
    #[track_caller]
    pub fn semver<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Call<'_> {
        self.tool("semver").args(arguments)
    }

    /// Returns a call of our `stencil`.
    #[track_caller]
    pub fn stencil<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Call<'_> {
        self.tool("stencil").args(arguments)
    }

    /// Returns a call of any program: a path, or a name looked up in `PATH`.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Call<'_> {
        Call::new(self, program.as_ref())
    }

    /// Runs `git`, which has to succeed, and returns its output without the final newline.
    #[track_caller]
    pub fn git<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let outcome = self.command("git").args(arguments).run();
        let output = outcome.succeeds().stdout();
        output.strip_suffix('\n').unwrap_or(output).to_owned()
    }

    /// Runs the lines of `script`, each a `git` command whose arguments are separated by blanks.
    ///
    /// There is no quoting. `$SCENE` stands for the path of the scene. Empty lines and lines that
    /// start with `#` are skipped.
    #[track_caller]
    pub fn script(&self, script: &str) {
        let scene = self
            .directory
            .to_str()
            .expect("the path of the scene is UTF-8");
        for line in script.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut words = line.split_whitespace();
            assert_eq!(words.next(), Some("git"), "not a git command: {line}");
            let _: String = self.git(words.map(|word| word.replace("$SCENE", scene)));
        }
    }

    /// Returns `text` with the paths of this scene replaced by `$SCENE`, `$HOME` and `$TMPDIR`.
    pub fn portable(&self, text: &str) -> String {
        text::portable(text, &self.names())
    }

    /// Returns the paths that differ from run to run, each with the name that stands for it.
    pub(crate) fn names(&self) -> Vec<(String, &'static str)> {
        [
            (&self.directory, "$SCENE"),
            (&self.home, "$HOME"),
            (&self.temporary, "$TMPDIR"),
        ]
        .into_iter()
        .map(|(path, name)| (path.to_string_lossy().into_owned(), name))
        .collect()
    }

    /// Returns the whole environment of the next command.
    pub(crate) fn environment(&self) -> Vec<(OsString, OsString)> {
        let command = self.commands.fetch_add(1, Ordering::Relaxed);
        let instant = FIRST_INSTANT + command * SECONDS_BETWEEN_COMMANDS;
        let date = format!("{instant} +0000");
        let mut environment: Vec<(OsString, OsString)> = [
            ("HOME", self.home.as_os_str()),
            ("USERPROFILE", self.home.as_os_str()),
            ("TMPDIR", self.temporary.as_os_str()),
            ("TMP", self.temporary.as_os_str()),
            ("TEMP", self.temporary.as_os_str()),
            ("XDG_CONFIG_HOME", self.home.join(".config").as_os_str()),
            ("XDG_CACHE_HOME", self.home.join(".cache").as_os_str()),
            ("XDG_DATA_HOME", self.home.join(".local/share").as_os_str()),
            ("XDG_STATE_HOME", self.home.join(".local/state").as_os_str()),
            ("LC_ALL", OsStr::new("C.UTF-8")),
            ("TZ", OsStr::new("UTC")),
            ("GIT_CONFIG_NOSYSTEM", OsStr::new("1")),
            ("GIT_CONFIG_GLOBAL", self.home.join("gitconfig").as_os_str()),
            ("GIT_TERMINAL_PROMPT", OsStr::new("0")),
            (
                "GIT_CEILING_DIRECTORIES",
                self.directory
                    .parent()
                    .unwrap_or(self.root.path())
                    .as_os_str(),
            ),
            ("GIT_AUTHOR_NAME", OsStr::new("Ada Author")),
            ("GIT_AUTHOR_EMAIL", OsStr::new("ada@example.com")),
            ("GIT_AUTHOR_DATE", OsStr::new(&date)),
            ("GIT_COMMITTER_NAME", OsStr::new("Ada Author")),
            ("GIT_COMMITTER_EMAIL", OsStr::new("ada@example.com")),
            ("GIT_COMMITTER_DATE", OsStr::new(&date)),
        ]
        .into_iter()
        .map(|(name, value)| (name.into(), value.to_owned()))
        .collect();
        for name in ["PATH", "SYSTEMROOT"] {
            if let Some(value) = std::env::var_os(name) {
                environment.push((name.into(), value));
            }
        }
        environment
    }
}

#[track_caller]
fn list_files(directory: &Path, prefix: &str, files: &mut Vec<String>) {
    let entries = fs::read_dir(directory)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", directory.display()));
    for entry in entries {
        let entry = entry.expect("an entry of a directory can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry
            .file_type()
            .expect("an entry of a directory has a type");
        if !kind.is_dir() {
            files.push(name);
        } else if entry.file_name() != ".git" {
            list_files(&entry.path(), &format!("{name}/"), files);
        }
    }
}
