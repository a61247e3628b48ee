//! What a first visit transfers, held against the budget.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

const BUDGET: &str = "budget.toml";

/// The files of a first visit with their sizes in bytes.
pub(crate) struct FirstVisit {
    files: Vec<Transfer>,
}

struct Transfer {
    name: String,
    plain: u64,
    /// As the server sends it: with brotli where that helps.
    sent: u64,
}

impl FirstVisit {
    /// Follows the page in `dist` to what it loads.
    pub(crate) fn of(dist: &Path) -> Result<Self> {
        let page = fs::read_to_string(dist.join("index.html")).context("reading the built page")?;
        let mut names = BTreeSet::from(["index.html".to_owned()]);
        names.extend(
            references(&page)
                .map(|name| name.trim_start_matches("./").to_owned())
                .filter(|name| dist.join(name).is_file()),
        );
        // Scripts that a Rust dependency brought along; the glue imports them.
        names.extend(
            files_below(&dist.join("snippets"))?
                .iter()
                .filter_map(|path| {
                    let compressed = path
                        .extension()
                        .is_some_and(|end| end == "br" || end == "gz");
                    let name = path.strip_prefix(dist).ok()?.to_str()?.to_owned();
                    (!compressed).then_some(name)
                }),
        );

        let mut files = Vec::new();
        for name in names {
            let plain = fs::metadata(dist.join(&name))?.len();
            let compressed = fs::metadata(dist.join(format!("{name}.br")));
            files.push(Transfer {
                plain,
                sent: compressed.map_or(plain, |file| file.len()),
                name,
            });
        }
        files.sort_by_key(|file| std::cmp::Reverse(file.sent));
        Ok(Self { files })
    }

    pub(crate) fn sent(&self) -> u64 {
        self.files.iter().map(|file| file.sent).sum()
    }

    pub(crate) fn print(&self) {
        println!("\nWhat a first visit transfers, in bytes");
        let row = |name: &str, plain: u64, sent: u64| {
            println!("  {name:<44} {:>11} {:>11}", grouped(plain), grouped(sent));
        };
        println!("  {:<44} {:>11} {:>11}", "file", "plain", "brotli 11");
        for file in &self.files {
            row(&file.name, file.plain, file.sent);
        }
        row(
            "all",
            self.files.iter().map(|file| file.plain).sum(),
            self.sent(),
        );
    }

    /// Fails when the sum is above what budget.toml allows.
    pub(crate) fn hold_against_budget(&self) -> Result<()> {
        let allowed = budget()?;
        let sent = self.sent();
        if sent > allowed {
            bail!(
                "a first visit transfers {} bytes, {} more than {BUDGET} allows; find out what got heavier \
                 (`cargo tree --target wasm32-unknown-unknown`, twiggy), or raise the figure in a commit \
                 that says why",
                grouped(sent),
                grouped(sent - allowed)
            );
        }
        println!(
            "  {:<44} {:>11} {:>11}  ({} left)",
            "budget",
            "",
            grouped(allowed),
            grouped(allowed - sent)
        );
        Ok(())
    }
}

fn budget() -> Result<u64> {
    let text = fs::read_to_string(BUDGET).with_context(|| format!("reading {BUDGET}"))?;
    text.lines()
        .find_map(|line| line.strip_prefix("first_visit_brotli_bytes = "))
        .and_then(|figure| figure.replace('_', "").trim().parse().ok())
        .with_context(|| format!("{BUDGET} has no line `first_visit_brotli_bytes = <number>`"))
}

/// The value of each `href` and `src`, quoted or not: the minifier drops quotes where it can.
fn references(page: &str) -> impl Iterator<Item = &str> {
    ["href=", "src="].into_iter().flat_map(move |attribute| {
        page.match_indices(attribute).map(move |(at, _)| {
            let value = &page[at + attribute.len()..];
            match value.strip_prefix(['"', '\'']) {
                Some(quoted) => quoted.split(['"', '\'']).next().unwrap_or_default(),
                None => value.split([' ', '>']).next().unwrap_or_default(),
            }
        })
    })
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                files.extend(files_below(&path)?);
            } else {
                files.push(path);
            }
        }
    }
    Ok(files)
}

/// 230000 as "230 000".
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{grouped, references};

    #[test]
    fn every_file_the_page_names_is_found_with_and_without_quotes() {
        let page = "<link href=\"./a.css\" rel=x><script src=./b.js type=module></script><link href=c.svg>";
        assert_eq!(
            references(page).collect::<Vec<_>>(),
            ["./a.css", "c.svg", "./b.js"]
        );
    }

    #[test]
    fn thousands_are_set_apart() {
        for (number, expected) in [(7, "7"), (230_000, "230 000"), (1_234_567, "1 234 567")] {
            assert_eq!(grouped(number), expected);
        }
    }
}
