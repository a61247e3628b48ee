//! Checksums of what is stored, so that damage is noticed before it is believed.

/// CRC-32 as in zip and PNG.
///
/// Our own: the usual crate carries 16 kB of tables that do not compress, which is more than the
/// rest of storage weighs. This one works its table out when it is first made.
pub struct Crc32 {
    table: [u32; 256],
}

impl Default for Crc32 {
    fn default() -> Self {
        let mut table = [0; 256];
        for (byte, entry) in (0_u32..).zip(&mut table) {
            let mut crc = byte;
            for _ in 0..8 {
                crc = if crc & 1 == 1 {
                    crc >> 1 ^ 0xEDB8_8320
                } else {
                    crc >> 1
                };
            }
            *entry = crc;
        }
        Self { table }
    }
}

/// How many characters a checksum takes when written out.
pub const LENGTH: usize = 8;

impl Crc32 {
    /// The checksum of `text`.
    #[must_use]
    pub fn of(&self, text: &str) -> u32 {
        let crc = text.bytes().fold(u32::MAX, |crc, byte| {
            crc >> 8 ^ self.table[usize::from(crc as u8 ^ byte)]
        });
        !crc
    }

    /// `text` with its checksum before it, in 8 hexadecimal digits.
    #[must_use]
    pub fn seal(&self, text: &str) -> String {
        format!("{:08x}{text}", self.of(text))
    }

    /// What was sealed, if it still is what it was.
    #[must_use]
    pub fn unseal<'a>(&self, sealed: &'a str) -> Option<&'a str> {
        let (checksum, text) = sealed.split_at_checked(LENGTH)?;
        let is_whole = checksum
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
            && u32::from_str_radix(checksum, 16) == Ok(self.of(text));
        is_whole.then_some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_usual_crc_32() {
        let crc = Crc32::default();
        for (text, expected) in [("", 0), ("123456789", 0xCBF4_3926), ("é", 0x0E04_8D3E)] {
            assert_eq!(crc.of(text), expected, "{text}");
        }
    }

    #[test]
    fn what_was_sealed_comes_back_and_what_was_altered_does_not() {
        let crc = Crc32::default();
        let sealed = crc.seal("{\"a\":\"ü\"}");
        assert_eq!(crc.unseal(&sealed), Some("{\"a\":\"ü\"}"));
        for altered in [
            "",
            "0000000",
            "ü0000000",
            &sealed[..sealed.len() - 1],
            &sealed.to_uppercase(),
            &sealed.replace('a', "b"),
            &format!("+{}", &sealed[1..]),
        ] {
            assert_eq!(crc.unseal(altered), None, "{altered}");
        }
    }
}
