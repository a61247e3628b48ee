//! The text of minutes while it is written, and what its readers may see of a record.

use std::collections::BTreeSet;

use super::public::publicly;
use crate::ChangeId;
use crate::board::Board;
use crate::diff::{About, Line, What};
use crate::format::{tell, topic_name};
use crate::markdown::inline;
use crate::record::{CruxId, Topic, TriggerId};
use crate::snapshot::secrets::Secrets;
use crate::t;
use crate::web_address::check_address;

/// The text of minutes while it is written.
pub(super) struct Text<'a> {
    pub(super) board: &'a Board,
    /// The records that these readers may not see; `None` for internal readers, who see everything.
    pub(super) secrets: Option<Secrets<'a>>,
    pub(super) out: String,
    /// The records that were left out. Each counts once, however often it would have been mentioned.
    pub(super) withheld: BTreeSet<ChangeId>,
    pub(super) withheld_notes: usize,
}

impl Text<'_> {
    pub(super) fn line(&mut self, mark: &str, text: &str) {
        self.out += mark;
        self.out += &inline(text);
        self.out += "\n";
    }

    pub(super) fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            self.out += "| ";
            self.out += &inline(cell);
            self.out.push(' ');
        }
        self.out += "|\n";
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.out += "\n";
        self.line("## ", text);
        self.out += "\n";
    }

    pub(super) fn subheading(&mut self, text: &str) {
        self.out += "\n";
        self.line("### ", text);
        self.out += "\n";
    }

    /// Adds the address of new evidence to the previous line: readable, and as a link.
    pub(super) fn address(&mut self, line: &Line) {
        let (About::Evidence(id), What::Added) = (line.about, &line.what) else {
            return;
        };
        let evidence = self.board.evidence(id);
        let address = evidence.and_then(|evidence| check_address(&evidence.url).ok()?);
        // Addresses with characters that would end a link early are left out.
        let address = address.filter(|address| !address.contains(['<', '>']));
        if let Some(address) = address {
            self.out.pop();
            self.out += &format!(" <{address}>\n");
        }
    }

    /// Returns the name of a crux. External readers do not see the names of cruxes in the trash.
    pub(super) fn crux_name(&self, crux: CruxId) -> String {
        let crux = self.board.crux(crux);
        let crux = crux.filter(|crux| self.secrets.is_none() || crux.trashed.is_none());
        crux.map_or_else(|| t!("Deleted crux").into(), |c| c.name().into_owned())
    }

    /// Returns the name of a question of a blind round.
    pub(super) fn topic(&self, topic: Topic) -> String {
        match topic {
            Topic::Crux(crux) => self.crux_name(crux),
            Topic::Option(_) => topic_name(self.board, topic),
        }
    }

    /// Returns whether these readers may be told the answers to a question. Credences in options are in no
    /// public minutes.
    pub(super) fn may_tell(&self, topic: Topic) -> bool {
        self.secrets.is_none() || matches!(topic, Topic::Crux(_))
    }

    /// Describes the triggers that a decision names, as far as these readers may see them.
    pub(super) fn triggers(&self, ids: &[TriggerId]) -> Vec<String> {
        let found = ids.iter().filter_map(|id| self.board.trigger(*id));
        let found = found.filter(|trigger| {
            let crux = self.board.crux(trigger.crux);
            let is_here = trigger.trashed.is_none() && crux.is_some_and(|c| c.trashed.is_none());
            self.secrets.is_none() || is_here
        });
        // Many triggers read alike, so their crux is named too.
        let named = found.map(|trigger| {
            let crux = self.crux_name(trigger.crux);
            format!("{crux}: {}", trigger.headline())
        });
        named.collect()
    }

    /// Returns whether these readers may see a crux.
    pub(super) fn shows_crux(&self, crux: CruxId) -> bool {
        let crux = self.board.crux(crux);
        crux.is_some_and(|crux| self.secrets.is_none() || crux.trashed.is_none())
    }

    /// Describes a difference, as far as these readers may see it. Parts that are left out are counted.
    pub(super) fn told(&mut self, line: &Line) -> Option<(String, String)> {
        let Some(secrets) = &self.secrets else {
            return Some(tell(self.board, line));
        };
        let (record, told) = publicly(self.board, secrets, line);
        if let Some(record) = record {
            self.withheld.insert(record);
        }
        told
    }
}
