//! `cruxboard versions` and `cruxboard rewind`

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use chrono::DateTime;
use clap::Args;
use cruxboard_domain::text::counted;
use cruxboard_server::{
    store::{self, RewindOptions, TokenStore, Version},
    token::{Token, unix_now},
};

use super::{
    Database, block_on,
    token::{date, parse_board_id, seconds},
};

#[derive(Args)]
pub(crate) struct Versions {
    #[command(flatten)]
    database: Database,
    /// The id of the board
    board: String,
    /// Largest number of versions to list, latest first
    #[arg(long, default_value_t = 50)]
    most: usize,
}

#[derive(Args)]
pub(crate) struct Rewind {
    #[command(flatten)]
    database: Database,
    /// The id of the board
    board: String,
    /// Version to go back to, as `cruxboard versions` shows it; or a time: 2h ago, or
    /// 2026-11-23T14:00:00Z
    #[arg(long, value_name = "VERSION|TIME")]
    to: String,
    /// Remove later changes from the board instead of only retracting them: for a flooded board. They
    /// are archived for as long as erased texts are
    #[arg(long)]
    drop: bool,
    /// Undo only changes written with this token, as `cruxboard versions` shows it, or with one created
    /// with it. Can be given several times
    #[arg(long, value_name = "ID")]
    token: Vec<String>,
}

impl Versions {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let board = parse_board_id(&self.board)?;
        let (versions, tokens) = block_on(async {
            let versions = store::versions(&database, board).await?;
            let tokens = TokenStore::open(&database).await?.all().await?;
            Ok((versions, tokens))
        })?;
        let versions = versions.with_context(|| format!("there is no board {board} here"))?;
        let notes: BTreeMap<_, _> = tokens
            .iter()
            .map(|token| (token.id.as_str(), token.note.as_str()))
            .collect();
        let mut out = std::io::stdout();
        writeln!(
            out,
            "{:>15}  {:<17}  {:>7}  {:>7}  {:<10}  note",
            "version", "made", "added", "erased", "token"
        )?;
        for version in versions.iter().take(self.most) {
            let note = notes.get(version.token.as_str()).copied();
            writeln!(
                out,
                "{:>15}  {:<17}  {:>7}  {:>7}  {:<10}  {}",
                version.cursor,
                date(version.made_at),
                version.added,
                version.erased,
                version.token.escape_debug(),
                // Escaped: it may hold control characters for the terminal.
                note.unwrap_or_default().escape_debug(),
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Rewind {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let database = self.database.url()?;
        let board = parse_board_id(&self.board)?;
        let rewound = block_on(async {
            let versions = store::versions(&database, board).await?;
            let to = parse_version(&self.to, unix_now(), &versions.unwrap_or_default())?;
            let only_by = if self.token.is_empty() {
                None
            } else {
                let tokens = TokenStore::open(&database).await?.all().await?;
                Some(with_descendants(self.token, &tokens))
            };
            let options = RewindOptions {
                drops: self.drop,
                only_by,
            };
            Ok(store::rewind(&database, board, to, &options).await?)
        })?;
        let mut out = std::io::stdout();
        let changes = |count| counted(count, "change", "changes");
        writeln!(
            out,
            "Retracted {}, restored the content of {}, removed {}.",
            changes(rewound.retracted),
            changes(rewound.put_back),
            counted(rewound.taken_out, "erasure", "erasures")
        )?;
        if rewound.dropped > 0 {
            writeln!(
                out,
                "Removed {} from the board. To get them back, rewind to a version that has them while erased texts are kept.",
                changes(rewound.dropped)
            )?;
        }
        if rewound.brought_back > 0 {
            writeln!(
                out,
                "Restored {} to the state before an earlier rewind.",
                changes(rewound.brought_back)
            )?;
        }
        if rewound.lost > 0 {
            writeln!(
                out,
                "The content of {} is no longer kept; a backup from before may have it.",
                counted(rewound.lost, "erased change", "erased changes")
            )?;
        }
        if rewound.taken_out > 0 {
            writeln!(
                out,
                "Devices that have received the erasures undo them when they next connect. Files and backups written until then keep the erasures."
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Returns the ids, and those of all tokens created with these tokens, transitively.
fn with_descendants(ids: Vec<String>, tokens: &[Token]) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = ids.into_iter().collect();
    loop {
        let made = tokens.iter().filter(|token| {
            let maker = token.made_by.as_ref();
            maker.is_some_and(|maker| found.contains(maker)) && !found.contains(&token.id)
        });
        let made: Vec<String> = made.map(|token| token.id.clone()).collect();
        if made.is_empty() {
            return found;
        }
        found.extend(made);
    }
}

/// Parses a version: a number, or a time, which means the last version before it.
fn parse_version(text: &str, now: i64, versions: &[Version]) -> anyhow::Result<i64> {
    if let Ok(version) = text.parse() {
        return Ok(version);
    }
    let ago = text.strip_suffix(" ago").unwrap_or(text).trim();
    let at = match (DateTime::parse_from_rfc3339(text), seconds(ago)) {
        (Ok(time), _) => time.timestamp(),
        (_, Ok(ago)) => now - ago,
        _ => bail!("{text} is neither a version nor a time; write 42, 2h or 2026-11-23T14:00:00Z"),
    };
    let version = versions.iter().find(|version| version.made_at <= at);
    let version = version
        .context("there is no version from before then; `cruxboard versions` lists the versions")?;
    Ok(version.cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_given_by_its_number_or_by_a_time() {
        let version = |cursor, made_at| Version {
            cursor,
            made_at,
            token: String::new(),
            added: 1,
            erased: 0,
        };
        let now = 1_795_461_300;
        let versions = [
            version(9, now - 60),
            version(5, now - 7_200),
            version(2, now - 90_000),
        ];
        for (text, expected) in [
            ("7", Some(7)),
            ("0", Some(0)),
            ("1m", Some(9)),
            ("1h", Some(5)),
            ("2h ago", Some(5)),
            ("1d", Some(2)),
            ("2d", None),
            ("2026-11-23T19:13:59Z", Some(5)),
            ("2026-11-23T20:15:00+01:00", Some(9)),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse_version(text, now, &versions).ok(), expected, "{text}");
        }
    }
}
