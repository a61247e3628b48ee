//! Character references of HTML.

/// Resolves the character references of a text. Unknown ones stay.
pub(super) fn unescaped(text: &str) -> String {
    const NAMED: &[(&str, &str)] = &[
        ("amp", "&"),
        ("lt", "<"),
        ("gt", ">"),
        ("quot", "\""),
        ("apos", "'"),
        ("nbsp", " "),
        ("mdash", "—"),
        ("ndash", "–"),
        ("hellip", "…"),
        ("rsquo", "’"),
        ("lsquo", "‘"),
        ("rdquo", "”"),
        ("ldquo", "“"),
        ("bull", "•"),
        ("middot", "·"),
        ("times", "×"),
        ("rarr", "→"),
        ("laquo", "«"),
        ("raquo", "»"),
    ];
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let name = rest
            .char_indices()
            .take(12)
            .find(|(_, letter)| *letter == ';')
            .map(|(end, _)| &rest[..end]);
        let number = name.and_then(|name| name.strip_prefix('#'));
        let code = number.and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        });
        let named = name.and_then(|name| NAMED.iter().find(|(known, _)| *known == name));
        match (name, code.and_then(char::from_u32), named) {
            (Some(name), Some(letter), _) => {
                out.push(letter);
                rest = &rest[name.len() + 1..];
            }
            (Some(name), _, Some((_, letter))) => {
                out.push_str(letter);
                rest = &rest[name.len() + 1..];
            }
            _ => out.push('&'),
        }
    }
    out.push_str(rest);
    out
}
