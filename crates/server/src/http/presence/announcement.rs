//! The header `Present` of a request.

use axum::http::HeaderMap;
use cruxboard_domain::ChangeId;

use super::MAX_USERS;

/// The name of a user without a chosen identity.
const ANONYMOUS: &str = "-";

/// The header `Present` of a request: a name for the browser, its user, and the others it knows of.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::http) struct Announcement {
    pub(super) browser: String,
    pub(super) person: String,
    /// The others as the client knows them.
    pub(super) seen: String,
}

impl Announcement {
    /// Parses the header. `None` when it is missing or invalid.
    pub(in crate::http) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get("present")?.to_str().ok()?;
        let mut words = text.split_ascii_whitespace();
        let (browser, person) = (words.next()?, words.next()?);
        let is_name = (1..=16).contains(&browser.len())
            && browser.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_person = person == ANONYMOUS || person.parse::<ChangeId>().is_ok();
        let seen: Vec<&str> = words.take(MAX_USERS + 1).collect();
        (is_name && is_person).then(|| Self {
            browser: browser.to_owned(),
            person: person.to_owned(),
            seen: seen.join(" "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_announcement_needs_a_browser_name_and_a_person() {
        const ANN: &str = "01M83T4CM00001000000000001";
        let announced = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("present", text.parse().unwrap());
            Announcement::of(&headers)
        };
        for (text, is_taken) in [
            ("a1 -", true),
            (&format!("a1 {ANN} 1 -"), true),
            ("a1", false),
            ("a.1 -", false),
            ("a1 Ann", false),
            ("aaaaaaaaaaaaaaaaa -", false),
            ("", false),
        ] {
            assert_eq!(announced(text).is_some(), is_taken, "{text}");
        }
    }
}
