//! Times the operations that must stay quick on large boards, in memory and without a browser: `cargo run
//! --profile server -p cruxboard-domain --example bench_apply`.
//!
//! Prints the median and the best of several runs; the best matters when other programs slow the machine.
//! With a word as argument, only measurements whose names contain the word are run. The profile to measure
//! with is `server`, since `release` is optimised for size, for the browser.

#![expect(clippy::too_many_lines, reason = "one measurement after the other")]
#![allow(clippy::print_stdout, reason = "printing is what it is for")]
#![allow(clippy::disallowed_methods, reason = "it runs where there is a clock")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cruxboard_domain::backup::Backup;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{
    Change, CredenceStated, EvidenceWeighed, JointCredenceStated, OptionCredenceStated, Payload,
};
use cruxboard_domain::crux_value::{Side, crux_values, stated_by};
use cruxboard_domain::date::Now;
use cruxboard_domain::diff::Since;
use cruxboard_domain::document::Document;
use cruxboard_domain::due::{DueCount, due};
use cruxboard_domain::estimate::steps;
use cruxboard_domain::evidence_matrix::evidence_matrix;
use cruxboard_domain::file_kind::text_kind;
use cruxboard_domain::findings::Findings;
use cruxboard_domain::holes::holes;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::import::csv::{Reading, Sheet, guess_evidence, plan, plan_evidence};
use cruxboard_domain::import::discussion::{self, sentences};
use cruxboard_domain::joint_effect::joint_range;
use cruxboard_domain::ledger::ledger;
use cruxboard_domain::log::{Entry, Log};
use cruxboard_domain::movement::movements;
use cruxboard_domain::option_brief::option_brief;
use cruxboard_domain::pooling::leaving_each_out;
use cruxboard_domain::record::{
    BearsOn, BoardOptionEdit, Comparison, CredenceRule, CruxEdit, CruxId, Direction, EvidenceEdit,
    EvidenceId, Given, Mark, Measure, OptionId, PersonEdit, PersonId, Strength, TriggerEdit,
};
use cruxboard_domain::score::scores;
use cruxboard_domain::snapshot::link::{Parcel, unfold};
use cruxboard_domain::snapshot::{SnapshotRequest, take};
use cruxboard_domain::summary::summary;
use cruxboard_domain::trigger_changes::credence_trigger_states;
use cruxboard_domain::undo::UndoStack;
use cruxboard_domain::view::{Filter, Listing, Sort, facets, rank_between, shown};
use cruxboard_domain::waterfall::waterfall;
use cruxboard_domain::what_if::{Assumed, OptionModel, dependent_pairs, flips, option_models};
use cruxboard_domain::{BoardId, ChangeId, Credence, Millis};

const BEGINS: Millis = Millis(1_795_424_400_000);

