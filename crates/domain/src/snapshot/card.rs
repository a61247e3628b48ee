//! Cards: a snapshot as a picture for slides, of one crux, or of all cruxes in a table. The SVG contains only
//! shapes and text, so every program can draw it and it can run nothing.

use super::Snapshot;
use super::html::escape;
use super::reading::{CruxReading, Reading};
use crate::date::spelled;
use crate::fan_out::fan_out;
use crate::t;
use crate::translation::percent;

/// The width of a card in pixels, for slides of 16:9.
pub const WIDTH: u32 = 1_280;
/// The height of a card in pixels.
pub const HEIGHT: u32 = 720;

const LEFT: f64 = 72.0;
const RIGHT: f64 = WIDTH as f64 - LEFT;
/// Maximum number of cruxes on one card.
const MOST_ROWS: usize = 10;

const INK: &str = "#1b1c1e";
const SOFT: &str = "#5a5d63";
const RULE: &str = "#e3e0d8";
const ACCENT: &str = "#1f5fa8";
/// The colours of people, as on the light screen (`style/tokens.css`).
pub(super) const PEOPLE: [&str; 8] = [
    "#2146ab", "#746f2d", "#ab4c84", "#45176b", "#514d0f", "#486bd5", "#882d64", "#5e1534",
];
const SERIF: &str = "Georgia, 'Noto Serif', 'Liberation Serif', serif";
const SANS: &str = "'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif";

impl Snapshot {
    /// Returns the card: of the only crux, or of all of them.
    #[must_use]
    pub fn to_card(&self) -> String {
        let reading = self.reading();
        let mut card = Card(String::new());
        card.raw(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{HEIGHT}\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n"
        ));
        card.raw("<title>");
        card.text_of(&reading.name);
        card.raw("</title>\n");
        card.raw(&format!(
            "<rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#fbfaf7\"/>\n"
        ));
        match reading.cruxes.as_slice() {
            [crux] => card.crux(&reading, crux),
            cruxes => card.board(&reading, cruxes),
        }
        card.foot(&reading);
        card.raw("</svg>\n");
        card.0
    }
}

/// The typography of a line.
#[derive(Clone, Copy)]
struct Type {
    size: f64,
    family: &'static str,
    weight: u32,
    colour: &'static str,
    /// "start", "middle" or "end".
    anchor: &'static str,
}

const fn set(size: f64, family: &'static str, weight: u32, colour: &'static str) -> Type {
    Type {
        size,
        family,
        weight,
        colour,
        anchor: "start",
    }
}

struct Card(String);

impl Card {
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Adds a text, escaped. Texts of people are added only here.
    fn text_of(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    fn line(&mut self, x: f64, y: f64, how: Type, text: &str) {
        let Type {
            size,
            family,
            weight,
            colour,
            anchor,
        } = how;
        self.raw(&format!(
            "<text x=\"{x}\" y=\"{y}\" font-family=\"{family}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{colour}\" text-anchor=\"{anchor}\">"
        ));
        self.text_of(text);
        self.raw("</text>\n");
    }

    /// Adds a text in several lines, and returns the position of the next line.
    fn lines(&mut self, y: f64, how: Type, text: &str, most: usize) -> f64 {
        // Bold letters are wider.
        let width = (RIGHT - LEFT) / if how.weight > 400 { 1.12 } else { 1.0 };
        let lines = wrapped(text, width, how.size, most);
        let height = how.size * 1.3;
        for (place, line) in lines.iter().enumerate() {
            self.line(LEFT, y + height * place as f64, how, line);
        }
        y + height * lines.len() as f64
    }

    fn crux(&mut self, reading: &Reading, crux: &CruxReading) {
        let kicker = if reading.name == crux.name {
            reading.question.clone()
        } else {
            reading.name.clone()
        };
        self.lines(80.0, set(22.0, SANS, 400, SOFT), &kicker, 1);
        let mut y = self.lines(142.0, set(46.0, SERIF, 700, INK), &crux.name, 2);
        if crux.claim != crux.name {
            y = self.lines(y, set(30.0, SERIF, 400, INK), &crux.claim, 5);
        }
        self.lines(y + 6.0, set(22.0, SANS, 400, SOFT), &crux.points_to, 1);
        self.axis(crux, LEFT + 24.0, RIGHT - 24.0, 530.0, 22.0, true);
        let said = match &crux.figures {
            Some(all) => t!(
                "All together {aggregate}, median {median}, spread {spread}",
                aggregate = all.aggregate,
                median = all.median,
                spread = all.spread
            ),
            None => t!("Nobody has stated a credence yet").to_owned(),
        };
        self.lines(628.0, set(24.0, SANS, 600, INK), &said, 1);
    }

    fn board(&mut self, reading: &Reading, cruxes: &[CruxReading]) {
        let y = self.lines(86.0, set(36.0, SERIF, 700, INK), &reading.name, 2);
        let shown = &cruxes[..cruxes.len().min(MOST_ROWS)];
        let room = 626.0 - y;
        let step = (room / shown.len().max(1) as f64).clamp(30.0, 58.0);
        for (place, crux) in shown.iter().enumerate() {
            let middle = y + step * (place as f64 + 0.5);
            let name = wrapped(&crux.name, 560.0, 24.0, 1);
            let number = Type {
                anchor: "end",
                ..set(22.0, SANS, 400, SOFT)
            };
            self.line(LEFT + 28.0, middle + 8.0, number, &(place + 1).to_string());
            let name = name.first().map_or("", String::as_str);
            self.line(LEFT + 44.0, middle + 8.0, set(24.0, SERIF, 400, INK), name);
            self.axis(crux, 720.0, 1_080.0, middle, 13.0, place + 1 == shown.len());
            let all = crux.figures.as_ref();
            let all = all.map_or("–".to_owned(), |all| all.aggregate.clone());
            let number = Type {
                anchor: "end",
                ..set(24.0, SANS, 600, INK)
            };
            self.line(RIGHT, middle + 8.0, number, &all);
        }
        if cruxes.len() > shown.len() {
            let rest = t!("and {count} more", count = cruxes.len() - shown.len());
            self.line(LEFT + 44.0, 646.0, set(20.0, SANS, 400, SOFT), &rest);
        }
    }

    /// Draws the scale, with everybody's credences and the aggregate as a tall mark.
    fn axis(&mut self, crux: &CruxReading, from: f64, to: f64, y: f64, radius: f64, named: bool) {
        let at = |percent: f64| from + (to - from) * percent / 100.0;
        self.raw(&format!(
            "<line x1=\"{from}\" x2=\"{to}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{RULE}\" stroke-width=\"2\"/>\n"
        ));
        for tick in [0.0, 25.0, 50.0, 75.0, 100.0] {
            let x = at(tick);
            let (top, foot) = (y - radius, y + radius);
            self.raw(&format!(
                "<line x1=\"{x}\" x2=\"{x}\" y1=\"{top}\" y2=\"{foot}\" stroke=\"{RULE}\" stroke-width=\"2\"/>\n"
            ));
            if named {
                let how = Type {
                    anchor: "middle",
                    ..set(16.0, SANS, 400, SOFT)
                };
                self.line(x, y + radius * 1.8 + 16.0, how, &percent(tick));
            }
        }
        if let Some(all) = crux.estimate {
            let (low, high) = (at(all.low.percent()), at(all.high.percent()));
            self.raw(&format!(
                "<line x1=\"{low}\" x2=\"{high}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{SOFT}\" stroke-width=\"4\"/>\n"
            ));
            let (x, top, height) = (
                at(all.aggregate.percent()) - 2.5,
                y - radius * 1.6,
                radius * 3.2,
            );
            self.raw(&format!(
                "<rect x=\"{x}\" y=\"{top}\" width=\"5\" height=\"{height}\" fill=\"{ACCENT}\"/>\n"
            ));
        }
        let mut views: Vec<_> = crux.views.iter().collect();
        views.sort_by(|a, b| a.credence.percent().total_cmp(&b.credence.percent()));
        let percents: Vec<f64> = views.iter().map(|view| view.credence.percent()).collect();
        let width = radius * 2.0;
        let places = fan_out(&percents, (to - from) / width, None);
        for (view, place) in views.into_iter().zip(places) {
            let [x, y] = [from + place.along * width, y + place.across * width]
                .map(|pixels| (pixels * 100.0).round() / 100.0);
            self.raw(&format!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"2\"/>\n",
                PEOPLE[view.colour % PEOPLE.len()]
            ));
            // Three letters need smaller ones to stay within the circle.
            let size = match view.initials.chars().count() {
                0..=2 => 0.9,
                _ => 0.72,
            };
            let how = Type {
                anchor: "middle",
                ..set(radius * size, SANS, 600, "#ffffff")
            };
            self.line(x, y + radius * 0.32, how, &view.initials);
        }
    }

