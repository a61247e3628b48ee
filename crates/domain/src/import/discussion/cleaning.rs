//! Removes marks, pictures and replies around a name.

use super::furniture::is_number;
use crate::text::folded;

/// Inserts a space between a name and a date that were copied without one: "[-]Ann3mo".
pub(super) fn unglued(text: &str) -> Option<String> {
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

/// Returns the text before "reply to Bob".
pub(super) fn until_reply(text: &str) -> &str {
    let small = folded(text);
    let cut = [
        "in reply",
        "reply",
        "replying",
        "parent",
        "on:",
        "als antwort",
        "antwort",
    ]
    .iter()
    .filter_map(|word| small.find(word))
    .min();
    // Lower-case letters may have another length in bytes than capitals.
    cut.and_then(|cut| text.get(..cut)).unwrap_or(text)
}

/// Words beside names, in English and German.
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
    "am",
    "um",
    "uhr",
    "schrieb",
    "schreibt",
    "sagte",
    "antwortete",
    "kommentierte",
    "bearbeitet",
    "aktualisiert",
    "veröffentlicht",
    "geändert",
    "gesendet",
    "betreff",
    "datum",
    "zuletzt",
    "antworten",
    "teilen",
    "melden",
    "speichern",
    "zitieren",
    "punkte",
    "punkt",
    "stimmen",
    "stimme",
    "autor",
    "autorin",
    "mitglied",
    "und",
];

/// Removes the texts that pages put beside names: marks, numbers, words like "posted by".
pub(super) fn cleaned(text: &str) -> String {
    let kept = text
        .split(|c: char| {
            c.is_whitespace()
                || matches!(
                    c,
                    '•' | '·' | '|' | '[' | ']' | '(' | ')' | ',' | '∙' | '▲' | '▼'
                )
        })
        .filter(|word| !is_picture(word) && !word.eq_ignore_ascii_case("von:"))
        .map(|word| word.trim_matches([':', '-', '–', '—', '−', '+', '*', '~', '"']))
        .filter(|word| {
            !word.is_empty()
                && *word != "."
                && !NOISE.contains(&folded(word).as_str())
                && !is_number(word)
                && !word.starts_with("http://")
                && !word.starts_with("https://")
                && (!word.starts_with('<') || !word.ends_with('>'))
        });
    kept.collect::<Vec<_>>().join(" ")
}

/// Returns whether a word is a small picture as chats copy it: ":house:".
fn is_picture(word: &str) -> bool {
    word.len() > 2 && word.starts_with(':') && word.ends_with(':')
}