fn main() {
    let hundred_thousand = Made::with(1_000, 100_000);
    median(
        "build a board of 1,000 cruxes from 100,000 changes",
        9,
        || {
            timed(hundred_thousand.entries.clone(), |entries| {
                entries.into_iter().collect::<Board>()
            })
        },
    );
    for (cruxes, changes) in [(10, 100), (50, 1_000), (1_000, 20_000), (1_000, 100_000)] {
        let made = Made::with(cruxes, changes);
        let mut board: Board = made.entries.iter().cloned().collect();
        let mut clock = made.clock;
        median(
            &format!("apply one more change to {changes}"),
            2_001,
            || {
                let change = made.statement(clock.tick(Millis(0)), changes / 2, 40);
                timed(change, |change| board.apply(change))
            },
        );
    }

    one_change_on_the_screen();

    let made = Made::with(200, 5_000);
    let board: Board = made.entries.iter().cloned().collect();
    println!("200 cruxes, 5,000 changes:");
    let snapshot = || {
        take(
            &board,
            BoardId::default(),
            &SnapshotRequest::default(),
            BEGINS + Duration::from_secs(1_000_000),
        )
        .snapshot
    };
    let link = Parcel::open(&snapshot()).to_text();
    println!("  their link has {} characters", link.len());
    median("  make the link of a snapshot", 11, || {
        timed((), |()| Parcel::open(&snapshot()).to_text())
    });
    median("  read it", 11, || {
        timed((), |()| {
            Parcel::from_text(&link).and_then(|parcel| unfold(&parcel.content))
        })
    });

    importers();

    analysis(&mut Made::of(1_000, 20_000, 20));
    let made = Made::with(1_000, 20_000);
    let board: Board = made.entries.iter().cloned().collect();
    let now = BEGINS + Duration::from_secs(1_000_000);
    println!("1,000 cruxes, 20,000 changes:");
    median("  summary", 51, || {
        timed((), |()| summary(&board, Now::utc(now), true))
    });
    for sort in Sort::ALL {
        median(
            &format!("  shown, unfiltered, by {}", sort.key()),
            51,
            || {
                timed((), |()| {
                    shown(&board, &Filter::default(), *sort, Now::utc(now), true)
                })
            },
        );
    }
    let searching = Filter {
        search: "claim 77".into(),
        ..Filter::default()
    };
    median("  shown, searched", 51, || {
        timed((), |()| {
            shown(&board, &searching, Sort::Own, Now::utc(now), true)
        })
    });
    median("  facets of all", 51, || {
        timed((), |()| {
            board
                .cruxes()
                .into_iter()
                .map(|crux| facets(&board, crux, Now::utc(now)).len())
                .sum::<usize>()
        })
    });
    median("  current views of one crux", 501, || {
        timed((), |()| board.current_views(made.cruxes[5], now))
    });
    median("  history of one crux's estimate", 501, || {
        timed((), |()| steps(&board, made.cruxes[5]))
    });
    median("  everything due", 51, || {
        timed((), |()| due(&board, Now::utc(now)))
    });
    for (words, back) in [
        ("the last 500 changes", 500),
        ("all changes", board.log().len()),
    ] {
        let at = board.log().len() - back;
        let from = board
            .log()
            .entries()
            .nth(at)
            .map(Entry::id)
            .unwrap_or_default();
        median(&format!("  what changed over {words}"), 21, || {
            timed((), |()| {
                Since::between(&board, from, ChangeId::MAX, Now::utc(now))
            })
        });
    }
    median("  undo stack from the log", 51, || {
        timed((), |()| UndoStack::of(board.log(), 1))
    });
    let text = Document::to_json(BoardId::default(), board.log());
    median("  write the document", 51, || {
        timed((), |()| Document::to_json(BoardId::default(), board.log()))
    });
    println!("  the document is {} kB", text.len() / 1_000);
    median("  parse the document", 51, || {
        timed((), |()| Document::from_json(&text))
    });
    median("  parse it and build the board", 21, || {
        timed((), |()| {
            Document::from_json(&text)
                .map(|document| document.entries.into_iter().collect::<Board>())
        })
    });
    let newest_first: Vec<Entry> = made.entries.iter().rev().cloned().collect();
    median(
        "  build the board newest change first, one by one",
        11,
        || {
            timed(newest_first.clone(), |entries| {
                let mut board = Board::default();
                for entry in entries {
                    board.apply_entry(entry);
                }
                board
            })
        },
    );
    median("  add 20,000 changes to a bare log", 21, || {
        timed(made.entries.clone(), |entries| {
            let mut log = Log::default();
            for entry in entries {
                log.add(entry);
            }
            log
        })
    });
}

