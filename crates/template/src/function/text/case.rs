//! Words of a text, and how they are spelled: capitals, hyphens, first letters.

use super::Outcome;
use crate::function::{Arguments, Context};

pub(super) fn title(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(by_word(&arguments.text(0)?, |first| first.to_uppercase().collect()).into())
}

pub(super) fn untitle(arguments: &Arguments, _: &Context) -> Outcome {
    Ok(by_word(&arguments.text(0)?, |first| first.to_lowercase().collect()).into())
}

fn by_word(text: &str, change: impl Fn(char) -> String) -> String {
    let mut inside = false;
    let mut changed = String::with_capacity(text.len());
    for each in text.chars() {
        let letter = each.is_alphanumeric() || each == '_' || each == '\'';
        if letter && !inside {
            changed.push_str(&change(each));
        } else {
            changed.push(each);
        }
        inside = letter;
    }
    changed
}

pub(super) fn swapcase(arguments: &Arguments, _: &Context) -> Outcome {
    let swap = |each: char| -> String {
        if each.is_uppercase() {
            each.to_lowercase().collect()
        } else {
            each.to_uppercase().collect()
        }
    };
    Ok(arguments
        .text(0)?
        .chars()
        .map(swap)
        .collect::<String>()
        .into())
}

/// Splits at everything that is neither letter nor digit, and where the case says so.
fn words(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (at, each) in characters.iter().enumerate() {
        if !each.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let after = characters.get(at + 1);
        let starts = each.is_uppercase()
            && (before.is_some_and(|one| !one.is_uppercase())
                || after.is_some_and(|one| one.is_lowercase()));
        if starts {
            words.push(std::mem::take(&mut word));
        }
        word.push(*each);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn joined(arguments: &Arguments, separator: &str) -> Outcome {
    let words = words(&arguments.text(0)?);
    Ok(words.join(separator).to_lowercase().into())
}

pub(super) fn upper(outcome: Outcome, _: &Context) -> Outcome {
    outcome.map(|value| value.printed().to_uppercase().into())
}

pub(super) fn camelcase(arguments: &Arguments, _: &Context) -> Outcome {
    let words = words(&arguments.text(0)?);
    let capital =
        |word: &String| by_word(&word.to_lowercase(), |first| first.to_uppercase().collect());
    Ok(words.iter().map(capital).collect::<String>().into())
}

pub(super) fn slugify(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?.to_lowercase();
    let parts = text.split(|each: char| !each.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    Ok(parts.join(&arguments.text(1)?).into())
}

pub(super) fn initials(arguments: &Arguments, _: &Context) -> Outcome {
    let text = arguments.text(0)?;
    Ok(text
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .collect::<String>()
        .into())
}
