//! Splits a release build into the app of the first visit and the chunks that are loaded on demand.
//!
//! 1. Trunk builds the app as one wasm file. This module takes cargo's output instead.
//! 2. `wasm-split-cli` cuts it at the entry points of `src/app/lazy_chunks.rs`.
//! 3. `wasm-bindgen` writes the bindings.
//! 4. `wasm-merge` merges into the board chunk the code that it shares with other chunks, because all of
//!    them depend on it, and the files that are too small for a request.
//! 5. `wasm-opt` optimizes each file.
//! 6. The files replace Trunk's. Their names hold a hash over all of them, so that chunks of two builds
//!    are never mixed.

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

/// What cargo calls the app.
const APP: &str = "cruxboard-app";
/// Stands for the hash until it is known. It has the same length, since the program contains the names of
/// the files that it imports, and it occurs in no program.
const NO_HASH: &str = "hash-to-be-known";
/// The name of the splitter's loader, and the prefixes of its names for chunks and for shared code.
const LOADER: &str = "__wasm_split.js";
const CHUNK: &str = "split_";
const SHARED: &str = "chunk_";
/// The chunk on which all others depend.
const FIRST: &str = "board";
/// Files of fewer bytes, before optimization, are not worth a request.
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
    // The chunks use the names that the app exports.
    let bind = cmd!(
        shell,
        "wasm-bindgen --target web --no-typescript --keep-lld-exports --no-demangle --out-name {name} --out-dir {workshop} {main}"
    );
    bind.quiet().ignore_stdout().run()?;
    fs::remove_file(&main)?;
    gather(&workshop)?;
    shrink(&workshop)?;
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
    // Each file imports the one memory. The merged program imports it several times at first.
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

/// Removes from the loader the shared files for which `is_gathered` holds, given their chunks and their
/// name. Returns the loader and the removed names.
fn without_shared(
    loader: &str,
    is_gathered: impl Fn(&[&str], &str) -> bool,
) -> (String, Vec<String>) {
    let mut gathered = Vec::new();
    let mut text = String::new();
    let mut is_inside = false;
    let mut lines = loader.lines().peekable();
    while let Some(line) = lines.next() {
        // The comment before a file lists the chunks that share it.
        let sharers = line
            .strip_prefix("/* ")
            .and_then(|line| line.strip_suffix(" */"));
        if let Some(sharers) = sharers
            && let Some(name) = lines.peek().and_then(|next| declared(next))
            && is_gathered(&sharers.split(", ").collect::<Vec<_>>(), name)
        {
            gathered.push(name.to_owned());
            is_inside = true;
        }
        let needed = line
            .strip_prefix(", [")
            .and_then(|line| line.rsplit_once(']'));
        match needed {
            Some(_) if is_inside => is_inside = false,
            Some((names, end)) => {
                let is_left = |name: &&str| {
                    !gathered
                        .iter()
                        .any(|gone| name.strip_prefix("__") == Some(gone))
                };
                let names: Vec<&str> = names.split(", ").filter(is_left).collect();
                text.push_str(&format!(", [{}]{end}\n", names.join(", ")));
            }
            None if is_inside => {}
            None => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    (text, gathered)
}

/// Returns the name of a shared file from the line that declares it.
fn declared(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("const __")?.split_once(" = ")?;
    name.starts_with(SHARED).then_some(name)
}

/// Rewrites a program in text form so that each import occurs once, under its first name.
fn with_each_import_once(program: &str) -> String {
    let mut first_names: HashMap<String, &str> = HashMap::new();
    let mut others: HashMap<&str, &str> = HashMap::new();
    let mut text = String::with_capacity(program.len());
    for line in program.lines() {
        let name = line.trim_start().strip_prefix("(import ").and_then(|rest| {
            let start = rest.find('$')?;
            let end = rest[start..].find([' ', ')'])?;
            Some(&rest[start..start + end])
        });
        if let Some(name) = name {
            // The same but for the name.
            if let Some(first) = first_names.get(&line.replace(name, "")) {
                others.insert(name, first);
                continue;
            }
            first_names.insert(line.replace(name, ""), name);
        }
        let mut rest = line;
        while let Some(start) = rest.find('$') {
            text.push_str(&rest[..start]);
            let length = rest[start..].find([' ', ')']).unwrap_or(rest.len() - start);
            let name = &rest[start..start + length];
            text.push_str(others.get(name).unwrap_or(&name));
            rest = &rest[start + length..];
        }
        text.push_str(rest);
        text.push('\n');
    }
    text
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

/// Returns the files by their final names, with a placeholder for the hash.
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
                // Names under which wasm imports stay as they are.
                text = text.replace(&format!("{old}: "), "\u{0}");
                text = text.replace(old, new);
                text = text.replace('\u{0}', &format!("{old}: "));
            }
            *content = forgiving(&text).into_bytes();
        }
    }
    Ok(files)
}

