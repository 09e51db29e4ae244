//! Whether values fit their schema, and output its format.

use duat_shell::Failures;
use duat_template::Rendered;

use crate::args;
use crate::job::Stream;
use crate::values::Supply;

pub(crate) fn check_schema(_args: &args::Render, _supply: &Supply) -> Result<(), Failures> {
    Ok(())
}

pub(crate) fn check_output(
    _args: &args::Render,
    _output: &Stream,
    _rendered: &Rendered,
    _supply: &Supply,
) -> Result<(), Failures> {
    Ok(())
}
