//! Shrinks a WebAssembly module: shortens the names of its imports and removes unused exports.
//!
//! wasm-bindgen gives each import a name with a hash, such as `__wbg_getItem_1f8f054ddbaa7db2`. The name is
//! in the module and in the script, and all names together are a tenth of a first visit's transfer.

use std::collections::HashMap;

use anyhow::{Context as _, Result, ensure};

/// The number of bytes before the first section: the magic number and the version.
const HEADER: usize = 8;
/// The numbers of the sections with the imports and with the exports.
const IMPORTS: u8 = 2;
const EXPORTS: u8 = 7;
/// The kind of an import that is a function.
const FUNCTION: u8 = 0;

/// Renames the functions that `program` imports from modules for which `is_bindings` holds. Returns the
/// program and the new name for each old one.
///
/// # Errors
/// If the bytes are not a WebAssembly module.
pub(crate) fn shorten(
    program: &[u8],
    is_bindings: impl Fn(&str) -> bool,
) -> Result<(Vec<u8>, HashMap<String, String>)> {
    let mut names = HashMap::new();
    let program = with_section(program, IMPORTS, |section| {
        renamed(section, &is_bindings, &mut names)
    })?;
    Ok((program, names))
}

/// Removes the exports for whose names `is_unused` holds.
///
/// # Errors
/// If the bytes are not a WebAssembly module.
pub(crate) fn without_exports(program: &[u8], is_unused: impl Fn(&str) -> bool) -> Result<Vec<u8>> {
    with_section(program, EXPORTS, |section| {
        let mut rest = Reader(section);
        let (mut kept, mut entries) = (0, Vec::<u8>::new());
        for _ in 0..rest.number()? {
            let whole = rest.0;
            let name = rest.text()?;
            rest.byte()?;
            rest.number()?;
            if !is_unused(name) {
                kept += 1;
                entries.extend(&whole[..whole.len() - rest.0.len()]);
            }
        }
        let mut out = Vec::with_capacity(section.len());
        write_number(&mut out, kept);
        out.extend(entries);
        Ok(out)
    })
}

/// Replaces the content of each section of one kind.
fn with_section(
    program: &[u8],
    wanted: u8,
    mut replace: impl FnMut(&[u8]) -> Result<Vec<u8>>,
) -> Result<Vec<u8>> {
    ensure!(
        program.starts_with(b"\0asm"),
        "this is no WebAssembly module"
    );
    let mut out = program.get(..HEADER).context("a cut module")?.to_vec();
    let mut rest = Reader(&program[HEADER..]);
    while !rest.0.is_empty() {
        let kind = rest.byte()?;
        let length = rest.number()?;
        let section = rest.take(length)?;
        let replaced = (kind == wanted).then(|| replace(section)).transpose()?;
        let section = replaced.as_deref().unwrap_or(section);
        out.push(kind);
        write_number(&mut out, section.len());
        out.extend(section);
    }
    Ok(out)
}

fn renamed(
    section: &[u8],
    is_bindings: impl Fn(&str) -> bool,
    names: &mut HashMap<String, String>,
) -> Result<Vec<u8>> {
    let mut rest = Reader(section);
    let mut out = Vec::with_capacity(section.len());
    let count = rest.number()?;
    write_number(&mut out, count);
    for _ in 0..count {
        let (module, name) = (rest.text()?, rest.text()?);
        let described = rest.0;
        let kind = rest.byte()?;
        ensure!(
            kind == FUNCTION || !is_bindings(module),
            "the bindings export {name}, which is no function"
        );
        skip_description(kind, &mut rest)?;
        let described = &described[..described.len() - rest.0.len()];
        write_text(&mut out, module);
        if is_bindings(module) {
            let next = short_name(names.len());
            write_text(&mut out, names.entry(name.to_owned()).or_insert(next));
        } else {
            write_text(&mut out, name);
        }
        out.extend(described);
    }
    Ok(out)
}

/// Skips the description of an import: the type index of a function, or the type of a table, memory or
/// global.
fn skip_description(kind: u8, rest: &mut Reader<'_>) -> Result<()> {
    match kind {
        FUNCTION => drop(rest.number()?),
        // A table's element type precedes its limits.
        1 | 2 => {
            if kind == 1 {
                rest.byte()?;
            }
            let has_most = rest.byte()? & 1 == 1;
            rest.number()?;
            if has_most {
                rest.number()?;
            }
        }
        3 => drop(rest.take(2)?),
        other => anyhow::bail!("an import of the unknown kind {other}"),
    }
    Ok(())
}

