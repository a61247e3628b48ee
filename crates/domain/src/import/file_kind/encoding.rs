//! Encodings: decodes the bytes of a file to text.

use super::binary::packed;
use super::{FileKind, kind};
use crate::{t, translatable};

/// An encoding that the person may choose for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, little-endian.
    Utf16Le,
    /// UTF-16, big-endian.
    Utf16Be,
    /// Windows-1252, Western European.
    Windows1252,
}

impl Encoding {
    /// Returns the label in the Encoding Standard.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Returns the name used by spreadsheet programs and editors.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16Le => "UTF-16",
            Self::Utf16Be => t!("UTF-16 (big-endian)"),
            Self::Windows1252 => t!("Windows-1252 (Western European)"),
        }
    }
}

/// The reason why bytes are not decoded automatically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// The bytes are of a known kind that is not text.
    Kind(FileKind),
    /// The bytes are UTF-8 and end within a character. Holds the text before that.
    CutOff(String),
    /// The bytes are not UTF-8, and the encoding must be chosen. Holds the candidates, likeliest first.
    Encoding(Vec<Encoding>),
}

/// Decodes a file as UTF-8.
///
/// # Errors
/// [`TextError`] if it is not UTF-8. No character is ever replaced.
pub fn text_of(bytes: &[u8]) -> Result<String, TextError> {
    if let Some(kind) = packed(bytes) {
        return Err(TextError::Kind(kind));
    }
    if let Some(encodings) = utf16(bytes) {
        return Err(TextError::Encoding(encodings));
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    if holds_no_text(bytes) {
        let kind = kind(
            translatable!("a file that is no text"),
            translatable!("Choose another one."),
        );
        return Err(TextError::Kind(kind));
    }
    let before = &bytes[..error.valid_up_to()];
    // A single accented letter at the end of ASCII text is more likely in another encoding.
    let is_utf8 = !before.is_ascii() || before.trim_ascii_start().starts_with(b"{");
    if error.error_len().is_none() && is_utf8 {
        return Err(TextError::CutOff(String::from_utf8_lossy(before).into()));
    }
    Err(TextError::Encoding(vec![
        Encoding::Windows1252,
        Encoding::Utf16Le,
    ]))
}

/// Recognizes UTF-16 by its byte-order mark, or by every second byte being zero, as in Western texts.
fn utf16(bytes: &[u8]) -> Option<Vec<Encoding>> {
    let order = match bytes {
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => {
            let looked_at = &bytes[..bytes.len().min(4_096)];
            let zeros = |parity: usize| {
                let places = looked_at.iter().skip(parity).step_by(2);
                places.filter(|byte| **byte == 0).count()
            };
            let (even, odd, half) = (zeros(0), zeros(1), looked_at.len() / 2);
            match half {
                0..4 => None,
                _ if odd * 2 > half && even * 20 < half => Some(Encoding::Utf16Le),
                _ if even * 2 > half && odd * 20 < half => Some(Encoding::Utf16Be),
                _ => None,
            }
        }
    };
    let order = order?;
    Some(vec![order, Encoding::Windows1252])
}

/// Returns whether there are control characters that do not occur in text.
fn holds_no_text(bytes: &[u8]) -> bool {
    let looked_at = &bytes[..bytes.len().min(4_096)];
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31);
    looked_at.iter().filter(is_control).count() * 100 > looked_at.len()
}
