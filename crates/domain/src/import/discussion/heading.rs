//! Headings: lines that name the author of the following message.

use chrono::NaiveDate;

use super::address::{absolute, is_persons};
use super::cleaning::{cleaned, unglued, until_reply};
use super::furniture::is_furniture;
use super::markup::Line;
use super::name::{is_name, is_sentence};
use super::when::{DayOrder, Found, day_order, find, iso};
use crate::VagueDate;

/// The facts in a heading about its message.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Heading {
    pub(super) author: String,
    pub(super) date: VagueDate,
    pub(super) url: String,
    /// The part of the message on the same line.
    pub(super) rest: String,
}

/// Recognizes headings in the style of one page.
pub(super) struct Reader {
    today: NaiveDate,
    order: DayOrder,
    base: String,
}

/// Maximum length of a heading, in bytes. Of a line with a message in it, only the beginning is inspected.
const LONGEST: usize = 240;

impl Reader {
    pub(super) fn new(lines: &[Line], base: &str, today: NaiveDate) -> Self {
        Self {
            today,
            order: day_order(lines.iter().map(|line| line.text.as_str())),
            base: base.to_owned(),
        }
    }

    /// Returns the heading that begins at a line, and its number of lines. `open` is the heading of the
    /// message that it would end.
    pub(super) fn heading(
        &self,
        lines: &[Line],
        place: usize,
        open: Option<&Heading>,
    ) -> Option<(Heading, usize)> {
        let line = lines.get(place)?;
        if line.text.is_empty() || line.text.starts_with('>') || line.is_title {
            return None;
        }
        if let Some(heading) = self.chat(line) {
            return Some((heading, 1));
        }
        if line.text.len() > LONGEST {
            return None;
        }
        if let Some(heading) = self.on_one_line(line) {
            return Some((heading, 1));
        }
        self.on_two_lines(lines, place)
            .or_else(|| self.time_alone(line, open))
    }

    /// Returns the date of a line. The date in the markup is more exact than the shown one.
    fn date(&self, line: &Line) -> Option<Found> {
        let found = find(&line.text, self.today, self.order);
        match iso(line.time.trim()) {
            Some(day) => Some(Found {
                date: VagueDate::Day(day),
                is_time_only: false,
                ..found.unwrap_or(Found {
                    start: line.text.len(),
                    end: line.text.len(),
                    date: VagueDate::Unknown,
                    is_time_only: false,
                })
            }),
            None => found,
        }
    }

    /// Parses `[23/11/2026, 10:32] Ann: text`, `10:32 - Ann: text`, `[10:32] <ann> text`.
    fn chat(&self, line: &Line) -> Option<Heading> {
        let end = line.text.floor_char_boundary(LONGEST);
        let found = find(&line.text[..end], self.today, self.order)?;
        let before = &line.text[..found.start];
        if !before.chars().all(|c| matches!(c, '[' | '(' | ' ')) {
            return None;
        }
        let after = line.text[found.end..].trim_start_matches([']', ')', ' ', '-', '–', ',']);
        let (author, rest) = match after.strip_prefix('<') {
            Some(inner) => inner.split_once('>')?,
            None => after.split_once(": ").or_else(|| {
                let author = after.strip_suffix(':')?;
                Some((author, ""))
            })?,
        };
        let author = author.trim().trim_start_matches(['~', '@', ' ']);
        is_name(author).then(|| Heading {
            author: author.to_owned(),
            date: found.date,
            url: self.link(line, author),
            rest: rest.trim().to_owned(),
        })
    }

