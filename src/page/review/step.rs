//! The steps of a review: their order, names, addresses and results.

use cruxboard_domain::board::Board;
use cruxboard_domain::record::{CruxId, Review, ReviewId, Round, Topic};
use cruxboard_domain::t;

use crate::route::{ReviewStep, Screen};

/// A step of a review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// Participants, agenda and what changed.
    Agenda,
    /// One crux of the agenda.
    Crux(CruxId),
    /// A step about the board as a whole.
    Later(ReviewStep),
    /// The minutes, and the end of the review.
    Minutes,
}

impl Step {
    /// Returns the step that a blind round belongs to: that of the only crux it asks about, or the agenda.
    pub(super) fn of_round(round: &Round) -> Self {
        let mut cruxes = round.topics().into_iter().map(crux_of);
        let first = cruxes.next().flatten();
        match first.filter(|_| cruxes.all(|crux| crux == first)) {
            Some(crux) => Self::Crux(crux),
            None => Self::Agenda,
        }
    }

    pub(super) const fn screen(self, review: ReviewId) -> Screen {
        match self {
            Self::Agenda => Screen::Review(review),
            Self::Crux(crux) => Screen::Walk(review, crux),
            Self::Later(step) => Screen::ReviewStep(review, step),
            Self::Minutes => Screen::Minutes(review),
        }
    }

    pub(super) fn name(self, board: &Board) -> String {
        match self {
            Self::Agenda => t!("Agenda and changes").into(),
            Self::Crux(crux) => board.crux(crux).map_or_else(
                || t!("Deleted crux").into(),
                |crux| crux.name().into_owned(),
            ),
            Self::Later(ReviewStep::Triggers) => t!("Triggers").into(),
            Self::Later(ReviewStep::Decision) => t!("Decision").into(),
            Self::Later(ReviewStep::Actions) => t!("Actions").into(),
            Self::Minutes => t!("document" => "Minutes").into(),
        }
    }

    /// Describes the result of the step so far; empty without one.
    pub(super) fn note(self, board: &Board, review: ReviewId) -> &'static str {
        let decided = || board.decisions().any(|it| it.held_at == Some(review));
        let rounds = board.rounds().filter(|round| round.held_at == Some(review));
        let mut own = rounds.filter(|round| Self::of_round(round) == self);
        match own.next_back().map(|round| round.closing().is_some()) {
            Some(true) => t!("revealed"),
            Some(false) => t!("round open"),
            None if self == Self::Later(ReviewStep::Decision) && decided() => t!("recorded"),
            None => "",
        }
    }
}

/// Returns the crux that a question of a blind round is about; `None` for an option as things stand.
pub(super) fn crux_of(topic: Topic) -> Option<CruxId> {
    match topic {
        Topic::Crux(crux) => Some(crux),
        Topic::Option(question) => question.if_true,
    }
}

/// Returns all steps of a review, in order.
pub(super) fn steps(board: &Board, review: &Review) -> Vec<Step> {
    let cruxes = review.agenda.iter().map(|item| item.crux);
    let cruxes = cruxes.filter(|crux| board.crux(*crux).is_some());
    let later = [
        Step::Later(ReviewStep::Triggers),
        Step::Later(ReviewStep::Decision),
        Step::Later(ReviewStep::Actions),
        Step::Minutes,
    ];
    [Step::Agenda]
        .into_iter()
        .chain(cruxes.map(Step::Crux))
        .chain(later)
        .collect()
}
