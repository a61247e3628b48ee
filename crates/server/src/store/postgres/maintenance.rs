//! Checks, backs up and restores a PostgreSQL database, by way of an SQLite file.

use std::path::Path;

use futures_util::TryStreamExt as _;
use rusqlite::{params_from_iter, types::Value};
use tokio_postgres::{Client, Row, types::Type};

use super::{Parameter, Pool, PostgresError, PostgresUrl, schema};
use crate::{
    store::{
        OpenError,
        maintenance::{CheckReport, MaintenanceError, RestoreReport},
        sqlite::{self, maintenance::TemporaryFile},
    },
    token::random_name,
};

/// A table of both databases, with the order of its columns.
struct Table {
    name: &'static str,
    columns: &'static [(&'static str, ColumnType)],
}

/// The type of a column.
#[derive(Clone, Copy)]
enum ColumnType {
    Text,
    Number,
    Bytes,
}

/// The tables, sorted so that referenced rows are inserted first.
const TABLES: [Table; 10] = [
    Table {
        name: "store",
        columns: &[("name", ColumnType::Text), ("value", ColumnType::Text)],
    },
    Table {
        name: "boards",
        columns: &[
            ("number", ColumnType::Number),
            ("id", ColumnType::Text),
            ("cursor", ColumnType::Number),
            ("known_from", ColumnType::Number),
            ("changes", ColumnType::Number),
            ("bytes", ColumnType::Number),
            ("kept", ColumnType::Number),
            ("deleted_at", ColumnType::Number),
        ],
    },
    Table {
        name: "tombstones",
        columns: &[("id", ColumnType::Text), ("cursor", ColumnType::Number)],
    },
    Table {
        name: "changes",
        columns: &[
            ("board", ColumnType::Number),
            ("id", ColumnType::Text),
            ("seq", ColumnType::Number),
            ("json", ColumnType::Text),
        ],
    },
    Table {
        name: "erasures",
        columns: &[("board", ColumnType::Number), ("target", ColumnType::Text)],
    },
    Table {
        name: "versions",
        columns: &[
            ("board", ColumnType::Number),
            ("cursor", ColumnType::Number),
            ("made_at", ColumnType::Number),
            ("token", ColumnType::Text),
            ("added", ColumnType::Number),
            ("erased", ColumnType::Number),
        ],
    },
    Table {
        name: "kept",
        columns: &[
            ("board", ColumnType::Number),
            ("id", ColumnType::Text),
            ("seq", ColumnType::Number),
            ("json", ColumnType::Text),
            ("erased_in", ColumnType::Number),
            ("erased_at", ColumnType::Number),
        ],
    },
    Table {
        name: "refused",
        columns: &[("board", ColumnType::Number), ("id", ColumnType::Text)],
    },
    Table {
        name: "tokens",
        columns: &[
            ("id", ColumnType::Text),
            ("hash", ColumnType::Bytes),
            ("rights", ColumnType::Text),
            ("board", ColumnType::Text),
            ("note", ColumnType::Text),
            ("made_by", ColumnType::Text),
            ("made_at", ColumnType::Number),
            ("expires_at", ColumnType::Number),
            ("revoked_at", ColumnType::Number),
        ],
    },
    Table {
        name: "snapshots",
        columns: &[
            ("id", ColumnType::Text),
            ("made_by", ColumnType::Text),
            ("made_at", ColumnType::Number),
            ("expires_at", ColumnType::Number),
            ("content", ColumnType::Bytes),
            ("board", ColumnType::Text),
            ("billed_to", ColumnType::Text),
            ("outlives_token", ColumnType::Number),
        ],
    },
];
/// Number of rows per INSERT.
const BATCH: usize = 1_000;

pub(in crate::store) async fn check(url: &PostgresUrl) -> Result<CheckReport, MaintenanceError> {
    let folder = std::env::temp_dir();
    let copy = folder.join(format!("cruxboard-check-{}.sqlite", random_name::<8>()?));
    let copy = TemporaryFile::new(copy);
    back_up(url, &copy).await
}

pub(in crate::store) async fn back_up(
    url: &PostgresUrl,
    copy: &Path,
) -> Result<CheckReport, MaintenanceError> {
    let client = open(url).await?;
    let partial = sqlite::maintenance::begin_copy(copy)?;
    client
        .batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await
        .map_err(PostgresError::from)?;
    copy_out(&client, &partial).await?;
    sqlite::maintenance::end_copy(partial, copy)
}

pub(in crate::store) async fn restore(
    url: &PostgresUrl,
    copy: &Path,
    without_wal: bool,
) -> Result<RestoreReport, MaintenanceError> {
    let client = open(url).await?;
    let name = random_name::<4>()?;
    let kept = copy.with_extension(format!("before-{name}"));
    let partial = TemporaryFile::new(copy.with_extension(format!("partial-{name}")));
    // Blocks the writers of all servers until the restore is committed.
    client
        .batch_execute(
            "BEGIN; LOCK TABLE cruxboard.boards, cruxboard.tokens, cruxboard.snapshots IN EXCLUSIVE MODE",
        )
        .await
        .map_err(PostgresError::from)?;
    let before = sqlite::maintenance::begin_copy(&kept)?;
    copy_out(&client, &before).await?;
    sqlite::maintenance::end_copy(before, &kept)?;
    let report = sqlite::maintenance::prepare(copy, &partial, Some(&kept), without_wal)?;
    copy_in(&client, &partial).await?;
    client
        .batch_execute("COMMIT")
        .await
        .map_err(PostgresError::from)?;
    Ok(RestoreReport {
        report,
        moved_to: Some(kept),
    })
}

