//! A text or link from another program, which becomes a draft of evidence.

use crate::record::Evidence;
use crate::web_address::{check_address, lacks_scheme};

/// A text or link from another program: a share menu, a bookmarklet, the clipboard. Each part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clipping {
    /// The title of the page.
    pub title: String,
    /// The text, optionally with the address at its end.
    pub text: String,
    /// Words that are known to be quoted from the source.
    pub quote: String,
    /// The address of the page.
    pub url: String,
}

impl Clipping {
    /// Returns the clipping for a pasted text. Words copied without an address are a quote from somewhere;
    /// beside an address they may be somebody's own.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let text = text.trim();
        let part = text.to_owned();
        match split_address(text) {
            (_, "") if unquoted(text).is_none() => Self {
                quote: part,
                ..Self::default()
            },
            _ => Self {
                text: part,
                ..Self::default()
            },
        }
    }

    /// Returns whether all parts are empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.title, &self.text, &self.quote, &self.url]
            .iter()
            .all(|part| part.trim().is_empty())
    }

    /// Adds the clipping to a draft of evidence. Nothing in the draft is lost: texts are appended, and so is
    /// an address if the draft has another one.
    ///
    /// An address alone or at the end of the text becomes the link. A text in quotation marks becomes the
    /// quote. The title becomes the text if there is no other, and otherwise the place in the source.
    pub fn add_to(&self, evidence: &mut Evidence) {
        let (mut text, last) = split_address(self.text.trim());
        let mut url = self.url.trim();
        if url.is_empty() {
            url = last;
        } else if !last.is_empty() && last != url {
            // With two addresses, the one in the text stays there.
            text = self.text.trim();
        }
        let mut quote = self.quote.trim();
        let unquoted = unquoted(text);
        if let Some(unquoted) = unquoted.filter(|_| quote.is_empty()) {
            (quote, text) = (unquoted, "");
        }
        let title = self.title.trim();
        if text.is_empty() && quote.is_empty() {
            text = title;
        } else if !title.is_empty() && title != text && evidence.message.is_empty() {
            evidence.message = title.to_owned();
        }
        append(&mut evidence.text, text);
        append(&mut evidence.quote, quote);
        match check_address(url) {
            Ok(Some(url)) if evidence.url.is_empty() => evidence.url = url.into_owned(),
            Ok(Some(url)) if url == evidence.url => {}
            _ if url == evidence.url => {}
            _ => append(&mut evidence.text, url),
        }
    }
}

/// Splits off an address at the end of a text. Either part may be empty.
fn split_address(text: &str) -> (&str, &str) {
    let (before, last) = match text.rsplit_once(char::is_whitespace) {
        Some((before, last)) => (before.trim_end(), last),
        None => ("", text),
    };
    let is_web = last.starts_with("https://") || last.starts_with("http://") || lacks_scheme(last);
    if is_web && matches!(check_address(last), Ok(Some(_))) {
        (before, last)
    } else {
        (text, "")
    }
}

/// Returns the text between quotation marks, if they enclose the whole text.
fn unquoted(text: &str) -> Option<&str> {
    const MARKS: [(char, char); 6] = [
        ('"', '"'),
        ('“', '”'),
        ('„', '“'),
        ('„', '”'),
        ('«', '»'),
        ('»', '«'),
    ];
    MARKS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(*open)?.strip_suffix(*close)?;
        let is_one = !inner.contains([*open, *close]) && !inner.trim().is_empty();
        is_one.then(|| inner.trim())
    })
}

fn append(text: &mut String, more: &str) {
    if more.is_empty() || text.contains(more) {
        return;
    }
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(clipping: &Clipping) -> [String; 4] {
        let mut evidence = Evidence::default();
        clipping.add_to(&mut evidence);
        [
            evidence.text,
            evidence.quote,
            evidence.url,
            evidence.message,
        ]
    }

    #[test]
    fn a_pasted_text_is_told_apart_from_a_quote_and_a_link() {
        for (text, expected) in [
            ("a study came out", ["", "a study came out", ""]),
            (
                "Two\nlines https://x.test of it",
                ["", "Two\nlines https://x.test of it", ""],
            ),
            (" https://x.test/a ", ["", "", "https://x.test/a"]),
            (
                "Read this: www.x.test/a",
                ["Read this:", "", "https://www.x.test/a"],
            ),
            (
                "Worth reading\nhttps://x.test/a?b#c",
                ["Worth reading", "", "https://x.test/a?b#c"],
            ),
            (
                "“No user came back.”\nhttps://x.test",
                ["", "No user came back.", "https://x.test"],
            ),
            ("\"One\" and \"two\"", ["", "\"One\" and \"two\"", ""]),
            ("„Niemand kam.“", ["", "Niemand kam.", ""]),
            ("javascript:alert(1)", ["", "javascript:alert(1)", ""]),
            ("\"", ["", "\"", ""]),
            ("", ["", "", ""]),
        ] {
            let [was_text, quote, url, _] = of(&Clipping::of_text(text));
            assert_eq!([was_text.as_str(), &quote, &url], expected, "{text}");
        }
    }

    #[test]
    fn a_shared_page_keeps_its_title_its_selection_and_its_address() {
        let page = Clipping {
            title: "A report".into(),
            url: "https://x.test/a".into(),
            ..Clipping::default()
        };
        assert_eq!(of(&page), ["A report", "", "https://x.test/a", ""]);
        let selected = Clipping {
            quote: "Half of them left.".into(),
            ..page.clone()
        };
        let expected = ["", "Half of them left.", "https://x.test/a", "A report"];
        assert_eq!(of(&selected), expected);
        let doubled = Clipping {
            text: "A report https://x.test/a".into(),
            ..page.clone()
        };
        assert_eq!(of(&doubled), ["A report", "", "https://x.test/a", ""]);
        let other = Clipping {
            text: "See https://x.test/b".into(),
            ..page
        };
        let expected = ["See https://x.test/b", "", "https://x.test/a", "A report"];
        assert_eq!(of(&other), expected);
    }

    #[test]
    fn what_is_written_already_stays() {
        let mut evidence = Evidence {
            text: "Mine".into(),
            url: "https://x.test/1".into(),
            ..Evidence::default()
        };
        Clipping::of_text("Theirs https://x.test/2").add_to(&mut evidence);
        assert_eq!(evidence.text, "Mine\n\nTheirs\n\nhttps://x.test/2");
        assert_eq!(evidence.url, "https://x.test/1");
        let before = evidence.clone();
        Clipping::of_text("Theirs https://x.test/2").add_to(&mut evidence);
        assert_eq!(evidence, before);
    }

    #[test]
    fn an_address_that_no_link_may_have_stays_in_the_text() {
        let clipping = Clipping {
            url: "javascript:alert(1)".into(),
            ..Clipping::default()
        };
        assert_eq!(of(&clipping), ["javascript:alert(1)", "", "", ""]);
    }
}
