//! Splits a release build into the app of the first visit and the chunks that are loaded on demand.
//!
//! 1. Trunk builds the app as one wasm file. This module takes cargo's output instead.
//! 2. `wasm-split-cli` cuts it at the entry points that `src/app/lazy_chunks.rs` and `board_chunk.rs`
//!    declare.
//! 3. `wasm-bindgen` writes the bindings.
//! 4. `wasm-merge` merges code into the board chunk, on which all others depend: the code it shares with
//!    other chunks, and files that are too small for a request.
//! 5. `wasm-opt` optimizes each file.
//! 6. The imports from the bindings get short names (`wasm`).
//! 7. The files replace Trunk's. Their names contain a hash over all of them, so that chunks of two builds
//!    are never mixed.

mod rewrite;

use std::{
    collections::BTreeMap,
    env, fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

use self::rewrite::{
    forgiving, replaced, with_each_import_once, with_one_import, without_classes, without_shared,
};
use crate::wasm;

/// The app's package name.
const APP: &str = "cruxboard-app";
/// A placeholder for the hash until it is known. It has the same length as the hash, since the program
/// contains the names of the files that it imports. It occurs in no program.
const NO_HASH: &str = "hash-to-be-known";
/// The file name of the splitter's loader, and the prefixes of its file names for chunks and for shared code.
const LOADER: &str = "__wasm_split.js";
const CHUNK: &str = "split_";
const SHARED: &str = "chunk_";
/// The chunk on which all others depend.
const FIRST: &str = "board";
/// Size in bytes, before optimization, below which a file is not worth a request.
const TOO_SMALL: u64 = 4_000;
/// The WebAssembly features that the compiler uses.
const FEATURES: [&str; 2] = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
const WORKSHOP: &str = "target/xtask/chunks";

/// Replaces the app in `folder`, which Trunk has just built, by the same app in chunks.
pub(crate) fn split(folder: &Path) -> Result<()> {
    let workshop = PathBuf::from(WORKSHOP);
    if workshop.exists() {
        fs::remove_dir_all(&workshop)?;
    }
    fs::create_dir_all(&workshop)?;
    let name = format!("{APP}-{NO_HASH}");
    let whole = target_folder().join(format!("wasm32-unknown-unknown/release/{APP}.wasm"));
    let shell = Shell::new()?;
    let split = cmd!(
        shell,
        "wasm-split-cli {whole} {workshop} --target web --out-name {name}"
    );
    split.quiet().ignore_stdout().run()?;
    let main = workshop.join(format!("{name}.wasm"));
    // The exports must keep their names, since the chunks import them.
    let bind = cmd!(
        shell,
        "wasm-bindgen --target web --no-typescript --keep-lld-exports --no-demangle --out-name {name} --out-dir {workshop} {main}"
    );
    bind.quiet().ignore_stdout().run()?;
    fs::remove_file(&main)?;
    drop_unused_exports(&workshop, &name)?;
    gather(&workshop)?;
    shrink(&workshop)?;
    shorten_imports(&workshop, &name)?;
    let files = named(&workshop)?;
    publish(folder, files)
}

/// Merges into the first chunk the code that it shares with others, and files that are too small.
fn gather(workshop: &Path) -> Result<()> {
    let loader = workshop.join(LOADER);
    let is_gathered = |sharers: &[&str], name: &str| {
        let file = fs::metadata(workshop.join(format!("{name}.wasm")));
        sharers.contains(&FIRST) || file.is_ok_and(|file| file.len() < TOO_SMALL)
    };
    let (text, gathered) = without_shared(&fs::read_to_string(&loader)?, is_gathered);
    let chunk = workshop.join(format!("{CHUNK}{FIRST}.wasm"));
    let merged = workshop.join("merged.wat");
    let mut merge = Command::new("wasm-merge");
    merge.arg(&chunk).arg(FIRST);
    for name in &gathered {
        merge.arg(workshop.join(format!("{name}.wasm"))).arg(name);
    }
    // Every file imports the same memory, so the merged program first imports it several times.
    merge
        .args(FEATURES)
        .args(["--enable-multimemory", "-S", "-o"]);
    quietly(merge.arg(&merged))?;
    fs::write(
        &merged,
        with_each_import_once(&fs::read_to_string(&merged)?),
    )?;
    let mut assemble = Command::new("wasm-as");
    quietly(assemble.arg(&merged).args(FEATURES).arg("-o").arg(&chunk))?;
    fs::remove_file(&merged)?;
    for name in &gathered {
        fs::remove_file(workshop.join(format!("{name}.wasm")))?;
    }
    fs::write(&loader, text)?;
    Ok(())
}

fn target_folder() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

/// Optimizes every wasm file of a folder, in parallel.
fn shrink(folder: &Path) -> Result<()> {
    let mut running = Vec::new();
    for path in files_of(folder)? {
        if path.extension().is_some_and(|ending| ending == "wasm") {
            let mut shrink = Command::new("wasm-opt");
            shrink
                .arg("-Oz")
                .args(FEATURES)
                .arg("-o")
                .args([&path, &path]);
            running.push(thread::spawn(move || quietly(&mut shrink)));
        }
    }
    for shrinking in running {
        let done = shrinking.join();
        done.unwrap_or_else(|_| bail!("optimizing the chunks failed"))?;
    }
    Ok(())
}

/// Removes the exports of wasm-streams: classes for streams that are created in Rust. The app creates none;
/// reqwest only uses the crate to read responses. Without the exports, `wasm-opt` removes the code of the
/// classes. Their scripts go as well, and the bindings import the loader once.
fn drop_unused_exports(workshop: &Path, name: &str) -> Result<()> {
    let program = workshop.join(format!("{name}_bg.wasm"));
    let is_unused = |name: &str| {
        let name = name.strip_prefix("__wbg_").unwrap_or(name);
        name.starts_with("intounderlying")
    };
    let short = wasm::without_exports(&fs::read(&program)?, is_unused)?;
    fs::write(program, short)?;
    let bindings = workshop.join(format!("{name}.js"));
    let script = fs::read_to_string(&bindings)?;
    fs::write(
        bindings,
        with_one_import(&without_classes(&script, "IntoUnderlying")),
    )?;
    Ok(())
}

/// Gives short names to the program's imports from its bindings, in both files.
fn shorten_imports(workshop: &Path, name: &str) -> Result<()> {
    let program = workshop.join(format!("{name}_bg.wasm"));
    let bindings = workshop.join(format!("{name}.js"));
    let module = format!("./{name}_bg.js");
    let (short, names) = wasm::shorten(&fs::read(&program)?, |from| from == module)?;
    if names.is_empty() {
        bail!("the program imports nothing from {module}");
    }
    let script = wasm::rename(&fs::read_to_string(&bindings)?, &names);
    fs::write(program, short)?;
    fs::write(bindings, script)?;
    Ok(())
}

/// Runs one of binaryen's tools without its warnings about unknown names.
fn quietly(command: &mut Command) -> Result<()> {
    let output = command.output();
    let output = output.with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed:\n{said}");
    }
    Ok(())
}

