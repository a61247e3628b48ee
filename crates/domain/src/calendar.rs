//! What has a day, as an iCalendar file (RFC 5545).
//!
//! Written here and not by a crate: the one that is well kept (`icalendar`) would take a third of the
//! download, and reads the clock and makes random ids, which nothing here may. The tests read the file
//! back with it. See `docs/decisions/0010-calendar-file.md`.

use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use crate::Stamp;
use crate::board::Board;
use crate::date::Now;
use crate::due::{Due, DueKind, Subject, due};
use crate::telling::{decision_headline, short};

/// The most octets that a line holds, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// The days of a board as an iCalendar file. Each entry keeps its id for good, so that taking the
/// file in again updates it instead of doubling it. `id`: the board.
#[must_use]
pub fn calendar(id: Stamp, board: &Board, now: Now) -> String {
    let mut file = String::new();
    line(&mut file, "BEGIN", "VCALENDAR");
    line(&mut file, "VERSION", "2.0");
    line(&mut file, "PRODID", "-//Cruxboard//Cruxboard//EN");
    line(&mut file, "NAME", &escaped(&board.info().question));
    for item in due(board, now) {
        if let Some(day) = item.date {
            entry(&mut file, id, board, &item, day);
        }
    }
    line(&mut file, "END", "VCALENDAR");
    file
}

fn entry(file: &mut String, board_id: Stamp, board: &Board, item: &Due, day: NaiveDate) {
    // What its date is about stays the same when the date passes.
    let kind = match item.kind {
        DueKind::ByDate | DueKind::Undecided => "by-date",
        DueKind::Owed | DueKind::Awaited => "follow-up",
        DueKind::TriggerReview | DueKind::CruxReview | DueKind::BoardReview => "review",
        DueKind::Decision => "decision",
        DueKind::Met | DueKind::Disputed | DueKind::Near | DueKind::Stale | DueKind::OneSided => {
            return;
        }
    };
    let Some((record, changed, text)) = told(board, item.subject) else {
        return;
    };
    let crux = item.crux.and_then(|crux| board.crux(crux));
    let name = crux.map(|crux| crux.name()).unwrap_or_default();
    let colon = if name.is_empty() { "" } else { ": " };
    let summary = format!("{}: {name}{colon}{}", item.kind.label(), short(&text, 200));
    line(file, "BEGIN", "VEVENT");
    line(
        file,
        "UID",
        &format!("{record}-{kind}@{board_id}.cruxboard"),
    );
    line(file, "DTSTAMP", &moment(changed));
    line(file, "LAST-MODIFIED", &moment(changed));
    let age_secs = changed.millis().saturating_sub(record.millis()) / 1_000;
    let sequence = i32::try_from(age_secs).unwrap_or(i32::MAX);
    line(file, "SEQUENCE", &sequence.to_string());
    line(file, "DTSTART;VALUE=DATE", &compact(day));
    line(file, "SUMMARY", &escaped(&summary));
    line(file, "TRANSP", "TRANSPARENT");
    line(file, "END", "VEVENT");
}

/// The record, its latest change, and what it says.
fn told(board: &Board, subject: Subject) -> Option<(Stamp, Stamp, String)> {
    Some(match subject {
        Subject::Board => {
            let described = board.history(Stamp::MIN).filter(|(_, counts)| *counts);
            let changed = described.last().map(|(change, _)| change.id);
            (
                Stamp::MIN,
                changed.unwrap_or_default(),
                board.info().question.clone(),
            )
        }
        Subject::Trigger(id) => {
            let trigger = board.trigger(id)?;
            (id.0, trigger.changed, trigger.headline())
        }
        Subject::Crux(id) => {
            let crux = board.crux(id)?;
            (id.0, crux.changed, crux.claim.clone())
        }
        Subject::FollowUp(id) => {
            let follow_up = board.follow_up(id)?;
            (id.0, follow_up.changed, follow_up.what.clone())
        }
        Subject::Decision(id) => {
            let decision = board.decision(id)?;
            (id.0, decision.changed, decision_headline(board, decision))
        }
        Subject::Statement(_) => return None,
    })
}

/// A moment in UTC: `20261123T090000Z`.
fn moment(stamp: Stamp) -> String {
    let secs = stamp.millis() / 1_000 % 86_400;
    let (hours, minutes) = (secs / 3_600, secs / 60 % 60);
    format!(
        "{}T{hours:02}{minutes:02}{:02}Z",
        compact(stamp.day()),
        secs % 60
    )
}

/// A day as `20261123`.
fn compact(day: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Adds a content line, folded into pieces that a reader joins again.
fn line(file: &mut String, name: &str, value: &str) {
    let mut octets = 0;
    let mut whole = String::with_capacity(name.len() + value.len() + 1);
    // Writing to a text cannot fail.
    write!(whole, "{name}:{value}").unwrap_or_default();
    for letter in whole.chars() {
        if octets + letter.len_utf8() > LINE_OCTETS {
            file.push_str("\r\n ");
            octets = 1;
        }
        file.push(letter);
        octets += letter.len_utf8();
    }
    file.push_str("\r\n");
}

/// A text value: commas, semicolons, backslashes and line ends are escaped (RFC 5545, 3.3.11), and
/// other control characters, which it forbids, left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' | '\r' => escaped.push_str("\\n"),
            '\t' => escaped.push(' '),
            _ if letter.is_control() => {}
            _ => escaped.push(letter),
        }
    }
    escaped
}