    /// Parses "Ann · 3h ago", "by Ann on 23 Nov 2026", "On Mon, 23 Nov 2026, Ann wrote:", "Ann wrote:".
    fn on_one_line(&self, line: &Line) -> Option<Heading> {
        let text = unglued(&line.text);
        let spaced;
        let line = match &text {
            Some(text) => {
                spaced = Line {
                    text: text.clone(),
                    links: line.links.clone(),
                    time: line.time.clone(),
                    ..Line::default()
                };
                &spaced
            }
            None => line,
        };
        let Some(found) = self.date(line) else {
            let author = [
                "wrote:",
                "writes:",
                "said:",
                "says:",
                "schrieb:",
                "schreibt:",
                "sagte:",
                "sagt:",
            ]
            .iter()
            .find_map(|verb| line.text.strip_suffix(verb))?
            .trim();
            return is_name(author).then(|| Heading {
                author: author.to_owned(),
                url: self.link(line, author),
                ..Heading::default()
            });
        };
        let before = cleaned(&line.text[..found.start]);
        let after = cleaned(until_reply(&line.text[found.end..]));
        let by_link = self.author_link(line);
        let author = match (by_link, before.as_str(), after.as_str()) {
            // A link to a person's page counts as a name.
            (Some(name), ..) => name,
            (None, name, "") | (None, "", name) => name.to_owned(),
            _ => return None,
        };
        let is_too_much = before.chars().count() + after.chars().count() > 80;
        let fits = is_name(&author) && !is_too_much && !is_sentence(&line.text);
        fits.then(|| Heading {
            date: found.date,
            url: self.link(line, &author),
            author,
            rest: String::new(),
        })
    }

    /// Parses a name with a date on a line below.
    fn on_two_lines(&self, lines: &[Line], place: usize) -> Option<(Heading, usize)> {
        let name = &lines[place];
        // Above the first message, there may be only a title.
        let begins = place <= 1
            || name.is_marked_up
            || lines[place - 1].text.is_empty()
            || is_furniture(&lines[place - 1].text);
        let author = cleaned(&name.text);
        if !begins || !is_name(&author) || self.date(name).is_some() {
            return None;
        }
        // Roles, points and marks may come between.
        for (takes, line) in lines.iter().enumerate().skip(place + 1).take(4) {
            if line.text.is_empty() || is_furniture(&line.text) {
                continue;
            }
            let found = self.date(line).filter(|_| line.text.len() <= LONGEST)?;
            let before = cleaned(&line.text[..found.start]);
            let after = cleaned(until_reply(&line.text[found.end..]));
            if !before.is_empty() || !after.is_empty() {
                return None;
            }
            let mut url = self.link(line, &author);
            if url.is_empty() {
                url = self.link(name, &author);
            }
            let heading = Heading {
                author,
                date: found.date,
                url,
                rest: String::new(),
            };
            return Some((heading, takes + 1 - place));
        }
        None
    }

    /// Parses a time alone: the author of the message above continues.
    fn time_alone(&self, line: &Line, open: Option<&Heading>) -> Option<(Heading, usize)> {
        let open = open.filter(|open| !open.author.is_empty())?;
        let found = self.date(line).filter(|found| found.is_time_only)?;
        let is_alone = cleaned(&line.text[..found.start]).is_empty()
            && cleaned(&line.text[found.end..]).is_empty();
        is_alone.then(|| {
            let heading = Heading {
                url: self.link(line, &open.author),
                rest: String::new(),
                ..open.clone()
            };
            (heading, 1)
        })
    }

    /// Returns whether a line contains only a date, such as that of an edit.
    pub(super) fn is_only_date(&self, line: &Line) -> bool {
        line.text.len() <= LONGEST
            && find(&line.text, self.today, self.order).is_some_and(|found| {
                cleaned(&line.text[..found.start]).is_empty()
                    && cleaned(&line.text[found.end..]).is_empty()
            })
    }

    /// Returns the name that a line links to a person's page.
    fn author_link(&self, line: &Line) -> Option<String> {
        let found = line
            .links
            .iter()
            .find(|(text, address)| is_persons(address) && is_name(text) && !is_furniture(text));
        found.map(|(text, _)| text.clone())
    }

    /// Returns the message's address: the link on its date, or one that looks like it.
    fn link(&self, line: &Line, author: &str) -> String {
        const SIGNS: &[&str] = &[
            "#",
            "comment",
            "permalink",
            "item?id=",
            "/p/",
            "status",
            "/msg",
            "archives/",
        ];
        let others = || {
            line.links
                .iter()
                .filter(|(text, address)| text != author && !is_persons(address))
        };
        let dated = others().find(|(text, _)| {
            find(text, self.today, self.order).is_some_and(|found| found.end - found.start > 1)
        });
        let likely =
            || others().find(|(_, address)| SIGNS.iter().any(|sign| address.contains(sign)));
        if let Some((_, address)) = dated.or_else(likely) {
            return absolute(&self.base, address);
        }
        let spelled = line
            .text
            .split_whitespace()
            .find(|word| word.starts_with("http://") || word.starts_with("https://"));
        spelled.unwrap_or_default().to_owned()
    }
}
