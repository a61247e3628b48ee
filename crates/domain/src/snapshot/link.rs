//! Snapshot links: a snapshot as the fragment of an address, so that everything is in the link and nothing on
//! a server.
//!
//! A parcel consists of a mark with the version, the kind of lock, the length, a checksum and the content, in
//! base64url. Truncated, altered and newer parcels are distinguished, and none of their content is shown.
//!
//! Parts added to snapshots later follow the parcel, as an extension with a length and a checksum of its own:
//! readers ignore everything after a parcel.

use super::Snapshot;
use super::base64_url::is_base64_letter;
use super::varint::{read_number, write_number};
use crate::checksum::crc32;
use crate::translatable;

pub use super::base64_url::{from_base64, to_base64};
pub use super::fold::{Folded, MOST_BYTES, bytes_of, fold, unfold};
pub use super::link_error::{LinkError, MOST_CHARS};

/// The length up to which links are reported to survive in each program, shortest first.
pub const SURVIVES: &[(&str, usize)] = &[
    ("Discord", 2_000),
    ("Teams", 2_048),
    ("Slack", 4_000),
    ("Telegram", 4_096),
    (translatable!("the address bar of Chromium"), 32_779),
    (translatable!("the history of Firefox"), 65_536),
];

/// The upper half of the first byte of every parcel; the lower half is the version.
const MARK: u8 = 0xC0;
const VERSION: u8 = 1;

/// The kind of encryption of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Not encrypted.
    Open,
    /// Encrypted with a key derived from a passphrase.
    Passphrase {
        /// The salt, which gives the same passphrase another key each time.
        salt: [u8; SALT],
        /// Number of PBKDF2 iterations.
        rounds: u32,
        /// The nonce, used only once with the key.
        nonce: [u8; NONCE],
    },
    /// Encrypted with a random key, which is handed over separately.
    Key {
        /// The nonce, used only once with the key.
        nonce: [u8; NONCE],
    },
}

/// Length of a salt in bytes.
pub const SALT: usize = 16;
/// Length of a nonce in bytes.
pub const NONCE: usize = 12;

/// A packed snapshot, encrypted or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The kind of encryption.
    pub lock: Lock,
    /// The [`fold`]ed snapshot; both parts are encrypted unless the lock is open.
    pub content: Folded,
}

impl Parcel {
    /// Packs a snapshot without encryption.
    #[must_use]
    pub fn open(snapshot: &Snapshot) -> Self {
        Self {
            lock: Lock::Open,
            content: fold(snapshot),
        }
    }

