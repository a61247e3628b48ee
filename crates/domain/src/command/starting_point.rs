//! Starting points: examples of boards from several domains, to begin a board of one's own from.

use super::new_board::{NewBoard, NewCrux};
use crate::record::Mark;
use crate::translatable;
use crate::translation::translated;

/// An example of a board. Its texts are examples to write one's own by, and state no facts. They are English
/// here and are translated when they are shown or put on a board.
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

    /// Returns the names and kinds of the options, in the language of the reader.
    #[must_use]
    pub fn named_options(&self) -> Vec<(String, Mark)> {
        let options = self.options.iter();
        options
            .map(|&(name, mark)| (translated(name).to_owned(), mark))
            .collect()
    }

    /// Returns the people, in the language of the reader.
    #[must_use]
    pub fn named_people(&self) -> Vec<&'static str> {
        self.people
            .iter()
            .map(|&person| translated(person))
            .collect()
    }

    /// Returns the whole example as a new board, in the language of the reader.
    #[must_use]
    pub fn to_board(&self) -> NewBoard {
        NewBoard {
            options: self.named_options(),
            cruxes: self.cruxes.iter().map(ExampleCrux::to_crux).collect(),
            ..NewBoard::of(translated(self.question), &self.named_people())
        }
    }
}

impl ExampleCrux {
    /// Returns the crux with its triggers, in the language of the reader.
    #[must_use]
    pub fn to_crux(&self) -> NewCrux {
        NewCrux {
            claim: translated(self.claim).to_owned(),
            if_true: Some(self.if_true),
            stop: translated(self.stop).to_owned(),
            go_on: translated(self.go_on).to_owned(),
        }
    }
}

/// All starting points.
pub const STARTING_POINTS: &[StartingPoint] = &[PRODUCT, GRANTS, PIVOT, POLICY, EVENT];

const PRODUCT: StartingPoint = StartingPoint {
    key: "product",
    name: translatable!("Product"),
    question: translatable!("Keep building the mobile app, narrow it or retire it?"),
    options: &[
        (translatable!("Keep building"), Mark::Continue),
        (translatable!("Narrow the scope"), Mark::Change),
        (translatable!("Retire it"), Mark::Stop),
        (translatable!("Invest more"), Mark::DoubleDown),
    ],
    people: &[
        translatable!("Product lead"),
        translatable!("Engineer"),
        translatable!("Support"),
    ],
    cruxes: &[
        ExampleCrux {
            claim: translatable!(
                "At least three in ten people who sign up still use the app eight weeks later."
            ),
            if_true: Mark::Continue,
            stop: translatable!(
                "Of the people who signed up in a month, fewer than one in ten open the app eight weeks later, two months running."
            ),
            go_on: translatable!(
                "Of the people who signed up in a month, at least three in ten open the app eight weeks later, two months running."
            ),
        },
        ExampleCrux {
            claim: translatable!(
                "Keeping the app running takes more than half of the team’s time."
            ),
            if_true: Mark::Stop,
            stop: translatable!(
                "Maintenance takes more than half of the team’s hours in two quarters running."
            ),
            go_on: translatable!(
                "Maintenance takes less than a quarter of the team’s hours in a quarter."
            ),
        },
        ExampleCrux {
            claim: translatable!("A free product covers most of what our customers need."),
            if_true: Mark::Change,
            stop: translatable!(
                "In one quarter, five customers who leave name a free product as the reason."
            ),
            go_on: translatable!(
                "In ten interviews, at least seven customers name something that only our product does."
            ),
        },
    ],
};

const GRANTS: StartingPoint = StartingPoint {
    key: "grants",
    name: translatable!("Grant programme"),
    question: translatable!("Renew the grant programme, redesign it or close it after this round?"),
    options: &[
        (translatable!("Renew it"), Mark::Continue),
        (translatable!("Redesign it"), Mark::Change),
        (translatable!("Close it"), Mark::Stop),
        (translatable!("Enlarge it"), Mark::DoubleDown),
    ],
    people: &[
        translatable!("Programme officer"),
        translatable!("Board member"),
        translatable!("Outside reviewer"),
    ],
    cruxes: &[
        ExampleCrux {
            claim: translatable!("Most funded projects would not have happened without the grant."),
            if_true: Mark::Continue,
            stop: translatable!(
                "Of the applicants who were turned down, more than half have carried out their project within a year."
            ),
            go_on: translatable!(
                "Of the applicants who were turned down, fewer than a quarter have carried out their project within a year."
            ),
        },
        ExampleCrux {
            claim: translatable!("The selection picks better projects than chance would."),
            if_true: Mark::Continue,
            stop: translatable!(
                "Reviewers who do not know the outcome prefer the funded proposal in at most five of ten pairs."
            ),
            go_on: translatable!(
                "Reviewers who do not know the outcome prefer the funded proposal in at least eight of ten pairs."
            ),
        },
        ExampleCrux {
            claim: translatable!(
                "Applying costs small organisations more than the grant is worth to them."
            ),
            if_true: Mark::Change,
            stop: translatable!("Fewer than ten eligible applications arrive in a round."),
            go_on: translatable!(
                "In a survey after the round, at least four in five applicants would apply again."
            ),
        },
    ],
};

