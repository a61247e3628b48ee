//! Merges two logs of 100,000 changes that differ in 1,000, and documents of Automerge, Loro and Yrs with the
//! same edits: `cargo xtask bench merging`.
//!
//! The other libraries store each edit in their leanest form, one text in a map by its id, written in a
//! transaction of its own as a person makes it. A document with a field for each fact would cost them more.
//! Ours is the log, with the effects of retractions and redactions; beside it is the board of the app, whose
//! time includes the effects of the new changes on its records. "Both in memory": each side is loaded with
//! everything that its library keeps of it (heads and clocks there, digests of pages here), and only merging
//! the other's state is timed.

use std::hash::RandomState;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use automerge::{AutoCommit, ReadDoc as _, transaction::Transactable as _};
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, CredenceStated, Payload};
use cruxboard_domain::document::Document;
use cruxboard_domain::log::{DigestKey, Entry};
use cruxboard_domain::record::{CruxEdit, CruxId, PersonEdit, PersonId};
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::{BoardId, ChangeId, Credence, Millis};
use loro::{ExportMode, LoroDoc};
use yrs::updates::decoder::Decode as _;
use yrs::{Doc, Map as _, ReadTxn as _, StateVector, Transact as _, Update};

const BEGINS: Millis = Millis(1_795_424_400_000);
const CHANGES: usize = 100_000;
const ONLY_ONE_SIDE: usize = 500;
const CRUXES: usize = 1_000;
const RUNS: usize = 31;

fn main() -> Result<()> {
    let edits = Edits::new();
    let (ours, board) = ours(&edits)?;
    println!(
        "Merging two logs of {CHANGES} changes that differ in {}; medians of {RUNS} runs:",
        2 * ONLY_ONE_SIDE
    );
    println!(
        "  {:<10} {:>14} {:>9} {:>22} {:>9} {:>12} {:>12}",
        "", "both in memory", "of ours", "one arrives as stored", "of ours", "stored", "deflated"
    );
    ours.print("Cruxboard", &ours);
    automerge(&edits)?.print("Automerge", &ours);
    loro(&edits)?.print("Loro", &ours);
    yrs(&edits)?.print("Yrs", &ours);
    println!(
        "  The board of it, brought up to date with what the new changes mean: {:.2} ms",
        board.as_secs_f64() * 1e3
    );
    Ok(())
}

/// The edits that both sides have, and those that each of the two has besides.
struct Edits {
    common: Vec<Entry>,
    sides: [Vec<Entry>; 2],
}

impl Edits {
    fn new() -> Self {
        let mut clock = Clock::new(Replica::new(1, 1));
        let mut common = Vec::new();
        let mut said = |common: &mut Vec<Entry>, payload| {
            let id = clock.tick(BEGINS + Duration::from_millis(common.len() as u64));
            common.push(change(id, None, payload));
            id
        };
        let person = PersonEdit {
            name: Some("Ann".into()),
            ..PersonEdit::default()
        };
        let person = PersonId(said(&mut common, Payload::PersonAdded(Box::new(person))));
        let cruxes: Vec<CruxId> = (0..CRUXES)
            .map(|n| {
                let crux = CruxEdit {
                    title: Some(format!("Crux {n}")),
                    ..CruxEdit::default()
                };
                CruxId(said(&mut common, Payload::CruxAdded(Box::new(crux))))
            })
            .collect();
        let state = |clock: &mut Clock, n: usize| {
            let id = clock.tick(BEGINS + Duration::from_millis(n as u64));
            let statement = CredenceStated {
                crux: cruxes[n % CRUXES],
                reason_salt: String::new(),
                person,
                credence: Credence::clamped((n * 7 % 100) as f64),
                reason: format!("The pilot took {n} days, less than I had thought it would."),
                evidence: Vec::new(),
                reaffirms: false,
                at: None,
                wall_clock: None,
            };
            change(id, Some(person), Payload::CredenceStated(Box::new(statement)))
        };
        let shared = CHANGES - ONLY_ONE_SIDE;
        for n in common.len()..shared {
            common.push(state(&mut clock, n));
        }
        let sides = [2, 3].map(|device| {
            let mut clock = Clock::new(Replica::new(device, 1));
            clock.observe(common[shared - 1].id());
            let own = shared..CHANGES;
            own.map(|n| state(&mut clock, n)).collect()
        });
        Self { common, sides }
    }

