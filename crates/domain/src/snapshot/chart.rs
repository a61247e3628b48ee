//! Charts as pictures for slides and reports. The SVG contains only shapes and text, and all that a reader needs
//! who sees nothing else: title, axis, note and source.

mod history;
mod picture;
mod scale;

use self::picture::{INK, Picture, RULE, SOFT, TOP};
use self::scale::Scale;
use crate::text::format::short;

pub use self::history::{CredenceLine, CredenceStep, HistoryPicture, spaced};
pub use self::picture::{Caption, WIDTH};

/// The positions at which the bars begin and end, in pixels.
const BARS: (f64, f64) = (520.0, 1_080.0);
const ROW: f64 = 40.0;
/// Maximum number of bars of a chart.
const MOST: usize = 24;

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

/// The axis below the bars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BarAxis {
    /// The quantity, with its unit: "Log-odds, in bits".
    pub name: String,
    /// The unit behind each number, such as "%"; may be empty.
    pub unit: &'static str,
    /// Whether numbers above 0 have a sign.
    pub is_signed: bool,
}

/// A chart of horizontal bars.
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    /// The texts around the chart.
    pub caption: Caption,
    /// The axis.
    pub axis: BarAxis,
    /// A value on the axis that is marked through all bars, such as the present state, with its name.
    pub mark: Option<(f64, String)>,
    /// The heading of the bars' figures; may be empty.
    pub figures: &'static str,
    /// The bars, from top to bottom. Only the first 24 are drawn, and the note then says so.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// Returns the picture. Names of any length stay within it.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let shown = &self.bars[..self.bars.len().min(MOST)];
        let foot = TOP + ROW * shown.len() as f64;
        let mark = self.mark.as_ref().filter(|(mark, _)| mark.is_finite());
        let parts = shown.iter().flat_map(|bar| &bar.parts);
        let places = parts.flat_map(|part| [part.from, part.to]);
        let scale = Scale::around(places.chain(mark.map(|(mark, _)| *mark)));
        let x = |value: f64| BARS.0 + (BARS.1 - BARS.0) * scale.place(value);
        let hidden = self.bars.len() - shown.len();
        let mut picture = Picture::new(&self.caption, hidden, foot + 116.0);
        for tick in scale.ticks() {
            picture.rule((x(tick), TOP - 4.0), (x(tick), foot + 4.0), RULE, 1);
            let label = scale.label(tick, self.axis.unit, self.axis.is_signed);
            picture.text((x(tick), foot + 26.0), 16, "middle", SOFT, &label);
        }
        let middle = ((BARS.0 + BARS.1) / 2.0, foot + 54.0);
        picture.text(middle, 16, "middle", SOFT, &short(&self.axis.name, 90));
        for (bar, row) in shown.iter().zip(0..) {
            draw_bar(&mut picture, bar, TOP + ROW * f64::from(row), x);
        }
        let heading = (BARS.1 + 16.0, TOP - 14.0);
        picture.text(heading, 16, "start", SOFT, self.figures);
        if let Some((mark, name)) = mark {
            picture.rule((x(*mark), TOP - 6.0), (x(*mark), foot + 4.0), INK, 3);
            picture.text((x(*mark), TOP - 14.0), 16, "middle", INK, &short(name, 30));
        }
        picture.finish()
    }
}

fn draw_bar(picture: &mut Picture, bar: &Bar, y: f64, x: impl Fn(f64) -> f64) {
    let name = (BARS.0 - 16.0, y + 20.0);
    picture.text(name, 18, "end", INK, &short(&bar.name, 44));
    for part in &bar.parts {
        let (from, to) = (x(part.from.min(part.to)), x(part.from.max(part.to)));
        let fill = if part.is_filled { "#1f5fa8" } else { "#ffffff" };
        picture.push(&format!(
            "<rect x=\"{from:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"22\" fill=\"{fill}\" stroke=\"#1f5fa8\" stroke-width=\"2\"/>",
            y + 3.0,
            (to - from).max(1.0)
        ));
    }
    let figures = (BARS.1 + 16.0, y + 20.0);
    picture.text(figures, 16, "start", SOFT, &short(&bar.figures, 24));
}
