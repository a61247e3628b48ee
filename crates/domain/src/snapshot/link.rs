//! A snapshot as the fragment of an address: everything is in the link, and nothing on a server.
//!
//! A parcel is a mark with the version, how it is locked, how long it is, a checksum, and the
//! content; in base64 with the letters that addresses take. What was cut off, altered or made by a
//! newer version is told apart, and nothing of it is shown.

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};
use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::Snapshot;
use super::pack::{Packed, pack, read_number, unpack, write_number};
use crate::checksum::crc32;

/// The longest link that is read, in characters.
pub const MOST_CHARS: usize = 64 * 1024;
/// The most that a link unfolds to, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// Where links survive up to which length, as has been reported, shortest first.
pub const SURVIVES: &[(&str, usize)] = &[
    ("Discord", 2_000),
    ("Teams", 2_048),
    ("Slack", 4_000),
    ("Telegram", 4_096),
    ("the address bar of Chromium", 32_779),
    ("the history of Firefox", 65_536),
];

/// The upper half of the first byte of every parcel; the lower half is the version.
const MARK: u8 = 0xC0;
const VERSION: u8 = 1;

/// Words and phrases that boards are likely to hold, so that links need not spell them out. Part of
/// version 1 for good: another text needs another version.
const DICTIONARY: &str = include_str!("dictionary.txt");

/// How a parcel is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Not at all.
    Open,
    /// With a key worked out from a passphrase.
    Passphrase {
        /// Makes the same passphrase another key each time.
        salt: [u8; SALT],
        /// How often PBKDF2 goes round.
        rounds: u32,
        /// Used once with the key.
        nonce: [u8; NONCE],
    },
    /// With a random key, handed over beside it.
    Key {
        /// Used once with the key.
        nonce: [u8; NONCE],
    },
}

/// How long a salt is, in bytes.
pub const SALT: usize = 16;
/// How long a nonce is, in bytes.
pub const NONCE: usize = 12;

/// A snapshot on its way, locked or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// How it is locked.
    pub lock: Lock,
    /// What is in it: [`fold`]ed, and encrypted unless the lock is open.
    pub content: Vec<u8>,
}

/// Why a text is no link to a snapshot, or none any more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// It does not begin as one.
    #[error(
        "This is no link to a snapshot, or its beginning is missing. Please copy the whole link again."
    )]
    NotOurs,
    /// Its end is missing.
    #[error(
        "This link was cut off: {there} of {whole} characters arrived. Ask for it again, best as a file: some programs shorten long links."
    )]
    CutOff {
        /// How many characters arrived.
        there: usize,
        /// How many there were.
        whole: usize,
    },
    /// It is so short that one cannot say how long it was.
    #[error(
        "This link was cut off near its beginning. Ask for it again, best as a file: some programs shorten long links."
    )]
    AllCutOff,
    /// It is whole, but not as it was made.
    #[error(
        "This link was changed on its way: some character is another one. Ask for it again, best as a file."
    )]
    Changed,
    /// It was made by a newer version of the app.
    #[error(
        "This snapshot was made by a newer version of Cruxboard (link format {0}). Reload the page to get the newest version, or ask for it as an HTML page, which needs none."
    )]
    Newer(u8),
    /// It is longer than links can be.
    #[error("This link is longer than any snapshot's: {MOST_CHARS} characters are the most.")]
    TooLong,
    /// It claims to be what nobody could have made.
    #[error("This link is no snapshot that Cruxboard could have made. Nothing of it is shown.")]
    Impossible,
}

/// A snapshot as bytes, as short as they get.
#[must_use]
pub fn fold(snapshot: &Snapshot) -> Vec<u8> {
    let packed = pack(snapshot);
    let mut folded = Vec::new();
    write_number(&mut folded, packed.numbers.len() as u64);
    write_number(&mut folded, packed.texts.len() as u64);
    // Apart, since numbers and texts are made of quite different bytes.
    squeeze(&packed.numbers, "", &mut folded);
    squeeze(&packed.texts, DICTIONARY, &mut folded);
    folded
}

fn squeeze(bytes: &[u8], dictionary: &str, out: &mut Vec<u8>) {
    // Raw deflate, with as much effort as there is.
    let flags = create_comp_flags_from_zip_params(10, -15, 0);
    let mut compressor = CompressorOxide::new(flags);
    if !dictionary.is_empty() {
        // What it comes to is thrown away: the reader begins with the dictionary too.
        compress_to_output(
            &mut compressor,
            dictionary.as_bytes(),
            TDEFLFlush::Sync,
            |_| true,
        );
    }
    compress_to_output(&mut compressor, bytes, TDEFLFlush::Finish, |part| {
        out.extend_from_slice(part);
        true
    });
}

/// What was folded.
///
/// # Errors
/// [`LinkError::Impossible`] when it was not, or unfolds to more than [`MOST_BYTES`].
pub fn unfold(folded: &[u8]) -> Result<Snapshot, LinkError> {
    unpacked(folded)
        .and_then(|packed| unpack(&packed))
        .ok_or(LinkError::Impossible)
}

