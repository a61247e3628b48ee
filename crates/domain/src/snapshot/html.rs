//! A snapshot as one page that opens from a disk: no script, nothing to load.

use super::Snapshot;
use super::reading::{CruxReading, EvidenceReading, Reading};
use crate::date::spelled;
use crate::record::Direction;
use crate::web_address::check_address;

const STYLE: &str = include_str!("page.css");
const EMBED_STYLE: &str = include_str!("embed.css");

impl Snapshot {
    /// The page. Whatever a person wrote is text in it, and never markup.
    #[must_use]
    pub fn to_html(&self) -> String {
        let reading = self.reading();
        let mut page = Page(String::new());
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        // Belt and braces: a browser would refuse what slipped through.
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.element("title", "", &format!("{} · snapshot", reading.name));
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

    /// One crux as a small page to stand in the frame of another, 480 by 320 pixels or more: no
    /// script, nothing to load, nothing that could act for its reader. `from`: the link to the whole
    /// snapshot, if there is one.
    #[must_use]
    pub fn to_embed(&self, from: &str) -> String {
        let reading = self.reading();
        let mut page = Page(String::new());
        page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
        page.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
        page.element("title", "", &format!("{} · snapshot", reading.name));
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

    /// What to put into a page that is to show [`Self::to_embed`]: the small page itself stands in
    /// it, so nothing is fetched from anywhere, and it may do nothing but open its link.
    #[must_use]
    pub fn to_snippet(&self, from: &str) -> String {
        let mut snippet = String::from(
            "<iframe width=\"480\" height=\"320\" sandbox=\"allow-popups allow-popups-to-escape-sandbox\" loading=\"lazy\" title=\"",
        );
        escape(&self.reading().name, &mut snippet);
        snippet.push_str("\" srcdoc=\"");
        escape(&self.to_embed(from), &mut snippet);
        snippet.push_str("\"></iframe>");
        // As an attribute's value may stand over several lines, but some editors end it there.
        snippet.replace('\n', "&#10;")
    }
}

/// Adds a text to markup: it is text there, and nothing else, in HTML and in XML.
pub(super) fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Pages must not hold these, and they would hide what follows or turn it round.
            '\0'..='\u{8}'
            | '\u{b}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fdd0}'..='\u{fdef}' => out.push('\u{fffd}'),
            letter if u32::from(letter) & 0xFFFE == 0xFFFE => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
}

struct Page(String);

impl Page {
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// The one way in for what people wrote.
    fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    /// An element with a class and a text; nothing where there is no text.
    fn element(&mut self, tag: &str, class: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.raw("<");
        self.raw(tag);
        if !class.is_empty() {
            self.raw(" class=\"");
            self.raw(class);
            self.raw("\"");
        }
        self.raw(">");
        self.text(text);
        self.raw("</");
        self.raw(tag);
        self.raw(">\n");
    }

    fn list(&mut self, title: &str, items: impl IntoIterator<Item = String>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        self.element("h3", "", title);
        self.raw("<ul>\n");
        for item in items {
            self.element("li", "", &item);
        }
        self.raw("</ul>\n");
    }