/// Times what the screen of a board computes after one credence was stated: the due items, the summary and the
/// list of cruxes, all of them anew or kept up to date.
fn one_change_on_the_screen() {
    for (cruxes, changes) in [
        (1_000, 20_000),
        (1_000, 100_000),
        (5_000, 40_000),
        (5_000, 100_000),
    ] {
        println!("{cruxes} cruxes, {changes} changes:");
        let made = Made::with(cruxes, changes);
        let mut board: Board = made.entries.iter().cloned().collect();
        let mut clock = made.clock;
        let now = Now::utc(BEGINS + Duration::from_secs(1_000_000));
        let filters = [
            ("all cruxes", Filter::default()),
            (
                "searched",
                Filter {
                    search: "claim 77".into(),
                    ..Filter::default()
                },
            ),
        ];
        for (name, filter) in filters {
            median(&format!("  after one change, {name}, anew"), 9, || {
                timed((), |()| {
                    let due = due(&board, now);
                    let summary = summary(&board, now, true);
                    let listed = shown(&board, &filter, Sort::Own, now, true);
                    (DueCount::of(&due, now.today()), summary, listed, due)
                })
            });
            let mut findings = Findings::default();
            findings.update(&board, now.into());
            let mut listing = Listing::new(&board, filter, Sort::Own, now.into());
            let mut n = changes / 2;
            median(
                &format!("  after one change, {name}, kept up to date"),
                501,
                || {
                    n += 1;
                    let change = made.statement(clock.tick(Millis(0)), n, (n * 13 % 100) as u8);
                    let touched = board.apply(change);
                    timed((), |()| {
                        findings.mark(&touched);
                        let reread = findings.update(&board, now.into());
                        listing.update(&board, now.into(), &reread);
                        let met = findings.met().count();
                        (findings.count(), findings.summary(), listing.cruxes(), met)
                    })
                },
            );
        }
    }
}

/// A text to import: its name, its beginning, a function from line number to line, and its importer.
type Text<'a> = (
    &'a str,
    &'a str,
    &'a dyn Fn(usize) -> String,
    &'a dyn Fn(&str) -> Option<usize>,
);

