//! What an error and its causes say, as one text.

use std::error::Error;

/// Returns the error's message followed by those of its causes, without repeating any: many messages name
/// their cause already.
pub fn with_causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        let end = said.rsplit(": ").next().unwrap_or_default();
        if !text.contains(&said) && !text.ends_with(end) {
            text.push_str(": ");
            text.push_str(&said);
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
    struct Said {
        text: &'static str,
        source: Option<Box<Said>>,
    }

    #[test]
    fn each_cause_is_said_once() {
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
                Some(Said { text, source })
            });
            assert_eq!(with_causes(&error.unwrap()), expected);
        }
    }
}
