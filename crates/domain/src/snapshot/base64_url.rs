//! Base64 with the URL-safe alphabet.

use base64::alphabet;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};

/// base64url without padding. A truncated text is decoded as far as possible.
static BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn is_base64_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Encodes bytes as base64url without padding.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Decodes base64url up to the first other character, and drops the bits after the last whole byte.
#[must_use]
pub fn from_base64(text: &str) -> Vec<u8> {
    let valid = text.bytes().take_while(|byte| is_base64_letter(*byte));
    let valid = valid.count();
    // A single character after whole groups of four contains no whole byte.
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
            // The bits after the last whole byte are ignored.
            ("Zh", b"f"),
            ("Zm9vé", b"foo"),
        ] {
            assert_eq!(from_base64(text), bytes, "{text}");
        }
    }
}
