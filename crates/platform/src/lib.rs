//! The browser's side of the app: storage, network, clock, files and other tabs. All side effects
//! are here.
//!
//! Where to start:
//! - [`persistence`]: stores changes, shares them with other tabs, and opens boards.
//! - [`journal`]: IndexedDB, one row per change. A change in the journal is safe.
//! - [`mirror`]: a copy of the open board in local storage, read before the first paint.
//! - [`tabs`]: messages between tabs. [`settings`]: settings of the device.
//! - [`sync`]: the endpoint of the open board; [`network`]: one request and its response.
//! - [`web_lock`]: work that one tab does for all tabs. [`snapshot_crypto`]: encryption of
//!   snapshots.
//! - [`drafts`]: forms that are not submitted yet. [`sealed`]: answers of blind rounds that are not
//!   revealed yet.
//! - [`offline`]: stores the app itself. [`theme`]: light or dark. [`language`]: the texts.
//! - [`address`]: the screen that is shown; [`place`]: where on it the person was.
//! - [`clock`]: time, randomness and timers. [`files`], [`picture`]: files to read and download.
//!   [`disk`]: a file that is written repeatedly.
//!
//! Nothing here knows the meaning of a change or the look of a screen.

pub mod address;
pub mod clock;
pub mod crash;
pub mod disk;
pub mod drafts;
pub mod exit_guard;
pub mod files;
pub mod journal;
pub mod language;
pub mod mirror;
pub mod network;
pub mod offline;
pub mod persistence;
pub mod picture;
pub mod place;
pub mod sealed;
pub mod settings;
pub mod snapshot_crypto;
pub mod style;
pub mod sync;
pub mod tabs;
pub mod theme;
pub mod web_lock;
