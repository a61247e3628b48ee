//! Slack's export of a channel: an array of messages as JSON.

use chrono::{DateTime, NaiveDate};
use serde::Deserialize;

use super::Post;
use crate::VagueDate;

/// A message in Slack's export. Every field may be missing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    r#type: String,
    subtype: String,
    user: String,
    username: String,
    user_profile: Profile,
    text: String,
    /// Time in Unix seconds, with a fraction.
    ts: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Profile {
    real_name: String,
    display_name: String,
}

/// Subtypes of written messages; the others report joining, topics and the like.
const WRITTEN: &[&str] = &[
    "",
    "bot_message",
    "me_message",
    "thread_broadcast",
    "file_share",
];

/// Returns the messages of an export; `None` if the text is not one, or was truncated.
pub(super) fn messages(text: &str) -> Option<Vec<Post>> {
    let messages: Vec<Message> = serde_json::from_str(text).ok()?;
    let is_message = |message: &Message| message.r#type == "message" && !message.ts.is_empty();
    if !messages.iter().any(is_message) {
        return None;
    }
    let written = messages
        .into_iter()
        .filter(|message| is_message(message) && WRITTEN.contains(&message.subtype.as_str()));
    let posts = written.map(|message| Post {
        date: day(&message.ts).map_or(VagueDate::Unknown, VagueDate::Day),
        text: plain(&message.text),
        url: String::new(),
        author: author(message),
    });
    Some(posts.filter(|post| !post.text.is_empty()).collect())
}

/// Returns the author's name, or else their id.
fn author(message: Message) -> String {
    let Profile {
        real_name,
        display_name,
    } = message.user_profile;
    let names = [real_name, display_name, message.username, message.user];
    let mut names = names.into_iter().filter(|name| !name.trim().is_empty());
    names.next().unwrap_or_default()
}

fn day(ts: &str) -> Option<NaiveDate> {
    let seconds = ts.split('.').next()?.parse().ok()?;
    Some(DateTime::from_timestamp(seconds, 0)?.date_naive())
}

/// Returns the text without Slack's markup: "<https://x.test|the log>" becomes "the log (https://x.test)",
/// "<@U01>" becomes "@U01", and "&amp;" becomes "&".
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        let Some((inside, after)) = after.split_once('>') else {
            break;
        };
        plain.push_str(before);
        let (target, label) = inside.split_once('|').unwrap_or((inside, ""));
        match target.strip_prefix(['@', '#', '!']) {
            Some(id) => {
                let sign = if target.starts_with('#') { '#' } else { '@' };
                plain.push(sign);
                plain.push_str(if label.is_empty() {
                    id
                } else {
                    label.trim_start_matches('@')
                });
            }
            None if label.is_empty() || label == target => plain.push_str(target),
            None => plain.push_str(&format!("{label} ({target})")),
        }
        rest = after;
    }
    plain.push_str(rest);
    let plain = plain.replace("&lt;", "<").replace("&gt;", ">");
    plain.replace("&amp;", "&").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_marks_of_slack_become_plain_text() {
        for (text, expected) in [
            ("a &amp; b &lt;c&gt;", "a & b <c>"),
            ("<@U01> and <@U02|ann>", "@U01 and @ann"),
            ("<#C01|general> <!here>", "#general @here"),
            ("<https://x.test>", "https://x.test"),
            (
                "see <https://x.test|the log>.",
                "see the log (https://x.test).",
            ),
            ("1 < 2", "1 < 2"),
        ] {
            assert_eq!(plain(text), expected, "{text}");
        }
    }

    #[test]
    fn other_arrays_are_no_export() {
        for text in ["[]", "[{}]", "[1]", "[{\"type\": \"message\"", "{}"] {
            assert_eq!(messages(text), None, "{text}");
        }
    }
}
