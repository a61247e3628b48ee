//! Bar charts as pictures for slides. The SVG contains only shapes and text.

use super::html::escape;
use crate::text::format::short;

/// The width of a chart in pixels, equal to that of a card.
pub const WIDTH: u32 = 1_280;
const LEFT: f64 = 48.0;
/// The positions at which the bars begin and end, in pixels.
const BARS: (f64, f64) = (520.0, 1_080.0);
const TOP: f64 = 132.0;
const ROW: f64 = 40.0;
/// Maximum number of bars of a chart.
const MOST: usize = 24;

const SANS: &str = "'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";
const INK: &str = "#1b1c1e";
const SOFT: &str = "#5a5d63";

/// A part of a bar, between two values on the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The value at which it begins.
    pub from: f64,
    /// The value at which it ends.
    pub to: f64,
    /// Whether it is filled; otherwise only its outline is drawn, which tells parts apart without colour.
    pub is_filled: bool,
}

/// A bar with its name and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The name.
    pub name: String,
    /// The figures in words, drawn at the right.
    pub figures: String,
    /// The parts.
    pub parts: Vec<Part>,
}

/// A chart of horizontal bars.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    /// The title: a sentence.
    pub title: String,
    /// A note on how to read the chart.
    pub note: String,
    /// A value on the axis that is marked through all bars, such as the present state.
    pub mark: Option<f64>,
    /// The bars, from top to bottom. Only the first 24 are drawn, and the note then says so.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// Returns the picture. Names of any length stay within it.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let shown = &self.bars[..self.bars.len().min(MOST)];
        let height = TOP + ROW * shown.len() as f64 + 32.0;
        let places = shown.iter().flat_map(|bar| &bar.parts);
        let places = places
            .flat_map(|part| [part.from, part.to])
            .chain(self.mark);
        let (low, high) = places
            .filter(|place| place.is_finite())
            .fold((0.0_f64, 0.0_f64), |(low, high), place| {
                (low.min(place), high.max(place))
            });
        let span = (high - low).max(1e-9);
        let x = |place: f64| BARS.0 + (BARS.1 - BARS.0) * (place - low) / span;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" font-family=\"{SANS}\">\n<title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fbfaf7\"/>\n",
            escaped(&self.title)
        );
        let note = match self.bars.len() - shown.len() {
            0 => self.note.clone(),
            hidden => format!("{} {hidden} more are not drawn.", self.note),
        };
        text(
            &mut svg,
            (LEFT, 56.0),
            28,
            "start",
            INK,
            &short(&self.title, 84),
        );
        text(
            &mut svg,
            (LEFT, 92.0),
            18,
            "start",
            SOFT,
            &short(&note, 130),
        );
        for (bar, row) in shown.iter().zip(0..) {
            let y = TOP + ROW * f64::from(row);
            text(
                &mut svg,
                (BARS.0 - 16.0, y + 20.0),
                18,
                "end",
                INK,
                &short(&bar.name, 44),
            );
            for part in &bar.parts {
                let (from, to) = (x(part.from.min(part.to)), x(part.from.max(part.to)));
                let fill = if part.is_filled { "#1f5fa8" } else { "#ffffff" };
                push(
                    &mut svg,
                    &format!(
                        "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"22\" fill=\"{fill}\" stroke=\"#1f5fa8\" stroke-width=\"2\"/>",
                        y + 3.0,
                        (to - from).max(1.0)
                    ),
                );
            }
            text(
                &mut svg,
                (BARS.1 + 16.0, y + 20.0),
                16,
                "start",
                SOFT,
                &short(&bar.figures, 24),
            );
        }
        if let Some(mark) = self.mark.filter(|mark| mark.is_finite()) {
            push(
                &mut svg,
                &format!(
                    "<path d=\"M{:.1} {:.1}V{:.1}\" stroke=\"{INK}\" stroke-width=\"3\"/>",
                    x(mark),
                    TOP - 6.0,
                    height - 24.0
                ),
            );
        }
        svg + "</svg>\n"
    }
}

fn text(svg: &mut String, at: (f64, f64), size: u32, anchor: &str, colour: &str, words: &str) {
    push(
        svg,
        &format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{}</text>",
            at.0,
            at.1,
            escaped(words)
        ),
    );
}

fn escaped(words: &str) -> String {
    let mut out = String::new();
    escape(words, &mut out);
    out
}

fn push(svg: &mut String, markup: &str) {
    svg.push_str(markup);
    svg.push('\n');
}
