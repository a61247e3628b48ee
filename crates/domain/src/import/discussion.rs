//! Import of a discussion copied from a page, as messages to read, with author, date and link where the page
//! shows them.
//!
//! - [`read`]: parses the text or the HTML of a page to its messages. `markup` converts HTML to lines, with
//!   `tag` and `entity`. `heading` finds the lines that name the author of the following message; `name` and
//!   `address` recognize names and links in them. `cleaning` and `furniture` remove the page's own texts, and
//!   `when` finds dates.
//! - [`plan`](fn@plan): computes the effect of importing the messages on a board. Importing the same page
//!   again, longer, adds the new messages.
//! - [`sentences`]: splits a message into sentences, each of which can become evidence or a crux.
//!
//! Pages have many forms, so this guesses, and the guess is shown before anything is imported. Any input is
//! accepted, in bounded time, and HTML never becomes HTML again.

mod address;
mod cleaning;
mod entity;
mod furniture;
mod heading;
mod markup;
mod name;
mod plan;
mod slack;
mod tag;
mod when;

use crate::t;
use chrono::NaiveDate;

use crate::VagueDate;
use crate::date::month_number;
use crate::file_kind::{FileKind, file_kind};
use crate::text::folded;
use crate::web_address::check_address;

use self::furniture::is_furniture;
use self::heading::{Heading, Reader};
use self::markup::Line;
pub use self::plan::{ReadingPlan, plan};

/// Maximum size of a page, in bytes. A discussion of a thousand messages has about a tenth of this.
pub const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Maximum number of messages in one import.
pub const MOST_MESSAGES: usize = 2_000;

/// Maximum length of a message, in characters; a longer one is split.
const MOST_CHARS: usize = 15_000;

/// A parsed page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pasted {
    /// The page's title; empty if it has none.
    pub title: String,
    /// The page's messages, in order.
    pub messages: Vec<Post>,
}

/// A message of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Post {
    /// The author; empty if the page does not name one.
    pub author: String,
    /// The date.
    pub date: VagueDate,
    /// The message's address; empty if the page does not give one.
    pub url: String,
    /// The message's text.
    pub text: String,
}

/// The reason why a page cannot be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiscussionError {
    /// The page has no text.
    #[error("{}", t!(
        "There is nothing to read in this."
    ))]
    Empty,
    /// The page is too large.
    #[error("{}", t!(
        "This page has more than 4 MB. Please copy a part of it."
    ))]
    TooLarge,
    /// The page has too many messages.
    #[error("{}", t!(
        "This page has more than {most_messages} messages. Please paste it in parts.",
        most_messages = MOST_MESSAGES
    ))]
    TooMany,
    /// The content is of another known kind.
    #[error("{}", t!("This is {kind}, not a page. {advice}", kind = .0, advice = .1))]
    Other(&'static str, &'static str),
}

