//! What is read because a person named it: a file, standard input, or a pipe of the shell.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use duat::file::{self, FileError};

use crate::exit::Code;
use crate::failure::Failure;

/// Reads standard input to its end.
///
/// # Errors
///
/// What the system says.
pub fn standard() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    match io::stdin().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => Err(Failure::new(Code::Failed, "failed to read stdin").caused_by(&error)),
    }
}

/// Reads a file, or a pipe that [`is_handed`] over, to its end.
///
/// # Errors
///
/// As [`duat::file::read`]; what the system says of a pipe.
pub fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    if !is_handed(path) {
        return file::read(path).map_err(|error| match error {
            FileError::NotRegular { .. } if !path.is_dir() => {
                let way = format!("`<(cat {})` hands over what it gives.", path.display());
                Failure::from(error).hint(way)
            }
            error => error.into(),
        });
    }
    fs::read(path).map_err(|error| {
        let message = format!("failed to read the pipe `{}`", path.display());
        Failure::new(Code::Failed, message).caused_by(&error)
    })
}

/// Tells whether a path is a pipe that this process was started with, which is what `bash` and `zsh`
/// make of `<(command)`: `/dev/fd/N`. Any other pipe might wait for its other end for ever.
pub fn is_handed(path: &Path) -> bool {
    let number = path.to_str().and_then(|path| path.strip_prefix("/dev/fd/"));
    number.is_some_and(|number| number.parse::<u16>().is_ok())
        && fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}
