//! A file that carries the version, and the files that move with a manifest: locks and members.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use duat::cargo::Manifest;
use duat::document::{Document, DocumentError, Format, Own};
use duat::file;

use crate::environment;
use crate::failure::Failure;
use crate::project::{split, stays_below};

const CARGO_LOCK: &str = "Cargo.lock";
const NPM_LOCKS: [&str; 2] = ["package-lock.json", "npm-shrinkwrap.json"];

/// A file and how the version is found in it.
#[derive(Clone, Debug)]
pub struct Carrier {
    /// Where it is.
    pub path: PathBuf,
    /// The same, whichever way it is named.
    place: PathBuf,
    format: Format,
    /// Nobody named it: it may hold no version of ours.
    implied: bool,
}

/// Returns every file that moves, each once: the targets, then the source, which is the last; and
/// what is wrong with others. All get the same version, so what one Cargo manifest owns is every
/// one's.
pub fn carriers(
    targets: &[PathBuf],
    source: Option<&Path>,
    root: &Path,
) -> (Vec<Carrier>, Vec<Failure>) {
    let named = targets.iter().map(PathBuf::as_path).chain(source);
    let (found, failures) = split(named.map(|path| {
        let found = Carrier::with_followers(path, root)?;
        let place = environment::absolute(path)?;
        // a file elsewhere, which somebody named, has its followers there
        let folder = place.parent().unwrap_or(root);
        let root = if place.starts_with(root) {
            root
        } else {
            folder
        };
        for follower in found.iter().filter(|carrier| carrier.implied) {
            let why = format!(
                "it moves with `{}`, but leads out of the repository",
                path.display()
            );
            stays_below(root, &follower.path, &why)?;
        }
        Ok(found)
    }));
    let mut carriers: Vec<Carrier> = Vec::new();
    for carrier in found.into_iter().flatten() {
        let known = carriers
            .iter_mut()
            .find(|known| known.place == carrier.place);
        match known {
            None => carriers.push(carrier),
            // the source comes last, and is called what the user calls it
            Some(known) if !carrier.implied => *known = carrier,
            Some(known) => known.join(carrier),
        }
    }
    let mut all = Own::default();
    for own in carriers.iter_mut().filter_map(Carrier::own) {
        all.extend(own);
    }
    for own in carriers.iter_mut().filter_map(Carrier::own) {
        own.clone_from(&all);
    }
    let is_source = |carrier: &Carrier| Some(carrier.path.as_path()) == source;
    if let Some(at) = carriers.iter().position(is_source) {
        let source = carriers.remove(at);
        carriers.push(source);
    }
    (carriers, failures)
}

impl Carrier {
    /// Returns the file at `path` and what moves with it: the manifests of a workspace's members, the
    /// lock files up to `root`.
    fn with_followers(path: &Path, root: &Path) -> Result<Vec<Self>, Failure> {
        let place = environment::absolute(path)?;
        let named = |format| Self {
            path: path.to_owned(),
            place: place.clone(),
            format,
            implied: false,
        };
        match Format::of(path) {
            Format::CargoManifest { .. } => {
                let (own, members) = own_packages(path)?;
                let lock = folders(path, root)?
                    .into_iter()
                    .map(|folder| folder.join(CARGO_LOCK));
                let lock = lock.filter(|lock| is_there(lock)).take(1);
                let locks =
                    lock.map(|lock| Self::implied(&lock, Format::CargoLock { own: own.clone() }));
                let members = members
                    .iter()
                    .map(|member| Self::implied(member, Format::CargoMember { own: own.clone() }));
                Ok(
                    std::iter::once(named(Format::CargoManifest { own: own.clone() }))
                        .chain(members)
                        .chain(locks)
                        .collect(),
                )
            }
            Format::PackageJson => {
                let mut carriers = vec![named(Format::PackageJson)];
                let folders = folders(path, root)?;
                for folder in &folders {
                    for lock in NPM_LOCKS
                        .map(|name| folder.join(name))
                        .iter()
                        .filter(|lock| is_there(lock))
                    {
                        let package = folders
                            .first()
                            .and_then(|own| own.strip_prefix(folder).ok());
                        let package =
                            package.map(|package| package.to_string_lossy().replace('\\', "/"));
                        let packages = BTreeSet::from([package.unwrap_or_default()]);
                        carriers.push(Self::implied(lock, Format::PackageLock { packages }));
                    }
                }
                Ok(carriers)
            }
            format => Ok(vec![named(format)]),
        }
    }

    /// Takes in what else moves in the same file: npm's members share a lock.
    fn join(&mut self, other: Self) {
        if let (Format::PackageLock { packages }, Format::PackageLock { packages: others }) =
            (&mut self.format, other.format)
        {
            packages.extend(others);
        }
    }

    /// Returns the packages that count in one of Cargo's files.
    fn own(&mut self) -> Option<&mut Own> {
        match &mut self.format {
            Format::CargoManifest { own }
            | Format::CargoMember { own }
            | Format::CargoLock { own } => Some(own),
            _ => None,
        }
    }

    fn implied(path: &Path, format: Format) -> Self {
        Self {
            path: environment::shortest(path),
            place: environment::absolute(path).unwrap_or_else(|_| path.to_owned()),
            format,
            implied: true,
        }
    }

    /// Finds the version in the file's text; nothing where the file was implied and holds none of
    /// ours.
    pub fn read<'a>(&self, bytes: &'a [u8]) -> Result<Option<Document<'a>>, Failure> {
        match Document::read(&self.format, bytes) {
            Ok(document) => Ok(Some(document)),
            Err(DocumentError::NoMarker { .. }) if self.implied => Ok(None),
            Err(error) => Err(Failure::in_document(&self.path, &error)),
        }
    }
}

/// Returns the names of the packages whose version moves with a `Cargo.toml`: its own, and where it
/// is a workspace's, the members that inherit from it; and the manifests of all members.
fn own_packages(path: &Path) -> Result<(Own, Vec<PathBuf>), Failure> {
    let manifest = read_manifest(path)?;
    let mut names: BTreeSet<String> = manifest.own_name().map(str::to_owned).into_iter().collect();
    let mut manifests = Vec::new();
    if manifest.has_workspace_version() {
        let root = path.parent().unwrap_or(Path::new(""));
        let members = file::directories(root, manifest.members())?;
        for member in members.iter().filter(|member| !manifest.excludes(member)) {
            let path = root.join(member).join("Cargo.toml");
            if is_there(&path) {
                names.extend(read_manifest(&path)?.inheriting_name().map(str::to_owned));
                manifests.push(path);
            }
        }
    }
    Ok((Own::new(names), manifests))
}

fn read_manifest(path: &Path) -> Result<Manifest, Failure> {
    Manifest::read(&file::read(path)?).map_err(|error| Failure::in_document(path, &error))
}

/// Returns the folder of a file and those above it up to `root`, the nearest first.
fn folders(path: &Path, root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let path = environment::absolute(path)?;
    let within = path
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(root));
    Ok(within.map(Path::to_owned).collect())
}

fn is_there(path: &Path) -> bool {
    file::exists(path).unwrap_or(false)
}
