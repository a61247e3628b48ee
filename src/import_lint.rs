//! A lint of `use` items: which layer may import which.

use std::fs;
use std::path::{Path, PathBuf};

/// A layer of the app, and the modules that it must never import.
const NEVER: &[(&str, &[&str])] = &[
    (
        "component",
        &[
            "crate::session",
            "crate::edge",
            "crate::page",
            "crate::route",
            "crate::app",
        ],
    ),
    ("page", &["crate::edge", "crate::app", "web_sys", "js_sys"]),
    (
        "session",
        &[
            "crate::edge",
            "crate::page",
            "crate::component",
            "crate::route",
            "crate::app",
            "web_sys",
            "js_sys",
            "wasm_bindgen",
        ],
    ),
    ("edge", &["crate::page", "crate::component", "crate::app"]),
    (
        "route",
        &[
            "crate::session",
            "crate::edge",
            "crate::page",
            "crate::component",
            "crate::app",
            "leptos",
        ],
    ),
];

/// Crates and modules that the domain must never import: user interface, I/O, async, clock, randomness.
const NEVER_IN_DOMAIN: &[&str] = &[
    "leptos",
    "web_sys",
    "js_sys",
    "wasm_bindgen",
    "tokio",
    "futures",
    "reqwest",
    "rand",
    "getrandom",
    "std::fs",
    "std::net",
    "std::io",
    "std::time",
    "std::thread",
    "std::env",
];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// A `use` item, and the modules within its file in which it stands.
struct Import {
    inside: Vec<String>,
    item: String,
}

/// The `use` items of a file, each whole even when it runs over several lines.
fn imports(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    let mut modules: Vec<(&str, &str)> = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        let code = line.split("//").next().unwrap_or_default().trim_end();
        let line = code.trim_start();
        let indent = &code[..code.len() - line.len()];
        if let Some((_, name)) = line.strip_suffix(" {").and_then(|l| l.rsplit_once("mod ")) {
            modules.push((indent, name));
        } else if line == "}" {
            modules.pop_if(|(of, _)| *of == indent);
        }
        let (before, _) = line.split_once("use ").unwrap_or(("none", ""));
        if open.is_none() && (before.is_empty() || before.starts_with("pub")) {
            open = Some(String::new());
        }
        if let Some(item) = &mut open {
            item.push_str(line);
            if line.ends_with(';') {
                found.extend(open.take().map(|item| Import {
                    inside: modules.iter().map(|(_, name)| (*name).to_owned()).collect(),
                    item,
                }));
            }
        }
    }
    found
}

/// The whole path of each thing that an import names, however they are grouped.
fn paths(import: &str) -> Vec<String> {
    let (_, tree) = import.split_once("use ").unwrap_or_default();
    let mut found = Vec::new();
    expand("", tree.trim_end_matches(';'), &mut found);
    found
}

