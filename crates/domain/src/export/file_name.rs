//! File names that every file system accepts.

use chrono::NaiveDate;

/// Maximum number of bytes of a name without its extension. File systems allow 255 for both.
const MOST_BYTES: usize = 180;

/// A kind of exported file. Files of one board and day differ in their names if they differ in kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// A snapshot that everybody can read.
    Snapshot,
    /// A snapshot that is encrypted.
    LockedSnapshot,
    /// A reader's answers to a snapshot.
    Answers,
    /// A snapshot as an HTML page or Markdown.
    Brief,
    /// The credences in a snapshot, as a table.
    SnapshotCredences,
    /// The evidence in a snapshot, as a table.
    SnapshotEvidence,
    /// A card for slides.
    Card,
    /// A page to embed.
    Embedded,
    /// All credences, as a table.
    Credences,
    /// All evidence, as a table.
    Evidence,
    /// The dates, for a calendar.
    Calendar,
    /// The minutes of a review, for the people of the board.
    Minutes,
    /// The minutes of a review, for anybody.
    PublicMinutes,
    /// The chart of how far each crux would move an option.
    Tornado,
    /// The chart of what moved a credence.
    Waterfall,
    /// The chart of the credences in a crux over time.
    History,
}

impl ExportKind {
    /// All kinds.
    pub const ALL: [Self; 16] = [
        Self::Snapshot,
        Self::LockedSnapshot,
        Self::Answers,
        Self::Brief,
        Self::SnapshotCredences,
        Self::SnapshotEvidence,
        Self::Card,
        Self::Embedded,
        Self::Credences,
        Self::Evidence,
        Self::Calendar,
        Self::Minutes,
        Self::PublicMinutes,
        Self::Tornado,
        Self::Waterfall,
        Self::History,
    ];

    /// Returns the part of the file name that names the kind.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            // The extension says that it is a snapshot.
            Self::Snapshot => "unlocked",
            Self::LockedSnapshot => "locked",
            Self::Answers => "answers",
            Self::Brief => "snapshot",
            Self::SnapshotCredences => "snapshot-credences",
            Self::SnapshotEvidence => "snapshot-evidence",
            Self::Card => "card",
            Self::Embedded => "embed",
            Self::Credences => "credences",
            Self::Evidence => "evidence",
            Self::Calendar => "calendar",
            Self::Minutes => "minutes",
            Self::PublicMinutes => "public-minutes",
            Self::Tornado => "tornado",
            Self::Waterfall => "waterfall",
            Self::History => "history",
        }
    }
}

/// Returns the name of an exported file without its extension: the title's first words, the kind and the day,
/// such as "sell-the-press-credences-2026-11-30".
#[must_use]
pub fn export_name(title: &str, kind: ExportKind, day: NaiveDate) -> String {
    format!("{}-{}-{day}", file_stem(title), kind.name())
}

/// Returns a file name without extension: letters, digits and hyphens of the first words.
#[must_use]
pub fn file_stem(text: &str) -> String {
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
    use std::collections::BTreeSet;

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
    fn an_exported_file_is_named_by_board_kind_and_day_however_long_the_title_is() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day");
        assert_eq!(
            export_name("Sell the press?", ExportKind::Credences, day),
            "sell-the-press-credences-2026-11-30"
        );
        for title in ["", "Sell the press?", &"a long question ".repeat(40)] {
            let names = ExportKind::ALL.map(|kind| export_name(title, kind, day));
            let distinct: BTreeSet<&String> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{names:?}");
            for name in &names {
                assert!(name.ends_with("-2026-11-30"), "{name}");
            }
        }
    }

    #[test]
    fn a_name_with_its_ending_stays_below_what_file_systems_take() {
        for letter in ["a", "ß", "字", "𠀀"] {
            let day = NaiveDate::MAX;
            let name = export_name(&letter.repeat(400), ExportKind::SnapshotCredences, day);
            assert!(
                name.len() + ".snapshot.cruxboard.json".len() < 255,
                "{name}"
            );
            assert!(name.chars().count() >= 40, "{name}");
        }
    }
}
