//! Starting points: examples of boards from several domains, to begin a board of one's own from.

use super::new_board::{NewBoard, NewCrux};
use crate::record::Mark;

/// An example of a board. Its texts are examples to write one's own by, and state no facts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StartingPoint {
    /// The key, which is stored in drafts.
    pub key: &'static str,
    /// The domain: "product", as in "begin from a product".
    pub name: &'static str,
    /// The decision question.
    pub question: &'static str,
    /// Name and kind of each option.
    pub options: &'static [(&'static str, Mark)],
    /// The people, by role.
    pub people: &'static [&'static str],
    /// The cruxes.
    pub cruxes: &'static [ExampleCrux],
}

/// An example of a crux, with a trigger for stopping and one for going on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExampleCrux {
    /// The claim.
    pub claim: &'static str,
    /// The kind of the option that the claim supports if it is true.
    pub if_true: Mark,
    /// The observable of the trigger for stopping.
    pub stop: &'static str,
    /// The observable of the trigger for going on.
    pub go_on: &'static str,
}

impl StartingPoint {
    /// Returns the starting point with a key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<&'static Self> {
        STARTING_POINTS.iter().find(|point| point.key == key)
    }

    /// Returns the names and kinds of the options.
    #[must_use]
    pub fn named_options(&self) -> Vec<(String, Mark)> {
        let options = self.options.iter();
        options
            .map(|&(name, mark)| (name.to_owned(), mark))
            .collect()
    }

    /// Returns the whole example as a new board.
    #[must_use]
    pub fn to_board(&self) -> NewBoard {
        NewBoard {
            options: self.named_options(),
            cruxes: self.cruxes.iter().map(ExampleCrux::to_crux).collect(),
            ..NewBoard::of(self.question, self.people)
        }
    }
}

impl ExampleCrux {
    /// Returns the crux with its triggers.
    #[must_use]
    pub fn to_crux(&self) -> NewCrux {
        NewCrux {
            claim: self.claim.to_owned(),
            if_true: Some(self.if_true),
            stop: self.stop.to_owned(),
            go_on: self.go_on.to_owned(),
        }
    }
}

/// All starting points.
pub const STARTING_POINTS: &[StartingPoint] = &[PRODUCT, GRANTS, PIVOT, POLICY, EVENT];

const PRODUCT: StartingPoint = StartingPoint {
    key: "product",
    name: "Product",
    question: "Keep building the mobile app, narrow it or retire it?",
    options: &[
        ("Keep building", Mark::Continue),
        ("Narrow the scope", Mark::Change),
        ("Retire it", Mark::Stop),
        ("Invest more", Mark::DoubleDown),
    ],
    people: &["Product lead", "Engineer", "Support"],
    cruxes: &[
        ExampleCrux {
            claim: "At least three in ten people who sign up still use the app eight weeks later.",
            if_true: Mark::Continue,
            stop: "Of the people who signed up in a month, fewer than one in ten open the app eight weeks later, two months running.",
            go_on: "Of the people who signed up in a month, at least three in ten open the app eight weeks later, two months running.",
        },
        ExampleCrux {
            claim: "Keeping the app running takes more than half of the team’s time.",
            if_true: Mark::Stop,
            stop: "Maintenance takes more than half of the team’s hours in two quarters running.",
            go_on: "Maintenance takes less than a quarter of the team’s hours in a quarter.",
        },
        ExampleCrux {
            claim: "A free product covers most of what our customers need.",
            if_true: Mark::Change,
            stop: "In one quarter, five customers who leave name a free product as the reason.",
            go_on: "In ten interviews, at least seven customers name something that only our product does.",
        },
    ],
};

const GRANTS: StartingPoint = StartingPoint {
    key: "grants",
    name: "Grant programme",
    question: "Renew the grant programme, redesign it or close it after this round?",
    options: &[
        ("Renew it", Mark::Continue),
        ("Redesign it", Mark::Change),
        ("Close it", Mark::Stop),
        ("Enlarge it", Mark::DoubleDown),
    ],
    people: &["Programme officer", "Board member", "Outside reviewer"],
    cruxes: &[
        ExampleCrux {
            claim: "Most funded projects would not have happened without the grant.",
            if_true: Mark::Continue,
            stop: "Of the applicants who were turned down, more than half have carried out their project within a year.",
            go_on: "Of the applicants who were turned down, fewer than a quarter have carried out their project within a year.",
        },
        ExampleCrux {
            claim: "The selection picks better projects than chance would.",
            if_true: Mark::Continue,
            stop: "Reviewers who do not know the outcome prefer the funded proposal in at most five of ten pairs.",
            go_on: "Reviewers who do not know the outcome prefer the funded proposal in at least eight of ten pairs.",
        },
        ExampleCrux {
            claim: "Applying costs small organisations more than the grant is worth to them.",
            if_true: Mark::Change,
            stop: "Fewer than ten eligible applications arrive in a round.",
            go_on: "In a survey after the round, at least four in five applicants would apply again.",
        },
    ],
};

