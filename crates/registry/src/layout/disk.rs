//! Files of layouts and archives: read in bounds, written whole. This room and `under_way` are the
//! only ones of this crate that write.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use tempfile::NamedTempFile;

use super::under_way::{DRAWN, is_on_its_way, prefix};

use crate::blob::{BlobSource, BlobStream};
use crate::descriptor::Descriptor;
use crate::digest::Verifier;
use crate::error::{Error, Kind, Operation, Place};

/// How much is read at once.
const CHUNK: u64 = 256 << 10;

/// How often, and after which pause, a folder is asked for that somebody else holds: those who sweep
/// hold it for moments.
const GATE_TRIES: usize = 50;
const GATE_PAUSE: Duration = Duration::from_millis(20);

/// A part of a file, or all of it.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    file: Arc<Mutex<File>>,
    start: u64,
    size: u64,
}

impl Piece {
    /// Returns a file as a whole; nothing where it is not there.
    ///
    /// What is no plain file is an error: a link could lead to any secret, a pipe would never end.
    pub(crate) fn of(path: &Path) -> io::Result<Option<Self>> {
        let metadata = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata,
            Err(error) if is_missing(&error) => return Ok(None),
            Err(error) => return Err(about(path, &error)),
        };
        if !metadata.is_file() {
            let path = path.display();
            return Err(io::Error::other(format!("`{path}` is no plain file")));
        }
        let file = File::open(path).map_err(|error| about(path, &error))?;
        Ok(Some(Self {
            file: Arc::new(Mutex::new(file)),
            start: 0,
            size: metadata.len(),
        }))
    }

    /// Returns a part of a file.
    pub(crate) fn part(file: &Arc<Mutex<File>>, start: u64, size: u64) -> Self {
        Self {
            file: Arc::clone(file),
            start,
            size,
        }
    }

    /// Returns how many bytes it has.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Returns all of it, if it is not too large.
    pub(crate) fn bytes(&self, largest: usize) -> io::Result<Bytes> {
        if self.size > largest as u64 {
            let size = self.size;
            let reason = format!("it has {size} bytes, and {largest} are read at most");
            return Err(io::Error::other(reason));
        }
        self.read(0, self.size)
    }

    /// Returns some of it; it is an error when there is less.
    pub(crate) fn read(&self, from: u64, count: u64) -> io::Result<Bytes> {
        let mut bytes = Vec::new();
        // another one may have read elsewhere in the same file
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(self.start + from))?;
        (&mut *file).take(count).read_to_end(&mut bytes)?;
        if bytes.len() as u64 == count {
            Ok(bytes.into())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

/// Returns what sends a piece, verified on its way: the last bytes go out when all are known to be
/// right.
pub(crate) fn source(
    descriptor: &Descriptor,
    place: Place,
    find: impl Fn() -> Result<Option<Piece>, Error> + Send + Sync + 'static,
) -> Box<dyn BlobSource> {
    Box::new(Source {
        descriptor: descriptor.clone(),
        place,
        find: Box::new(find),
    })
}

type Find = dyn Fn() -> Result<Option<Piece>, Error> + Send + Sync;

struct Source {
    descriptor: Descriptor,
    place: Place,
    find: Box<Find>,
}

impl BlobSource for Source {
    fn open(&self) -> BoxFuture<'_, Result<BlobStream, Error>> {
        Box::pin(async move {
            let digest = &self.descriptor.digest;
            let error = |kind: Kind, reason: String| {
                let reason = format!("`{digest}`: {reason}");
                Error::new(Operation::ReadBlob, self.place.clone(), kind, reason)
            };
            let piece = (self.find)()?;
            let piece = piece.ok_or_else(|| error(Kind::NotFound, "it is not there".to_owned()))?;
            let verifier = Verifier::new(digest.clone(), Some(self.descriptor.size));
            let reading = Some((piece, verifier, self.descriptor.clone(), self.place.clone()));
            let stream: BlobStream = Box::pin(stream::unfold(reading, |reading| async move {
                let (piece, mut verifier, descriptor, place) = reading?;
                match next(&piece, &mut verifier) {
                    Ok(None) => None,
                    Ok(Some(bytes)) => {
                        Some((Ok(bytes), Some((piece, verifier, descriptor, place))))
                    }
                    Err((kind, reason)) => {
                        let reason = format!("`{}`: {reason}", descriptor.digest);
                        let error = Error::new(Operation::ReadBlob, place, kind, reason);
                        Some((Err(error), None))
                    }
                }
            }));
            Ok(stream)
        })
    }

    fn is_verified(&self) -> bool {
        true
    }
}

