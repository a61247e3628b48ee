//! Answers of blind rounds that are not revealed yet. They are stored before their seal enters the
//! log.

use cruxboard_domain::BoardId;
use cruxboard_domain::record::{PersonId, RoundId};
use js_sys::Array;
use wasm_bindgen::JsCast;

use super::request::{Access, answer, completion};
use super::{Journal, META, StorageProblem, key, put};
use crate::clock;

impl Journal {
    /// Stores a person's sealed answers beside the earlier ones, which count until the new seal is
    /// in the log. The answers are safe when this returns.
    ///
    /// # Errors
    /// [`StorageProblem`] if the answers were not stored.
    pub async fn keep_sealed(
        &self,
        board: BoardId,
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

    /// Returns the sealed answers of a board, for each person the earliest first.
    ///
    /// # Errors
    /// [`StorageProblem`] if they could not be read.
    pub async fn sealed(
        &self,
        board: BoardId,
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

    /// Deletes a person's sealed answers of a round, once they are revealed.
    ///
    /// # Errors
    /// [`StorageProblem`] if the answers are still there.
    pub async fn let_go_of_sealed(
        &self,
        board: BoardId,
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
