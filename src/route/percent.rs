//! Percent-encoding.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The characters that are percent-encoded in an address within a query: all but letters, digits
/// and `-._~:/`.
const ADDRESS_IN_QUERY: &AsciiSet = &IN_QUERY.remove(b':').remove(b'/');

/// Percent-encodes all but letters, digits and `-._~`.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, IN_QUERY).to_string()
}

/// Percent-encodes an address, and leaves its slashes and colons.
pub(super) fn encode_address(text: &str) -> String {
    utf8_percent_encode(text, ADDRESS_IN_QUERY).to_string()
}

/// Decodes a part of a query, in which a plus stands for a space.
pub(super) fn decode(text: &str) -> String {
    decode_percent(&text.replace('+', " "))
}

pub(super) fn decode_percent(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
