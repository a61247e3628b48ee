use super::table::entity::CRUX;
use super::{CruxId, keyed_enum, record};
use crate::{Credence, Millis};

keyed_enum! {
    /// The grounds on which a position is recorded.
    Grounds {
        /// The person stated it.
        Stated = "stated", "Stated by them";
        /// The position was inferred.
        Inferred = "inferred", "Inferred by us";
    }
    /// The position that somebody takes on a claim.
    Holding {
        /// The claim is true.
        Endorses = "endorses", "Endorses it";
        /// The claim is true, but the person's point does not rest on it.
        BelievesOnly = "believes-only", "Believes it, does not rely on it";
        /// The person was asked and did not endorse it.
        DoesNotEndorse = "does-not-endorse", "Does not endorse it";
        /// The claim is false.
        Rejects = "rejects", "Rejects it";
        /// Neither true nor false.
        Unsure = "unsure", "Unsure";
    }
    /// Whether somebody accepts our wording of their claim.
    Restatement {
        /// The person was not asked.
        NotAsked = "not-asked", "Not asked";
        /// The person was asked and has not answered.
        Asked = "asked", "Asked";
        /// The person agreed.
        Confirmed = "confirmed", "Confirmed";
        /// The person corrected it.
        Corrected = "corrected", "Corrected";
    }
}

record! {
    /// A position of somebody outside the board.
    Position,
    /// An edit of a position.
    PositionEdit,
    {
        /// The crux it is about.
        crux: CruxId { label: "Crux", input: Own,
            search: no, snapshot: Always Ref(CRUX), since: "every-fact" }
        /// The person or alias.
        holder: String { label: "Who", input: Line, hint: "A person or an alias.",
            search: yes, snapshot: Always Name, since: "every-fact" }
        /// The message or document in which it is stated.
        message: String { label: "Message or document", input: Line,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The grounds on which it is recorded.
        grounds: Option<Grounds> { label: "Grounds", input: Word(Grounds::CHOICES),
            search: no, snapshot: Always Word(Grounds::KEYS), since: "every-fact" }
        /// The position.
        holding: Option<Holding> { label: "Holding", input: Word(Holding::CHOICES),
            search: no, snapshot: Always Word(Holding::KEYS), since: "every-fact" }
        /// A quote in the person's words.
        quote: String { label: "Quote, verbatim", input: Area,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The words with which the person hedged it, verbatim.
        hedge: String { label: "Hedge, verbatim", input: Line,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// A credence for the position.
        credence: Option<Credence> { label: "Number, in %", input: Credence,
            search: no, snapshot: Always Percent, since: "every-fact" }
        /// Whether the credence was assigned by the group, rather than stated by the person.
        assigned: bool { label: "The number is our estimate, not theirs", input: Yes,
            search: no, snapshot: Always Flag, since: "every-fact" }
        /// Whether the person accepts our wording.
        restatement: Option<Restatement> { label: "Our wording is", input: Word(Restatement::CHOICES),
            search: no, snapshot: Always Word(Restatement::KEYS), since: "every-fact" }
        /// Notes.
        note: String { label: "Note", input: Area,
            search: yes, snapshot: WithDetails Text, since: "every-fact" }
        /// The time at which a reader of a snapshot answered so; `None` for positions that were recorded on
        /// the board. Answers are in no snapshot for anybody.
        answered_at: Option<Millis> { label: "Answered at", input: Own,
            search: no, snapshot: Always Moment, since: "answered" }
    }
}
