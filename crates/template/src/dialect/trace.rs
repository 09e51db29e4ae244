//! Going back from an output to what made it.

use std::ops::Range;
use std::sync::Arc;

use tera::Context;

use crate::dialect::prepare::Plan;
use crate::dialect::runtime::Runtime;
use crate::dialect::set::Set;
use crate::dialect::turns::Turns;
use crate::engine::Span;
use crate::map::SourceMap;
use crate::node::Node;
use crate::source::Source;

impl Set {
    /// Renders once more with markers, and reads off them what came from where.
    pub(crate) fn trace(
        &self,
        runtime: &Arc<Runtime>,
        plans: &[Plan],
        context: &Context,
        values: &Node,
        text: &str,
    ) -> Option<SourceMap> {
        if text.contains(self.marks.origin) {
            return None;
        }
        let marked: Vec<Plan> = plans
            .iter()
            .map(|plan| Plan {
                origins: Some(0),
                ..plan.clone()
            })
            .collect();
        let (output, prepared) = self.run(runtime, &marked, context).ok()?;
        let origins: Vec<(&Source, &Range<usize>, bool)> = self
            .units
            .iter()
            .zip(&prepared)
            .flat_map(|(unit, prepared)| {
                let origins = prepared.origins.iter();
                origins.map(|(range, copied)| (&unit.source, range, *copied))
            })
            .collect();
        let mut map = SourceMap::default();
        let mut turns = Turns::new(&self.units, values);
        let mut length = 0;
        let mut same = true;
        for (index, part) in output.split(self.marks.origin).enumerate() {
            if index % 2 == 0 {
                same &= text.get(length..length + part.len()) == Some(part);
                length += part.len();
                continue;
            }
            if turns.take(part) {
                continue;
            }
            let (source, range, copied) = origins.get(part.parse::<usize>().ok()?)?;
            let span = Span {
                source: (*source).clone(),
                range: (*range).clone(),
                turns: turns.current(),
            };
            map.push(length, span, *copied);
        }
        (same && length == text.len()).then_some(map)
    }
}