    /// Formats the parcel for a link.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut body = Vec::new();
        match self.lock {
            Lock::Open => body.push(0),
            Lock::Passphrase {
                salt,
                rounds,
                nonce,
            } => {
                body.push(1);
                body.extend(salt);
                body.extend(rounds.to_be_bytes());
                body.extend(nonce);
            }
            Lock::Key { nonce } => {
                body.push(2);
                body.extend(nonce);
            }
        }
        body.extend(&self.content.base);
        let mut bytes = vec![MARK | VERSION];
        let extension = &self.content.extension;
        write_number(&mut bytes, body.len() as u64);
        if let Some(last) = bytes.last_mut().filter(|_| !extension.is_empty()) {
            // Writing the same number with one byte more marks that an extension follows.
            *last |= 0x80;
            bytes.push(0);
        }
        bytes.extend(crc32(&body).to_be_bytes());
        bytes.extend(body);
        if !extension.is_empty() {
            write_number(&mut bytes, extension.len() as u64);
            bytes.extend(crc32(extension).to_be_bytes());
            bytes.extend(extension);
        }
        to_base64(&bytes)
    }

    /// Parses a link. Characters after the end of the parcel are ignored, since people put links in brackets
    /// and before full stops.
    ///
    /// # Errors
    /// [`LinkError`] if the link cannot be read.
    pub fn from_text(text: &str) -> Result<Self, LinkError> {
        Self::read(text, MOST_CHARS)
    }

    /// Parses the parcel of a file, which may be longer than any link.
    ///
    /// # Errors
    /// [`LinkError`] if the parcel cannot be read.
    pub(super) fn from_file(text: &str) -> Result<Self, LinkError> {
        Self::read(text, 2 * MOST_BYTES)
    }

    fn read(text: &str, most: usize) -> Result<Self, LinkError> {
        if text.len() > most {
            return Err(LinkError::TooLong);
        }
        let valid = text.bytes().take_while(|byte| is_base64_letter(*byte));
        let letters = &text[..valid.count()];
        let bytes = from_base64(letters);
        let Some((first, mut rest)) = bytes.split_first() else {
            return Err(if text.is_empty() {
                LinkError::AllCutOff
            } else {
                LinkError::NotOurs
            });
        };
        if first & 0xF0 != MARK || first & 0x0F == 0 {
            return Err(LinkError::NotOurs);
        }
        let before = rest;
        let Some(length) = read_number(&mut rest) else {
            return Err(LinkError::AllCutOff);
        };
        let number = &before[..before.len() - rest.len()];
        let is_extended = number.len() > 1 && number.ends_with(&[0]);
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > most {
            return Err(LinkError::Changed);
        }
        // A character before the end that no link contains was inserted on the way.
        let cut_off = |whole_bytes: usize| {
            let whole = (whole_bytes * 4).div_ceil(3);
            match letters.len() {
                there if there >= whole => Ok(()),
                there if there < text.len() => Err(LinkError::Changed),
                there => Err(LinkError::CutOff { there, whole }),
            }
        };
        let base_ends = bytes.len() - rest.len() + CHECKSUM + length;
        cut_off(base_ends + usize::from(is_extended) * (CHECKSUM + 2))?;
        let (checksum, rest) = rest.split_at_checked(CHECKSUM).ok_or(LinkError::Changed)?;
        let body = rest.get(..length).ok_or(LinkError::Changed)?;
        if checksum != crc32(body).to_be_bytes() {
            return Err(LinkError::Changed);
        }
        let extension = match is_extended {
            true => {
                let mut rest = &rest[length..];
                let there = rest.len();
                let length = read_number(&mut rest).and_then(|length| usize::try_from(length).ok());
                let length = length.filter(|length| *length <= most);
                let length = length.ok_or(LinkError::Changed)?;
                cut_off(base_ends + there - rest.len() + CHECKSUM + length)?;
                let (checksum, rest) = rest.split_at_checked(CHECKSUM).ok_or(LinkError::Changed)?;
                let extension = rest.get(..length).ok_or(LinkError::Changed)?;
                if checksum != crc32(extension).to_be_bytes() {
                    return Err(LinkError::Changed);
                }
                extension.to_vec()
            }
            false => Vec::new(),
        };
        let parcel = Self::from_body(body, extension);
        // Every version begins with mark, length and checksum. A parcel that reads as this version, except
        // for its mark, is damaged and not newer.
        if first & 0x0F != VERSION {
            let is_ours =
                |parcel: Self| parcel.lock == Lock::Open && unfold(&parcel.content).is_ok();
            return Err(if parcel.is_some_and(is_ours) {
                LinkError::Changed
            } else {
                LinkError::Newer(first & 0x0F)
            });
        }
        parcel.ok_or(LinkError::Impossible)
    }

    fn from_body(body: &[u8], extension: Vec<u8>) -> Option<Self> {
        let (kind, rest) = body.split_first()?;
        let (lock, content) = match kind {
            0 => (Lock::Open, rest),
            1 => {
                let (salt, rest) = rest.split_first_chunk()?;
                let (rounds, rest) = rest.split_first_chunk()?;
                let (nonce, rest) = rest.split_first_chunk()?;
                let rounds = u32::from_be_bytes(*rounds);
                (
                    Lock::Passphrase {
                        salt: *salt,
                        rounds,
                        nonce: *nonce,
                    },
                    rest,
                )
            }
            2 => {
                let (nonce, rest) = rest.split_first_chunk()?;
                (Lock::Key { nonce: *nonce }, rest)
            }
            _ => return None,
        };
        Some(Self {
            lock,
            content: Folded {
                base: content.to_vec(),
                extension,
            },
        })
    }
}

const CHECKSUM: usize = 4;
