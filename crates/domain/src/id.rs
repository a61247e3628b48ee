//! Ids of changes, and the hybrid logical clock that makes them.

use core::time::Duration;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::date::Millis;
use crate::t;

const COUNTER_BITS: u32 = 20;
const REPLICA_BITS: u32 = 60;
const SESSION_BITS: u32 = 28;
const LAST_MILLIS: u64 = (1 << 48) - 1;
/// The end of the year 9999.
const LAST_FOLLOWED: Millis = Millis(253_402_300_799_999);

/// A hybrid logical clock reading that is also the id of the change that carries it.
///
/// From the top: 48 bits of [`Millis`], 20 bits of counter, 60 bits of [`Replica`]; so the order of ids is
/// time, then counter, then replica. Written as a ULID (26 characters of Crockford's base 32), whose text
/// sorts as the id does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ChangeId(u128);

impl ChangeId {
    /// An id that is less than any id made by a clock.
    pub const MIN: Self = Self(0);
    /// An id that is greater than any id made by a clock.
    pub const MAX: Self = Self(u128::MAX);
    /// The latest id that clocks follow. A later one cannot come from a working clock, and a clock that
    /// followed it would run out of later ids.
    pub const LAST_FOLLOWED: Self = Self(((LAST_FOLLOWED.0 as u128 + 1) << 80) - 1);

    /// Returns the id for `millis` (48 bits), `counter` (20 bits) and `replica`; higher bits are dropped.
    #[must_use]
    pub const fn new(millis: Millis, counter: u32, replica: Replica) -> Self {
        let time = (millis.0 & LAST_MILLIS) as u128;
        let counter = (counter & ((1 << COUNTER_BITS) - 1)) as u128;
        Self(time << 80 | counter << REPLICA_BITS | replica.0 as u128)
    }

    /// Returns its moment: the wall clock of the device, or later.
    #[must_use]
    pub const fn millis(self) -> Millis {
        Millis((self.0 >> 80) as u64)
    }

    /// Returns its position among the ids of one millisecond.
    #[must_use]
    pub const fn counter(self) -> u32 {
        (self.0 >> REPLICA_BITS) as u32 & ((1 << COUNTER_BITS) - 1)
    }

    /// XORs the two 64-bit halves. Used to pick the boundaries of digest pages.
    pub(crate) const fn folded(self) -> u64 {
        self.0 as u64 ^ (self.0 >> 64) as u64
    }

    /// Returns the replica that made it.
    #[must_use]
    pub const fn replica(self) -> Replica {
        Replica(self.0 as u64 & ((1 << REPLICA_BITS) - 1))
    }
}

/// One running copy of the app: 32 bits for the device, 28 for the tab session, so that two tabs of one
/// device never make the same id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Replica(u64);

impl Replica {
    /// Creates the replica of a `session` (28 bits are kept) on a `device`.
    #[must_use]
    pub const fn new(device: u32, session: u32) -> Self {
        Self((device as u64) << SESSION_BITS | (session as u64 & ((1 << SESSION_BITS) - 1)))
    }

    /// Returns the device, the same for all its tabs.
    #[must_use]
    pub const fn device(self) -> u32 {
        (self.0 >> SESSION_BITS) as u32
    }
}

/// A hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): it follows the wall clock while
/// that advances, and counts while the wall clock stands still or runs backwards.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    replica: Replica,
    last: ChangeId,
}

impl Clock {
    /// Creates a clock that has seen no id yet.
    #[must_use]
    pub const fn new(replica: Replica) -> Self {
        Self {
            replica,
            last: ChangeId::MIN,
        }
    }

    /// Returns the next id: greater than every id that this clock made or observed, whatever `now` is.
    pub fn tick(&mut self, now: Millis) -> ChangeId {
        let now = now.min(LAST_FOLLOWED);
        let (millis, counter) = if now > self.last.millis() {
            (now, 0)
        } else if self.last.counter() + 1 < 1 << COUNTER_BITS {
            (self.last.millis(), self.last.counter() + 1)
        } else {
            (self.last.millis() + Duration::from_millis(1), 0)
        };
        self.last = ChangeId::new(millis, counter, self.replica);
        self.last
    }

    /// Observes an id from elsewhere. The next ids are greater than it.
    pub fn observe(&mut self, seen: ChangeId) {
        if seen <= ChangeId::LAST_FOLLOWED {
            self.last = self.last.max(seen);
        }
    }