const PIVOT: StartingPoint = StartingPoint {
    key: "pivot",
    name: translatable!("Pivot"),
    question: translatable!("Stay with our customers of today, or leave for the new market?"),
    options: &[
        (translatable!("Stay"), Mark::Continue),
        (translatable!("Serve both for a year"), Mark::Change),
        (translatable!("Leave for the new market"), Mark::Stop),
    ],
    people: &[
        translatable!("Founder"),
        translatable!("Head of sales"),
        translatable!("Investor"),
    ],
    cruxes: &[
        ExampleCrux {
            claim: translatable!("The market of today is too small to carry the company."),
            if_true: Mark::Stop,
            stop: translatable!(
                "Fewer than three new customers sign in each of two quarters running."
            ),
            go_on: translatable!(
                "The new customers of one quarter bring in more than the company spends in it."
            ),
        },
        ExampleCrux {
            claim: translatable!(
                "Customers in the new market would pay before the product is finished."
            ),
            if_true: Mark::Stop,
            stop: translatable!(
                "Of twenty organisations asked in the new market, at least three sign a paid pilot."
            ),
            go_on: translatable!(
                "Of twenty organisations asked in the new market, none signs a paid pilot."
            ),
        },
        ExampleCrux {
            claim: translatable!("The team can build for the new market with the skills it has."),
            if_true: Mark::Stop,
            stop: translatable!(
                "Within six weeks there is a prototype that somebody in the new market uses for work."
            ),
            go_on: translatable!(
                "After twelve weeks there is no prototype that anybody in the new market would use."
            ),
        },
    ],
};

const POLICY: StartingPoint = StartingPoint {
    key: "policy",
    name: translatable!("Policy"),
    question: translatable!(
        "Keep the streets car-free after the trial, change the rules or reopen them?"
    ),
    options: &[
        (translatable!("Keep them car-free"), Mark::Continue),
        (translatable!("Change the rules"), Mark::Change),
        (translatable!("Reopen them"), Mark::Stop),
        (translatable!("Add more streets"), Mark::DoubleDown),
    ],
    people: &[
        translatable!("Council member"),
        translatable!("Transport officer"),
        translatable!("Residents’ speaker"),
    ],
    cruxes: &[
        ExampleCrux {
            claim: translatable!("The traffic has only moved to the streets nearby."),
            if_true: Mark::Change,
            stop: translatable!(
                "Counts on the streets nearby are more than a fifth above those of the same month before the trial."
            ),
            go_on: translatable!(
                "Counts on the streets nearby are no higher than in the same month before the trial."
            ),
        },
        ExampleCrux {
            claim: translatable!("Shops in the car-free streets lose customers."),
            if_true: Mark::Stop,
            stop: translatable!(
                "The shops’ takings are more than a tenth below those of the year before, two quarters running."
            ),
            go_on: translatable!(
                "The shops’ takings are at least those of the year before, two quarters running."
            ),
        },
        ExampleCrux {
            claim: translatable!("Most residents want the streets to stay car-free."),
            if_true: Mark::Continue,
            stop: translatable!(
                "In a survey of all households, fewer than two in five of the answers want it."
            ),
            go_on: translatable!(
                "In a survey of all households, more than three in five of the answers want it."
            ),
        },
        ExampleCrux {
            claim: translatable!("Ambulances and fire engines arrive as quickly as before."),
            if_true: Mark::Continue,
            stop: translatable!(
                "The rescue services report that a closed street delayed them on a call."
            ),
            go_on: translatable!(
                "The median time to arrive in the area has not risen in six months."
            ),
        },
    ],
};

const EVENT: StartingPoint = StartingPoint {
    key: "event",
    name: translatable!("Event"),
    question: translatable!(
        "Hold the conference again next year, make it smaller or end the series?"
    ),
    options: &[
        (translatable!("Hold it again"), Mark::Continue),
        (translatable!("Make it smaller"), Mark::Change),
        (translatable!("End the series"), Mark::Stop),
    ],
    people: &[
        translatable!("Organiser"),
        translatable!("Treasurer"),
        translatable!("Volunteers’ coordinator"),
    ],
    cruxes: &[
        ExampleCrux {
            claim: translatable!("Sponsors will pay for the venue."),
            if_true: Mark::Continue,
            stop: translatable!(
                "A month before the venue must be booked, sponsors have promised less than half of its price."
            ),
            go_on: translatable!(
                "Before the venue must be booked, sponsors have promised its whole price."
            ),
        },
        ExampleCrux {
            claim: translatable!("Most participants would come again."),
            if_true: Mark::Continue,
            stop: translatable!(
                "In the survey after the event, fewer than two in five say that they would come again."
            ),
            go_on: translatable!(
                "In the survey after the event, more than four in five say that they would come again."
            ),
        },
        ExampleCrux {
            claim: translatable!("There are too few volunteers for an event of this size."),
            if_true: Mark::Change,
            stop: translatable!(
                "Six weeks before the event, fewer than ten volunteers have signed up."
            ),
            go_on: translatable!(
                "Six weeks before the event, at least thirty volunteers have signed up."
            ),
        },
    ],
};
