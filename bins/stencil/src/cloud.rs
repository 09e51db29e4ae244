//! The account's container registry, asked of AWS when a template names it.

use duat_shell::Failure;

/// Returns the host of the account's own registry, such as
/// `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. AWS is asked once in a run.
#[cfg(feature = "aws")]
pub(crate) fn own_registry() -> Result<String, Failure> {
    use std::sync::OnceLock;

    static OWN: OnceLock<Result<String, Failure>> = OnceLock::new();
    OWN.get_or_init(ask).clone()
}

#[cfg(feature = "aws")]
fn ask() -> Result<String, Failure> {
    use duat_ecr::{Aws, EcrError, Settings};
    use duat_shell::Code;

    duat_shell::environment::expect_descriptors()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(Code::Failed, "failed to start asking AWS").caused_by(&error)
        })?;
    let own = runtime.block_on(Aws::new(Settings::default()).own_registry());
    own.map_err(|error| {
        let code = match &error {
            EcrError::Credentials { .. } | EcrError::Denied { .. } | EcrError::Refused { .. } => {
                Code::Denied
            }
            EcrError::Unavailable { .. } => Code::TryAgain,
            _ => Code::Failed,
        };
        let failure = Failure::new(code, error.to_string());
        match error.hint() {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    })
}

/// Says that this program cannot ask.
#[cfg(not(feature = "aws"))]
pub(crate) fn own_registry() -> Result<String, Failure> {
    Err(Failure::new(
        duat_shell::Code::Failed,
        "this `stencil` was built without AWS; give a value of your own with `--set`",
    ))
}
