//! Answers of blind rounds that are not published yet: safe before anybody learns that they exist.

use cruxboard_domain::ChangeId;
use cruxboard_domain::record::{PersonId, RoundId};
use js_sys::Array;
use wasm_bindgen::JsCast;

use super::request::{Access, answer, completion};
use super::{Journal, META, StorageProblem, key, put};
use crate::edge::clock;

impl Journal {
    /// Keeps what somebody sealed, beside what they had sealed before: until the new seal is in the
    /// log, the one before it counts. It is safe when this returns.
    ///
    /// # Errors
    /// [`StorageProblem`] when it was not stored.
    pub async fn keep_sealed(
        &self,
        board: ChangeId,
        round: RoundId,
        person: PersonId,
        text: &str,
    ) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Write).await?;
        let complete = completion(&transaction);
        let key = key::sealed(board, round, person, clock::now_millis());
        put(&transaction.object_store(META)?, &key, text)?;
        complete.await
    }

    /// All that is kept of a board, for each person the earliest first.
    ///
    /// # Errors
    /// [`StorageProblem`] when it could not be read.
    pub async fn sealed(
        &self,
        board: ChangeId,
    ) -> Result<Vec<(RoundId, PersonId, String)>, StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Read).await?;
        let meta = transaction.object_store(META)?;
        let range = key::all_sealed(board)?;
        let keys = meta.get_all_keys_with_key(&range)?;
        let values = meta.get_all_with_key(&range)?;
        let keys: Array = answer(keys).await?.unchecked_into();
        let values: Array = answer(values).await?.unchecked_into();
        let both = keys.iter().zip(values.iter());
        let read = both.filter_map(|(key, value)| {
            let (round, person) = key::round_and_person(&key.as_string()?)?;
            Some((round, person, value.as_string()?))
        });
        Ok(read.collect())
    }

    /// Lets go of what somebody sealed for a round, since it is published.
    ///
    /// # Errors
    /// [`StorageProblem`] when it is still there.
    pub async fn let_go_of_sealed(
        &self,
        board: ChangeId,
        round: RoundId,
        person: PersonId,
    ) -> Result<(), StorageProblem> {
        let transaction = self.connection.begin(&[META], Access::Write).await?;
        let complete = completion(&transaction);
        let range = key::sealed_by(board, round, person)?;
        transaction.object_store(META)?.delete(&range.into())?;
        complete.await
    }
}
