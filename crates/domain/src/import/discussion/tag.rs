//! HTML tags and their attributes.

use super::entity::unescaped;

/// Maximum length of a tag, in bytes; a longer one is treated as text.
const LONGEST_TAG: usize = 16_384;

pub(super) struct Tag {
    pub(super) name: String,
    pub(super) closes: bool,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter();
        found
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Parses the tag at the start of a text, and returns it with the rest.
pub(super) fn tag(text: &str) -> Option<(Tag, &str)> {
    let inner = text.strip_prefix('<')?;
    let closes = inner.starts_with(['/', '!', '?']);
    let inner = inner.trim_start_matches(['/', '!', '?']);
    let first = inner.chars().next()?;
    if !first.is_ascii_alphabetic() {
        return None;
    }
    // The end of a tag comes after its quoted values. A tag contains no other tag, so that "<" characters
    // without an end are not scanned again and again.
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
            // A stray character.
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
