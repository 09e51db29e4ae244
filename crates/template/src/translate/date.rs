//! Layouts of Go as formats of strftime.

use std::ops::Range;

use crate::function::date::go_parts;
use crate::translate::expression::{Operand, Told, Want};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Term, quoted};

impl<'t> Walk<'t> {
    /// `date "layout" time`, `dateInZone "layout" time "zone"`
    pub(super) fn date(
        &mut self,
        operands: &[Operand<'t>],
        place: Range<usize>,
    ) -> Result<Term, Told> {
        let (layout, time, zone) = match operands {
            [layout, time] => (layout, time, None),
            [layout, time, zone] => (layout, time, Some(zone)),
            _ => {
                return self.refuse(
                    place,
                    "`date` with so many arguments has no counterpart in Tera",
                    None,
                );
            }
        };
        let Some(format) = layout.constant_text().and_then(|layout| strftime(&layout)) else {
            return self.refuse(
                place,
                "this layout of a date has no counterpart in Tera",
                Some("`date(format=\"%Y-%m-%d\")` takes what strftime does"),
            );
        };
        let time = self.operand(*time, Want::Value);
        let zone = zone
            .map(|zone| self.operand(*zone, Want::Value))
            .transpose();
        let (time, zone) = (time?, zone?);
        let zone = zone
            .map(|zone| format!(", timezone={}", zone.text))
            .unwrap_or_default();
        let format = quoted(&format);
        Ok(time.through(format_args!("date(format={format}{zone})"), Kind::Text))
    }
}

/// Returns the format of a layout; nothing if it has a part that strftime writes otherwise.
fn strftime(layout: &str) -> Option<String> {
    let parts = go_parts(layout);
    parts.map(|part| part.same.then_some(part.format)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_become_formats() {
        for (layout, format) in [
            ("2006-01-02", Some("%Y-%m-%d")),
            ("2006-01-02T15:04:05", Some("%Y-%m-%dT%H:%M:%S")),
            ("Mon, 02 Jan 2006 at 8%", Some("%a, %d %b %Y at 8%%")),
            ("Mon, 02 Jan 06", Some("%a, %d %b %y")),
            ("Jan 2 15:04", Some("%b %-d %H:%M")),
            ("Jan _2, 3:4:5pm", Some("%b %e, %-I:%-M:%-S%P")),
            ("05.000", None),
            ("05,00", None),
            ("02.01.2006", Some("%d.%m.%Y")),
            ("15:04 MST", None),
            ("15:04Z07", None),
            ("%", Some("%%")),
        ] {
            assert_eq!(strftime(layout).as_deref(), format, "{layout}");
        }
    }
}
