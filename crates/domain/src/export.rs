//! Export of boards for other programs.

pub(crate) mod csv;
