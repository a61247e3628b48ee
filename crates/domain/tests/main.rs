//! The rules, by table and by property. One program, since linking the domain takes longer than most of
//! what is in it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod agenda;
mod backup;
mod calendar;
mod confirmations;
mod corruption;
mod desk;
mod diff;
mod discussion;
mod due;
mod figures;
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
mod rounds;
mod rules;
mod score;
mod snapshot;
mod sync;
mod sync_pace;
mod triggers;
mod value_of_information;
mod wall_clock;
mod worked_example;
mod world;
