//! The program `cruxboard`.

mod cli;

use std::{
    env,
    io::{self, IsTerminal as _},
    process::ExitCode,
};

use cruxboard_server::error_chain::with_causes;
use tracing_subscriber::EnvFilter;

use self::cli::Command;

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(log_filter())
        .with_writer(std::io::stderr)
        // Colour codes for terminals only, not for files and journals.
        .with_ansi(std::io::stderr().is_terminal())
        .init();

    let arguments = match cli::arguments() {
        Ok(arguments) => arguments,
        Err(error) => {
            eprintln!("error: {}", with_causes(error.as_ref()));
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
        // The reader closed the pipe, as in `cruxboard versions … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // Returning the error from `main` would print a backtrace below the message.
            eprintln!("error: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Reads the log filter from `RUST_LOG`; `info` by default.
fn log_filter() -> EnvFilter {
    // Without the pool's line for each connection that the database has closed.
    const DEFAULT: &str = "info,deadpool.postgres=error";
    let wanted = env::var("RUST_LOG").unwrap_or_default();
    if wanted.is_empty() {
        return DEFAULT.into();
    }
    EnvFilter::try_new(&wanted).unwrap_or_else(|error| {
        eprintln!("warning: RUST_LOG is invalid, so {DEFAULT} is used: {error}");
        DEFAULT.into()
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