fn expand(before: &str, tree: &str, found: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((path, group)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().trim();
        let whole = format!("{before}{}", path.trim_start_matches("::"));
        // A group may name what it is a group of.
        found.push(whole.trim_end_matches("::self").to_owned());
        return;
    };
    let before = format!("{before}{}", path.trim().trim_start_matches("::"));
    let group = group.strip_suffix('}').unwrap_or(group);
    let (mut depth, mut start) = (0, 0);
    for (at, letter) in group.char_indices().chain([(group.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let one = &group[start..at];
                if !one.trim().is_empty() {
                    expand(&before, one, found);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// A path as it is from the root of its crate, where `super` leads up from a module that lies so
/// deep. None, if it leads to the root or further: then nobody sees what it names.
fn from_the_root(path: &str, module: &[String]) -> Option<String> {
    let path = path.trim_start_matches("self::");
    let mut words: Vec<&str> = path.split("::").collect();
    let ups = words.iter().take_while(|word| **word == "super").count();
    if ups == 0 {
        return Some(path.to_owned());
    }
    let kept = module.len().checked_sub(ups).filter(|kept| *kept > 0)?;
    words.drain(..ups);
    let above = module[..kept].iter().map(String::as_str);
    let words: Vec<&str> = ["crate"].into_iter().chain(above).chain(words).collect();
    Some(words.join("::"))
}

/// The names of a file's module, from the root of its crate.
fn module_of(file: &Path, source: &Path) -> Vec<String> {
    let inside = file.strip_prefix(source).unwrap().with_extension("");
    let names = inside
        .iter()
        .map(|name| name.to_string_lossy().into_owned());
    names
        .filter(|name| name != "mod" && name != "lib")
        .collect()
}

/// Whether an import of this path brings in what has this name, a part of it, or all around it.
fn brings_in(path: &str, name: &str) -> bool {
    let within = |path: &str, of: &str| {
        let rest = path.strip_prefix(of);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let around = path.trim_end_matches("::*");
    // Another crate may also be had by way of one that shows it.
    let is_by_way = !name.contains("::") && path.split("::").any(|word| word == name);
    within(path, name) || within(name, around) || is_by_way
}

/// What the imports of a text bring in that its module must never know.
fn breaches_of(text: &str, module: &[String], never: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for Import { inside, item } in imports(text) {
        let module = [module, &inside].concat();
        for path in paths(&item) {
            let Some(path) = from_the_root(&path, &module) else {
                found.push(format!("{item} (leaves its layer by `super`)"));
                continue;
            };
            let forbidden = never.iter().filter(|name| brings_in(&path, name));
            found.extend(forbidden.map(|name| format!("{item} (never {name})")));
        }
    }
    found
}

fn breaches(files: &[PathBuf], source: &Path, never: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        let of_file = breaches_of(&text, &module_of(file, source), never);
        found.extend(
            of_file
                .into_iter()
                .map(|breach| format!("{}: {breach}", file.display())),
        );
    }
    found
}

#[test]
fn no_layer_imports_what_it_must_not_know() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for (layer, never) in NEVER {
        let mut files = vec![root.join(format!("src/{layer}.rs"))];
        rust_files(&root.join("src").join(layer), &mut files);
        assert!(files.iter().all(|file| file.exists()), "{layer} has moved");
        found.extend(breaches(&files, &root.join("src"), never));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_domain_imports_no_interface_no_io_and_no_clock() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/domain/src");
    let mut files = Vec::new();
    rust_files(&source, &mut files);
    assert!(files.len() > 10);
    let found = breaches(&files, &source, NEVER_IN_DOMAIN);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Each spelling that a rule must see through, in a module of the app or of the domain.
#[test]
fn a_forbidden_import_is_recognised_however_it_is_spelled() {
    let never = |layer: &str| {
        let found = NEVER.iter().find(|(of, _)| *of == layer);
        found.map_or(NEVER_IN_DOMAIN, |(_, never)| *never)
    };
    let is_found = |module: &str, code: &str| {
        let module: Vec<String> = module.split('/').map(str::to_owned).collect();
        !breaches_of(code, &module, never(&module[0])).is_empty()
    };
    for (module, code) in [
        ("page/crux", "use crate::edge::clock;"),
        ("page/crux", "use crate::edge;"),
        ("page/crux", "use crate::edge as services;"),
        ("page/crux", "use crate::{edge, route};"),
        ("page/crux", "use crate::{edge::clock, route};"),
        ("page/crux", "use crate::{route, edge::{clock, disk}};"),
        (
            "page/crux",
            "use crate::{\n    route,\n    edge::clock,\n};",
        ),
        ("page/crux", "use crate::{route::{self, Route}, edge};"),
        ("page/crux", "use crate::*;"),
        ("page/crux", "use crate::{self as all};"),
        ("page/crux", "use super::super::edge::clock;"),
        ("page/crux", "use super::{super::edge::clock, href};"),
        ("page/crux/details", "use super::super::super::edge;"),
        ("page/crux", "use self::super::super::edge;"),
        ("page/crux/details", "use super::super::{super::{edge}};"),
        ("page/crux", "pub use crate::edge::clock;"),
        ("page/crux", "pub(crate) use crate::edge::clock;"),
        ("page/crux", "pub(in crate::page) use crate::edge::clock;"),
        ("page/crux", "fn f() {\n    use crate::edge::clock;\n}"),
        ("page/crux", "use crate::edge::clock; // It is late."),
        ("page/crux", "use web_sys::Window;"),
        ("page/crux", "use ::web_sys::Window;"),
        ("page/crux", "use {web_sys::Window, leptos::ev};"),
        (
            "component/scale",
            "use crate::{component::Dot, session::Session};",
        ),
        ("session", "use super::edge::clock;"),
        ("page/review/walk", "use super::super::super::page::href;"),
        ("page", "mod tests {\n}\nuse super::edge;"),
        ("page", "mod tests {\n    use super::super::edge;\n}"),
        ("page/crux", "use leptos::web_sys::Window;"),
        ("session/outbox", "use wasm_bindgen;"),
        ("edge/clock", "use super::super::page;"),
        ("route", "use leptos::prelude::*;"),
        ("board", "use std::fs;"),
        ("board", "use std::{fs, iter};"),
        (
            "board",
            "use std::{\n    iter,\n    time::{Duration, Instant},\n};",
        ),
        ("board", "use std::{iter, io::{self, Write as _}};"),
        ("board", "use std::*;"),
        ("board/query", "use ::std::env::var;"),
        ("board", "use {std::thread, std::iter};"),
        ("board", "use getrandom;"),
    ] {
        assert!(is_found(module, code), "{module}: {code}");
    }
    for (module, code) in [
        ("page/crux", "use crate::route::{self, Route};"),
        (
            "page/crux",
            "use crate::{component::edge_of, session::Session};",
        ),
        ("page/crux", "use super::{Services, href};"),
        ("page/crux/details", "use super::super::{Services, href};"),
        ("edge/clock", "use super::settings;"),
        ("route", "mod tests {\n    use super::Route;\n}"),
        (
            "board",
            "use std::{collections::BTreeMap, fmt::Write as _, iter};",
        ),
        ("board", "use random_names::Name;\nuse crate::time::Now;"),
        ("board/query", "use super::{Board, Linked};"),
    ] {
        assert!(!is_found(module, code), "{module}: {code}");
    }
}

#[test]
fn an_import_over_several_lines_is_read_whole() {
    let text = "use a::{\n    b,\n    c, // Why.\n};\nlet used = 1;\npub use d;\n";
    let items: Vec<String> = imports(text).into_iter().map(|found| found.item).collect();
    assert_eq!(items, ["use a::{b,c,};", "pub use d;"]);
}

#[test]
fn a_grouped_import_is_read_as_the_paths_it_stands_for() {
    let text = "pub(crate) use a::{b, c::{self, d as e, f::{g, *}}, h};";
    assert_eq!(
        paths(text),
        [
            "a::b",
            "a::c",
            "a::c::d",
            "a::c::f::g",
            "a::c::f::*",
            "a::h"
        ]
    );
    assert_eq!(paths("use ::a::{b,};"), ["a::b"]);
}
