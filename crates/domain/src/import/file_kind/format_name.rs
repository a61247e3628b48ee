//! The names of this app's own formats, each at the beginning of its files.

/// The format of a board's document.
pub const BOARD: &str = "cruxboard";
/// The format of a backup.
pub const BACKUP: &str = "cruxboard-boards";
/// The format of a snapshot.
pub const SNAPSHOT: &str = "cruxboard-snapshot";
