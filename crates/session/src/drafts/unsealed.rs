use cruxboard_domain::record::{Answer, PersonId, RoundId};
use leptos::prelude::*;

/// Answers of blind rounds that are given and not sealed, by round and person. They stay in the memory of this tab
/// and are never stored as plain text, since the device may be passed around.
#[derive(Clone, Copy)]
pub struct Unsealed(RwSignal<Vec<Given>>);

/// The answers of one person in one round.
type Given = ((RoundId, PersonId), Vec<Answer>);

impl Unsealed {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    /// Returns the answers of a person that are not sealed yet. Not reactive.
    #[must_use]
    pub fn of(self, of: (RoundId, PersonId)) -> Option<Vec<Answer>> {
        self.0.with_untracked(|all| {
            let own = all.iter().find(|(given, _)| *given == of);
            own.map(|(_, answers)| answers.clone())
        })
    }

    /// Keeps the answers of a person, in place of earlier ones.
    pub fn keep(self, of: (RoundId, PersonId), answers: Vec<Answer>) {
        self.0.update(|all| {
            all.retain(|(given, _)| *given != of);
            all.push((of, answers));
        });
    }

    /// Forgets the answers of a person, who has sealed or discarded them.
    pub fn forget(self, of: (RoundId, PersonId)) {
        self.retain(|given| given != of);
    }

    /// Forgets all answers of a round, which is closed.
    pub fn forget_round(self, round: RoundId) {
        self.retain(|(of, _)| of != round);
    }

    fn retain(self, is_kept: impl Fn((RoundId, PersonId)) -> bool) {
        self.0
            .update(|all| all.retain(|(given, _)| is_kept(*given)));
    }

    /// Returns whether there are any. Follows them.
    pub(super) fn is_any(self) -> bool {
        self.0.with(|all| !all.is_empty())
    }
}
