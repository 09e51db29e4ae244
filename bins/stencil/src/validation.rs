//! Whether values fit their schema, and output its format.

use std::path::Path;

use duat_shell::Failures;
use duat_template::read::Syntax;
use duat_template::schema::Schema;
use duat_template::validate::{self, Format};
use duat_template::{Rendered, Source};

use crate::args;
use crate::job::Stream;
use crate::report;
use crate::values::{Supply, read_text};

/// Reports every value that does not fit the schema of a file, at its own place.
pub(crate) fn check_schema(path: &Path, supply: &Supply) -> Result<(), Failures> {
    let name = path.to_string_lossy();
    let source = Source::new(name.as_ref(), read_text(path)?);
    let schema = Schema::read(&source, Syntax::of(&name))
        .map_err(|problem| report::failures(vec![problem], &supply.secrets))?;
    let violations = schema.check(&supply.node, &supply.sources);
    if violations.is_empty() {
        Ok(())
    } else {
        Err(report::failures(violations, &supply.secrets))
    }
}

/// Reports what is wrong with an output, at the line of the template that made it.
pub(crate) fn check_output(
    args: &args::Render,
    output: &Stream,
    rendered: &Rendered,
    supply: &Supply,
) -> Result<(), Failures> {
    let name = output.to_string();
    let format = match args.run.validate {
        None => None,
        Some(args::Format::Auto) => Format::of(&name),
        Some(args::Format::Yaml) => Some(Format::Yaml),
        Some(args::Format::Json) => Some(Format::Json),
        Some(args::Format::Toml) => Some(Format::Toml),
        Some(args::Format::Dockerfile) => Some(Format::Dockerfile),
    };
    let Some(format) = format else {
        return Ok(());
    };
    let source = Source::new(name, rendered.text.as_str());
    let problems = validate::check(&source, format, rendered.map.as_ref());
    if problems.is_empty() {
        Ok(())
    } else {
        Err(report::failures(problems, &supply.secrets))
    }
}
