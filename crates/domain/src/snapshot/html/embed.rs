//! One crux as a small page for the frame of another page.

use super::markup::Page;
use crate::date::spelled;
use crate::snapshot::reading::{CruxReading, Reading};
use crate::t;
use crate::web_address::check_address;

impl Page {
    pub(super) fn small_crux(&mut self, crux: &CruxReading) {
        self.element("h1", "", crux.heading());
        if crux.has_title {
            self.element("p", "claim", &crux.claim);
        }
        self.element("p", "soft", &crux.points_to);
        if let (Some(all), Some(figures)) = (crux.estimate, &crux.figures) {
            self.axis(crux, all.aggregate);
            let people = crux.views.iter();
            let people = people.map(|view| format!("{} {}", view.name, view.credence.shown()));
            let people = people.collect::<Vec<_>>().join(", ");
            let words = match crux.has_spread() {
                true => t!(
                    "All together {aggregate}, spread {spread}. {people}.",
                    aggregate = figures.aggregate,
                    spread = figures.spread,
                    people
                ),
                false => t!(
                    "All together {aggregate}. {people}.",
                    aggregate = figures.aggregate,
                    people
                ),
            };
            self.element("p", "people", &words);
        }
        if !crux.triggers.is_empty() {
            self.raw("<ul>\n");
            for trigger in crux.triggers.iter().take(2) {
                let state = trigger.state.label();
                self.element(
                    "li",
                    "",
                    &format!("{} ({state}): {}", trigger.toward, trigger.headline),
                );
            }
            self.raw("</ul>\n");
        }
    }

    /// Adds the source and the date of a small page.
    pub(super) fn origin(&mut self, reading: &Reading, from: &str) {
        self.raw("<footer>");
        self.text(&t!("Frozen on {day}.", day = spelled(reading.day)));
        if !reading.left_out.is_empty() {
            self.text(&format!(" {}", reading.left_out));
        }
        match check_address(from) {
            Ok(Some(address)) => {
                self.raw(" <a target=\"_blank\" rel=\"noopener noreferrer\" href=\"");
                self.text(&address);
                self.raw("\">");
                self.text(t!("Cruxboard snapshot, in full"));
                self.raw("</a>");
            }
            _ => {
                self.raw(" ");
                self.text(t!("Cruxboard snapshot."));
            }
        }
        self.raw("</footer>\n");
    }
}
