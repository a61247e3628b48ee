//! A snapshot as a single HTML page, which opens from a disk without scripts or further files.

mod embed;
mod markup;

use self::markup::Page;
use super::Snapshot;
use super::reading::{CruxReading, DecisionReading, EvidenceReading, HOW_LIKELY, Reading};
use crate::date::spelled;
use crate::record::Direction;
use crate::t;
use crate::translation::translated;
use crate::web_address::check_address;

pub(super) use self::markup::escape;

const STYLE: &str = include_str!("page.css");
const EMBED_STYLE: &str = include_str!("embed.css");

impl Snapshot {
    /// Returns the page. All texts of people are escaped, so that none of them becomes markup.
    #[must_use]
    pub fn to_html(&self) -> String {
        let reading = self.reading();
        let mut page = Page(String::new());
        page.start();
        // A second line of defence: a browser would refuse content that escaped the escaping.
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.element("title", "", &t!("{name} · snapshot", name = reading.name));
        page.raw("<style>\n");
        page.raw(STYLE);
        page.raw("</style>\n</head>\n<body>\n<main>\n");
        page.heading(&reading);
        page.overview(&reading);
        for (place, crux) in reading.cruxes.iter().enumerate() {
            page.crux(place + 1, crux);
        }
        page.rest(&reading);
        page.raw("</main>\n</body>\n</html>\n");
        page.0
    }

    /// Returns one crux as a small page for a frame of 480 by 320 pixels or more. It has no scripts and loads
    /// no files, so it can do nothing on its reader's behalf. `from` is the link to the whole snapshot; may
    /// be empty.
    #[must_use]
    pub fn to_embed(&self, from: &str) -> String {
        let reading = self.reading();
        let mut page = Page(String::new());
        page.start();
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.element("title", "", &t!("{name} · snapshot", name = reading.name));
        page.raw("<style>\n");
        page.raw(EMBED_STYLE);
        page.raw("</style>\n</head>\n<body>\n<main>\n");
        for crux in reading.cruxes.iter().take(1) {
            page.small_crux(crux);
        }
        page.origin(&reading, from);
        page.raw("</main>\n</body>\n</html>\n");
        page.0
    }

    /// Returns the markup with which another page shows [`Self::to_embed`]. It contains the small page
    /// itself, so nothing is fetched, and the page may only open its link.
    #[must_use]
    pub fn to_snippet(&self, from: &str) -> String {
        let mut snippet = String::from(
            "<iframe width=\"480\" height=\"320\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" loading=\"lazy\" title=\"",
        );
        escape(&self.reading().name, &mut snippet);
        snippet.push_str("\" srcdoc=\"");
        escape(&self.to_embed(from), &mut snippet);
        snippet.push_str("\"></iframe>");
        // An attribute's value may span several lines, but some editors end it at a line break.
        snippet.replace('\n', "&#10;")
    }
}

impl Page {
    fn heading(&mut self, reading: &Reading) {
        self.raw("<header>\n");
        self.element("p", "kind", t!("Snapshot of a Cruxboard"));
        self.element("h1", "", &reading.name);
        if reading.question != reading.name {
            self.element("p", "question", &reading.question);
        }
        self.element(
            "p",
            "dated",
            &format!(
                "{} {}",
                reading.dated,
                t!("Frozen: what was changed later is not in it.")
            ),
        );
        self.element("p", "soft", reading.about);
        self.element("p", "soft", &reading.legend);
        for note in &reading.notes {
            self.element("p", "note", note);
        }
        self.element("p", "gaps", &reading.left_out);
        if !reading.gaps.is_empty() {
            self.raw("<details class=\"gaps-list\"><summary>");
            self.text(t!("All that is left out"));
            self.raw("</summary>\n<ul>\n");
            for gap in &reading.gaps {
                self.element("li", "", gap);
            }
            self.raw("</ul>\n</details>\n");
        }
        self.raw("</header>\n");
        if let Some(decision) = &reading.decision {
            self.decision(decision);
        }
        if !reading.right.is_empty() {
            self.raw("<section>\n");
            self.element("h2", "", translated(HOW_LIKELY));
            self.raw("<ul>\n");
            for text in &reading.right {
                self.element("li", "", text);
            }
            self.raw("</ul>\n</section>\n");
        }
    }

    fn decision(&mut self, decision: &DecisionReading) {
        self.raw("<section class=\"decision\">\n");
        self.element("h2", "", &decision.headline);
        self.element("p", "claim", &decision.why);
        self.payloads(&decision.payloads);
        self.list(t!("Actions"), decision.actions.iter().cloned());
        self.raw("</section>\n");
    }

