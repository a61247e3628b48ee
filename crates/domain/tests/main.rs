//! The rules, by table and by property. One program, since linking the domain takes longer than most of
//! what is in it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod actions;
mod agenda;
mod backup;
mod calendar;
mod completeness;
mod confirmations;
mod corruption;
mod crux_order;
mod desk;
mod diff;
mod discussion;
mod due;
mod figures;
mod filters;
mod format;
mod golden;
mod import_csv;
mod imports;
mod laws;
mod linear;
mod listing;
mod merge;
mod minutes;
mod reference;
mod refusals;
mod required_reasons;
mod rounds;
mod score;
mod snapshot;
mod statements;
mod sync;
mod sync_pace;
mod trash;
mod trigger_states;
mod triggers;
mod value_of_information;
mod wall_clock;
mod worked_example;
mod world;
