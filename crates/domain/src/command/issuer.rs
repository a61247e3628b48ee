//! The author of commands.

use crate::date::Now;
use crate::id::Clock;
use crate::record::PersonId;

/// The author of commands, and the clock that gives their changes ids.
#[derive(Debug)]
pub struct Issuer<'a> {
    /// The author: a person of the board; `None` if no name was chosen.
    pub by: Option<PersonId>,
    /// The wall clock.
    pub now: Now,
    /// Mints the ids.
    pub clock: &'a mut Clock,
}
