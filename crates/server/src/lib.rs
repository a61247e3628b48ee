//! The Cruxboard server: serves the built app, and syncs boards between devices.
//!
//! Where to start: [`http::Endpoint`] is the HTTP interface for boards, and [`store::Store`] stores them.
//! [`site::site`] serves the files of the app. [`listener::Listener`] accepts connections. [`changes_body`]
//! parses the changes that clients send. [`token`] defines their rights. The program is `main.rs`.
//!
//! The server depends on no code of the web app. They only share the files of `dist/` and the domain's
//! documents.

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
