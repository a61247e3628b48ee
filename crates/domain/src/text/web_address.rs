//! Checks which addresses may become links.

use std::borrow::Cow;

use crate::t;

/// The address cannot become a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebAddressError {
    /// The scheme is not allowed: it would run something, or reach where a link should not.
    #[error("{}", t!("Links can begin with http://, https:// or mailto: and nothing else."))]
    Scheme,
    /// The address contains spaces or invisible characters.
    #[error("{}", t!("An address holds no spaces and no line breaks."))]
    Characters,
}

/// Returns the address if it may become a link: http, https or mailto. An empty text is `Ok(None)`. An address
/// that begins with "www.", as people type it and programs show it, is completed to one with https.
///
/// Browsers remove tabs and line breaks inside an address and blanks before it. An address with any of these
/// is refused instead of being interpreted as a browser might.
///
/// # Errors
/// [`WebAddressError`] if the address cannot become a link.
pub fn check_address(text: &str) -> Result<Option<Cow<'_, str>>, WebAddressError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        return Err(WebAddressError::Characters);
    }
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let is_allowed = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| lower.starts_with(scheme));
    if is_allowed {
        Ok(Some(Cow::Borrowed(text)))
    } else if lacks_scheme(text) {
        Ok(Some(Cow::Owned(format!("https://{text}"))))
    } else {
        Err(WebAddressError::Scheme)
    }
}

/// Completes an address that is stored with a record; see [`check_address`].
///
/// # Errors
/// [`WebAddressError`] if the address cannot become a link.
pub(crate) fn complete_address(url: &mut Option<String>) -> Result<(), WebAddressError> {
    let completed = match check_address(url.as_deref().unwrap_or_default())? {
        Some(Cow::Owned(completed)) => completed,
        Some(Cow::Borrowed(_)) | None => return Ok(()),
    };
    *url = Some(completed);
    Ok(())
}

/// Returns whether a text is an address without its scheme: "www.example.org/page".
#[must_use]
pub fn lacks_scheme(text: &str) -> bool {
    let starts = text
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let host = text.get(4..).unwrap_or_default();
    let host = host.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let mut labels = host.split('.');
    // At least two labels, as in "example.org".
    starts && labels.clone().count() > 1 && labels.all(|label| !label.is_empty())
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_three_schemes_become_links() {
        for good in [
            "https://example.org/a?b#c",
            "HTTP://EXAMPLE.ORG",
            "mailto:a@example.org",
            "https://пример.рф/",
        ] {
            assert_eq!(check_address(good), Ok(Some(good.into())));
        }
        for (typed, address) in [
            ("www.example.org", "https://www.example.org"),
            (" WWW.example.org/a?b#c ", "https://WWW.example.org/a?b#c"),
            ("www.example.org:8443/a", "https://www.example.org:8443/a"),
            ("www.пример.рф", "https://www.пример.рф"),
        ] {
            assert_eq!(check_address(typed), Ok(Some(address.into())), "{typed}");
        }
        assert_eq!(check_address("  "), Ok(None));
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:msgbox(1)",
            "file:///etc/passwd",
            "//example.org",
            "example.org",
            "www.",
            "www.x",
            "www..org",
            "wwww.example.org",
            "blob:https://example.org/x",
            "view-source:https://example.org",
        ] {
            assert_eq!(check_address(bad), Err(WebAddressError::Scheme), "{bad}");
        }
        for bad in [
            "java\tscript:alert(1)",
            "java\nscript:alert(1)",
            "\u{1}javascript:alert(1)",
            "https://a b",
            "https://a\u{202e}b",
        ] {
            assert_eq!(
                check_address(bad),
                Err(WebAddressError::Characters),
                "{bad:?}"
            );
        }
    }
}