/// Times every importer on 1, 2 and 4 MB: each must import 1 MB within a second, and take time in proportion
/// to the size.
fn importers() {
    let page = |text: &str| {
        let page = discussion::read(text, "", Now::utc(BEGINS).today()).ok()?;
        let plan = discussion::plan(&Board::default(), &page);
        let sentences = page.messages.iter().map(|one| sentences(&one.text).len());
        Some(plan.changes.len() + sentences.sum::<usize>())
    };
    let table = |text: &str| {
        let sheet = Sheet::read(text).ok()?;
        let board = Board::default();
        let reading = Reading::guessed(&board, &sheet);
        Some(
            plan(&board, &sheet, &reading, None, Now::utc(BEGINS))
                .changes
                .len(),
        )
    };
    let evidence = |text: &str| {
        let sheet = Sheet::read(text).ok()?;
        let columns = guess_evidence(&sheet);
        Some(
            plan_evidence(&Board::default(), &sheet, &columns)
                .changes
                .len(),
        )
    };
    let file = |text: &str| {
        let document = Document::from_json(text).ok()?;
        let faults = document.faults().len();
        Some(faults + document.entries.into_iter().collect::<Board>().log().len())
    };
    let backup = |text: &str| Some(Backup::from_json(text).ok()?.faults().len());
    let refused = |text: &str| Some(text_kind(text).name.len());
    let row = |n: usize| {
        let id = ChangeId::new(
            BEGINS + Duration::from_millis(n as u64),
            0,
            Replica::new(1, 1),
        );
        format!("{{\"id\":\"{id}\",\"fact\":{{\"person-added\":{{\"name\":\"Ann {n}\"}}}}}}")
    };
    let board = format!(
        "{{\"format\":\"cruxboard\",\"version\":1,\"board\":\"{}\",\"changes\":[",
        ChangeId::new(BEGINS, 0, Replica::new(1, 1))
    );
    let boards = format!("{{\"format\":\"cruxboard-boards\",\"version\":1,\"boards\":[\n{board}");
    let line = |text: &'static str| move |n: usize| text.replace('#', &n.to_string());
    let texts: [Text<'_>; 13] = [
        (
            "plain text without headings",
            "",
            &line("So it goes on # times, and nobody says who wrote it"),
            &page,
        ),
        (
            "plain text on one line",
            "",
            &line("so it goes. And # it goes! "),
            &page,
        ),
        (
            "text with many <",
            "",
            &line("if a < b then <c # else d > e"),
            &page,
        ),
        (
            "HTML with many <",
            "<p>",
            &line("if a < b then <b>#</b> < d <"),
            &page,
        ),
        (
            "a chat",
            "",
            &|n| {
                format!(
                    "[10:32] Ann: {}",
                    format!("so it goes on, and {n} again. ").repeat(80)
                )
            },
            &page,
        ),
        (
            "a table of credences",
            "title,person,probability,date,note\n",
            &line("It is so #,Ann,40%,2026-11-01,because"),
            &table,
        ),
        (
            "a table as Markdown",
            "| title | probability |\n|---|---|\n",
            &line("| It is so # | 40% |"),
            &table,
        ),
        (
            "a table for each person",
            "title,Ann,Bob,Cy\n",
            &line("It is so #,40,50,60"),
            &table,
        ),
        (
            "a table with quotation marks",
            "title,probability\n",
            &line("\"It is \"\"so\"\", #\",40%"),
            &table,
        ),
        (
            "a table of evidence",
            "evidence,link,tags\n",
            &line("It was so #,https://a.example/#,a b"),
            &evidence,
        ),
        ("a board that is cut off", &board, &|n| row(n) + ",", &file),
        (
            "a backup that is cut off",
            &boards,
            &|n| row(n) + ",",
            &backup,
        ),
        (
            "JSON of something else",
            "[",
            &line("{\"a\": #},"),
            &refused,
        ),
    ];
    println!("importers, at 1, 2 and 4 MB:");
    for (name, before, line, read) in texts {
        let separator = if name.ends_with("one line") { "" } else { "\n" };
        for megabytes in [1, 2, 4] {
            let mut text = before.to_owned();
            let mut n = 0;
            while text.len() < megabytes << 20 {
                text.push_str(&line(n));
                text.push_str(separator);
                n += 1;
            }
            median(&format!("  {name}, {megabytes} MB"), 5, || {
                timed((), |()| read(&text))
            });
        }
    }
}

