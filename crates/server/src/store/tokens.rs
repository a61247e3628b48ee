//! Creates, lists and revokes tokens from the command line.

use cruxboard_domain::BoardId;

use super::{
    DatabaseUrl, OpenError, StoreError, backend::Backend as _, postgres::Database,
    sqlite::TokenFile,
};
use crate::token::{RandomnessError, Rights, Secret, Token, random_name, unix_now};

/// The tokens of a database, for the command line. A server may have the database open.
pub struct TokenStore(TokenBackend);

enum TokenBackend {
    File(TokenFile),
    Postgres(Database),
}

impl TokenStore {
    /// Opens an existing database.
    ///
    /// # Errors
    /// [`OpenError`] when there is no usable database.
    pub async fn open(database: &DatabaseUrl) -> Result<Self, OpenError> {
        Ok(Self(match database {
            DatabaseUrl::File(file) => TokenBackend::File(TokenFile::open(file)?),
            DatabaseUrl::Postgres(address) => {
                TokenBackend::Postgres(Database::open_for_command(address).await?)
            }
        }))
    }

    /// Creates a token, and returns it with its secret, which is not stored.
    ///
    /// # Errors
    /// [`StoreError`] when it is not stored.
    pub async fn make(&self, new: NewToken) -> Result<(Token, Secret), StoreError> {
        let (token, secret) = new.with_secret()?;
        match &self.0 {
            TokenBackend::File(file) => file.make(&token, &secret.hash())?,
            TokenBackend::Postgres(database) => {
                database.make_token(token.clone(), secret.hash()).await?
            }
        }
        Ok((token, secret))
    }

    /// Returns all tokens, also those revoked or expired.
    ///
    /// # Errors
    /// [`StoreError`] when the database fails.
    pub async fn all(&self) -> Result<Vec<Token>, StoreError> {
        match &self.0 {
            TokenBackend::File(file) => file.all(),
            TokenBackend::Postgres(database) => database.tokens().await,
        }
    }

    /// Revokes a token and all tokens made with it, and deletes their snapshots. `id` can be that of a user
    /// named by a proxy. False when there is no such token.
    ///
    /// # Errors
    /// [`StoreError`] when it may still be valid.
    pub async fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        match &self.0 {
            TokenBackend::File(file) => file.revoke(id),
            TokenBackend::Postgres(database) => database.revoke_token(id.to_owned()).await,
        }
    }
}

/// A token to be created.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub rights: Rights,
    pub board: Option<BoardId>,
    pub note: String,
    pub made_by: Option<String>,
    pub expires_at: Option<i64>,
}

impl NewToken {
    pub(super) fn with_secret(self) -> Result<(Token, Secret), RandomnessError> {
        let token = Token {
            id: random_name::<5>()?,
            rights: self.rights,
            board: self.board,
            note: self.note,
            made_by: self.made_by,
            made_at: unix_now(),
            expires_at: self.expires_at,
            revoked_at: None,
        };
        Ok((token, Secret::random()?))
    }
}
