//! The rules of Cruxboard in plain Rust: boards, cruxes, credences, triggers and evidence as a log of changes
//! that commute.
//!
//! Where to start:
//! - [`log`]: the changes of a board, and how they are merged, undone and redacted; [`change`] defines them.
//!   [`id`]: ids of changes and their order (a hybrid logical clock).
//! - [`record`]: the entities, one file each, and the limits of their texts.
//! - [`board`]: applying changes, queries of the result, filters and order ([`view`]).
//! - [`command`]: turns what a person wants to do into changes, one file per entity.
//! - [`analysis`]: figures computed from a board: estimates, trigger states, due dates, differences, scores.
//! - [`review`]: blind rounds, minutes, calendar.
//! - [`snapshot`]: a frozen part of a board for readers, as a link, a file, a page or Markdown.
//! - [`import`], [`export`]: import of tables and discussions, export of tables.
//! - [`sync`]: keeps a board and an endpoint the same, without a network.
//! - [`text`]: records, differences, percentages and counts in words; Markdown; addresses.
//! - [`checksum`]: CRC-32 of stored texts and of links.
//!
//! There is no user interface, I/O, async, clock or randomness here. Moments are passed in, as [`Millis`].
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
    agenda, calibration, completeness, crux_value, diff, due, estimate, evidence_matrix, fan_out,
    findings, holes, joint_effect, ledger, met_trigger, movement, outcome, pointing, pooling,
    rewording, score, status, summary, timeline, trigger_changes, trigger_review, trigger_state,
    value_of_information, waterfall, what_if,
};
pub(crate) use self::analysis::{crux_state, forecast};
pub use self::board::view;
pub use self::command as decide;
pub use self::credence::{Credence, CredenceError};
pub use self::date::{Millis, VagueDate};
pub use self::id::{ChangeId, ChangeIdError};
pub use self::import::file_kind;
pub use self::log::{backup, change, document, undo};
pub use self::record::{BoardId, limits};
pub use self::review::{calendar, minutes, round};
pub use self::text::format::option_brief;
pub use self::text::{format, markdown, percent, translation, web_address};
