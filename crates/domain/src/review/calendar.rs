//! Exports the dates of a board as an iCalendar file (RFC 5545).
//!
//! No crate is used: the one that is well maintained (`icalendar`) would take a third of the download, and it
//! reads the clock and makes random ids, which is not allowed here. The tests parse the file with it. See
//! `docs/decisions/0010-calendar-file.md`.

mod touches;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use self::touches::Touches;
use crate::board::Board;
use crate::date::Now;
use crate::due::{Due, DueKind, Subject, due};
use crate::format::{decision_headline, short};
use crate::snapshot::Audience;
use crate::snapshot::secrets::Secrets;
use crate::{BoardId, ChangeId};

/// Maximum number of octets of a line, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// Time for which a removed date is exported as cancelled, so that calendars which import the file now and
/// then learn of it. In milliseconds.
const CANCELLED_MILLIS: u64 = 30 * 86_400_000;

/// Returns the dates of the board `id` as an iCalendar file. Each entry keeps its id for good, so that
/// importing the file again updates the entry instead of adding another one.
///
/// Entries are whole days without a time zone: they are on the same day wherever the file is read.
/// `SEQUENCE`, `DTSTAMP` and `LAST-MODIFIED` follow the latest change about a record, also one that was
/// retracted or that retracts, so they never go back. A removed date is exported as cancelled for 30 days.
#[must_use]
pub fn calendar(id: BoardId, board: &Board, now: Now) -> String {
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
                // Without its texts, which may have been hidden or erased since.
                event(
                    &mut file,
                    id,
                    &entry,
                    entry.item.kind.label(),
                    revision,
                    true,
                );
            }
        }
    }
    line(&mut file, "END", "VCALENDAR");
    file
}

fn is_recent(moment: ChangeId, now: Now) -> bool {
    now.millis.saturating_sub(moment.millis()) < CANCELLED_MILLIS
}

/// An entry of the file.
struct Entry {
    record: ChangeId,
    /// The kind of the date. It stays the same when the date passes.
    kind: &'static str,
    day: NaiveDate,
    item: Due,
}

impl Entry {
    /// Returns a key that identifies the entry.
    fn key(&self) -> (ChangeId, &'static str) {
        (self.record, self.kind)
    }
}

/// Returns the entries for items with a date, in the order of [`due`].
fn entries(board: &Board, now: Now) -> Vec<Entry> {
    let entry = |item: Due| {
        let kind = match item.kind {
            DueKind::ByDate | DueKind::Undecided | DueKind::ClaimByDate => "by-date",
            DueKind::Owed | DueKind::Awaited => "follow-up",
            DueKind::TriggerReview | DueKind::CruxReview | DueKind::BoardReview => "review",
            DueKind::Decision => "decision",
            DueKind::Met
            | DueKind::MetAction
            | DueKind::Disputed
            | DueKind::Near
            | DueKind::Reworded
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

/// Returns the former entries of a record that were removed recently. The earlier states of the record are
/// derived from its own changes and those that its entries depend on.
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
    board: BoardId,
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

/// Returns the summary: "Owed: Reach: ask the vendor". Without a text if the record is removed or secret.
fn summary(board: &Board, secrets: &Secrets<'_>, item: &Due) -> String {
    let crux = item.crux.and_then(|crux| board.crux(crux));
    let crux = crux.filter(|crux| crux.trashed.is_none());
    let name = crux.map(|crux| crux.name().into_owned());
    let text = text(board, secrets, item.subject).map(|text| short(&text, 200).into_owned());
    let parts = [Some(item.kind.label().to_owned()), name, text];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(": ")
}

/// Returns the text of a record; `None` if it is removed or secret.
fn text(board: &Board, secrets: &Secrets<'_>, subject: Subject) -> Option<String> {
    Some(match subject {
        Subject::Board => board.info().question.clone(),
        Subject::Trigger(id) => {
            let trigger = board.trigger(id).filter(|one| one.trashed.is_none())?;
            // Neither records in the trash nor those that belong to them are shown.
            let crux = board.crux(trigger.crux)?;
            crux.trashed.is_none().then(|| trigger.headline())?
        }
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

/// Formats a moment in UTC: `20261123T090000Z`.
fn moment(stamp: ChangeId) -> String {
    let secs = stamp.millis() / 1_000 % 86_400;
    let (hours, minutes) = (secs / 3_600, secs / 60 % 60);
    format!(
        "{}T{hours:02}{minutes:02}{:02}Z",
        compact(stamp.day()),
        secs % 60
    )
}

/// Formats a day: `20261123`.
fn compact(day: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// Adds a content line, folded into pieces that a reader joins again.
fn line(file: &mut String, name: &str, value: &str) {
    let mut octets = 0;
    let mut whole = String::with_capacity(name.len() + value.len() + 1);
    // Writing to a `String` cannot fail.
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

/// Escapes a text value: commas, semicolons, backslashes and line ends (RFC 5545, 3.3.11). Other control
/// characters are removed, since they are not allowed.
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
