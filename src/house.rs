//! The rules of the house, read off the `use` lines: which part may know which.

use std::fs;
use std::path::{Path, PathBuf};

/// A part of the app, and what it must never import.
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
    (
        "page",
        &["crate::edge", "crate::app", "web_sys::", "js_sys::"],
    ),
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

/// What the domain must never import: a user interface, I/O, async, a clock or randomness.
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

/// The `use` items of a file, each whole even when it runs over several lines.
fn imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines().map(str::trim) {
        let starts = ["use ", "pub use ", "pub(crate) use ", "pub(super) use "]
            .iter()
            .any(|start| line.starts_with(start));
        if starts {
            open = Some(String::new());
        }
        if let Some(item) = &mut open {
            item.push_str(line);
            if line.ends_with(';') {
                found.extend(open.take());
            }
        }
    }
    found
}

fn breaches(files: &[PathBuf], never: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).unwrap();
        for import in imports(&text) {
            let path = import.split_once("use ").map_or("", |(_, path)| path);
            found.extend(
                never
                    .iter()
                    .filter(|name| path.contains(*name))
                    .map(|name| format!("{}: {import} (never {name})", file.display())),
            );
        }
    }
    found
}

#[test]
fn no_part_imports_what_it_must_not_know() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for (part, never) in NEVER {
        let mut files = vec![root.join(format!("src/{part}.rs"))];
        rust_files(&root.join("src").join(part), &mut files);
        assert!(files.iter().all(|file| file.exists()), "{part} has moved");
        found.extend(breaches(&files, never));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The parts that are to have `view!` and signals from `crate::prelude`, where they weigh a fraction
/// of Leptos' own.
const WITH_OUR_PRELUDE: &[&str] = &["app", "component", "page", "session"];

/// Whether an import, or a path in the code, takes Leptos' own.
fn takes_leptos_own(code: &str) -> bool {
    let words = |path: &str| {
        let words = path.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '*');
        words.map(str::to_owned).collect::<Vec<_>>()
    };
    let import = |import: &String| {
        let words = words(import);
        words.contains(&"leptos".to_owned())
            && ["prelude", "view", "*"]
                .iter()
                .any(|own| words.contains(&(*own).to_owned()))
    };
    imports(code).iter().any(import)
        || ["leptos::view!", "leptos::prelude::"]
            .iter()
            .any(|path| code.contains(path))
}

#[test]
fn views_are_written_with_our_own_prelude() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in WITH_OUR_PRELUDE {
        let mut files = vec![root.join(format!("src/{part}.rs"))];
        rust_files(&root.join("src").join(part), &mut files);
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                !takes_leptos_own(&text),
                "{}: `use crate::prelude::*;` instead of Leptos' own",
                file.display()
            );
        }
    }
}

#[test]
fn leptos_own_prelude_is_recognised_however_it_is_imported() {
    for code in [
        "use leptos::prelude::*;",
        "use leptos::{ev, prelude::*};",
        "use leptos::view;",
        "use leptos::prelude::{\n    view,\n    RwSignal,\n};",
        "use leptos::*;",
        "let page = leptos::view! { <p /> };",
    ] {
        assert!(takes_leptos_own(code), "{code}");
    }
    for code in [
        "use crate::prelude::*;\nuse leptos::ev;",
        "use leptos::task::spawn_local;",
        "use cruxboard_domain::view::Filter;",
    ] {
        assert!(!takes_leptos_own(code), "{code}");
    }
}

#[test]
fn the_domain_imports_no_interface_no_io_and_no_clock() {
    let mut files = Vec::new();
    rust_files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/domain/src"),
        &mut files,
    );
    assert!(files.len() > 10);
    let found = breaches(&files, NEVER_IN_DOMAIN);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn an_import_over_several_lines_is_read_whole() {
    let text = "use a::{\n    b,\n    c,\n};\nlet used = 1;\npub use d;\n";
    assert_eq!(imports(text), ["use a::{b,c,};", "pub use d;"]);
}
