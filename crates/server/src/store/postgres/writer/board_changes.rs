//! One board in a transaction: reads what the rules need, and writes what they decide.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    convert::Infallible,
};

use cruxboard_domain::{BoardId, ChangeId};
use futures_util::future::{try_join, try_join3, try_join4};
use tokio_postgres::{Client, Row, types::Type};

use super::transaction_error::TransactionError;
use crate::{
    store::{
        AppendOutcome, Cursor,
        append::{AppendRequest, BoardRows, LogExtent},
        postgres::{
            notifications,
            pool::Parameter,
            schema::{HAD_BOARDS, NOTE_BOARDS},
        },
        versions::ArchivedRow,
    },
    token::unix_now,
};

/// A board in a transaction: the rows read, and those to write.
#[derive(Default)]
pub(super) struct BoardChanges {
    pub(super) number: Option<i64>,
    pub(super) is_deleted: bool,
    /// First cursor of a new board.
    pub(super) begin: Cursor,
    pub(super) before: Option<LogExtent>,
    pub(super) after: Option<LogExtent>,
    pub(super) stored: HashMap<ChangeId, (Cursor, String)>,
    pub(super) to_be_erased: HashSet<ChangeId>,
    pub(super) refused: HashSet<ChangeId>,
    pub(super) written: BTreeMap<ChangeId, WrittenRow>,
    pub(super) kept: Vec<ArchivedRow>,
    pub(super) erasures: BTreeSet<ChangeId>,
    pub(super) versions: Vec<(AppendOutcome, String)>,
    pub(super) keeps_erased: bool,
}

pub(super) struct WrittenRow {
    pub(super) seq: Cursor,
    pub(super) json: String,
    /// Whether the change is new.
    pub(super) is_new: bool,
}

