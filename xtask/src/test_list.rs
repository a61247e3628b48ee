//! Checks that every test named in `docs/testing.md` exists in the file named there.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};

const LIST: &str = "docs/testing.md";

/// A word in the column of tests.
#[derive(Debug, PartialEq)]
enum Word<'a> {
    /// A file with tests, or a folder of such files.
    File(&'a str),
    Test(&'a str),
}

/// Fails if the list names a file or a test that does not exist, or a fault without a test.
pub(crate) fn check() -> Result<()> {
    let list = fs::read_to_string(LIST).with_context(|| format!("cannot read {LIST}"))?;
    let faults = faults_in(&list, &has_test);
    if !faults.is_empty() {
        bail!("{LIST} names what is not there:\n{}", faults.join("\n"));
    }
    Ok(())
}

/// Returns the faults of the list. `has_test` says whether a file has a test, or with `None` whether the file
/// exists.
fn faults_in(list: &str, has_test: &dyn Fn(&str, Option<&str>) -> bool) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = list.lines().zip(1..);
    let rows = lines.filter(|(line, _)| line.starts_with("| ") && !line.starts_with("| Fault |"));
    for (row, number) in rows.filter(|(line, _)| !line.starts_with("| ---")) {
        // A bar within a cell is written `\|`.
        let row = row.replace("\\|", "");
        let tests = row.rsplit('|').nth(1).unwrap_or_default();
        let mut file = None;
        let mut names_any = tests.contains("cargo xtask test") || tests.contains("the same");
        for word in words(tests) {
            let exists = match word {
                Word::File(named) => {
                    file = Some(named);
                    names_any = true;
                    has_test(named, None)
                }
                Word::Test(name) => file.is_some_and(|file| has_test(file, Some(name))),
            };
            if !exists {
                faults.push(format!("line {number}: {word:?}"));
            }
        }
        if !names_any {
            faults.push(format!("line {number}: no test"));
        }
    }
    faults
}

/// Returns the words in backticks.
fn words(tests: &str) -> impl Iterator<Item = Word<'_>> {
    let quoted = tests.split('`').skip(1).step_by(2);
    let quoted = quoted.filter(|word| !word.starts_with("cargo "));
    quoted.map(|word| match word.contains('/') {
        true => Word::File(word),
        false => Word::Test(word),
    })
}

/// Returns whether a file, or the folder of its modules, has a function of this name; with `None`, whether it
/// exists.
fn has_test(file: &str, name: Option<&str>) -> bool {
    let path = Path::new(file);
    let Some(name) = name else {
        return path.exists();
    };
    let is_in = |path: &Path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        text.contains(&format!("fn {name}("))
    };
    let folder = path.with_extension("");
    let modules = fs::read_dir(folder).into_iter().flatten().flatten();
    is_in(path) || modules.into_iter().any(|module| is_in(&module.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_not_in_its_file_and_a_fault_without_a_test_are_found() {
        let list = "| Fault | Test |\n| --- | --- |\n\
            | one \\| two | `tests/a.rs`: `works`, `works_not`; `tests/none.rs` |\n\
            | three | later |\n\
            | four | `cargo xtask test markdown` |\n";
        let has_test =
            |file: &str, name: Option<&str>| file == "tests/a.rs" && name != Some("works_not");
        assert_eq!(
            faults_in(list, &has_test),
            [
                "line 3: Test(\"works_not\")",
                "line 3: File(\"tests/none.rs\")",
                "line 4: no test"
            ]
        );
    }

    #[test]
    fn the_image_has_certificates_for_a_database_on_another_machine() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/Containerfile");
        let text = fs::read_to_string(file).unwrap();
        let (_, image) = text.rsplit_once("\nFROM ").unwrap();
        assert!(image.contains("ca-certificates"), "{image}");
    }
}
