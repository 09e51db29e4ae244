mod branches;
mod formats;
mod histories;
mod places;
mod remotes;
mod sandbox;
mod tags;

use sandbox::Sandbox;

use super::*;

fn open(path: impl Into<PathBuf>) -> Repository {
    Repository::discover(&Location::new(path)).unwrap()
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
