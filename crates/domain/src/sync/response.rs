//! Interprets responses to reads.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use super::backoff::{Pause, after_failures};
use super::clock_skew::is_too_far_ahead;
use super::endpoint_error::{EndpointError, refusal};
use super::envelope::{Envelope, open};
use super::limits::MOST_UNPLACED;
use super::{Asked, Standing, Sync, SyncResponse, document_in};
use crate::ChangeId;
use crate::document::{Document, Integrity};
use crate::log::Entry;

impl Sync {
    /// Handles a response. Returns its entries, some of which may be known here. `chance`, from 0 to 1,
    /// spreads the retries of clients that were refused together.
    pub fn answered(&mut self, answer: SyncResponse, chance: f64) -> Vec<Entry> {
        self.chance = chance;
        let Some(asked) = self.asked.take() else {
            return Vec::new();
        };
        self.take_time(&answer);
        match asked {
            Asked::Get { by_tag, after } => {
                if by_tag {
                    self.tag_silences = 0;
                } else if std::mem::take(&mut self.skips_tag) {
                    self.tag_silences += 1;
                }
                self.read(answer, after)
            }
            Asked::Put | Asked::Patch => {
                self.standing = Standing::Reached;
                self.written(asked, &answer);
                Vec::new()
            }
        }
    }

    pub(super) fn take_time(&mut self, answer: &SyncResponse) {
        let (here, there) = (answer.now, answer.date);
        // The later of the two clocks, since the other one may be years behind.
        self.now = here.max(there).or(self.now);
        if let (Some(here), Some(there)) = (here, there) {
            self.clock_skew_millis =
                Some(there.0.cast_signed().saturating_sub(here.0.cast_signed()));
        }
    }

    pub(super) fn take_rights(&mut self, answer: &SyncResponse) {
        if answer.allows_writes == Some(false) {
            self.reads_only = true;
            self.reads_until_write = 1;
        } else if answer.allows_writes == Some(true) && self.forbidden == 0 {
            self.reads_only = false;
        } else if self.reads_only {
            self.reads_until_write = self.reads_until_write.saturating_sub(1);
            self.reads_only = self.reads_until_write > 0;
        }
    }

    pub(super) fn is_ahead(&self, id: ChangeId) -> bool {
        self.now.is_some_and(|now| is_too_far_ahead(id, now))
    }

    pub(super) fn is_overfull(&mut self) {
        self.overfull += 1;
        self.standing = Standing::Refused(EndpointError::TooLarge);
        self.must_read = true;
        // Reading an overfull response costs much each time, so no edit shortens the pause.
        self.pause = Some(Pause::whole(after_failures(self.overfull + 4, self.chance)));
    }

    /// Counts a write that was refused although nothing was there. Returns whether that has happened too
    /// often.
    pub(super) fn is_unplaced(&mut self) -> bool {
        self.unplaced += 1;
        !self.is_there && self.unplaced >= MOST_UNPLACED
    }

    /// Handles the response to a read. `after`: whether only entries after a cursor were requested.
    pub(super) fn read(&mut self, answer: SyncResponse, after: bool) -> Vec<Entry> {
        let retry_after = answer.retry_after;
        match answer.status {
            _ if answer.is_too_long => self.is_overfull(),
            200 if !answer.body.is_empty() => {
                let opened = open(&answer.body);
                match document_in(&opened, Some(self.board)) {
                    Ok(document) => {
                        self.read_well();
                        self.take_rights(&answer);
                        self.unplaced = 0;
                        let around = (opened.envelope, opened.revision);
                        return self.take_document(around, document, &answer, after).entries;
                    }
                    Err(EndpointError::TooLarge) => self.is_overfull(),
                    Err(refused) => self.read_failed(Standing::Refused(refused), retry_after),
                }
            }
            200 | 204 | 404 | 410 if self.unsynced.has_seen() && !self.is_missing => {
                // Something was there before. A host that is being restarted, or a network's sign-in page,
                // may report this.
                self.is_missing = true;
                self.must_read = true;
                self.cursor = None;
                self.tag = None;
                self.pause = Some(Pause::of(after_failures(1, self.chance)));
            }
            200 | 204 | 404 | 410 => {
                self.read_well();
                self.take_rights(&answer);
                self.note_shown(None);
                self.unsynced.saw_nothing();
                self.ahead.clear();
                self.cursor = None;
                // Some endpoints answer with an empty document while nothing is stored.
                self.is_there = answer.status == 200;
                self.tag = answer.tag.filter(|_| self.is_there);
                self.takes_patches = answer.takes_patches;
                self.envelope = Envelope::of_nothing(&answer.body);
                self.is_whole = true;
                self.must_read = false;
            }
            304 => {
                self.read_well();
                self.take_rights(&answer);
                self.must_read = false;
            }
            408 | 423 | 425 | 429 | 500..=506 | 508..=599 => {
                self.read_failed(Standing::Struggling, retry_after);
            }
            status => {
                let refused = refusal(status, &answer.body);
                self.read_failed(Standing::Refused(refused), retry_after);
            }
        }
        Vec::new()
    }

    pub(super) fn read_well(&mut self) {
        self.standing = Standing::Reached;
        self.read_failures = 0;
        self.is_missing = false;
        self.reads_until_resent = self.reads_until_resent.saturating_sub(1);
        if self.reads_until_resent == 0 {
            self.set_aside.clear();
        }
    }

    /// Stores the hash of the whole document and its tag; `None` if there is none.
    pub(super) fn note_shown(&mut self, shown: Option<u64>) {
        if let Some(write) = &mut self.write {
            write.changed |= self.shown != shown;
        }
        self.shown = shown;
    }

    /// Takes in a document from an envelope with a revision. Returns it without changes dated too far ahead.
    pub(super) fn take_document(
        &mut self,
        (envelope, revision): (Envelope, Option<String>),
        mut document: Document,
        answer: &SyncResponse,
        after: bool,
    ) -> Document {
        let founds = |entry: &Entry| entry.id() == self.board.0;
        self.must_read = false;
        self.is_whole = !after;
        if after && document.entries.iter().any(founds) {
            // An endpoint that does not know the cursor returns everything. But the change that founds the
            // board may also be new by itself: erased, or sent after older ones.
            self.cursor = None;
            self.must_read = true;
        }
        if self.is_whole {
            self.unsynced.saw_nothing();
            self.ahead.clear();
            let mut hasher = DefaultHasher::new();
            (&answer.body, &answer.tag).hash(&mut hasher);
            self.note_shown(Some(hasher.finish()));
        } else if let Some(write) = &mut self.write {
            write.changed |= !document.entries.is_empty();
        }
        for entry in &document.entries {
            self.unsynced.saw(entry.id(), entry.is_erased());
        }
        let (ahead, entries) = std::mem::take(&mut document.entries)
            .into_iter()
            .partition(|entry| self.is_ahead(entry.id()));
        document.entries = entries;
        let ahead: Vec<Entry> = ahead;
        self.ahead
            .extend(ahead.into_iter().map(|entry| (entry.id(), entry)));
        if !answer.tag.as_ref().is_some_and(|tag| tag.starts_with("W/")) {
            self.weak_tags = 0;
        }
        self.envelope = envelope;
        self.tag = revision.or_else(|| answer.tag.clone());
        self.takes_patches = answer.takes_patches;
        if document.integrity == Integrity::Whole && !self.must_read {
            self.cursor = answer.cursor.clone().or(self.cursor.take());
        }
        self.is_there = true;
        document
    }
}
