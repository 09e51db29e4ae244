//! Lines of a text: what stands before them, how long they are, how the last one ends.

use super::Outcome;
use crate::function::{Arguments, Context};

pub(super) fn indented(arguments: &Arguments, context: &Context, newline: bool) -> Outcome {
    let text = arguments.text(0)?;
    let prefix = if arguments.has(2) {
        arguments.text(2)?
    } else {
        let width = arguments.count(1)?;
        context.room(width)?;
        " ".repeat(width)
    };
    let lines = text.matches('\n').count() + 1;
    context.room(
        text.len()
            .saturating_add(lines.saturating_mul(prefix.len())),
    )?;
    let first = arguments.flag(3)? || newline;
    let blank = arguments.flag(4)?;
    let mut moved = String::with_capacity(text.len());
    if newline {
        moved.push('\n');
    }
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let empty = line.trim_end_matches(['\n', '\r']).is_empty();
        if (index > 0 || first) && (!empty || blank) {
            moved.push_str(&prefix);
        }
        moved.push_str(line);
    }
    if arguments.flag(5)? && (text.is_empty() && first || text.ends_with('\n')) {
        moved.push_str(&prefix);
    }
    Ok(moved.into())
}

pub(super) fn dedent(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    let filled = text.lines().filter(|line| !line.trim().is_empty());
    let common = filled
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len())
        .min();
    let common = common.unwrap_or_default();
    let lines = text.split_inclusive('\n').map(|line| {
        let blanks = line.len() - line.trim_start_matches([' ', '\t']).len();
        line.get(common.min(blanks)..).unwrap_or_default()
    });
    Ok(lines.collect::<String>().into())
}

pub(super) fn wrap(arguments: &Arguments, _: &Context) -> Outcome {
    let (text, width) = (arguments.text(0)?, arguments.count(1)?);
    let mut wrapped = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            wrapped.push('\n');
        }
        let mut length = 0;
        for word in line.split(' ') {
            let characters = word.chars().count();
            if length > 0 && length + 1 + characters > width {
                wrapped.push('\n');
                length = 0;
            } else if length > 0 {
                wrapped.push(' ');
                length += 1;
            }
            wrapped.push_str(word);
            length += characters;
        }
    }
    Ok(wrapped.into())
}

pub(super) fn ensure_newline(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    Ok(if text.ends_with('\n') {
        text.into()
    } else {
        (text + "\n").into()
    })
}

pub(super) fn comment(arguments: &Arguments, context: &Context) -> Outcome {
    let (text, prefix) = (arguments.text(0)?, arguments.text(1)?);
    let lines = text.matches('\n').count() + 1;
    context.room(
        text.len()
            .saturating_add(lines.saturating_mul(prefix.len())),
    )?;
    Ok(text
        .split_inclusive('\n')
        .map(|line| format!("{prefix}{line}"))
        .collect::<String>()
        .into())
}
