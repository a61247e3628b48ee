//! Interprets responses to writes and handles failures.

use core::time::Duration;

use super::backoff::{Pause, after_conflicts, after_failures, after_retry_after};
use super::endpoint_error::{EndpointError, dated_ahead, detail_of, refusal, refused_change};
use super::limits::{MOST_SET_ASIDE, reads_between};
use super::unredact::conflicts_in;
use super::{Asked, Outcome, Standing, Sync, SyncResponse};
use crate::ChangeId;

impl Sync {
    /// Handles a request that got no response. `chance` as in [`Self::answered`].
    pub fn unanswered(&mut self, chance: f64) {
        self.chance = chance;
        let asked = self.asked.take();
        self.must_read = true;
        match asked {
            // The write may have arrived all the same. The next read shows whether the endpoint is reachable.
            Some(Asked::Put | Asked::Patch) => {
                self.pause = Some(Pause::of(after_failures(1, chance)));
            }
            // Some endpoints do not let pages send a tag (CORS), which looks like no response.
            Some(Asked::Get { by_tag: true, .. }) if self.read_failures == 0 => {
                self.skips_tag = true;
                self.pause = Some(Pause::of(after_failures(1, chance)));
            }
            _ => {
                self.skips_tag = matches!(asked, Some(Asked::Get { by_tag: true, .. }));
                self.read_failed(Standing::Unreached, None);
            }
        }
    }

    /// Handles a failed read: sets the state and the pause before the next read.
    pub(super) fn read_failed(&mut self, standing: Standing, retry_after: Option<Duration>) {
        self.read_failures += 1;
        self.standing = standing;
        self.must_read = true;
        self.pause = Some(self.pause_after(self.read_failures, retry_after));
    }

    /// Handles a refused write: sets the state and the pause before the next read.
    pub(super) fn write_failed(&mut self, standing: Standing, retry_after: Option<Duration>) {
        self.write = None;
        self.write_failures += 1;
        self.trouble = Some(standing);
        self.must_read = true;
        self.pause = Some(self.pause_after(self.write_failures, retry_after));
    }

    pub(super) fn pause_after(&self, failures: u32, retry_after: Option<Duration>) -> Pause {
        match retry_after {
            Some(wanted) => {
                // A server that always asks for an immediate retry is asked with increasing pauses all the
                // same.
                let kept_to = after_retry_after(wanted, self.chance);
                let pause = Pause::of(after_failures(failures, self.chance).max(kept_to));
                Pause {
                    least: pause.least.max(kept_to),
                    ..pause
                }
            }
            None => Pause::of(after_failures(failures, self.chance)),
        }
    }

    /// Handles the response to a write.
    pub(super) fn written(&mut self, asked: Asked, answer: &SyncResponse) {
        let retry_after = answer.retry_after;
        let count = self.write.as_ref().map_or(0, |write| write.sent.len());
        let bytes = self.write.as_ref().map_or(0, |write| write.bytes);
        self.tag = None;
        self.must_read = true;
        match answer.status {
            200..=299 => {
                // The response's own tag may belong to something else, or be unreadable.
                if let Some(write) = &mut self.write {
                    write.outcome = Outcome::Taken;
                }
                let before = self.unwanted.len();
                if self.takes_patches {
                    self.unwanted.extend(conflicts_in(&answer.body));
                }
                if self.unwanted.len() > before {
                    // The other content arrived long ago, or not at all.
                    self.cursor = None;
                }
            }
            403 | 405 | 501 => {
                self.write = None;
                self.reads_only = true;
                self.must_read = false;
                self.reads_until_write = reads_between(self.forbidden);
                self.forbidden += 1;
            }
            404 | 409 if asked == Asked::Put && self.is_unplaced() => {
                let detail = detail_of(&answer.body);
                self.write_failed(
                    Standing::Refused(EndpointError::NoPlace(detail)),
                    retry_after,
                );
            }
            // Somebody else was faster, or the document was deleted between read and write.
            404 | 409 | 412 => {
                if let Some(write) = &mut self.write {
                    write.outcome = Outcome::Conflict;
                }
                self.pause = Some(Pause::of(after_conflicts(self.tries + 1, self.chance)));
            }
            408 | 413 if self.takes_patches && count > 1 => {
                self.batches.halve(bytes, answer.status == 413);
                self.send_the_rest(retry_after);
            }
            400 | 413 | 422 if self.takes_patches => self.refuse_some(answer, count, bytes),
            413 => {
                let detail = detail_of(&answer.body);
                let refused = EndpointError::LimitReached { bytes, detail };
                self.write_failed(Standing::Refused(refused), retry_after);
            }
            408 | 423 | 425 | 429 | 500..=506 | 508..=599 => {
                self.write_failed(Standing::Struggling, retry_after);
            }
            status => {
                let refused = refusal(status, &answer.body);
                self.write_failed(Standing::Refused(refused), retry_after);
            }
        }
    }

    /// Handles an endpoint that refuses a part of what it was sent. The change that it names is set aside;
    /// otherwise batches are halved until only one change is left, which is set aside.
    pub(super) fn refuse_some(&mut self, answer: &SyncResponse, count: usize, bytes: usize) {
        let retry_after = answer.retry_after;
        let refused = match answer.status {
            413 => EndpointError::LimitReached {
                bytes,
                detail: detail_of(&answer.body),
            },
            status => refusal(status, &answer.body),
        };
        let sent = self
            .write
            .take()
            .map(|write| write.sent)
            .unwrap_or_default();
        // A clock that is ahead for one change is ahead for all later ones.
        let named = dated_ahead(&answer.body).filter(|id| sent.contains(id));
        let single = refused_change(&answer.body).filter(|id| sent.contains(id));
        let is_named = named.or(single).is_some();
        let ids: Vec<ChangeId> = match named {
            None if single.is_some() => single.into_iter().collect(),
            Some(named) => {
                let later = sent.into_iter().filter(|id| id.millis() >= named.millis());
                later.collect()
            }
            None if count > 1 => {
                self.batches.halve(bytes, false);
                return self.send_the_rest(retry_after);
            }
            None => sent.into_iter().collect(),
        };
        // Without the change that founds the board, nothing can be added. An endpoint that refuses several
        // changes is not asked about each of thousands.
        if !is_named && answer.status != 413 {
            self.just_set_aside.extend(&ids);
            self.refuses_all |= self.just_set_aside.len() >= MOST_SET_ASIDE;
        }
        if self.refuses_all || (!self.is_there && ids.contains(&self.board.0)) {
            for id in std::mem::take(&mut self.just_set_aside) {
                self.set_aside.remove(&id);
            }
            return self.write_failed(Standing::Refused(refused), retry_after);
        }
        self.reads_until_resent = reads_between(self.times_set_aside);
        self.times_set_aside += 1;
        self.set_aside
            .extend(ids.into_iter().map(|id| (id, refused.clone())));
        self.send_the_rest(retry_after);
    }

    pub(super) fn send_the_rest(&mut self, retry_after: Option<Duration>) {
        self.write = None;
        self.pause = Some(self.pause_after(1, retry_after));
    }
}
