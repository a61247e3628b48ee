//! Tests that need a real browser: the built release app in headless Chromium.
//!
//! Where to start: `harness` drives a browser and finds elements as people do, by role and name. Each other
//! module tests one part of the app; a test's name states the promised behaviour.
//!
//! Rules that plain Rust can test are tested in the domain instead.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod analysis;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod beginning;
#[cfg(test)]
mod board;
#[cfg(test)]
mod clipping;
#[cfg(test)]
mod credence;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod editing;
#[cfg(test)]
mod evidence;
#[cfg(test)]
mod example;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod files;
#[cfg(test)]
mod going_back;
#[cfg(test)]
mod going_out;
#[cfg(test)]
mod greyscale;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod head;
#[cfg(test)]
mod history_chart;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod language;
#[cfg(test)]
mod large_text;
#[cfg(test)]
mod learning;
#[cfg(test)]
mod links;
#[cfg(test)]
mod meeting;
#[cfg(test)]
mod met_trigger;
#[cfg(test)]
mod new_cruxes;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod palette;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod print;
#[cfg(test)]
mod random_walk;
#[cfg(test)]
mod review_ending;
mod review_steps;
#[cfg(test)]
mod rewording;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod row_credences;
mod snapshot;
#[cfg(test)]
mod start;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod theme;
#[cfg(test)]
mod translated;
#[cfg(test)]
mod triggers;
#[cfg(test)]
mod two_boards;
#[cfg(test)]
mod written;
