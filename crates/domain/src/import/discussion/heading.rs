//! Lines that say who wrote what follows.

use chrono::NaiveDate;

use super::markup::Line;
use super::when::{DayOrder, Found, day_order, find, iso};
use crate::VagueDate;
use crate::text::folded;

/// What a heading says of the message below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Heading {
    pub(super) author: String,
    pub(super) date: VagueDate,
    pub(super) url: String,
    /// What of the message stands on the same line.
    pub(super) rest: String,
}

/// Reads headings as one page writes them.
pub(super) struct Reader {
    today: NaiveDate,
    order: DayOrder,
    base: String,
}

/// The longest line that can be a heading, in bytes; one with a message in it is read up to here.
const LONGEST: usize = 240;

impl Reader {
    pub(super) fn new(lines: &[Line], base: &str, today: NaiveDate) -> Self {
        Self {
            today,
            order: day_order(lines.iter().map(|line| line.text.as_str())),
            base: base.to_owned(),
        }
    }

    /// The heading that begins with a line, and how many lines it takes. `open`: whose message it
    /// would end.
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

    /// The date of a line; what the markup tells is more exact than what it shows.
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

    /// `[23/11/2026, 10:32] Ann: text`, `10:32 - Ann: text`, `[10:32] <ann> text`.
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

    /// "Ann · 3h ago", "by Ann on 23 Nov 2026", "On Mon, 23 Nov 2026, Ann wrote:", "Ann wrote:".
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
            let author = ["wrote:", "writes:", "said:", "says:"]
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
            // A link to a person is as good as a name.
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

    /// A name, and below it a date.
    fn on_two_lines(&self, lines: &[Line], place: usize) -> Option<(Heading, usize)> {
        let name = &lines[place];
        // Above the first message there may be no more than a title.
        let begins = place <= 1
            || name.is_marked_up
            || lines[place - 1].text.is_empty()
            || is_furniture(&lines[place - 1].text);
        let author = cleaned(&name.text);
        if !begins || !is_name(&author) || self.date(name).is_some() {
            return None;
        }
        // Roles, points and marks may stand between.
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

    /// A time alone: whoever wrote the message above goes on.
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

    /// Whether a line holds a date and nothing else: when it was edited, and the like.
    pub(super) fn is_only_date(&self, line: &Line) -> bool {
        line.text.len() <= LONGEST
            && find(&line.text, self.today, self.order).is_some_and(|found| {
                cleaned(&line.text[..found.start]).is_empty()
                    && cleaned(&line.text[found.end..]).is_empty()
            })
    }

    /// The name that a line links to a person's page.
    fn author_link(&self, line: &Line) -> Option<String> {
        let found = line
            .links
            .iter()
            .find(|(text, address)| is_persons(address) && is_name(text) && !is_furniture(text));
        found.map(|(text, _)| text.clone())
    }

    /// Where the message is to be read: the link on its date, or one that looks like it.
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

fn is_persons(address: &str) -> bool {
    const SIGNS: &[&str] = &[
        "/user",
        "user?id=",
        "/u/",
        "/@",
        "/profile",
        "/people/",
        "/author",
        "mailto:",
        "/members/",
    ];
    SIGNS.iter().any(|sign| address.contains(sign))
}

/// An address in full, when the page tells where it stands.
fn absolute(base: &str, address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    if address.starts_with("javascript:") || address.starts_with("data:") || base.is_empty() {
        return String::new();
    }
    let page = base.split('#').next().unwrap_or_default();
    let Some(host) = page.find("://").map(|at| at + 3) else {
        return String::new();
    };
    let host_end = page[host..]
        .find(['/', '?'])
        .map_or(page.len(), |at| host + at);
    let (origin, path) = page.split_at(host_end);
    let path = path.split('?').next().unwrap_or_default();
    if let Some(rest) = address.strip_prefix("//") {
        let scheme = page.split("//").next().unwrap_or_default();
        return format!("{scheme}//{rest}");
    }
    match address.chars().next() {
        Some('/') => format!("{origin}{address}"),
        Some('#') => format!("{page}{address}"),
        Some('?') => format!("{origin}{path}{address}"),
        Some(_) => {
            let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
            format!("{origin}{folder}{address}")
        }
        None => String::new(),
    }
}

/// Puts a blank between a name and a date that were copied without one: "[-]Ann3mo".
fn unglued(text: &str) -> Option<String> {
    let inner = ["[-]", "[+]", "[–]", "[−]"]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))?;
    let mut words: Vec<&str> = inner.split_whitespace().collect();
    let last = words.pop().filter(|_| words.len() < 4)?;
    let digits = last.find(|c: char| c.is_ascii_digit())?;
    let (name, date) = last.split_at(digits);
    let glued = if name.is_empty() {
        last.to_owned()
    } else {
        format!("{name} {date}")
    };
    words.push(&glued);
    Some(words.join(" "))
}

/// What stands before "reply to Bob".
fn until_reply(text: &str) -> &str {
    let small = folded(text);
    let cut = ["in reply", "reply", "replying", "parent", "on:"]
        .iter()
        .filter_map(|word| small.find(word))
        .min();
    // Small letters may take other room than capitals.
    cut.and_then(|cut| text.get(..cut)).unwrap_or(text)
}

