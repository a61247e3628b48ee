//! The web app.
//!
//! - [`app`]: the composition root; builds the session and the edges, lays out the pages.
//! - [`route`]: the only place where addresses are spelled (`boot.js` knows the first screen's).
//! - [`session`]: the only writer of the open board.
//! - [`edge`]: everything impure: clock, randomness, storage, files.
//! - [`page`]: one file per screen. [`component`]: small views that know nothing but their props.
//!
//! What boards are and what follows from them is in the crate `cruxboard-domain`.

#![allow(
    unreachable_pub,
    reason = "the component macro makes functions that only their module needs public"
)]

pub mod app;
pub mod component;
pub mod edge;
pub mod page;
pub mod route;
pub mod session;

#[cfg(test)]
mod import_lint;
