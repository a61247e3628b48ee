//! What Cruxboard is about, in plain Rust: boards, cruxes, credences, triggers and evidence as a
//! log of changes that commute.
//!
//! Where to start:
//! - [`change`]: what a change can say. The log of changes *is* the board.
//! - [`board`]: applying changes, and what one can ask of the result.
//! - [`decide`](mod@decide): from what a person wants to the changes that say it.
//! - [`record`]: the nouns. [`id`]: ids and their order. [`log`]: merging, undoing, erasing.
//! - [`estimate`](mod@estimate), [`trigger_state`](mod@trigger_state), [`completeness`], [`view`],
//!   [`summary`](mod@summary): what follows from a board.
//! - [`due`](mod@due): what waits. [`diff`]: what changed between two moments.
//!   [`agenda`]: what to talk about.
//! - [`outcome`](mod@outcome): what came of a claim. [`score`]: how good credences were.
//! - [`round`]: blind rounds, sealed and revealed.
//! - [`percent`]: percentages as text. [`text`]: counts and lists as text. [`format`](mod@format): records and differences in words. [`minutes`](mod@minutes) of a review.
//!   [`calendar`](mod@calendar): what has a day.
//! - [`limits`]: how long texts may be.
//! - [`document`]: the JSON that files and endpoints hold. [`backup`]: all boards in one. [`snapshot`]: what others may see of a
//!   board, frozen, as a link, a file, a page or Markdown. [`import`] and [`export`]: tables in and out, and
//!   [`import::discussion`]: a discussion copied from elsewhere, as a reading list.
//!   [`file_kind`](mod@file_kind): names for what no importer reads.
//!
//! Never here: a user interface, I/O, async, a clock or randomness. Time comes in as a number.
#![warn(missing_docs)]

pub mod agenda;
pub mod backup;
pub mod board;
pub mod calendar;
pub mod change;
pub mod completeness;
pub mod credence;
pub mod date;
pub mod decide;
pub mod diff;
pub mod document;
pub mod due;
pub mod estimate;
pub mod export;
pub mod file_kind;
pub mod format;
pub mod id;
pub mod import;
pub mod limits;
pub mod log;
pub mod markdown;
pub mod minutes;
pub mod outcome;
pub mod percent;
pub mod record;
pub mod round;
pub mod score;
pub mod snapshot;
mod strict;
pub mod summary;
pub mod sync;
pub mod text;
pub mod trigger_state;
pub mod undo;
pub mod value_of_information;
pub mod view;
pub mod web_address;

pub use self::credence::{Credence, CredenceError};
pub use self::date::VagueDate;
pub use self::id::{ChangeId, ChangeIdError};
