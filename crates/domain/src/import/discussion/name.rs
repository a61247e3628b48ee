//! Distinguishes names of authors from other words.

use super::furniture::is_furniture;

/// Returns whether a text can be a name: a few words with capitals, or one handle.
pub(super) fn is_name(text: &str) -> bool {
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
                    // Scripts without capitals have no lower-case letters either.
                    !first.is_lowercase() && (first.is_alphabetic() || first == '(')
                        || PARTICLES.contains(word)
                        || word.chars().all(|c| c.is_ascii_digit())
                })
                && words[0].chars().next().is_some_and(char::is_alphabetic)
                && !is_furniture(text)
        }
    }
}

/// Returns whether a line reads like running text: a heading has no full stop before its end.
pub(super) fn is_sentence(text: &str) -> bool {
    text.contains(". ") && text.ends_with(['.', '!', '?'])
}
