//! What a Tera template names: variables, filters, functions, tests, other templates.
//!
//! Found in the tokens, without running anything, so that a value that costs something is looked up
//! only for a template that speaks of it.

mod walker;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::dialect::analysis::walker::Walker;
use crate::dialect::scan::Piece;
use crate::source::Source;

/// A variable as a template writes it: `image.tag`, `list[0].name`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    /// Its names, and numbers of lists.
    pub(crate) segments: Vec<String>,
    /// The bytes of each segment.
    pub(crate) spans: Vec<Range<usize>>,
    /// The bytes of the whole.
    pub(crate) range: Range<usize>,
    /// Whether it goes on with a name that is computed: everything below may be meant.
    pub(crate) computed: bool,
    /// Whether the root is a name that the template itself sets.
    pub(crate) local: bool,
    /// Whether it may be undefined where it stands: `| default`, `is defined`, a condition.
    pub(crate) optional: bool,
    /// The bytes that must come to something because Tera would go on without it: an element of a
    /// list or map, an argument, a side of a comparison or of a joined text.
    pub(crate) certain: Option<Range<usize>>,
}

/// What a template calls by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Callee {
    Filter,
    Function,
    Test,
    Template,
}

/// A name that a template calls.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) callee: Callee,
    pub(crate) name: String,
    pub(crate) range: Range<usize>,
}

/// A list comprehension: where its brackets stand and where its `for`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comprehension {
    pub(crate) open: usize,
    pub(crate) word: usize,
}

/// Where names stand for something that the template itself sets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Binding {
    /// The bytes in which they do.
    pub(crate) range: Range<usize>,
    /// The names; of a loop over a map the key and the value.
    pub(crate) names: Vec<String>,
    /// The first byte of the `for` that gives them and the path of what it goes through, if that
    /// is nothing but a variable.
    pub(crate) turns: Option<(usize, Option<Vec<String>>)>,
}

/// All names of one template.
#[derive(Clone, Debug, Default)]
pub(crate) struct Analysis {
    pub(crate) paths: Vec<Path>,
    pub(crate) calls: Vec<Call>,
    pub(crate) comprehensions: Vec<Comprehension>,
    /// Names that the template sets itself.
    pub(crate) locals: BTreeSet<String>,
    /// Where they stand for what it sets.
    pub(crate) bindings: Vec<Binding>,
    /// Templates that `render_file` renders by a name that is written down, and the names of the
    /// values they are given.
    pub(crate) files: Vec<(String, Vec<String>)>,
    /// Whether output is collected somewhere instead of being printed at once.
    pub(crate) captures: bool,
    /// Whether lists or maps may be made that hold `none`.
    pub(crate) nulls: bool,
}

/// Finds what `pieces` of `source` name.
pub(crate) fn analyse(source: &Source, pieces: &[Piece]) -> Analysis {
    let mut analysis = Analysis::default();
    let mut loops: Vec<usize> = Vec::new();
    for piece in pieces {
        let (code, statement) = match piece {
            Piece::Text(_) => continue,
            Piece::Expression(code) => (code, false),
            Piece::Statement(code) => (code, true),
        };
        let bound = analysis.bindings.len();
        Walker {
            source,
            code,
            statement,
            analysis: &mut analysis,
        }
        .walk();
        match code.word(source) {
            "for" if statement => loops.push(bound),
            "endfor" if statement => {
                let begun = loops.pop();
                if let Some(binding) = begun.and_then(|at| analysis.bindings.get_mut(at)) {
                    binding.range.end = code.outer.start;
                }
            }
            _ => {}
        }
    }
    let Analysis {
        paths, bindings, ..
    } = &mut analysis;
    for path in paths {
        path.local = path
            .segments
            .first()
            .is_some_and(|root| bound_at(bindings, path.range.start, root));
    }
    analysis
}

/// Tells whether `name` stands for something that the template set where it is at `offset`.
pub(crate) fn bound_at(bindings: &[Binding], offset: usize, name: &str) -> bool {
    bindings.iter().any(|binding| {
        binding.range.contains(&offset) && binding.names.iter().any(|bound| bound == name)
    })
}

#[cfg(test)]
mod tests;
