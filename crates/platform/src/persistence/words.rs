//! The messages about failed storing: what happened, what is safe, and what to do.

use crate::journal::StorageProblem;
use cruxboard_domain::t;
use cruxboard_session::SaveState;

pub(super) fn state_of(problem: &StorageProblem) -> SaveState {
    match problem {
        StorageProblem::Blocked => SaveState::MemoryOnly(
            t!(
                "This browser gives the page no storage (a private window or a setting may do that). What you write stays in this tab until you close it. Download a copy before you do."
            )
            .into(),
        ),
        StorageProblem::Newer => SaveState::MemoryOnly(
            t!(
                "A newer version of Cruxboard was opened in this browser. What you wrote before is safe; what you write here now stays in this tab only. Download a copy, then reload this page to get the newer version."
            )
            .into(),
        ),
        StorageProblem::HeldByAnotherTab => SaveState::Failed(
            t!(
                "Another tab with an older version of Cruxboard is open and keeps this one from storing. What you write stays in this tab. Close the other tab; storing is then tried again by itself."
            )
            .into(),
        ),
        StorageProblem::AnotherTabHangs => SaveState::Failed(
            t!(
                "Another tab of Cruxboard hangs while it opens the storage, and keeps this one from storing. What you write stays in this tab. Close the other tab, or reload it; storing is tried again by itself."
            )
            .into(),
        ),
        StorageProblem::Full => SaveState::Failed(
            t!(
                "The browser's storage is full. What was saved before is safe; what you wrote since stays in this tab and is tried again by itself. Download a copy of everything, or free some space."
            )
            .into(),
        ),
        StorageProblem::Interrupted | StorageProblem::Silent | StorageProblem::Other { .. } => {
            SaveState::Failed(t!(
                "Not saved yet: {problem}. What was saved before is safe; what you wrote since stays in this tab and is tried again by itself. If this stays, download a copy.",
                problem
            ))
        }
    }
}
