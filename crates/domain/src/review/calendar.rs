//! What has a day, as an iCalendar file (RFC 5545).
//!
//! Written here and not by a crate: the one that is well kept (`icalendar`) would take a third of the
//! download, and reads the clock and makes random ids, which nothing here may. The tests read the file
//! back with it. See `docs/decisions/0010-calendar-file.md`.

mod touches;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use self::touches::Touches;
use crate::ChangeId;
use crate::board::Board;
use crate::date::Now;
use crate::due::{Due, DueKind, Subject, due};
use crate::format::{decision_headline, short};
use crate::snapshot::Audience;
use crate::snapshot::secrets::Secrets;

/// The most octets that a line holds, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// For how long a removed date is sent as cancelled, so that calendars which take the file in now and
/// then hear of it.
const CANCELLED_MILLIS: u64 = 30 * 86_400_000;

/// The days of a board as an iCalendar file. Each entry keeps its id for good, so that taking the
/// file in again updates it instead of doubling it. `id`: the board.
///
/// Entries are whole days without a time zone: they lie on the same day wherever the file is read.
/// `SEQUENCE`, `DTSTAMP` and `LAST-MODIFIED` follow the latest change about a record, also one that was
/// undone or that undoes, so they never go back. A date that was removed is in the file as cancelled for
/// 30 days.
#[must_use]
pub fn calendar(id: ChangeId, board: &Board, now: Now) -> String {
    let secrets = Secrets::of(board, Audience::Internal);
    let touches = Touches::of(board);
    let mut file = String::new();
    line(&mut file, "BEGIN", "VCALENDAR");
    line(&mut file, "VERSION", "2.0");
    line(&mut file, "PRODID", "-//Cruxboard//Cruxboard//EN");
    line(&mut file, "NAME", &escaped(&board.info().question));
    let mut present = BTreeSet::new();
    for entry in entries(board, now) {
        present.insert(entry.key());
        let revision = touches.latest(entry.record);
        event(
            &mut file,
            id,
            &entry,
            &summary(board, &secrets, &entry.item),
            revision,
            false,
        );
    }
    for record in touches.dated() {
        let revision = touches.latest(record);
        if !is_recent(revision, now) {
            continue;
        }
        for entry in removed(&touches, record, now) {
            if !present.contains(&entry.key()) {
                let summary = summary(board, &secrets, &entry.item);
                event(&mut file, id, &entry, &summary, revision, true);
            }
        }
    }
    line(&mut file, "END", "VCALENDAR");
    file
}

fn is_recent(moment: ChangeId, now: Now) -> bool {
    now.millis.saturating_sub(moment.millis()) < CANCELLED_MILLIS
}

/// One entry of the file.
struct Entry {
    record: ChangeId,
    /// The kind of its date. It stays the same when the date passes.
    kind: &'static str,
    day: NaiveDate,
    item: Due,
}

impl Entry {
    /// Identifies it among all entries.
    fn key(&self) -> (ChangeId, &'static str) {
        (self.record, self.kind)
    }
}

/// The items that have a day, in the order of [`due`].
fn entries(board: &Board, now: Now) -> Vec<Entry> {
    let entry = |item: Due| {
        let kind = match item.kind {
            DueKind::ByDate | DueKind::Undecided => "by-date",
            DueKind::Owed | DueKind::Awaited => "follow-up",
            DueKind::TriggerReview | DueKind::CruxReview | DueKind::BoardReview => "review",
            DueKind::Decision => "decision",
            DueKind::Met
            | DueKind::Disputed
            | DueKind::Near
            | DueKind::Stale
            | DueKind::OneSided => return None,
        };
        let record = match item.subject {
            Subject::Board => ChangeId::MIN,
            Subject::Trigger(id) => id.0,
            Subject::Crux(id) => id.0,
            Subject::FollowUp(id) => id.0,
            Subject::Decision(id) => id.0,
            Subject::Statement(_) => return None,
        };
        Some(Entry {
            record,
            kind,
            day: item.date?,
            item,
        })
    };
    due(board, now).into_iter().filter_map(entry).collect()
}

/// The entries of a record that were there once, and whose removal is recent. What the record was at
/// each time follows from its own changes and those that its entries depend on.
fn removed(touches: &Touches<'_>, record: ChangeId, now: Now) -> Vec<Entry> {
    let mut replayed = Board::default();
    let mut seen: BTreeMap<&'static str, (Entry, Option<ChangeId>)> = BTreeMap::new();
    for change in touches.changes(record) {
        replayed.apply(change.clone());
        let mut there = entries(&replayed, now);
        there.retain(|entry| entry.record == record);
        for (kind, (_, removed)) in &mut seen {
            if there.iter().all(|entry| entry.kind != *kind) {
                removed.get_or_insert(change.id);
            }
        }
        for entry in there {
            seen.insert(entry.kind, (entry, None));
        }
    }
    let entries = seen.into_values();
    entries
        .filter(|(_, removed)| removed.is_some_and(|moment| is_recent(moment, now)))
        .map(|(entry, _)| entry)
        .collect()
}

fn event(
    file: &mut String,
    board: ChangeId,
    entry: &Entry,
    summary: &str,
    revision: ChangeId,
    is_cancelled: bool,
) {
    let (record, kind) = entry.key();
    line(file, "BEGIN", "VEVENT");
    line(file, "UID", &format!("{record}-{kind}@{board}.cruxboard"));
    line(file, "DTSTAMP", &moment(revision));
    line(file, "LAST-MODIFIED", &moment(revision));
    let age_secs = revision.millis().saturating_sub(record.millis()) / 1_000;
    let sequence = i32::try_from(age_secs).unwrap_or(i32::MAX);
    line(file, "SEQUENCE", &sequence.to_string());
    line(file, "DTSTART;VALUE=DATE", &compact(entry.day));
    line(file, "SUMMARY", &escaped(summary));
    if is_cancelled {
        line(file, "STATUS", "CANCELLED");
    }
    line(file, "TRANSP", "TRANSPARENT");
    line(file, "END", "VEVENT");
}

/// "Owed: Reach: ask the vendor". Without its text where the record is gone or must not be seen.
fn summary(board: &Board, secrets: &Secrets<'_>, item: &Due) -> String {
    let crux = item.crux.and_then(|crux| board.crux(crux));
    let crux = crux.filter(|crux| crux.trashed.is_none());
    let name = crux.map(|crux| crux.name().into_owned());
    let text = text(board, secrets, item.subject).map(|text| short(&text, 200).into_owned());
    let parts = [Some(item.kind.label().to_owned()), name, text];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(": ")
}

/// The text of a record; `None` where it is gone or secret.
fn text(board: &Board, secrets: &Secrets<'_>, subject: Subject) -> Option<String> {
    Some(match subject {
        Subject::Board => board.info().question.clone(),
        Subject::Trigger(id) => board
            .trigger(id)
            .filter(|one| one.trashed.is_none())?
            .headline(),
        Subject::Crux(id) => board
            .crux(id)
            .filter(|one| one.trashed.is_none())?
            .claim
            .clone(),
        Subject::FollowUp(id) => {
            let follow_up = board.follow_up(id).filter(|one| one.trashed.is_none())?;
            if secrets.why_hidden_follow_up(follow_up).is_some() {
                return None;
            }
            follow_up.what.clone()
        }
        Subject::Decision(id) => {
            let decision = board.decision(id).filter(|one| one.trashed.is_none())?;
            decision_headline(board, decision)
        }
        Subject::Statement(_) => return None,
    })
}

/// A moment in UTC: `20261123T090000Z`.
fn moment(stamp: ChangeId) -> String {
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
