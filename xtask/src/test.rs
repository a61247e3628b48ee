//! Everything a change has to pass, in the order in which failing is cheapest.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::{
    app, browser,
    check::{self, Tests},
    fuzz, markdown, openapi, peers,
    step::spoken,
};

/// A stage by the name under which it can be run alone.
struct Stage {
    name: &'static str,
    what: &'static str,
    run: fn(&Tests) -> Result<()>,
}

const STAGES: [Stage; 15] = [
    Stage {
        name: "format",
        what: "the code is formatted",
        run: |_| check::formatted(),
    },
    Stage {
        name: "clippy",
        what: "clippy, for this machine and for the browser",
        run: |tests| {
            check::clippy_native()?;
            check::clippy_wasm()?;
            if tests.long {
                check::clippy_merging()?;
            }
            Ok(())
        },
    },
    Stage {
        name: "domain",
        what: "the domain's rules and properties",
        run: check::domain,
    },
    Stage {
        name: "fuzz",
        what: "what comes from elsewhere, made up at random for a minute each",
        run: fuzz::run,
    },
    Stage {
        name: "session",
        what: "the web app's code that needs no browser",
        run: check::session,
    },
    Stage {
        name: "server",
        what: "the server and the tools",
        run: check::server,
    },
    Stage {
        name: "peers",
        what: "boards in step through servers that are not ours",
        run: peers::run,
    },
    Stage {
        name: "openapi",
        what: "the server answers as its description says",
        run: openapi::run,
    },
    Stage {
        name: "markdown",
        what: "texts as Markdown in three renderers",
        run: markdown::run,
    },
    Stage {
        name: "docs",
        what: "the documentation builds",
        run: |_| check::docs(),
    },
    Stage {
        name: "purity",
        what: "the domain depends on nothing impure",
        run: |_| check::purity(),
    },
    Stage {
        name: "supply",
        what: "licences and sources of dependencies",
        run: |_| check::supply_chain(),
    },
    Stage {
        name: "size",
        what: "the release app keeps to its budget",
        run: |_| app::run(&[]),
    },
    Stage {
        name: "container",
        what: "the image for running the server",
        run: |_| check::container(),
    },
    Stage {
        name: "browser",
        what: "the release app in a real browser",
        run: browser::run,
    },
];

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (long, words): (Vec<_>, Vec<_>) = arguments.iter().partition(|word| *word == "--long");
    let long = !long.is_empty();
    match words.split_first() {
        None => all(&Tests {
            filter: Vec::new(),
            long,
        }),
        Some((name, filter)) => {
            let stage = STAGES.iter().find(|stage| stage.name == name.as_str());
            let stage = stage.with_context(|| {
                let names: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
                format!("there is no stage {name}; there are {}", names.join(", "))
            })?;
            (stage.run)(&Tests {
                filter: filter.iter().map(ToString::to_string).collect(),
                long,
            })
        }
    }
}

fn all(tests: &Tests) -> Result<()> {
    let started = Instant::now();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    for (at, stage) in STAGES.iter().enumerate() {
        println!("\n== [{}/{}] {}", at + 1, STAGES.len(), stage.what);
        let begun = Instant::now();
        let outcome = (stage.run)(tests);
        times.push((stage.name, begun.elapsed()));
        if let Err(error) = outcome {
            print_times(&times);
            bail!(
                "stage {name}: {error:#} (alone again: cargo xtask test {name})",
                name = stage.name
            );
        }
    }
    print_times(&times);
    println!("\nEverything passed in {}.", spoken(started.elapsed()));
    Ok(())
}

fn print_times(times: &[(&str, Duration)]) {
    println!("\nTime by stage");
    for (name, duration) in times {
        println!("  {name:<10} {}", spoken(*duration));
    }
}
