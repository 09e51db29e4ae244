//! Tags, of which ECR deletes one alone only through its own API.

use aws_sdk_ecr::error::ProvideErrorMetadata;
use aws_sdk_ecr::types::{ImageDetail, ImageFailureCode, ImageIdentifier};

use crate::account::Account;
use crate::error::{Action, EcrError};

/// What became of a tag that was to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untagged {
    /// It is gone, and the image stays.
    Deleted,
    /// It was not there.
    Absent,
    /// It stays: it is the image's only tag, and ECR would delete the image with it.
    Only,
}

impl Account {
    /// Deletes a tag, and never the image: one whose only tag it is keeps it.
    ///
    /// # Errors
    ///
    /// When AWS cannot be asked or refuses.
    pub async fn delete_tag(
        &self,
        registry_id: Option<&str>,
        repository: &str,
        tag: &str,
    ) -> Result<Untagged, EcrError> {
        let wanted = ImageIdentifier::builder().image_tag(tag).build();
        let answer = self
            .ecr
            .describe_images()
            .set_registry_id(registry_id.map(str::to_owned))
            .repository_name(repository)
            .image_ids(wanted.clone())
            .send()
            .await;
        let described = match answer {
            Ok(described) => described,
            Err(error) if is_absence(error.code()) => return Ok(Untagged::Absent),
            Err(error) => return Err(EcrError::of(Action::DescribeImages, &error)),
        };
        let images = described.image_details();
        let mut tags = images.iter().flat_map(ImageDetail::image_tags);
        if !tags.any(|other| other != tag) {
            return Ok(Untagged::Only);
        }
        let action = Action::BatchDeleteImage;
        let answer = self
            .ecr
            .batch_delete_image()
            .set_registry_id(registry_id.map(str::to_owned))
            .repository_name(repository)
            .image_ids(wanted)
            .send()
            .await;
        let answer = answer.map_err(|error| EcrError::of(action, &error))?;
        match answer.failures().first() {
            None => Ok(Untagged::Deleted),
            Some(failure) if failure.failure_code() == Some(&ImageFailureCode::ImageNotFound) => {
                Ok(Untagged::Absent)
            }
            Some(failure) => Err(EcrError::refused(
                action,
                failure.failure_code().map_or("", |code| code.as_str()),
                failure.failure_reason().unwrap_or_default(),
            )),
        }
    }
}

fn is_absence(code: Option<&str>) -> bool {
    matches!(
        code,
        Some("ImageNotFoundException" | "RepositoryNotFoundException")
    )
}
