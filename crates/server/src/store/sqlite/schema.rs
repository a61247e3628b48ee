//! The tables, and connections to them.

use std::{path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::{store::OpenError, token::random_name};

/// Marks the file as ours, for us and for `file`: "Crux".
const APPLICATION: i32 = 0x4372_7578;
/// What made the tables, one step for each version of them. A step is added, never edited: files that
/// have gone through it are out there.
const STEPS: [&str; 3] = [BOARDS_AND_TOKENS, SNAPSHOTS, VERSIONS];
const VERSION: i32 = STEPS.len() as i32;

const BOARDS_AND_TOKENS: &str = "
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

const SNAPSHOTS: &str = "
CREATE TABLE snapshots (
    id TEXT NOT NULL PRIMARY KEY,
    made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
CREATE INDEX snapshots_by_maker ON snapshots (made_by);
";

const VERSIONS: &str = "
-- Each write that has changed a board: where its log ended then, and whose token it was.
CREATE TABLE versions (
    board INTEGER NOT NULL REFERENCES boards,
    cursor INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    token TEXT NOT NULL,
    added INTEGER NOT NULL,
    erased INTEGER NOT NULL,
    PRIMARY KEY (board, cursor)
) STRICT, WITHOUT ROWID;

-- What changes held before they were erased, for a while.
CREATE TABLE kept (
    board INTEGER NOT NULL REFERENCES boards,
    id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    json TEXT NOT NULL,
    erased_in INTEGER NOT NULL,
    erased_at INTEGER NOT NULL,
    PRIMARY KEY (board, id, erased_in)
) STRICT, WITHOUT ROWID;

-- What going back has taken out, or has put back: neither is to be done again by somebody who missed that.
CREATE TABLE refused (
    board INTEGER NOT NULL REFERENCES boards,
    id TEXT NOT NULL,
    PRIMARY KEY (board, id)
) STRICT, WITHOUT ROWID;
";

/// How long a connection waits for another one that writes, such as a command beside the server.
pub(in crate::store) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection for writing.
pub(in crate::store) fn open_or_create(file: &Path) -> Result<Connection, OpenError> {
    make_private(file)?;
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
        (APPLICATION, 1..) => {
            bring_up(&connection)?;
            Ok(connection)
        }
        (0, 0) if tables == 0 => {
            bring_up(&connection)?;
            Ok(connection)
        }
        _ => Err(OpenError::NotOurs { file: file() }),
    }
}

/// A connection for writing to a database that is there.
pub(in crate::store) fn open_present(file: &Path) -> Result<Connection, OpenError> {
    if !file.is_file() {
        return Err(OpenError::Missing {
            file: file.to_owned(),
        });
    }
    open_or_create(file)
}

pub(in crate::store) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Half a megabyte each: what is read often is in the system's cache anyway.
    connection.pragma_update(None, "cache_size", -512)?;
    Ok(connection)
}

/// Makes the file, for this account's eyes only, unless it is there. SQLite would let everybody on the
/// machine read it, and gives the files beside it the rights that this one has.
pub(in crate::store) fn make_private(file: &Path) -> Result<(), OpenError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(OpenError::Create {
                file: file.to_owned(),
                source,
            })
        }
        _ => Ok(()),
    }
}

/// What a connection is to keep to.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // With less, a power cut could take back what was acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is erased is overwritten, instead of staying readable in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -8192)
}

/// Takes the steps that the file has not gone through, all of them or none.
fn bring_up(connection: &Connection) -> Result<(), OpenError> {
    let nonce = random_name::<6>()?;
    let raising = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Read again inside: another process may have been quicker.
    let version: i32 = raising.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or(0)) {
        raising.execute_batch(step)?;
    }
    let add = "INSERT OR IGNORE INTO store VALUES ('nonce', ?1)";
    raising.execute(add, [nonce])?;
    raising.pragma_update(None, "application_id", APPLICATION)?;
    raising.pragma_update(None, "user_version", VERSION)?;
    raising.commit()?;
    Ok(())
}

pub(in crate::store) fn nonce(connection: &Connection) -> rusqlite::Result<String> {
    let query = "SELECT value FROM store WHERE name = 'nonce'";
    connection.query_row(query, [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_first_version_is_brought_up_and_keeps_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.sqlite");
        let old = Connection::open(&file).unwrap();
        old.execute_batch(BOARDS_AND_TOKENS).unwrap();
        old.execute_batch(
            "INSERT INTO store VALUES ('nonce', 'kept'); INSERT INTO boards VALUES (1, 'b', 7, 0, 0, 0)",
        )
        .unwrap();
        old.pragma_update(None, "application_id", APPLICATION)
            .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        for _ in 0..2 {
            let connection = open_or_create(&file).unwrap();
            assert_eq!(nonce(&connection).unwrap(), "kept");
            let count = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0));
            assert_eq!(count("SELECT cursor FROM boards").unwrap(), 7);
            assert_eq!(count("SELECT count(*) FROM snapshots").unwrap(), 0);
        }
    }

    #[test]
    fn a_file_of_a_newer_version_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new.sqlite");
        let new = open_or_create(&file).unwrap();
        new.pragma_update(None, "user_version", VERSION + 1)
            .unwrap();
        drop(new);
        assert!(matches!(
            open_or_create(&file),
            Err(OpenError::TooNew { .. })
        ));
    }
}
