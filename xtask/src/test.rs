//! Everything a change has to pass, in the order in which failing is cheapest.

use std::{
    env,
    fs::{self, File},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};

use crate::{
    app, browser,
    check::{self, Tests},
    fuzz, openapi, peers,
    step::spoken,
};

/// Stages that wait for one thread most of the time. They run beside the others, on what those leave of
/// the processor; what they print comes when they are done.
const BESIDE: &str = "beside";
const BESIDE_LOG: &str = "target/xtask/beside.log";

/// A stage by the name under which it can be run alone.
struct Stage {
    name: &'static str,
    what: &'static str,
    run: fn(&Tests) -> Result<()>,
}

const STAGES: [Stage; 10] = [
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
];

/// Those of them that run beside the others, one after the other.
const STAGES_BESIDE: [Stage; 3] = [
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
        name: "fuzz",
        what: "what comes from elsewhere, made up at random for a minute each",
        run: fuzz::run,
    },
];

/// What takes the whole machine, and the app that was built beside the others.
const LAST: Stage = Stage {
    name: "browser",
    what: "the release app in a real browser",
    run: browser::run,
};

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (long, words): (Vec<_>, Vec<_>) = arguments.iter().partition(|word| *word == "--long");
    let long = !long.is_empty();
    match words.split_first() {
        None => all(&Tests {
            filter: Vec::new(),
            long,
        }),
        Some((name, _)) if name.as_str() == BESIDE => {
            let tests = Tests {
                filter: Vec::new(),
                long,
            };
            let mut times = Vec::new();
            let outcome = in_turn(&STAGES_BESIDE, &tests, &mut times);
            print_times(&times);
            outcome
        }
        Some((name, filter)) => {
            let all = || STAGES.iter().chain(&STAGES_BESIDE).chain([&LAST]);
            let stage = all().find(|stage| stage.name == name.as_str());
            let stage = stage.with_context(|| {
                let names: Vec<_> = all().map(|stage| stage.name).collect();
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
    let mut times = Vec::new();
    let beside = Beside::start(tests)?;
    let outcome = in_turn(&STAGES, tests, &mut times)
        .and_then(|()| beside.end())
        .and_then(|()| in_turn(&[LAST], tests, &mut times));
    print_times(&times);
    outcome?;
    println!("\nEverything passed in {}.", spoken(started.elapsed()));
    Ok(())
}

/// Runs stages one after the other, and notes how long each took.
fn in_turn(
    stages: &[Stage],
    tests: &Tests,
    times: &mut Vec<(&'static str, Duration)>,
) -> Result<()> {
    for stage in stages {
        println!("\n== {}: {}", stage.name, stage.what);
        let begun = Instant::now();
        let outcome = (stage.run)(tests);
        times.push((stage.name, begun.elapsed()));
        outcome.with_context(|| {
            let name = stage.name;
            format!("stage {name} (alone again: cargo xtask test {name})")
        })?;
    }
    Ok(())
}

/// The stages that run beside the others: this program once more. Ends when dropped.
struct Beside(Child);

impl Beside {
    fn start(tests: &Tests) -> Result<Self> {
        let names = STAGES_BESIDE.map(|stage| stage.name).join(", ");
        println!("Meanwhile, with what they print in {BESIDE_LOG}: {names}");
        fs::create_dir_all("target/xtask")?;
        let log = File::create(BESIDE_LOG)?;
        let program = env::current_exe()?;
        // Others come first, and no test of theirs shall wait for it.
        let mut command = if cfg!(unix) {
            let mut nice = Command::new("nice");
            nice.args(["-n", "19"]).arg(program);
            nice
        } else {
            Command::new(program)
        };
        command.args(["test", BESIDE]);
        if tests.long {
            command.arg("--long");
        }
        command.stdin(Stdio::null());
        command.stdout(log.try_clone()?).stderr(log);
        Ok(Self(command.spawn().context("starting what runs beside")?))
    }

    /// Waits for their end, and shows what they printed.
    fn end(mut self) -> Result<()> {
        println!("\n== waiting for what runs beside");
        let status = self.0.wait()?;
        println!("{}", fs::read_to_string(Path::new(BESIDE_LOG))?.trim_end());
        if !status.success() {
            bail!("a stage that ran beside the others failed, as said above");
        }
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Nothing to do where it has ended.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn print_times(times: &[(&str, Duration)]) {
    println!("\nTime by stage");
    for (name, duration) in times {
        println!("  {name:<10} {}", spoken(*duration));
    }
}
