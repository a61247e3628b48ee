//! The Cruxboard server: serves the built app, and syncs boards between devices.
//!
//! Where to start: [`http::Endpoint`] answers for boards and [`store::Store`] keeps them;
//! [`site::site`] says what is answered to every other request, [`listener::Listener`] how connections
//! are taken and let go. [`changes_body`] reads what clients send, [`token`] says what they may do. The program
//! around them is `main.rs`.
//!
//! Never here: anything of the web app; the two meet in the files of `dist/` and in the domain's documents.

pub mod changes_body;
pub mod error_chain;
pub mod http;
pub mod listener;
pub mod metrics;
mod network;
pub mod security_headers;
pub mod site;
pub mod store;
pub mod token;
