//! What Trunk leaves to us, called back through the hooks in Trunk.toml.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use xshell::{Shell, cmd};

use crate::lazy_chunks;

const STYLE: &str = "style/main.css";
const PAGE: &str = "index.html";
const WORKER: &str = "worker.js";
/// What stands in the worker's source for the files of a build.
const NO_FILES: &str = "const FILES = [];";
/// Named in index.html.
const BUNDLED_STYLE: &str = "target/style/cruxboard.css";

/// The hooks in Trunk.toml.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Hook {
    BundleStyle,
    FinishPage,
}

pub(crate) fn run(hook: Hook) -> Result<()> {
    match hook {
        Hook::BundleStyle => bundle_style(),
        Hook::FinishPage => {
            let folder = env::var_os("TRUNK_STAGING_DIR").context("not called by Trunk")?;
            let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
            finish(&PathBuf::from(folder), release)
        }
    }
}

/// Puts the stylesheets that style/main.css imports one after the other.
fn bundle_style() -> Result<()> {
    let mut bundle = String::new();
    append(Path::new(STYLE), &mut bundle)?;
    fs::create_dir_all(Path::new(BUNDLED_STYLE).parent().unwrap_or(Path::new(".")))?;
    fs::write(BUNDLED_STYLE, bundle).context("writing the bundled style")
}

fn append(sheet: &Path, bundle: &mut String) -> Result<()> {
    let text = fs::read_to_string(sheet).with_context(|| format!("reading {}", sheet.display()))?;
    for line in text.lines() {
        match imported(line) {
            Some(name) => append(&sheet.with_file_name(name), bundle)?,
            None => {
                bundle.push_str(line);
                bundle.push('\n');
            }
        }
    }
    Ok(())
}

/// `tokens.css` of a line that reads `@import "tokens.css";` and nothing else.
fn imported(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("@import ")?.strip_suffix(';')?;
    let name = name.trim();
    let quoted = |mark: char| name.strip_prefix(mark)?.strip_suffix(mark);
    let name = quoted('"').or_else(|| quoted('\''))?;
    (!name.contains(['"', '\'', ':'])).then_some(name)
}

fn finish(folder: &Path, release: bool) -> Result<()> {
    let page = folder.join(PAGE);
    let text = fs::read_to_string(&page)?;
    if text.contains(".well-known/trunk/ws") {
        // `trunk serve` adds an inline script that reloads the page, which the policy would forbid.
        fs::write(&page, without_policy(&text))?;
    } else if inline_script(&text) {
        bail!("the built page holds an inline script, which its own policy forbids");
    }
    if release {
        lazy_chunks::split(folder)?;
        name_files(folder)?;
        let shell = Shell::new()?;
        cmd!(shell, "node xtask/compress.mjs {folder}")
            .quiet()
            .run()?;
    }
    Ok(())
}

/// Writes into the worker which files there are for it to keep: all but the page, which it knows, and
/// itself.
fn name_files(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().into_string();
        let name = name.map_err(|name| anyhow!("{} is no text", name.display()))?;
        if name != PAGE && name != WORKER {
            names.push(format!("{name:?}"));
        }
    }
    names.sort();
    let worker = folder.join(WORKER);
    let text = fs::read_to_string(&worker)?;
    let filled = text.replacen(
        NO_FILES,
        &format!("const FILES = [{}];", names.join(", ")),
        1,
    );
    if filled == text {
        bail!("{WORKER} has no line {NO_FILES}");
    }
    fs::write(worker, filled).context("writing the worker")
}

fn without_policy(page: &str) -> String {
    let Some(name) = page.find("Content-Security-Policy") else {
        return page.to_owned();
    };
    let start = page[..name].rfind("<meta").unwrap_or(name);
    let end = page[name..]
        .find('>')
        .map_or(page.len(), |at| name + at + 1);
    format!("{}{}", &page[..start], &page[end..])
}

fn inline_script(page: &str) -> bool {
    page.match_indices("<script").any(|(at, _)| {
        let tag = &page[at..];
        let tag = &tag[..tag.find('>').unwrap_or(tag.len())];
        !tag.contains(" src=")
    })
}

#[cfg(test)]
mod tests {
    use super::{imported, inline_script, without_policy};

    #[test]
    fn only_a_plain_import_of_a_file_is_followed() {
        for (line, expected) in [
            ("@import \"tokens.css\";", Some("tokens.css")),
            ("  @import 'page/board.css';", Some("page/board.css")),
            ("@import url(x.css);", None),
            ("@import \"https://example.org/x.css\";", None),
            ("/* @import \"tokens.css\"; */", None),
            (".import { color: red; }", None),
        ] {
            assert_eq!(imported(line), expected, "{line}");
        }
    }

    #[test]
    fn the_policy_goes_and_the_rest_of_the_page_stays() {
        for page in [
            "<a><meta http-equiv=\"Content-Security-Policy\" content=\"x 'self'\"><b>",
            "<a><meta content=\"x 'self'\"http-equiv=Content-Security-Policy><b>",
        ] {
            assert_eq!(without_policy(page), "<a><b>");
        }
        assert_eq!(without_policy("<a><b>"), "<a><b>");
    }

    #[test]
    fn a_script_without_a_file_is_inline() {
        assert!(inline_script("<script type=module>import x</script>"));
        assert!(!inline_script(
            "<script src=./boot.js type=module></script>"
        ));
        assert!(!inline_script("<noscript>please</noscript>"));
    }
}
