//! Export of boards for other programs.

pub(crate) mod csv;
pub mod file_name;