async fn open(url: &PostgresUrl) -> Result<Client, OpenError> {
    let opening = async {
        let client = Pool::new(url.config())?.connect(None).await?;
        schema::migrate(&client).await?;
        Ok(client)
    };
    opening.await.map_err(|error| super::failed(url, error))
}

/// Copies all tables into an empty file.
async fn copy_out(client: &Client, to: &Path) -> Result<(), MaintenanceError> {
    let file = sqlite::schema::open_or_create(to)?;
    let copying = file.unchecked_transaction()?;
    copying.execute("DELETE FROM store", [])?;
    for table in &TABLES {
        let query = format!("SELECT {} FROM cruxboard.{}", table.names(), table.name);
        let rows = client
            .query_typed_raw::<&str, _>(&query, std::iter::empty())
            .await
            .map_err(PostgresError::from)?;
        let mut rows = std::pin::pin!(rows);
        let mut insert = copying.prepare(&table.insertion())?;
        while let Some(row) = rows.try_next().await.map_err(PostgresError::from)? {
            let values = table.columns.iter().enumerate();
            let values = values.map(|(at, (_, kind))| kind.out_of(&row, at));
            insert.execute(params_from_iter(values))?;
        }
    }
    // The version of the schema and other marks are not copied.
    copying.execute("DELETE FROM store WHERE name != 'nonce'", [])?;
    copying.commit()?;
    Ok(())
}

/// Replaces all rows of the database by those of a file.
async fn copy_in(client: &Client, from: &Path) -> Result<(), MaintenanceError> {
    for table in TABLES.iter().rev() {
        let query = match table.name {
            "store" => "DELETE FROM cruxboard.store WHERE name = 'nonce'".to_owned(),
            name => format!("DELETE FROM cruxboard.{name}"),
        };
        client
            .batch_execute(&query)
            .await
            .map_err(PostgresError::from)?;
    }
    let file = sqlite::schema::open_reader(from)?;
    for table in &TABLES {
        let mut select = file.prepare(&format!("SELECT {} FROM {}", table.names(), table.name))?;
        let mut rows = select.query([])?;
        loop {
            let mut columns: Vec<Column> = table.columns.iter().map(Column::of).collect();
            let mut count = 0;
            while count < BATCH
                && let Some(row) = rows.next()?
            {
                for (at, column) in columns.iter_mut().enumerate() {
                    column.take(row, at)?;
                }
                count += 1;
            }
            if count == 0 {
                break;
            }
            table.send(client, &columns).await?;
        }
    }
    let renumber = "SELECT setval(pg_get_serial_sequence('cruxboard.boards', 'number'),
        (SELECT coalesce(max(number), 0) + 1 FROM cruxboard.boards), false)";
    client
        .batch_execute(renumber)
        .await
        .map_err(PostgresError::from)?;
    Ok(())
}

impl Table {
    fn names(&self) -> String {
        let names: Vec<_> = self.columns.iter().map(|(name, _)| *name).collect();
        names.join(", ")
    }

    fn insertion(&self) -> String {
        let places = vec!["?"; self.columns.len()].join(", ");
        let (name, names) = (self.name, self.names());
        format!("INSERT INTO {name} ({names}) VALUES ({places})")
    }

    async fn send(&self, client: &Client, columns: &[Column]) -> Result<(), PostgresError> {
        let places: Vec<_> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let query = format!(
            "INSERT INTO cruxboard.{} ({}) SELECT * FROM unnest({})",
            self.name,
            self.names(),
            places.join(", ")
        );
        let parameters: Vec<_> = columns.iter().map(Column::parameter).collect();
        client.execute_typed(&query, &parameters).await?;
        Ok(())
    }
}

impl ColumnType {
    fn out_of(self, row: &Row, at: usize) -> Value {
        match self {
            Self::Text => row.get::<_, Option<String>>(at).into(),
            Self::Number => row.get::<_, Option<i64>>(at).into(),
            Self::Bytes => row.get::<_, Option<Vec<u8>>>(at).into(),
        }
    }
}

/// Values of one column, for a batch.
enum Column {
    Text(Vec<Option<String>>),
    Number(Vec<Option<i64>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

impl Column {
    fn of((_, kind): &(&str, ColumnType)) -> Self {
        match kind {
            ColumnType::Text => Self::Text(Vec::new()),
            ColumnType::Number => Self::Number(Vec::new()),
            ColumnType::Bytes => Self::Bytes(Vec::new()),
        }
    }

    fn take(&mut self, row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<()> {
        match self {
            Self::Text(values) => values.push(row.get(at)?),
            Self::Number(values) => values.push(row.get(at)?),
            Self::Bytes(values) => values.push(row.get(at)?),
        }
        Ok(())
    }

    fn parameter(&self) -> Parameter<'_> {
        match self {
            Self::Text(values) => (values, Type::TEXT_ARRAY),
            Self::Number(values) => (values, Type::INT8_ARRAY),
            Self::Bytes(values) => (values, Type::BYTEA_ARRAY),
        }
    }
}
