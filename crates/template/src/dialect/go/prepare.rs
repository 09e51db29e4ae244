//! The text that the engine reads, and the way back from its bytes to those of the template.
//!
//! What `stencil` adds to Go's language is written down in Go's own: a line that is left out
//! becomes a comment of as many lines, brackets that pass through are printed as strings, and an
//! escape is one more command of a pipeline. Lines stay where they are.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::dialect::go::tag::{Found, Tag, next};
use crate::options::{Delimiters, Escape, Options};
use crate::source::Source;

/// The function that an escape adds to a pipeline.
pub(super) const ESCAPE: &str = "escape";
/// The function that marks text as not to be escaped.
pub(super) const SAFE: &str = "safe";

/// Functions whose result is written in a format already, or was escaped where it was made.
const WRITTEN: [&str; 14] = [
    SAFE,
    "include",
    "mustToJson",
    "mustToPrettyJson",
    "mustToRawJson",
    "mustToToml",
    "mustToYaml",
    "quote",
    "squote",
    "toJson",
    "toPrettyJson",
    "toToml",
    "toYaml",
    "tpl",
];

/// What the engine is given for a template.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub(super) text: String,
    pub(super) left: String,
    pub(super) right: String,
    parts: Vec<Part>,
    /// Each tag: where its inside stands in the prepared text, and where all of it in the template.
    tags: Vec<(Range<usize>, Range<usize>)>,
}

/// Bytes that were copied from the template, or that stand for something in it.
#[derive(Clone, Debug)]
struct Part {
    start: usize,
    source: usize,
    copied: bool,
}

impl Prepared {
    /// Prepares `source` without the bytes of `magic`, the line of its magic comment.
    pub(super) fn new(
        source: &Source,
        options: &Options,
        magic: Option<Range<usize>>,
    ) -> Result<Self, Diagnostic> {
        let (left, right) = delimiters(options)?;
        let mut prepared = Self {
            text: String::with_capacity(source.text().len()),
            left,
            right,
            parts: Vec::new(),
            tags: Vec::new(),
        };
        let mut at = 0;
        if let Some(line) = magic {
            prepared.copy(source, 0..line.start);
            let ending = line_ending(source.slice(&(line.end.saturating_sub(2)..line.end)));
            prepared.comment(line.start, ending);
            at = line.end;
        }
        let (left, right) = (prepared.left.clone(), prepared.right.clone());
        while let Some(found) = next(source.text(), at, &left, &right, &options.passthrough) {
            match found {
                Found::Passthrough(outer) => {
                    prepared.copy(source, at..outer.start);
                    prepared.pass(source, outer.clone());
                    at = outer.end;
                }
                Found::Tag(tag) => at = prepared.tag(source, options, at, &tag),
            }
        }
        prepared.copy(source, at..source.text().len());
        Ok(prepared)
    }

    /// Returns the bytes of the template that `range` of the prepared text came from.
    pub(super) fn original(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.offset(range.start);
        let end = match range.end.checked_sub(1) {
            Some(last) if range.end > range.start => self.offset(last) + 1,
            _ => start,
        };
        start..end.max(start)
    }

    /// Returns the tag of the template that holds the byte `at` of the prepared text.
    pub(super) fn tag_at(&self, at: usize) -> Option<Range<usize>> {
        let index = self.tags.partition_point(|(inner, _)| inner.start <= at);
        let (inner, outer) = self.tags.get(index.checked_sub(1)?)?;
        (at <= inner.end).then(|| outer.clone())
    }

    /// Returns the byte of the prepared text at a line and a column, in bytes, both from 1.
    pub(super) fn at(&self, line: usize, column: usize) -> usize {
        let start = match line.checked_sub(2) {
            Some(newline) => {
                let mut newlines = self.text.match_indices('\n');
                newlines.nth(newline).map_or(0, |(at, _)| at + 1)
            }
            None => 0,
        };
        (start + column.saturating_sub(1)).min(self.text.len())
    }

    fn offset(&self, at: usize) -> usize {
        let index = self.parts.partition_point(|part| part.start <= at);
        match index.checked_sub(1).and_then(|index| self.parts.get(index)) {
            Some(part) if part.copied => part.source + (at - part.start),
            Some(part) => part.source,
            None => 0,
        }
    }

    fn copy(&mut self, source: &Source, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.parts.push(Part {
            start: self.text.len(),
            source: range.start,
            copied: true,
        });
        self.text.push_str(source.slice(&range));
    }

    fn add(&mut self, source: usize, text: &str) {
        self.parts.push(Part {
            start: self.text.len(),
            source,
            copied: false,
        });
        self.text.push_str(text);
    }

    /// A comment that ends the line as what it stands for did.
    fn comment(&mut self, source: usize, ending: &str) {
        let comment = format!("{}/*{ending}*/{}", self.left, self.right);
        self.add(source, &comment);
    }

    /// Text in which the left delimiter is none.
    fn pass(&mut self, source: &Source, range: Range<usize>) {
        let quoted = format!("{}{:?}{}", self.left, self.left, self.right);
        let left = self.left.clone();
        let mut at = range.start;
        while let Some(found) = source.slice(&(at..range.end)).find(left.as_str()) {
            self.copy(source, at..at + found);
            self.add(at + found, &quoted);
            at += found + left.len();
        }
        self.copy(source, at..range.end);
    }