/// A text without what pages put beside names: marks, numbers, words like "posted by".
fn cleaned(text: &str) -> String {
    const NOISE: &[&str] = &[
        "by",
        "on",
        "at",
        "posted",
        "wrote",
        "said",
        "commented",
        "replied",
        "edited",
        "reply",
        "parent",
        "next",
        "prev",
        "root",
        "context",
        "link",
        "permalink",
        "share",
        "report",
        "points",
        "point",
        "votes",
        "vote",
        "karma",
        "likes",
        "like",
        "op",
        "author",
        "mod",
        "admin",
        "app",
        "bot",
        "ago",
        "last",
        "updated",
        "published",
        "first",
        "hide",
        "favorite",
        "flag",
        "save",
        "score",
        "hidden",
        "collapse",
        "expand",
        "member",
        "avatar",
        "and",
        "—",
        "from",
        "date",
        "sent",
        "subject",
        "minute",
        "min",
        "read",
    ];
    let kept = text
        .split(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '•' | '·' | '|' | '[' | ']' | '(' | ')' | ',' | '∙' | '▲' | '▼'
                )
        })
        .filter(|word| !is_picture(word))
        .map(|word| word.trim_matches([':', '-', '–', '—', '−', '+', '*', '~', '"']))
        .filter(|word| {
            !word.is_empty()
                && !NOISE.contains(&folded(word).as_str())
                && !is_number(word)
                && !word.starts_with("http://")
                && !word.starts_with("https://")
                && (!word.starts_with('<') || !word.ends_with('>'))
        });
    kept.collect::<Vec<_>>().join(" ")
}

/// ":house:", as chats copy small pictures.
fn is_picture(word: &str) -> bool {
    word.len() > 2 && word.starts_with(':') && word.ends_with(':')
}

fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches(['k', 'K', '%']);
    !digits.is_empty()
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '/'))
}

/// Whether it can be what somebody is called: a few words with capitals, or one handle.
fn is_name(text: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "da", "di", "du", "del", "van", "von", "der", "den", "la", "le", "bin", "al", "of",
        "the", "el", "ter", "dos",
    ];
    let count = text.chars().count();
    if !(1..=50).contains(&count) || !text.chars().any(char::is_alphabetic) {
        return false;
    }
    if text.ends_with(['.', '?', '!', ';', ':', ',']) && !text.ends_with("Jr.") {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [] => false,
        [handle] => {
            let handle = handle.trim_start_matches('/');
            let handle = handle.strip_prefix("u/").unwrap_or(handle);
            handle
                .chars()
                .all(|c| c.is_alphanumeric() || "_-.@'’+".contains(c))
                && !is_furniture(handle)
        }
        words => {
            words.len() <= 5
                && words.iter().all(|word| {
                    let first = word.chars().next().unwrap_or(' ');
                    // Scripts without capitals have neither.
                    !first.is_lowercase() && (first.is_alphabetic() || first == '(')
                        || PARTICLES.contains(word)
                        || word.chars().all(|c| c.is_ascii_digit())
                })
                && words[0].chars().next().is_some_and(char::is_alphabetic)
                && !is_furniture(text)
        }
    }
}

/// Whether a line reads on as text does: a heading has no full stop before its end.
fn is_sentence(text: &str) -> bool {
    text.contains(". ") && text.ends_with(['.', '!', '?'])
}

/// What pages put around messages: buttons, counts.
pub(super) fn is_furniture(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "reply",
        "share",
        "report",
        "save",
        "edit",
        "edited",
        "permalink",
        "parent",
        "like",
        "likes",
        "comment",
        "comments",
        "show more",
        "load more",
        "read more",
        "see more",
        "view more",
        "more replies",
        "follow",
        "following",
        "award",
        "give award",
        "upvote",
        "downvote",
        "agree",
        "disagree",
        "op",
        "author",
        "mod",
        "app",
        "bot",
        "new",
        "next",
        "prev",
        "root",
        "hide",
        "favorite",
        "flag",
        "link",
        "copy link",
        "quote",
        "translate",
        "new messages",
        "profile",
        "avatar",
        "reply reply",
        "submit",
        "log in",
        "sign in",
        "sign up",
        "login",
        "vote",
        "posted",
        "published",
        "updated",
        "replied",
        "wrote",
        "said",
        "subscribe",
        "sort by: best",
        "best",
        "top",
        "newest",
        "oldest",
        "context",
        "delete",
    ];
    // Somebody's "+1" is what they say.
    if text.starts_with('+') {
        return false;
    }
    let bare = text.trim_matches(|c: char| {
        c.is_whitespace() || c.is_ascii_punctuation() || "•·–—−▲▼△▽⬆⬇↑↓…".contains(c)
    });
    if bare.is_empty() {
        return true;
    }
    if bare.len() > 40 {
        return false;
    }
    let small = folded(bare);
    let counted = || {
        let (number, noun) = small.split_once(' ').unwrap_or((&small, ""));
        is_number(number)
            && matches!(
                noun,
                "" | "points"
                    | "point"
                    | "votes"
                    | "vote"
                    | "likes"
                    | "like"
                    | "replies"
                    | "reply"
                    | "comments"
                    | "comment"
                    | "upvotes"
                    | "more replies"
                    | "reactions"
                    | "reaction"
                    | "karma"
                    | "new messages"
                    | "shares"
                    | "views"
            )
    };
    let several = || {
        let mut parts = small.split(['|', '·', '•']).map(str::trim);
        small.contains(['|', '·', '•'])
            && parts.all(|part| part.is_empty() || WORDS.contains(&part) || is_number(part))
    };
    WORDS.contains(&small.as_str()) || counted() || several()
}
