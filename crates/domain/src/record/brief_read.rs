use chrono::NaiveDate;

use super::record;
use crate::ChangeId;

record! {
    /// Somebody has seen the brief: who, when, and the board as it stood then.
    BriefRead,
    /// What one change sets of it.
    BriefReadEdit,
    {
        /// Who: often somebody who is not on the board.
        who: String,
        /// When.
        on: Option<NaiveDate>,
        /// The latest change that was in what they saw.
        through: Option<ChangeId>,
        /// In which form, and what they said to it.
        note: String,
    }
}