/// Measures the figures of the screen for analysis, with a conditional credence of everybody on every crux,
/// and a joint effect of everybody on every fiftieth pair.
fn analysis(made: &mut Made) {
    println!("1,000 cruxes, 20 people, 20,000 changes, and everybody’s credences in an option:");
    let (option, people) = (made.option, made.people.clone());
    for person in people {
        for pair in made.cruxes.clone().chunks(50) {
            let given = [pair[0], pair[1]].map(|crux| Given {
                crux,
                is_true: true,
            });
            made.say(Payload::JointCredenceStated(Box::new(
                JointCredenceStated {
                    option,
                    given,
                    person,
                    credence: Credence::clamped(41.0),
                    reason: String::new(),
                    evidence: Vec::new(),
                    wall_clock: None,
                },
            )));
        }
        for if_true in std::iter::once(None).chain(made.cruxes.clone().into_iter().map(Some)) {
            made.say(Payload::OptionCredenceStated(Box::new(
                OptionCredenceStated {
                    option,
                    if_true,
                    person,
                    credence: Credence::clamped(40.0),
                    reason: String::new(),
                    reason_salt: String::new(),
                    evidence: Vec::new(),
                    wall_clock: None,
                },
            )));
        }
    }
    let board: Board = made.entries.iter().cloned().collect();
    let now = Now::utc(BEGINS + Duration::from_secs(1_000_000));
    median("  analysis: values of information", 11, || {
        timed((), |()| crux_values(&board, option, now))
    });
    median("  analysis: models of the options", 11, || {
        timed((), |()| option_models(&board, now))
    });
    let models = option_models(&board, now);
    let cruxes: Vec<CruxId> = models.iter().flat_map(OptionModel::cruxes).collect();
    median("  analysis: what flips the lead", 11, || {
        timed((), |()| flips(&models))
    });
    let me = made.people[0];
    median("  analysis: one’s own credences", 11, || {
        timed((), |()| stated_by(&board, option, me))
    });
    let given = [cruxes[0], cruxes[1]].map(|crux| Given {
        crux,
        is_true: true,
    });
    median("  analysis: the range of a joint effect", 11, || {
        timed((), |()| joint_range(&board, option, me, given))
    });
    let values = crux_values(&board, option, now);
    let everybody = Side {
        name: String::new(),
        members: made.people.iter().copied().collect(),
    };
    let others = Side {
        name: String::new(),
        members: made.people.iter().copied().skip(1).collect(),
    };
    median("  analysis: two groups on all cruxes", 11, || {
        timed((), |()| {
            let found = values.iter().map(|value| {
                let of_each = [&everybody, &others].map(|side| value.level_of(side));
                (value.discrimination(&everybody, &others), of_each)
            });
            found.collect::<Vec<_>>()
        })
    });
    median("  analysis: history of the group on one crux", 11, || {
        timed((), |()| steps(&board, cruxes[0]))
    });
    median("  analysis: the aggregate without each person", 11, || {
        timed((), |()| {
            let views = board.current_views(cruxes[0], now.millis);
            leaving_each_out(board.pool(), &views, true)
        })
    });
    median("  analysis: scores", 11, || timed((), |()| scores(&board)));
    median("  analysis: states of all triggers", 11, || {
        timed((), |()| credence_trigger_states(&board, now))
    });
    median("  analysis: dependent pairs", 11, || {
        timed((), |()| dependent_pairs(&board, &cruxes))
    });
    let assumed: Assumed = cruxes.iter().map(|crux| (*crux, Credence::HALF)).collect();
    median(
        "  analysis: a step of a drag, all cruxes assumed",
        51,
        || timed((), |()| models[0].of_group(&assumed)),
    );
    median("  analysis: evidence matrix", 11, || {
        timed((), |()| evidence_matrix(&board))
    });
    median("  analysis: all waterfalls", 11, || {
        timed((), |()| {
            let found = cruxes.iter().map(|crux| waterfall(&board, *crux, None));
            found.collect::<Vec<_>>()
        })
    });
    median("  analysis: movements", 11, || {
        timed((), |()| movements(&board))
    });
    let found = movements(&board);
    median("  analysis: everybody’s changes of mind", 11, || {
        timed((), |()| {
            let people = board.people().map(|person| found.of(person.id));
            people.collect::<Vec<_>>()
        })
    });
    median("  analysis: holes and ledger", 11, || {
        timed((), |()| (holes(&board), ledger(&board)))
    });
    median("  analysis: brief on an option", 11, || {
        timed((), |()| option_brief(&board, option, now))
    });
}

/// A board's changes, mostly statements: some people, four triggers on every crux and evidence on every fifth.
struct Made {
    entries: Vec<Entry>,
    cruxes: Vec<CruxId>,
    people: Vec<PersonId>,
    option: OptionId,
    clock: Clock,
}

impl Made {
    fn with(cruxes: usize, changes: usize) -> Self {
        Self::of(cruxes, changes, 10)
    }

