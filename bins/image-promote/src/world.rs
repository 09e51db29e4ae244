//! The registries as this run reaches them: as whom, with which certificates, and what it may do.

use std::sync::Arc;

use duat_ecr::{Creation, Encryption, Made, Mutability};
use duat_registry::archive::Archive;
use duat_registry::client::{Access, Client};
use duat_registry::layout::Layout;
use duat_registry::place::Place;
use duat_registry::reference::Tag;
use duat_registry::transport::{Counts, Transport, install_tls_provider};
use duat_shell::{Code, Failure, Failures, Talk, environment, input};

use crate::args;
use crate::home::{Address, Home};
use crate::job::Job;
use crate::keys::Keys;
use crate::network;
use crate::survey::Ends;

/// The predecessor's name for where releases go.
const RELEASE_REPO: &str = "RELEASE_REPO";

/// The registries of one run.
pub(crate) struct World {
    client: Client,
    keys: Arc<Keys>,
    talk: Talk,
}

impl World {
    /// Prepares to reach registries. Nothing is sent yet.
    pub(crate) fn open(args: &args::Network, talk: Talk) -> Result<Self, Failures> {
        install_tls_provider();
        let mut settings = network::settings(args, talk)?;
        let keys = Arc::new(Keys::new(args, &settings.certificates));
        settings.limits = Some(keys.clone());
        let transport =
            Transport::new(settings).map_err(|error| network::unusable(&error, args))?;
        Ok(Self {
            client: Client::new(transport, keys.clone()),
            keys,
            talk,
        })
    }

    /// Returns the two places of every image.
    pub(crate) async fn ends(
        &self,
        job: &Job,
        places: &args::Places,
    ) -> Result<Vec<Ends>, Failures> {
        let home = self
            .release_home(job, places.release_repo.as_deref())
            .await?;
        let from = match &places.from {
            Some(text) => read_home("--from", text)?,
            None => home.clone(),
        };
        self.talk
            .explain(format_args!("the release goes to `{home}`"));
        self.talk
            .explain(format_args!("the tested image is looked for in `{from}`"));
        let several = job.images.len() > 1;
        let mut ends = Vec::new();
        let mut failures = Vec::new();
        for image in &job.images {
            let both = from
                .of(image, several)
                .and_then(|from| Ok((from, home.of(image, several)?)));
            match both {
                Ok((from, to)) => {
                    // one place by whatever name
                    let is_one = from.absolute()? == to.absolute()?;
                    let from = if is_one { to.clone() } else { from };
                    let (source, target) = self.pair(&from, &to);
                    ends.push(Ends {
                        image: image.clone(),
                        is_ecr: self.makes_repositories(&to),
                        from,
                        to,
                        source,
                        target,
                    });
                }
                Err(failure) => failures.push(failure),
            }
        }
        Failures::of(failures)?;
        Ok(ends)
    }

    /// Returns where the release goes: as typed, as the environment or duat.toml says, or the
    /// account's own registry.
    async fn release_home(&self, job: &Job, given: Option<&str>) -> Result<Home, Failure> {
        let from_environment = || environment::text(RELEASE_REPO);
        if let Some(text) = given {
            return read_home("--release-repo", text);
        }
        if let Some(text) = from_environment() {
            return read_home(RELEASE_REPO, &text);
        }
        if let Some(text) = &job.project.config().image.registry {
            let home = read_home("registry in duat.toml", text)?;
            if let Home::Layout(path) | Home::OciArchive(path) | Home::DockerArchive(path) = &home {
                let why = "`duat.toml` says so, but it leads out of the repository";
                job.project.stays(path, why)?;
            }
            return Ok(home);
        }
        self.talk
            .explain("no registry is named: it is the AWS account's own");
        Ok(Home::Registry {
            registry: self.keys.own_registry().await?,
            prefix: String::new(),
        })
    }

    fn makes_repositories(&self, address: &Address) -> bool {
        match address {
            Address::Repository(repository) => self.keys.makes_repositories(repository.registry()),
            Address::Layout(_) | Address::OciArchive(_) | Address::DockerArchive(_) => false,
        }
    }

    /// Makes sure that a push finds its repository.
    pub(crate) async fn make_repository(
        &self,
        address: &Address,
        creation: Option<&Creation>,
    ) -> Result<(), Failure> {
        let Address::Repository(repository) = address else {
            return Ok(());
        };
        let Some(creation) = creation else {
            self.talk.explain(format_args!(
                "`{repository}` is left to be made by the push"
            ));
            return Ok(());
        };
        let made = self
            .keys
            .make_repository(repository.registry(), repository.path(), creation)
            .await?;
        match made {
            Made::Created => self.talk.say(format_args!("`{repository}` was made")),
            Made::ByPush => self
                .talk
                .explain(format_args!("`{repository}` is made by the push")),
            Made::Found => {}
        }
        Ok(())
    }