    fn overview(&mut self, reading: &Reading) {
        self.raw("<section>\n");
        self.element("h2", "", t!("At a glance"));
        self.columns(&[
            t!("Crux"),
            t!("In one line"),
            t!("If true"),
            t!("All"),
            t!("Spread"),
        ]);
        for (place, crux) in reading.cruxes.iter().enumerate() {
            self.raw("<tr>");
            self.raw("<th scope=\"row\">");
            self.raw(&format!("<a href=\"#crux-{}\">", place + 1));
            self.text(crux.heading());
            self.raw("</a></th>");
            for text in [crux.below_heading().unwrap_or_default(), &crux.if_true] {
                self.raw("<td>");
                self.text(text);
                self.raw("</td>");
            }
            let (all, spread) = match &crux.figures {
                None => (t!("none yet"), ""),
                Some(all) if !crux.has_spread() => (all.aggregate.as_str(), ""),
                Some(all) => (all.aggregate.as_str(), all.spread_number.as_str()),
            };
            self.raw(&format!(
                "<td class=\"number\">{all}</td><td class=\"number\">{spread}</td></tr>\n"
            ));
        }
        self.raw("</tbody>\n</table></div>\n</section>\n");
    }

    fn crux(&mut self, place: usize, crux: &CruxReading) {
        self.raw(&format!("<article id=\"crux-{place}\">\n"));
        self.element(
            "h2",
            "",
            match crux.heading() {
                "" => t!("Crux"),
                heading => heading,
            },
        );
        if crux.has_title {
            self.element("p", "claim", &crux.claim);
        }
        self.element("p", "points", &crux.points_to);
        self.payloads(&crux.payloads);
        if let (Some(all), Some(figures)) = (crux.estimate, &crux.figures) {
            self.element("h3", "", t!("Credences"));
            self.axis(crux, all.aggregate);
            self.columns(&[t!("Who"), t!("How likely"), t!("When"), t!("Why")]);
            for view in &crux.views {
                self.raw("<tr><th scope=\"row\">");
                self.text(&view.name);
                self.raw(&format!(
                    "</th><td class=\"number\">{}</td><td>{}</td><td>",
                    view.credence.shown(),
                    spelled(view.day)
                ));
                self.text(&view.why());
                self.raw("</td></tr>\n");
            }
            self.raw("<tr><th scope=\"row\">");
            self.text(t!("All"));
            self.raw(&format!(
                "</th><td class=\"number\">{}</td><td></td><td>",
                figures.aggregate
            ));
            let rest = match crux.has_spread() {
                true => t!(
                    "median {median}, spread {spread}",
                    median = figures.median,
                    spread = figures.spread
                ),
                false => t!("median {median}", median = figures.median),
            };
            self.text(&rest);
            self.raw("</td></tr>\n</tbody>\n</table></div>\n");
        }
        if !crux.triggers.is_empty() {
            self.element("h3", "", t!("Triggers"));
            self.raw("<ul class=\"triggers\">\n");
            for trigger in &crux.triggers {
                self.raw("<li>");
                self.element(
                    "p",
                    "state",
                    &format!("{} · {}", trigger.toward, trigger.state.label()),
                );
                self.element("p", "claim", &trigger.headline);
                self.payloads(&trigger.payloads);
                self.raw("</li>\n");
            }
            self.raw("</ul>\n");
        }
        for (side, items) in &crux.sides {
            self.side(*side, items);
        }
        self.list(
            t!("What people outside the board hold"),
            crux.positions.iter().cloned(),
        );
        self.raw("</article>\n");
    }

    fn side(&mut self, side: Direction, items: &[EvidenceReading]) {
        let title = match side {
            Direction::For => t!("Evidence for it"),
            Direction::Against => t!("Evidence against it"),
            Direction::Neutral => t!("Neutral evidence"),
        };
        if items.is_empty() {
            if side != Direction::Neutral {
                self.element("h3", "", title);
                self.element("p", "soft", t!("Nothing on this side is shown."));
            }
            return;
        }
        self.element("h3", "", title);
        self.raw("<ul>\n");
        for item in items {
            self.raw("<li>");
            self.element("p", "claim", &item.headline);
            self.element("p", "soft", &item.meta);
            self.element("blockquote", "", &item.quote);
            if let Ok(Some(address)) = check_address(&item.url) {
                self.raw("<p><a rel=\"noopener noreferrer nofollow\" href=\"");
                self.text(&address);
                self.raw("\">");
                self.text(&address);
                self.raw("</a></p>\n");
            }
            self.raw("</li>\n");
        }
        self.raw("</ul>\n");
    }

    fn rest(&mut self, reading: &Reading) {
        if !reading.terms.is_empty() {
            self.raw("<section>\n");
            self.element("h2", "", t!("Terms"));
            self.raw("<dl>\n");
            for (term, meaning) in &reading.terms {
                self.raw("<dt>");
                self.text(term);
                self.raw("</dt>\n<dd>");
                self.text(meaning);
                self.raw("</dd>\n");
            }
            self.raw("</dl>\n</section>\n");
        }
        if !reading.follow_ups.is_empty() {
            self.raw("<section>\n");
            self.element("h2", "", t!("Owed and awaited"));
            self.raw("<ul>\n");
            for item in &reading.follow_ups {
                self.element("li", "", item);
            }
            self.raw("</ul>\n</section>\n");
        }
    }
}
