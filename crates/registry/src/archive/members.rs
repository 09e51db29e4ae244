//! The members of an archive: found once, read where they lie.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek as _};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::Trouble;
use crate::digest::Digest;
use crate::error::printable;
use crate::layout::Piece;

/// How many members are looked at: an archive could go on for ever.
const MOST_MEMBERS: usize = 200_000;
/// How long the name of a member may be, and what else stands before it.
const LONGEST_NAME: u64 = 1 << 20;
/// How many links are followed.
const MOST_LINKS: usize = 8;

/// What a file begins with that is compressed, and what it was compressed with.
const COMPRESSED: [(&[u8], &str); 4] = [
    (b"\x1f\x8b", "gunzip"),
    (b"\x28\xb5\x2f\xfd", "unzstd"),
    (b"\xfd7zXZ\0", "unxz"),
    (b"BZh", "bunzip2"),
];

/// The plain files of an archive by name, and the links between them.
#[derive(Debug)]
pub(super) struct Members {
    files: BTreeMap<String, Piece>,
    links: BTreeMap<String, String>,
}

impl Members {
    /// Reads the names of an archive; nothing where there is none.
    pub(super) fn of(path: &Path) -> Result<Option<Self>, Trouble> {
        let Some(whole) = Piece::of(path)? else {
            return Ok(None);
        };
        let start = whole.read(0, whole.size().min(6))?;
        if let Some((_, tool)) = COMPRESSED
            .iter()
            .find(|(magic, _)| start.starts_with(magic))
        {
            let reason = format!("it is compressed: `{tool}` makes it readable");
            return Err(Trouble::Unsupported(reason));
        }
        let file = File::open(path)?;
        let size = whole.size();
        check_names(&file)?;
        let members = Self::read(file, size)?;
        Ok(Some(members))
    }

    fn read(mut file: File, size: u64) -> Result<Self, Trouble> {
        let held = Arc::new(Mutex::new(file.try_clone()?));
        file.rewind()?;
        let mut files = BTreeMap::new();
        let mut links = BTreeMap::new();
        for entry in tar::Archive::new(file).entries_with_seek()? {
            let entry = entry.map_err(|error| malformed(&error))?;
            let kind = entry.header().entry_type();
            let is_link = kind.is_symlink() || kind.is_hard_link();
            if !kind.is_file() && !kind.is_contiguous() && !is_link {
                continue;
            }
            let written = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let name = resolved("", &written).ok_or_else(|| {
                let name = printable(&written);
                Trouble::Hostile(format!("its member `{name}` leads out of it"))
            })?;
            if files.contains_key(&name) || links.contains_key(&name) {
                let name = printable(&name);
                return Err(Trouble::Hostile(format!("it has two members `{name}`")));
            }
            if is_link {
                let target = entry.link_name_bytes().unwrap_or_default();
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                let base = if kind.is_symlink() { folder } else { "" };
                // what leads out leads nowhere
                if let Some(target) = resolved(base, &String::from_utf8_lossy(&target)) {
                    links.insert(name, target);
                }
                continue;
            }
            let (start, length) = (entry.raw_file_position(), entry.size());
            if start.checked_add(length).is_none_or(|end| end > size) {
                let name = printable(&name);
                let reason = format!("its member `{name}` is cut off");
                return Err(Trouble::Malformed(reason));
            }
            files.insert(name, Piece::part(&held, start, length));
        }
        Ok(Self { files, links })
    }

    /// Returns a plain file, or the one that a link leads to.
    pub(super) fn get(&self, name: &str) -> Option<&Piece> {
        let mut name = resolved("", name)?;
        for _ in 0..MOST_LINKS {
            match self.links.get(&name) {
                Some(target) => name.clone_from(target),
                None => return self.files.get(&name),
            }
        }
        None
    }

    /// Returns the blobs of a layout: `blobs/sha256/…`.
    pub(super) fn blobs(&self) -> BTreeMap<Digest, Piece> {
        let names = self.files.keys().chain(self.links.keys());
        let blobs = names.filter_map(|name| {
            let digest = name.strip_prefix("blobs/")?.replacen('/', ":", 1);
            Some((digest.parse().ok()?, self.get(name)?.clone()))
        });
        blobs.collect()
    }
}

/// Looks at the heads of all members as they are: names that take the memory of the machine are not
/// read.
fn check_names(file: &File) -> Result<(), Trouble> {
    let mut archive = tar::Archive::new(file);
    for (count, entry) in archive.entries_with_seek()?.raw(true).enumerate() {
        let entry = entry.map_err(|error| malformed(&error))?;
        let kind = entry.header().entry_type();
        let is_name = kind.is_gnu_longname()
            || kind.is_gnu_longlink()
            || kind.is_pax_local_extensions()
            || kind.is_pax_global_extensions();
        if is_name && entry.size() > LONGEST_NAME {
            let reason = format!("the name of a member has {} bytes", entry.size());
            return Err(Trouble::Hostile(reason));
        }
        if count == MOST_MEMBERS {
            let reason = format!("it has more than {MOST_MEMBERS} members");
            return Err(Trouble::Hostile(reason));
        }
    }
    Ok(())
}

/// Returns a name as seen from the top; nothing when it leads out.
fn resolved(folder: &str, name: &str) -> Option<String> {
    if name.starts_with('/') || name.contains('\\') || name.contains('\0') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn malformed(error: &io::Error) -> Trouble {
    Trouble::Malformed(format!("it is no archive: {error}"))
}

#[cfg(test)]
mod tests {
    use super::resolved;

    #[test]
    fn names_stay_inside() {
        for (folder, name, found) in [
            ("", "./blobs//sha256/ab", Some("blobs/sha256/ab")),
            ("", "a/../b", Some("b")),
            ("", "../b", None),
            ("", "a/../../b", None),
            ("", "/etc/passwd", None),
            ("", "..\\b", None),
            ("one", "../two/layer.tar", Some("two/layer.tar")),
            ("one", "../../two", None),
        ] {
            assert_eq!(resolved(folder, name).as_deref(), found, "{folder} {name}");
        }
    }
}
