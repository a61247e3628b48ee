//! Texts as Markdown that shows the text and nothing else.
//!
//! The rules are those of CommonMark 0.31 (backslash escapes, entities, autolinks) and of GitHub Flavored
//! Markdown (tables, strikethrough, bare addresses as links). `cargo xtask test markdown` renders the
//! results with cmark-gfm, markdown-it and mistune.

use crate::web_address::check_address;

/// Returns `text` on one line, with every mark escaped and every web address as an autolink `<…>`.
///
/// Line breaks, tabs and control characters become spaces. The result is safe at the beginning of a line,
/// in a heading, in a list item and in a cell of a table.
#[must_use]
pub fn inline(text: &str) -> String {
    let line: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    let line = line.join(" ");
    let mut out = String::with_capacity(line.len() + 16);
    let mut rest = line.as_str();
    while let Some((before, address)) = next_address(rest) {
        escape(before, &mut out);
        out.push_str(&autolink(address));
        rest = &rest[before.len() + address.len()..];
    }
    escape(rest, &mut out);
    escape_start(out)
}

/// Returns the content of a field for an address as an autolink, or as plain text when it is no address that
/// may become a link.
#[must_use]
pub fn address(text: &str) -> String {
    match check_address(text) {
        Ok(Some(address)) => autolink(&address),
        _ => inline(text),
    }
}

/// Returns an address as an autolink `<…>` that leads to the same place in every renderer.
///
/// Characters that end an autolink, a cell of a table or an entity are percent-encoded. Backslash escapes
/// do not work inside `<…>`, and entities only in some renderers.
fn autolink(address: &str) -> String {
    let mut out = String::with_capacity(address.len() + 2);
    out.push('<');
    let mut in_entity = false;
    for letter in address.chars() {
        let is_kept = match letter {
            '<' | '>' | '|' | '\\' | '`' | '"' | '^' | '{' | '}' | '[' | ']' => false,
            // `&copy;` in an address is a parameter named `copy`, not a sign.
            ';' => !in_entity,
            _ => !letter.is_whitespace() && !letter.is_control(),
        };
        in_entity =
            letter == '&' || (in_entity && (letter.is_ascii_alphanumeric() || letter == '#'));
        if is_kept {
            out.push(letter);
        } else {
            let mut bytes = [0; 4];
            for byte in letter.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    out.push('>');
    out
}

/// Finds the first web address in `text`: what comes before it, and the address itself.
fn next_address(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(found) = text[from..].find("://") {
        let colon = from + found;
        from = colon + 3;
        let is_letter = |letter: char| letter.is_alphanumeric();
        let scheme = &text[text[..colon]
            .rfind(|letter| !is_letter(letter))
            .map_or(0, |at| {
                at + text[at..].chars().next().map_or(1, char::len_utf8)
            })..colon];
        if !["http", "https", "ftp"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        {
            continue;
        }
        let start = colon - scheme.len();
        let end = text[from..]
            .find(|letter: char| {
                letter.is_whitespace() || matches!(letter, '<' | '>' | '“' | '”' | '"')
            })
            .map_or(text.len(), |at| from + at);
        let address = without_trailing_marks(&text[start..end]);
        if address.len() > scheme.len() + 3 {
            return Some((&text[..start], address));
        }
    }
    None
}

/// Drops the punctuation that ends a sentence rather than an address, and a bracket that opens before it.
fn without_trailing_marks(mut address: &str) -> &str {
    const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut surplus = BRACKETS.map(|(open, close)| {
        let opened = address.matches(open).count();
        address.matches(close).count().saturating_sub(opened)
    });
    while let Some(last) = address.chars().next_back() {
        match BRACKETS.iter().position(|(_, close)| *close == last) {
            Some(bracket) if surplus[bracket] > 0 => surplus[bracket] -= 1,
            Some(_) => break,
            None if ".,;:!?'*~’»…".contains(last) => {}
            None => break,
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

fn escape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        // GitHub makes links of these, and counts a backslash in the address.
        let is_www = rest
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("www."));
        if is_www {
            out.push_str(&rest[..3]);
            out.push_str("\\.");
            rest = &rest[4..];
            continue;
        }
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
        rest = &rest[letter.len_utf8()..];
    }
}

/// Escapes marks that mean something at the beginning of a line only: lists, headings by underline.
fn escape_start(mut line: String) -> String {
    if line.starts_with(['-', '+', '=']) {
        line.insert(0, '\\');
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        line.insert(digits, '\\');
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{address, autolink, inline};

    #[test]
    fn every_mark_is_escaped() {
        for (text, expected) in [
            ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
            ("R&D &amp; &lt;", "R&amp;D &amp;amp; &amp;lt;"),
            (
                "*a* _b_ `c` ~~d~~ $e$",
                "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\$e\\$",
            ),
            ("![x](y)", "!\\[x\\](y)"),
            ("one\ntwo\t three\u{0}", "one two three"),
            ("a | b", "a \\| b"),
            ("back\\slash", "back\\\\slash"),
            ("- item", "\\- item"),
            ("12. item", "12\\. item"),
            ("1) item", "1\\) item"),
            ("1.5 points", "1\\.5 points"),
            ("# heading #", "\\# heading \\#"),
            ("===", "\\==="),
            ("    code", "code"),
            ("www.x.test/a_b", "www\\.x.test/a\\_b"),
            ("", ""),
        ] {
            assert_eq!(inline(text), expected, "{text:?}");
        }
    }

    #[test]
    fn addresses_in_a_text_are_links_to_the_same_address() {
        for (text, expected) in [
            ("https://x.test/a|b_c_d", "<https://x.test/a%7Cb_c_d>"),
            ("see https://x.test/a_b.", "see <https://x.test/a_b>."),
            ("(https://x.test/a_(b))", "(<https://x.test/a_(b)>)"),
            ("HTTPS://X.test/*", "<HTTPS://X.test/>\\*"),
            ("xhttps://x.test/_", "xhttps://x.test/\\_"),
            ("https://", "https://"),
            (
                "https://x.test/?a=1&copy;=2",
                "<https://x.test/?a=1&copy%3B=2>",
            ),
            ("https://x.test/?a;b", "<https://x.test/?a;b>"),
            ("https://x.test/ä", "<https://x.test/ä>"),
            ("javascript://x.test/%0a", "javascript://x.test/%0a"),
            (
                "https://a.test/x https://b.test/y",
                "<https://a.test/x> <https://b.test/y>",
            ),
        ] {
            assert_eq!(inline(text), expected, "{text:?}");
        }
        assert_eq!(
            autolink("https://x.test/a b\\c>d"),
            "<https://x.test/a%20b%5Cc%3Ed>"
        );
    }

    #[test]
    fn only_an_address_that_may_be_a_link_becomes_one() {
        for (text, expected) in [
            ("https://x.test/a_b", "<https://x.test/a_b>"),
            ("mailto:ann@x.test", "<mailto:ann@x.test>"),
            ("javascript:alert(1)", "javascript:alert(1)"),
            ("data:text/html,x", "data:text/html,x"),
            ("", ""),
        ] {
            assert_eq!(address(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_long_text_takes_linear_time() {
        let text = "https://a ".repeat(100_000);
        assert_eq!(inline(&text).len(), "<https://a> ".len() * 100_000 - 1);
    }
}
