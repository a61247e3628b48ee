//! Checks on modules that the boundaries of packages cannot enforce: which part of the app may name
//! which crate or module, and that the domain uses no I/O of the standard library.
//!
//! `cargo xtask check` checks the dependencies between packages.

use std::fs;
use std::path::{Path, PathBuf};

/// For each folder, the names that its code must not contain.
const NEVER: [(&str, &[&str]); 4] = [
    (
        "src/component",
        &[
            "cruxboard_session",
            "cruxboard_platform",
            "crate::page",
            "crate::route",
            "crate::app",
        ],
    ),
    (
        "src/page",
        &["cruxboard_platform", "crate::app", "web_sys", "js_sys"],
    ),
    (
        "src/route",
        &[
            "cruxboard_session",
            "cruxboard_platform",
            "crate::page",
            "crate::component",
            "crate::app",
            "leptos",
        ],
    ),
    ("crates/session/src", &["web_sys", "js_sys", "wasm_bindgen"]),
];

/// Modules of the standard library that the domain must never use: I/O, clock, threads, environment.
/// `Duration` comes from `core::time`, which has no clock.
const NEVER_IN_DOMAIN: [&str; 6] = ["fs", "net", "io", "time", "thread", "env"];

fn is_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Returns the files of a module: its own file and all files in its folder.
fn files(module: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join(module)];
    let mut found = vec![root.join(format!("{module}.rs"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    let read = |path: PathBuf| fs::read_to_string(&path).ok().map(|text| (path, text));
    let found: Vec<_> = found.into_iter().filter_map(read).collect();
    assert!(!found.is_empty(), "{module} has moved");
    found
}

fn without_comments(text: &str) -> String {
    let code = |line| str::split(line, "//").next().unwrap_or_default();
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

/// Returns whether the code contains this name as a whole word.
fn names(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

/// Returns the modules of the standard library that the code names, one by one or in a group.
fn modules_of_std(code: &str) -> Vec<&str> {
    let paths = code.match_indices("std::").map(|(at, std)| {
        let rest = &code[at + std.len()..];
        let end = if rest.starts_with('{') {
            rest.find(';')
        } else {
            rest.find(|character| !is_name(character))
        };
        &rest[..end.unwrap_or(rest.len())]
    });
    let names = paths.flat_map(|path| path.split(|character| !is_name(character)));
    names.collect()
}

#[test]
fn no_part_of_the_app_names_what_it_must_not_know() {
    for (module, never) in NEVER {
        for (path, text) in files(module) {
            let code = without_comments(&text);
            for name in never {
                assert!(!names(&code, name), "{} names {name}", path.display());
            }
        }
    }
}

#[test]
fn the_domain_uses_no_io_clock_thread_or_environment() {
    for (path, text) in files("crates/domain/src") {
        let code = without_comments(&text);
        for name in modules_of_std(&code) {
            let is_pure = !NEVER_IN_DOMAIN.contains(&name);
            assert!(is_pure, "{} uses std::{name}", path.display());
        }
    }
}

#[test]
fn a_forbidden_name_is_found_whole_and_in_groups_of_imports() {
    assert!(names(
        "use {cruxboard_platform::clock};",
        "cruxboard_platform"
    ));
    assert!(names("let path = leptos::web_sys::Node;", "web_sys"));
    assert!(!names("use crate::application;", "crate::app"));
    let code = "use std::{\n    iter,\n    time::{Duration, Instant},\n};\nstd::mem::take(a);";
    assert_eq!(
        modules_of_std(code)
            .into_iter()
            .filter(|name| !name.is_empty())
            .collect::<Vec<_>>(),
        ["iter", "time", "Duration", "Instant", "mem"]
    );
    assert_eq!(without_comments("a; // std::fs\nb;"), "a; \nb;");
}
