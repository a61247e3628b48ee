//! `cruxboard boards` and `cruxboard board`

use std::{io::Write as _, process::ExitCode};

use anyhow::bail;
use clap::{Args, Subcommand};
use cruxboard_server::store::{self, BoardError, BoardState, BoardSummary, OpenError};

use super::{
    Database, block_on,
    token::{date, parse_board_id},
};

#[derive(Args)]
pub(crate) struct Boards {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(crate) struct BoardCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Delete a board; it can be restored for as long as erased texts are kept. While a server has the
    /// file open, send it DELETE for the board's address instead
    Delete(BoardArgs),
    /// Restore a deleted board. While a server has the file open, send it POST for the board's address with
    /// /restore appended instead
    Restore(BoardArgs),
}

#[derive(Args)]
struct BoardArgs {
    #[command(flatten)]
    database: Database,
    /// The id of the board, as `cruxboard boards` shows it
    board: String,
}

impl Boards {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let boards = block_on(async { Ok(store::boards(&database).await?) })?;
        let mut out = std::io::stdout();
        writeln!(
            out,
            "{:<26}  {:>7}  {:>8}  {:<17}  {:<25}  title",
            "id", "changes", "size", "last write", "state"
        )?;
        for board in boards {
            let written = board.written_at.map_or_else(|| "-".to_owned(), date);
            writeln!(
                out,
                "{:<26}  {:>7}  {:>8}  {written:<17}  {:<25}  {}",
                board.id.escape_debug().to_string(),
                board.changes,
                size(board.bytes),
                state(&board),
                // Escaped: it may hold control characters for the terminal.
                board.title.escape_debug(),
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn state(board: &BoardSummary) -> String {
    let deleted = board.deleted_at.map(date);
    deleted.map_or_else(|| "present".to_owned(), |date| format!("deleted {date}"))
}

fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", (bytes + 500) / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

impl BoardCommand {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Delete(args) => args.delete(),
            Action::Restore(args) => args.restore(),
        }
    }
}

impl BoardArgs {
    fn delete(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let board = parse_board_id(&self.board)?;
        match block_on(async { Ok(store::delete_board(&database, board).await) })? {
            Err(BoardError::Open(OpenError::InUse { .. })) => bail!(
                "a server has the database open; stop it, or send it DELETE for /boards/{board} with an admin token"
            ),
            Err(error) => return Err(error.into()),
            Ok(BoardState::Present) => {}
            Ok(BoardState::Deleted) => bail!("board {board} is deleted already"),
            Ok(BoardState::Absent) => bail!("there is no board {board} here"),
        }
        writeln!(
            std::io::stdout(),
            "Board {board} is deleted. `cruxboard board restore {board}` restores it\n\
             for as long as the server keeps erased texts, by default a week. Then the board and its tokens are\n\
             removed for good. Copies on people's devices are unchanged."
        )?;
        Ok(ExitCode::SUCCESS)
    }

    fn restore(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let board = parse_board_id(&self.board)?;
        match block_on(async { Ok(store::restore_board(&database, board).await?) })? {
            BoardState::Deleted => {}
            BoardState::Present => bail!("board {board} is not deleted"),
            BoardState::Absent => bail!(
                "there is no board {board} here; a board that was deleted long ago may be in a backup"
            ),
        }
        writeln!(
            std::io::stdout(),
            "Board {board} is restored, with its tokens. Devices reconnect to it by themselves."
        )?;
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_has_the_unit_that_fits_it() {
        for (bytes, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_499, "1 kB"),
            (1_500, "2 kB"),
            (1_000_000, "1.0 MB"),
            (33_554_432, "33.5 MB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
