//! The minutes of a review, as Markdown.

mod decisions;
mod overview;
mod public;
mod rounds;
mod text;

use std::collections::BTreeSet;

use self::decisions::{decisions, follow_ups};
use self::rounds::rounds;
use self::text::Text;
use crate::ChangeId;
use crate::board::Board;
use crate::date::Now;
use crate::diff::{About, Line, Since, What};
use crate::format::{person_name, review_day, tally_words};
use crate::record::{CruxId, FollowUpState, Record, Review, ReviewId, keyed_enum};
use crate::snapshot;
use crate::snapshot::secrets::Secrets;
use crate::{t, tn};

keyed_enum! {
    /// The readers of the minutes.
    Audience {
        /// The people of the organisation.
        Internal = "internal", "Inside: everything";
        /// Anybody.
        Public = "public", "Anybody: what is not public is withheld and counted";
    }
}

/// Returns the minutes of a review, with its results first: people, decisions with their actions, the agenda
/// with the states of its triggers, outcomes of triggers, blind rounds, moves, notes, changes since the
/// previous review, and follow-ups.
#[must_use]
pub fn minutes(
    board: &Board,
    review: &Record<ReviewId, Review>,
    audience: Audience,
    now: Now,
) -> String {
    let mut text = Text {
        board,
        secrets: (audience == Audience::Public)
            .then(|| Secrets::of(board, snapshot::Audience::Public)),
        out: String::new(),
        withheld: BTreeSet::new(),
        withheld_notes: 0,
    };
    let closed = review.closed().unwrap_or(ChangeId::MAX);
    text.line(
        "# ",
        &t!("Review of {day}", day = review_day(board, review.id, now)),
    );
    text.out += "\n";
    text.line("", &board.info().question);
    let people = review.here.iter().map(|person| person_name(board, *person));
    let people = people.collect::<Vec<_>>().join(", ");
    text.out += "\n";
    text.line("", &t!("Here: {people}.", people));

    let before = board.review_moments().into_iter();
    let from = before
        .filter(|moment| *moment < review.id.0)
        .max()
        .unwrap_or_default();
    let since = changes_between(&mut text, from, closed, now);
    let taken = decisions(&mut text, review.id, closed);
    overview::agenda(&mut text, review, closed, now);
    judgements(&mut text, &since, review.id.0);
    rounds(&mut text, review.id);
    overview::moves(&mut text, from, closed);
    notes(&mut text, review);
    if from == ChangeId::default() {
        let lately = changes_between(&mut text, review.id.0, closed, now);
        text.heading(t!("What changed up to the first review"));
        changes(&mut text, &since, &lately);
    } else {
        text.heading(t!("What changed since the last review"));
        changes(&mut text, &since, &since);
    }
    follow_ups(&mut text, &taken);
    if let Some(withheld) = withheld_words(&text) {
        text.out += "\n";
        text.line(
            "",
            &t!("Not public, and not shown here: {withheld}.", withheld),
        );
    }
    text.out
}

/// Describes what is left out: "2 items and 1 note"; `None` if nothing is.
fn withheld_words(text: &Text<'_>) -> Option<String> {
    let items = tn!(text.withheld.len(), "{count} item", "{count} items");
    let notes = tn!(text.withheld_notes, "{count} note", "{count} notes");
    match (text.withheld.is_empty(), text.withheld_notes == 0) {
        (true, true) => None,
        (false, true) => Some(items),
        (true, false) => Some(notes),
        (false, false) => Some(t!("{items} and {notes}", items, notes)),
    }
}

/// Returns the changes between two moments that the readers may be told.
fn changes_between(text: &mut Text<'_>, from: ChangeId, closed: ChangeId, now: Now) -> Since {
    let board = text.board;
    let mut since = Since::between(board, from, closed, now);
    if text.secrets.is_some() {
        // External readers see neither records in the trash nor those that belong to them.
        since.groups.retain(|group| {
            let is_gone = |id: &CruxId| board.crux(*id).is_none_or(|crux| crux.trashed.is_some());
            let gone = group.crux.filter(is_gone);
            text.withheld.extend(gone.map(|crux| crux.0));
            gone.is_none()
        });
    }
    since
}

/// Counts all changes, and lists the `listed` ones. Before a first review everything on the board is a change,
/// so that a list of all would be a copy of the board.
fn changes(text: &mut Text<'_>, since: &Since, listed: &Since) {
    let owed = text
        .board
        .follow_ups()
        .filter(|f| f.state() == FollowUpState::Owed);
    text.line("", &format!("{}.", tally_words(since, owed.count())));
    let all = since.groups.iter().flat_map(|group| &group.lines);
    if let Some(words) = overview::setup_words(all.filter(|line| overview::is_setup(line))) {
        text.line("- ", &words);
    }
    for group in &listed.groups {
        let crux = group.crux.and_then(|crux| text.board.crux(crux));
        let name = crux.map_or_else(|| t!("The board").into(), |crux| crux.name().into_owned());
        // Reviews and rounds have sections of their own, with notes that not everybody may read.
        let lines = group.lines.iter().filter(|line| {
            !matches!(
                line.about,
                About::Review(_) | About::Round(_) | About::RecordedReview(_)
            ) && !overview::is_setup(line)
        });
        let lines: Vec<&Line> = lines.collect();
        let mut has_heading = false;
        for line in lines {
            let Some((what, rest)) = text.told(line) else {
                continue;
            };
            if !has_heading {
                text.subheading(&name);
                has_heading = true;
            }
            text.line("- ", format!("{what} {rest}").trim_end());
            text.address(line);
        }
    }
}

fn judgements(text: &mut Text<'_>, since: &Since, started: ChangeId) {
    let lines = since.groups.iter().flat_map(|group| &group.lines);
    let judged: Vec<&Line> = lines
        .filter(|line| matches!(&line.what, What::Judged(judged) if judged.id > started))
        .collect();
    if judged.is_empty() {
        return;
    }
    text.heading(t!("Outcomes of triggers"));
    for line in judged {
        if let Some((what, rest)) = text.told(line) {
            text.line("- ", format!("{what}. {rest}").trim_end());
        }
    }
}

fn notes(text: &mut Text<'_>, review: &Review) {
    let all = [(None, &review.note, review.note_is_public)].into_iter();
    let all = all.chain(
        review
            .notes
            .iter()
            .map(|(crux, note)| (Some(text.crux_name(*crux)), &note.text, note.is_public)),
    );
    let all: Vec<_> = all.filter(|(_, note, _)| !note.trim().is_empty()).collect();
    let (shown, withheld): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(.., is_public)| *is_public || text.secrets.is_none());
    text.withheld_notes = withheld.len();
    if shown.is_empty() {
        return;
    }
    text.heading(t!("Notes"));
    for (name, note, _) in shown {
        if let Some(name) = name {
            text.subheading(&name);
        }
        for line in note.lines().filter(|line| !line.trim().is_empty()) {
            text.line("", line);
            text.out += "\n";
        }
    }
}
