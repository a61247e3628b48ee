//! Kinds of JSON files, by their keys.

use crate::translatable;
use serde::de::IgnoredAny;

use super::{COPY_THE_CHAT, FileKind, LOOKED_AT, OPEN_IT, format_name, kind};

/// Programs by the keys at the beginning of their JSON exports.
const EXPORTS: &[(&[&str], &str)] = &[
    (
        &["\"type\"", "\"ts\"", "\"text\""],
        translatable!("a Slack export (JSON)"),
    ),
    (
        &["\"guild\"", "\"channel\"", "\"messages\""],
        translatable!("a Discord export (JSON)"),
    ),
    (
        &["\"messages\"", "\"from_id\"", "\"text\""],
        translatable!("a Telegram export (JSON)"),
    ),
    (
        &["\"messages\"", "\"sender_name\""],
        translatable!("a Messenger or Instagram export (JSON)"),
    ),
    (
        &["\"post_stream\"", "\"posts\""],
        translatable!("a Discourse topic (JSON)"),
    ),
    (
        &["\"kind\"", "\"Listing\""],
        translatable!("a Reddit thread (JSON)"),
    ),
    (
        &["\"messages\"", "\"creator\"", "\"topic_id\""],
        translatable!("a Google Chat export (JSON)"),
    ),
    (
        &["\"channel_id\"", "\"create_at\"", "\"message\""],
        translatable!("a Mattermost export (JSON)"),
    ),
    (
        &["\"createdDateTime\"", "\"chatId\""],
        translatable!("a Teams export (JSON)"),
    ),
    (
        &["\"mapping\"", "\"author\"", "\"parts\""],
        translatable!("an export of a chat with an assistant (JSON)"),
    ),
];

/// Files of this app, by their format.
const OURS: &[(&str, &str)] = &[
    (format_name::BOARD, translatable!("a board of Cruxboard")),
    (format_name::BACKUP, translatable!("a backup of Cruxboard")),
    (
        format_name::SNAPSHOT,
        translatable!("a snapshot of Cruxboard"),
    ),
];

pub(super) fn json(text: &str) -> Option<FileKind> {
    if !is_json(text) {
        return None;
    }
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    let heading: String = start.chars().take(200).filter(|c| *c != ' ').collect();
    let is_ours =
        |(format, _): &&(&str, &str)| heading.starts_with(&format!("{{\"format\":\"{format}\""));
    if let Some((_, name)) = OURS.iter().find(is_ours) {
        return Some(kind(name, OPEN_IT));
    }
    let export = EXPORTS
        .iter()
        .find(|(keys, _)| keys.iter().all(|key| start.contains(key)));
    Some(match export {
        Some((_, name)) => kind(name, COPY_THE_CHAT),
        None => kind(
            translatable!("JSON, the data of a program,"),
            translatable!("Import the page or the table that it was exported from instead."),
        ),
    })
}

/// Returns whether a text is JSON, JSON Lines, or the beginning of either. Words in brackets do not count.
fn is_json(text: &str) -> bool {
    let Some(inside) = text.strip_prefix(['{', '[']) else {
        return false;
    };
    if !inside.trim_start().starts_with(['"', '{', '[', '}', ']']) {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = text[values.byte_offset()..].trim_start();
            rest.is_empty() || rest.starts_with(['{', '['])
        }
        // Text may begin with a bracket too. Truncated JSON has a key before its end.
        Some(Err(error)) => error.is_eof() && (text.contains("\":") || text.contains("\" :")),
        None => false,
    }
}
