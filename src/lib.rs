//! The web app.
//!
//! - [`app`]: the composition root. It creates the session, connects it to the browser and lays out
//!   the pages.
//! - [`route`]: formats and parses all addresses (`boot.js` also knows the address of the first
//!   screen).
//! - [`page`]: one file per screen. [`component`]: small views that depend only on their props.
//!
//! The crate `cruxboard-domain` has the rules of boards. `cruxboard-session` is the only writer of
//! the open board. `cruxboard-platform` has storage, network, files and the clock.

#![allow(
    unreachable_pub,
    reason = "the component macro makes functions that only their module needs public"
)]

pub mod app;
pub mod component;
pub mod page;
pub mod route;

#[cfg(test)]
mod import_lint;
