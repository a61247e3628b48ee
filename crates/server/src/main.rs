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
        .with_env_filter(what_to_log())
        .with_writer(std::io::stderr)
        // Colour codes are for people at a terminal, not for files and journals.
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
        // The reader has seen enough, as in `cruxboard versions … | head`.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            // By ourselves, because `main` returning the error would print a backtrace below the message.
            eprintln!("error: {}", with_causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

/// Reads `RUST_LOG`; without it, what whoever runs the server should know is logged.
fn what_to_log() -> EnvFilter {
    const OTHERWISE: &str = "info";
    let wanted = env::var("RUST_LOG").unwrap_or_default();
    if wanted.is_empty() {
        return OTHERWISE.into();
    }
    EnvFilter::try_new(&wanted).unwrap_or_else(|error| {
        eprintln!("note: RUST_LOG is taken for {OTHERWISE}: {error}");
        OTHERWISE.into()
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
