//! What a template's problem looks like to a person.

use duat_shell::{Code, Failure, Failures, Talk};
use duat_template::{Diagnostic, Redactor, Severity};

use crate::args;

/// Returns the failures of a run; secrets are hidden in them.
pub(crate) fn failures(diagnostics: Vec<Diagnostic>, secrets: &Redactor) -> Failures {
    let failures = diagnostics
        .into_iter()
        .map(|diagnostic| failure(diagnostic, secrets))
        .collect();
    match Failures::of(failures) {
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
