//! Figures computed from a board. None of them is stored.
//!
//! - [`estimate`](mod@estimate): aggregates of credences (median, spread); [`pooling`](mod@pooling): the rule
//!   by which a board pools credences.
//! - [`trigger_state`](mod@trigger_state): the states of triggers, computed or judged. [`trigger_changes`]:
//!   those that a change of the rules alters.
//! - [`trigger_review`]: the review dates of armed triggers.
//! - [`met_trigger`]: what a met trigger asks for, and the decision that answers it.
//! - [`outcome`](mod@outcome): whether a claim proved true. [`score`]: the scores of forecasts.
//!   [`calibration`](mod@calibration): whether claims came true as often as their credences say.
//! - [`rewording`]: whether a credence was stated on other words than the claim has now.
//! - [`due`](mod@due): items that are due. [`diff`]: the changes between two moments. [`agenda`]: a proposed
//!   agenda. [`value_of_information`]: how much the truth of a crux would tell one or two people.
//! - [`crux_value`]: value of information for the cruxes of a board and its group. [`what_if`](mod@what_if):
//!   credences in options if cruxes turned out true or false. [`joint_effect`]: two cruxes together.
//! - [`evidence_matrix`](mod@evidence_matrix): which items bear on which cruxes.
//! - [`holes`](mod@holes): gaps in the argument. [`ledger`](mod@ledger): the cruxes as arguments with a
//!   source. [`movement`]: the updates of each person.
//! - [`waterfall`](mod@waterfall): the causes of a credence's moves, in log-odds.
//! - [`completeness`]: gaps in a crux or trigger. [`summary`](mod@summary): the standing of each option.
//!   [`pointing`]: the option that each crux points to. [`status`]: the state of the board in a few words.
//!   [`timeline`](mod@timeline): the dates to come, on an axis of time.
//! - [`fan_out`](mod@fan_out): the places of dots on the axis of credences.
//! - [`findings`]: due items and summary, kept up to date change by change.

pub mod agenda;
pub mod calibration;
pub mod completeness;
pub(crate) mod crux_state;
pub mod crux_value;
pub mod diff;
pub mod due;
pub mod estimate;
pub mod evidence_matrix;
pub mod fan_out;
pub mod findings;
pub(crate) mod forecast;
pub mod holes;
pub mod joint_effect;
pub mod ledger;
pub mod met_trigger;
pub mod movement;
pub mod outcome;
pub mod pointing;
pub mod pooling;
pub mod rewording;
pub mod score;
pub mod status;
pub mod summary;
pub mod timeline;
pub mod trigger_changes;
pub mod trigger_review;
pub mod trigger_state;
pub mod value_of_information;
pub mod waterfall;
pub mod what_if;
