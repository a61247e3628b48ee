//! Writing a board for other programs.

pub(crate) mod csv;