/// Returns the next bytes; nothing after the last.
fn next(piece: &Piece, verifier: &mut Verifier) -> Result<Option<Bytes>, (Kind, String)> {
    let unverified = |error: crate::digest::Mismatch| (Kind::Verification, error.to_string());
    let seen = verifier.seen();
    let left = piece.size().saturating_sub(seen);
    if left == 0 && seen > 0 {
        return Ok(None);
    }
    let bytes = piece.read(seen, left.min(CHUNK));
    let bytes = bytes.map_err(|error| (Kind::Source, error.to_string()))?;
    verifier.update(&bytes).map_err(unverified)?;
    if bytes.len() as u64 == left {
        verifier.clone().finish().map_err(unverified)?;
    }
    Ok((!bytes.is_empty()).then_some(bytes))
}

/// A file on its way to its place.
pub(crate) struct Staged {
    file: NamedTempFile,
    path: PathBuf,
}

impl Staged {
    /// Begins a file that is to be at this place in the end.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let folder = folder_of(path);
        fs::create_dir_all(folder).map_err(|error| about(folder, &error))?;
        let prefix = prefix(path);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).rand_bytes(DRAWN);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            // as every program makes its files, less what the mask takes
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        // who sweeps this folder does not come between
        let _gate = gate(folder);
        let file = builder.tempfile_in(folder);
        let file = file.map_err(|error| about(folder, &error))?;
        // held as long as it is on its way; where there are no locks, nothing is swept
        let _ = file.as_file().try_lock();
        Ok(Self {
            file,
            path: path.to_owned(),
        })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Returns the file, for those who write it in their own way.
    pub(crate) fn file(&mut self) -> &mut File {
        self.file.as_file_mut()
    }

    /// Puts it at its place, unless something is there.
    fn keep_unless_there(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        match self.file.persist_noclobber(&self.path) {
            Ok(_) => Ok(()),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error.error),
        }
    }

    /// Puts it at its place, all of it on the disk.
    pub(crate) fn keep(self) -> io::Result<()> {
        self.file.as_file().sync_all()?;
        let folder = folder_of(&self.path).to_owned();
        self.file.persist(&self.path).map_err(|error| error.error)?;
        // without it the name may be lost with the power; not every system can
        if let Ok(folder) = File::open(folder) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Makes an empty layout: what says that it is one comes first.
pub(super) fn make(directory: &Path, version: &str, index: &str) -> io::Result<()> {
    for (name, text) in [("oci-layout", version), ("index.json", index)] {
        let mut staged = Staged::at(&directory.join(name))?;
        staged.write(text.as_bytes())?;
        staged.keep_unless_there()?;
    }
    let blobs = directory.join("blobs").join("sha256");
    fs::create_dir_all(&blobs).map_err(|error| about(&blobs, &error))
}

/// Tells whether a directory is not there, or has nothing in it but files on their way.
pub(super) fn is_empty(directory: &Path) -> io::Result<bool> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(about(directory, &error)),
    };
    for entry in entries {
        let name = entry.map_err(|error| about(directory, &error))?.file_name();
        if !is_on_its_way(&name.to_string_lossy()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Waits until nobody else holds this file, and holds it until what is returned is dropped. A file
/// system that knows no locks gives none.
pub(super) fn lock(path: &Path) -> Option<File> {
    let file = File::open(path).ok()?;
    file.lock().ok()?;
    Some(file)
}

/// Waits a while until nobody else holds this folder, and holds it until what is returned is dropped.
///
/// Whoever holds it for longer may wait for us: `flock . image-promote …`.
pub(super) fn gate(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    for _ in 0..GATE_TRIES {
        match file.try_lock() {
            Ok(()) => return Some(file),
            Err(TryLockError::WouldBlock) => thread::sleep(GATE_PAUSE),
            Err(TryLockError::Error(_)) => return None,
        }
    }
    None
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

pub(super) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}