const PIVOT: StartingPoint = StartingPoint {
    key: "pivot",
    name: "Pivot",
    question: "Stay with our customers of today, or leave for the new market?",
    options: &[
        ("Stay", Mark::Continue),
        ("Serve both for a year", Mark::Change),
        ("Leave for the new market", Mark::Stop),
    ],
    people: &["Founder", "Head of sales", "Investor"],
    cruxes: &[
        ExampleCrux {
            claim: "The market of today is too small to carry the company.",
            if_true: Mark::Stop,
            stop: "Fewer than three new customers sign in each of two quarters running.",
            go_on: "The new customers of one quarter bring in more than the company spends in it.",
        },
        ExampleCrux {
            claim: "Customers in the new market would pay before the product is finished.",
            if_true: Mark::Stop,
            stop: "Of twenty organisations asked in the new market, at least three sign a paid pilot.",
            go_on: "Of twenty organisations asked in the new market, none signs a paid pilot.",
        },
        ExampleCrux {
            claim: "The team can build for the new market with the skills it has.",
            if_true: Mark::Stop,
            stop: "Within six weeks there is a prototype that somebody in the new market uses for work.",
            go_on: "After twelve weeks there is no prototype that anybody in the new market would use.",
        },
    ],
};

const POLICY: StartingPoint = StartingPoint {
    key: "policy",
    name: "Policy",
    question: "Keep the streets car-free after the trial, change the rules or reopen them?",
    options: &[
        ("Keep them car-free", Mark::Continue),
        ("Change the rules", Mark::Change),
        ("Reopen them", Mark::Stop),
        ("Add more streets", Mark::DoubleDown),
    ],
    people: &["Council member", "Transport officer", "Residents’ speaker"],
    cruxes: &[
        ExampleCrux {
            claim: "The traffic has only moved to the streets nearby.",
            if_true: Mark::Change,
            stop: "Counts on the streets nearby are more than a fifth above those of the same month before the trial.",
            go_on: "Counts on the streets nearby are no higher than in the same month before the trial.",
        },
        ExampleCrux {
            claim: "Shops in the car-free streets lose customers.",
            if_true: Mark::Stop,
            stop: "The shops’ takings are more than a tenth below those of the year before, two quarters running.",
            go_on: "The shops’ takings are at least those of the year before, two quarters running.",
        },
        ExampleCrux {
            claim: "Most residents want the streets to stay car-free.",
            if_true: Mark::Continue,
            stop: "In a survey of all households, fewer than two in five of the answers want it.",
            go_on: "In a survey of all households, more than three in five of the answers want it.",
        },
        ExampleCrux {
            claim: "Ambulances and fire engines arrive as quickly as before.",
            if_true: Mark::Continue,
            stop: "The rescue services report that a closed street delayed them on a call.",
            go_on: "The median time to arrive in the area has not risen in six months.",
        },
    ],
};

const EVENT: StartingPoint = StartingPoint {
    key: "event",
    name: "Event",
    question: "Hold the conference again next year, make it smaller or end the series?",
    options: &[
        ("Hold it again", Mark::Continue),
        ("Make it smaller", Mark::Change),
        ("End the series", Mark::Stop),
    ],
    people: &["Organiser", "Treasurer", "Volunteers’ coordinator"],
    cruxes: &[
        ExampleCrux {
            claim: "Sponsors will pay for the venue.",
            if_true: Mark::Continue,
            stop: "A month before the venue must be booked, sponsors have promised less than half of its price.",
            go_on: "Before the venue must be booked, sponsors have promised its whole price.",
        },
        ExampleCrux {
            claim: "Most participants would come again.",
            if_true: Mark::Continue,
            stop: "In the survey after the event, fewer than two in five say that they would come again.",
            go_on: "In the survey after the event, more than four in five say that they would come again.",
        },
        ExampleCrux {
            claim: "There are too few volunteers for an event of this size.",
            if_true: Mark::Change,
            stop: "Six weeks before the event, fewer than ten volunteers have signed up.",
            go_on: "Six weeks before the event, at least thirty volunteers have signed up.",
        },
    ],
};
