//! Repairs addresses that other programs changed on their way.

use super::percent::decode_percent;
use super::{HOSTED, JOIN, SNAPSHOT};

/// Maximum number of times that a link may have been percent-encoded on its way.
const MOST_ENCODINGS: usize = 3;
/// Punctuation after a link that programs take as part of it, plain and as browsers encode it.
const BEHIND_A_LINK: &[&str] = &[
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    ")",
    "]",
    "}",
    ">",
    "\"",
    "'",
    "*",
    "»",
    "”",
    "’",
    "…",
    "%3E",
    "%22",
    "%27",
    "%29",
    "%C2%BB",
    "%E2%80%9D",
    "%E2%80%99",
    "%E2%80%A6",
];

/// Reverses the changes that other programs make to links: a path that was percent-encoded, once or
/// more, a second `#`, and punctuation of the sentence around the link.
///
/// Paths of the app contain no percent sign, so any encoding in a path was added on the way. From a
/// query, only the same number of encodings is removed.
pub(super) fn mended(fragment: &str) -> String {
    let mut address = fragment.trim_start_matches('#').to_owned();
    for encodings in 0..MOST_ENCODINGS {
        let parts = address.split_once('?');
        let path = parts.map_or(address.as_str(), |(path, _)| path);
        let decoded = decode_percent(path);
        if decoded == path {
            break;
        }
        let decoded = decoded.trim_start_matches('#');
        address = match parts {
            Some((_, query)) if encodings > 0 => format!("{decoded}?{}", decode_percent(query)),
            Some((_, query)) => format!("{decoded}?{query}"),
            None => decoded.to_owned(),
        };
    }
    // A search may end with any character.
    let is_handed_on = [JOIN, HOSTED, SNAPSHOT].iter().any(|kind| {
        address
            .trim_start_matches('/')
            .starts_with(kind.trim_matches('/'))
    });
    if is_handed_on || !address.contains('?') {
        while let Some(less) = BEHIND_A_LINK
            .iter()
            .find_map(|mark| address.strip_suffix(mark))
        {
            address.truncate(less.len());
        }
    }
    address
}
