//! Checks which addresses may become links.

/// The address cannot become a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebAddressError {
    /// The scheme is not allowed: it would run something, or reach where a link should not.
    #[error("Links can begin with http://, https:// or mailto: and nothing else.")]
    Scheme,
    /// The address contains spaces or invisible characters.
    #[error("An address holds no spaces and no line breaks.")]
    Characters,
}

/// Returns the address if it may become a link: http, https or mailto. An empty text is `Ok(None)`.
///
/// Browsers remove tabs and line breaks inside an address and blanks before it. An address with any of these
/// is refused instead of being interpreted as a browser might.
///
/// # Errors
/// [`WebAddressError`] if the address cannot become a link.
pub fn check_address(text: &str) -> Result<Option<&str>, WebAddressError> {
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
        Ok(Some(text))
    } else {
        Err(WebAddressError::Scheme)
    }
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
            assert_eq!(check_address(good), Ok(Some(good)));
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
