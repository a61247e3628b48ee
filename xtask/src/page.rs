//! The hooks that Trunk calls, as set in Trunk.toml.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::ValueEnum;
use xshell::{Shell, cmd};

use crate::lazy_chunks;

/// The stylesheets, each of which imports others: that of the first screen, and that of boards.
const STYLES: [&str; 2] = ["first", BOARDS];
const BOARDS: &str = "boards";
const PAGE: &str = "index.html";
const WORKER: &str = "worker.js";
/// The placeholder in the worker's source for the files of a build.
const NO_FILES: &str = "const FILES = [];";
/// The folder of the bundled stylesheets, which index.html names.
const BUNDLES: &str = "target/style";

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

/// Concatenates the stylesheets that each of [`STYLES`] imports.
fn bundle_style() -> Result<()> {
    fs::create_dir_all(BUNDLES)?;
    for name in STYLES {
        let mut bundle = String::new();
        append(
            &Path::new("style").join(name).with_extension("css"),
            &mut bundle,
        )?;
        let path = Path::new(BUNDLES).join(name).with_extension("css");
        fs::write(path, bundle).context("writing the bundled style")?;
    }
    Ok(())
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

/// Returns `tokens.css` for a line that is exactly `@import "tokens.css";`.
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
        // `trunk serve` adds an inline script that reloads the page, which the content security policy would
        // forbid.
        fs::write(&page, without_policy(&text))?;
    } else if inline_script(&text) {
        bail!("the built page holds an inline script, which its own policy forbids");
    }
    if release {
        lazy_chunks::split(folder)?;
        load_style_of_boards_later(&page)?;
        fetch_manifest_with_credentials(&page)?;
        name_files(folder)?;
        minify_scripts(folder)?;
        let shell = Shell::new()?;
        cmd!(shell, "node xtask/compress.mjs {folder}")
            .quiet()
            .run()?;
    }
    Ok(())
}

/// Replaces the link to the boards' stylesheet by its name. The app loads it with the first board.
fn load_style_of_boards_later(page: &Path) -> Result<()> {
    let text = fs::read_to_string(page)?;
    let name = text.find(&format!("./{BOARDS}-"));
    let link = name.and_then(|at| {
        let (start, end) = (
            text[..at].rfind("<link")?,
            at + text[at..].find(".css")? + 4,
        );
        Some((start, &text[at..end], end + text[end..].find('>')? + 1))
    });
    let (start, name, end) = link.context("the built page has no stylesheet of boards")?;
    let later = format!("<meta content={name} name=board-style>");
    fs::write(page, format!("{}{later}{}", &text[..start], &text[end..]))?;
    Ok(())
}

/// Restores the value of an attribute that Trunk's minifier drops. Without it the browser requests the
/// manifest without credentials, and a proxy that requires signing in refuses it.
fn fetch_manifest_with_credentials(page: &Path) -> Result<()> {
    let text = fs::read_to_string(page)?;
    let dropped = "<link crossorigin href=manifest.webmanifest";
    if !text.contains(dropped) {
        bail!("the built page does not link to the manifest the way it used to: no {dropped}");
    }
    let restored = dropped.replace("crossorigin", "crossorigin=use-credentials");
    fs::write(page, text.replace(dropped, &restored))?;
    Ok(())
}

/// Writes into the worker the list of files to store: all but the page, which it knows, and the worker
/// itself.
fn name_files(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    collect_names(folder, "", &mut names)?;
    names.retain(|name| name != PAGE && name != WORKER);
    names.sort();
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
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

/// Adds the names of the files in a folder and those below, with `before` in front of each.
fn collect_names(folder: &Path, before: &str, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string();
        let name = name.map_err(|name| anyhow!("{} is no text", name.display()))?;
        let name = format!("{before}{name}");
        if entry.file_type()?.is_dir() {
            collect_names(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

/// Minifies the scripts. Their names keep the hashes of the original content.
fn minify_scripts(folder: &Path) -> Result<()> {
    let mut scripts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "js") {
            scripts.push(path);
        }
    }
    let shell = Shell::new()?;
    let minify = cmd!(
        shell,
        "esbuild --minify --log-level=warning --allow-overwrite --outdir={folder} {scripts...}"
    );
    Ok(minify.quiet().run()?)
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
