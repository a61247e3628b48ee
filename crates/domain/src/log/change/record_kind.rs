//! The kinds of records, by the changes that add them.

/// A kind of record. A match over it does not compile until a new kind is handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RecordKind {
    Option,
    Person,
    Crux,
    Trigger,
    Evidence,
    Statement,
    OptionCredence,
    JointCredence,
    Position,
    FollowUp,
    Term,
    RecordedReview,
    Decision,
    Review,
    Round,
    Message,
    BriefRead,
}
