//! Versions in the database.

use cruxboard_domain::Stamp;
use tokio_postgres::{Client, Row, types::Type};

use super::{Address, Pool, PostgresError, news, pool::Parameter, schema};
use crate::{
    store::{
        Cursor, OpenError, StoreError,
        versions::{Kept, Plan, Present, RewindError, Rewound, Version, clock, now_millis},
    },
    token::unix_now,
};

pub(in crate::store) async fn list(
    address: &Address,
    board: Stamp,
) -> Result<Option<Vec<Version>>, RewindError> {
    let client = open(address).await?;
    let listing = async {
        let Some((number, ..)) = find(&client, board, "").await? else {
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
    address: &Address,
    board: Stamp,
    to: Cursor,
) -> Result<Rewound, RewindError> {
    let client = open(address).await?;
    client
        .batch_execute("BEGIN")
        .await
        .map_err(|error| failed(error.into()))?;
    // As a writer does, so that the servers' writers wait.
    let found = find(&client, board, "FOR UPDATE").await.map_err(failed)?;
    let (number, cursor, known_from) = found.ok_or(RewindError::NoBoard(board))?;
    if to > cursor {
        return Err(RewindError::NotYet(to));
    }
    if to < known_from {
        return Err(RewindError::TooOld(to));
    }
    let (log, kept) = read(&client, number).await.map_err(failed)?;
    let plan = Plan::of(&log, &kept, to, &mut clock()?, now_millis());
    follow(&client, board, number, cursor, &plan)
        .await
        .map_err(failed)?;
    Ok(plan.rewound)
}

async fn open(address: &Address) -> Result<Client, OpenError> {
    let opening = async {
        let client = Pool::new(address.0.clone())?.connect(None).await?;
        schema::bring_up(&client).await?;
        Ok(client)
    };
    opening.await.map_err(|error| super::failed(address, error))
}

fn failed(error: PostgresError) -> StoreError {
    error.into()
}

/// The board's number, its cursor, and since when cursors mean something.
async fn find(
    client: &Client,
    board: Stamp,
    lock: &str,
) -> Result<Option<(i64, Cursor, Cursor)>, PostgresError> {
    let query =
        format!("SELECT number, cursor, known_from FROM cruxboard.boards WHERE id = $1 {lock}");
    let board = board.to_string();
    let row = client
        .query_typed_opt(&query, &[(&board, Type::TEXT)])
        .await?;
    Ok(row.map(|row| (row.get(0), row.get(1), row.get(2))))
}

async fn read(client: &Client, board: i64) -> Result<(Vec<Present>, Vec<Kept>), PostgresError> {
    let id = |row: &Row| {
        let id = row.get::<_, &str>(0).parse();
        id.or(Err(PostgresError::Unreadable("log")))
    };
    let parameters: [Parameter<'_>; 1] = [(&board, Type::INT8)];
    let query = "SELECT id, seq, json FROM cruxboard.changes WHERE board = $1";
    let rows = client.query_typed(query, &parameters).await?;
    let log = rows.iter().map(|row| {
        Ok(Present {
            id: id(row)?,
            seq: row.get(1),
            json: row.get(2),
        })
    });
    let query = "SELECT id, seq, json, erased_in FROM cruxboard.kept WHERE board = $1";
    let kept = client.query_typed(query, &parameters).await?;
    let kept = kept.iter().map(|row| {
        Ok(Kept {
            id: id(row)?,
            seq: row.get(1),
            json: row.get(2),
            erased_in: row.get(3),
        })
    });
    Ok((
        log.collect::<Result<_, PostgresError>>()?,
        kept.collect::<Result<_, PostgresError>>()?,
    ))
}

async fn follow(
    client: &Client,
    name: Stamp,
    board: i64,
    mut cursor: Cursor,
    plan: &Plan,
) -> Result<(), PostgresError> {
    let run = async |query: &str, parameters: &[Parameter<'_>]| {
        let run = client.execute_typed(query, parameters).await;
        run.map_err(PostgresError::from)
    };
    let refuse = "INSERT INTO cruxboard.refused (board, id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    for (id, json) in &plan.put_back {
        cursor += 1;
        let id = id.to_string();
        let of_it: [Parameter<'_>; 2] = [(&board, Type::INT8), (&id, Type::TEXT)];
        run(
            "UPDATE cruxboard.changes SET seq = $3, json = $4 WHERE board = $1 AND id = $2",
            &[
                (&board, Type::INT8),
                (&id, Type::TEXT),
                (&cursor, Type::INT8),
                (json, Type::TEXT),
            ],
        )
        .await?;
        run(refuse, &of_it).await?;
        let forget = "DELETE FROM cruxboard.kept WHERE board = $1 AND id = $2";
        run(forget, &of_it).await?;
    }
    for id in &plan.taken_out {
        let id = id.to_string();
        let of_it: [Parameter<'_>; 2] = [(&board, Type::INT8), (&id, Type::TEXT)];
        let take_out = "DELETE FROM cruxboard.changes WHERE board = $1 AND id = $2";
        run(take_out, &of_it).await?;
        run(refuse, &of_it).await?;
    }
    for id in &plan.no_longer_erased {
        let id = id.to_string();
        let forget = "DELETE FROM cruxboard.erasures WHERE board = $1 AND target = $2";
        run(forget, &[(&board, Type::INT8), (&id, Type::TEXT)]).await?;
    }
    for (id, json) in &plan.new {
        cursor += 1;
        let id = id.to_string();
        run(
            "INSERT INTO cruxboard.changes (board, id, seq, json) VALUES ($1, $2, $3, $4)",
            &[
                (&board, Type::INT8),
                (&id, Type::TEXT),
                (&cursor, Type::INT8),
                (json, Type::TEXT),
            ],
        )
        .await?;
    }
    // Whoever follows is to read everything: of what was taken out no change could tell them.
    cursor += 1;
    run(
        "UPDATE cruxboard.boards SET cursor = $2, known_from = $2,
            changes = (SELECT count(*) FROM cruxboard.changes WHERE board = $1),
            bytes = (SELECT coalesce(sum(octet_length(json)), 0)
                FROM cruxboard.changes WHERE board = $1)
        WHERE number = $1",
        &[(&board, Type::INT8), (&cursor, Type::INT8)],
    )
    .await?;
    let new = plan.new.len() as i64;
    run(
        "INSERT INTO cruxboard.versions (board, cursor, made_at, token, added, erased)
        VALUES ($1, $2, $3, 'rewind', $4, 0)",
        &[
            (&board, Type::INT8),
            (&cursor, Type::INT8),
            (&unix_now(), Type::INT8),
            (&new, Type::INT8),
        ],
    )
    .await?;
    client.batch_execute("COMMIT").await?;
    if schema::notifies(client).await {
        let notice = format!("{name} {cursor}");
        let parameters: [Parameter<'_>; 2] = [(&news::CHANNEL, Type::TEXT), (&notice, Type::TEXT)];
        client
            .query_typed("SELECT pg_notify($1, $2)", &parameters)
            .await?;
    }
    Ok(())
}
