//! The differences between a snapshot and one's own copy of its board.

use super::reading::{CruxReading, Reading};
use super::{Snapshot, SnapshotRequest, board_key, take};
use crate::board::Board;
use crate::change::Payload;
use crate::log::Entry;
use crate::t;
use crate::text::without_full_stop;
use crate::translation::in_sentence;
use crate::{BoardId, Millis};

/// The differences about one crux: its name, and sentences.
pub type Difference = (String, Vec<String>);

/// The differences between a snapshot and one's own copy of its board, by where something changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Differences {
    /// The changes made on the copy since the snapshot was taken.
    pub here: Vec<Difference>,
    /// The differences of the snapshot from the copy as it was then: the snapshot has the newer state, or both
    /// were changed.
    pub there: Vec<Difference>,
}

impl Differences {
    /// Returns whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.here.is_empty() && self.there.is_empty()
    }

    fn push(&mut self, name: &str, (here, there): (Vec<String>, Vec<String>)) {
        for (list, said) in [(&mut self.here, here), (&mut self.there, there)] {
            if !said.is_empty() {
                list.push((name.to_owned(), said));
            }
        }
    }
}

impl Snapshot {
    /// Returns how one's own copy of the board differs from the snapshot, as far as the snapshot shows it.
    /// `id` is the board's id. The copy as it was when the snapshot was taken, or when it was made of a
    /// snapshot, tells on which side something changed.
    #[must_use]
    pub fn since(&self, own: &Board, id: BoardId, now: Millis) -> Differences {
        if self.is_answer() {
            return Differences::default();
        }
        let theirs = self.reading();
        let is_part = theirs.cruxes.len() < self.all_cruxes;
        let reading = |board: &Board, at: Millis| {
            let cruxes = board.cruxes();
            let shown = cruxes
                .iter()
                .filter(|crux| find(&theirs, &crux.name(), &crux.claim).is_some());
            let wish = SnapshotRequest {
                cruxes: is_part.then(|| shown.map(|crux| crux.id).collect()),
                audience: self.audience,
                depth: self.depth,
                aliases: self.aliases,
                with_stale: !self.without_stale,
                ..SnapshotRequest::default()
            };
            take(board, id, &wish, at).snapshot.reading()
        };
        let before = self.before(own, id);
        compared(
            &reading(&before, self.taken_at),
            &theirs,
            &reading(own, now),
            |claim| was_ever(own, claim),
        )
    }

    /// Returns one's own copy as it was when the snapshot was taken; for a copy made of a snapshot, as it was
    /// made.
    fn before(&self, own: &Board, id: BoardId) -> Board {
        let is_origin = board_key(id) == self.board_key;
        let first = own.log().entries().next().map(Entry::id);
        let is_before = |entry: &Entry| match entry {
            _ if is_origin => entry.id().millis() < self.taken_at,
            Entry::Known(change) => Some(change.id) == first || change.part_of == first,
            Entry::Foreign { .. } => false,
        };
        let entries = own.log().entries().filter(|entry| is_before(entry));
        entries.cloned().collect()
    }
}

/// Returns the crux with this name, or else with this claim. Ids are not preserved in a snapshot.
fn find<'a>(reading: &'a Reading, name: &str, claim: &str) -> Option<&'a CruxReading> {
    let mut cruxes = reading.cruxes.iter();
    cruxes.find(|crux| crux.name == name || crux.claim == claim)
}

/// Compares a snapshot with the copy of its board, in the order of the copy.
/// `was_here` returns whether the copy ever had a crux with this claim.
fn compared(
    before: &Reading,
    theirs: &Reading,
    own: &Reading,
    was_here: impl Fn(&str) -> bool,
) -> Differences {
    let mut found = Differences::default();
    let decided = |reading: &Reading| -> Option<(String, String)> {
        let decision = reading.decision.as_ref()?;
        Some((decision.headline.clone(), decision.why.clone()))
    };
    let (theirs_decided, own_decided) = (decided(theirs), decided(own));
    if theirs_decided != own_decided {
        let headline = |decided: Option<(String, String)>| {
            decided.map_or(t!("nothing is decided").to_owned(), |(headline, _)| {
                headline
            })
        };
        let is_here = theirs_decided == decided(before);
        let (theirs, own) = (headline(theirs_decided), headline(own_decided));
        let said = match is_here {
            true => (
                vec![t!(
                    "Before: {theirs}. Now: {own}.",
                    theirs = without_full_stop(&theirs),
                    own = without_full_stop(&own)
                )],
                Vec::new(),
            ),
            false => (Vec::new(), vec![beside(&theirs, &own)]),
        };
        found.push(t!("Decision"), said);
    }
    for crux in &own.cruxes {
        let was_there = find(before, &crux.name, &crux.claim);
        let said = match find(theirs, &crux.name, &crux.claim) {
            Some(theirs) => changes(was_there, theirs, crux),
            None if was_there.is_some() => (
                Vec::new(),
                vec![t!("It is not in the snapshot.").to_owned()],
            ),
            None => (vec![t!("It is new.").to_owned()], Vec::new()),
        };
        found.push(&crux.name, said);
    }
    for crux in &theirs.cruxes {
        if find(own, &crux.name, &crux.claim).is_none() {
            let said = match was_here(&crux.claim) {
                true => (vec![t!("It is no longer there.").to_owned()], Vec::new()),
                false => (
                    Vec::new(),
                    vec![t!("It is only in the snapshot.").to_owned()],
                ),
            };
            found.push(&crux.name, said);
        }
    }
    found
}

