//! What opens AWS's registries, asked of AWS when it is needed, and again when it has expired.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use duat_registry::Registry;
use duat_registry::credential::{Ask, Credential, Found, Keychain, KeychainError, Secret};
use duat_registry::transport::{Action, Limits};

use crate::account::{Account, Settings};
use crate::authorization::Authorization;
use crate::error::EcrError;
use crate::host::Host;
use crate::rate;
use crate::repository::{Creation, Made};
use crate::tag::Untagged;

/// AWS, as far as images are concerned: knows the passwords of its registries, and their
/// repositories. Nothing is asked of AWS, and none of its configuration is read, before one of its
/// registries is named.
#[derive(Default)]
pub struct Aws {
    settings: Settings,
    /// What differs for one registry: another profile, mostly.
    special: BTreeMap<String, Settings>,
    /// The registry AWS named as the account's own, with its port.
    own: Mutex<Option<String>>,
    accounts: Mutex<BTreeMap<String, Account>>,
    known: Mutex<BTreeMap<String, Authorization>>,
}

impl Aws {
    /// Returns AWS as seen with these settings.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            ..Self::default()
        }
    }

    /// Uses other settings for one registry, named by its host.
    #[must_use]
    pub fn with(mut self, host: impl Into<String>, settings: Settings) -> Self {
        self.special.insert(host.into(), settings);
        self
    }

    /// Asks which registry is the account's own: its host, with a port where it has one. From then
    /// on that host counts as AWS's, whatever it is called.
    ///
    /// # Errors
    ///
    /// When there is no region or there are no credentials, or AWS refuses.
    pub async fn own_registry(&self) -> Result<String, EcrError> {
        if let Some(own) = lock(&self.own).clone() {
            return Ok(own);
        }
        let account = Account::open(&self.settings).await?;
        let authorization = account.authorize().await?;
        let own = authorization.registry().ok_or(EcrError::Answer {
            action: crate::Action::GetAuthorizationToken,
            what: "registry",
        })?;
        let own = own.to_owned();
        lock(&self.own).replace(own.clone());
        lock(&self.accounts).insert(own.clone(), account);
        lock(&self.known).insert(own.clone(), authorization);
        Ok(own)
    }

    /// Tells whether a registry, named by host and port, is AWS's and wants its repositories made.
    pub fn is_private(&self, registry: &str) -> bool {
        Host::parse(registry).map_or_else(
            || lock(&self.own).as_deref() == Some(registry),
            |host| !host.is_public(),
        )
    }

    /// Makes sure that a push finds the repository `name` of a registry of AWS; see
    /// [`Account::make_repository`].
    ///
    /// # Errors
    ///
    /// When AWS cannot be asked or refuses.
    pub async fn make_repository(
        &self,
        registry: &str,
        name: &str,
        creation: &Creation,
    ) -> Result<Made, EcrError> {
        let host = Host::parse(registry);
        let account = self.account(registry, host.as_ref()).await?;
        let id = host.as_ref().and_then(Host::account);
        account.make_repository(id, name, creation).await
    }

    /// Deletes a tag in a registry of AWS; see [`Account::delete_tag`].
    ///
    /// # Errors
    ///
    /// When AWS cannot be asked or refuses.
    pub async fn delete_tag(
        &self,
        registry: &str,
        name: &str,
        tag: &str,
    ) -> Result<Untagged, EcrError> {
        let host = Host::parse(registry);
        let account = self.account(registry, host.as_ref()).await?;
        let id = host.as_ref().and_then(Host::account);
        account.delete_tag(id, name, tag).await
    }

    /// Returns what opens a registry; nothing when it is not AWS's.
    async fn authorization(
        &self,
        registry: &str,
        again: bool,
    ) -> Result<Option<Authorization>, EcrError> {
        let host = Host::parse(registry);
        if host.is_none() && lock(&self.own).as_deref() != Some(registry) {
            return Ok(None);
        }
        let known = lock(&self.known).get(registry).cloned();
        if let Some(known) = known.filter(|_| !again) {
            return Ok(Some(known));
        }
        if again {
            // credentials that expired are not asked with again
            lock(&self.accounts).remove(registry);
        }
        let account = self.account(registry, host.as_ref()).await?;
        let authorization = if host.as_ref().is_some_and(Host::is_public) {
            account.authorize_public().await?
        } else {
            account.authorize().await?
        };
        lock(&self.known).insert(registry.to_owned(), authorization.clone());
        Ok(Some(authorization))
    }

    async fn account(&self, registry: &str, host: Option<&Host>) -> Result<Account, EcrError> {
        if let Some(account) = lock(&self.accounts).get(registry) {
            return Ok(account.clone());
        }
        let settings = self.special.get(registry).unwrap_or(&self.settings);
        let account = match host {
            Some(host) => Account::open_for(host, settings).await?,
            None => Account::open(settings).await?,
        };
        lock(&self.accounts).insert(registry.to_owned(), account.clone());
        Ok(account)
    }

    fn origin(&self, registry: &str) -> String {
        let settings = self.special.get(registry).unwrap_or(&self.settings);
        match &settings.profile {
            Some(profile) => format!("AWS, profile `{profile}`"),
            None => "AWS".to_owned(),
        }
    }
}

impl Keychain for Aws {
    fn find<'a>(
        &'a self,
        ask: Ask<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Found>, KeychainError>> + Send + 'a>> {
        Box::pin(async move {
            let registry = ask.registry.to_string();
            let found = self.authorization(&registry, ask.again).await;
            let authorization = found.map_err(|error| KeychainError {
                reason: format!("AWS gave nothing that opens `{registry}`"),
                hint: error.hint(),
                source: Some(Box::new(error)),
            })?;
            Ok(authorization.map(|authorization| Found {
                credential: Credential::Basic {
                    username: authorization.user,
                    password: Secret::new(authorization.password),
                    // ECR Public has a token server, and asks for what it wants
                    at_once: Host::parse(&registry) != Some(Host::Public),
                },
                origin: self.origin(&registry),
            }))
        })
    }
}

impl Limits for Aws {
    fn per_second(&self, registry: &Registry, action: Action) -> Option<u32> {
        let is_private = self.is_private(&registry.to_string());
        is_private.then(|| rate::per_second(action)).flatten()
    }
}

/// Without passwords.
impl fmt::Debug for Aws {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Aws")
            .field("settings", &self.settings)
            .field("special", &self.special)
            .finish_non_exhaustive()
    }
}

/// Nobody panics while holding one of these; what is in them is whole at any time.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
