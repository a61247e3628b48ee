//! Versions and rewinds in a PostgreSQL database.

use std::collections::BTreeSet;

use cruxboard_domain::{BoardId, ChangeId};
use tokio_postgres::{Client, Row, types::Type};

use super::{Pool, PostgresError, PostgresUrl, notifications, pool::Parameter, schema};
use crate::{
    store::{
        Cursor, OpenError, StoreError,
        rewind::{RewindPlan, clock},
        versions::{
            ABSENT, ArchivedRow, History, LogRow, RewindError, RewindOptions, RewindReport, Version,
        },
    },
    token::{now_millis, unix_now},
};

pub(in crate::store) async fn list(
    url: &PostgresUrl,
    board: BoardId,
) -> Result<Option<Vec<Version>>, RewindError> {
    let client = open(url).await?;
    let listing = async {
        let Some((number, _)) = find(&client, board, "").await? else {
            return Ok(None);
        };
        let query = "SELECT cursor, made_at, token, added, erased FROM cruxboard.versions
            WHERE board = $1 ORDER BY cursor DESC";
        let rows = client.query_typed(query, &[(&number, Type::INT8)]).await?;
        let versions = rows.iter().map(|row| Version {
            cursor: row.get(0),
            made_at: row.get(1),
            token: row.get(2),
            added: row.get(3),
            erased: row.get(4),
        });
        Ok(Some(versions.collect()))
    };
    Ok(listing.await.map_err(failed)?)
}

pub(in crate::store) async fn rewind(
    url: &PostgresUrl,
    board: BoardId,
    to: Cursor,
    options: &RewindOptions,
) -> Result<RewindReport, RewindError> {
    let client = open(url).await?;
    client
        .batch_execute("BEGIN")
        .await
        .map_err(|error| failed(error.into()))?;
    // Locks the board's row as a writer does.
    let found = find(&client, board, "FOR UPDATE").await.map_err(failed)?;
    let (number, cursor) = found.ok_or(RewindError::NoBoard(board))?;
    if to > cursor {
        return Err(RewindError::NoSuchVersion(to));
    }
    let history = read(&client, number).await.map_err(failed)?;
    let plan = RewindPlan::of(&history, to, options, &mut clock()?, now_millis());
    apply(&client, board, number, cursor, &plan)
        .await
        .map_err(failed)?;
    Ok(plan.rewound)
}

/// Connects for a command, and runs pending migrations.
pub(super) async fn open(url: &PostgresUrl) -> Result<Client, OpenError> {
    let opening = async {
        let client = Pool::new(url.config())?.connect(None).await?;
        schema::migrate(&client).await?;
        Ok(client)
    };
    opening.await.map_err(|error| super::failed(url, error))
}

fn failed(error: PostgresError) -> StoreError {
    error.into()
}

/// Returns the row number and the cursor of a board. `lock` is appended to the query.
async fn find(
    client: &Client,
    board: BoardId,
    lock: &str,
) -> Result<Option<(i64, Cursor)>, PostgresError> {
    let query = format!(
        "SELECT number, cursor FROM cruxboard.boards
        WHERE id = $1 AND deleted_at IS NULL {lock}"
    );
    let board = board.to_string();
    let row = client
        .query_typed_opt(&query, &[(&board, Type::TEXT)])
        .await?;
    Ok(row.map(|row| (row.get(0), row.get(1))))
}

