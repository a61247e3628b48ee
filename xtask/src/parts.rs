//! Splits a release build into what a first visit needs and the parts that come on demand.
//!
//! Trunk binds the app as one piece. Here cargo's own output is taken instead: split where
//! `src/app/parts.rs` marks it, bound, made small, and put where Trunk's files lie, each under a name
//! with a hash of all of them, so that parts of two builds never meet.

use std::{
    collections::BTreeMap,
    env, fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};

use crate::step;

/// What cargo calls the app.
const APP: &str = "cruxboard-app";
/// Stands for the hash until it is known: as long, since the program too names the files it imports, and
/// a word that no program holds.
const NO_HASH: &str = "hash-to-be-known";
/// How the splitter calls what loads the parts, and begins the names of parts and of what some share.
const LOADER: &str = "__wasm_split.js";
const PART: &str = "split_";
const SHARED: &str = "chunk_";
const WORKSHOP: &str = "target/xtask/parts";

/// Replaces the app in `folder`, which Trunk has just built, by the same app in parts.
pub(crate) fn split(folder: &Path) -> Result<()> {
    let workshop = PathBuf::from(WORKSHOP);
    if workshop.exists() {
        fs::remove_dir_all(&workshop)?;
    }
    fs::create_dir_all(&workshop)?;
    let name = format!("{APP}-{NO_HASH}");
    let whole = target_folder().join(format!("wasm32-unknown-unknown/release/{APP}.wasm"));
    step::output_of(
        Command::new("wasm-split-cli")
            .args([&whole, &workshop])
            .args(["--target", "web", "--out-name", &name]),
    )?;
    let main = workshop.join(format!("{name}.wasm"));
    step::output_of(
        Command::new("wasm-bindgen")
            .args(["--target", "web", "--no-typescript"])
            // The parts reach into the app by the names it exports.
            .args(["--keep-lld-exports", "--no-demangle"])
            .args(["--out-name", &name, "--out-dir"])
            .args([&workshop, &main]),
    )?;
    fs::remove_file(&main)?;
    shrink(&workshop)?;
    let files = named(&workshop)?;
    publish(folder, files)
}

fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// Makes every wasm file of a folder as small as it gets, all at the same time.
fn shrink(folder: &Path) -> Result<()> {
    let mut running = Vec::new();
    for path in files_of(folder)? {
        if path.extension().is_some_and(|ending| ending == "wasm") {
            let child = Command::new("wasm-opt")
                .args(["-Oz", "--enable-bulk-memory"])
                .args(["--enable-nontrapping-float-to-int", "-o"])
                .args([&path, &path])
                // It warns of names that it does not know, and then leaves them out.
                .stderr(Stdio::piped())
                .spawn()
                .context("starting wasm-opt")?;
            running.push((path, child));
        }
    }
    for (path, child) in running {
        let output = child.wait_with_output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("wasm-opt failed on {}:\n{said}", path.display());
        }
    }
    Ok(())
}

/// The files by the names they are to have, still without the hash.
fn named(workshop: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut renamed = Vec::new();
    for path in files_of(workshop)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.context("a file name that is no text")?.to_owned();
        let stem = name.trim_end_matches(".wasm");
        let new = if name == LOADER {
            format!("parts-{NO_HASH}.js")
        } else if let Some(part) = stem.strip_prefix(PART) {
            format!("{part}-{NO_HASH}.wasm")
        } else if let Some(number) = stem.strip_prefix(SHARED) {
            format!("shared-{number}-{NO_HASH}.wasm")
        } else {
            name.clone()
        };
        renamed.push((format!("\"./{name}\""), format!("\"./{new}\"")));
        files.insert(new, fs::read(path)?);
    }
    for (name, content) in &mut files {
        if name.ends_with(".js") {
            let mut text = String::from_utf8(std::mem::take(content))?;
            for (old, new) in &renamed {
                // Not where it is the name under which wasm imports it.
                text = text.replace(&format!("{old}: "), "\u{0}");
                text = text.replace(old, new);
                text = text.replace('\u{0}', &format!("{old}: "));
            }
            *content = forgiving(&text).into_bytes();
        }
    }
    Ok(files)
}

/// A loader that takes parts from servers that do not know what wasm is, as the bindings do.
fn forgiving(loader: &str) -> String {
    const STREAMING: &str = "WebAssembly.instantiateStreaming(src, imports)";
    if !loader.contains(STREAMING) || loader.contains("initSync(module") {
        return loader.to_owned();
    }
    let loader = loader.replace(STREAMING, "arrived(src, imports)");
    format!(
        "{loader}
async function arrived(src, imports) {{
    const response = await src;
    if (!response.ok) throw new Error(`${{response.url}}: ${{response.status}}`);
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}}
"
    )
}

/// Gives the files their hash and puts them in the place of Trunk's.
fn publish(folder: &Path, files: BTreeMap<String, Vec<u8>>) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    for content in files.values() {
        hasher.write(content);
    }
    // A first digit that is no zero, so that no name is shorter than another.
    let hash = format!("{:016x}", hasher.finish() | 1 << 63);

    let page = folder.join("index.html");
    let mut text = fs::read_to_string(&page)?;
    for path in files_of(folder)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.unwrap_or_default();
        let Some(ending) = name
            .strip_prefix(&format!("{APP}-"))
            .and_then(|rest| rest.find(['_', '.']).map(|at| &rest[at..]))
        else {
            continue;
        };
        text = text.replace(name, &format!("{APP}-{hash}{ending}"));
        fs::remove_file(path)?;
    }
    let glue = format!("<link crossorigin href=./{APP}-{hash}.js rel=modulepreload>");
    if !text.contains(&glue) {
        bail!("the built page does not load the app the way it used to: no {glue}");
    }
    // The bindings import the loader; without this it would be asked for only when they have come.
    let loader = format!("<link crossorigin href=./parts-{hash}.js rel=modulepreload>");
    text = text.replace(&glue, &format!("{glue}{loader}"));
    fs::write(page, text)?;

    for (name, content) in files {
        let content = replaced(&content, NO_HASH.as_bytes(), hash.as_bytes());
        fs::write(folder.join(name.replace(NO_HASH, &hash)), content)?;
    }
    Ok(())
}

/// The bytes with each `old` made `new`, which is as long.
fn replaced(content: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = content.to_vec();
    let mut at = 0;
    while at + old.len() <= out.len() {
        if out[at..].starts_with(old) {
            out[at..at + old.len()].copy_from_slice(new);
            at += old.len();
        } else {
            at += 1;
        }
    }
    out
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::{NO_HASH, forgiving, replaced};

    #[test]
    fn a_hash_takes_the_place_of_as_many_bytes_and_the_figures_of_a_program_stay() {
        let hash = "8f3a000000000000";
        let program = format!("./app-{NO_HASH}_bg.js 000102 0000000000000000");
        let known = replaced(program.as_bytes(), NO_HASH.as_bytes(), hash.as_bytes());
        assert_eq!(
            String::from_utf8(known).unwrap(),
            "./app-8f3a000000000000_bg.js 000102 0000000000000000"
        );
    }

    #[test]
    fn a_part_is_taken_whatever_type_the_server_says_it_has() {
        let loader = forgiving("load(WebAssembly.instantiateStreaming(src, imports))");
        assert!(loader.starts_with("load(arrived(src, imports))"));
        assert!(loader.contains("async function arrived"));
        let bindings = "initSync(module) WebAssembly.instantiateStreaming(src, imports)";
        assert_eq!(forgiving(bindings), bindings);
    }
}
