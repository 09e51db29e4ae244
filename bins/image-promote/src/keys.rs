//! Who we are to each registry: files and helpers as docker and podman keep them, and for AWS's
//! registries whoever AWS's own tools would be.

use std::path::PathBuf;

use duat_ecr::{Aws, Creation, Host, Made, Settings, Untagged};
use duat_registry::credential::{Ask, AuthFiles, Found, Keychain, KeychainError};
use duat_registry::reference::{Registry, Tag};
use duat_registry::transport::{Action, Limits};
use duat_shell::{Code, Failure, environment};
use futures_util::future::BoxFuture;

use crate::args;
use crate::border;

/// Credentials of a file where one was named; then AWS's for its own registries; then the usual
/// files'.
pub(crate) struct Keys {
    named: Option<AuthFiles>,
    usual: AuthFiles,
    aws: Aws,
}

impl Keys {
    /// Prepares to look for credentials. `authorities` are to be trusted when AWS is spoken to.
    pub(crate) fn new(args: &args::Network, authorities: &[Vec<u8>]) -> Self {
        let settings = |profile: Option<&str>| Settings {
            profile: profile.map(str::to_owned),
            region: args.region.clone(),
            authorities: authorities.to_vec(),
        };
        let mut everywhere = None;
        let mut special = Vec::new();
        for text in &args.profile {
            match text.split_once('=') {
                Some((host, name)) => special.push((host.trim().to_ascii_lowercase(), name.trim())),
                None => everywhere = Some(text.trim()),
            }
        }
        let aws = special
            .into_iter()
            .fold(Aws::new(settings(everywhere)), |aws, (host, name)| {
                aws.with(host, settings(Some(name)))
            });
        let helpers = environment::paths("PATH");
        let named = args.authfile.clone();
        Self {
            named: named.map(|file| AuthFiles::new(vec![file], helpers.clone())),
            usual: AuthFiles::new(usual_files(), helpers),
            aws,
        }
    }

    /// Tells whether repositories of a registry have to be made before the first push.
    pub(crate) fn makes_repositories(&self, registry: &Registry) -> bool {
        self.aws.is_private(&registry.to_string())
    }

    /// Asks AWS for the account's own registry.
    pub(crate) async fn own_registry(&self) -> Result<Registry, Failure> {
        let own = self.aws.own_registry().await;
        let own = own.map_err(|error| border::aws_failure(&error))?;
        own.parse()
            .map_err(|error: duat_registry::reference::ReferenceError| {
                Failure::new(
                    Code::Failed,
                    format!("failed to use `{own}`, which AWS names as the account's registry"),
                )
                .caused_by(&error)
            })
    }

    /// Makes sure that a push finds its repository.
    pub(crate) async fn make_repository(
        &self,
        registry: &Registry,
        name: &str,
        creation: &Creation,
    ) -> Result<Made, Failure> {
        self.aws
            .make_repository(&registry.to_string(), name, creation)
            .await
            .map_err(|error| border::aws_failure(&error))
    }

    /// Deletes a tag, but not the last of an image.
    pub(crate) async fn delete_tag(
        &self,
        registry: &Registry,
        name: &str,
        tag: &Tag,
    ) -> Result<(), Failure> {
        let host = registry.to_string();
        let deleted = self.aws.delete_tag(&host, name, tag.as_str()).await;
        match deleted.map_err(|error| border::aws_failure(&error))? {
            Untagged::Deleted | Untagged::Absent => Ok(()),
            Untagged::Only => Err(Failure::new(
                Code::Refused,
                format!(
                    "refused to delete `{registry}/{name}:{tag}`: it is the only tag of its image, and ECR would delete the image with it"
                ),
            )
            .hint(format!(
                "`aws ecr batch-delete-image --repository-name {name} --image-ids imageTag={tag}` deletes both."
            ))),
        }
    }

    async fn look(&self, ask: Ask<'_>) -> Result<Option<Found>, KeychainError> {
        if let Some(named) = &self.named
            && let Some(found) = named.find(ask).await?
        {
            return Ok(Some(found));
        }
        let error = match self.aws.find(ask).await {
            Ok(Some(found)) => return Ok(Some(found)),
            Ok(None) => return self.usual.find(ask).await,
            Err(error) => error,
        };
        // whoever has logged in by hand needs nothing of AWS, and may pull from ECR Public anyhow
        match self.usual.find(ask).await? {
            Some(found) => Ok(Some(found)),
            None if Host::parse(&ask.registry.to_string()) == Some(Host::Public) => Ok(None),
            None => Err(error),
        }
    }
}

impl Limits for Keys {
    fn per_second(&self, registry: &Registry, action: Action) -> Option<u32> {
        self.aws.per_second(registry, action)
    }
}

impl Keychain for Keys {
    fn find<'a>(&'a self, ask: Ask<'a>) -> BoxFuture<'a, Result<Option<Found>, KeychainError>> {
        Box::pin(self.look(ask))
    }
}

/// Returns the files that docker and podman keep; the first that knows a registry is heard.
fn usual_files() -> Vec<PathBuf> {
    let home = environment::path("HOME").or_else(|| environment::path("USERPROFILE"));
    let below_home = |folder: &str| Some(home.as_ref()?.join(folder));
    let docker = environment::path("DOCKER_CONFIG").or_else(|| below_home(".docker"));
    let running = environment::path("XDG_RUNTIME_DIR");
    let configured = environment::path("XDG_CONFIG_HOME").or_else(|| below_home(".config"));
    let containers = running.into_iter().chain(configured);
    environment::path("REGISTRY_AUTH_FILE")
        .into_iter()
        .chain(docker.map(|folder| folder.join("config.json")))
        .chain(containers.map(|folder| folder.join("containers/auth.json")))
        .collect()
}
