//! Files and directories that have no place yet, and those that will never have one: a run that was
//! killed leaves them. Whoever works on one holds its lock, so that the next run knows them apart.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::disk::{about, folder_of, gate};

/// What the names of files on their way have in the middle: `.index.json.duat-part-x7Qz2a`.
const MARK: &str = ".duat-part-";
/// How many letters and digits are drawn for what follows.
pub(super) const DRAWN: usize = 6;

/// A directory that goes when it is dropped, in another one that is locked until then.
#[derive(Debug)]
pub(crate) struct Beside {
    directory: TempDir,
    #[expect(dead_code, reason = "it is locked as long as it is open")]
    held: Option<File>,
}

impl Beside {
    /// Makes a directory beside a file, for what is to go into it.
    pub(crate) fn of(file: &Path) -> io::Result<Self> {
        let folder = folder_of(file);
        fs::create_dir_all(folder).map_err(|error| about(folder, &error))?;
        let _gate = gate(folder);
        let directory = tempfile::Builder::new()
            .prefix(&prefix(file))
            .rand_bytes(DRAWN)
            .tempdir_in(folder)
            .map_err(|error| about(folder, &error))?;
        let held = File::open(directory.path()).ok();
        let held = held.filter(|held| held.try_lock().is_ok());
        Ok(Self { directory, held })
    }

    /// Returns where there is room; nothing is there yet.
    pub(crate) fn path(&self) -> PathBuf {
        // what works there locks it for moments, which it could not if it were held all the time
        self.directory.path().join("layout")
    }
}

/// Removes what runs that were killed have left on its way to this place; to any place in this folder
/// where it is not said which. What somebody still works on is locked, and stays.
#[expect(
    clippy::disallowed_methods,
    reason = "what goes has no place yet, and its maker is gone"
)]
pub(crate) fn sweep(folder: &Path, own: Option<&Path>) {
    let (Some(_gate), Ok(entries)) = (gate(folder), fs::read_dir(folder)) else {
        return;
    };
    let own = own.map(prefix);
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_concerned = is_on_its_way(&name)
            && own
                .as_ref()
                .is_none_or(|own| name.starts_with(own.as_str()));
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if !is_concerned || kind.is_symlink() {
            continue;
        }
        let path = entry.path();
        let is_left = File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        // what cannot be removed does no harm
        let _ = match (is_left, kind.is_dir()) {
            (true, true) => fs::remove_dir_all(path),
            (true, false) => fs::remove_file(path),
            (false, _) => Ok(()),
        };
    }
}

/// Returns what the name of a file on its way to this place begins with.
pub(super) fn prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}{MARK}")
}

/// Tells whether a name is that of something on its way, and not merely like one.
pub(super) fn is_on_its_way(name: &str) -> bool {
    let drawn = name.rsplit_once(MARK).map(|(_, drawn)| drawn);
    let is_drawn = |drawn: &str| {
        drawn.len() == DRAWN && drawn.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    name.starts_with('.') && drawn.is_some_and(is_drawn)
}