    /// Adds a tag with the text before it, from `at` on; returns where to go on.
    fn tag(&mut self, source: &Source, options: &Options, at: usize, tag: &Tag) -> usize {
        let text = source.text();
        let statement = tag.is_statement(text);
        let mut before = at..tag.outer.start;
        if options.lstrip_blocks && statement && !tag.trims_before {
            let blanks = source.slice(&before);
            let kept = blanks.trim_end_matches([' ', '\t']).len() + before.start;
            let first = kept == 0 || text.as_bytes().get(kept - 1) == Some(&b'\n');
            if first {
                before.end = kept;
            }
        }
        self.copy(source, before);
        let shift = |at: usize, from: usize, to: usize| at - from + to;
        let to = self.text.len();
        let inner =
            shift(tag.inner.start, tag.outer.start, to)..shift(tag.inner.end, tag.outer.start, to);
        let escaped = options.escape != Escape::None
            && !statement
            && !source.slice(&tag.inner).trim().is_empty()
            && !WRITTEN.iter().any(|name| tag.names(text, name));
        if escaped {
            self.copy(source, tag.outer.start..tag.inner.end);
            self.add(
                tag.inner.end,
                &format!(" | {ESCAPE} {:?}", word(options.escape)),
            );
            self.copy(source, tag.inner.end..tag.outer.end);
        } else {
            self.copy(source, tag.outer.clone());
        }
        self.tags.push((inner, tag.outer.clone()));
        let rest = text.get(tag.outer.end..).unwrap_or_default();
        if options.trim_blocks && statement && !tag.trims_after {
            let ending = line_ending(rest.get(..2).or_else(|| rest.get(..1)).unwrap_or_default());
            if rest.starts_with(ending) && !ending.is_empty() {
                self.comment(tag.outer.end, ending);
                return tag.outer.end + ending.len();
            }
        }
        tag.outer.end
    }
}

/// Returns what `options` call the brackets; Go has one pair for everything.
pub(super) fn delimiters(options: &Options) -> Result<(String, String), Diagnostic> {
    let delimiters = options.delimiters.clone().unwrap_or_default();
    let (left, right) = delimiters.expression.clone();
    let alone = match &options.delimiters {
        None => true,
        Some(given) => Delimiters::parse(&format!("{left} {right}")).is_ok_and(|two| two == *given),
    };
    if alone || delimiters == Delimiters::default() {
        return Ok((left, right));
    }
    Err(
        Diagnostic::error("a Go template has one pair of delimiters, not three")
            .hint(format!("leave it at `--delims '{left} {right}'`")),
    )
}

fn line_ending(text: &str) -> &'static str {
    match text.as_bytes() {
        [b'\r', b'\n', ..] => "\r\n",
        [b'\n', ..] | [_, b'\n'] => "\n",
        _ => "",
    }
}

fn word(escape: Escape) -> &'static str {
    match escape {
        Escape::None => "none",
        Escape::Yaml => "yaml",
        Escape::Json => "json",
        Escape::Shell => "shell",
    }
}

/// Returns the mode that an escape names.
pub(super) fn escape_named(word: &str) -> Escape {
    match word {
        "yaml" => Escape::Yaml,
        "json" => Escape::Json,
        "shell" => Escape::Shell,
        _ => Escape::None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare(text: &str, options: &Options) -> Prepared {
        let source = Source::new("x", text);
        let (options, magic) = options.with_magic(&source).unwrap();
        Prepared::new(&source, &options, magic).unwrap()
    }

    #[test]
    fn what_is_added_is_written_in_go() {
        let all = Options {
            trim_blocks: true,
            lstrip_blocks: true,
            passthrough: vec![("${{".into(), "}}".into())],
            escape: Escape::Json,
            ..Options::default()
        };
        let plain = Options::default();
        for (options, text, expected) in [
            (&plain, "a {{ .b }}\n", "a {{ .b }}\n"),
            (&plain, "# stencil: dialect=go\na\n", "{{/*\n*/}}a\n"),
            (&plain, "# stencil: dialect=go", "{{/**/}}"),
            (
                &all,
                "${{ a }} {{ .b }}",
                "${{\"{{\"}} a }} {{ .b | escape \"json\" }}",
            ),
            (
                &all,
                "{{ toJson .b }}{{ safe .b }}",
                "{{ toJson .b }}{{ safe .b }}",
            ),
            (&all, "x\n  {{ if .a }}\r\ny", "x\n{{ if .a }}{{/*\r\n*/}}y"),
            (&all, "  {{ $x := 1 }}\n", "{{ $x := 1 }}{{/*\n*/}}"),
            (&all, "  {{- if .a -}}\n", "  {{- if .a -}}\n"),
            (&all, "x {{/* c */}}\n", "x {{/* c */}}{{/*\n*/}}"),
            (&all, "{{ \"}}\" }}", "{{ \"}}\" | escape \"json\" }}"),
        ] {
            assert_eq!(prepare(text, options).text, expected, "{text}");
        }
    }

    #[test]
    fn every_byte_leads_back() {
        let options = Options {
            passthrough: vec![("${{".into(), "}}".into())],
            trim_blocks: true,
            ..Options::default()
        };
        let text = "# stencil: dialect=go\n${{ x }}{{ if .a }}\n{{ .bee }}{{ end }}";
        let prepared = prepare(text, &options);
        let at = prepared.text.find(".bee").unwrap();
        let original = prepared.original(&(at..at + 4));
        assert_eq!(&text[original], ".bee");
        assert_eq!(&text[prepared.tag_at(at).unwrap()], "{{ .bee }}");
        assert_eq!(prepared.text.lines().count(), text.lines().count());
    }

    #[test]
    fn six_delimiters_are_refused() {
        let mut options = Options {
            delimiters: Some(Delimiters::parse("[[ ]]").unwrap()),
            ..Options::default()
        };
        assert_eq!(delimiters(&options).unwrap(), ("[[".into(), "]]".into()));
        options.delimiters = Some(Delimiters::parse("[[ ]] <% %> <# #>").unwrap());
        assert!(delimiters(&options).is_err());
    }
}
