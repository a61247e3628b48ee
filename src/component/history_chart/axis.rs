//! The time axis of the chart.

use super::super::plain;
use super::{Pin, Point};
use cruxboard_domain::Millis;

/// An axis of time, linear from one moment to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::component) struct Axis {
    pub(super) from: Millis,
    pub(super) to: Millis,
}

impl Axis {
    /// Creates the axis from the first point to the last; the points are sorted.
    pub(in crate::component) fn of_points(points: &[Point]) -> Self {
        Self {
            from: points.first().map_or(Millis(0), |point| point.at),
            to: points.last().map_or(Millis(0), |point| point.at),
        }
    }

    /// Creates the axis from the first point or pin until now, or to the last of them if that is later.
    pub(super) fn until(points: &[Point], pins: &[Pin], now: Millis) -> Self {
        let moments = points.iter().map(|point| point.at);
        let moments = moments.chain(pins.iter().map(|pin| pin.at));
        Self {
            from: moments.clone().min().unwrap_or(now),
            to: moments.max().unwrap_or(now).max(now),
        }
    }

    /// Returns the position of a moment, from 0 to 1.
    pub(in crate::component) fn place(self, at: Millis) -> f64 {
        let span = self.to.millis_since(self.from).max(1) as f64;
        (at.millis_since(self.from) as f64 / span).min(1.0)
    }
}

/// Formats a fraction of the whole as a percentage for style sheets and drawings.
pub(super) fn percent(part: f64) -> String {
    format!("{}%", plain(part * 100.0))
}