    /// Returns the key and text of each edit.
    fn texts(entries: &[Entry]) -> impl Iterator<Item = (String, String)> {
        entries.iter().map(|entry| {
            let json = entry.to_json();
            // The key contains the id already.
            let (_, rest) = json.split_once(',').unwrap_or_default();
            (entry.id().to_string(), rest.to_owned())
        })
    }
}

fn change(id: ChangeId, by: Option<PersonId>, payload: Payload) -> Entry {
    let part_of = None;
    Entry::from(Change {
        id,
        by,
        part_of,
        payload,
    })
}

struct Figures {
    in_memory: Duration,
    arriving: Duration,
    stored: usize,
    deflated: usize,
}

impl Figures {
    fn of(
        stored: &[u8],
        mut in_memory: impl FnMut() -> Result<Duration>,
        mut arriving: impl FnMut() -> Result<Duration>,
    ) -> Result<Self> {
        Ok(Self {
            in_memory: median(&mut in_memory)?,
            arriving: median(&mut arriving)?,
            stored: stored.len(),
            deflated: miniz_oxide::deflate::compress_to_vec(stored, 6).len(),
        })
    }

    fn print(&self, name: &str, ours: &Self) {
        let times = |theirs: Duration, ours: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
        println!(
            "  {name:<10} {:>11.2} ms {:>8.1}× {:>19.2} ms {:>8.1}× {:>9} kB {:>9} kB",
            self.in_memory.as_secs_f64() * 1e3,
            times(self.in_memory, ours.in_memory),
            self.arriving.as_secs_f64() * 1e3,
            times(self.arriving, ours.arriving),
            self.stored / 1_000,
            self.deflated / 1_000
        );
    }
}

fn median(run: &mut dyn FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut times = (0..RUNS).map(|_| run()).collect::<Result<Vec<_>>>()?;
    times.sort();
    Ok(times[RUNS / 2])
}

fn timed<T>(work: impl FnOnce() -> Result<T>) -> Result<(Duration, T)> {
    let begun = Instant::now();
    let result = black_box(work()?);
    Ok((begun.elapsed(), result))
}

const ALL: usize = CHANGES + ONLY_ONE_SIDE;

/// Measures our log, and the whole board, both in memory.
fn ours(edits: &Edits) -> Result<(Figures, Duration)> {
    let key = DigestKey::from(RandomState::new());
    let [a, b] = edits.sides.each_ref().map(|side| {
        let mut board = Board::with_digests(key.clone());
        board.receive(edits.common.iter().chain(side).cloned());
        board
    });
    let id = BoardId(edits.common[0].id());
    let stored = Document::to_json(id, b.log());
    let stored = stored.as_str();
    let mut board = a.clone();
    let merging_boards = median(&mut || {
        board.clone_from(&a);
        let (time, _) = timed(|| Ok(board.merge(b.log())))?;
        ensure!(board.log().len() == ALL);
        Ok(time)
    })?;
    let (a, b) = (a.log(), b.log());
    let (mut first, mut second) = (a.clone(), a.clone());
    let logs = Figures::of(
        stored.as_bytes(),
        || {
            first.clone_from(a);
            let (time, ()) = timed(|| {
                first.merge(b);
                Ok(())
            })?;
            ensure!(first.len() == ALL);
            Ok(time)
        },
        || {
            second.clone_from(a);
            let (time, ()) = timed(|| {
                let document = Document::from_json(stored)?;
                document.entries.into_iter().for_each(|entry| {
                    second.add(entry);
                });
                Ok(())
            })?;
            ensure!(second.len() == ALL);
            Ok(time)
        },
    )?;
    Ok((logs, merging_boards))
}

