//! What taking a page in would do to a board.

use std::collections::BTreeMap;

use super::{Pasted, Post};
use crate::Stamp;
use crate::board::Board;
use crate::change::{Change, Edited, Fact};
use crate::letters::lower;
use crate::limits::excess_in;
use crate::record::{MessageEdit, MessageId};
use crate::spreadsheet::Fate;
use crate::stamp::Replica;

/// What becomes of each message of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingPlan {
    /// In the order of the page.
    pub fates: Vec<Fate>,
    /// The changes, under ids that only hold them together: see [`crate::decide::Command::TakeIn`].
    pub changes: Vec<Change>,
}

impl ReadingPlan {
    /// How many are added, changed and passed over.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is_it: fn(&Fate) -> bool| self.fates.iter().filter(|fate| is_it(fate)).count();
        (
            count(|fate| matches!(fate, Fate::Added(_))),
            count(|fate| matches!(fate, Fate::Changed(_))),
            count(|fate| matches!(fate, Fate::Skipped(_))),
        )
    }
}

/// A message that is on the board, and has not been met on the page yet.
struct Known<'a> {
    id: MessageId,
    url: &'a str,
    text: String,
}

/// Works out what taking a page in would do. A message is known by who wrote it and what it says,
/// wherever it stands by now; one that goes on where a known one was cut off takes its place.
#[must_use]
pub fn plan(board: &Board, page: &Pasted) -> ReadingPlan {
    let mut known: BTreeMap<String, Vec<Known<'_>>> = BTreeMap::new();
    // What lies in the trash was read and put away, and does not come back.
    for message in board.messages().chain(board.trashed_messages()) {
        known
            .entry(folded(&message.author))
            .or_default()
            .push(Known {
                id: message.id,
                url: &message.url,
                text: folded(&message.text),
            });
    }
    let mut plan = ReadingPlan::default();
    let mut open: Vec<&Post> = Vec::new();
    let mut fates: Vec<Option<Fate>> = Vec::new();
    // What is the same is met first, so that nothing else is taken for it.
    for post in &page.messages {
        let own = known.entry(folded(&post.author)).or_default();
        let text = folded(&post.text);
        let same = own.iter().position(|known| known.text == text);
        fates.push(same.map(|same| {
            own.swap_remove(same);
            Fate::Skipped("it is in the list already")
        }));
        if same.is_none() {
            open.push(post);
        }
    }
    let mut open = open.into_iter();
    for fate in &mut fates {
        if fate.is_some() {
            continue;
        }
        let Some(post) = open.next() else { break };
        let own = known.entry(folded(&post.author)).or_default();
        let text = folded(&post.text);
        let goes_on = own.iter().position(|known| {
            let begun = known.text.trim_end_matches(['…', '.', ' ']);
            let is_there = !post.url.is_empty() && known.url == post.url;
            text.len() > begun.len()
                && text.starts_with(begun)
                && (is_there || begun.chars().count() >= 40)
        });
        *fate = Some(match goes_on {
            Some(at) => {
                let before = own.swap_remove(at);
                let set = MessageEdit {
                    text: Some(post.text.clone()),
                    ..MessageEdit::default()
                };
                plan.changes.push(change(
                    plan.changes.len(),
                    Fact::MessageEdited(Box::new(Edited {
                        of: before.id,
                        set,
                        reason: String::new(),
                    })),
                ));
                Fate::Changed("it goes on further than the one in the list".into())
            }
            None => {
                let listed = change(plan.changes.len(), listed(page, post));
                match excess_in(&listed) {
                    Some((field, excess)) => {
                        Fate::Held(format!("its {field} is left out: {excess}"))
                    }
                    None => {
                        plan.changes.push(listed);
                        Fate::Added("new".into())
                    }
                }
            }
        });
    }
    plan.fates = fates.into_iter().flatten().collect();
    plan
}

fn listed(page: &Pasted, post: &Post) -> Fact {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Fact::MessageListed(Box::new(MessageEdit {
        page: filled(&page.title),
        author: filled(&post.author),
        date: (post.date != crate::VagueDate::Unknown).then_some(post.date),
        url: filled(&post.url),
        text: Some(post.text.clone()),
        is_read: None,
    }))
}

fn change(place: usize, fact: Fact) -> Change {
    Change {
        id: Stamp::new(1, place as u32, Replica::default()),
        by: None,
        part_of: None,
        fact,
    }
}

/// As texts are compared: whatever their case and their blanks.
fn folded(text: &str) -> String {
    lower(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