/// Reads a copied page. `address` is the page's address, for links that only name a place on it. `today` is
/// for dates like "3 days ago".
///
/// # Errors
/// [`DiscussionError`] if nothing can be imported.
pub fn read(text: &str, address: &str, today: NaiveDate) -> Result<Pasted, DiscussionError> {
    if text.len() > MOST_BYTES {
        return Err(DiscussionError::TooLarge);
    }
    // JSON may contain tags in its texts.
    let mut page = if file_kind(text).is_none() && markup::is_markup(text) {
        markup::lines(text)
    } else {
        markup::plain_lines(text)
    };
    if let Some(kind) = beginning_kind(&page.lines) {
        // A browser that shows JSON also formats it as lines.
        let lines = page.lines.iter().map(|line| line.text.as_str());
        let messages = slack::messages(&lines.collect::<Vec<_>>().join("\n"));
        let messages = messages.ok_or(DiscussionError::Other(kind.name, kind.advice))?;
        return exported(messages);
    }
    if page.base.is_empty() {
        page.base = address.trim().to_owned();
    }
    let reader = Reader::new(&page.lines, &page.base, today);
    let mut found = Found::default();
    let mut place = 0;
    while let Some(line) = page.lines.get(place) {
        let read = reader.heading(&page.lines, place, found.open.as_ref());
        if let Some((heading, takes)) = read {
            found.begin(heading);
            place += takes;
            continue;
        }
        if !is_furniture(&line.text) && !reader.is_only_date(line) {
            found.lines.push(line);
        }
        place += 1;
        if found.posts.len() > MOST_MESSAGES {
            return Err(DiscussionError::TooMany);
        }
    }
    found.end_before(false);
    let Found {
        mut posts, title, ..
    } = found;
    if posts.len() > MOST_MESSAGES {
        return Err(DiscussionError::TooMany);
    }
    if posts.is_empty() {
        return Err(DiscussionError::Empty);
    }
    for post in &mut posts {
        let address = check_address(&post.url).ok().flatten();
        post.url = address.unwrap_or_default().into_owned();
    }
    let title = if page.title.is_empty() {
        title
    } else {
        page.title
    };
    Ok(Pasted {
        title: clipped(&title, 300),
        messages: posts,
    })
}

/// Returns the page for messages that a program exported one by one.
fn exported(messages: Vec<Post>) -> Result<Pasted, DiscussionError> {
    let mut posts = Vec::new();
    for message in messages {
        for text in parts(&message.text) {
            posts.push(Post {
                text,
                author: clipped(&message.author, 100),
                ..message.clone()
            });
        }
        if posts.len() > MOST_MESSAGES {
            return Err(DiscussionError::TooMany);
        }
    }
    if posts.is_empty() {
        return Err(DiscussionError::Empty);
    }
    Ok(Pasted {
        title: String::new(),
        messages: posts,
    })
}

/// Returns the kind of content that the first lines show.
fn beginning_kind(lines: &[Line]) -> Option<FileKind> {
    /// Enough lines for more than the first records of an export.
    const LOOKED_AT: usize = 200;
    let lines = lines.iter().take(LOOKED_AT).map(|line| line.text.as_str());
    file_kind(lines.collect::<Vec<_>>().join("\n").trim_start())
}

/// The messages found so far.
#[derive(Default)]
struct Found<'a> {
    /// The lines above the first message, if they are a title.
    title: String,
    posts: Vec<Post>,
    /// The heading of the message that the present lines belong to.
    open: Option<Heading>,
    lines: Vec<&'a Line>,
}

impl Found<'_> {
    fn begin(&mut self, heading: Heading) {
        self.end_before(true);
        self.open = Some(heading);
    }

    /// Ends the message of the lines since the last heading. `goes_on`: whether another message follows.
    fn end_before(&mut self, goes_on: bool) {
        let mut lines: Vec<&Line> = std::mem::take(&mut self.lines);
        let heading = self.open.take();
        if self.posts.is_empty() && heading.is_none() && self.title.is_empty() {
            // A page begins with its title, if anything follows it.
            let first = lines.iter().position(|line| !line.text.is_empty());
            if let Some(first) = first
                && lines[first].text.chars().count() <= 200
                && !lines[first].text.ends_with('.')
                && (lines[first].is_title || goes_on || lines.len() > first + 1)
            {
                self.title.clone_from(&lines[first].text);
                lines.drain(..=first);
            }
        }
        let heading = heading.unwrap_or_default();
        let text = body(&heading.rest, &lines);
        for part in parts(&text) {
            self.posts.push(Post {
                author: clipped(&heading.author, 100),
                date: heading.date,
                url: heading.url.clone(),
                text: part,
            });
        }
    }
}

