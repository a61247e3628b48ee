//! Lines of a page: of text as they are, of HTML by a tolerant reading that keeps text, links and
//! times, and forgets the rest.

/// A page as lines.
#[derive(Default)]
pub(super) struct Page {
    /// What HTML calls it.
    pub(super) title: String,
    /// What its links are relative to, if it says so.
    pub(super) base: String,
    pub(super) lines: Vec<Line>,
}

/// One line, or an empty one between paragraphs.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    /// Text and address of each link.
    pub(super) links: Vec<(String, String)>,
    /// A moment that the markup tells, as ISO 8601.
    pub(super) time: String,
    /// Whether it is the heading of the page.
    pub(super) is_title: bool,
    /// Whether it comes from markup, where lines are not by chance.
    pub(super) is_marked_up: bool,
}

/// Whether a text is HTML, or a part of it.
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

/// What is between these says nothing to a reader.
const SILENT: &[&str] = &[
    "script", "style", "template", "svg", "textarea", "select", "iframe", "object", "noscript",
    "math", "canvas", "video", "audio",
];

/// These end a line.
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
            // A sign, and no tag.
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

/// What stands before the end of an element, and what behind it; all of it when it never ends.
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

struct Tag {
    name: String,
    closes: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter();
        found
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// The longest tag that is looked through, in bytes; a longer one is text.
const LONGEST_TAG: usize = 16_384;

/// The tag at the start of a text, and what follows it.
fn tag(text: &str) -> Option<(Tag, &str)> {
    let inner = text.strip_prefix('<')?;
    let closes = inner.starts_with(['/', '!', '?']);
    let inner = inner.trim_start_matches(['/', '!', '?']);
    let first = inner.chars().next()?;
    if !first.is_ascii_alphabetic() {
        return None;
    }
    // The end stands behind the quoted values. A tag holds no other tag, so that signs without an
    // end are not looked through again and again.
    let mut quote = None;
    let mut end = None;
    for (at, letter) in inner.char_indices() {
        match (quote, letter) {
            _ if at > LONGEST_TAG => return None,
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if inner[..at].trim_end().ends_with('=') => quote = Some(letter),
            (None, '<') => return None,
            (None, '>') => {
                end = Some(at);
                break;
            }
            (None, _) => {}
        }
    }
    let end = end?;
    let (inside, after) = (&inner[..end], &inner[end + 1..]);
    let name_end = inside
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inside.len());
    let tag = Tag {
        name: inside[..name_end].to_ascii_lowercase(),
        closes,
        attributes: attributes(&inside[name_end..]),
    };
    Some((tag, after))
}

fn attributes(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t', '\n', '\r', '/']);
    while !rest.is_empty() && found.len() < 64 {
        let end = rest
            .find(|c: char| c.is_whitespace() || c == '=')
            .unwrap_or(rest.len());
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (inside, behind) = match quote {
                Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                None => after
                    .find(char::is_whitespace)
                    .map_or((after, ""), |end| after.split_at(end)),
            };
            value = inside;
            rest = behind;
        } else if end == 0 {
            // A stray sign.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            rest = &rest[first..];
        }
        if !name.is_empty() {
            found.push((name, unescaped(value)));
        }
        rest = rest.trim_start();
    }
    found
}

#[derive(Default)]
struct Reading {
    page: Page,
    line: Line,
    /// Where the text of the open link begins, and its address.
    link: Option<(usize, String)>,
    /// How many quotations are open.
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
            // What stood on an empty line is told of the next.
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

/// A text with one blank between its words, and none around it.
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

/// A text with its character references resolved; those that it has not heard of stay.
fn unescaped(text: &str) -> String {
    const NAMED: &[(&str, &str)] = &[
        ("amp", "&"),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("nbsp", " "),
        ("mdash", "—"),
        ("ndash", "–"),
        ("hellip", "…"),
        ("rsquo", "’"),
        ("lsquo", "‘"),
        ("rdquo", "”"),
        ("ldquo", "“"),
        ("bull", "•"),
        ("middot", "·"),
        ("times", "×"),
        ("rarr", "→"),
        ("laquo", "«"),
        ("raquo", "»"),
    ];
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = rest
            .char_indices()
            .take(12)
            .find(|(_, letter)| *letter == ';')
            .map(|(end, _)| &rest[..end]);
        let number = name.and_then(|name| name.strip_prefix('#'));
        let code = number.and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
        let named = name.and_then(|name| NAMED.iter().find(|(known, _)| *known == name));
        match (name, code.and_then(char::from_u32), named) {
            (Some(name), Some(letter), _) => {
                out.push(letter);
                rest = &rest[name.len() + 1..];
            }
            (Some(name), _, Some((_, letter))) => {
                out.push_str(letter);
                rest = &rest[name.len() + 1..];
            }
            _ => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}