async fn read(client: &Client, board: i64) -> Result<History, PostgresError> {
    let id = |row: &Row| {
        let id = row.get::<_, &str>(0).parse();
        id.or(Err(PostgresError::Unreadable("log")))
    };
    let ask = async |query: &str| {
        let rows = client.query_typed(query, &[(&board, Type::INT8)]).await;
        rows.map_err(PostgresError::from)
    };
    let log = ask("SELECT id, seq, json FROM cruxboard.changes WHERE board = $1").await?;
    let log = log.iter().map(|row| {
        Ok(LogRow {
            id: id(row)?,
            seq: row.get(1),
            json: row.get(2),
        })
    });
    let kept = ask("SELECT id, seq, json, erased_in FROM cruxboard.kept WHERE board = $1").await?;
    let kept = kept.iter().map(|row| {
        Ok(ArchivedRow {
            id: id(row)?,
            seq: row.get(1),
            json: row.get(2),
            erased_in: row.get(3),
        })
    });
    let erasures = ask("SELECT target FROM cruxboard.erasures WHERE board = $1").await?;
    let versions = ask("SELECT cursor, token FROM cruxboard.versions WHERE board = $1").await?;
    Ok(History {
        log: log.collect::<Result<_, PostgresError>>()?,
        kept: kept.collect::<Result<_, PostgresError>>()?,
        erasures: erasures.iter().map(id).collect::<Result<_, _>>()?,
        versions: versions
            .iter()
            .map(|row| (row.get(0), row.get(1)))
            .collect(),
    })
}

/// Writes a rewind plan to the database, commits, and notifies other servers.
async fn apply(
    client: &Client,
    name: BoardId,
    board: i64,
    cursor: Cursor,
    plan: &RewindPlan,
) -> Result<(), PostgresError> {
    // Raises `known_from`, so that followers read the whole board: rows were removed, which no change says.
    let end = cursor + plan.new.len() as Cursor + 1;
    let applying = Applying { client, board, end };
    applying.archive(plan).await?;
    applying.write_changes(cursor, plan).await?;
    applying.write_marks(plan).await?;
    applying.update_board(plan.new.len() as i64).await?;
    client.batch_execute("COMMIT").await?;
    if schema::notifies(client).await {
        let notice = format!("{name} {end}");
        let parameters: [Parameter<'_>; 2] =
            [(&notifications::CHANNEL, Type::TEXT), (&notice, Type::TEXT)];
        client
            .query_typed("SELECT pg_notify($1, $2)", &parameters)
            .await?;
    }
    Ok(())
}

/// Writes the parts of a rewind plan.
struct Applying<'a> {
    client: &'a Client,
    board: i64,
    /// The cursor of the board afterwards.
    end: Cursor,
}