/// The bytes that were folded, for who wants to see what is in them.
///
/// # Errors
/// [`LinkError::Impossible`] when nothing was.
pub fn bytes_of(folded: &[u8]) -> Result<Vec<u8>, LinkError> {
    let packed = unpacked(folded).ok_or(LinkError::Impossible)?;
    Ok([packed.numbers, packed.texts].concat())
}

fn unpacked(mut folded: &[u8]) -> Option<Packed> {
    let numbers = usize::try_from(read_number(&mut folded)?).ok()?;
    let texts = usize::try_from(read_number(&mut folded)?).ok()?;
    if numbers.checked_add(texts)? > MOST_BYTES {
        return None;
    }
    let numbers = stretched(&mut folded, "", numbers)?;
    let texts = stretched(&mut folded, DICTIONARY, texts)?;
    folded.is_empty().then_some(Packed { numbers, texts })
}

/// Takes what was squeezed out of `length` bytes off the front.
fn stretched(squeezed: &mut &[u8], dictionary: &str, length: usize) -> Option<Vec<u8>> {
    let start = dictionary.len();
    let mut out = dictionary.as_bytes().to_vec();
    out.resize(start + length, 0);
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut decompressor = DecompressorOxide::new();
    let (status, read, written) = decompress(&mut decompressor, squeezed, &mut out, start, flags);
    *squeezed = squeezed.get(read..)?;
    (status == TINFLStatus::Done && written == length).then(|| out.split_off(start))
}

impl Parcel {
    /// A snapshot that anybody can open.
    #[must_use]
    pub fn open(snapshot: &Snapshot) -> Self {
        Self {
            lock: Lock::Open,
            content: fold(snapshot),
        }
    }

    /// As a link holds it.
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
        body.extend(&self.content);
        let mut bytes = vec![MARK | VERSION];
        write_number(&mut bytes, body.len() as u64);
        bytes.extend(crc32(&body).to_be_bytes());
        bytes.extend(body);
        to_base64(&bytes)
    }

    /// Reads what a link holds. What follows the end of the parcel is passed over: people put links
    /// in brackets and before full stops.
    ///
    /// # Errors
    /// [`LinkError`] says what is wrong with it.
    pub fn from_text(text: &str) -> Result<Self, LinkError> {
        Self::read(text, MOST_CHARS)
    }

    /// Reads what a file holds, which may be longer than any link.
    ///
    /// # Errors
    /// [`LinkError`] says what is wrong with it.
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
        let Some(length) = read_number(&mut rest) else {
            return Err(LinkError::AllCutOff);
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > most {
            return Err(LinkError::Changed);
        }
        let whole_bytes = bytes.len() - rest.len() + CHECKSUM + length;
        let whole = (whole_bytes * 4).div_ceil(3);
        if letters.len() < whole {
            // A letter that no link has, before the end, was put in on the way.
            return Err(if letters.len() < text.len() {
                LinkError::Changed
            } else {
                LinkError::CutOff {
                    there: text.len(),
                    whole,
                }
            });
        }
        let (checksum, rest) = rest.split_at_checked(CHECKSUM).ok_or(LinkError::Changed)?;
        let body = rest.get(..length).ok_or(LinkError::Changed)?;
        if checksum != crc32(body).to_be_bytes() {
            return Err(LinkError::Changed);
        }
        let parcel = Self::from_body(body);
        // Every version begins with mark, length and checksum. What reads as this version, but for its
        // mark, is damaged and not newer.
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

    fn from_body(body: &[u8]) -> Option<Self> {
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
            content: content.to_vec(),
        })
    }
}

const CHECKSUM: usize = 4;

/// base64url without padding. A text that was cut off decodes as far as it goes.
static BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

fn is_base64_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Encodes bytes as base64url without padding.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Decodes base64url up to the first character that is none, and drops the bits after the last whole byte.
#[must_use]
pub fn from_base64(text: &str) -> Vec<u8> {
    let valid = text.bytes().take_while(|byte| is_base64_letter(*byte));
    let valid = valid.count();
    // A single letter after whole groups of four holds no whole byte.
    let whole = valid - usize::from(valid % 4 == 1);
    BASE64.decode(&text[..whole]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_one_of_addresses() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"\xfb\xff\xfe", "-__-"),
        ] {
            assert_eq!(to_base64(bytes), text);
            assert_eq!(from_base64(text), bytes);
        }
    }

    #[test]
    fn base64_is_read_up_to_what_is_none_and_as_far_as_it_goes() {
        for (text, bytes) in [
            ("Zg==", &b"f"[..]),
            ("Zm9v).", b"foo"),
            ("Zm9vZ", b"foo"),
            ("Z", b""),
            ("", b""),
            // The bits after the last whole byte are not looked at.
            ("Zh", b"f"),
            ("Zm9vé", b"foo"),
        ] {
            assert_eq!(from_base64(text), bytes, "{text}");
        }
    }
}
