//! Finds modules of one package that depend on each other in a circle, by the paths in their source.
//!
//! A path that begins with `crate`, `super`, `self` or a child depends on the module that defines what it names;
//! re-exports are followed. A module may use its ancestors, and re-export its descendants. Tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The name of a module, or another path, one part for each `::`.
type Names = Vec<String>;

/// Returns a cycle between the modules of a package, if there is one. `files` are below `folder`.
pub(super) fn cycle_in(folder: &Path, files: &[PathBuf]) -> Result<Option<Vec<String>>> {
    let mut modules = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(file)?;
        let paths = Paths::of(&text).with_context(|| file.display().to_string())?;
        // `lib.rs` comes before `main.rs`, which is a crate of its own.
        modules
            .entry(module_of(file.strip_prefix(folder)?))
            .or_insert(paths);
    }
    Ok(cycle(&modules))
}

fn module_of(file: &Path) -> Names {
    let file = file.with_extension("");
    let parts = file.iter().map(|part| part.to_string_lossy().into_owned());
    parts
        .filter(|part| !["lib", "main", "mod"].contains(&part.as_str()))
        .collect()
}

/// The paths in the source of a module.
#[derive(Default)]
struct Paths {
    used: Vec<Names>,
    exported: Vec<Names>,
    /// The path of each name that a `use` brings in.
    imports: BTreeMap<String, Names>,
}

impl Paths {
    fn of(text: &str) -> Result<Self> {
        let stream: TokenStream = text.parse().map_err(|error| anyhow!("{error}"))?;
        let mut paths = Self::default();
        paths.walk(stream);
        Ok(paths)
    }

    fn walk(&mut self, stream: TokenStream) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            let text = trees[at].to_string();
            let is_attribute = at > 0 && trees[at - 1].to_string() == "#";
            at = match &trees[at] {
                TokenTree::Group(_) if is_attribute && text.replace(' ', "") == "[cfg(test)]" => {
                    after_item(&trees, at)
                }
                TokenTree::Group(group) => {
                    self.walk(group.stream());
                    at + 1
                }
                TokenTree::Ident(_) if text == "use" => {
                    let before = trees[at.saturating_sub(2)..at].iter();
                    let is_public = before.rev().any(|tree| tree.to_string() == "pub");
                    self.path(&trees, at + 1, Names::new(), Some(is_public))
                }
                TokenTree::Ident(_) => self.path(&trees, at, Names::new(), None),
                TokenTree::Punct(_) | TokenTree::Literal(_) => at + 1,
            };
        }
    }

    /// Reads the path at a position, continued from `names`, and returns the position after it. `import` is
    /// `None` outside a `use`, and otherwise whether the `use` is public.
    fn path(
        &mut self,
        trees: &[TokenTree],
        mut at: usize,
        mut names: Names,
        import: Option<bool>,
    ) -> usize {
        while let Some(tree) = trees.get(at) {
            match tree {
                TokenTree::Ident(name) => names.push(name.to_string()),
                TokenTree::Group(group)
                    if group.delimiter() == Delimiter::Brace && import.is_some() =>
                {
                    let parts: Vec<TokenTree> = group.stream().into_iter().collect();
                    for part in parts.split(|tree| tree.to_string() == ",") {
                        self.path(part, 0, names.clone(), import);
                    }
                    return at + 1;
                }
                _ => break,
            }
            at += 1;
            let continues = trees[at..]
                .iter()
                .take(2)
                .filter(|tree| tree.to_string() == ":");
            if continues.count() < 2 {
                break;
            }
            at += 2;
        }
        if names.len() > 1 && names.last().is_some_and(|last| last == "self") {
            names.pop();
        }
        let Some(last) = names.last() else { return at };
        let is_renamed = trees.get(at).is_some_and(|tree| tree.to_string() == "as");
        let name = trees
            .get(at + 1)
            .filter(|_| is_renamed)
            .map(TokenTree::to_string);
        let name = name.unwrap_or_else(|| last.clone());
        match import {
            None if names.len() > 1 => self.used.push(names),
            None => {}
            Some(is_public) => {
                self.imports.insert(name, names.clone());
                let to = if is_public {
                    &mut self.exported
                } else {
                    &mut self.used
                };
                to.push(names);
            }
        }
        at
    }
}

/// Returns the position after the item that begins after `at`: after its body or its semicolon.
fn after_item(trees: &[TokenTree], at: usize) -> usize {
    let is_end = |tree: &TokenTree| match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        tree => tree.to_string() == ";",
    };
    let end = trees[at..].iter().position(is_end);
    end.map_or(trees.len(), |end| at + end + 1)
}

type Modules = BTreeMap<Names, Paths>;

