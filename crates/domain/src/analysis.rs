//! Figures computed from a board. Nothing here is stored.
//!
//! - [`estimate`](mod@estimate): aggregates of credences (geometric mean of odds, median, spread).
//! - [`trigger_state`](mod@trigger_state): whether computed and judged triggers are met.
//! - [`outcome`](mod@outcome): how a claim was resolved. [`score`]: how good forecasts were.
//! - [`due`](mod@due): what waits. [`diff`]: what changed between two moments. [`agenda`]: what to talk
//!   about. [`value_of_information`]: what is worth finding out.
//! - [`completeness`]: gaps in a crux or trigger. [`summary`](mod@summary): where each option stands.

pub mod agenda;
pub mod completeness;
pub mod diff;
pub mod due;
pub mod estimate;
pub mod outcome;
pub mod score;
pub mod summary;
pub mod trigger_state;
pub mod value_of_information;
