use chrono::NaiveDate;

use super::record;

record! {
    /// What is said of the board as a whole.
    BoardInfo,
    /// What one change sets of it.
    BoardInfoEdit,
    {
        /// The decision question.
        question: String,
        /// What one should know before reading.
        about: String,
        /// Shown above the board as long as it holds something: "all numbers are illustrations".
        notice: String,
        /// After how many days without a word a statement counts as stale; 0 stands for 90.
        stale_after_days: u32,
        /// When the group means to look at the board next.
        next_review: Option<NaiveDate>,
    }
}

impl BoardInfo {
    /// After how many days without a word a statement counts as stale.
    #[must_use]
    pub fn stale_days(&self) -> u32 {
        if self.stale_after_days == 0 {
            90
        } else {
            self.stale_after_days
        }
    }
}
