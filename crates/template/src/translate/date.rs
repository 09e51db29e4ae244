//! Layouts of Go as formats of strftime.

use std::ops::Range;

use crate::translate::expression::{Operand, Told, Want};
use crate::translate::statement::Walk;
use crate::translate::term::{Kind, Term, quoted};

/// What stands for a part of a time, the longer before what they begin with.
const PARTS: [(&str, &str); 17] = [
    ("2006", "%Y"),
    ("January", "%B"),
    ("Jan", "%b"),
    ("Monday", "%A"),
    ("Mon", "%a"),
    ("MST", "%Z"),
    ("-07:00", "%:z"),
    ("-0700", "%z"),
    ("002", "%j"),
    ("01", "%m"),
    ("02", "%d"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
];

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

/// Returns the format of a layout; nothing if it has a part that is not known here.
fn strftime(layout: &str) -> Option<String> {
    let mut format = String::new();
    let mut rest = layout;
    while let Some(first) = rest.chars().next() {
        if let Some((part, code)) = PARTS.iter().find(|(part, _)| rest.starts_with(part)) {
            format.push_str(code);
            rest = rest.get(part.len()..)?;
            continue;
        }
        // a fraction, a day without its zero, or the letters of a zone
        let fraction = matches!(first, '.' | ',')
            && rest
                .get(1..)
                .is_some_and(|rest| rest.starts_with(['0', '9']));
        let blank = first == '_'
            && rest
                .get(1..)
                .is_some_and(|rest| rest.starts_with(['2', '0']));
        if first.is_ascii_digit()
            || fraction
            || blank
            || rest.starts_with("Z07")
            || rest.starts_with("pm")
        {
            return None;
        }
        format.push(first);
        if first == '%' {
            format.push('%');
        }
        rest = rest.get(first.len_utf8()..)?;
    }
    Some(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_become_formats() {
        for (layout, format) in [
            ("2006-01-02", Some("%Y-%m-%d")),
            ("2006-01-02T15:04:05", Some("%Y-%m-%dT%H:%M:%S")),
            ("Mon, 02 Jan 2006 at 100%", None),
            ("Mon, 02 Jan 06", Some("%a, %d %b %y")),
            ("Jan 2 15:04", None),
            ("05.000", None),
            ("%", Some("%%")),
        ] {
            assert_eq!(strftime(layout).as_deref(), format, "{layout}");
        }
    }
}