/// Returns whether a board ever had a crux with this claim, undone or in the trash or not.
fn was_ever(board: &Board, claim: &str) -> bool {
    board.log().changes().any(|change| match &change.payload {
        Payload::CruxAdded(crux) => crux.claim.as_deref() == Some(claim),
        Payload::CruxEdited(edited) => edited.set.claim.as_deref() == Some(claim),
        _ => false,
    })
}

fn beside(theirs: &str, own: &str) -> String {
    t!(
        "In the snapshot: {theirs}; your copy: {own}.",
        theirs = without_full_stop(theirs),
        own = without_full_stop(own)
    )
}

/// Returns the differences of one crux: those that changed on the copy, and those of the snapshot.
fn changes(
    before: Option<&CruxReading>,
    theirs: &CruxReading,
    own: &CruxReading,
) -> (Vec<String>, Vec<String>) {
    let mut said = (Vec::new(), Vec::new());
    for (what, text) in [
        (t!("Name"), |crux: &CruxReading| crux.name.clone()),
        (t!("Claim"), |crux: &CruxReading| crux.claim.clone()),
    ] as [(&str, fn(&CruxReading) -> String); 2]
    {
        let line = |crux: &CruxReading| vec![(what.to_owned(), t!("“{text}”", text = text(crux)))];
        let was = before.map(line).unwrap_or_default();
        compare(&mut said, &was, &line(theirs), &line(own));
    }
    let views = |crux: &CruxReading, other: &CruxReading| -> Vec<(String, String)> {
        // With enough digits to tell the two apart; equal figures are not mentioned.
        let all = crux.estimate;
        let all = all.map(|all| all.aggregate_beside(other.estimate, &[]));
        let views = crux.views.iter();
        let views = views.map(|view| (view.name.clone(), view.credence.shown()));
        let all = all.map(|all| (t!("All").to_owned(), all));
        all.into_iter().chain(views).collect()
    };
    let was = before.map(|before| {
        let is_same = before.estimate == theirs.estimate;
        views(before, if is_same { own } else { theirs })
    });
    let was = was.unwrap_or_default();
    compare(&mut said, &was, &views(theirs, own), &views(own, theirs));
    for list in [triggers, evidence, payloads] {
        let was = before.map(list).unwrap_or_default();
        compare(&mut said, &was, &list(theirs), &list(own));
    }
    said
}

fn triggers(crux: &CruxReading) -> Vec<(String, String)> {
    let triggers = crux.triggers.iter().map(|trigger| {
        let what = t!(
            "Trigger towards {option}: “{headline}”",
            option = trigger.toward,
            headline = trigger.headline
        );
        (what, trigger.state.label().to_owned())
    });
    triggers.collect()
}

fn evidence(crux: &CruxReading) -> Vec<(String, String)> {
    let items = crux.sides.iter().flat_map(|(side, items)| {
        items.iter().map(|item| {
            (
                t!("Evidence: “{item}”", item = item.headline),
                in_sentence(side.label()),
            )
        })
    });
    items.collect()
}

fn payloads(crux: &CruxReading) -> Vec<(String, String)> {
    let payloads = crux.payloads.iter();
    payloads
        .map(|(what, text)| ((*what).to_owned(), text.clone()))
        .collect()
}

/// Compares labelled texts. Appends to the first list what changed on the copy, and to the second what the
/// snapshot has otherwise than the copy had it.
fn compare(
    (here, there): &mut (Vec<String>, Vec<String>),
    before: &[(String, String)],
    theirs: &[(String, String)],
    own: &[(String, String)],
) {
    let find = |list: &[(String, String)], what: &str| {
        let found = list.iter().find(|(other, _)| other == what);
        found.map(|(_, text)| text.clone())
    };
    let only_theirs = theirs.iter().filter(|(what, _)| find(own, what).is_none());
    for (what, _) in own.iter().chain(only_theirs) {
        let (was, theirs, own) = (find(before, what), find(theirs, what), find(own, what));
        if theirs == own {
            continue;
        }
        let is_here = was == theirs;
        match (theirs, own) {
            (Some(theirs), Some(own)) if is_here => {
                here.push(t!(
                    "{what}: {theirs}, now {own}.",
                    what,
                    theirs = without_full_stop(&theirs),
                    own = without_full_stop(&own)
                ));
            }
            (None, Some(own)) if is_here => here.push(t!("{what}: {own} (new).", what, own)),
            (Some(theirs), None) if is_here => {
                here.push(t!("{what}: {theirs} (no longer).", what, theirs))
            }
            (theirs, own) => {
                let text = |text: Option<String>| text.unwrap_or(t!("nothing").to_owned());
                let said = beside(&text(theirs), &text(own));
                there.push(format!("{what}. {said}"));
            }
        }
    }
}
