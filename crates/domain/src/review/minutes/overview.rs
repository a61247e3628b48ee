//! Parts of the minutes that make them complete by themselves: the agenda with the states of its triggers,
//! the moves of credences, and changes of the setup in one line.

use std::collections::BTreeMap;

use super::text::Text;
use crate::ChangeId;
use crate::date::{Now, Viewpoint};
use crate::diff::{About, Line, What};
use crate::format::{NO_OPTION, person_name};
use crate::movement::movements;
use crate::record::{CruxId, PersonId, Record, Review, ReviewId, Trigger, TriggerId, field_words};
use crate::translation::translated;
use crate::trigger_state::trigger_state_at;
use crate::{t, tn};

/// Writes the agenda, and the state of each trigger of its cruxes at the end of the review.
pub(super) fn agenda(
    text: &mut Text<'_>,
    review: &Record<ReviewId, Review>,
    closed: ChangeId,
    now: Now,
) {
    let board = text.board;
    if review.agenda.is_empty() {
        return;
    }
    let millis = match closed {
        ChangeId::MAX => now.millis,
        closed => closed.millis(),
    };
    let then = Viewpoint::from(Now { millis, ..now });
    text.heading(t!("Agenda and triggers"));
    for item in &review.agenda {
        let name = text.crux_name(item.crux);
        text.line("- ", &name);
        if !text.shows_crux(item.crux) {
            continue;
        }
        for trigger in board.triggers_of(item.crux) {
            let words = state_words(text, trigger, then, closed);
            text.line("- ", &format!("{name}: {words}"));
        }
    }
}

/// Describes a trigger in its state at the end of the review: "Wind down, armed: two labs have failed".
fn state_words(
    text: &Text<'_>,
    trigger: &Record<TriggerId, Trigger>,
    then: Viewpoint,
    closed: ChangeId,
) -> String {
    let board = text.board;
    let mut known = trigger.clone();
    known.value.judgements.retain(|judged| judged.id <= closed);
    let state = trigger_state_at(board, &known, then, closed).label();
    let option = trigger.toward.and_then(|option| board.option(option));
    // The public is told no name of what was removed.
    let is_public = text.secrets.is_some();
    let option = option.filter(|option| !is_public || option.trashed.is_none());
    let option = option.map_or_else(|| translated(NO_OPTION), |option| option.name.as_str());
    // Without an observable, the headline is a field that not everybody may read.
    let is_told =
        text.secrets.is_none() || trigger.rule.is_some() || !trigger.observable.is_empty();
    let headline = if is_told {
        trigger.headline()
    } else {
        String::new()
    };
    match headline.as_str() {
        "" => format!("{option}, {state}"),
        headline => format!("{option}, {state}: {headline}"),
    }
}

/// Writes everybody's updates between two moments, in the order of the cruxes.
pub(super) fn moves(text: &mut Text<'_>, from: ChangeId, closed: ChangeId) {
    let board = text.board;
    let mut ways: BTreeMap<(CruxId, PersonId), String> = BTreeMap::new();
    for update in movements(board).updates {
        if update.at <= from.millis() || update.at > closed.millis() {
            continue;
        }
        let way = ways.entry((update.crux, update.person));
        let way = way.or_insert_with(|| update.from.shown());
        *way += &format!(" → {}", update.to.shown());
    }
    if text.secrets.is_some() {
        let is_here = |id: PersonId| board.person(id).is_some_and(|one| one.trashed.is_none());
        ways.retain(|(_, person), _| is_here(*person));
    }
    if ways.is_empty() {
        return;
    }
    text.heading(t!("Credences moved"));
    for crux in board.cruxes() {
        let own = ways.iter().filter(|((of, _), _)| *of == crux.id);
        for ((_, person), way) in own {
            let line = format!("{}: {} {way}", crux.name(), person_name(board, *person));
            text.line("- ", &line);
        }
    }
}

/// Returns whether a difference is about the setup of the board: its settings, options or people.
pub(super) fn is_setup(line: &Line) -> bool {
    matches!(
        line.about,
        About::Board | About::Option(_) | About::Person(_)
    )
}

/// Describes changes of the setup in one line: "Setup: 2 people, 1 option, stale after days."; `None` without any.
pub(super) fn setup_words<'a>(lines: impl Iterator<Item = &'a Line>) -> Option<String> {
    let (mut people, mut options) = (0, 0);
    let mut fields = Vec::new();
    for line in lines {
        match (line.about, &line.what) {
            (About::Person(_), _) => people += 1,
            (About::Option(_), _) => options += 1,
            (About::Board, What::Edited(edited)) => {
                fields.extend(edited.iter().map(|field| field_words(&field.name)));
            }
            _ => {}
        }
    }
    let mut parts = Vec::new();
    if people > 0 {
        parts.push(tn!(people, "{count} person", "{count} people"));
    }
    if options > 0 {
        parts.push(tn!(options, "{count} option", "{count} options"));
    }
    parts.extend(fields);
    (!parts.is_empty()).then(|| t!("Setup: {parts}.", parts = parts.join(", ")))
}
