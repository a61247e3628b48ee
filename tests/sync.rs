//! Syncing a board through an endpoint.

mod endpoints;
mod invitations;
mod other_content;
mod own_server;
mod redirects;
mod two_browsers;

use serde_json::json;

use super::harness::{Endpoint, Find as _, Found, Key, Page};

const SYNCED: &str = "synced just now";
const NUMBER: &str = "Your credence, in percent";

impl Page {
    fn sync(&self) -> Found {
        self.tab("Setup");
        self.region("Sync")
    }

    fn connect(&self, endpoint: &Endpoint, token: &str) {
        let sync = self.sync();
        sync.field("Address of the board").fill(&endpoint.address);
        if !token.is_empty() {
            sync.field("Token").fill(token);
        }
        sync.button("Test").click();
        sync.button("Connect").click();
        // Browsers themselves report the missing document, and the failed precondition.
        self.expect_in_console("404");
        self.expect_in_console("412");
    }

    fn wait_synced(&self) {
        self.with_text("status", SYNCED).wait();
    }

    fn state_credence(&self, percent: &str) {
        self.field(NUMBER).at(0).retype(percent);
        self.press(Key::Enter);
    }

    fn join(&self, address: &str) {
        let link = format!("#/join?at={}", address.replace(':', "%3A"));
        self.go(&link);
        self.button("Join").click();
    }

    fn sync_now(&self) {
        let sync = self.sync();
        sync.button("Sync now").click();
        self.wait_synced();
    }

    /// Returns how often this tab has sent a request to an address.
    fn asked(&self, address: &str) -> u64 {
        let count = self.js(
            "return performance.getEntriesByName(arguments[0]).length",
            &[json!(address)],
        );
        count.as_u64().unwrap_or_default()
    }

    /// Connects the open board to the server that the page came from. Returns the board's address there.
    fn connect_to_own_server(&self, token: &str) -> String {
        let sync = self.sync();
        sync.button("Use the server…").click();
        sync.field("Token").fill(token);
        sync.button("Test").click();
        sync.with_text("status", "Nothing is there yet").wait();
        self.expect_in_console("404");
        sync.button("Connect").click();
        self.wait_synced();
        sync.with_text("paragraph", "/boards/")
            .text()
            .trim()
            .to_owned()
    }
}

fn stated(endpoint: &Endpoint) -> usize {
    let document = endpoint.document().unwrap_or_default();
    document.matches("\"credence-stated\"").count()
}
