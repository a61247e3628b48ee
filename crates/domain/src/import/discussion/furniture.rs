//! The words that pages put around messages: buttons, counts, roles.

use crate::text::folded;

/// Words of buttons, counts and roles.
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
    "antworten",
    "teilen",
    "melden",
    "speichern",
    "bearbeiten",
    "bearbeitet",
    "gefällt mir",
    "kommentieren",
    "kommentar",
    "kommentare",
    "mehr anzeigen",
    "mehr laden",
    "mehr lesen",
    "weiterlesen",
    "weitere antworten",
    "antworten anzeigen",
    "ausblenden",
    "zitieren",
    "übersetzen",
    "übersetzung anzeigen",
    "link kopieren",
    "löschen",
    "anmelden",
    "registrieren",
    "abonnieren",
    "neue nachrichten",
    "autor",
    "autorin",
    "veröffentlicht",
    "aktualisiert",
];

/// Returns whether a text belongs to the page and not to a message: buttons, counts.
pub(super) fn is_furniture(text: &str) -> bool {
    // A "+1" is a message of its author.
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
                    | "punkte"
                    | "punkt"
                    | "stimmen"
                    | "stimme"
                    | "antworten"
                    | "antwort"
                    | "weitere antworten"
                    | "kommentare"
                    | "kommentar"
                    | "reaktionen"
                    | "reaktion"
                    | "aufrufe"
                    | "gefällt mir"
                    | "neue nachrichten"
            )
    };
    let several = || {
        let mut parts = small.split(['|', '·', '•']).map(str::trim);
        small.contains(['|', '·', '•'])
            && parts.all(|part| part.is_empty() || WORDS.contains(&part) || is_number(part))
    };
    WORDS.contains(&small.as_str()) || counted() || several()
}

pub(super) fn is_number(word: &str) -> bool {
    let digits = word.trim_end_matches(['k', 'K', '%']);
    !digits.is_empty()
        && digits
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '/'))
}
