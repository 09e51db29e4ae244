//! How often ECR answers, as its quotas say for an account and a region. Who asks more often is told
//! so (429) and slows down; who knows does not have to be told.

use duat_registry::transport::Action;

/// Returns how often ECR does this in a second, where its quotas name it.
///
/// What the registry's protocol asks is counted as the operation of ECR's API that it comes to.
pub(crate) fn per_second(action: Action) -> Option<u32> {
    match action {
        // BatchGetImage
        Action::ReadManifest => Some(2000),
        // PutImage
        Action::WriteManifest => Some(10),
        // BatchCheckLayerAvailability
        Action::FindBlob => Some(1000),
        // InitiateLayerUpload, CompleteLayerUpload
        Action::OpenUpload | Action::CloseUpload => Some(100),
        // UploadLayerPart
        Action::SendPart => Some(500),
        _ => None,
    }
}