/// Returns the text of a message, one line per paragraph.
fn body(first: &str, lines: &[&Line]) -> String {
    let mut text = first.trim().to_owned();
    let mut is_after_gap = false;
    let all_quoted = text.is_empty()
        && lines
            .iter()
            .all(|line| line.text.is_empty() || line.text.starts_with('>'));
    for line in lines {
        let mut line = line.text.as_str();
        if all_quoted {
            line = line.trim_start_matches(['>', ' ']);
        }
        if line.is_empty() {
            is_after_gap = true;
            continue;
        }
        let goes_on = !is_after_gap
            && line.chars().next().is_some_and(char::is_lowercase)
            && !text.ends_with(['.', '!', '?', ':', '\n']);
        if !text.is_empty() {
            text.push(if goes_on { ' ' } else { '\n' });
        }
        text.push_str(line);
        is_after_gap = false;
    }
    text
}

/// Splits a long text into parts, between paragraphs or else between words.
fn parts(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((most, _)) = rest.char_indices().nth(MOST_CHARS) else {
            parts.push(rest.to_owned());
            break;
        };
        let head = &rest[..most];
        let cut = head
            .rfind('\n')
            .or_else(|| head.rfind(' '))
            .filter(|cut| *cut > 0)
            .unwrap_or(most);
        parts.push(rest[..cut].trim_end().to_owned());
        rest = rest[cut..].trim_start();
    }
    parts
}

fn clipped(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Returns the sentences of a text, in order, each as a part of the text.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    const SHORTENED: &[&str] = &[
        "e.g", "i.e", "etc", "cf", "vs", "mr", "mrs", "ms", "dr", "prof", "al", "fig", "no", "eq",
        "approx", "resp", "st", "z", "d", "u", "o", "b", "h", "a", "z.b", "d.h", "u.a", "bzw",
        "ca", "usw", "vgl", "nr", "abs", "str", "evtl", "ggf", "inkl", "sog", "bspw", "mio", "mrd",
    ];
    let mut found = Vec::new();
    for paragraph in text.lines() {
        let mut start = 0;
        let mut letters = paragraph.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            if !matches!(letter, '.' | '!' | '?' | '…' | '。' | '！' | '？') {
                continue;
            }
            // Punctuation and closing quotation marks belong to the sentence before them.
            let mut end = at + letter.len_utf8();
            while let Some((at, next)) = letters.peek().copied() {
                if matches!(
                    next,
                    '.' | '!' | '?' | '"' | '”' | '’' | '\'' | ')' | ']' | '»'
                ) {
                    end = at + next.len_utf8();
                    letters.next();
                } else {
                    break;
                }
            }
            let rest = &paragraph[end..];
            let is_wide = matches!(letter, '。' | '！' | '？');
            if !rest.is_empty() && !rest.starts_with(char::is_whitespace) && !is_wide {
                continue;
            }
            let next = rest.trim_start().chars().next();
            let goes_on = next.is_some_and(char::is_lowercase);
            let word = paragraph[start..at]
                .rsplit(|c: char| c.is_whitespace() || c == '(')
                .next()
                .unwrap_or_default();
            let is_shortened = letter == '.'
                && (SHORTENED.contains(&word.to_ascii_lowercase().as_str())
                    || (word.chars().count() == 1 && word.chars().all(char::is_uppercase)));
            // "am 3. März", where a capital letter begins no sentence.
            let is_ordinal = letter == '.'
                && (1..=2).contains(&word.len())
                && word.bytes().all(|byte| byte.is_ascii_digit())
                && rest.split_whitespace().next().is_some_and(is_month);
            if is_ordinal || (goes_on && letter == '.') || (is_shortened && !rest.trim().is_empty())
            {
                continue;
            }
            found.push(paragraph[start..end].trim());
            start = end;
        }
        found.push(paragraph[start..].trim());
    }
    found.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    found
}

/// Returns whether a word is the name of a month.
fn is_month(word: &str) -> bool {
    let word = folded(word.trim_end_matches(['.', ',', ';', ':', '!', '?']));
    month_number(&word).is_some()
}
