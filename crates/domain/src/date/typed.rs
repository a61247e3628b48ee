//! Dates as people type them: with dots, and with the month as a word.

use chrono::NaiveDate;

use super::VagueDate;

/// Parses "23.11.2026", "11.2026", "23 Nov 2026", "23. Nov. 2026", "Nov 23, 2026" and "3. März 2027". The order
/// of day and month is unknown in "3/4/2026", which is no date.
pub(super) fn typed(text: &str) -> Option<VagueDate> {
    let text = text.trim().to_lowercase();
    if text == "unbekannt" {
        return Some(VagueDate::Unknown);
    }
    with_dots(&text).or_else(|| with_word(&text))
}

fn with_dots(text: &str) -> Option<VagueDate> {
    let parts: Vec<_> = text.split('.').map(str::trim).collect();
    match parts[..] {
        [day, month, year] => of_day(year, number(month)?, day),
        [month, year] => of_month(year, number(month)?),
        _ => None,
    }
}

fn with_word(text: &str) -> Option<VagueDate> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, '.' | ',');
    let parts: Vec<_> = text
        .split(is_between)
        .filter(|part| !part.is_empty())
        .collect();
    match parts[..] {
        [first, second, year] => match (month_number(first), month_number(second)) {
            (None, Some(month)) => of_day(year, month, first),
            (Some(month), None) => of_day(year, month, second),
            _ => None,
        },
        [month, year] => of_month(year, month_number(month)?),
        _ => None,
    }
}

fn of_day(year_text: &str, month: u32, day: &str) -> Option<VagueDate> {
    NaiveDate::from_ymd_opt(year(year_text)?, month, number(day)?).map(VagueDate::Day)
}

fn of_month(year_text: &str, month: u32) -> Option<VagueDate> {
    NaiveDate::from_ymd_opt(year(year_text)?, month, 1).map(VagueDate::Month)
}

/// Parses a year of four digits.
fn year(text: &str) -> Option<i32> {
    let is_year = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    let year = text.parse().ok().filter(|_| is_year)?;
    (1000..=9999).contains(&year).then_some(year)
}

/// Parses a day or a month of one or two digits.
fn number(text: &str) -> Option<u32> {
    let is_short = matches!(text.len(), 1..=2) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_short)
}

const MONTHS: [[&str; 2]; 12] = [
    ["january", "januar"],
    ["february", "februar"],
    ["march", "märz"],
    ["april", "april"],
    ["may", "mai"],
    ["june", "juni"],
    ["july", "juli"],
    ["august", "august"],
    ["september", "september"],
    ["october", "oktober"],
    ["november", "november"],
    ["december", "dezember"],
];

/// Returns the number of a month by its English or German name, or the beginning of it, in lower case. Both
/// are known in every language: a text may come from a person who uses the other.
pub(crate) fn month_number(word: &str) -> Option<u32> {
    let word = match word {
        "sept" => "sep",
        "mrz" | "maerz" => "märz",
        "jän" | "jänner" => "januar",
        word => word,
    };
    let is_month = |names: &[&str; 2]| names.iter().any(|name| name.starts_with(word));
    let place = MONTHS
        .iter()
        .position(|names| word.chars().nth(2).is_some() && is_month(names));
    place.map(|place| place as u32 + 1)
}

/// Returns whether a word in lower case is the name of a day of the week, or its beginning: "wed", "mittwoch",
/// "mi".
pub(crate) fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 15] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonnabend",
        "sonntag",
    ];
    let is_short = matches!(
        word,
        "weds" | "mo" | "di" | "mi" | "do" | "fr" | "sa" | "so"
    );
    is_short || (word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Datelike as _;

    #[test]
    fn dates_are_read_as_people_and_the_app_write_them() {
        for (text, stored) in [
            ("23.11.2026", Some("2026-11-23")),
            ("3.4.2026", Some("2026-04-03")),
            ("23. 11. 2026", Some("2026-11-23")),
            (" 23.11.2026 ", Some("2026-11-23")),
            ("11.2026", Some("2026-11")),
            ("23 Nov 2026", Some("2026-11-23")),
            ("23. Nov. 2026", Some("2026-11-23")),
            ("23. November 2026", Some("2026-11-23")),
            ("23.Nov.2026", Some("2026-11-23")),
            ("23\u{a0}Nov\u{a0}2026", Some("2026-11-23")),
            ("Nov 23, 2026", Some("2026-11-23")),
            ("3. März 2027", Some("2027-03-03")),
            ("3 Mar 2027", Some("2027-03-03")),
            ("3. Mai 2027", Some("2027-05-03")),
            ("1. Sept. 2027", Some("2027-09-01")),
            ("31. Dez. 2027", Some("2027-12-31")),
            ("Okt. 2027", Some("2027-10")),
            ("Nov 2026", Some("2026-11")),
            ("unknown", Some("unknown")),
            ("Unbekannt", Some("unknown")),
            ("3/4/2026", None),
            ("23/11/2026", None),
            ("23 11 2026", None),
            ("23.11.26", None),
            ("31.2.2026", None),
            ("11.23.2026", None),
            ("2026.11.23", None),
            ("23.11.", None),
            ("Nov", None),
            ("Nov Nov 2026", None),
            ("ma 2026", None),
            ("12. Foo 2026", None),
        ] {
            let read = text.parse::<VagueDate>().ok().map(|date| date.to_string());
            assert_eq!(read.as_deref(), stored, "{text}");
        }
    }

    #[test]
    fn a_spelled_date_is_read_as_the_same_date() {
        for month in 1..=12 {
            let day = NaiveDate::from_ymd_opt(2027, month, 9).unwrap();
            for date in [
                VagueDate::Day(day),
                VagueDate::Month(day.with_day0(0).unwrap()),
                VagueDate::Year(2027),
            ] {
                assert_eq!(date.spelled().parse(), Ok(date));
            }
        }
    }

    #[test]
    fn stored_dates_are_in_the_form_of_iso_8601() {
        let read = |text: &str| serde_json::from_value::<VagueDate>(text.into()).ok();
        assert!(read("2026-11-23").is_some());
        assert_eq!(read("23.11.2026"), None);
        assert_eq!(read("23 Nov 2026"), None);
    }
}
