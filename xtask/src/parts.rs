//! Splits a release build into what a first visit needs and the parts that come on demand.
//!
//! Trunk binds the app as one piece. Here cargo's own output is taken instead: split where
//! `src/app/parts.rs` marks it, bound, made small, and put where Trunk's files lie, each under a name
//! with a hash of all of them, so that parts of two builds never meet.
//!
//! The splitter gives what several parts share a file of its own for each set of parts that share it. All
//! but one of our parts come only when that one is there, so what it shares with them is put in its file,
//! and what is too small to be asked for by itself.

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    hash::{DefaultHasher, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
    thread,
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
/// The part on which all others build.
const FIRST: &str = "board";
/// Fewer bytes than that are not worth a request, before they are made small.
const TOO_SMALL: u64 = 4_000;
/// What of WebAssembly the compiler uses.
const FEATURES: [&str; 2] = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];
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
    gather(&workshop)?;
    shrink(&workshop)?;
    let files = named(&workshop)?;
    publish(folder, files)
}

/// Puts what the first part shares with others in its own file, and what is too small for one.
fn gather(workshop: &Path) -> Result<()> {
    let loader = workshop.join(LOADER);
    let is_gathered = |sharers: &[&str], name: &str| {
        let file = fs::metadata(workshop.join(format!("{name}.wasm")));
        sharers.contains(&FIRST) || file.is_ok_and(|file| file.len() < TOO_SMALL)
    };
    let (text, gathered) = without_shared(&fs::read_to_string(&loader)?, is_gathered);
    let part = workshop.join(format!("{PART}{FIRST}.wasm"));
    let merged = workshop.join("merged.wat");
    let mut merge = Command::new("wasm-merge");
    merge.arg(&part).arg(FIRST);
    for name in &gathered {
        merge.arg(workshop.join(format!("{name}.wasm"))).arg(name);
    }
    // Each piece imports the one memory that there is; merged, they count as many at first.
    merge
        .args(FEATURES)
        .args(["--enable-multimemory", "-S", "-o"]);
    quietly(merge.arg(&merged))?;
    fs::write(
        &merged,
        with_each_import_once(&fs::read_to_string(&merged)?),
    )?;
    let mut assemble = Command::new("wasm-as");
    quietly(assemble.arg(&merged).args(FEATURES).arg("-o").arg(&part))?;
    fs::remove_file(&merged)?;
    for name in &gathered {
        fs::remove_file(workshop.join(format!("{name}.wasm")))?;
    }
    fs::write(&loader, text)?;
    Ok(())
}

/// The loader without those shared files for which `is_gathered` holds, given who shares them and their
/// name; and their names.
fn without_shared(
    loader: &str,
    is_gathered: impl Fn(&[&str], &str) -> bool,
) -> (String, Vec<String>) {
    let mut gathered = Vec::new();
    let mut text = String::new();
    let mut is_inside = false;
    let mut lines = loader.lines().peekable();
    while let Some(line) = lines.next() {
        // Which parts share a file stands before it.
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

/// What a file of several parts is called, from the line that says how to load it.
fn declared(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("const __")?.split_once(" = ")?;
    name.starts_with(SHARED).then_some(name)
}

/// A program as text, with what it imports under several names imported under the first of them.
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

/// Makes every wasm file of a folder as small as it gets, all at the same time.
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
        done.unwrap_or_else(|_| bail!("making the parts small failed"))?;
    }
    Ok(())
}

/// Runs one of binaryen's tools, which warn of names that they do not know, and then leave them out.
fn quietly(command: &mut Command) -> Result<()> {
    let output = command.output();
    let output = output.with_context(|| format!("starting {command:?}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed:\n{said}");
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
    // The bindings do so already.
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
    // Not a preload: boot.js makes it one unless it is somebody's first visit.
    let first = format!("<meta content=./{FIRST}-{hash}.wasm name=board-part>");
    text = text.replace(&glue, &format!("{glue}{loader}{first}"));
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
    fn a_part_is_taken_whatever_type_the_server_says_it_has() {
        let loader = forgiving("load(WebAssembly.instantiateStreaming(src, imports))");
        assert!(loader.starts_with("load(arrived(src, imports))"));
        assert!(loader.contains("async function arrived"));
        let bindings = "initSync(module) WebAssembly.instantiateStreaming(src, imports)";
        assert_eq!(forgiving(bindings), bindings);
    }
}
