//! The harness: drives a browser for the tests.
//!
//! [`Setup`] configures the browser, [`Page`] is one of its tabs, [`Found`] is an element found by role and
//! name. Nothing sleeps for a fixed time: every step waits until its condition holds, and reports the missing
//! condition if it never does.

mod browser;
mod emulation;
mod endpoint;
mod find;
mod keyboard;
mod live;
mod pointer;
mod site;
mod storage;
mod wait;

pub(crate) use browser::{Page, Setup};
pub(crate) use endpoint::{Endpoint, Mood};
pub(crate) use find::{Find, Found};
pub(crate) use keyboard::Key;
pub(crate) use live::until_it_shows;
pub(crate) use pointer::Place;
pub(crate) use site::{BoardServer, dist, named, serve, serve_in_folder, serve_with_boards};
pub(crate) use wait::{eventually, is_long, within_patience};
