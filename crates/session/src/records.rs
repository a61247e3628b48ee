//! The records that a reader of the board depends on.

use cruxboard_domain::board::RecordRef;

/// The records that a reader depends on: one or two.
pub struct Records(pub(super) [Option<RecordRef>; 2]);

impl From<RecordRef> for Records {
    fn from(record: RecordRef) -> Self {
        Self([Some(record), None])
    }
}

impl From<[RecordRef; 2]> for Records {
    fn from(records: [RecordRef; 2]) -> Self {
        Self(records.map(Some))
    }
}