/// Returns the files by their final names, with the placeholder for the hash.
fn named(workshop: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut renamed = Vec::new();
    for path in files_of(workshop)? {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.context("a file name that is no text")?.to_owned();
        let stem = name.trim_end_matches(".wasm");
        let new = if name == LOADER {
            format!("chunks-{NO_HASH}.js")
        } else if let Some(chunk) = stem.strip_prefix(CHUNK) {
            format!("{chunk}-{NO_HASH}.wasm")
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
                // The keys of the import object, which a colon follows, stay as they are.
                text = text.replace(&format!("{old}: "), "\u{0}");
                text = text.replace(old, new);
                text = text.replace('\u{0}', &format!("{old}: "));
            }
            *content = forgiving(&text).into_bytes();
        }
    }
    Ok(files)
}

/// Puts the hash into the files and replaces Trunk's files by them.
fn publish(folder: &Path, files: BTreeMap<String, Vec<u8>>) -> Result<()> {
    let mut hasher = DefaultHasher::new();
    for content in files.values() {
        hasher.write(content);
    }
    // The first digit is not zero, so that all hashes have the same length.
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
    // The bindings import the loader. Without this link it would be requested only after they have arrived.
    let loader = format!("<link crossorigin href=./chunks-{hash}.js rel=modulepreload>");
    // boot.js preloads the board chunk, except on a first visit.
    let first = format!("<meta content=./{FIRST}-{hash}.wasm name=board-chunk>");
    text = text.replace(&glue, &format!("{glue}{loader}{first}"));
    fs::write(page, text)?;

    for (name, content) in files {
        let content = replaced(&content, NO_HASH.as_bytes(), hash.as_bytes());
        fs::write(folder.join(name.replace(NO_HASH, &hash)), content)?;
    }
    Ok(())
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
