//! The frame of every chart: a title, a note on how to read it, and the source, so that a saved picture can be
//! understood by itself.

use super::super::html::escape;
use crate::t;
use crate::text::format::short;

/// The width of a chart in pixels, equal to that of a card.
pub const WIDTH: u32 = 1_280;
/// The left edge of titles and notes, in pixels.
pub(super) const LEFT: f64 = 48.0;
/// The distance from the top of the picture to the chart itself, in pixels.
pub(super) const TOP: f64 = 140.0;

const SANS: &str = "'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";
pub(super) const INK: &str = "#1b1c1e";
pub(super) const SOFT: &str = "#5a5d63";
pub(super) const RULE: &str = "#e3e0d8";

/// The texts around a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// The title: a sentence.
    pub title: String,
    /// A note on how to read the chart.
    pub note: String,
    /// The board and the day, at the foot.
    pub source: String,
}

/// A picture while it is drawn.
pub(super) struct Picture {
    svg: String,
}

impl Picture {
    /// Begins a picture of this height, in pixels, with its texts. `hidden` is the number of rows or lines that
    /// are not drawn; the note says so.
    pub(super) fn new(caption: &Caption, hidden: usize, height: f64) -> Self {
        let mut title = String::new();
        escape(&caption.title, &mut title);
        let mut picture = Self {
            svg: format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" font-family=\"{SANS}\">\n<title>{title}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fbfaf7\"/>\n",
            ),
        };
        let note = match hidden {
            0 => caption.note.clone(),
            hidden => format!(
                "{} {}",
                caption.note,
                t!("{hidden} more are not drawn.", hidden)
            ),
        };
        picture.text((LEFT, 56.0), 28, "start", INK, &short(&caption.title, 84));
        picture.text((LEFT, 92.0), 18, "start", SOFT, &short(&note, 130));
        let source = short(&caption.source, 150);
        picture.text((LEFT, height - 20.0), 16, "start", SOFT, &source);
        picture
    }

    /// Draws a text at the baseline `at`.
    pub(super) fn text(
        &mut self,
        at: (f64, f64),
        size: u32,
        anchor: &str,
        colour: &str,
        words: &str,
    ) {
        let mut escaped = String::new();
        escape(words, &mut escaped);
        self.push(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{escaped}</text>",
            at.0, at.1,
        ));
    }

    /// Draws a straight line.
    pub(super) fn rule(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: u32) {
        self.push(&format!(
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"{colour}\" stroke-width=\"{width}\"/>",
            from.0, from.1, to.0, to.1
        ));
    }

    /// Adds markup.
    pub(super) fn push(&mut self, markup: &str) {
        self.svg.push_str(markup);
        self.svg.push('\n');
    }

    /// Returns the whole picture.
    pub(super) fn finish(self) -> String {
        self.svg + "</svg>\n"
    }
}
