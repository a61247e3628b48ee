//! Splits a page into lines. Text is split as it is; HTML is parsed tolerantly, keeping only text, links and
//! times.

use super::entity::unescaped;
use super::tag::{Tag, tag};

/// A page as lines.
#[derive(Default)]
pub(super) struct Page {
    /// The title given in the HTML.
    pub(super) title: String,
    /// The base address of the links, if given.
    pub(super) base: String,
    pub(super) lines: Vec<Line>,
}

/// A line of text, or an empty line between paragraphs.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// Text and address of each link.
    pub(super) links: Vec<(String, String)>,
    /// The time given in the markup, as ISO 8601.
    pub(super) time: String,
    /// Whether the line is the page's heading.
    pub(super) is_title: bool,
    /// Whether the line comes from markup, where line breaks have a meaning.
    pub(super) is_marked_up: bool,
}

/// Returns whether a text is HTML, or a part of it.
pub(super) fn is_markup(text: &str) -> bool {
    const TAGS: &[&str] = &[
        "<html", "<body", "<div", "<p>", "<p ", "<br", "<a ", "<span", "<table", "<article", "<li",
        "<ul", "<section", "<meta", "<h1", "<h2",
    ];
    let start: String = text
        .chars()
        .take(4_000)
        .flat_map(char::to_lowercase)
        .collect();
    start.contains('>') && TAGS.iter().any(|tag| start.contains(tag))
}

pub(super) fn plain_lines(text: &str) -> Page {
    let lines = text.lines().map(|line| Line {
        text: blanks_joined(line),
        ..Line::default()
    });
    Page {
        lines: lines.collect(),
        ..Page::default()
    }
}

/// Elements whose content is not shown to a reader.
const SILENT: &[&str] = &[
    "script", "style", "template", "svg", "textarea", "select", "iframe", "object", "noscript",
    "math", "canvas", "video", "audio",
];

/// Elements that end a line.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "td",
    "th",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "article",
    "section",
    "header",
    "footer",
    "blockquote",
    "pre",
    "hr",
    "dl",
    "dd",
    "dt",
    "figure",
    "figcaption",
    "details",
    "summary",
    "main",
    "nav",
    "aside",
    "form",
    "body",
    "button",
];

pub(super) fn lines(text: &str) -> Page {
    let mut reading = Reading::default();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            reading.text(rest);
            break;
        };
        reading.text(&rest[..at]);
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some((tag, after)) = tag(rest) else {
            // A "<" that begins no tag.
            reading.text("<");
            rest = &rest[1..];
            continue;
        };
        rest = after;
        if !tag.closes && SILENT.contains(&tag.name.as_str()) {
            rest = behind(rest, &tag.name).1;
        } else if !tag.closes && tag.name == "title" {
            let (title, after) = behind(rest, "title");
            if reading.page.title.is_empty() {
                reading.page.title = blanks_joined(&unescaped(title));
            }
            rest = after;
        } else {
            reading.tag(&tag);
        }
    }
    reading.end_line(true);
    reading.page
}

/// Splits a text at the end of an element. An element without an end takes all of it.
fn behind<'a>(text: &'a str, name: &str) -> (&'a str, &'a str) {
    let mut from = 0;
    while let Some(found) = text[from..].find("</") {
        let at = from + found;
        let end = &text[at + 2..];
        let is_it = end
            .get(..name.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(name));
        if is_it {
            let after = end.find('>').map_or("", |close| &end[close + 1..]);
            return (&text[..at], after);
        }
        from = at + 2;
    }
    (text, "")
}

#[derive(Default)]
struct Reading {
    page: Page,
    line: Line,
    /// The start of the open link's text, and its address.
    link: Option<(usize, String)>,
    /// Number of open quotations.
    quotes: usize,
    is_in_title: bool,
}

impl Reading {
    fn text(&mut self, text: &str) {
        let text = unescaped(text);
        let begins_blank = text.starts_with(char::is_whitespace);
        let joined = blanks_joined(&text);
        if begins_blank || joined.is_empty() {
            self.blank(!text.is_empty());
        }
        self.line.text.push_str(&joined);
        if !joined.is_empty() && text.ends_with(char::is_whitespace) {
            self.blank(true);
        }
    }

    fn blank(&mut self, is_wanted: bool) {
        if is_wanted && !self.line.text.is_empty() && !self.line.text.ends_with(' ') {
            self.line.text.push(' ');
        }
    }

    fn tag(&mut self, tag: &Tag) {
        if BLOCKS.contains(&tag.name.as_str()) {
            self.end_line(matches!(
                tag.name.as_str(),
                "p" | "li" | "article" | "section" | "tr" | "table" | "blockquote"
            ));
        }
        match (tag.name.as_str(), tag.closes) {
            ("a", false) => {
                let address = tag.attribute("href").unwrap_or_default().trim().to_owned();
                self.link = Some((self.line.text.len(), address));
            }
            ("a", true) => self.end_link(),
            ("blockquote", false) => self.quotes += 1,
            ("blockquote", true) => self.quotes = self.quotes.saturating_sub(1),
            ("h1", closes) => self.is_in_title = !closes,
            ("base", _) => {
                self.page.base = tag.attribute("href").unwrap_or_default().to_owned();
            }
            ("link", _)
                if tag.attribute("rel") == Some("canonical") && self.page.base.is_empty() =>
            {
                self.page.base = tag.attribute("href").unwrap_or_default().to_owned();
            }
            _ => {}
        }
        if tag.closes {
            return;
        }
        let told = ["datetime", "title", "data-time", "content"]
            .iter()
            .filter_map(|name| tag.attribute(name))
            .find(|value| super::when::is_moment(value));
        if let Some(told) = told
            && self.line.time.is_empty()
        {
            told.clone_into(&mut self.line.time);
        }
    }

    fn end_link(&mut self) {
        if let Some((start, address)) = self.link.take() {
            let text = self.line.text.get(start..).unwrap_or_default().trim();
            if !address.is_empty() && self.line.links.len() < 64 {
                self.line.links.push((text.to_owned(), address));
            }
        }
    }

    fn end_line(&mut self, is_paragraph: bool) {
        // A link over several lines counts on the first.
        self.end_link();
        let mut line = std::mem::take(&mut self.line);
        line.text.truncate(line.text.trim_end().len());
        line.is_marked_up = true;
        line.is_title = self.is_in_title;
        let is_gap = line.text.is_empty();
        if !is_gap && self.quotes > 0 {
            line.text.insert_str(0, "> ");
        }
        if !is_gap {
            self.page.lines.push(line);
        } else if !line.time.is_empty() || !line.links.is_empty() {
            // The properties of an empty line apply to the next line.
            self.line.time = line.time;
        }
        let follows_gap = self
            .page
            .lines
            .last()
            .is_none_or(|last| last.text.is_empty());
        if is_paragraph && !follows_gap {
            self.page.lines.push(Line {
                is_marked_up: true,
                ..Line::default()
            });
        }
    }
}

/// Returns a text with single spaces between its words, and none around it.
fn blanks_joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let words = text
        .split(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{200b}' || c == '\u{feff}')
        .filter(|word| !word.is_empty());
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !c.is_control()));
    }
    out
}
