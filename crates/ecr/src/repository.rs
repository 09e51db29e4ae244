//! Repositories, which ECR wants to exist before the first push.

use aws_sdk_ecr::error::ProvideErrorMetadata;
use aws_sdk_ecr::types::{
    EncryptionConfiguration, EncryptionType, ImageScanningConfiguration, ImageTagMutability,
    ImageTagMutabilityExclusionFilter, ImageTagMutabilityExclusionFilterType, RctAppliedFor, Tag,
};

use crate::account::Account;
use crate::error::{Action, EcrError};

/// The prefix of a template for every repository.
const EVERY: &str = "ROOT";

/// How a missing repository is made. The default is AWS's own: mutable tags, no scanning, AES-256.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Creation {
    /// Whether tags can be moved.
    pub mutability: Mutability,
    /// Whether each push is scanned.
    pub scan_on_push: bool,
    /// How layers are encrypted.
    pub encryption: Encryption,
    /// A lifecycle policy, as JSON.
    pub lifecycle_policy: Option<String>,
    /// Resource tags: keys and values.
    pub tags: Vec<(String, String)>,
}

/// Whether the tags of a repository can be moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mutability {
    /// All of them.
    #[default]
    Mutable,
    /// None but those that match a pattern, such as `sha256-*` or `latest`.
    Immutable {
        /// Up to five patterns with `*`.
        except: Vec<String>,
    },
}

/// How the layers of a repository are encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// With keys of Amazon S3.
    #[default]
    Aes256,
    /// With a key of the key management service: its ARN, or AWS's own.
    Kms(Option<String>),
}

/// How a repository came to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It was there.
    Found,
    /// It was made.
    Created,
    /// The first push makes it, by a template of the account.
    ByPush,
}

impl Account {
    /// Tells whether a repository of the private registry `registry_id` (an account's digits)
    /// exists.
    ///
    /// # Errors
    ///
    /// When AWS cannot be asked or refuses.
    pub async fn has_repository(
        &self,
        registry_id: Option<&str>,
        name: &str,
    ) -> Result<bool, EcrError> {
        let answer = self
            .ecr
            .describe_repositories()
            .set_registry_id(registry_id.map(str::to_owned))
            .repository_names(name)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(true),
            Err(error) if error.code() == Some("RepositoryNotFoundException") => Ok(false),
            Err(error) => Err(EcrError::of(Action::DescribeRepositories, &error)),
        }
    }

    /// Makes sure that a push to `name` finds its repository: leaves it to a template of the
    /// account that makes repositories on push, or makes it as `creation` says. Losing a race
    /// against another is success.
    ///
    /// # Errors
    ///
    /// When AWS cannot be asked or refuses; [`EcrError::HalfMade`] when the repository is there,
    /// but its policy is not.
    pub async fn make_repository(
        &self,
        registry_id: Option<&str>,
        name: &str,
        creation: &Creation,
    ) -> Result<Made, EcrError> {
        if self.is_made_by_push(name).await {
            return Ok(Made::ByPush);
        }
        let (mutability, except) = mutability(&creation.mutability)?;
        let answer = self
            .ecr
            .create_repository()
            .set_registry_id(registry_id.map(str::to_owned))
            .repository_name(name)
            .image_tag_mutability(mutability)
            .set_image_tag_mutability_exclusion_filters(except)
            .image_scanning_configuration(
                ImageScanningConfiguration::builder()
                    .scan_on_push(creation.scan_on_push)
                    .build(),
            )
            .encryption_configuration(encryption(&creation.encryption)?)
            .set_tags(tags(&creation.tags)?)
            .send()
            .await;
        match answer {
            Ok(_) => {}
            Err(error) if error.code() == Some("RepositoryAlreadyExistsException") => {
                return Ok(Made::Found);
            }
            Err(error) => return Err(EcrError::of(Action::CreateRepository, &error)),
        }
        if let Some(policy) = &creation.lifecycle_policy {
            self.put_policy(registry_id, name, policy)
                .await
                .map_err(|cause| EcrError::HalfMade {
                    repository: name.to_owned(),
                    cause: Box::new(cause),
                })?;
        }
        Ok(Made::Created)
    }

    async fn put_policy(
        &self,
        registry_id: Option<&str>,
        name: &str,
        policy: &str,
    ) -> Result<(), EcrError> {
        let answer = self
            .ecr
            .put_lifecycle_policy()
            .set_registry_id(registry_id.map(str::to_owned))
            .repository_name(name)
            .lifecycle_policy_text(policy)
            .send()
            .await;
        match answer {
            Ok(_) => Ok(()),
            Err(error) => Err(EcrError::of(Action::PutLifecyclePolicy, &error)),
        }
    }

    /// Tells whether the first push to `name` makes its repository. Who may not ask is told no: then
    /// it is made by hand, which is always right.
    async fn is_made_by_push(&self, name: &str) -> bool {
        let answer = self
            .ecr
            .describe_repository_creation_templates()
            .send()
            .await;
        let Ok(answer) = answer else { return false };
        let templates = answer.repository_creation_templates();
        // the template with the longest fitting prefix counts, whatever it is for
        let fitting = templates.iter().filter_map(|template| {
            let prefix = template.prefix()?;
            let depth = match prefix {
                EVERY => 0,
                prefix => name
                    .strip_prefix(prefix)
                    .filter(|rest| {
                        rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/')
                    })
                    .map(|_| prefix.len())?,
            };
            Some((depth, template))
        });
        fitting
            .max_by_key(|(depth, _)| *depth)
            .is_some_and(|(_, template)| {
                template
                    .applied_for()
                    .contains(&RctAppliedFor::CreateOnPush)
            })
    }
}

type Filters = Option<Vec<ImageTagMutabilityExclusionFilter>>;

fn mutability(mutability: &Mutability) -> Result<(ImageTagMutability, Filters), EcrError> {
    let except = match mutability {
        Mutability::Mutable => return Ok((ImageTagMutability::Mutable, None)),
        Mutability::Immutable { except } => except,
    };
    if except.is_empty() {
        return Ok((ImageTagMutability::Immutable, None));
    }
    let filters = except.iter().map(|pattern| {
        ImageTagMutabilityExclusionFilter::builder()
            .filter_type(ImageTagMutabilityExclusionFilterType::Wildcard)
            .filter(pattern)
            .build()
    });
    let filters = filters.collect::<Result<_, _>>().map_err(incomplete)?;
    Ok((ImageTagMutability::ImmutableWithExclusion, Some(filters)))
}

fn encryption(encryption: &Encryption) -> Result<EncryptionConfiguration, EcrError> {
    let builder = EncryptionConfiguration::builder();
    let builder = match encryption {
        Encryption::Aes256 => builder.encryption_type(EncryptionType::Aes256),
        Encryption::Kms(key) => builder
            .encryption_type(EncryptionType::Kms)
            .set_kms_key(key.clone()),
    };
    builder.build().map_err(incomplete)
}

fn tags(tags: &[(String, String)]) -> Result<Option<Vec<Tag>>, EcrError> {
    if tags.is_empty() {
        return Ok(None);
    }
    let tags = tags
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build());
    tags.collect::<Result<_, _>>().map(Some).map_err(incomplete)
}

/// The SDK refuses a request it was given all parts of: said, not hidden.
fn incomplete(error: impl std::fmt::Display) -> EcrError {
    EcrError::Failed {
        action: Action::CreateRepository,
        code: "BuildError".to_owned(),
        message: error.to_string(),
    }
}
