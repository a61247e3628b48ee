//! The server that hands out the built app and keeps boards in step.
//!
//! Where to start: [`endpoint::Endpoint`] answers for boards and [`store::Store`] keeps them;
//! [`site::site`] says what is answered to every other request, [`listener::Listener`] how connections
//! are taken and let go. [`offer`] reads what clients send, [`token`] says what they may do. The program
//! around them is `main.rs`.
//!
//! Never here: anything of the web app; the two meet in the files of `dist/` and in the domain's documents.

pub mod causes;
pub mod endpoint;
pub mod listener;
pub mod metrics;
mod network;
pub mod offer;
pub mod policy;
pub mod site;
pub mod store;
pub mod token;