impl Applying<'_> {
    async fn run(&self, query: &str, parameters: &[Parameter<'_>]) -> Result<(), PostgresError> {
        let run = self.client.execute_typed(query, parameters).await;
        run.map(drop).map_err(PostgresError::from)
    }

    /// Runs a query with the board's number and ids of changes.
    async fn run_with_ids(
        &self,
        query: &str,
        ids: &BTreeSet<ChangeId>,
    ) -> Result<(), PostgresError> {
        let ids: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let parameters: [Parameter<'_>; 2] = [(&self.board, Type::INT8), (&ids, Type::TEXT_ARRAY)];
        self.run(query, &parameters).await
    }

    /// Archives the contents that the plan replaces, and the times in which changes were absent.
    async fn archive(&self, plan: &RewindPlan) -> Result<(), PostgresError> {
        let now = unix_now();
        let rewritten = plan.rows.keys().chain(&plan.taken_out);
        let rewritten: Vec<_> = rewritten.map(ToString::to_string).collect();
        self.run(
            "INSERT INTO cruxboard.kept (board, id, seq, json, erased_in, erased_at)
            SELECT board, id, seq, json, $3, $4 FROM cruxboard.changes
            WHERE board = $1 AND id = ANY($2) ON CONFLICT DO NOTHING",
            &[
                (&self.board, Type::INT8),
                (&rewritten, Type::TEXT_ARRAY),
                (&self.end, Type::INT8),
                (&now, Type::INT8),
            ],
        )
        .await?;
        let absent = plan.absent_since.iter();
        let (ids, since): (Vec<_>, Vec<_>) =
            absent.map(|(id, since)| (id.to_string(), *since)).unzip();
        self.run(
            "INSERT INTO cruxboard.kept (board, id, seq, json, erased_in, erased_at)
            SELECT $1, id, since, $4, $5, $6 FROM unnest($2, $3) AS absent (id, since)
            ON CONFLICT DO NOTHING",
            &[
                (&self.board, Type::INT8),
                (&ids, Type::TEXT_ARRAY),
                (&since, Type::INT8_ARRAY),
                (&ABSENT, Type::TEXT),
                (&self.end, Type::INT8),
                (&now, Type::INT8),
            ],
        )
        .await
    }

    /// Deletes, replaces and adds changes.
    async fn write_changes(&self, cursor: Cursor, plan: &RewindPlan) -> Result<(), PostgresError> {
        self.run_with_ids(
            "DELETE FROM cruxboard.changes WHERE board = $1 AND id = ANY($2)",
            &plan.taken_out,
        )
        .await?;
        let put = plan.rows.iter().map(|(id, (seq, json))| (*id, *seq, json));
        let new = plan.new.iter().zip(cursor + 1..);
        let new = new.map(|((id, json), seq)| (*id, seq, json));
        let (mut ids, mut seqs, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for (id, seq, json) in put.chain(new) {
            ids.push(id.to_string());
            seqs.push(seq);
            texts.push(json);
        }
        self.run(
            "INSERT INTO cruxboard.changes (board, id, seq, json)
            SELECT $1, * FROM unnest($2, $3, $4)
            ON CONFLICT (board, id) DO UPDATE SET seq = excluded.seq, json = excluded.json",
            &[
                (&self.board, Type::INT8),
                (&ids, Type::TEXT_ARRAY),
                (&seqs, Type::INT8_ARRAY),
                (&texts, Type::TEXT_ARRAY),
            ],
        )
        .await
    }

    /// Updates which changes are refused, and which are erased.
    async fn write_marks(&self, plan: &RewindPlan) -> Result<(), PostgresError> {
        for (query, ids) in [
            (
                "DELETE FROM cruxboard.refused WHERE board = $1 AND id = ANY($2)",
                &plan.no_longer_refused,
            ),
            (
                "INSERT INTO cruxboard.refused (board, id) SELECT $1, * FROM unnest($2)
                ON CONFLICT DO NOTHING",
                &plan.refused,
            ),
            (
                "DELETE FROM cruxboard.erasures WHERE board = $1 AND target = ANY($2)",
                &plan.no_longer_erased,
            ),
            (
                "INSERT INTO cruxboard.erasures (board, target) SELECT $1, * FROM unnest($2)
                ON CONFLICT DO NOTHING",
                &plan.erased,
            ),
        ] {
            self.run_with_ids(query, ids).await?;
        }
        Ok(())
    }

    /// Updates the cursor and the counts of the board, and notes the version.
    async fn update_board(&self, added: i64) -> Result<(), PostgresError> {
        self.run(
            "UPDATE cruxboard.boards SET cursor = $2, known_from = $2,
                changes = (SELECT count(*) FROM cruxboard.changes WHERE board = $1),
                bytes = (SELECT coalesce(sum(octet_length(json)), 0)
                    FROM cruxboard.changes WHERE board = $1),
                kept = (SELECT coalesce(sum(octet_length(json)), 0)
                    FROM cruxboard.kept WHERE board = $1)
            WHERE number = $1",
            &[(&self.board, Type::INT8), (&self.end, Type::INT8)],
        )
        .await?;
        self.run(
            "INSERT INTO cruxboard.versions (board, cursor, made_at, token, added, erased)
            VALUES ($1, $2, $3, 'rewind', $4, 0)",
            &[
                (&self.board, Type::INT8),
                (&self.end, Type::INT8),
                (&unix_now(), Type::INT8),
                (&added, Type::INT8),
            ],
        )
        .await
    }
}