    fn foot(&mut self, reading: &Reading) {
        let text = format!(
            "{} {}",
            t!("Cruxboard snapshot of {day}.", day = spelled(reading.day)),
            reading.left_out
        );
        self.raw(&format!(
            "<line x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"662\" y2=\"662\" stroke=\"{RULE}\" stroke-width=\"1\"/>\n"
        ));
        self.lines(684.0, set(15.0, SANS, 400, SOFT), &text, 2);
    }
}

/// Wraps a text to a width, at most `most` lines; the rest is replaced by an ellipsis.
fn wrapped(text: &str, width: f64, size: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    let words = text
        .split_whitespace()
        .flat_map(|word| broken(word, width, size));
    for word in words {
        let is_last = lines.len() >= most;
        let Some(line) = lines.last_mut() else { break };
        if line.is_empty() {
            line.push_str(&word);
        } else if measured(line, size) + measured(&word, size) + size * 0.36 <= width {
            line.push(' ');
            line.push_str(&word);
        } else if is_last {
            while !line.is_empty() && measured(line, size) + size > width {
                line.pop();
            }
            line.truncate(line.trim_end_matches(['…', ' ']).len());
            line.push('…');
            break;
        } else {
            lines.push(word);
        }
    }
    lines
}

/// Splits a word into parts that fit on a line.
fn broken(word: &str, width: f64, size: f64) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut room = width - size;
    for letter in word.chars() {
        let wide = letter_width(letter) * size;
        if room < wide {
            parts.push(String::new());
            room = width - size;
        }
        room -= wide;
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

fn measured(text: &str, size: f64) -> f64 {
    text.chars().map(letter_width).sum::<f64>() * size
}

/// Returns the approximate width of a letter at size 1: a little more than in common fonts, since the font is
/// unknown.
fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!'
        | '(' | ')' | ' ' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.96,
        'A'..='Z' => 0.74,
        letter if letter.is_ascii() => 0.58,
        letter if u32::from(letter) >= 0x1100 => 1.05,
        _ => 0.68,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_into_lines_that_fit() {
        assert_eq!(wrapped("a few words", 1_000.0, 20.0, 3), ["a few words"]);
        assert_eq!(wrapped("", 100.0, 20.0, 3), [""]);
        let long = "claim ".repeat(100);
        let lines = wrapped(&long, 400.0, 20.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'), "{lines:?}");
        for line in lines
            .iter()
            .chain(&wrapped(&"x".repeat(500), 400.0, 20.0, 4))
        {
            assert!(measured(line, 20.0) <= 400.0, "{line}");
        }
    }
}
