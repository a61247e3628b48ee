//! `cruxboard token`

use std::{io::Write as _, process::ExitCode};

use anyhow::{Context as _, bail, ensure};
use chrono::DateTime;
use clap::{Args, Subcommand, ValueEnum};
use cruxboard_domain::BoardId;
use cruxboard_server::{
    store::{NewToken, TokenStore},
    token::{Rights, Token, unix_now},
};

use super::{Database, block_on};

#[derive(Args)]
pub(crate) struct Tokens {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Create a token and print it; it is not shown again
    Create(Create),
    /// List all tokens, without their secrets
    List(List),
    /// Revoke a token, and all tokens created with it
    Revoke(Revoke),
}

#[derive(Args)]
struct Create {
    #[command(flatten)]
    database: Database,
    /// Rights of the token
    #[arg(long, value_enum)]
    rights: RightsName,
    /// Id of the board that the token is for; all boards by default
    #[arg(long, value_name = "ID")]
    board: Option<String>,
    /// Note for the list: a person or purpose
    #[arg(long, default_value = "")]
    note: String,
    /// Lifetime, as in 12h, 30d or 8w; no end by default
    #[arg(long, value_name = "TIME")]
    expires_in: Option<String>,
}

#[derive(Args)]
struct List {
    #[command(flatten)]
    database: Database,
}

#[derive(Args)]
struct Revoke {
    #[command(flatten)]
    database: Database,
    /// Id of the token, as `cruxboard token list` shows it. Or proxy: and the name of a user named by a
    /// reverse proxy, for all tokens created by them
    id: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RightsName {
    /// Read the board
    Read,
    /// Read it, add changes, erase, invite others
    Write,
    /// All of these, and create and delete boards
    Admin,
}

impl RightsName {
    pub(super) fn rights(self) -> Rights {
        match self {
            Self::Read => Rights::Read,
            Self::Write => Rights::Write,
            Self::Admin => Rights::Admin,
        }
    }
}

impl Tokens {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Create(create) => create.run(),
            Action::List(list) => list.run(),
            Action::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Create {
    fn run(self) -> anyhow::Result<ExitCode> {
        let board = self.board.as_deref().map(parse_board_id);
        let expires_in = self.expires_in.as_deref().map(seconds).transpose()?;
        let new = NewToken {
            rights: self.rights.rights(),
            board: board.transpose()?,
            note: self.note,
            made_by: None,
            expires_at: expires_in.map(|seconds| unix_now().saturating_add(seconds)),
        };
        let database = self.database.url()?;
        let (token, secret) =
            block_on(async { Ok(TokenStore::open(&database).await?.make(new).await?) })?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", secret.reveal())?;
        // On standard error, so that a script reads only the token from standard output.
        eprintln!(
            "The token is shown only once. `cruxboard token revoke {}` revokes it.",
            token.id
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let tokens = block_on(async { Ok(TokenStore::open(&database).await?.all().await?) })?;
        let mut out = std::io::stdout();
        writeln!(
            out,
            "{:<10}  {:<6}  {:<26}  {:<20}  {:<10}  {:<24}  note",
            "id", "rights", "board", "made", "by", "state"
        )?;
        for token in tokens {
            let board = token
                .board
                .map_or_else(|| "all".to_owned(), |board| board.to_string());
            writeln!(
                out,
                "{:<10}  {:<6}  {board:<26}  {:<20}  {:<10}  {:<24}  {}",
                token.id,
                token.rights.name(),
                date(token.made_at),
                token
                    .made_by
                    .as_deref()
                    .unwrap_or("-")
                    .escape_debug()
                    .to_string(),
                state(&token),
                // Escaped: it may hold control characters for the terminal.
                token.note.escape_debug(),
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Revoke {
    fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let revoked =
            block_on(async { Ok(TokenStore::open(&database).await?.revoke(&self.id).await?) })?;
        ensure!(
            revoked,
            "there is no token {0}, and none was created by {0}; `cruxboard token list` lists all tokens",
            self.id
        );
        let mut out = std::io::stdout();
        match self.id.strip_prefix("proxy:") {
            Some(name) => writeln!(
                out,
                "All tokens created by {name} are revoked. The reverse proxy can still give {name} access."
            )?,
            None => writeln!(
                out,
                "Token {} is revoked, with all tokens created with it.",
                self.id
            )?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn parse_board_id(board: &str) -> anyhow::Result<BoardId> {
    let parsed = board.parse::<BoardId>();
    parsed.with_context(|| {
        format!("{board} is not the id of a board, which has 26 digits and capital letters")
    })
}

fn state(token: &Token) -> String {
    match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {}", day(at)),
        (None, Some(at)) if !token.is_valid(unix_now()) => format!("expired {}", day(at)),
        (None, Some(at)) => format!("until {}", day(at)),
        (None, None) => "valid".to_owned(),
    }
}

pub(super) fn date(unix: i64) -> String {
    let date = DateTime::from_timestamp(unix, 0);
    date.map_or_else(String::new, |date| {
        date.format("%Y-%m-%d %H:%MZ").to_string()
    })
}

fn day(unix: i64) -> String {
    let date = DateTime::from_timestamp(unix, 0);
    date.map_or_else(String::new, |date| date.format("%Y-%m-%d").to_string())
}

/// Parses a duration in seconds: 90m, 12h, 30d or 8w.
pub(super) fn seconds(time: &str) -> anyhow::Result<i64> {
    let end = time.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = time.split_at(end.unwrap_or(time.len()));
    let unit = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => bail!("{time} is not a duration; write 90m, 12h, 30d or 8w"),
    };
    let number: u32 = number
        .parse()
        .with_context(|| format!("{time} is not a duration; write 90m, 12h, 30d or 8w"))?;
    Ok(i64::from(number) * unit)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_time_is_a_number_with_its_unit() {
        for (time, expected) in [
            ("90m", Some(5_400)),
            ("12h", Some(43_200)),
            ("30d", Some(2_592_000)),
            ("8w", Some(4_838_400)),
            ("", None),
            ("30", None),
            ("d", None),
            ("-1d", None),
            ("1.5h", None),
            ("30 d", None),
            ("9999999999d", None),
            ("3é", None),
        ] {
            assert_eq!(seconds(time).ok(), expected, "{time}");
        }
    }
}
