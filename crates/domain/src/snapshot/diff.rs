//! What changed between two readings of one board.

use super::Snapshot;
use super::reading::{CruxReading, Reading};
use super::{Wish, take};
use crate::ChangeId;
use crate::board::Board;

/// What is different about one crux since: its name, and sentences.
pub type Difference = (String, Vec<String>);

impl Snapshot {
    /// What changed on one's own copy of the board since the snapshot was taken, as far as the
    /// snapshot shows it. `id`: of the board; `now`: Unix milliseconds.
    #[must_use]
    pub fn since(&self, own: &Board, id: ChangeId, now: u64) -> Vec<Difference> {
        let then = self.reading();
        let is_part = then.cruxes.len() < self.all_cruxes;
        let known =
            |name: &str, claim: &str| then.cruxes.iter().any(|crux| is_same(crux, name, claim));
        let cruxes = own.cruxes();
        let shown = cruxes
            .iter()
            .filter(|crux| known(&crux.name(), &crux.claim));
        let wish = Wish {
            cruxes: is_part.then(|| shown.map(|crux| crux.id).collect()),
            audience: self.audience,
            depth: self.depth,
            aliases: self.aliases,
            with_stale: !self.without_stale,
            ..Wish::default()
        };
        differences(&then, &take(own, id, &wish, now).snapshot.reading())
    }
}

/// Ids do not survive in a snapshot: a crux is known by its name, or else by its claim.
fn is_same(crux: &CruxReading, name: &str, claim: &str) -> bool {
    crux.name == name || crux.claim == claim
}

/// What is different about each crux, in the order of `now`.
#[must_use]
pub fn differences(then: &Reading, now: &Reading) -> Vec<Difference> {
    let mut found = Vec::new();
    for crux in &now.cruxes {
        let before = then
            .cruxes
            .iter()
            .find(|old| is_same(old, &crux.name, &crux.claim));
        let said = match before {
            Some(before) => changes(before, crux),
            None => vec!["It is new.".to_owned()],
        };
        if !said.is_empty() {
            found.push((crux.name.clone(), said));
        }
    }
    for crux in &then.cruxes {
        if !now
            .cruxes
            .iter()
            .any(|new| is_same(new, &crux.name, &crux.claim))
        {
            found.push((crux.name.clone(), vec!["It is no longer there.".to_owned()]));
        }
    }
    found
}

fn changes(then: &CruxReading, now: &CruxReading) -> Vec<String> {
    let mut said = Vec::new();
    if then.name != now.name {
        said.push(format!("It was called “{}”.", then.name));
    }
    if then.claim != now.claim {
        said.push(format!("The claim was: “{}”", then.claim));
    }
    let views = |crux: &CruxReading, other: &CruxReading| -> Vec<(String, String)> {
        // With the digits that tell the two apart; nothing is said of what is the same.
        let all = crux.estimate;
        let all = all.map(|all| all.aggregate_beside(other.estimate, &[]));
        let views = crux.views.iter();
        let views = views.map(|view| (view.name.clone(), view.credence.shown()));
        let all = all.map(|all| ("All".to_owned(), all));
        all.into_iter().chain(views).collect()
    };
    compare(&mut said, &views(then, now), &views(now, then));
    let triggers = |crux: &CruxReading| -> Vec<(String, String)> {
        let triggers = crux.triggers.iter().map(|trigger| {
            let what = format!("Trigger towards {}: “{}”", trigger.toward, trigger.headline);
            (what, trigger.state.label().to_owned())
        });
        triggers.collect()
    };
    compare(&mut said, &triggers(then), &triggers(now));
    let evidence = |crux: &CruxReading| -> Vec<(String, String)> {
        let items = crux.sides.iter().flat_map(|(side, items)| {
            items.iter().map(|item| {
                (
                    format!("Evidence: “{}”", item.headline),
                    side.label().to_ascii_lowercase(),
                )
            })
        });
        items.collect()
    };
    compare(&mut said, &evidence(then), &evidence(now));
    let payloads = |crux: &CruxReading| -> Vec<(String, String)> {
        crux.payloads
            .iter()
            .map(|(what, text)| ((*what).to_owned(), text.clone()))
            .collect()
    };
    compare(&mut said, &payloads(then), &payloads(now));
    said
}

fn compare(said: &mut Vec<String>, then: &[(String, String)], now: &[(String, String)]) {
    let find = |list: &[(String, String)], what: &str| {
        list.iter()
            .find(|(other, _)| other == what)
            .map(|(_, text)| text.clone())
    };
    for (what, text) in now {
        match find(then, what) {
            Some(before) if before == *text => {}
            Some(before) => said.push(format!("{what}: {before}, now {text}.")),
            None => said.push(format!("{what}: {text} (new).")),
        }
    }
    for (what, text) in then {
        if find(now, what).is_none() {
            said.push(format!("{what}: {text} (no longer)."));
        }
    }
}
