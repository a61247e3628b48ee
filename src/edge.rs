//! Everything impure: what the browser knows, keeps and brings.
//!
//! Where to start:
//! - [`persistence`]: how a change gets into storage and to other tabs, and how a board comes back.
//! - [`journal`]: IndexedDB, one row per change; what is in it is safe.
//! - [`mirror`]: a copy of the open board in local storage, read before the first paint.
//! - [`tabs`]: what tabs tell each other. [`settings`]: what a device remembers besides boards.
//! - [`sync`]: the way to the endpoint of the open board; [`network`]: one request and its response.
//! - [`web_lock`]: what one tab does for all of them. [`snapshot_crypto`]: encryption of snapshots.
//! - [`drafts`]: forms being written. [`sealed`]: answers of blind rounds that are not published yet.
//! - [`offline`]: keeping the app itself.
//! - [`clock`]: time, randomness and timers. [`files`], [`picture`]: what comes in and goes out
//!   whole. [`disk`]: a file that is written again and again.
//!
//! Never here: what a change means, or how anything looks.

pub mod address;
pub mod clock;
pub mod crash;
pub mod disk;
pub mod drafts;
pub mod exit_guard;
pub mod files;
pub mod journal;
pub mod mirror;
pub mod network;
pub mod offline;
pub mod persistence;
pub mod picture;
pub mod sealed;
pub mod settings;
pub mod snapshot_crypto;
pub mod sync;
pub mod tabs;
pub mod web_lock;