    fn payloads(&mut self, payloads: &[(&'static str, String)]) {
        if payloads.is_empty() {
            return;
        }
        self.raw("<dl>\n");
        for (what, text) in payloads {
            self.element("dt", "", what);
            self.element("dd", "", text);
        }
        self.raw("</dl>\n");
    }

    fn small_crux(&mut self, crux: &CruxReading) {
        self.element("h1", "", &crux.name);
        if crux.claim != crux.name {
            self.element("p", "claim", &crux.claim);
        }
        self.element("p", "soft", &crux.points_to);
        if let (Some(all), Some(figures)) = (crux.estimate, &crux.figures) {
            self.raw("<div class=\"axis\" aria-hidden=\"true\">");
            for view in &crux.views {
                self.raw(&format!("<i style=\"left:{}%\">", view.credence));
                self.text(&view.initials);
                self.raw("</i>");
            }
            self.raw(&format!(
                "<b style=\"left:{}%\"></b></div>\n<p class=\"soft ends\" aria-hidden=\"true\"><span>0%</span><span>100%</span></p>\n",
                all.aggregate
            ));
            let people = crux.views.iter();
            let people = people.map(|view| format!("{} {}", view.name, view.credence.shown()));
            self.element(
                "p",
                "people",
                &format!(
                    "All together {}, spread {}. {}.",
                    figures.aggregate,
                    figures.spread,
                    people.collect::<Vec<_>>().join(", ")
                ),
            );
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

    /// Where a small page comes from, and when.
    fn origin(&mut self, reading: &Reading, from: &str) {
        self.raw("<footer>");
        self.text(&format!("Frozen on {}.", spelled(reading.day)));
        if !reading.gaps.is_empty() {
            self.text(&format!(" Not shown: {}.", reading.gaps.join(", ")));
        }
        match check_address(from) {
            Ok(Some(address)) => {
                self.raw(" <a target=\"_blank\" rel=\"noopener noreferrer\" href=\"");
                self.text(address);
                self.raw("\">Cruxboard snapshot, in full</a>");
            }
            _ => self.raw(" Cruxboard snapshot."),
        }
        self.raw("</footer>\n");
    }

    fn heading(&mut self, reading: &Reading) {
        self.raw("<header>\n");
        self.element("p", "kind", "Snapshot of a Cruxboard");
        self.element("h1", "", &reading.name);
        if reading.question != reading.name {
            self.element("p", "question", &reading.question);
        }
        self.element(
            "p",
            "dated",
            &format!(
                "{} Frozen: what was changed later is not in it.",
                reading.dated
            ),
        );
        for note in &reading.notes {
            self.element("p", "note", note);
        }
        if !reading.gaps.is_empty() {
            self.element(
                "p",
                "gaps",
                &format!("Not shown: {}.", reading.gaps.join(", ")),
            );
        }
        self.raw("</header>\n");
    }

    fn overview(&mut self, reading: &Reading) {
        self.raw("<section>\n");
        self.element("h2", "", "At a glance");
        self.raw("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Crux</th><th scope=\"col\">In one line</th><th scope=\"col\">If true</th><th scope=\"col\">All</th><th scope=\"col\">Spread</th></tr></thead>\n<tbody>\n");
        for (place, crux) in reading.cruxes.iter().enumerate() {
            self.raw("<tr>");
            self.raw("<th scope=\"row\">");
            self.raw(&format!("<a href=\"#crux-{}\">", place + 1));
            self.text(&crux.name);
            self.raw("</a></th>");
            for text in [
                crux.one_line(),
                crux.points_to.trim_start_matches("If true: "),
            ] {
                self.raw("<td>");
                self.text(text);
                self.raw("</td>");
            }
            let (all, spread) = match &crux.figures {
                None => ("none yet", ""),
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
            if crux.name.is_empty() {
                "Crux"
            } else {
                &crux.name
            },
        );
        if crux.claim != crux.name {
            self.element("p", "claim", &crux.claim);
        }
        self.element("p", "points", &crux.points_to);
        self.payloads(&crux.payloads);
        if let (Some(all), Some(figures)) = (crux.estimate, &crux.figures) {
            self.element("h3", "", "Credences");
            self.raw("<div class=\"axis\" aria-hidden=\"true\">");
            for view in &crux.views {
                self.raw(&format!("<i style=\"left:{}%\"></i>", view.credence));
            }
            self.raw(&format!(
                "<b style=\"left:{}%\"></b></div>\n",
                all.aggregate
            ));
            self.raw("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Who</th><th scope=\"col\">How likely</th><th scope=\"col\">When</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n");
            for view in &crux.views {
                self.raw("<tr><th scope=\"row\">");
                self.text(&view.name);
                self.raw(&format!(
                    "</th><td class=\"number\">{}</td><td>{}</td><td>",
                    view.credence.shown(),
                    view.day
                ));
                self.text(&view.reason);
                self.raw("</td></tr>\n");
            }
            self.raw(&format!(
                "<tr><th scope=\"row\">All</th><td class=\"number\">{}</td><td></td><td>median {}, spread {}</td></tr>\n</tbody>\n</table></div>\n",
                figures.aggregate, figures.median, figures.spread,
            ));
        }
        if !crux.triggers.is_empty() {
            self.element("h3", "", "Triggers");
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
            "What people outside the board hold",
            crux.positions.iter().cloned(),
        );
        self.raw("</article>\n");
    }

    fn side(&mut self, side: Direction, items: &[EvidenceReading]) {
        let title = match side {
            Direction::For => "Evidence for it",
            Direction::Against => "Evidence against it",
            Direction::Neutral => "Neutral evidence",
        };
        if items.is_empty() {
            if side != Direction::Neutral {
                self.element("h3", "", title);
                self.element("p", "soft", "Nothing on this side is shown.");
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
                self.text(address);
                self.raw("\">");
                self.text(address);
                self.raw("</a></p>\n");
            }
            self.raw("</li>\n");
        }
        self.raw("</ul>\n");
    }

    fn rest(&mut self, reading: &Reading) {
        if !reading.terms.is_empty() {
            self.raw("<section>\n");
            self.element("h2", "", "Terms");
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
            self.element("h2", "", "Owed and awaited");
            self.raw("<ul>\n");
            for item in &reading.follow_ups {
                self.element("li", "", item);
            }
            self.raw("</ul>\n</section>\n");
        }
    }
}
