//! Formats an error together with its causes.

use std::error::Error;

/// Returns the message of an error followed by those of its causes, separated by colons.
///
/// A cause whose message is part of the text already is skipped, since many errors include their source.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let message = cause.to_string();
        let end = message.rsplit(": ").next().unwrap_or_default();
        if !text.contains(&message) && !text.ends_with(end) {
            text.push_str(": ");
            text.push_str(&message);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct TestError {
        text: &'static str,
        source: Option<Box<TestError>>,
    }

    #[test]
    fn each_cause_is_named_once() {
        for (texts, expected) in [
            (&["alone"][..], "alone"),
            (
                &["cannot read x", "no such file"],
                "cannot read x: no such file",
            ),
            (
                &["cannot read x: no such file", "no such file"],
                "cannot read x: no such file",
            ),
            (
                &["cannot open: not ours", "not ours", "code 26: not ours"],
                "cannot open: not ours",
            ),
            (
                &["x: connecting", "connecting", "refused"],
                "x: connecting: refused",
            ),
        ] {
            let error = texts.iter().rev().fold(None, |source, text| {
                let source = source.map(Box::new);
                Some(TestError { text, source })
            });
            assert_eq!(with_causes(&error.unwrap()), expected);
        }
    }
}