/// Returns the modules along the first cycle that is found, with the first one again at the end.
fn cycle(modules: &Modules) -> Option<Vec<String>> {
    let edges: BTreeMap<&Names, BTreeSet<&Names>> = modules
        .iter()
        .map(|(module, paths)| (module, used_by(modules, module, paths)))
        .collect();
    let mut done = BTreeSet::new();
    let found = modules
        .keys()
        .find_map(|module| visit(module, &edges, &mut Vec::new(), &mut done))?;
    Some(found.into_iter().map(|module| module.join("::")).collect())
}

fn visit<'a>(
    module: &'a Names,
    edges: &BTreeMap<&'a Names, BTreeSet<&'a Names>>,
    way: &mut Vec<&'a Names>,
    done: &mut BTreeSet<&'a Names>,
) -> Option<Vec<&'a Names>> {
    if let Some(start) = way.iter().position(|before| *before == module) {
        return Some([&way[start..], &[module]].concat());
    }
    if done.contains(module) {
        return None;
    }
    way.push(module);
    let found = edges[module]
        .iter()
        .find_map(|next| visit(next, edges, way, done));
    way.pop();
    done.insert(module);
    found
}

/// Returns the modules that a module depends on, without its ancestors and what it only re-exports from its
/// descendants.
fn used_by<'a>(modules: &'a Modules, module: &Names, paths: &Paths) -> BTreeSet<&'a Names> {
    let named = |path: &Names| defined_in(modules, module, path, 0);
    let used = paths.used.iter().filter_map(named);
    let exported = paths.exported.iter().filter_map(named);
    let exported = exported.filter(|other| !other.starts_with(module));
    used.chain(exported)
        .filter(|other| !module.starts_with(other))
        .collect()
}

/// Returns the module that defines what a path names in `module`; `None` if it is of another package.
fn defined_in<'a>(
    modules: &'a Modules,
    module: &[String],
    path: &[String],
    depth: usize,
) -> Option<&'a Names> {
    let first = path.first()?;
    let ups = path.iter().take_while(|name| *name == "super").count();
    let (mut module, mut rest) = match first.as_str() {
        "crate" => (Names::new(), &path[1..]),
        "self" => (module.to_vec(), &path[1..]),
        "super" => (
            module[..module.len().checked_sub(ups)?].to_vec(),
            &path[ups..],
        ),
        _ if modules.contains_key(&[module, std::slice::from_ref(first)].concat()) => {
            (module.to_vec(), path)
        }
        _ => return None,
    };
    while let [child, more @ ..] = rest
        && modules.contains_key(&[module.as_slice(), std::slice::from_ref(child)].concat())
    {
        module.push(child.clone());
        rest = more;
    }
    let (found, paths) = modules.get_key_value(&module)?;
    let import = rest.first().and_then(|name| paths.imports.get(name));
    // The depth ends an import of a name from itself.
    let further = import.filter(|_| depth < 10).and_then(|import| {
        let path = [import.as_slice(), &rest[1..]].concat();
        defined_in(modules, &module, &path, depth + 1)
    });
    Some(further.unwrap_or(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cycle_of(files: &[(&str, &str)]) -> Option<String> {
        let module = |(file, text): &(&str, &str)| {
            let name = module_of(Path::new(file));
            (name, Paths::of(text).unwrap())
        };
        Some(cycle(&files.iter().map(module).collect())?.join(" → "))
    }

    #[test]
    fn a_cycle_is_found_through_folders_groups_and_re_exports() {
        let direct = [
            ("a.rs", "use crate::b::{C, D};"),
            ("b.rs", "fn b() { super::a::a() }"),
        ];
        assert_eq!(cycle_of(&direct).unwrap(), "a → b → a");
        let re_exported = [
            (
                "lib.rs",
                "pub mod a; mod b; pub use self::b::inner::{self, Thing as Other};",
            ),
            ("a.rs", "use crate::Other;"),
            ("b.rs", ""),
            ("b/inner.rs", "pub(crate) use crate::a::A;"),
        ];
        assert_eq!(cycle_of(&re_exported).unwrap(), "a → b::inner → a");
        let through_a_parent = [
            ("a.rs", "use crate::b::read;"),
            ("b.rs", "mod json; pub fn read() { json::read() }"),
            ("b/json.rs", "use crate::a::NAME;"),
        ];
        assert_eq!(cycle_of(&through_a_parent).unwrap(), "a → b → b::json → a");
    }

    #[test]
    fn parents_re_exports_and_tests_make_no_cycle() {
        let files = [
            (
                "a.rs",
                "mod inner; pub use self::inner::Inner; use crate::b::B; struct A;",
            ),
            ("a/inner.rs", "use super::A; use std::fmt;"),
            (
                "b.rs",
                "#[cfg(test)] mod tests { use crate::a::A; } use crate::c::C;",
            ),
            (
                "c.rs",
                "// crate::a::A\nconst TEXT: &str = \"crate::a::A\";",
            ),
        ];
        assert_eq!(cycle_of(&files), None);
    }
}
