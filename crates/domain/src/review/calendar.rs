//! Exports the dates of a board as an iCalendar file (RFC 5545).
//!
//! No crate is used: the one that is well maintained (`icalendar`) would take a third of the download, and it
//! reads the clock and makes random ids, which is not allowed here. The tests parse the file with it. See
//! `docs/decisions/0010-calendar-file.md`.

mod touches;

use core::time::Duration;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use self::touches::Touches;
use crate::board::Board;
use crate::date::Now;
use crate::due::{Due, DueKind, Subject, due};
use crate::format::{decision_headline, short};
use crate::snapshot::Audience;
use crate::snapshot::secrets::Secrets;
use crate::tn;
use crate::{BoardId, ChangeId};

/// Maximum number of octets of a line, without its end (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

/// Time for which a removed date is exported as cancelled, so that calendars which import the file now and
/// then learn of it.
const CANCELLED: Duration = Duration::from_secs(30 * 86_400);

/// Returns the dates of the board `id` as an iCalendar file. `link` is the address of the board; empty if it is
/// not known.
///
/// All dates of one kind and day are one entry, whose id is that kind and day. Importing the file again therefore
/// updates the entry instead of adding another one. Entries are whole days without a time zone: they are on the
/// same day wherever the file is read.
///
/// `SEQUENCE`, `DTSTAMP` and `LAST-MODIFIED` follow the latest change about any dated record, also one that was
/// retracted or that retracts, so they never go back. An entry that lost its last date is exported as cancelled
/// for 30 days.
#[must_use]
pub fn calendar(id: BoardId, board: &Board, now: Now, link: &str) -> String {
    let secrets = Secrets::of(board, Audience::Internal);
    let touches = Touches::of(board);
    let latest = touches.dated().map(|record| touches.latest(record)).max();
    let first = board.log().entries().next().map(crate::log::Entry::id);
    let mut file = File {
        text: String::new(),
        board: id,
        first: first.unwrap_or_default(),
        revision: latest.unwrap_or_default(),
        link,
    };
    let text = &mut file.text;
    line(text, "BEGIN", "VCALENDAR");
    line(text, "VERSION", "2.0");
    line(text, "PRODID", "-//Cruxboard//Cruxboard//EN");
    line(text, "NAME", &escaped(&board.info().question));
    let present = grouped(entries(board, now));
    let recent = touches
        .dated()
        .filter(|record| is_recent(touches.latest(*record), now));
    let removed = recent.flat_map(|record| removed(&touches, record, now));
    let mut removed = grouped(removed.collect());
    removed.retain(|group| present.iter().all(|other| other.key() != group.key()));
    for group in present {
        let items = group.items.iter();
        let summaries = items.map(|item| summary(board, &secrets, item)).collect();
        file.event(&group, summaries, false);
    }
    for group in removed {
        // Without its texts, which may have been hidden or erased since.
        let items = group.items.iter();
        let summaries = items.map(|item| item.kind.label().to_owned()).collect();
        file.event(&group, summaries, true);
    }
    line(&mut file.text, "END", "VCALENDAR");
    file.text
}

fn is_recent(moment: ChangeId, now: Now) -> bool {
    now.millis.since(moment.millis()) < CANCELLED
}

/// A date of a record.
struct Entry {
    record: ChangeId,
    /// The kind of the date. It stays the same when the date passes.
    kind: &'static str,
    day: NaiveDate,
    item: Due,
}

impl Entry {
    fn key(&self) -> (&'static str, NaiveDate) {
        (self.kind, self.day)
    }
}

/// An entry of the file: all dates of one kind and day.
struct Group {
    kind: &'static str,
    day: NaiveDate,
    items: Vec<Due>,
}

impl Group {
    /// Returns a key that identifies the entry.
    fn key(&self) -> (&'static str, NaiveDate) {
        (self.kind, self.day)
    }

    /// Returns the title of an entry of several dates.
    fn title(&self) -> String {
        let count = self.items.len();
        match self.kind {
            "by-date" => tn!(
                count,
                "{count} date to judge by",
                "{count} dates to judge by"
            ),
            "follow-up" => tn!(count, "{count} follow-up", "{count} follow-ups"),
            "review" => tn!(count, "{count} review", "{count} reviews"),
            _ => tn!(
                count,
                "{count} decision to look at again",
                "{count} decisions to look at again"
            ),
        }
    }
}

/// Groups dates by kind and day, in the order of the first of each.
fn grouped(entries: Vec<Entry>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: BTreeMap<(&'static str, NaiveDate), usize> = BTreeMap::new();
    for entry in entries {
        let place = *places.entry(entry.key()).or_insert(groups.len());
        if place == groups.len() {
            groups.push(Group {
                kind: entry.kind,
                day: entry.day,
                items: Vec::new(),
            });
        }
        if let Some(group) = groups.get_mut(place) {
            group.items.push(entry.item);
        }
    }
    groups
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
    let mut seen: BTreeMap<(&'static str, NaiveDate), (Entry, Option<ChangeId>)> = BTreeMap::new();
    for change in touches.changes(record) {
        replayed.apply(change.clone());
        let mut there = entries(&replayed, now);
        there.retain(|entry| entry.record == record);
        for (key, (_, removed)) in &mut seen {
            if there.iter().all(|entry| entry.key() != *key) {
                removed.get_or_insert(change.id);
            }
        }
        for entry in there {
            seen.insert(entry.key(), (entry, None));
        }
    }
    let entries = seen.into_values();
    entries
        .filter(|(_, removed)| removed.is_some_and(|moment| is_recent(moment, now)))
        .map(|(entry, _)| entry)
        .collect()
}

/// The file while it is written.
struct File<'a> {
    text: String,
    board: BoardId,
    /// The first change of the board.
    first: ChangeId,
    /// The latest change about any dated record.
    revision: ChangeId,
    /// The address of the board; empty if it is not known.
    link: &'a str,
}

impl File<'_> {
    fn event(&mut self, group: &Group, summaries: Vec<String>, is_cancelled: bool) {
        let Self {
            text,
            board,
            first,
            revision,
            link,
        } = self;
        let (kind, day) = group.key();
        line(text, "BEGIN", "VEVENT");
        line(text, "UID", &format!("{kind}-{day}@{board}.cruxboard"));
        line(text, "DTSTAMP", &moment(*revision));
        line(text, "LAST-MODIFIED", &moment(*revision));
        let age_secs = revision.millis().since(first.millis()).as_secs();
        let sequence = i32::try_from(age_secs).unwrap_or(i32::MAX);
        line(text, "SEQUENCE", &sequence.to_string());
        line(text, "DTSTART;VALUE=DATE", &compact(day));
        let mut described: Vec<String> = Vec::new();
        match summaries.as_slice() {
            [summary] => line(text, "SUMMARY", &escaped(summary)),
            all => {
                line(text, "SUMMARY", &escaped(&group.title()));
                described.extend(all.iter().map(|summary| format!("- {summary}")));
            }
        }
        if !link.is_empty() {
            described.push((*link).to_owned());
            line(text, "URL", link);
        }
        if !described.is_empty() {
            line(text, "DESCRIPTION", &escaped(&described.join("\n")));
        }
        if is_cancelled {
            line(text, "STATUS", "CANCELLED");
        }
        line(text, "TRANSP", "TRANSPARENT");
        line(text, "END", "VEVENT");
    }
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
    let secs = stamp.millis().0 / 1_000 % 86_400;
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
