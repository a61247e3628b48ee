//! Rewordings: whether a credence was stated on other words than its claim has now, and the difference.

use crate::ChangeId;
use crate::board::Board;
use crate::change::Payload;
use crate::record::{CruxId, PersonId, StatementId};
use crate::round::sealed_when;

/// One wording of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The change that introduced the wording.
    pub since: ChangeId,
    /// The author of the change, if stated.
    pub by: Option<PersonId>,
    /// The claim.
    pub claim: String,
    /// The reason for the rewording.
    pub reason: String,
}

/// Returns the wordings of a claim, oldest first. A change of punctuation, letter case or white space makes
/// no new wording, but updates the text of the current one.
#[must_use]
pub fn wordings(board: &Board, crux: CruxId) -> Vec<Wording> {
    let mut found: Vec<Wording> = Vec::new();
    for (change, _) in board.history(crux.0).filter(|(_, counts)| *counts) {
        let (claim, reason) = match &change.payload {
            Payload::CruxAdded(edit) => (&edit.claim, ""),
            Payload::CruxEdited(edited) => (&edited.set.claim, edited.reason.as_str()),
            _ => continue,
        };
        let Some(claim) = claim else { continue };
        match found.last_mut() {
            Some(last) if !is_rewording(&last.claim, claim) => last.claim.clone_from(claim),
            _ => found.push(Wording {
                since: change.id,
                by: change.by,
                claim: claim.clone(),
                reason: reason.to_owned(),
            }),
        }
    }
    found
}

/// Returns whether two wordings differ in more than punctuation, letter case and white space.
#[must_use]
pub fn is_rewording(before: &str, after: &str) -> bool {
    before != after && !plain_words(before).eq(plain_words(after))
}

fn plain_words(text: &str) -> impl Iterator<Item = String> + '_ {
    // A percent sign, or a dash before a number, changes the meaning.
    let is_part = |c: char| c.is_alphanumeric() || c.is_ascii_digit() || "%€$£<>=≥≤−".contains(c);
    let words = text.split(move |c: char| !is_part(c));
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// The wording on which a credence was stated, if the claim has other words now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherWords {
    /// The claim at the time of the credence.
    pub then: String,
    /// The claim now.
    pub now: String,
    /// The first rewording after the credence was stated.
    pub reworded: ChangeId,
    /// The reasons for the rewordings, each once.
    pub reasons: Vec<String>,
}

/// Returns the wording on which a credence was stated, if the claim has other words now. A confirmation
/// counts as a statement on the wording of its own time.
#[must_use]
pub fn other_words(board: &Board, crux: CruxId, statement: StatementId) -> Option<OtherWords> {
    other_words_in(board, &wordings(board, crux), statement)
}

/// Returns the same as [`other_words`], given the wordings of the claim.
pub(crate) fn other_words_in(
    board: &Board,
    wordings: &[Wording],
    statement: StatementId,
) -> Option<OtherWords> {
    let (now, earlier) = wordings.split_last()?;
    if earlier.is_empty() {
        return None;
    }
    let said = board.statement(statement)?;
    let said = sealed_when(board, said).unwrap_or(said.id.0);
    let later = wordings.iter().position(|wording| wording.since > said)?;
    let then = &wordings[later.checked_sub(1)?];
    if !is_rewording(&then.claim, &now.claim) {
        return None;
    }
    let mut reasons: Vec<String> = Vec::new();
    for wording in &wordings[later..] {
        if !wording.reason.is_empty() && !reasons.contains(&wording.reason) {
            reasons.push(wording.reason.clone());
        }
    }
    Some(OtherWords {
        then: then.claim.clone(),
        now: now.claim.clone(),
        reworded: wordings[later].since,
        reasons,
    })
}

/// A run of words in a comparison of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Words in both texts.
    Same(String),
    /// Words in the first text only.
    Removed(String),
    /// Words in the second text only.
    Added(String),
}

/// Compares two texts word by word by their longest common subsequence. Removed words precede added ones.
/// Time and memory are proportional to the product of the word counts. Texts of more than `MOST_COMPARED`
/// words are returned whole, one removed and one added.
#[must_use]
pub fn word_difference(before: &str, after: &str) -> Vec<Run> {
    let one: Vec<&str> = before.split_whitespace().collect();
    let other: Vec<&str> = after.split_whitespace().collect();
    if one.len() > MOST_COMPARED || other.len() > MOST_COMPARED {
        return vec![Run::Removed(before.into()), Run::Added(after.into())];
    }
    // The length of the longest common subsequence of the rests of both texts, from each pair of positions.
    let width = other.len() + 1;
    let mut common = vec![0_u16; (one.len() + 1) * width];
    for (row, word) in one.iter().enumerate().rev() {
        for (column, other) in other.iter().enumerate().rev() {
            let at = row * width + column;
            common[at] = if word == other {
                common[at + width + 1] + 1
            } else {
                common[at + width].max(common[at + 1])
            };
        }
    }
    let mut runs = Runs::default();
    let (mut row, mut column) = (0, 0);
    while row < one.len() || column < other.len() {
        let at = row * width + column;
        if row < one.len() && column < other.len() && one[row] == other[column] {
            runs.same(one[row]);
            (row, column) = (row + 1, column + 1);
        } else if column == other.len() || (row < one.len() && common[at + width] >= common[at + 1])
        {
            runs.removed.push(one[row]);
            row += 1;
        } else {
            runs.added.push(other[column]);
            column += 1;
        }
    }
    runs.flush();
    runs.found
}

/// Maximum number of words of a text that is compared word by word.
const MOST_COMPARED: usize = 1_000;

#[derive(Default)]
struct Runs<'a> {
    found: Vec<Run>,
    removed: Vec<&'a str>,
    added: Vec<&'a str>,
}

impl<'a> Runs<'a> {
    fn same(&mut self, word: &'a str) {
        self.flush();
        match self.found.last_mut() {
            Some(Run::Same(run)) => {
                run.push(' ');
                run.push_str(word);
            }
            _ => self.found.push(Run::Same(word.to_owned())),
        }
    }

    fn flush(&mut self) {
        if !self.removed.is_empty() {
            self.found.push(Run::Removed(self.removed.join(" ")));
        }
        if !self.added.is_empty() {
            self.found.push(Run::Added(self.added.join(" ")));
        }
        self.removed.clear();
        self.added.clear();
    }
}