impl BoardChanges {
    /// Reads all rows that the rules may need.
    pub(super) async fn read(
        &mut self,
        client: &Client,
        jobs: impl Iterator<Item = &AppendRequest>,
    ) -> Result<(), tokio_postgres::Error> {
        let Some(number) = self.number else {
            return Ok(());
        };
        let mut ids = BTreeSet::new();
        for row in jobs.flat_map(|job| &job.body.rows) {
            ids.insert(row.entry.id());
            ids.extend(row.erased_ids());
        }
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let parameters: [Parameter<'_>; 2] = [(&number, Type::INT8), (&ids, Type::TEXT_ARRAY)];
        let (stored, erasures, refused) = try_join3(
            client.query_typed(
                "SELECT id, seq, json FROM cruxboard.changes WHERE board = $1 AND id = ANY($2)",
                &parameters,
            ),
            client.query_typed(
                "SELECT target FROM cruxboard.erasures WHERE board = $1 AND target = ANY($2)",
                &parameters,
            ),
            client.query_typed(
                "SELECT id FROM cruxboard.refused WHERE board = $1 AND id = ANY($2)",
                &parameters,
            ),
        )
        .await?;
        self.stored = stored
            .iter()
            .filter_map(|row| {
                let id = row.get::<_, &str>(0).parse().ok()?;
                Some((id, (row.get(1), row.get(2))))
            })
            .collect();
        let ids = |rows: &[Row]| {
            let ids = rows.iter();
            ids.filter_map(|row| row.get::<_, &str>(0).parse().ok())
                .collect()
        };
        self.to_be_erased = ids(&erasures);
        self.refused = ids(&refused);
        Ok(())
    }

    /// Writes the results of the rules.
    pub(super) async fn write(
        &mut self,
        client: &Client,
        id: BoardId,
        notifies: bool,
    ) -> Result<(), TransactionError> {
        let Some(after) = self.after.filter(|_| self.before != self.after) else {
            return Ok(());
        };
        let number = match self.number {
            Some(number) => number,
            None => self.insert_board(client, id).await?,
        };
        let now = unix_now();
        // Pipelined: the database runs the statements in this order.
        let changes = try_join(
            insert_changes(client, number, self.rows(true)),
            rewrite_changes(client, number, self.rows(false)),
        );
        let bookkeeping = try_join4(
            self.archive(client, number, now),
            self.note_erasures(client, number),
            self.note_versions(client, number, now),
            notify(client, notifies, format!("{id} {}", after.cursor)),
        );
        let update = update_board(client, number, after);
        try_join3(changes, bookkeeping, update).await?;
        Ok(())
    }

    /// Inserts the row of a new board, and returns its number.
    async fn insert_board(&self, client: &Client, id: BoardId) -> Result<i64, TransactionError> {
        let query = "INSERT INTO cruxboard.boards (id, cursor, known_from, changes, bytes)
            VALUES ($1, $2, $2, 0, 0) ON CONFLICT (id) DO NOTHING RETURNING number";
        let name = id.to_string();
        let parameters: [Parameter<'_>; 2] = [(&name, Type::TEXT), (&self.begin, Type::INT8)];
        let made = client.query_typed_opt(query, &parameters).await?;
        let noted = [(&HAD_BOARDS as _, Type::TEXT)];
        client.execute_typed(NOTE_BOARDS, &noted).await?;
        // Another server has created the board since the query, so the results may be wrong.
        let number = made.ok_or(TransactionError::Conflict)?.get(0);
        if self.begin > 0 {
            let query = "DELETE FROM cruxboard.tombstones WHERE id = $1";
            client.execute_typed(query, &[(&name, Type::TEXT)]).await?;
        }
        Ok(number)
    }

    /// Returns the new or the rewritten changes, as columns.
    fn rows(&self, is_new: bool) -> ChangeColumns<'_> {
        let mut columns = ChangeColumns::default();
        for (id, row) in self.written.iter().filter(|(_, row)| row.is_new == is_new) {
            columns.ids.push(id.to_string());
            columns.seqs.push(row.seq);
            columns.texts.push(&row.json);
        }
        columns
    }

    /// Archives the contents that were erased.
    async fn archive(
        &self,
        client: &Client,
        number: i64,
        now: i64,
    ) -> Result<(), tokio_postgres::Error> {
        if self.kept.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = self.kept.iter().map(|kept| kept.id.to_string()).collect();
        let seqs: Vec<_> = self.kept.iter().map(|kept| kept.seq).collect();
        let texts: Vec<_> = self.kept.iter().map(|kept| kept.json.as_str()).collect();
        let erased_in: Vec<_> = self.kept.iter().map(|kept| kept.erased_in).collect();
        let query = "INSERT INTO cruxboard.kept (board, erased_at, id, seq, json, erased_in)
            SELECT $1, $2, * FROM unnest($3, $4, $5, $6) ON CONFLICT DO NOTHING";
        let parameters: [Parameter<'_>; 6] = [
            (&number, Type::INT8),
            (&now, Type::INT8),
            (&ids, Type::TEXT_ARRAY),
            (&seqs, Type::INT8_ARRAY),
            (&texts, Type::TEXT_ARRAY),
            (&erased_in, Type::INT8_ARRAY),
        ];
        client.execute_typed(query, &parameters).await.map(drop)
    }

    async fn note_erasures(
        &self,
        client: &Client,
        number: i64,
    ) -> Result<(), tokio_postgres::Error> {
        if self.erasures.is_empty() {
            return Ok(());
        }
        let targets: Vec<_> = self.erasures.iter().map(ToString::to_string).collect();
        let query = "INSERT INTO cruxboard.erasures (board, target)
            SELECT $1, * FROM unnest($2) ON CONFLICT (board, target) DO NOTHING";
        let parameters: [Parameter<'_>; 2] = [(&number, Type::INT8), (&targets, Type::TEXT_ARRAY)];
        client.execute_typed(query, &parameters).await.map(drop)
    }

    async fn note_versions(
        &self,
        client: &Client,
        number: i64,
        now: i64,
    ) -> Result<(), tokio_postgres::Error> {
        let outcomes = || self.versions.iter().map(|(outcome, _)| outcome);
        let cursors: Vec<_> = outcomes().map(|outcome| outcome.cursor).collect();
        let tokens: Vec<_> = self.versions.iter().map(|(_, by)| by.as_str()).collect();
        let added: Vec<_> = outcomes().map(|outcome| outcome.added as i64).collect();
        let erased: Vec<_> = outcomes().map(|outcome| outcome.erased as i64).collect();
        let query = "INSERT INTO cruxboard.versions (board, made_at, cursor, token, added, erased)
            SELECT $1, $2, * FROM unnest($3, $4, $5, $6)";
        let parameters: [Parameter<'_>; 6] = [
            (&number, Type::INT8),
            (&now, Type::INT8),
            (&cursors, Type::INT8_ARRAY),
            (&tokens, Type::TEXT_ARRAY),
            (&added, Type::INT8_ARRAY),
            (&erased, Type::INT8_ARRAY),
        ];
        client.execute_typed(query, &parameters).await.map(drop)
    }
}

/// Changes as columns, for `unnest`.
#[derive(Default)]
struct ChangeColumns<'a> {
    ids: Vec<String>,
    seqs: Vec<Cursor>,
    texts: Vec<&'a str>,
}

impl ChangeColumns<'_> {
    /// Runs a query with the board's number and these columns, unless there are no rows.
    async fn run(
        &self,
        client: &Client,
        query: &str,
        number: i64,
    ) -> Result<(), tokio_postgres::Error> {
        if self.ids.is_empty() {
            return Ok(());
        }
        let parameters: [Parameter<'_>; 4] = [
            (&number, Type::INT8),
            (&self.ids, Type::TEXT_ARRAY),
            (&self.seqs, Type::INT8_ARRAY),
            (&self.texts, Type::TEXT_ARRAY),
        ];
        client.execute_typed(query, &parameters).await.map(drop)
    }
}

