use chrono::NaiveDate;

use super::{keyed_enum, record};

keyed_enum! {
    /// The rule by which several people's credences are pooled.
    Pooling {
        /// The geometric mean of the odds.
        GeometricOdds = "geometric-odds", "Geometric mean of odds";
        /// The median.
        Median = "median", "Median";
        /// The mean of the percentages.
        Mean = "mean", "Mean";
        /// The mean of the percentages without a fifth at each end.
        TrimmedMean = "trimmed-mean", "Trimmed mean";
    }
    /// The weights of the credences.
    Weighting {
        /// Equal weights.
        Equal = "equal", "All the same";
        /// Half the weight with each period after which credences are outdated.
        ByAge = "by-age", "Newer ones more";
    }
    /// The factor of the pooled log-odds.
    Extremising {
        /// 1.5.
        Slightly = "1.5", "1.5 times the log-odds";
        /// 2.
        Moderately = "2", "2 times the log-odds";
        /// 2.5.
        Strongly = "2.5", "2.5 times the log-odds";
    }
}

impl Extremising {
    /// Returns the factor of the log-odds.
    #[must_use]
    pub const fn factor(self) -> f64 {
        match self {
            Self::Slightly => 1.5,
            Self::Moderately => 2.0,
            Self::Strongly => 2.5,
        }
    }
}

record! {
    /// The description of the board as a whole.
    BoardInfo,
    /// An edit of the board's description.
    BoardInfoEdit,
    {
        /// The decision question.
        question: String { label: "Decision question", input: Claim,
            search: no, snapshot: Always Text, since: "every-fact" }
        /// Background that readers should know first.
        about: String { label: "About", input: Area, hint: "Background for readers.",
            search: no, snapshot: WithDetails Text, since: "every-fact" }
        /// A notice shown above the board, such as "all numbers are illustrations"; empty for none.
        notice: String { label: "Notice", input: Area,
            hint: "Shown above every screen, such as “All numbers are illustrations”.",
            search: no, snapshot: Always Text, since: "every-fact" }
        /// Number of days after which a credence is outdated; 0 stands for 90.
        stale_after_days: u32 { label: "Credences are stale after, in days", input: Number("90"),
            search: no, snapshot: Always Number, since: "every-fact" }
        /// The date of the next review of the board.
        next_review: Option<NaiveDate> { label: "Next review", input: DueDay,
            search: no, snapshot: Always Day, since: "every-fact" }
        /// The rule of pooling; `None` for the geometric mean of odds.
        pooling: Option<Pooling> { label: "Aggregate", input: OneOf(Pooling::CHOICES, Pooling::GeometricOdds.key()),
            hint: "How several credences become one. Credence triggers use the same.",
            search: no, snapshot: Always Word(Pooling::KEYS), since: "pooling" }
        /// The weights; `None` for equal weights.
        weighting: Option<Weighting> { label: "Weight of credences", input: OneOf(Weighting::CHOICES, Weighting::Equal.key()),
            hint: "“Newer ones more” halves the weight with every span in which credences go stale.",
            search: no, snapshot: Always Word(Weighting::KEYS), since: "pooling" }
        /// The factor of the pooled log-odds; `None` leaves them unchanged.
        extremising: Option<Extremising> { label: "Extremising", input: Word(Extremising::CHOICES),
            hint: "Off unless chosen. It moves the aggregate away from 50%, as if people knew different things; people on one board mostly know the same.",
            search: no, snapshot: Always Word(Extremising::KEYS), since: "pooling" }
    }
}

impl BoardInfo {
    /// Returns the number of days after which a credence is outdated.
    #[must_use]
    pub fn stale_days(&self) -> u32 {
        if self.stale_after_days == 0 {
            90
        } else {
            self.stale_after_days
        }
    }
}
