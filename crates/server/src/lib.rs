//! The server that hands out the built app.
//!
//! Where to start: [`site::site`] says what is answered to which request, [`listener::Listener`] how
//! connections are taken and let go. The program around them is `main.rs`.
//!
//! Never here: anything of the web app; the two meet in the files of `dist/`.

pub mod listener;
pub mod policy;
pub mod site;
