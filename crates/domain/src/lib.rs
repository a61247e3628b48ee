//! What Cruxboard is about, in plain Rust: boards, cruxes, credences, triggers and evidence as a
//! log of changes that commute.
//!
//! Where to start:
//! - [`log`]: the changes of a board, their merging, undoing and erasing; [`change`] is what one can
//!   say. [`id`]: ids of changes and their order (a hybrid logical clock).
//! - [`record`]: the entities, one file each, and the limits of their texts.
//! - [`board`]: applying changes, queries of the result, filters and order ([`view`]).
//! - [`command`]: from what a person wants to the changes that say it, one file per entity.
//! - [`analysis`]: what follows from a board: estimates, trigger states, due dates, differences, scores.
//! - [`review`]: blind rounds, minutes, calendar.
//! - [`snapshot`]: what others may see of a board, frozen, as a link, a file, a page or Markdown.
//! - [`import`], [`export`]: tables and discussions in, tables out.
//! - [`sync`]: keeping a board and an endpoint the same, without a network.
//! - [`text`]: records, differences, percentages and counts in words; Markdown; addresses.
//! - [`checksum`]: CRC-32 of what is stored and of links.
//!
//! Never here: a user interface, I/O, async, a clock or randomness. Time comes in as a number.
#![warn(missing_docs)]

pub mod analysis;
pub mod board;
pub mod checksum;
pub mod command;
pub mod credence;
pub mod date;
pub mod export;
pub mod id;
pub mod import;
pub mod log;
pub mod record;
pub mod review;
pub mod snapshot;
pub mod sync;
pub mod text;

pub use self::analysis::{
    agenda, completeness, diff, due, estimate, outcome, score, summary, trigger_state,
    value_of_information,
};
pub use self::board::view;
pub use self::command as decide;
pub use self::credence::{Credence, CredenceError};
pub use self::date::VagueDate;
pub use self::id::{ChangeId, ChangeIdError};
pub use self::import::file_kind;
pub use self::log::{backup, change, document, undo};
pub use self::record::limits;
pub use self::review::{calendar, minutes, round};
pub use self::text::{format, markdown, percent, web_address};
