//! Bearer tokens, their rights and their secrets.

use std::{
    fmt,
    time::{SystemTime, UNIX_EPOCH},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use cruxboard_domain::{BoardId, Millis};
use sha2::{Digest as _, Sha256};

/// The secret text of a token. It exists in memory only; the store keeps its hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The SHA-256 hash of a secret, which is what the store keeps.
///
/// A secret has 192 random bits, so a slow hash is not needed. A lookup by equality leaks no timing that
/// helps to guess, since a caller cannot choose hashes.
pub type SecretHash = [u8; 32];

/// The operating system returned no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system returned no random bytes: {0}")]
pub struct RandomnessError(getrandom::Error);

/// The rights of a token. Each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rights {
    Read,
    Write,
    Admin,
}

/// A token as it is stored and listed, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// A short id for lists and for revoking; not secret.
    pub id: String,
    pub rights: Rights,
    /// The one board that it is for; `None` means all boards.
    pub board: Option<BoardId>,
    /// A note: the person or purpose that it was made for.
    pub note: String,
    /// The id of the token that it was made with; revoked together with that one.
    pub made_by: Option<String>,
    /// Unix seconds, like the following times.
    pub made_at: i64,
    pub expires_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

impl Secret {
    /// Generates a secret of 24 random bytes.
    ///
    /// # Errors
    /// When the operating system returns no random bytes.
    pub fn random() -> Result<Self, RandomnessError> {
        let mut bytes = [0; 24];
        getrandom::fill(&mut bytes).map_err(RandomnessError)?;
        Ok(Self(BASE64.encode(bytes)))
    }

    /// Wraps the text that a request sent, which may be anything.
    pub fn from_request(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the hash that the store keeps.
    pub fn hash(&self) -> SecretHash {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Returns the text itself, to be shown once.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Omits the secret, so that no log or message shows it.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Generates a name of `BYTES` random bytes in hex, for ids that are not secret.
///
/// # Errors
/// When the operating system returns no random bytes.
pub fn random_name<const BYTES: usize>() -> Result<String, RandomnessError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(RandomnessError)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Generates an unguessable id of 120 random bits, short enough for a link.
///
/// # Errors
/// When the operating system returns no random bytes.
pub fn random_id() -> Result<String, RandomnessError> {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).map_err(RandomnessError)?;
    Ok(BASE64.encode(bytes))
}

impl Rights {
    /// Returns the name that is stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// Returns the rights with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin]
            .into_iter()
            .find(|rights| rights.name() == name)
    }
}

impl Token {
    /// Returns whether the token is neither revoked nor expired at `now`, in Unix seconds.
    pub fn is_valid(&self, now: i64) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Returns whether the token allows reading the board.
    pub fn may_read(&self, board: BoardId) -> bool {
        self.board.is_none_or(|own| own == board)
    }

    /// Returns whether the token allows writing to the board.
    pub fn may_write(&self, board: BoardId) -> bool {
        self.rights >= Rights::Write && self.may_read(board)
    }

    /// Returns whether the token allows creating the board.
    ///
    /// Creating takes an admin token, or a write token for just this board. A write token for all boards is
    /// not enough: its holder could fill the store with new boards.
    pub fn may_create(&self, board: BoardId) -> bool {
        self.rights == Rights::Admin && self.may_read(board)
            || self.rights == Rights::Write && self.board == Some(board)
    }
}

/// Returns the current time.
pub fn now_millis() -> Millis {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Millis(0) + now.unwrap_or_default()
}

/// Returns the current time in Unix seconds.
pub fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    // A clock before 1970 is not set; then nothing has expired.
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use cruxboard_domain::ChangeId;

    use super::*;

    fn token(rights: Rights, board: Option<BoardId>) -> Token {
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
    fn a_secret_has_only_letters_that_are_valid_in_addresses_and_headers() {
        let (one, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_eq!(one.reveal().len(), 32);
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        assert!(one.reveal().bytes().all(is_valid));
        assert_ne!(one, other);
    }

    #[test]
    fn a_secret_does_not_show_in_messages() {
        let secret = Secret::from_request("open sesame");
        assert!(!format!("{secret:?}").contains("sesame"));
    }

    #[test]
    fn rights_say_who_may_read_write_and_create() {
        let (one, other) = (BoardId(ChangeId::MIN), BoardId(ChangeId::MAX));
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
