//! Rewrites texts of a build: the loader of chunks, and programs in text form.

use std::collections::HashMap;

use super::SHARED;

/// Removes from the loader the shared files for which `is_gathered` holds, given their chunks and their
/// name. Returns the loader and the removed names.
pub(super) fn without_shared(
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

/// Removes from the bindings the classes whose names begin with `prefix`, with what frees their objects.
pub(super) fn without_classes(script: &str, prefix: &str) -> String {
    let class = format!("export class {prefix}");
    let dispose = format!("if (Symbol.dispose) {prefix}");
    let registry = format!("const {prefix}");
    let mut text = String::new();
    let mut lines = script.lines();
    while let Some(line) = lines.next() {
        if line.starts_with(&class) {
            lines.by_ref().find(|line| *line == "}");
        } else if line.starts_with(&registry) {
            // Its statement has several lines.
            lines.by_ref().find(|line| line.ends_with(';'));
        } else if !line.starts_with(&dispose) {
            text += line;
            text.push('\n');
        }
    }
    text
}

/// Imports the loader once: the bindings import it once for each chunk, under a name of its own each time.
pub(super) fn with_one_import(script: &str) -> String {
    let import = |line: &str| {
        let rest = line.strip_prefix("import * as ")?;
        Some(rest.split_once(" from ")?.1.to_owned())
    };
    let mut seen: Vec<String> = Vec::new();
    let mut text = String::new();
    for line in script.lines() {
        let module = import(line);
        let key = line
            .trim_start()
            .split_once(": import")
            .map(|(key, _)| format!("{key}:"));
        if let Some(name) = module.or(key) {
            if seen.contains(&name) {
                continue;
            }
            seen.push(name);
        }
        text += line;
        text.push('\n');
    }
    text
}

/// Rewrites a program in text form so that each import occurs once, under its first name.
pub(super) fn with_each_import_once(program: &str) -> String {
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
            // A repeated import, under another name.
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

/// Makes the loader accept chunks that a server sends without the content type of wasm, as the bindings do.
pub(super) fn forgiving(loader: &str) -> String {
    const STREAMING: &str = "WebAssembly.instantiateStreaming(src, imports)";
    // The bindings accept such responses already.
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

/// Replaces each `old` by `new`, which has the same length.
pub(super) fn replaced(content: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
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

#[cfg(test)]
mod tests {
    use super::super::NO_HASH;
    use super::{
        forgiving, replaced, with_each_import_once, with_one_import, without_classes,
        without_shared,
    };

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

    #[test]
    fn a_class_goes_with_what_frees_it_and_the_others_stay() {
        let bindings = "\
export class IntoUnderlyingSink {
    free() {
        if (this) {
            drop(this);
        }
    }
}
if (Symbol.dispose) IntoUnderlyingSink.prototype[Symbol.dispose] = IntoUnderlyingSink.prototype.free;
export class Other {
}
const IntoUnderlyingSinkFinalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(ptr => wasm.free(ptr, 1));
const OtherFinalization = 1;
";
        let left = without_classes(bindings, "IntoUnderlying");
        assert_eq!(
            left,
            "export class Other {\n}\nconst OtherFinalization = 1;\n"
        );
    }

    #[test]
    fn the_loader_is_imported_once_and_other_modules_stay() {
        let bindings = "\
import * as import1 from \"./loader.js\"
import * as import2 from \"./loader.js\"
import * as import3 from \"./other.js\"
    return {
        \"./app_bg.js\": import0,
        \"./loader.js\": import1,
        \"./loader.js\": import2,
        \"./other.js\": import3,
    };
";
        let expected = "\
import * as import1 from \"./loader.js\"
import * as import3 from \"./other.js\"
    return {
        \"./app_bg.js\": import0,
        \"./loader.js\": import1,
        \"./other.js\": import3,
    };
";
        assert_eq!(with_one_import(bindings), expected);
    }
}
