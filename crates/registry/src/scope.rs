//! Scopes: what a token is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::client::Access;
use crate::reference::Repository;

/// A set of scopes: resources, each with what is to be done to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scopes(BTreeMap<String, BTreeSet<String>>);

impl Scopes {
    /// Returns the scopes for doing this with a repository.
    pub(crate) fn of(repository: &Repository, access: Access) -> Self {
        let mut scopes = Self::default();
        let actions: &[&str] = match access {
            Access::Pull => &["pull"],
            Access::Push => &["pull", "push"],
            Access::Delete => &["delete", "pull", "push"],
        };
        scopes.add(&format!("repository:{}", repository.path()), actions);
        scopes
    }

    /// Reads what a registry asks for: `repository:a/b:pull,push repository:c:pull`.
    pub(crate) fn read(text: &str) -> Self {
        let mut scopes = Self::default();
        for scope in text.split_whitespace().take(16) {
            if let Some((resource, actions)) = scope.rsplit_once(':') {
                let actions: Vec<&str> = actions.split(',').collect();
                scopes.add(resource, &actions);
            }
        }
        scopes
    }

    fn add(&mut self, resource: &str, actions: &[&str]) {
        let known = self.0.entry(resource.to_owned()).or_default();
        known.extend(actions.iter().map(|action| (*action).to_owned()));
    }

    /// Adds others.
    pub(crate) fn extend(&mut self, others: &Self) {
        for (resource, actions) in &others.0 {
            let known = self.0.entry(resource.clone()).or_default();
            known.extend(actions.iter().cloned());
        }
    }

    /// Tells whether these allow all that others do.
    pub(crate) fn covers(&self, others: &Self) -> bool {
        let covers = |resource: &String, actions: &BTreeSet<String>| {
            let known = self.0.get(resource);
            known.is_some_and(|known| actions.is_subset(known))
        };
        others
            .0
            .iter()
            .all(|(resource, actions)| covers(resource, actions))
    }

    /// Returns one text for each resource.
    pub(crate) fn texts(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(resource, actions)| {
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            format!("{resource}:{}", actions.join(","))
        })
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.texts().collect();
        f.write_str(&texts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::Scopes;
    use crate::client::Access;

    #[test]
    fn scopes_are_written_as_token_servers_read_them() {
        let app = "localhost:5000/acme/app".parse().unwrap();
        let base = "localhost:5000/acme/base".parse().unwrap();
        let mut scopes = Scopes::of(&app, Access::Push);
        scopes.extend(&Scopes::of(&base, Access::Pull));
        let text = "repository:acme/app:pull,push repository:acme/base:pull";
        assert_eq!(scopes.to_string(), text);
        assert_eq!(Scopes::read(text), scopes);
        assert!(scopes.covers(&Scopes::of(&app, Access::Pull)));
        assert!(scopes.covers(&Scopes::default()));
        assert!(!scopes.covers(&Scopes::of(&base, Access::Push)));
        assert!(!Scopes::default().covers(&scopes));
    }
}