    /// Deletes a tag where the registry's protocol cannot delete one alone; nothing where it can.
    pub(crate) async fn delete_tag(
        &self,
        address: &Address,
        tag: &Tag,
    ) -> Option<Result<(), Failure>> {
        let Address::Repository(repository) = address else {
            return None;
        };
        let registry = repository.registry();
        if !self.keys.makes_repositories(registry) {
            return None;
        }
        Some(self.keys.delete_tag(registry, repository.path(), tag).await)
    }

    /// Returns the places of two addresses: one place where they are the same.
    fn pair(&self, from: &Address, to: &Address) -> (Place, Place) {
        if from == to {
            let place = self.place(to, Access::Push);
            return (place.clone(), place);
        }
        let source = self.place(from, Access::Pull);
        let target = match (from, to) {
            (Address::Repository(from), Address::Repository(to))
                if from.registry() == to.registry() =>
            {
                let remote = self.client.remote(to, Access::Push);
                Place::Remote(remote.mounting_from([from]))
            }
            _ => self.place(to, Access::Push),
        };
        (source, target)
    }

    /// Returns a place whose tags can be deleted.
    pub(crate) fn deletable(&self, address: &Address) -> Place {
        self.place(address, Access::Delete)
    }

    fn place(&self, address: &Address, access: Access) -> Place {
        match address {
            Address::Repository(repository) => {
                Place::Remote(self.client.remote(repository, access))
            }
            Address::Layout(path) => Place::Layout(Layout::new(path)),
            Address::OciArchive(path) | Address::DockerArchive(path) => {
                Place::Archive(Archive::new(path))
            }
        }
    }

    /// Gives up the uploads that nobody will end.
    pub(crate) async fn cancel_uploads(&self) {
        for error in self.client.cancel_uploads().await {
            self.talk
                .explain(format_args!("an upload could not be given up: {error}"));
        }
    }

    pub(crate) fn counts(&self) -> Counts {
        self.client.counts()
    }

    /// Says what registries warned of, and with -v where credentials came from.
    pub(crate) fn report(&self) {
        for (registry, origin) in self.client.origins() {
            self.talk
                .explain(format_args!("credentials of `{registry}`: {origin}"));
        }
        for warning in self.client.warnings() {
            self.talk.warn(format_args!("the registry says: {warning}"));
        }
    }
}

/// Reads where images live.
fn read_home(what: &str, text: &str) -> Result<Home, Failure> {
    text.parse()
        .map_err(|error: duat_registry::reference::ReferenceError| {
            Failure::new(Code::Usage, format!("failed to read `{text}` as a place ({what})"))
                .caused_by(&error)
                .hint("a place is `REGISTRY[/PREFIX]`, `oci:DIR`, `oci-archive:FILE` or `docker-archive:FILE`.")
        })
}

/// Returns how a missing repository is made; nothing where none is.
pub(crate) fn creation(args: &args::Repositories) -> Result<Option<Creation>, Failure> {
    let tags = args.repository_tag.iter().map(|text| {
        let (name, value) = text.split_once('=').ok_or_else(|| {
            Failure::new(
                Code::Usage,
                format!("failed to read `{text}` as NAME=VALUE"),
            )
        })?;
        Ok((name.to_owned(), value.to_owned()))
    });
    let policy = args.lifecycle_policy.as_ref().map(|path| {
        String::from_utf8(input::read(path)?).map_err(|error| {
            Failure::new(
                Code::Failed,
                format!("failed to read `{}`: it is not UTF-8", path.display()),
            )
            .caused_by(&error)
        })
    });
    let creation = Creation {
        mutability: if args.immutable {
            Mutability::Immutable {
                except: args.immutable_except.clone(),
            }
        } else {
            Mutability::Mutable
        },
        scan_on_push: args.scan_on_push,
        encryption: match &args.kms_key {
            Some(key) => Encryption::Kms(Some(key.clone())),
            None => Encryption::Aes256,
        },
        lifecycle_policy: policy.transpose()?,
        tags: tags.collect::<Result<_, Failure>>()?,
    };
    Ok((!args.no_create).then_some(creation))
}
