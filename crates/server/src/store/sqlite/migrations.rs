//! The migrations of the SQLite schema.

/// Migrations, one for each schema version. A migration is added, never edited, since released servers have
/// run it.
pub(super) const MIGRATIONS: [&str; 5] =
    [BOARDS_AND_TOKENS, SNAPSHOTS, VERSIONS, QUOTAS, DELETIONS];
pub(super) const VERSION: i32 = MIGRATIONS.len() as i32;

pub(super) const BOARDS_AND_TOKENS: &str = "
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

const QUOTAS: &str = "
-- Bytes that the board has in `kept`: they count toward its limit.
ALTER TABLE boards ADD COLUMN kept INTEGER NOT NULL DEFAULT 0;
UPDATE boards SET kept = (
    SELECT coalesce(sum(octet_length(json)), 0) FROM kept WHERE kept.board = boards.number
);

-- The one board that the maker's token is for, if it is for one.
ALTER TABLE snapshots ADD COLUMN board TEXT;
-- The token at the root of the line that ends in the maker: its quota the snapshot counts toward.
ALTER TABLE snapshots ADD COLUMN billed_to TEXT NOT NULL DEFAULT '';
-- Whether it stays when the maker's token ends. Those that are here already were promised a date.
ALTER TABLE snapshots ADD COLUMN outlives_token INTEGER NOT NULL DEFAULT 0;
UPDATE snapshots SET
    outlives_token = 1,
    board = (SELECT board FROM tokens WHERE tokens.id = made_by),
    billed_to = coalesce((
        WITH RECURSIVE line (id, made_by) AS (
            SELECT id, made_by FROM tokens WHERE tokens.id = snapshots.made_by
            UNION SELECT tokens.id, tokens.made_by FROM tokens JOIN line ON tokens.id = line.made_by
        )
        SELECT coalesce(made_by, id) FROM line
        WHERE made_by IS NULL OR made_by NOT IN (SELECT id FROM tokens)
    ), made_by);
CREATE INDEX snapshots_by_bill ON snapshots (billed_to);
";

const DELETIONS: &str = "
-- When the board was deleted, in Unix seconds; it can be brought back for a while.
ALTER TABLE boards ADD COLUMN deleted_at INTEGER;

-- Boards that are gone for good: where their logs ended.
CREATE TABLE tombstones (
    id TEXT NOT NULL PRIMARY KEY,
    cursor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
";
