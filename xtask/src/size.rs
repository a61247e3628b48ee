//! The sizes of the first visit and of the first board's files, compared with the budget.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

const BUDGET: &str = "budget.toml";

/// The worked example, the board that most people open first. A reader loads it in one language; this one is
/// counted.
const EXAMPLE: &str = "example.cruxboard.json";

/// The transferred files: those of the first visit, and those that the first board adds.
pub(crate) struct Transfers([Step; 2]);

/// Files that are transferred for one purpose.
struct Step {
    what: &'static str,
    /// The key in budget.toml for the sum up to and including this step.
    key: &'static str,
    files: Vec<Transfer>,
}

struct Transfer {
    name: String,
    plain: u64,
    /// Bytes sent by the server, with brotli where that helps.
    sent: u64,
}

impl Step {
    fn sent(&self) -> u64 {
        self.files.iter().map(|file| file.sent).sum()
    }
}

impl Transfers {
    /// Collects the files that the page in `dist` loads.
    pub(crate) fn of(dist: &Path) -> Result<Self> {
        let page = fs::read_to_string(dist.join("index.html")).context("reading the built page")?;
        let mut first = BTreeSet::from(["index.html".to_owned()]);
        first.extend(named_in(&page, &["href=", "src="], dist));
        // Scripts of Rust dependencies, which the bindings import.
        first.extend(
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
        let mut board = BTreeSet::from([EXAMPLE.to_owned()]);
        // The page names the board chunk without loading it.
        board.extend(named_in(&page, &["content="], dist));
        if !board.iter().any(|name| name.ends_with(".wasm")) {
            bail!("index.html does not name the board chunk, so its size is unknown");
        }
        let step = |what, key, names| {
            let files = transfers(names, dist)?;
            anyhow::Ok(Step { what, key, files })
        };
        Ok(Self([
            step(
                "What a first visit transfers, in bytes",
                "first_visit_brotli_bytes",
                first,
            )?,
            step(
                "What opening the worked example transfers besides",
                "worked_example_brotli_bytes",
                board,
            )?,
        ]))
    }

    /// Describes the sizes in one line.
    pub(crate) fn summary(&self) -> String {
        let [first, example] = &self.0;
        let kilobytes = |step: &Step| step.sent().div_ceil(1000);
        format!(
            "A first visit transfers {} kB, and opening the worked example {} kB more.",
            kilobytes(first),
            kilobytes(example)
        )
    }

    pub(crate) fn print(&self) {
        let mut all = Transfer {
            name: String::new(),
            plain: 0,
            sent: 0,
        };
        for step in &self.0 {
            println!("\n{}", step.what);
            println!("  {:<44} {:>11} {:>11}", "file", "plain", "brotli 11");
            for file in &step.files {
                row(&file.name, file.plain, file.sent);
                all.plain += file.plain;
                all.sent += file.sent;
            }
            row("all so far", all.plain, all.sent);
        }
    }

    /// Fails if a sum exceeds its limit in budget.toml.
    pub(crate) fn hold_against_budget(&self) -> Result<()> {
        let mut sent = 0;
        println!("\nHeld against {BUDGET}");
        for step in &self.0 {
            sent += step.sent();
            let allowed = budget(step.key)?;
            if sent > allowed {
                bail!(
                    "{} is {}, {} more than {BUDGET} allows; find out what got heavier \
                     (`cargo tree --target wasm32-unknown-unknown`, twiggy), or raise the figure in a commit \
                     that says why",
                    step.key,
                    grouped(sent),
                    grouped(sent - allowed)
                );
            }
            println!(
                "  {:<44} {:>11} {:>11}  ({} left)",
                step.key,
                grouped(sent),
                grouped(allowed),
                grouped(allowed - sent)
            );
        }
        Ok(())
    }
}

fn row(name: &str, plain: u64, sent: u64) {
    println!("  {name:<44} {:>11} {:>11}", grouped(plain), grouped(sent));
}

/// Returns the sizes of files, largest first.
fn transfers(names: BTreeSet<String>, dist: &Path) -> Result<Vec<Transfer>> {
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
    Ok(files)
}

fn budget(key: &str) -> Result<u64> {
    let text = fs::read_to_string(BUDGET).with_context(|| format!("reading {BUDGET}"))?;
    text.lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
        .and_then(|figure| figure.replace('_', "").trim().parse().ok())
        .with_context(|| format!("{BUDGET} has no line `{key} = <number>`"))
}

/// Returns the files of `dist` that are the value of one of these attributes.
fn named_in(page: &str, attributes: &'static [&'static str], dist: &Path) -> Vec<String> {
    references(page, attributes)
        .map(|name| name.trim_start_matches("./").to_owned())
        .filter(|name| dist.join(name).is_file())
        .collect()
}

/// Returns the values of these attributes, quoted or not: the minifier drops quotes where it can.
fn references<'a>(
    page: &'a str,
    attributes: &'static [&'static str],
) -> impl Iterator<Item = &'a str> {
    attributes.iter().flat_map(move |attribute| {
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

/// Formats 230000 as "230 000".
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
            references(page, &["href=", "src="]).collect::<Vec<_>>(),
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
