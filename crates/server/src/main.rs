//! The program `cruxboard`.

mod command;

use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

use self::command::{Arguments, Command};

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()))
        .with_writer(std::io::stderr)
        .init();

    let outcome = match Arguments::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Token(token) => token.run(),
        Command::Check(check) => check.run(),
        Command::Backup(backup) => backup.run(),
        Command::Versions(versions) => versions.run(),
        Command::Rewind(rewind) => rewind.run(),
        Command::Restore(restore) => restore.run(),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            // By ourselves, because `main` returning the error would print a backtrace below the message.
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
