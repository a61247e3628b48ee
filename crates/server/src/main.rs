//! The program `cruxboard`.

mod command;

use std::{
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use tracing_subscriber::EnvFilter;

use self::command::Command;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        // Colour codes are for people at a terminal, not for files and journals.
        .with_ansi(std::io::stderr().is_terminal())
        .init();

    let arguments = match command::arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Token(token) => token.run(),
        Command::Boards(boards) => boards.run(),
        Command::Board(board) => board.run(),
        Command::Check(check) => check.run(),
        Command::Backup(backup) => backup.run(),
        Command::Versions(versions) => versions.run(),
        Command::Rewind(rewind) => rewind.run(),
        Command::Restore(restore) => restore.run(),
    };
    match outcome {
        Ok(code) => code,
        // The reader has seen enough, as in `cruxboard versions … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // By ourselves, because `main` returning the error would print a backtrace below the message.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
