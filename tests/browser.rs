//! What only a real browser can show: the built release app in headless Chromium.
//!
//! Where to start: `harness` drives a browser and finds things as people do, by role and name. Each
//! other module holds the tests of one part of the promise; a test's name says what is promised.
//!
//! Never here: rules that plain Rust can show. They are tested in the domain.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod backups;
#[cfg(test)]
mod board;
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
mod going_out;
#[cfg(test)]
mod greyscale;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod learning;
#[cfg(test)]
mod links;
#[cfg(test)]
mod meeting;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod row_credences;
#[cfg(test)]
mod snapshot;
#[cfg(test)]
mod start;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod translated;
#[cfg(test)]
mod triggers;
#[cfg(test)]
mod written;
