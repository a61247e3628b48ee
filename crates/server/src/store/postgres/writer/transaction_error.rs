//! Errors of a transaction.

use tokio_postgres::error::SqlState;

use crate::store::PostgresError;

/// The reason why a transaction failed.
pub(super) enum TransactionError {
    /// The transaction conflicted with another one, and can be retried.
    Conflict,
    Database(PostgresError),
}

impl From<tokio_postgres::Error> for TransactionError {
    fn from(error: tokio_postgres::Error) -> Self {
        let again = [
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
        ];
        if error.code().is_some_and(|code| again.contains(code)) {
            return Self::Conflict;
        }
        Self::Database(error.into())
    }
}
