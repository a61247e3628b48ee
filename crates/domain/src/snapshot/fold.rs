//! A snapshot as compressed bytes.

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, compress_to_output, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::Snapshot;
use super::extension::{base_of, extend, extension_of};
use super::link_error::LinkError;
use super::pack::{Packed, pack};
use super::unpack::unpack;
use super::varint::{read_number, write_number};

/// Words and phrases that are likely in boards, so that links need not contain them. Part of version 1 for
/// good: another text needs another version.
const DICTIONARY: &str = include_str!("dictionary.txt");

/// Maximum size of an unpacked link, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// A snapshot as compressed bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The parts that version 1 of links stores.
    pub base: Vec<u8>,
    /// The parts added since, which other readers of version 1 ignore; empty for none.
    pub extension: Vec<u8>,
}

impl From<Vec<u8>> for Folded {
    /// Creates the value without an extension.
    fn from(base: Vec<u8>) -> Self {
        Self {
            base,
            extension: Vec::new(),
        }
    }
}

/// Packs a snapshot into as few bytes as possible.
#[must_use]
pub fn fold(snapshot: &Snapshot) -> Folded {
    let packed = pack(&base_of(snapshot));
    let mut base = Vec::new();
    write_number(&mut base, packed.numbers.len() as u64);
    write_number(&mut base, packed.texts.len() as u64);
    // Compressed separately, since numbers and texts have different statistics.
    squeeze(&packed.numbers, "", &mut base);
    squeeze(&packed.texts, DICTIONARY, &mut base);
    let mut extension = Vec::new();
    if let Some(json) = extension_of(snapshot) {
        write_number(&mut extension, json.len() as u64);
        squeeze(json.as_bytes(), DICTIONARY, &mut extension);
    }
    Folded { base, extension }
}

fn squeeze(bytes: &[u8], dictionary: &str, out: &mut Vec<u8>) {
    // Raw deflate with maximum effort.
    let flags = create_comp_flags_from_zip_params(10, -15, 0);
    let mut compressor = CompressorOxide::new(flags);
    if !dictionary.is_empty() {
        // The output is discarded: the reader starts with the same dictionary.
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

/// Unpacks a snapshot.
///
/// # Errors
/// [`LinkError::Impossible`] if the bytes were not packed by [`fold`], or unpack to more than [`MOST_BYTES`].
pub fn unfold(folded: &Folded) -> Result<Snapshot, LinkError> {
    let packed = unpacked(&folded.base).ok_or(LinkError::Impossible)?;
    let mut snapshot = unpack(&packed).ok_or(LinkError::Impossible)?;
    if !folded.extension.is_empty() {
        let json = stretched_extension(&folded.extension).ok_or(LinkError::Impossible)?;
        extend(&mut snapshot, &json).ok_or(LinkError::Impossible)?;
    }
    Ok(snapshot)
}

/// Unpacks the bytes without parsing them, to inspect them.
///
/// # Errors
/// [`LinkError::Impossible`] if the bytes were not packed by [`fold`].
pub fn bytes_of(folded: &Folded) -> Result<Vec<u8>, LinkError> {
    let packed = unpacked(&folded.base).ok_or(LinkError::Impossible)?;
    let extension = match folded.extension.is_empty() {
        true => String::new(),
        false => stretched_extension(&folded.extension).ok_or(LinkError::Impossible)?,
    };
    Ok([packed.numbers, packed.texts, extension.into_bytes()].concat())
}

fn stretched_extension(mut squeezed: &[u8]) -> Option<String> {
    let length = usize::try_from(read_number(&mut squeezed)?).ok()?;
    if length > MOST_BYTES {
        return None;
    }
    let json = stretched(&mut squeezed, DICTIONARY, length)?;
    String::from_utf8(json).ok().filter(|_| squeezed.is_empty())
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

/// Decompresses `length` bytes from the front of a text.
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
