//! A tool: its version, its source, and whether it is installed.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{BINARYEN, CARGO_DENY, CARGO_FUZZ, ESBUILD, SPLITTER, TRUNK};

pub(super) struct Tool {
    pub(super) program: &'static str,
    pub(super) version: String,
    pub(super) source: Source,
}

pub(super) enum Source {
    Crate {
        name: &'static str,
        /// Whether to install with the tool's own lock file. That of wasm-bindgen-cli names a version that
        /// was withdrawn.
        locked: bool,
        /// The cargo features to enable.
        features: &'static str,
        /// Whether the tool supports `--version`. If not, the version that cargo recorded at the installation
        /// counts.
        tells_version: bool,
    },
    Npm {
        name: &'static str,
        package: String,
    },
}

impl Tool {
    pub(super) fn trunk() -> Self {
        Self {
            program: "trunk",
            version: TRUNK.to_owned(),
            source: Source::Crate {
                name: "trunk",
                locked: true,
                features: "",
                tells_version: true,
            },
        }
    }

    pub(super) fn cargo_fuzz() -> Self {
        Self {
            program: "cargo-fuzz",
            version: CARGO_FUZZ.to_owned(),
            source: Source::Crate {
                name: "cargo-fuzz",
                locked: true,
                features: "",
                tells_version: true,
            },
        }
    }

    pub(super) fn cargo_deny() -> Self {
        Self {
            program: "cargo-deny",
            version: CARGO_DENY.to_owned(),
            source: Source::Crate {
                name: "cargo-deny",
                locked: true,
                features: "",
                tells_version: true,
            },
        }
    }

    pub(super) fn wasm_bindgen(version: String) -> Self {
        Self {
            program: "wasm-bindgen",
            version,
            source: Source::Crate {
                name: "wasm-bindgen-cli",
                locked: false,
                features: "",
                tells_version: true,
            },
        }
    }

    pub(super) fn splitter() -> Self {
        Self {
            program: "wasm-split-cli",
            version: SPLITTER.to_owned(),
            source: Source::Crate {
                name: "wasm_split_cli_support",
                locked: true,
                features: "build-binary",
                tells_version: false,
            },
        }
    }

    pub(super) fn wasm_opt() -> Self {
        Self {
            program: "wasm-opt",
            version: BINARYEN.to_owned(),
            source: Source::Npm {
                name: "binaryen",
                package: format!("binaryen@{BINARYEN}.0.0"),
            },
        }
    }

    pub(super) fn esbuild() -> Self {
        Self {
            program: "esbuild",
            version: ESBUILD.to_owned(),
            source: Source::Npm {
                name: "esbuild",
                package: format!("esbuild@{ESBUILD}"),
            },
        }
    }

    /// Returns whether `program` runs and has the right version.
    pub(super) fn is(&self, program: &Path) -> bool {
        if let Source::Crate {
            name,
            tells_version: false,
            ..
        } = self.source
        {
            let root = program.parent().and_then(Path::parent);
            let noted = root.map(|root| fs::read_to_string(root.join(".crates.toml")));
            let line = format!("\"{name} {} ", self.version);
            return program.is_file()
                && noted.is_some_and(|noted| noted.is_ok_and(|noted| noted.contains(&line)));
        }
        let output = Command::new(program)
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        output.is_ok_and(|output| {
            output.status.success()
                && String::from_utf8_lossy(&output.stdout)
                    .split_whitespace()
                    .any(|word| word == self.version)
        })
    }
}
