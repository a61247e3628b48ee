//! `cruxboard versions` and `cruxboard rewind`

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use chrono::DateTime;
use clap::Args;
use cruxboard_server::{
    store::{self, RewindOptions, TokenBook, Version},
    token::{Token, unix_now},
};

use super::{
    Database,
    token::{board_named, date, seconds},
    wait_for,
};

#[derive(Args)]
pub(crate) struct Versions {
    #[command(flatten)]
    database: Database,
    /// The board's id
    board: String,
    /// How many of them, latest first
    #[arg(long, default_value_t = 50)]
    most: usize,
}

#[derive(Args)]
pub(crate) struct Rewind {
    #[command(flatten)]
    database: Database,
    /// The board's id
    board: String,
    /// The version to go back to, as `cruxboard versions` shows it; or a time: 2h ago, or
    /// 2026-11-23T14:00:00Z
    #[arg(long, value_name = "VERSION|TIME")]
    to: String,
    /// Take what was added since out of the board instead of only retracting it: for a board that
    /// somebody has flooded. It is kept aside for as long as erased texts are
    #[arg(long)]
    drop: bool,
    /// Undo only what came with this token and those made with it, as `cruxboard versions` shows it. Can
    /// be given several times
    #[arg(long, value_name = "ID")]
    token: Vec<String>,
}

impl Versions {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let board = board_named(&self.board)?;
        let (versions, tokens) = wait_for(async {
            let versions = store::versions(&place, board).await?;
            let tokens = TokenBook::open(&place).await?.all().await?;
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
                // Somebody else may have written it, and a terminal obeys control characters.
                note.unwrap_or_default().escape_debug(),
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Rewind {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let place = self.database.place()?;
        let board = board_named(&self.board)?;
        let rewound = wait_for(async {
            let versions = store::versions(&place, board).await?;
            let to = moment(&self.to, unix_now(), &versions.unwrap_or_default())?;
            let only_by = if self.token.is_empty() {
                None
            } else {
                let tokens = TokenBook::open(&place).await?.all().await?;
                Some(with_those_made(self.token, &tokens))
            };
            let options = RewindOptions {
                drops: self.drop,
                only_by,
            };
            Ok(store::rewind(&place, board, to, &options).await?)
        })?;
        let mut out = std::io::stdout();
        writeln!(
            out,
            "{} changes were taken back, {} have their content again, {} erasures were taken out.",
            rewound.retracted, rewound.put_back, rewound.taken_out
        )?;
        if rewound.dropped > 0 {
            writeln!(
                out,
                "{} changes are out of the board. They can be brought back by going to a version that has them, for as long as erased texts are kept.",
                rewound.dropped
            )?;
        }
        if rewound.brought_back > 0 {
            writeln!(
                out,
                "{} changes are as they were before an earlier `rewind`.",
                rewound.brought_back
            )?;
        }
        if rewound.lost > 0 {
            writeln!(
                out,
                "Of {} erased changes nothing is kept any more; a backup from before may have them.",
                rewound.lost
            )?;
        }
        if rewound.taken_out > 0 {
            writeln!(
                out,
                "Devices that have taken the erasures in undo them when they next connect; a file or backup written meanwhile keeps them."
            )?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// The tokens with these ids, and all that were made with them.
fn with_those_made(ids: Vec<String>, tokens: &[Token]) -> BTreeSet<String> {
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

/// The version that is meant: a number is one, and a time means the last one before.
fn moment(text: &str, now: i64, versions: &[Version]) -> anyhow::Result<i64> {
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
    let version = version.context(
        "there is no version from before then; `cruxboard versions` shows those that are remembered",
    )?;
    Ok(version.cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_named_by_its_number_or_by_a_time() {
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
            assert_eq!(moment(text, now, &versions).ok(), expected, "{text}");
        }
    }
}
