//! The credences in a crux over time, as a picture.

use super::super::card::PEOPLE;
use super::picture::{Caption, INK, LEFT, Picture, RULE, SOFT, TOP};
use crate::date::{Now, month_or_year, spelled};
use crate::t;
use crate::text::format::short;
use crate::timeline::ticks;
use crate::translation;
use crate::{Credence, Millis};

/// The left and right edge of the plot, in pixels. The names of the lines are beside it.
const PLOT: (f64, f64) = (112.0, 1_000.0);
/// The height of the plot, in pixels.
const HEIGHT: f64 = 440.0;
/// The least distance between two names, in pixels.
const NAME_GAP: f64 = 20.0;
/// Maximum number of people whose lines are drawn.
const MOST: usize = 20;

/// A credence from a moment on.
pub type CredenceStep = (Millis, Credence);

/// The credences of one person, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct CredenceLine {
    /// The person's name.
    pub name: String,
    /// The number of the person's colour.
    pub colour: usize,
    /// The credences.
    pub steps: Vec<CredenceStep>,
}

/// A chart of everybody's credences over time, as steps, with the aggregate as a thick line.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryPicture {
    /// The texts around the chart.
    pub caption: Caption,
    /// The people's credences. Only the first 20 lines are drawn, and the note then says so.
    pub lines: Vec<CredenceLine>,
    /// The aggregate; empty to leave it out.
    pub aggregate: Vec<CredenceStep>,
    /// The moment at which the axis ends.
    pub now: Now,
}

impl HistoryPicture {
    /// Returns the picture. Names of any length stay within it.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let shown = &self.lines[..self.lines.len().min(MOST)];
        let hidden = self.lines.len() - shown.len();
        let mut picture = Picture::new(&self.caption, hidden, TOP + HEIGHT + 92.0);
        let steps = shown.iter().flat_map(|line| &line.steps);
        let moments = steps.chain(&self.aggregate).map(|(at, _)| *at);
        let from = moments.clone().min().unwrap_or(self.now.millis);
        let to = moments.max().unwrap_or(from).max(self.now.millis);
        self.draw_axes(&mut picture, from, to);
        let x = |at: Millis| {
            let span = to.millis_since(from).max(1) as f64;
            PLOT.0 + (PLOT.1 - PLOT.0) * at.millis_since(from) as f64 / span
        };
        for line in shown {
            let colour = PEOPLE[line.colour % PEOPLE.len()];
            draw_steps(&mut picture, &line.steps, x, (colour, 3));
            for (at, credence) in &line.steps {
                picture.push(&format!(
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"{colour}\" stroke=\"#fbfaf7\" stroke-width=\"1\"/>",
                    x(*at),
                    y(credence.percent())
                ));
            }
        }
        draw_steps(&mut picture, &self.aggregate, x, (INK, 5));
        self.name_lines(&mut picture, shown);
        picture.finish()
    }

    /// Writes the name and the latest credence at the end of each line.
    fn name_lines(&self, picture: &mut Picture, lines: &[CredenceLine]) {
        let mut ends: Vec<(&str, Credence, &str)> = Vec::new();
        for line in lines {
            if let Some((_, credence)) = line.steps.last() {
                let colour = PEOPLE[line.colour % PEOPLE.len()];
                ends.push((&line.name, *credence, colour));
            }
        }
        if let Some((_, aggregate)) = self.aggregate.last() {
            ends.push((t!("Aggregate"), *aggregate, INK));
        }
        let heights = ends.iter().map(|(_, credence, _)| y(credence.percent()));
        let heights: Vec<f64> = heights.collect();
        let places = spaced(&heights, NAME_GAP, TOP + HEIGHT);
        for ((name, credence, colour), place) in ends.iter().zip(places) {
            let words = format!("{} {}", short(name, 22), credence.rounded(&[]));
            picture.text((PLOT.1 + 16.0, place + 5.0), 16, "start", colour, &words);
        }
    }

    fn draw_axes(&self, picture: &mut Picture, from: Millis, to: Millis) {
        for percent in [0, 25, 50, 75, 100] {
            let height = y(f64::from(percent));
            picture.rule((PLOT.0, height), (PLOT.1, height), RULE, 1);
            let at = (PLOT.0 - 12.0, height + 5.0);
            picture.text(at, 16, "end", SOFT, &translation::percent(percent));
        }
        picture.text((LEFT, TOP - 16.0), 16, "start", SOFT, t!("Credence"));
        let (first, last) = (self.now.day_of(from), self.now.day_of(to));
        let below = TOP + HEIGHT + 28.0;
        picture.text((PLOT.0, below), 16, "start", SOFT, &spelled(first));
        if first == last {
            return;
        }
        picture.text((PLOT.1, below), 16, "end", SOFT, &spelled(last));
        let span = to.millis_since(from).max(1) as f64;
        for day in ticks(first, last) {
            let after = Millis::beginning_of(day).unwrap_or_default();
            let place = after.millis_since(from) as f64 / span;
            // The first and the last date are at the ends of the axis.
            if (0.15..0.85).contains(&place) {
                let x = PLOT.0 + (PLOT.1 - PLOT.0) * place;
                picture.rule((x, TOP + HEIGHT), (x, TOP + HEIGHT + 8.0), SOFT, 1);
                picture.text((x, below), 16, "middle", SOFT, &month_or_year(day));
            }
        }
    }
}

/// Returns the height of a credence in the picture, in pixels from the top.
fn y(percent: f64) -> f64 {
    TOP + HEIGHT * (1.0 - percent / 100.0)
}

/// Draws a line that holds each value until the next one and the last to the end.
fn draw_steps(
    picture: &mut Picture,
    steps: &[CredenceStep],
    x: impl Fn(Millis) -> f64,
    (colour, width): (&str, u32),
) {
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    let mut path = format!("M{:.1} {:.1}", x(first.0), y(first.1.percent()));
    for (at, credence) in rest {
        path += &format!("H{:.1}V{:.1}", x(*at), y(credence.percent()));
    }
    picture.push(&format!(
        "<path d=\"{path}H{:.1}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>",
        PLOT.1
    ));
}

/// Returns positions for labels near `heights`, such that any two are at least `gap` apart and none is below
/// `lowest`.
#[must_use]
pub fn spaced(heights: &[f64], gap: f64, lowest: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|one, other| heights[*one].total_cmp(&heights[*other]));
    let mut placed = heights.to_vec();
    let mut next = f64::NEG_INFINITY;
    for index in &order {
        placed[*index] = placed[*index].max(next);
        next = placed[*index] + gap;
    }
    let mut most = lowest;
    for index in order.iter().rev() {
        placed[*index] = placed[*index].min(most);
        most = placed[*index] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_lines_that_end_close_together_do_not_lie_over_each_other() {
        for (heights, placed) in [
            (vec![100.0, 20.0], vec![100.0, 20.0]),
            (vec![50.0, 50.0, 55.0], vec![50.0, 62.0, 74.0]),
            (vec![174.0, 176.0], vec![164.0, 176.0]),
            (vec![], vec![]),
        ] {
            assert_eq!(spaced(&heights, 12.0, 176.0), placed, "{heights:?}");
        }
    }
}
