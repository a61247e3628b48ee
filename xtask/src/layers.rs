//! Checks which packages may depend on which, by the dependency graph of `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};

/// A package of the workspace, and the packages on which it must not depend, directly or indirectly.
struct Rule {
    package: &'static str,
    /// The target triple whose dependencies count.
    platform: &'static str,
    forbidden: &'static [&'static str],
    reason: &'static str,
}

const NATIVE: &str = "x86_64-unknown-linux-gnu";
const WASM: &str = "wasm32-unknown-unknown";

const RULES: [Rule; 5] = [
    Rule {
        package: "cruxboard-domain",
        // Not wasm32: there chrono has the `clock` feature that the app enables, since one graph covers all
        // packages.
        platform: NATIVE,
        forbidden: &[
            "axum",
            "cruxboard",
            "cruxboard-server",
            "futures-core",
            "getrandom",
            "gloo-storage",
            "hyper",
            "js-sys",
            "leptos",
            "rand",
            "reactive_graph",
            "reqwest",
            "rusqlite",
            "sqlx",
            "tokio",
            "wasm-bindgen",
            "web-sys",
        ],
        reason: "the domain has no interface, I/O, async, clock or randomness",
    },
    Rule {
        package: "cruxboard-session",
        platform: WASM,
        forbidden: &["cruxboard", "cruxboard-platform", "gloo-storage", "reqwest"],
        reason: "the session keeps and sends nothing itself",
    },
    Rule {
        package: "cruxboard-platform",
        platform: WASM,
        forbidden: &["cruxboard", "cruxboard-server"],
        reason: "the platform knows no screens",
    },
    Rule {
        package: "cruxboard",
        platform: WASM,
        forbidden: &["axum", "cruxboard-server", "rusqlite", "tokio-postgres"],
        reason: "the app knows the server only by its requests",
    },
    Rule {
        package: "cruxboard-server",
        platform: NATIVE,
        forbidden: &["cruxboard", "gloo-storage", "leptos", "web-sys"],
        reason: "the server knows the app only as files",
    },
];

/// Fails if a package depends on a forbidden one.
pub(crate) fn check() -> Result<()> {
    let mut faults = Vec::new();
    for rule in &RULES {
        let mut command = MetadataCommand::new();
        command.other_options(["--filter-platform", rule.platform].map(str::to_owned));
        let metadata = command.exec()?;
        let packages = metadata.workspace_packages();
        let package = packages.iter().find(|package| package.name == rule.package);
        let package = package.with_context(|| format!("there is no package {}", rule.package))?;
        // Dependencies named by the package itself count on every platform.
        let named = package.dependencies.iter();
        let named = named.filter(|named| named.kind == DependencyKind::Normal);
        for named in named.filter(|named| rule.forbidden.contains(&named.name.as_str())) {
            faults.push(format!(
                "{} → {} ({})",
                rule.package, named.name, rule.reason
            ));
        }
        let names = metadata.packages.iter();
        let names: BTreeMap<&PackageId, &str> = names
            .map(|package| (&package.id, package.name.as_str()))
            .collect();
        let dependencies = dependencies(&metadata);
        for path in forbidden_paths(&package.id, &dependencies, &names, rule.forbidden) {
            faults.push(format!("{} ({})", path.join(" → "), rule.reason));
        }
    }
    if !faults.is_empty() {
        bail!("forbidden dependencies:\n  {}", faults.join("\n  "));
    }
    Ok(())
}

type Dependencies<'a> = BTreeMap<&'a PackageId, Vec<&'a PackageId>>;

/// Returns the direct dependencies of each package. Left out are development dependencies, and the
/// dependencies of other packages' build scripts and macros, since those run on the builder's machine.
fn dependencies(metadata: &Metadata) -> Dependencies<'_> {
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    let macros: BTreeSet<&PackageId> = metadata
        .packages
        .iter()
        .filter(|package| package.targets.iter().any(|target| target.is_proc_macro()))
        .map(|package| &package.id)
        .collect();
    nodes
        .map(|node| {
            let linked = node.deps.iter().filter(|dependency| {
                let mut kinds = dependency.dep_kinds.iter();
                kinds.any(|kind| kind.kind == DependencyKind::Normal)
                    && !macros.contains(&dependency.pkg)
            });
            (&node.id, linked.map(|dependency| &dependency.pkg).collect())
        })
        .collect()
}

/// Returns a shortest path of names to each reachable forbidden package.
fn forbidden_paths<'a, Id: Ord>(
    package: &'a Id,
    dependencies: &BTreeMap<&'a Id, Vec<&'a Id>>,
    names: &BTreeMap<&'a Id, &'a str>,
    forbidden: &[&str],
) -> Vec<Vec<&'a str>> {
    let name = |id: &Id| names.get(id).copied().unwrap_or_default();
    let mut found = Vec::new();
    let mut seen = BTreeSet::from([package]);
    let mut queue = VecDeque::from([(package, vec![name(package)])]);
    while let Some((package, path)) = queue.pop_front() {
        for dependency in dependencies.get(package).into_iter().flatten() {
            if !seen.insert(dependency) {
                continue;
            }
            let path = [path.as_slice(), &[name(dependency)]].concat();
            if forbidden.contains(&name(dependency)) {
                found.push(path);
            } else {
                queue.push_back((dependency, path));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forbidden_dependency_is_found_at_any_depth_with_the_path_to_it() {
        let names = ["domain", "serde", "chrono", "clock", "tokio"];
        let ids = [0, 1, 2, 3, 4];
        let names: BTreeMap<&i32, &str> = ids.iter().zip(names).collect();
        // domain → serde, domain → chrono → clock → tokio
        let dependencies = BTreeMap::from([(&0, vec![&1, &2]), (&2, vec![&3]), (&3, vec![&4, &2])]);
        let paths = |forbidden: &[&str]| forbidden_paths(&0, &dependencies, &names, forbidden);
        assert_eq!(
            paths(&["tokio", "leptos"]),
            [["domain", "chrono", "clock", "tokio"]]
        );
        assert_eq!(paths(&["serde"]), [["domain", "serde"]]);
        assert!(paths(&["leptos"]).is_empty());
    }

    #[test]
    fn the_packages_of_this_workspace_keep_to_their_layers() {
        check().unwrap();
    }
}
