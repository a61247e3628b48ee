use chrono::NaiveDate;

use super::table::entity::{CRUX, DECISION, EVIDENCE};
use super::{CruxId, DecisionId, EvidenceId, keyed_enum, record};

keyed_enum! {
    /// The kind of a follow-up.
    FollowUpKind {
        /// A reply to somebody.
        Reply = "reply", "Reply" in "noun";
        /// A clarifying question.
        Question = "question", "Clarifying question";
        /// A call.
        Call = "call", "Call" in "noun";
        /// A write-up.
        WriteUp = "write-up", "Write-up";
        /// A pointer to an argument, to be obtained through somebody.
        Pointer = "pointer", "Pointer to chase";
        /// Something to read or save.
        Reading = "reading", "To read or file";
        /// Ideas that somebody has and does not share.
        Unshared = "unshared", "Known but unshared ideas";
        /// Any other task.
        Task = "task", "Task";
    }
    /// The state of a follow-up.
    FollowUpState {
        /// The group has to do it.
        Owed = "owed", "Owed";
        /// Somebody else has to do it.
        Awaited = "awaited", "Awaited";
        /// It is optional.
        Optional = "optional", "Optional";
        /// It is done or answered.
        Done = "done", "Done";
        /// It has become meaningless.
        Void = "void", "Void";
    }
}

record! {
    /// A follow-up: something owed or awaited.
    FollowUp,
    /// An edit of a follow-up.
    FollowUpEdit,
    {
        /// The task.
        what: String { label: "What", input: Area,
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The kind.
        kind: Option<FollowUpKind> { label: "Kind", input: Word(FollowUpKind::CHOICES),
            search: no, snapshot: Always Word(FollowUpKind::KEYS), since: "every-fact" }
        /// The state.
        state: Option<FollowUpState> { label: "State", input: OneOf(FollowUpState::CHOICES, FollowUpState::Owed.key()),
            search: no, snapshot: Always Word(FollowUpState::KEYS), since: "every-fact" }
        /// The person who has to do it.
        owner: String { label: "Owner", input: Line,
            search: yes, snapshot: Always Name, since: "every-fact" }
        /// The person for whom it is done.
        whom: String { label: "For whom", input: Line,
            search: yes, snapshot: Always Name, since: "every-fact" }
        /// The date by which it is to be done.
        by_date: Option<NaiveDate> { label: "By" in "date", input: DueDay,
            search: no, snapshot: Always Day, since: "every-fact" }
        /// The outcome, or the reason why it is void.
        outcome: String { label: "Outcome", input: Area, hint: "Outcome, or why it is void.",
            search: yes, snapshot: Always Text, since: "every-fact" }
        /// The address of the answer.
        url: String { label: "Link to the answer", input: Link, hint: "http, https or mailto.",
            search: no, snapshot: WithNames Text, since: "every-fact" }
        /// The crux it belongs to.
        crux: Option<CruxId> { label: "Crux it belongs to", input: Option("none"),
            search: no, snapshot: Always Ref(CRUX), since: "every-fact" }
        /// The item of evidence it belongs to.
        evidence: Option<EvidenceId> { label: "Evidence it belongs to", input: Option("none"),
            search: no, snapshot: Always Ref(EVIDENCE), since: "every-fact" }
        /// The decision it carries out. Links store it in their extension.
        decision: Option<DecisionId> { label: "Decision it carries out", input: Own,
            search: no, snapshot: Always Ref(DECISION), since: "actions" }
    }
}

impl FollowUp {
    /// Returns the state.
    #[must_use]
    pub fn state(&self) -> FollowUpState {
        self.state.unwrap_or(FollowUpState::Owed)
    }

    /// Returns whether somebody still has to do it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state(), FollowUpState::Done | FollowUpState::Void)
    }
}
