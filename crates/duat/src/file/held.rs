//! Taking the locks of several files, and tidying up behind a killed run.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::FileError;
use super::beside::Beside;
use super::contents::{self, Access, leads_to};
use super::disk::Disk;
use super::journal;
use super::platform::{self, Guard};
use crate::order;

/// A locked file and what it held when it was locked.
#[derive(Debug)]
pub(super) struct Held {
    /// The name it was asked for by.
    pub(super) given: PathBuf,
    /// The name it has once links are followed.
    pub(super) path: PathBuf,
    pub(super) file: File,
    pub(super) bytes: Vec<u8>,
    /// Why it cannot be written, if it cannot.
    pub(super) denied: Option<io::ErrorKind>,
    _guard: Guard,
}

/// Locked files, and which of them each name that was asked for leads to.
#[derive(Debug, Default)]
pub(super) struct Holding {
    pub(super) files: Vec<Held>,
    pub(super) names: Vec<(PathBuf, usize)>,
}

/// A file that is open, but not locked yet.
struct Opened {
    /// Every name it was asked for by, with the one it has once links are followed.
    names: Vec<(PathBuf, PathBuf)>,
    identity: Option<(u64, u64)>,
    file: File,
    denied: Option<io::ErrorKind>,
}

/// Locks all of `paths`, waiting for other runs.
pub(super) fn lock(disk: &mut Disk, paths: &[PathBuf]) -> Result<Holding, FileError> {
    loop {
        if let Some(holding) = try_lock(disk, paths)? {
            return Ok(holding);
        }
    }
}

/// Locks all of `paths`, or none if one was replaced while waiting for its lock. Then its name leads
/// to another file, and all begins anew.
///
/// Every run takes locks in the order of the files' identities: none waits for another in a circle.
fn try_lock(disk: &mut Disk, paths: &[PathBuf]) -> Result<Option<Holding>, FileError> {
    let mut opened = open_all(paths)?;
    order::sort_by(&mut opened, |a, b| {
        (a.identity, &a.names).cmp(&(b.identity, &b.names))
    });
    let mut locked = Vec::new();
    for Opened {
        names,
        file,
        denied,
        ..
    } in opened
    {
        let Some((given, path)) = names.first() else {
            continue;
        };
        let error = |source| FileError::new("lock", given, source);
        let guard = platform::acquire(&file, path).map_err(error)?;
        for (given, path) in &names {
            let error = |source| FileError::new("lock", given, source);
            if !leads_to(path, &file).map_err(error)? {
                return Ok(None);
            }
        }
        let held = Held {
            given: given.clone(),
            path: path.clone(),
            file,
            bytes: Vec::new(),
            denied,
            _guard: guard,
        };
        locked.push((held, names));
    }
    let mut holding = Holding::default();
    for (mut held, names) in locked {
        for (given, path) in &names {
            tidy(disk, &held.file, path, given)?;
        }
        held.bytes = contents::read(&held.file, &held.given)?;
        let index = holding.files.len();
        holding.files.push(held);
        holding
            .names
            .extend(names.into_iter().map(|(given, _)| (given, index)));
    }
    Ok(Some(holding))
}

/// Opens each file once, however many names lead to it: it could not be locked twice.
fn open_all(paths: &[PathBuf]) -> Result<Vec<Opened>, FileError> {
    let mut opened: Vec<Opened> = Vec::new();
    for given in paths {
        let error = |source| FileError::new("open", given, source);
        let path = fs::canonicalize(given).map_err(error)?;
        let (file, denied) = open(&path, given)?;
        let identity = platform::identity(&file.metadata().map_err(error)?);
        let known = opened.iter_mut().find(|known| {
            known.names.iter().any(|(_, name)| *name == path)
                || identity.is_some() && known.identity == identity
        });
        let name = (given.clone(), path);
        match known {
            Some(known) => known.names.push(name),
            None => opened.push(Opened {
                names: vec![name],
                identity,
                file,
                denied,
            }),
        }
    }
    Ok(opened)
}

/// Opens a file for writing, or for reading with the reason why.
fn open(path: &Path, given: &Path) -> Result<(File, Option<io::ErrorKind>), FileError> {
    match contents::open(path, given, Access::Write) {
        Ok(file) => Ok((file, None)),
        Err(FileError::Permission { source, .. }) => {
            let file = contents::open(path, given, Access::Read)?;
            Ok((file, Some(source.kind())))
        }
        Err(error) => Err(error),
    }
}

/// Removes what a killed run left beside the locked `file`.
fn tidy(disk: &mut Disk, file: &File, path: &Path, given: &Path) -> Result<(), FileError> {
    let Beside {
        staged,
        backup,
        journal,
    } = Beside::of(path);
    if is_leftover(&journal, given)? {
        journal::mend(disk, file, path, given)?;
    }
    for place in [staged, backup] {
        if is_leftover(&place, given)? {
            disk.remove(&place)
                .map_err(|source| FileError::new("tidy up beside", given, source))?;
        }
    }
    Ok(())
}

/// Tells whether an interrupted run left something at `place`: a regular file.
pub(super) fn is_leftover(place: &Path, given: &Path) -> Result<bool, FileError> {
    match fs::symlink_metadata(place) {
        Ok(metadata) if metadata.is_file() => Ok(true),
        Ok(_) => Err(FileError::InTheWay {
            path: given.to_owned(),
            obstacle: place.to_owned(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(FileError::new("look beside", given, error)),
    }
}
