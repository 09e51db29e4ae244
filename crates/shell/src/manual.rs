//! Completions and the manual page, printed from the same table as `--help`.

use clap::Command;
use clap_complete::Shell;

use crate::answer;
use crate::exit::Code;
use crate::failure::{Failure, Failures};

/// Prints the completions of `command` for `shell`.
pub(crate) fn completions(mut command: Command, shell: Shell) -> Result<Code, Failures> {
    let name = command.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    answer::give(&script, None)?;
    Ok(Code::Done)
}

/// Prints the manual page of `command` and of the commands below it, in roff.
pub(crate) fn page(command: Command) -> Result<Code, Failures> {
    let mut page = Vec::new();
    render(command, &mut page).map_err(|error| {
        Failure::new(Code::Failed, "failed to write the manual page").caused_by(&error)
    })?;
    answer::give(&page, None)?;
    Ok(Code::Done)
}

fn render(mut command: Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    command.build();
    clap_mangen::Man::new(command.clone()).render(page)?;
    for below in command
        .get_subcommands()
        .filter(|below| below.get_name() != "help")
    {
        let manual = clap_mangen::Man::new(below.clone());
        manual.render_name_section(page)?;
        manual.render_synopsis_section(page)?;
        manual.render_options_section(page)?;
    }
    Ok(())
}
