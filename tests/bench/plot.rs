//! The races of a tool as bars, in SVG.

use std::fmt::Write as _;

use crate::field::Event;

const WIDTH: usize = 760;
/// Where bars begin: left of it stand the names.
const LEFT: usize = 300;
/// Of the longest bar; right of it stands its number.
const LONGEST: f64 = 380.0;
const ROW: usize = 22;
const TITLE: usize = 34;

/// Returns a picture of races: a bar for each program, as long as its median is in comparison with
/// the longest of its race, and beside it how many times as long it took as who it is compared with.
pub(crate) fn plot(tool: &str, events: &[Event]) -> String {
    let rows: usize = events.iter().map(|event| event.results.len()).sum();
    let height = events.len() * (TITLE + ROW / 2) + rows * ROW + ROW / 2;
    // both colours can be read on light and on dark pages
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{tool}: times as long\" \
         font-family=\"sans-serif\" font-size=\"13\" fill=\"#808080\">\n"
    );
    let mut top = 0;
    for event in events {
        let reference = event.results.iter().find(|it| it.name == event.reference);
        let medians = event.results.iter().map(|it| it.wall.median());
        let longest = medians.fold(f64::MIN_POSITIVE, f64::max);
        let title = escape(&event.title);
        // writing to a text cannot fail
        let _ = writeln!(
            svg,
            "<text x=\"8\" y=\"{}\" font-weight=\"bold\">{title}</text>",
            top + TITLE - 10
        );
        top += TITLE;
        for result in &event.results {
            let median = result.wall.median();
            let bar = (LONGEST * median / longest).max(1.0);
            let ours = result.name.starts_with(tool);
            let colour = if ours { "#d9822b" } else { "#5b84b1" };
            let times = reference.map_or(f64::NAN, |it| median / it.wall.median());
            let name = escape(&result.name);
            let line = top + 15;
            let _ = writeln!(
                svg,
                "<text x=\"{}\" y=\"{line}\" text-anchor=\"end\">{name}</text>\n\
                 <rect x=\"{LEFT}\" y=\"{}\" width=\"{bar:.1}\" height=\"14\" fill=\"{colour}\"/>\n\
                 <text x=\"{:.1}\" y=\"{line}\">{times:.2}</text>",
                LEFT - 8,
                top + 4,
                f64::from(u16::try_from(LEFT).unwrap_or(u16::MAX)) + bar + 6.0,
            );
            top += ROW;
        }
        top += ROW / 2;
    }
    svg.push_str("</svg>\n");
    svg
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