    /// Returns the replica that this clock makes ids for.
    #[must_use]
    pub const fn replica(&self) -> Replica {
        self.replica
    }
}

/// The text is not an id, which has 26 characters of Crockford's base 32.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", t!("not an id: it takes 26 letters and digits"))]
pub struct ChangeIdError;

/// Crockford's base 32: without I, L, O and U, which are mistaken for other characters.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TEXT_LENGTH: usize = 26;

impl FromStr for ChangeId {
    type Err = ChangeIdError;

    /// Parses only the spelling that [`fmt::Display`] writes: two texts for one id would be two keys in
    /// storage.
    fn from_str(text: &str) -> Result<Self, ChangeIdError> {
        let is_whole = text.len() == TEXT_LENGTH && text.as_bytes()[0] <= b'7';
        let mut value = 0_u128;
        for byte in text.bytes().filter(|_| is_whole) {
            let digit = ALPHABET.iter().position(|letter| *letter == byte);
            value = value << 5 | digit.ok_or(ChangeIdError)? as u128;
        }
        if is_whole {
            Ok(Self(value))
        } else {
            Err(ChangeIdError)
        }
    }
}

impl ChangeId {
    fn with_text<T>(self, use_text: impl FnOnce(&str) -> T) -> T {
        let mut text = [0; TEXT_LENGTH];
        for (place, letter) in text.iter_mut().rev().enumerate() {
            *letter = ALPHABET[(self.0 >> (5 * place)) as usize & 31];
        }
        // All characters are ASCII, so the conversion cannot fail.
        use_text(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.pad(text))
    }
}

impl fmt::Debug for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for ChangeId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

impl<'de> Deserialize<'de> for ChangeId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = ChangeId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 26 letters and digits")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<ChangeId, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Replica = Replica::new(7, 1);

    #[test]
    fn the_parts_of_an_id_come_back() {
        let id = ChangeId::new(Millis(1_795_429_733_409), 70_000, Replica::new(u32::MAX, 5));
        assert_eq!(id.millis(), Millis(1_795_429_733_409));
        assert_eq!(id.counter(), 70_000);
        assert_eq!(id.replica(), Replica::new(u32::MAX, 5));
        assert_eq!(id.replica().device(), u32::MAX);
    }

    #[test]
    fn text_sorts_as_ids_do_and_has_one_spelling() {
        let mut clock = Clock::new(HERE);
        let ids: Vec<ChangeId> = [5, 5, 900, 3, 1_795_429_733_409]
            .map(|now| clock.tick(Millis(now)))
            .to_vec();
        let mut texts: Vec<String> = ids.iter().map(ChangeId::to_string).collect();
        texts.sort();
        assert_eq!(
            texts,
            ids.iter().map(ChangeId::to_string).collect::<Vec<_>>()
        );
        assert_eq!(texts[4].parse(), Ok(ids[4]));
        assert_eq!(
            texts[4].to_lowercase().parse::<ChangeId>(),
            Err(ChangeIdError)
        );
        for wrong in [
            "",
            "01",
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "é",
            "01KAAAAAAAAAAAAAAAAAAAAAA\u{0}",
        ] {
            assert_eq!(wrong.parse::<ChangeId>(), Err(ChangeIdError), "{wrong:?}");
        }
    }

    #[test]
    fn a_clock_that_runs_backwards_still_makes_later_ids() {
        let ten_years = 10 * 365 * 86_400_000;
        let now = 1_795_429_733_409;
        let mut clock = Clock::new(HERE);
        let mut last = ChangeId::MIN;
        for reading in [
            now,
            now - 1,
            now - ten_years,
            now + ten_years,
            now,
            0,
            u64::MAX,
        ] {
            let id = clock.tick(Millis(reading));
            assert!(id > last, "{reading}");
            last = id;
        }
    }

    #[test]
    fn an_id_seen_from_a_clock_ahead_is_followed_not_refused() {
        let mut clock = Clock::new(HERE);
        let seen = ChangeId::new(Millis(5_000), 3, Replica::new(9, 9));
        clock.observe(seen);
        assert!(clock.tick(Millis(10)) > seen);
    }

    #[test]
    fn a_full_counter_runs_over_into_the_next_millisecond() {
        let mut clock = Clock::new(HERE);
        clock.observe(ChangeId::new(Millis(5), (1 << COUNTER_BITS) - 1, HERE));
        let next = clock.tick(Millis(5));
        assert_eq!((next.millis(), next.counter()), (Millis(6), 0));
    }
}
