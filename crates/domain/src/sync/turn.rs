//! Chooses the next request to the endpoint.

use super::backoff::{Pause, after_conflicts, after_failures};
use super::batch::Batches;
use super::endpoint_error::EndpointError;
use super::envelope::open;
use super::limits::{
    MOST_REREADS, MOST_TAG_SILENCES, MOST_TRIES, MOST_WEAK_TAGS, TRUSTED_TAGS, WEAK_TAG_PAUSE,
};
use super::{Asked, Condition, Outcome, Standing, Sync, SyncRequest, Write, bare_tag};
use crate::document::Document;
use crate::log::{Entry, Log};

impl Sync {
    /// Returns the long-polling request for new changes, if the endpoint supports it.
    pub fn listen(&mut self) -> Option<SyncRequest> {
        let after = self.cursor()?.to_owned();
        self.asked = Some(Asked::Get {
            by_tag: false,
            after: true,
        });
        Some(SyncRequest::Get {
            tag: None,
            after: Some(after),
        })
    }

    /// Notes that this device aborted the last request.
    pub fn called_off(&mut self) {
        self.asked = None;
    }

    /// Returns a stale write: the content of `body`, the response to a read, with a tag that it does not
    /// have. An endpoint that accepts it cannot refuse stale writes, and has lost nothing.
    #[must_use]
    pub fn stale_write(body: &str) -> SyncRequest {
        let opened = open(body);
        let (condition, body) = opened.envelope.stale(opened.document);
        SyncRequest::Put {
            condition,
            body,
            count: 0,
        }
    }

    /// Returns a write that shows whether an empty endpoint accepts writes: a document without changes, with
    /// a tag that cannot exist. Only an endpoint that ignores tags stores it.
    #[must_use]
    pub fn probe(&self) -> SyncRequest {
        let nothing = Document::of(self.board, std::iter::empty());
        let (condition, body) = self.envelope.stale(&nothing);
        SyncRequest::Put {
            condition,
            body,
            count: 0,
        }
    }

    /// Returns the next request.
    pub fn next(&mut self, log: &Log) -> SyncRequest {
        if let Some(pause) = self.pause.take() {
            return SyncRequest::Pause(pause);
        }
        if self.must_read {
            return self.read_next();
        }
        let unsynced = self.unsynced(log);
        if let Some(pause) = self.judge_write(&unsynced) {
            return SyncRequest::Pause(pause);
        }
        if unsynced.is_empty() {
            self.trouble = None;
            self.tries = 0;
            self.write_failures = 0;
            return SyncRequest::Rest;
        }
        if self.reads_only {
            return SyncRequest::Rest;
        }
        let batch = if self.takes_patches {
            // Only a document with the change that founds the board can create it there.
            let first = Some(self.board.0).filter(|_| !self.is_there);
            self.batches.next(&unsynced, first)
        } else {
            unsynced
        };
        let count = batch.len();
        let sent = batch.iter().map(|entry| entry.id()).collect();
        let ask = if self.takes_patches && self.is_there {
            self.asked = Some(Asked::Patch);
            SyncRequest::Patch {
                body: Document::of(self.board, batch.into_iter()),
                count,
            }
        } else {
            let condition = match &self.tag {
                _ if !self.is_there => Condition::Absent,
                Some(tag) if tag.starts_with("W/") && self.weak_tags < MOST_WEAK_TAGS => {
                    // A weak tag never matches, so a write would certainly be refused.
                    self.weak_tags += 1;
                    self.tag = None;
                    self.must_read = true;
                    return SyncRequest::Pause(Pause::of(WEAK_TAG_PAUSE));
                }
                Some(tag) if !tag.starts_with("W/") => {
                    let bare = bare_tag(tag).filter(|_| self.strips_tag);
                    Condition::Unchanged(bare.unwrap_or_else(|| tag.clone()))
                }
                _ => Condition::None,
            };
            self.asked = Some(Asked::Put);
            // For an endpoint that accepts single changes, the first document has only a part, and the rest
            // is appended: a large board exceeds what some endpoints accept at once.
            let document = if self.takes_patches {
                Document::of(self.board, batch.into_iter())
            } else {
                self.whole_document(log)
            };
            let (condition, body) = self.envelope.seal(condition, document);
            SyncRequest::Put {
                condition,
                body,
                count,
            }
        };
        if let SyncRequest::Put { body, .. } | SyncRequest::Patch { body, .. } = &ask {
            self.write = Some(Write {
                sent,
                bytes: body.len(),
                outcome: Outcome::Unanswered,
                changed: false,
            });
        }
        ask
    }

