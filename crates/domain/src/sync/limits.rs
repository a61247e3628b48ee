//! Limits of reading, writing and retrying.

use core::time::Duration;

/// Maximum number of bytes of a response that are read: twice as much as our server stores of one board.
pub const MOST_BYTES: usize = 64 << 20;
/// Maximum number of changes taken from an endpoint: ten times the size of a board of many years. A page
/// flooded with more could not even report it.
pub const MOST_CHANGES: usize = 200_000;
/// Largest time by which a change may be dated ahead. Changes beyond are neither taken in nor sent, since
/// clocks would follow them.
pub const MOST_AHEAD: Duration = Duration::from_secs(30 * 86_400);
/// Number of consecutive overwritten writes after which the endpoint is left alone for a while.
pub(super) const MOST_TRIES: u32 = 8;
/// Number of reads of a store that shows its writes late, before they are sent again.
pub(super) const MOST_REREADS: u32 = 3;
/// Apache's ETags are weak for a second after a write.
pub(super) const WEAK_TAG_PAUSE: Duration = Duration::from_millis(1_100);
pub(super) const MOST_WEAK_TAGS: u32 = 3;
/// Number of reads with a tag until one goes without.
pub(super) const TRUSTED_TAGS: u32 = 8;
/// Number of times that a read with a tag gets no response while one without does, after which no tag is sent
/// any more.
pub(super) const MOST_TAG_SILENCES: u32 = 3;
/// Number of changes set aside one by one, after which the endpoint is taken to refuse all changes.
pub(super) const MOST_SET_ASIDE: usize = 4;
/// Number of consecutive times that the endpoint reports that nothing is there, and stores nothing.
pub(super) const MOST_UNPLACED: u32 = 3;
/// Number of reads before a refused or forbidden write is tried again for the first time. The number doubles
/// each time, up to about an hour.
const FIRST_READS_BETWEEN: u32 = 4;
const MOST_READS_BETWEEN: u32 = 240;

/// Returns the number of reads before the next try of something that has failed `times` times.
pub(super) fn reads_between(times: u32) -> u32 {
    (FIRST_READS_BETWEEN << times.min(8)).min(MOST_READS_BETWEEN)
}