async fn insert_changes(
    client: &Client,
    number: i64,
    changes: ChangeColumns<'_>,
) -> Result<(), tokio_postgres::Error> {
    let query = "INSERT INTO cruxboard.changes (board, id, seq, json)
        SELECT $1, * FROM unnest($2, $3, $4)";
    changes.run(client, query, number).await
}

async fn rewrite_changes(
    client: &Client,
    number: i64,
    changes: ChangeColumns<'_>,
) -> Result<(), tokio_postgres::Error> {
    let query = "UPDATE cruxboard.changes SET seq = new.seq, json = new.json
        FROM unnest($2, $3, $4) AS new (id, seq, json)
        WHERE changes.board = $1 AND changes.id = new.id";
    changes.run(client, query, number).await
}

async fn update_board(
    client: &Client,
    number: i64,
    after: LogExtent,
) -> Result<(), tokio_postgres::Error> {
    let query = "UPDATE cruxboard.boards SET cursor = $2, changes = $3, bytes = $4, kept = $5
        WHERE number = $1";
    let parameters: [Parameter<'_>; 5] = [
        (&number, Type::INT8),
        (&after.cursor, Type::INT8),
        (&after.counts.changes, Type::INT8),
        (&after.counts.bytes, Type::INT8),
        (&after.kept, Type::INT8),
    ];
    client.execute_typed(query, &parameters).await.map(drop)
}

async fn notify(
    client: &Client,
    notifies: bool,
    notice: String,
) -> Result<(), tokio_postgres::Error> {
    if !notifies {
        return Ok(());
    }
    let parameters: [Parameter<'_>; 2] =
        [(&notifications::CHANNEL, Type::TEXT), (&notice, Type::TEXT)];
    let query = "SELECT pg_notify($1, $2)";
    client.query_typed(query, &parameters).await.map(drop)
}

impl BoardRows for BoardChanges {
    type Error = Infallible;

    fn create(&mut self) -> Result<Cursor, Infallible> {
        // The row is inserted by `write`.
        Ok(self.begin)
    }

    fn stored(&self, id: ChangeId) -> Result<Option<String>, Infallible> {
        let written = self.written.get(&id).map(|row| &row.json);
        let stored = || self.stored.get(&id).map(|(_, json)| json);
        Ok(written.or_else(stored).cloned())
    }

    fn is_refused(&self, id: ChangeId) -> Result<bool, Infallible> {
        Ok(self.refused.contains(&id))
    }

    fn is_to_be_erased(&self, id: ChangeId) -> Result<bool, Infallible> {
        Ok(self.erasures.contains(&id) || self.to_be_erased.contains(&id))
    }

    fn insert(&mut self, id: ChangeId, seq: Cursor, json: String) -> Result<(), Infallible> {
        let is_new = true;
        self.written.insert(id, WrittenRow { seq, json, is_new });
        Ok(())
    }

    fn rewrite(
        &mut self,
        id: ChangeId,
        erased_in: Cursor,
        after: String,
    ) -> Result<i64, Infallible> {
        let written = self.written.get(&id).map(|row| (row.seq, &row.json));
        let stored = || self.stored.get(&id).map(|(seq, json)| (*seq, json));
        let mut bytes = 0;
        if let Some((seq, json)) = written.or_else(stored)
            && self.keeps_erased
        {
            bytes = json.len() as i64;
            let json = json.clone();
            self.kept.push(ArchivedRow {
                id,
                seq,
                json,
                erased_in,
            });
        }
        let row = WrittenRow {
            seq: erased_in,
            json: after,
            is_new: !self.stored.contains_key(&id),
        };
        self.written.insert(id, row);
        Ok(bytes)
    }

    fn note_erasure(&mut self, target: ChangeId) -> Result<(), Infallible> {
        self.erasures.insert(target);
        Ok(())
    }
}