    pub(super) fn read_next(&mut self) -> SyncRequest {
        if self.ahead.keys().any(|id| !self.is_ahead(*id)) {
            // The day of a change that was dated ahead has come: the document is read once more and the
            // change taken in.
            self.cursor = None;
            self.tag = None;
        }
        let after = self.cursor().map(str::to_owned);
        // If a tag stayed the same over a change, the change would never be seen.
        self.reads = (self.reads + 1) % TRUSTED_TAGS;
        let goes_by_tag = after.is_none()
            && self.reads != 0
            && !self.skips_tag
            && self.tag_silences < MOST_TAG_SILENCES;
        let tag = self.tag.clone().filter(|_| goes_by_tag);
        self.asked = Some(Asked::Get {
            by_tag: tag.is_some(),
            after: after.is_some(),
        });
        SyncRequest::Get { tag, after }
    }

    /// Returns the document to store: the log, with the endpoint's changes that were not taken in, and
    /// without changes dated too far ahead.
    pub(super) fn whole_document(&self, log: &Log) -> String {
        let ours = log.entries().filter(|entry| !self.is_ahead(entry.id()));
        Document::of(self.board, ours.chain(self.ahead.values()))
    }

    /// Evaluates the previous write after a read. Returns a pause if the write has failed.
    pub(super) fn judge_write(&mut self, unsynced: &[&Entry]) -> Option<Pause> {
        let write = self.write.take()?;
        let still_lacking = unsynced
            .iter()
            .filter(|entry| write.sent.contains(&entry.id()));
        if still_lacking.count() < write.sent.len() {
            self.trouble = None;
            self.tries = 0;
            self.write_failures = 0;
            self.rereads = 0;
            self.forbidden = 0;
            self.refuses_all = false;
            self.batches.was_taken();
            if !self.just_set_aside.is_empty() {
                // Only the changes that were set aside caused the failure.
                self.just_set_aside.clear();
                self.batches = Batches::default();
            }
            return None;
        }
        match (write.outcome, write.changed) {
            (Outcome::Taken, false) if self.rereads < MOST_REREADS => {
                // Some stores show a write only after a while.
                self.rereads += 1;
                self.write = Some(write);
                self.must_read = true;
                return Some(Pause::of(after_failures(self.rereads, self.chance)));
            }
            (Outcome::Taken | Outcome::Conflict, true) => {
                self.rereads = 0;
                self.tries += 1;
                if self.tries < MOST_TRIES {
                    if write.outcome == Outcome::Conflict || self.tries < 2 {
                        // The document was just read, so the next write should follow at once.
                        return None;
                    }
                    self.must_read = true;
                    return Some(Pause::of(after_conflicts(self.tries, self.chance)));
                }
                self.trouble = Some(Standing::Struggling);
            }
            (Outcome::Taken, false) => self.trouble = Some(Standing::Struggling),
            (Outcome::Conflict, false) => {
                if !self.is_there {
                    // Nothing is there, and nothing can be stored there.
                } else if self.tag.as_deref().and_then(bare_tag).is_some() && !self.strips_tag {
                    self.strips_tag = true;
                    self.trouble = Some(Standing::Struggling);
                } else {
                    self.strips_tag = false;
                    self.trouble = Some(Standing::Refused(EndpointError::Conditions));
                }
            }
            (Outcome::Unanswered, _) => {
                if self.takes_patches && write.sent.len() > 1 {
                    self.batches.halve(write.bytes, false);
                }
                // A first or second failure may have been the network.
                if self.write_failures > 1 {
                    let bytes = write.bytes;
                    self.trouble =
                        Some(Standing::Refused(EndpointError::NoAnswerToWrites { bytes }));
                }
            }
        }
        self.rereads = 0;
        self.write_failures += 1;
        self.must_read = true;
        Some(Pause::of(after_failures(self.write_failures, self.chance)))
    }
}
