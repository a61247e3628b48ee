//! CRC-32 as in zip and PNG, to detect damage.

use crc::{CRC_32_ISO_HDLC, Crc};

/// Number of characters that [`seal`] puts before a text.
pub const SEAL_LENGTH: usize = 8;

static CRC_32: Crc<u32> = Crc::<u32>::new(&CRC_32_ISO_HDLC);

/// Returns the CRC-32 of these bytes.
#[must_use]
pub fn crc32(bytes: &[u8]) -> u32 {
    CRC_32.checksum(bytes)
}

/// Puts the checksum of a text before it, as 8 hexadecimal digits.
#[must_use]
pub fn seal(text: &str) -> String {
    format!("{:08x}{text}", crc32(text.as_bytes()))
}

/// Returns the text that was sealed. `None` if the text or the checksum has changed.
#[must_use]
pub fn unseal(sealed: &str) -> Option<&str> {
    let (checksum, text) = sealed.split_at_checked(SEAL_LENGTH)?;
    let is_whole = checksum
        .bytes()
        .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        && u32::from_str_radix(checksum, 16) == Ok(crc32(text.as_bytes()));
    is_whole.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_usual_crc_32() {
        for (text, expected) in [("", 0), ("123456789", 0xCBF4_3926), ("é", 0x0E04_8D3E)] {
            assert_eq!(crc32(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_sealed_text_comes_back_and_an_altered_one_does_not() {
        let sealed = seal("{\"a\":\"ü\"}");
        assert_eq!(unseal(&sealed), Some("{\"a\":\"ü\"}"));
        for altered in [
            "",
            "0000000",
            "ü0000000",
            &sealed[..sealed.len() - 1],
            &sealed.to_uppercase(),
            &sealed.replace('a', "b"),
            &format!("+{}", &sealed[1..]),
        ] {
            assert_eq!(unseal(altered), None, "{altered}");
        }
    }
}