fn automerge(edits: &Edits) -> Result<Figures> {
    let write = |document: &mut AutoCommit, entries: &[Entry]| -> Result<()> {
        for (key, text) in Edits::texts(entries) {
            document.put(automerge::ROOT, key, text)?;
            document.commit();
        }
        Ok(())
    };
    let mut common = AutoCommit::new();
    write(&mut common, &edits.common)?;
    let mut a = common.fork();
    let mut b = common.fork();
    write(&mut a, &edits.sides[0])?;
    write(&mut b, &edits.sides[1])?;
    let stored = b.save();
    let mut also_a = a.clone();
    Figures::of(
        &stored,
        || {
            let mut into = a.clone();
            let (time, _) = timed(|| Ok(into.merge(&mut b)?))?;
            ensure!(into.length(automerge::ROOT) == ALL);
            Ok(time)
        },
        || {
            let mut into = also_a.fork();
            let (time, _) = timed(|| Ok(into.load_incremental(&stored)?))?;
            ensure!(into.length(automerge::ROOT) == ALL);
            Ok(time)
        },
    )
}

fn loro(edits: &Edits) -> Result<Figures> {
    let write = |document: &LoroDoc, entries: &[Entry]| -> Result<()> {
        let map = document.get_map("changes");
        for (key, text) in Edits::texts(entries) {
            map.insert(&key, text)?;
            document.commit();
        }
        Ok(())
    };
    let common = LoroDoc::new();
    write(&common, &edits.common)?;
    let (a, b) = (common.fork(), common.fork());
    write(&a, &edits.sides[0])?;
    write(&b, &edits.sides[1])?;
    let stored = b.export(ExportMode::Snapshot)?;
    Figures::of(
        &stored,
        || {
            let into = a.fork();
            let (time, _) = timed(|| {
                let missing = b.export(ExportMode::updates(&into.oplog_vv()))?;
                Ok(into.import(&missing)?)
            })?;
            ensure!(into.get_map("changes").len() == ALL);
            Ok(time)
        },
        || {
            let into = a.fork();
            let (time, _) = timed(|| Ok(into.import(&stored)?))?;
            ensure!(into.get_map("changes").len() == ALL);
            Ok(time)
        },
    )
}

fn yrs(edits: &Edits) -> Result<Figures> {
    let write = |document: &Doc, entries: &[Entry]| {
        let map = document.get_or_insert_map("changes");
        for (key, text) in Edits::texts(entries) {
            map.insert(&mut document.transact_mut(), key, text);
        }
    };
    let everything = |document: &Doc| {
        let all = StateVector::default();
        document.transact().encode_state_as_update_v1(&all)
    };
    let fork = |whole: &[u8]| -> Result<Doc> {
        let document = Doc::new();
        let update = Update::decode_v1(whole)?;
        document.get_or_insert_map("changes");
        document.transact_mut().apply_update(update)?;
        Ok(document)
    };
    let length = |document: &Doc| {
        let map = document.get_or_insert_map("changes");
        map.len(&document.transact()) as usize
    };
    let common = Doc::new();
    write(&common, &edits.common);
    let common = everything(&common);
    let (a, b) = (fork(&common)?, fork(&common)?);
    write(&a, &edits.sides[0]);
    write(&b, &edits.sides[1]);
    let (a, stored) = (everything(&a), everything(&b));
    Figures::of(
        &stored,
        || {
            let into = fork(&a)?;
            let (time, ()) = timed(|| {
                let known = into.transact().state_vector();
                let missing = b.transact().encode_state_as_update_v1(&known);
                let update = Update::decode_v1(&missing)?;
                Ok(into.transact_mut().apply_update(update)?)
            })?;
            ensure!(length(&into) == ALL);
            Ok(time)
        },
        || {
            let into = fork(&a)?;
            let (time, ()) = timed(|| {
                let update = Update::decode_v1(&stored)?;
                Ok(into.transact_mut().apply_update(update)?)
            })?;
            ensure!(length(&into) == ALL);
            Ok(time)
        },
    )
}
