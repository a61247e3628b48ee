//! The kinds of facts that may be in a snapshot.

/// A kind of fact that may be in a snapshot, in the order in which links store them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SharedKind {
    Board,
    Option,
    Person,
    Crux,
    Trigger,
    Judgement,
    Evidence,
    /// The weight of an item of evidence on a crux.
    Weight,
    Credence,
    Position,
    FollowUp,
    Term,
    Review,
    Decision,
    /// A credence in an option.
    OptionCredence,
}

impl SharedKind {
    /// Returns the tag of the fact in JSON.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Board => "board-described",
            Self::Option => "option-added",
            Self::Person => "person-added",
            Self::Crux => "crux-added",
            Self::Trigger => "trigger-added",
            Self::Judgement => "trigger-judged",
            Self::Evidence => "evidence-filed",
            Self::Weight => "evidence-weighed",
            Self::Credence => "credence-stated",
            Self::Position => "position-recorded",
            Self::FollowUp => "follow-up-added",
            Self::Term => "term-defined",
            Self::Review => "review-held",
            Self::Decision => "decision-recorded",
            Self::OptionCredence => "option-credence-stated",
        }
    }
}
