//! Opens the SQLite file, and migrates its schema.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, config::DbConfig};

use super::migrations::{MIGRATIONS, VERSION};
use crate::{store::OpenError, token::random_name};

/// `application_id` of the file: "Crux".
const APPLICATION: i32 = 0x4372_7578;
/// From this schema version on, a file in WAL mode always has a `-wal` beside it; see [`has_lost_wal`].
const KEEPS_WAL: u32 = 4;

/// Timeout of a connection for the write lock, which a command beside the server may hold.
pub(in crate::store) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Opens the server's connection for writing, in WAL mode.
pub(in crate::store) fn open_for_server(file: &Path) -> Result<Connection, OpenError> {
    let connection = open_or_create(file)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    Ok(connection)
}

/// Opens or creates a file for writing, in its present journal mode: WAL while a server runs, a rollback
/// journal otherwise.
pub(in crate::store) fn open_or_create(file: &Path) -> Result<Connection, OpenError> {
    if has_lost_wal(file)? {
        return Err(OpenError::WithoutWal {
            file: file.to_owned(),
        });
    }
    open(file)
}

/// Opens a file for writing even if its `-wal` is missing.
pub(in crate::store) fn open_even_without_wal(file: &Path) -> Result<Connection, OpenError> {
    let has_lost_wal = has_lost_wal(file)?;
    let connection = open(file)?;
    if has_lost_wal {
        // Removes the `-wal` that opening creates, so that the next check still finds it missing.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    }
    Ok(connection)
}

fn open(file: &Path) -> Result<Connection, OpenError> {
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
            migrate(&connection)?;
            Ok(connection)
        }
        (0, 0) if tables == 0 => {
            migrate(&connection)?;
            Ok(connection)
        }
        _ => Err(OpenError::NotOurs { file: file() }),
    }
}

/// Opens an existing file for writing.
pub(in crate::store) fn open_present(file: &Path) -> Result<Connection, OpenError> {
    if !file.is_file() {
        return Err(OpenError::Missing {
            file: file.to_owned(),
        });
    }
    open_or_create(file)
}

/// Returns whether the file is in WAL mode but its `-wal` is missing, as in a copy of the file alone.
///
/// A server leaves WAL mode when it stops, and our connections never remove a `-wal` otherwise. Earlier
/// versions did, so for their files the answer is false, unless the file does not even have tables.
///
/// # Errors
/// When the file cannot be read, or only its `-wal` is there.
pub(in crate::store) fn has_lost_wal(file: &Path) -> Result<bool, OpenError> {
    const HEADER: usize = 100;
    let failed = |source| OpenError::Read {
        file: file.to_owned(),
        source,
    };
    let mut header = Vec::with_capacity(HEADER);
    match fs::File::open(file) {
        Ok(open) => open.take(HEADER as u64).read_to_end(&mut header),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
    .map_err(failed)?;
    let wal = fs::metadata(wal_of(file)).ok();
    if header.is_empty() && wal.as_ref().is_some_and(|wal| wal.len() > 0) {
        // SQLite would treat the database as new, and delete the `-wal`.
        return Err(OpenError::OnlyWal {
            file: file.to_owned(),
        });
    }
    // The layout of the header: https://sqlite.org/fileformat.html#the_database_header
    let number = |at: usize| {
        let bytes = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(bytes))
    };
    let is_in_wal_mode = header.len() == HEADER && header[18..20] == [2, 2];
    let (pages, version, application) = (number(28), number(60), number(68));
    let is_ours = application == Some(APPLICATION as u32) && version >= Some(KEEPS_WAL);
    let is_empty = application == Some(0) && pages <= Some(1);
    Ok(is_in_wal_mode && wal.is_none() && (is_ours || is_empty))
}

/// Returns the path of a file's write-ahead log.
pub(in crate::store) fn wal_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// Checkpoints the WAL and leaves WAL mode, so that the database file is complete by itself.
///
/// # Errors
/// When another connection has the file open.
pub(in crate::store) fn leave_wal(connection: &Connection) -> rusqlite::Result<()> {
    let mode: String =
        connection.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode == "wal" {
        return Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            None,
        ));
    }
    Ok(())
}

/// Opens a connection for reading.
pub(in crate::store) fn open_reader(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // 512 KiB each, since the operating system caches the file anyway.
    connection.pragma_update(None, "cache_size", -512)?;
    Ok(connection)
}

/// Creates the file with mode 0600, unless it exists.
///
/// SQLite would make it readable for all accounts. The files beside it get the same mode.
pub(in crate::store) fn make_private(file: &Path) -> Result<(), OpenError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(source) if source.kind() != io::ErrorKind::AlreadyExists => Err(OpenError::Create {
            file: file.to_owned(),
            source,
        }),
        _ => Ok(()),
    }
}

/// Sets the options of a connection for writing.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // Otherwise closing the last connection removes the `-wal` but leaves the file in WAL mode.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Weaker settings could lose acknowledged writes in a power failure.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // Overwrites erased content, which could otherwise be read in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -8192)
}

/// Runs the pending migrations in one transaction.
fn migrate(connection: &Connection) -> Result<(), OpenError> {
    let nonce = random_name::<6>()?;
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Reads the version again inside the transaction: another process may have migrated.
    let version: i32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in MIGRATIONS
        .iter()
        .skip(usize::try_from(version).unwrap_or(0))
    {
        transaction.execute_batch(step)?;
    }
    let add = "INSERT OR IGNORE INTO store VALUES ('nonce', ?1)";
    transaction.execute(add, [nonce])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()?;
    Ok(())
}

/// Returns the random id of the store.
pub(in crate::store) fn nonce(connection: &Connection) -> rusqlite::Result<String> {
    let query = "SELECT value FROM store WHERE name = 'nonce'";
    connection.query_row(query, [], |row| row.get(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::migrations::BOARDS_AND_TOKENS;

    #[test]
    fn a_file_of_the_first_version_is_migrated_and_keeps_its_content() {
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
    fn a_file_of_an_earlier_version_may_be_in_wal_mode_without_a_log() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.sqlite");
        let old = Connection::open(&file).unwrap();
        old.execute_batch(BOARDS_AND_TOKENS).unwrap();
        old.pragma_update(None, "application_id", APPLICATION)
            .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.pragma_update(None, "journal_mode", "WAL").unwrap();
        drop(old);
        assert!(!wal_of(&file).exists());
        assert!(!has_lost_wal(&file).unwrap());
        drop(open_for_server(&file).unwrap());
        // From now on there is one whenever it is in that mode.
        assert!(wal_of(&file).exists() && !has_lost_wal(&file).unwrap());
        let connection = open_or_create(&file).unwrap();
        leave_wal(&connection).unwrap();
        drop(connection);
        assert!(!wal_of(&file).exists() && !has_lost_wal(&file).unwrap());
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
