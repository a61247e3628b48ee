use chrono::NaiveDate;

use super::{CruxId, EvidenceId, keyed_enum, record};

keyed_enum! {
    /// What sort of thing is owed or awaited.
    FollowUpKind {
        /// An answer to somebody.
        Reply = "reply", "Reply";
        /// A question to clear something up.
        Question = "question", "Clarifying question";
        /// A call.
        Call = "call", "Call";
        /// A longer text.
        WriteUp = "write-up", "Write-up";
        /// An argument to get hold of, through somebody.
        Pointer = "pointer", "Pointer to chase";
        /// Something to file or read.
        Reading = "reading", "To read or file";
        /// Ideas somebody has and does not share.
        Unshared = "unshared", "Known but unshared ideas";
        /// Anything else.
        Task = "task", "Task";
    }
    /// How it stands.
    FollowUpState {
        /// We have to do it.
        Owed = "owed", "Owed";
        /// Somebody else has to.
        Awaited = "awaited", "Awaited";
        /// It would be good.
        Optional = "optional", "Optional";
        /// It is done or answered.
        Done = "done", "Done";
        /// It has become meaningless.
        Void = "void", "Void";
    }
}

record! {
    /// Something owed or awaited.
    FollowUp,
    /// What one change sets of a follow-up.
    FollowUpEdit,
    {
        /// What.
        what: String,
        /// What sort of thing.
        kind: Option<FollowUpKind>,
        /// How it stands.
        state: Option<FollowUpState>,
        /// Who has to do it.
        owner: String,
        /// For whom or to whom.
        whom: String,
        /// Until when.
        by_date: Option<NaiveDate>,
        /// What came of it, or why it is void.
        outcome: String,
        /// Where the answer is to be read.
        url: String,
        /// The crux it belongs to.
        crux: Option<CruxId>,
        /// The item it belongs to.
        evidence: Option<EvidenceId>,
    }
}

impl FollowUp {
    /// How it stands.
    #[must_use]
    pub fn state(&self) -> FollowUpState {
        self.state.unwrap_or(FollowUpState::Owed)
    }

    /// Whether somebody still has to do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state(), FollowUpState::Done | FollowUpState::Void)
    }
}
