use chrono::NaiveDate;

use super::record;
use crate::ChangeId;

record! {
    /// A reading of the brief: by whom, when, and up to which change.
    BriefRead,
    /// An edit of a reading of the brief.
    BriefReadEdit,
    {
        /// The reader, who is often not on the board.
        who: String { label: "Who", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The date.
        on: Option<NaiveDate> { label: "When", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The latest change in the brief that they read.
        through: Option<ChangeId> { label: "Latest change read", input: Own,
            search: no, snapshot: Never, since: "reading" }
        /// The form of the brief, and their comment.
        note: String { label: "What they said", input: Own,
            search: no, snapshot: Never, since: "reading" }
    }
}
