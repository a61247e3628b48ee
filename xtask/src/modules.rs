//! Checks the modules of each package: none depends on another one in a circle, and no file is too long.

mod cycles;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The folders with the source of the packages.
const PACKAGES: [&str; 6] = [
    "crates/domain/src",
    "crates/platform/src",
    "crates/server/src",
    "crates/session/src",
    "src",
    "xtask/src",
];

/// Most lines of a file.
const MOST_LINES: usize = 400;

/// Files that are still longer.
const LONGER: [&str; 1] = ["crates/domain/src/analysis/due.rs"];

/// Fails if modules form a cycle, or a file has too many lines.
pub(crate) fn check() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = root.unwrap_or(Path::new("."));
    let mut faults = Vec::new();
    for package in PACKAGES {
        let folder = root.join(package);
        let files = source_files(&folder)?;
        for file in &files {
            let lines = fs::read_to_string(file)?.lines().count();
            let name = file.strip_prefix(root)?.display().to_string();
            if lines > MOST_LINES && !LONGER.contains(&name.as_str()) {
                faults.push(format!(
                    "{name} has {lines} lines; {MOST_LINES} are the most"
                ));
            }
        }
        let cycle = cycles::cycle_in(&folder, &files)?;
        faults.extend(cycle.map(|cycle| format!("cycle in {package}: {}", cycle.join(" → "))));
    }
    if !faults.is_empty() {
        bail!("modules:\n  {}", faults.join("\n  "));
    }
    Ok(())
}

/// Returns the Rust files in a folder and below, without tests, in the order of their names.
fn source_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            files.extend(source_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_modules_of_this_workspace_form_no_cycle_and_are_short() {
        super::check().unwrap();
    }
}
