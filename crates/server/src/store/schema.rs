//! The tables, and connections to them.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags};

use super::OpenError;
use crate::token::random_name;

/// Marks the file as ours, for us and for `file`: "Crux".
const APPLICATION: i32 = 0x4372_7578;
/// Raised when the tables change.
const VERSION: i32 = 1;

const TABLES: &str = "
CREATE TABLE store (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE boards (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    cursor INTEGER NOT NULL,
    -- Cursors before this one were given by a store that has been replaced by its backup.
    known_from INTEGER NOT NULL,
    changes INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT;

-- Kept in the order of ids, which is nearly the order in which they come, and that in which a whole board is read.
CREATE TABLE changes (
    board INTEGER NOT NULL REFERENCES boards,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (board, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX changes_by_seq ON changes (board, seq);

-- What is to be erased, whether or not it has come yet.
CREATE TABLE erasures (
    board INTEGER NOT NULL REFERENCES boards,
    target TEXT NOT NULL,
    PRIMARY KEY (board, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    id TEXT NOT NULL PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    rights TEXT NOT NULL,
    board TEXT,
    note TEXT NOT NULL,
    made_by TEXT,
    made_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
";

/// A connection for writing.
pub(super) fn open_or_create(file: &Path) -> Result<Connection, OpenError> {
    let connection = Connection::open(file)?;
    prepare(&connection)?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let file = || file.to_owned();
    match (application, version) {
        (APPLICATION, VERSION) => Ok(connection),
        (APPLICATION, newer) if newer > VERSION => Err(OpenError::TooNew { file: file() }),
        (0, 0) if tables == 0 => {
            create(&connection)?;
            Ok(connection)
        }
        _ => Err(OpenError::NotOurs { file: file() }),
    }
}

/// A connection for writing to a database that is there.
pub(super) fn open_present(file: &Path) -> Result<Connection, OpenError> {
    if !file.is_file() {
        return Err(OpenError::Missing {
            file: file.to_owned(),
        });
    }
    open_or_create(file)
}

pub(super) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // Half a megabyte each: what is read often is in the system's cache anyway.
    connection.pragma_update(None, "cache_size", -512)?;
    Ok(connection)
}

/// What a connection is to keep to.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With less, a power cut could take back what was acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is erased is overwritten, instead of staying readable in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -8192)
}

fn create(connection: &Connection) -> Result<(), OpenError> {
    let nonce = random_name::<6>()?;
    let creating = connection.unchecked_transaction()?;
    creating.execute_batch(TABLES)?;
    creating.execute("INSERT INTO store VALUES ('nonce', ?1)", [nonce])?;
    creating.pragma_update(None, "application_id", APPLICATION)?;
    creating.pragma_update(None, "user_version", VERSION)?;
    creating.commit()?;
    Ok(())
}

pub(super) fn nonce(connection: &Connection) -> rusqlite::Result<String> {
    let query = "SELECT value FROM store WHERE name = 'nonce'";
    connection.query_row(query, [], |row| row.get(0))
}
