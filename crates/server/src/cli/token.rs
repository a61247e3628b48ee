//! `cruxboard token`

use std::{io::Write as _, process::ExitCode};

use anyhow::{Context as _, bail, ensure};
use chrono::DateTime;
use clap::{Args, Subcommand, ValueEnum};
use cruxboard_domain::Stamp;
use cruxboard_server::{
    store::{NewToken, TokenBook},
    token::{Rights, Token, unix_now},
};

use super::{Database, wait_for};

#[derive(Args)]
pub(crate) struct Tokens {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Make a token and print it, this once
    Create(Create),
    /// List all tokens; their secrets are not known
    List(List),
    /// End a token, and all that were made with it
    Revoke(Revoke),
}

#[derive(Args)]
struct Create {
    #[command(flatten)]
    database: Database,
    /// What its holder may do
    #[arg(long, value_enum)]
    rights: RightsName,
    /// The id of the one board it is for; without it, all
    #[arg(long, value_name = "ID")]
    board: Option<String>,
    /// For whom or what it is
    #[arg(long, default_value = "")]
    note: String,
    /// When it ends, as in 12h, 30d or 8w; without it, never
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
    /// Its id, as `cruxboard token list` shows it; or proxy: and the name of somebody whom a proxy
    /// names, for all that were made by them
    id: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum RightsName {
    /// Read the board
    Read,
    /// Read it, add changes, erase, let others in
    Write,
    /// All that, and make new boards
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
        match self.what {
            What::Create(create) => create.run(),
            What::List(list) => list.run(),
            What::Revoke(revoke) => revoke.run(),
        }
    }
}

impl Create {
    fn run(self) -> anyhow::Result<ExitCode> {
        let board = self.board.as_deref().map(board_named);
        let expires_in = self.expires_in.as_deref().map(seconds).transpose()?;
        let new = NewToken {
            rights: self.rights.rights(),
            board: board.transpose()?,
            note: self.note,
            made_by: None,
            expires_at: expires_in.map(|seconds| unix_now().saturating_add(seconds)),
        };
        let place = self.database.place()?;
        let (token, secret) =
            wait_for(async { Ok(TokenBook::open(&place).await?.make(new).await?) })?;
        let mut out = std::io::stdout();
        writeln!(out, "{}", secret.reveal())?;
        // Apart from the token, so that a script can take that.
        eprintln!(
            "This is shown only once. `cruxboard token revoke {}` ends it.",
            token.id
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let tokens = wait_for(async { Ok(TokenBook::open(&place).await?.all().await?) })?;
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
                // Somebody else may have written it, and a terminal obeys control characters.
                token.note.escape_debug(),
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Revoke {
    fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let revoked =
            wait_for(async { Ok(TokenBook::open(&place).await?.revoke(&self.id).await?) })?;
        ensure!(
            revoked,
            "there is no token {0}, and none was made by {0}; `cruxboard token list` shows them",
            self.id
        );
        let mut out = std::io::stdout();
        match self.id.strip_prefix("proxy:") {
            Some(name) => writeln!(
                out,
                "What {name} has let in opens nothing any more. The proxy in front can still let them in themselves."
            )?,
            None => writeln!(
                out,
                "Token {} opens nothing any more, nor do those that were made with it.",
                self.id
            )?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

pub(super) fn board_named(board: &str) -> anyhow::Result<Stamp> {
    let parsed = board.parse::<Stamp>();
    parsed.with_context(|| {
        format!("{board} is no board's id, which has 26 digits and capital letters")
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

/// Reads 90m, 12h, 30d or 8w.
pub(super) fn seconds(time: &str) -> anyhow::Result<i64> {
    let end = time.find(|letter: char| !letter.is_ascii_digit());
    let (number, unit) = time.split_at(end.unwrap_or(time.len()));
    let unit = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => bail!("{time} is no time; write 90m, 12h, 30d or 8w"),
    };
    let number: u32 = number
        .parse()
        .with_context(|| format!("{time} is no time; write 90m, 12h, 30d or 8w"))?;
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
