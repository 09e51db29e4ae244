//! What a template's problem looks like to a person.

use duat_shell::{Code, Failure, Failures, Talk};
use duat_template::{Diagnostic, Redactor, Severity};

use crate::args;

/// Returns the failures of a run; secrets are hidden in them.
pub(crate) fn failures(diagnostics: Vec<Diagnostic>, secrets: &Redactor) -> Failures {
    of_render(diagnostics, &[], secrets)
}

/// Returns the failures of a render; what comes of a lookup has that one's exit code and way out.
pub(crate) fn of_render(
    diagnostics: Vec<Diagnostic>,
    lookups: &[Failure],
    secrets: &Redactor,
) -> Failures {
    let failures = diagnostics.into_iter().map(|diagnostic| {
        let mut lookups = lookups.iter();
        let lookup = lookups.find(|lookup| diagnostic.message.ends_with(&lookup.in_one_line()));
        let failure = failure(diagnostic, secrets);
        match lookup {
            None => failure,
            Some(lookup) => {
                let hint = failure.way_out().or(lookup.way_out());
                let hint = hint.map(|hint| secrets.redact(hint));
                let failure = failure.with_code(lookup.code());
                match hint {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
        }
    });
    match Failures::of(failures.collect()) {
        Err(failures) => failures,
        Ok(()) => Failure::new(Code::Failed, "failed to render, and nobody says why").into(),
    }
}

/// Returns one failure.
pub(crate) fn failure(diagnostic: Diagnostic, secrets: &Redactor) -> Failure {
    let mut diagnostic = diagnostic.map_text(|text| secrets.redact(text));
    let hint = diagnostic.hint.take();
    diagnostic.severity = Severity::Error;
    let text = diagnostic.to_string();
    let failure = Failure::of_lines(Code::Failed, text.strip_prefix("error: ").unwrap_or(&text));
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// Says the warnings of a run, or makes failures of them.
pub(crate) fn warn(
    warnings: Vec<Diagnostic>,
    args: args::Warnings,
    secrets: &Redactor,
    talk: Talk,
) -> Result<(), Failures> {
    if args.error_warnings {
        return Failures::of(
            warnings
                .into_iter()
                .map(|warning| failure(warning, secrets))
                .collect(),
        );
    }
    if !args.suppress_warnings {
        for warning in warnings {
            let text = warning.map_text(|text| secrets.redact(text)).to_string();
            talk.warn_of_lines(text.strip_prefix("warning: ").unwrap_or(&text));
        }
    }
    Ok(())
}
