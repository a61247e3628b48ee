//! The effect of importing a page on a board.

use crate::record::field_words;
use crate::t;
use std::collections::BTreeMap;

use super::{Pasted, Post};
use crate::board::Board;
use crate::change::{Change, Edited, Payload};
use crate::id::Replica;
use crate::import::csv::RowOutcome;
use crate::limits::excess_in;
use crate::record::{MessageEdit, MessageId};
use crate::text::folded;
use crate::{ChangeId, Millis};

/// The outcome of each message of a page, and the changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadingPlan {
    /// The outcomes, in the order of the page.
    pub row_outcomes: Vec<RowOutcome>,
    /// The changes, under temporary ids: see [`crate::command::Command::TakeIn`].
    pub changes: Vec<Change>,
}

impl ReadingPlan {
    /// Returns how many messages are added, changed and skipped.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is_it: fn(&RowOutcome) -> bool| {
            self.row_outcomes
                .iter()
                .filter(|row_outcome| is_it(row_outcome))
                .count()
        };
        (
            count(|row_outcome| matches!(row_outcome, RowOutcome::Added(_))),
            count(|row_outcome| matches!(row_outcome, RowOutcome::Changed(_))),
            count(|row_outcome| matches!(row_outcome, RowOutcome::Skipped(_))),
        )
    }
}

/// A message on the board that was not found on the page yet.
struct Known<'a> {
    id: MessageId,
    url: &'a str,
    text: String,
}

/// Computes the effect of importing a page. A message is identified by its author and text, independent of
/// its position. A message that continues a known truncated one replaces it.
#[must_use]
pub fn plan(board: &Board, page: &Pasted) -> ReadingPlan {
    let mut known: BTreeMap<String, Vec<Known<'_>>> = BTreeMap::new();
    // A message in the trash was dealt with, and is not added again.
    for message in board.messages().chain(board.trashed_messages()) {
        known
            .entry(compared(&message.author))
            .or_default()
            .push(Known {
                id: message.id,
                url: &message.url,
                text: compared(&message.text),
            });
    }
    let mut plan = ReadingPlan::default();
    let mut open: Vec<&Post> = Vec::new();
    let mut row_outcomes: Vec<Option<RowOutcome>> = Vec::new();
    // Identical messages are matched first, so that none of them is matched with another one.
    for post in &page.messages {
        let own = known.entry(compared(&post.author)).or_default();
        let text = compared(&post.text);
        let same = own.iter().position(|known| known.text == text);
        row_outcomes.push(same.map(|same| {
            own.swap_remove(same);
            RowOutcome::Skipped(t!("it is in the list already"))
        }));
        if same.is_none() {
            open.push(post);
        }
    }
    let mut open = open.into_iter();
    for row_outcome in &mut row_outcomes {
        if row_outcome.is_some() {
            continue;
        }
        let Some(post) = open.next() else { break };
        let own = known.entry(compared(&post.author)).or_default();
        let text = compared(&post.text);
        let goes_on = own.iter().position(|known| {
            let begun = known.text.trim_end_matches(['…', '.', ' ']);
            let is_there = !post.url.is_empty() && known.url == post.url;
            text.len() > begun.len()
                && text.starts_with(begun)
                && (is_there || begun.chars().count() >= 40)
        });
        *row_outcome = Some(match goes_on {
            Some(at) => {
                let before = own.swap_remove(at);
                let set = MessageEdit {
                    text: Some(post.text.clone()),
                    ..MessageEdit::default()
                };
                plan.changes.push(change(
                    plan.changes.len(),
                    Payload::MessageEdited(Box::new(Edited {
                        of: before.id,
                        set,
                        reason: String::new(),
                    })),
                ));
                RowOutcome::Changed(t!("it goes on further than the one in the list").into())
            }
            None => {
                let listed = change(plan.changes.len(), listed(page, post));
                match excess_in(&listed) {
                    Some((field, excess)) => RowOutcome::Held(t!(
                        "its {field} is left out: {excess}",
                        field = field_words(&field),
                        excess
                    )),
                    None => {
                        plan.changes.push(listed);
                        RowOutcome::Added(t!("message" => "new").into())
                    }
                }
            }
        });
    }
    plan.row_outcomes = row_outcomes.into_iter().flatten().collect();
    plan
}

fn listed(page: &Pasted, post: &Post) -> Payload {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Payload::MessageListed(Box::new(MessageEdit {
        page: filled(&page.title),
        author: filled(&post.author),
        date: (post.date != crate::VagueDate::Unknown).then_some(post.date),
        url: filled(&post.url),
        text: Some(post.text.clone()),
        is_read: None,
    }))
}

fn change(place: usize, payload: Payload) -> Change {
    Change {
        id: ChangeId::new(Millis(1), place as u32, Replica::default()),
        by: None,
        part_of: None,
        payload,
    }
}

/// Returns a text in the form used for comparison: without case and white space.
fn compared(text: &str) -> String {
    folded(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
