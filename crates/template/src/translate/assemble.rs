//! From pieces to text: trim markers where they say the same in both languages, and brackets of
//! Tera in plain text printed as strings.

use crate::translate::piece::{Piece, Shape};

/// What Go's trim markers take away; Tera's take every white space.
const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

/// Returns the text of a template.
pub(super) fn assemble(pieces: &[Piece]) -> String {
    let codes = pieces.len();
    let mut marks = vec![(false, false); codes];
    let mut texts: Vec<&str> = Vec::with_capacity(codes);
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Text { raw, lead, trail } = piece else {
            texts.push("");
            continue;
        };
        let mut text = raw.as_str();
        let before = index.checked_sub(1);
        let is_code = |at: Option<usize>| {
            at.and_then(|at| pieces.get(at))
                .is_some_and(|piece| matches!(piece, Piece::Code(..)))
        };
        let filled = !text.trim().is_empty();
        let alone =
            (index == 0 || is_code(before)) && (index + 1 == codes || is_code(Some(index + 1)));
        if *lead {
            let same = text.trim_start() == text.trim_start_matches(BLANKS);
            match before.filter(|_| same && is_code(before) && (filled || alone)) {
                Some(before) => marks[before].1 = true,
                None => text = text.trim_start_matches(BLANKS),
            }
        }
        if *trail {
            let same = text.trim_end() == text.trim_end_matches(BLANKS);
            if same && is_code(Some(index + 1)) && (filled || alone) {
                marks[index + 1].0 = true;
            } else {
                text = text.trim_end_matches(BLANKS);
            }
        }
        texts.push(text);
    }
    let mut made = String::new();
    let mut run = String::new();
    for ((piece, text), (before, after)) in pieces.iter().zip(texts).zip(marks) {
        match piece {
            Piece::Text { .. } => run.push_str(text),
            Piece::Code(shape, code) => {
                plain(&std::mem::take(&mut run), true, &mut made);
                let (open, close) = shape.brackets();
                let mark = |on: bool| if on { "-" } else { "" };
                made.push_str(open);
                made.push_str(mark(before));
                if *shape == Shape::Comment {
                    made.push_str(code);
                } else {
                    made.push(' ');
                    made.push_str(code);
                    made.push(' ');
                }
                made.push_str(mark(after));
                made.push_str(close);
            }
        }
    }
    plain(&run, false, &mut made);
    made
}

/// Adds plain text, with what Tera would read as a bracket printed as a string. `tag` says that a
/// tag follows.
fn plain(text: &str, tag: bool, made: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let (before, found) = rest.split_at(at);
        made.push_str(before);
        let bracket = ["{{", "{%", "{#"]
            .into_iter()
            .find(|it| found.starts_with(it));
        let length = match bracket {
            Some(bracket) => {
                made.push_str(&format!("{{{{ \"{bracket}\" }}}}"));
                bracket.len()
            }
            None if tag && found.len() == 1 => {
                made.push_str("{{ \"{\" }}");
                1
            }
            None => {
                made.push('{');
                1
            }
        };
        rest = found.get(length..).unwrap_or_default();
    }
    made.push_str(rest);
}
