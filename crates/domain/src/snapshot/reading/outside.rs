//! The credences of people outside the board.

use crate::Credence;
use crate::board::Board;
use crate::record::{CruxId, initials_of};

/// The credence of somebody outside the board.
#[derive(Clone, Debug, PartialEq)]
pub struct OutsideReading {
    /// The name.
    pub name: String,
    /// The initials: one or two letters.
    pub initials: String,
    /// The credence.
    pub credence: Credence,
}

impl OutsideReading {
    /// Returns the credences that people outside the board stated on a crux. Numbers that the group assigned
    /// to them are left out.
    pub fn on(board: &Board, crux: CruxId) -> Vec<Self> {
        let stated = board.positions_on(crux).filter(|it| !it.assigned);
        let read = stated.filter_map(|position| {
            Some(Self {
                name: position.holder.clone(),
                initials: initials_of(&position.holder),
                credence: position.credence?,
            })
        });
        read.collect()
    }
}
