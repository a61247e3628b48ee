//! Import from other programs and boards: tables, discussions copied from a page, single texts and links, cruxes of
//! another board, whole boards.

pub mod board_merge;
pub mod claims;
pub mod clipping;
pub mod cruxes;
pub mod csv;
pub mod discussion;
pub mod file_kind;
