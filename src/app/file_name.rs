//! File names that every file system accepts.

/// Maximum number of bytes of a name without its extension. File systems allow 255 for both.
const MOST_BYTES: usize = 180;

/// Returns a file name without extension: letters, digits and hyphens of the first words.
pub(super) fn file_stem(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(8).map(str::to_lowercase).collect();
    let mut name: String = words.join("-").chars().take(60).collect();
    while name.len() > MOST_BYTES {
        name.pop();
    }
    if name.is_empty() {
        "board".into()
    } else if is_reserved(&name) {
        format!("{name}-board")
    } else {
        name
    }
}

/// Returns whether Windows reserves a name for a device, with any extension and in any case.
/// Source: "Naming Files, Paths, and Namespaces", Microsoft Learn.
fn is_reserved(name: &str) -> bool {
    if matches!(name, "con" | "prn" | "aux" | "nul" | "conin" | "conout") {
        return true;
    }
    let port = name.strip_prefix("com").or(name.strip_prefix("lpt"));
    port.is_some_and(|port| {
        let mut digits = port.chars();
        let is_digit = |digit: char| matches!(digit, '0'..='9' | '¹' | '²' | '³');
        digits.next().is_some_and(is_digit) && digits.next().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_called_by_the_first_words_and_never_by_a_name_that_windows_reserves() {
        for (text, name) in [
            ("Another year of the pilot?", "another-year-of-the-pilot"),
            ("", "board"),
            ("???", "board"),
            ("CON", "con-board"),
            ("con?", "con-board"),
            ("Aux.", "aux-board"),
            ("NUL", "nul-board"),
            ("prn", "prn-board"),
            ("COM1", "com1-board"),
            ("lpt9!", "lpt9-board"),
            ("COM¹", "com¹-board"),
            ("COM10", "com10"),
            ("Con or pro", "con-or-pro"),
            ("Console", "console"),
            ("../../etc/passwd", "etc-passwd"),
        ] {
            assert_eq!(file_stem(text), name, "{text}");
        }
    }

    #[test]
    fn a_name_with_its_ending_stays_below_what_file_systems_take() {
        for letter in ["a", "ß", "字", "𠀀"] {
            let name = file_stem(&letter.repeat(400));
            assert!(
                name.len() + ".snapshot.cruxboard.json".len() < 255,
                "{name}"
            );
            assert!(name.chars().count() >= 40, "{name}");
        }
    }
}
