//! Boards kept in step through servers that are not ours, without a browser.
//!
//! Where to start: [`Peer`] is a server that runs for as long as a test does, each with the settings
//! that `docs/endpoint/` recommends. [`Device`] is the app without its pages: the domain's
//! `sync::Sync` decides what is asked and what answers mean, as it does in the browser.
//!
//! [`Proxy`] is nginx or Caddy in front of our own server, with the settings in `deploy/`.
//!
//! Never here: anything that decides how boards are kept in step. `cargo xtask test peers` fetches the
//! servers and runs the tests.

mod counted;
mod device;
mod peer;
mod proxy;

pub use self::counted::Counted;
pub use self::device::{Device, Door, Knock, board, send};
pub use self::peer::{ORIGIN, Peer};
pub use self::proxy::Proxy;
