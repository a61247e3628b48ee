//! `cruxboard boards` and `cruxboard board`

use std::{io::Write as _, process::ExitCode};

use anyhow::bail;
use clap::{Args, Subcommand};
use cruxboard_server::store::{self, BoardError, BoardState, Listed, OpenError};

use super::{
    Database,
    token::{board_named, date},
    wait_for,
};

#[derive(Args)]
pub(crate) struct Boards {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
pub(crate) struct BoardCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Delete a board; for as long as erased texts are kept it can be brought back. While a server has the
    /// file open, send it DELETE for the board's address instead
    Delete(Named),
    /// Bring a deleted board back. While a server has the file open, send it POST for the board's address with
    /// /restore at its end instead
    Restore(Named),
}

#[derive(Args)]
struct Named {
    #[command(flatten)]
    database: Database,
    /// The board's id, as `cruxboard boards` shows it
    board: String,
}

impl Boards {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let boards = wait_for(async { Ok(store::boards(&place).await?) })?;
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
                // Somebody else may have written it, and a terminal obeys control characters.
                board.title.escape_debug(),
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn state(board: &Listed) -> String {
    let deleted = board.deleted_at.map(date);
    deleted.map_or_else(|| "there".to_owned(), |date| format!("deleted {date}"))
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
        match self.what {
            What::Delete(named) => named.delete(),
            What::Restore(named) => named.restore(),
        }
    }
}

impl Named {
    fn delete(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let board = board_named(&self.board)?;
        match wait_for(async { Ok(store::delete_board(&place, board).await) })? {
            Err(BoardError::Open(OpenError::InUse { .. })) => bail!(
                "a server has the database open: stop it, or send it DELETE for /boards/{board} with an admin token"
            ),
            Err(error) => return Err(error.into()),
            Ok(BoardState::Present) => {}
            Ok(BoardState::Deleted) => bail!("board {board} is deleted already"),
            Ok(BoardState::Absent) => bail!("there is no board {board} here"),
        }
        writeln!(
            std::io::stdout(),
            "Board {board} is deleted. For as long as the server keeps erased texts, a week unless told otherwise,\n\
             `cruxboard board restore {board}` brings it back; then it is gone for good, and its tokens with it.\n\
             Copies on people's devices stay as they are."
        )?;
        Ok(ExitCode::SUCCESS)
    }

    fn restore(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let board = board_named(&self.board)?;
        match wait_for(async { Ok(store::restore_board(&place, board).await?) })? {
            BoardState::Deleted => {}
            BoardState::Present => bail!("board {board} is not deleted"),
            BoardState::Absent => bail!(
                "there is no board {board} here; one that was deleted long ago may be in a backup"
            ),
        }
        writeln!(
            std::io::stdout(),
            "Board {board} is back, with its tokens. Devices reach it again by themselves."
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
