//! One change as it lies in storage: its checksum and its JSON text, in one string.

use cruxboard_domain::log::{Entry, NotAChange};

use crate::edge::checksum::Crc32;

/// Why a row cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Damage {
    #[error("it is not a text")]
    NotText,
    #[error("its checksum does not fit")]
    Altered,
    #[error("it is not readable as JSON")]
    NotJson,
    #[error("it has no id")]
    NoId,
}

pub(super) fn write(crc: &Crc32, json: &str) -> String {
    crc.seal(json)
}

pub(super) fn read(crc: &Crc32, row: &str) -> Result<Entry, Damage> {
    let json = crc.unseal(row).ok_or(Damage::Altered)?;
    Entry::from_json(json).map_err(|reason| match reason {
        NotAChange::NotJson => Damage::NotJson,
        NotAChange::NoId => Damage::NoId,
    })
}