/// Replaces the names in a script.
pub(crate) fn rename(script: &str, names: &HashMap<String, String>) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '$');
    let mut out = String::with_capacity(script.len());
    let mut rest = script;
    while let Some(start) = rest.find(is_part) {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let word = &rest[..end];
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// Returns the name with this number: a … z, aa, ab …
fn short_name(mut number: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.insert(0, b'a' + u8::try_from(number % 26).unwrap_or_default());
        number /= 26;
        if number == 0 {
            return String::from_utf8_lossy(&name).into_owned();
        }
        number -= 1;
    }
}

/// The unread rest of a module.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Result<u8> {
        Ok(self.take(1)?[0])
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length).context("a cut module")?;
        self.0 = rest;
        Ok(taken)
    }

    /// Reads an unsigned LEB128 number.
    fn number(&mut self) -> Result<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
            shift += 7;
            ensure!(shift < 35, "a number that is too long");
        }
    }

    fn text(&mut self) -> Result<&'a str> {
        let length = self.number()?;
        Ok(std::str::from_utf8(self.take(length)?)?)
    }
}

fn write_number(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_number(out, text.len());
    out.extend(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a module with the imports `a.memory`, `bindings.long_name` (twice) and `bindings.other`, and a
    /// custom section.
    fn module(names: [&str; 2]) -> Vec<u8> {
        let mut imports = vec![4];
        let mut add = |module: &str, name: &str, described: &[u8]| {
            write_text(&mut imports, module);
            write_text(&mut imports, name);
            imports.extend(described);
        };
        add("a", "memory", &[2, 1, 17, 0x80, 0x02]);
        add("bindings", names[0], &[FUNCTION, 3]);
        add("bindings", names[1], &[FUNCTION, 0x81, 0x01]);
        add("bindings", names[0], &[FUNCTION, 3]);
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        module.push(IMPORTS);
        write_number(&mut module, imports.len());
        module.extend(imports);
        module.extend([0, 3, 1, b'x', 9]);
        module
    }

    #[test]
    fn functions_of_the_bindings_get_short_names_and_everything_else_stays() {
        let long = "__wbg_long_name_".to_owned() + &"0".repeat(200);
        let (short, names) = shorten(&module([&long, "other"]), |it| it == "bindings").unwrap();
        assert_eq!(short, module(["a", "b"]));
        assert_eq!(names[&long], "a");
        assert_eq!(names["other"], "b");
    }

    #[test]
    fn an_unused_export_goes_and_the_others_stay() {
        let module = |names: &[&str]| {
            let mut exports = Vec::new();
            write_number(&mut exports, names.len());
            for name in names {
                write_text(&mut exports, name);
                exports.extend([FUNCTION, 0x81, 0x01]);
            }
            let mut module = b"\0asm\x01\0\0\0".to_vec();
            module.push(EXPORTS);
            write_number(&mut module, exports.len());
            module.extend(exports);
            module
        };
        let whole = module(&["main", "stream_pull", "memory"]);
        let short = without_exports(&whole, |name| name.starts_with("stream")).unwrap();
        assert_eq!(short, module(&["main", "memory"]));
    }

    #[test]
    fn a_cut_module_is_refused() {
        let whole = module(["one", "other"]);
        for length in [0, 4, 9, 12, 30, whole.len() - 1] {
            assert!(shorten(&whole[..length], |_| true).is_err(), "{length}");
        }
    }

    #[test]
    fn a_script_is_renamed_word_by_word() {
        let names = HashMap::from([("__wbg_a_1".to_owned(), "a".to_owned())]);
        let script = "x.__wbg_a_1=y.__wbg_a_12;\"__wbg_a_1\"";
        assert_eq!(rename(script, &names), "x.a=y.__wbg_a_12;\"a\"");
    }

    #[test]
    fn names_go_on_after_the_last_letter() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(short_name).into();
        assert_eq!(names, ["a", "z", "aa", "az", "ba", "zz", "aaa"]);
    }
}
