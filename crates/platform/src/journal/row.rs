//! The stored form of a change: its checksum and its JSON text, in one string.

use cruxboard_domain::checksum::{seal, unseal};
use cruxboard_domain::log::{ChangeError, Entry};

/// The reason why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Damage {
    #[error("it is not a text")]
    TextError,
    #[error("its checksum does not fit")]
    Altered,
    #[error("it is not readable as JSON")]
    NotJson,
    #[error("it has no id")]
    NoId,
}

pub(super) fn write(json: &str) -> String {
    seal(json)
}

pub(super) fn read(row: &str) -> Result<Entry, Damage> {
    let json = unseal(row).ok_or(Damage::Altered)?;
    Entry::from_json(json).map_err(|reason| match reason {
        ChangeError::NotJson => Damage::NotJson,
        ChangeError::NoId => Damage::NoId,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "{\"id\":\"01KAAAAAAAAAAAAAAAAAAAAAAA\",\"fact\":{\"board-described\":{\"question\":\"Wohin, und für wen? 🧭\"}}}";
    const FOREIGN: &str =
        "{\"id\":\"01KAAAAAAAAAAAAAAAAAAAAAAA\",\n \"fact\":{\"dreamt\":[1, 2.50]}}";

    #[test]
    fn what_was_written_comes_back_also_from_a_newer_version() {
        for json in [KNOWN, FOREIGN] {
            let entry = read(&write(json)).unwrap();
            assert_eq!(entry.to_json(), json);
            assert_eq!(entry.known().is_some(), json == KNOWN);
        }
    }

    #[test]
    fn a_row_that_no_version_could_have_written_is_damaged_even_with_a_fitting_checksum() {
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for (json, damage) in [
            ("", Damage::NotJson),
            ("{\"id\":", Damage::NotJson),
            (deep.as_str(), Damage::NotJson),
            ("42", Damage::NoId),
            ("{\"id\":\"short\"}", Damage::NoId),
            ("{\"id\":7}", Damage::NoId),
        ] {
            assert_eq!(read(&write(json)), Err(damage), "{json}");
        }
    }

    #[test]
    fn a_row_altered_in_any_way_is_noticed_and_never_panics() {
        for json in [KNOWN, FOREIGN] {
            let row = write(json);
            for end in 0..row.len() {
                let cut = String::from_utf8_lossy(&row.as_bytes()[..end]).into_owned();
                assert!(read(&cut).is_err(), "{cut}");
            }
            for at in 0..row.len() {
                for bit in 0..8 {
                    let mut bytes = row.clone().into_bytes();
                    bytes[at] ^= 1 << bit;
                    let flipped = String::from_utf8_lossy(&bytes).into_owned();
                    assert!(read(&flipped).is_err(), "{flipped}");
                }
            }
        }
    }
}
