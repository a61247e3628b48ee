//! Tests of the rules, by table and by property. They are one program, since linking takes longer than most
//! of the tests.

#![allow(clippy::too_many_lines, reason = "tables of cases")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod actions;
mod agenda;
mod arguments;
mod backup;
mod calendar;
mod completeness;
mod confirmations;
mod copied_cruxes;
mod corruption;
mod crux_order;
mod desk;
mod diff;
mod discussion;
mod due;
mod evidence_matrix;
mod figures;
mod filters;
mod findings;
mod format;
mod golden;
mod import_csv;
mod imports;
mod laws;
mod linear;
mod listing;
mod merge;
mod minutes;
mod new_board;
mod option_credences;
mod pooling;
mod record_tables;
mod reference;
mod refusals;
mod required_reasons;
mod rewording;
mod rounds;
mod score;
mod snapshot;
mod statements;
mod status;
mod sync;
mod sync_pace;
mod trash;
mod trigger_reviews;
mod trigger_states;
mod triggers;
mod value_of_information;
mod wall_clock;
mod waterfall;
mod what_if;
mod worked_example;
mod world;