/// Makes the loader accept chunks that a server sends without the type of wasm, as the bindings do.
fn forgiving(loader: &str) -> String {
    const STREAMING: &str = "WebAssembly.instantiateStreaming(src, imports)";
    // The bindings do this already.
    if !loader.contains(STREAMING) || loader.contains("initSync(module") {
        return loader.to_owned();
    }
    let loader = loader.replace(STREAMING, "arrived(src, imports)");
    format!(
        "{loader}
async function arrived(src, imports) {{
    const response = await src;
    if (!response.ok) throw new Error(`${{response.url}}: ${{response.status}}`);
    if (response.headers.get(\"content-type\") === \"application/wasm\") {{
        return WebAssembly.instantiateStreaming(response, imports);
    }}
    return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}}
"
    )
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
    // The bindings import the loader. Without this it would be requested only after them.
    let loader = format!("<link crossorigin href=./chunks-{hash}.js rel=modulepreload>");
    // boot.js preloads it, except on a first visit.
    let first = format!("<meta content=./{FIRST}-{hash}.wasm name=board-chunk>");
    text = text.replace(&glue, &format!("{glue}{loader}{first}"));
    fs::write(page, text)?;

    for (name, content) in files {
        let content = replaced(&content, NO_HASH.as_bytes(), hash.as_bytes());
        fs::write(folder.join(name.replace(NO_HASH, &hash)), content)?;
    }
    Ok(())
}

/// Replaces each `old` by `new`, which has the same length.
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
    use super::{NO_HASH, forgiving, replaced, with_each_import_once, without_shared};

    #[test]
    fn what_goes_into_another_file_is_loaded_by_nobody_any_more() {
        let loader = "\
/* board, editing */
const __chunk_7 = makeLoad(() => {
    const src = fetch(\"./chunk_7.wasm\");
}
, []);
/* editing, keyboard */
const __chunk_8 = makeLoad(() => {
    const src = fetch(\"./chunk_8.wasm\");
}
, []);
export const __wasm_split_load_editing = wrapAsyncCb(makeLoad(() => {
    const src = fetch(\"./split_editing.wasm\");
}
, [__chunk_7, __chunk_8]));
";
        let (left, gathered) = without_shared(loader, |sharers, name| {
            assert!(name.starts_with("chunk_"), "{name}");
            sharers.contains(&"board")
        });
        assert_eq!(gathered, ["chunk_7"]);
        let expected = "\
/* editing, keyboard */
const __chunk_8 = makeLoad(() => {
    const src = fetch(\"./chunk_8.wasm\");
}
, []);
export const __wasm_split_load_editing = wrapAsyncCb(makeLoad(() => {
    const src = fetch(\"./split_editing.wasm\");
}
, [__chunk_8]));
";
        assert_eq!(left, expected);
    }

    #[test]
    fn a_memory_imported_twice_is_one_and_a_name_that_begins_like_another_stays() {
        let program = r#"(module
 (import "app" "memory" (memory $m 20))
 (import "app" "memory" (memory $m_1 20))
 (import "app" "table" (table $m_12 7 funcref))
 (data $d (memory $m_1) (i32.const 8) "costs $m_")
 (func $f (i32.load $m_1 (local.get $0)))
 (elem (table $m_12) (i32.const 1) $f)
)
"#;
        let expected = r#"(module
 (import "app" "memory" (memory $m 20))
 (import "app" "table" (table $m_12 7 funcref))
 (data $d (memory $m) (i32.const 8) "costs $m_")
 (func $f (i32.load $m (local.get $0)))
 (elem (table $m_12) (i32.const 1) $f)
)
"#;
        assert_eq!(with_each_import_once(program), expected);
    }

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
    fn a_chunk_is_taken_whatever_type_the_server_says_it_has() {
        let loader = forgiving("load(WebAssembly.instantiateStreaming(src, imports))");
        assert!(loader.starts_with("load(arrived(src, imports))"));
        assert!(loader.contains("async function arrived"));
        let bindings = "initSync(module) WebAssembly.instantiateStreaming(src, imports)";
        assert_eq!(forgiving(bindings), bindings);
    }
}