    fn of(cruxes: usize, changes: usize, people: usize) -> Self {
        let mut made = Self {
            entries: Vec::new(),
            cruxes: Vec::new(),
            people: Vec::new(),
            option: OptionId::default(),
            clock: Clock::new(Replica::new(1, 1)),
        };
        let option = BoardOptionEdit {
            name: Some("Wind down".into()),
            mark: Some(Some(Mark::Stop)),
            means: None,
        };
        let option = OptionId(made.say(Payload::OptionAdded(Box::new(option))));
        made.option = option;
        for n in 0..people {
            let person = PersonEdit {
                name: Some(format!("Person {n}")),
                ..PersonEdit::default()
            };
            let id = made.say(Payload::PersonAdded(Box::new(person)));
            made.people.push(PersonId(id));
        }
        let mut rank = String::new();
        for n in 0..cruxes {
            rank = rank_between(&rank, "");
            let crux = CruxEdit {
                title: Some(format!("Crux {n}")),
                claim: Some(format!(
                    "The claim {n} of this board is true, as far as anybody can say."
                )),
                if_true: Some(Some(option)),
                rank: Some(rank.clone()),
                tags: Some(vec![format!("tag {}", n % 20)]),
                ..CruxEdit::default()
            };
            let id = CruxId(made.say(Payload::CruxAdded(Box::new(crux))));
            made.cruxes.push(id);
            for side in 0..4 {
                let rule = CredenceRule {
                    measure: Measure::Aggregate,
                    comparison: Comparison::AtLeast,
                    value: Credence::clamped(70.0),
                    reviews: 2,
                };
                let trigger = TriggerEdit {
                    crux: Some(id),
                    toward: Some(Some(option)),
                    armed: Some(true),
                    observable: Some("It is seen in two places.".into()),
                    by_date: Some("2027-06-30".parse().ok()),
                    rule: (side > 1).then_some(Some(rule)),
                    ..TriggerEdit::default()
                };
                made.say(Payload::TriggerAdded(Box::new(trigger)));
            }
            if n % 5 == 0 {
                let item = EvidenceEdit {
                    text: Some(format!("Item {n}")),
                    ..EvidenceEdit::default()
                };
                let item = EvidenceId(made.say(Payload::EvidenceFiled(Box::new(item))));
                let bears_on = Some(BearsOn {
                    direction: Direction::For,
                    strength: Strength::Slight,
                });
                made.say(Payload::EvidenceWeighed(EvidenceWeighed {
                    evidence: item,
                    crux: id,
                    bears_on,
                }));
            }
        }
        for n in made.entries.len()..changes {
            let id = made.tick();
            let statement = made.statement(id, n, (n * 7 % 100) as u8);
            made.entries.push(statement.into());
        }
        made
    }

    fn tick(&mut self) -> ChangeId {
        self.clock
            .tick(BEGINS + Duration::from_millis(self.entries.len() as u64))
    }

    fn say(&mut self, payload: Payload) -> ChangeId {
        let id = self.tick();
        self.entries.push(
            Change {
                id,
                by: None,
                part_of: None,
                payload,
            }
            .into(),
        );
        id
    }

    fn statement(&self, id: ChangeId, n: usize, percent: u8) -> Change {
        let person = self.people[n / 3 % self.people.len()];
        let payload = Payload::CredenceStated(Box::new(CredenceStated {
            crux: self.cruxes[n % self.cruxes.len()],
            reason_salt: String::new(),
            person,
            credence: Credence::clamped(f64::from(percent)),
            reason: "something was found out".into(),
            evidence: Vec::new(),
            reaffirms: false,
            at: None,
            wall_clock: None,
        }));
        Change {
            id,
            by: Some(person),
            part_of: None,
            payload,
        }
    }
}

/// Returns the time that `work` takes, without the time for its input and for dropping its output.
fn timed<In, Out>(input: In, work: impl FnOnce(In) -> Out) -> Duration {
    let begun = Instant::now();
    let output = black_box(work(black_box(input)));
    let taken = begun.elapsed();
    drop(output);
    taken
}

fn median(what: &str, runs: usize, mut run: impl FnMut() -> Duration) {
    if std::env::args()
        .nth(1)
        .is_some_and(|word| !what.contains(&word))
    {
        return;
    }
    let mut times: Vec<Duration> = (0..runs).map(|_| run()).collect();
    times.sort_unstable();
    println!(
        "{what}: {:.3?} (best {:.3?}, 95%: {:.3?})",
        times[runs / 2],
        times[0],
        times[runs * 95 / 100]
    );
}
