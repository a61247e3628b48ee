//! Tokens: who holds one may do what it says.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use cruxboard_domain::Stamp;
use sha2::{Digest as _, Sha256};

/// The text that its holder shows. It exists in memory only; the store keeps its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What is stored of a secret. It is random enough that no slow hash is needed, and looking it up by
/// equality tells nothing, since nobody can choose a hash.
pub type SecretHash = [u8; 32];

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

/// What a token lets its holder do. Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rights {
    Read,
    Write,
    Admin,
}

/// A token as it is stored and listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// A short name for lists and revoking; no secret.
    pub id: String,
    pub rights: Rights,
    /// The one board it is for; `None`: all.
    pub board: Option<Stamp>,
    /// For whom or what it was made.
    pub note: String,
    /// The token whose holder made it; revoked with that one.
    pub made_by: Option<String>,
    /// Unix seconds, as are the following.
    pub made_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

impl Secret {
    /// A new one, of 24 random bytes.
    ///
    /// # Errors
    /// When the operating system has no randomness to give.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(NoRandomness)?;
        Ok(Self(base64url(&bytes)))
    }

    /// What a request shows. Anything may be there; only a hash that is stored opens something.
    pub fn shown(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub fn hash(&self) -> SecretHash {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// The text itself, to be handed to its holder once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Keeps a secret out of logs and messages.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A name of `bytes` random bytes, for what has to be told apart but is no secret.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_name<const BYTES: usize>() -> Result<String, NoRandomness> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A name that cannot be guessed and is short enough for a link: 120 random bits.
///
/// # Errors
/// When the operating system has no randomness to give.
pub fn random_id() -> Result<String, NoRandomness> {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(base64url(&bytes))
}

/// For whole groups of three bytes only, so nothing is ever padded.
fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let groups = bytes.chunks_exact(3).flat_map(|group| {
        let bits = group
            .iter()
            .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[bits >> shift & 63]))
    });
    groups.collect()
}

impl Rights {
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin]
            .into_iter()
            .find(|rights| rights.name() == name)
    }
}

impl Token {
    /// Whether it still opens anything.
    pub fn is_valid(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    pub fn may_read(&self, board: Stamp) -> bool {
        self.board.is_none_or(|own| own == board)
    }

    pub fn may_write(&self, board: Stamp) -> bool {
        self.rights >= Rights::Write && self.may_read(board)
    }

    /// Only an administrator, or whom one has given a token for just this board: a token that writes
    /// to all boards there are could otherwise fill the store with new ones.
    pub fn may_create(&self, board: Stamp) -> bool {
        self.rights == Rights::Admin && self.may_read(board)
            || self.rights == Rights::Write && self.board == Some(board)
    }
}

/// Unix milliseconds by this machine's clock.
pub fn now_millis() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    u64::try_from(now.unwrap_or_default().as_millis()).unwrap_or_default()
}

/// The time as tokens count it.
pub fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // Before 1970 only on a machine without a clock, where nothing has expired yet.
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(rights: Rights, board: Option<Stamp>) -> Token {
        Token {
            id: "t".into(),
            rights,
            board,
            note: String::new(),
            made_by: None,
            made_at: 0,
            expires_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_secret_is_spelled_in_letters_that_addresses_and_headers_take() {
        assert_eq!(base64url(&[0; 24]), "A".repeat(32));
        assert_eq!(base64url(&[255; 24]), "_".repeat(32));
        assert!(base64url(b"Man is distinguished....").starts_with("TWFuIGlzIGRpc3Rpbmd1aXNoZW"));
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_eq!(one.reveal().len(), 32);
        assert_ne!(one, other);
    }

    #[test]
    fn a_secret_does_not_show_in_messages() {
        let secret = Secret::shown("open sesame");
        assert!(!format!("{secret:?}").contains("sesame"));
    }

    #[test]
    fn rights_say_who_may_read_write_and_create() {
        let (one, other) = (Stamp::MIN, Stamp::MAX);
        let may = |token: Token, board| {
            (
                token.may_read(board),
                token.may_write(board),
                token.may_create(board),
            )
        };
        let cases = [
            (Rights::Read, None, one, (true, false, false)),
            (Rights::Write, None, one, (true, true, false)),
            (Rights::Admin, None, one, (true, true, true)),
            (Rights::Read, Some(one), one, (true, false, false)),
            (Rights::Write, Some(one), one, (true, true, true)),
            (Rights::Read, Some(one), other, (false, false, false)),
            (Rights::Write, Some(one), other, (false, false, false)),
            (Rights::Admin, Some(one), other, (false, false, false)),
        ];
        for (rights, of, board, expected) in cases {
            assert_eq!(may(token(rights, of), board), expected, "{rights:?} {of:?}");
        }
    }

    #[test]
    fn a_token_ends_when_it_expires_or_is_revoked() {
        let mut token = token(Rights::Read, None);
        assert!(token.is_valid(i64::MAX));
        token.expires_at = Some(100);
        assert!(token.is_valid(99));
        assert!(!token.is_valid(100));
        token.expires_at = None;
        token.revoked_at = Some(5);
        assert!(!token.is_valid(0));
    }
}
