//! Syncs boards through third-party servers, without a browser.
//!
//! Where to start: [`Peer`] is a server that runs as long as a test, each kind with the settings that
//! `docs/endpoint/` recommends. [`Device`] is the app without its pages: the domain's `sync::Sync` chooses
//! requests and interprets responses, as in the browser.
//!
//! [`Proxy`] is nginx or Caddy in front of our own server, with the settings in `deploy/`.
//!
//! The rules of syncing are not here. `cargo xtask test peers` fetches the servers and runs the tests.

mod counted;
mod device;
mod peer;
mod proxy;

pub use self::counted::Counted;
pub use self::device::{Device, Door, Knock, board, send};
pub use self::peer::{ORIGIN, Peer};
pub use self::proxy::Proxy;
