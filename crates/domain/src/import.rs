//! Reading boards from what other programs write: tables, and discussions copied from a page.

pub mod csv;
pub mod discussion;
pub mod file_kind;
