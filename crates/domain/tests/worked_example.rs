//! The worked example that the app ships, in each language: it equals the output of its generator, and
//! contains everything that a newcomer should see.

#[path = "../examples/worked_example/mod.rs"]
mod generator;
mod translation;

use std::collections::BTreeMap;

use cruxboard_domain::board::Board;
use cruxboard_domain::date::{DAY, Now};
use cruxboard_domain::document::Document;
use cruxboard_domain::record::*;
use cruxboard_domain::summary::summary;
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::{Facet, Filter, Sort, facet_label, shown};
use cruxboard_domain::{ChangeId, Credence, Millis, VagueDate};
use generator::{Language, worked_example};

const LANGUAGES: [Language; 2] = [Language::English, Language::German];

/// Returns the file that is shipped for a language.
const fn shipped(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../../public/example.cruxboard.json"),
        Language::German => include_str!("../../../public/example.de.cruxboard.json"),
    }
}

#[test]
fn the_shipped_files_are_what_the_generator_makes() {
    assert!(
        shipped(Language::English) == worked_example(Language::English),
        "run: cargo run -p cruxboard-domain --example make_example -- en > public/example.cruxboard.json"
    );
    assert!(
        shipped(Language::German) == worked_example(Language::German),
        "run: cargo run -p cruxboard-domain --example make_example -- de > public/example.de.cruxboard.json"
    );
}

#[test]
fn the_shipped_files_load_whole_and_come_back_byte_for_byte() {
    for file in LANGUAGES.map(shipped) {
        let document = Document::from_json(file).unwrap();
        assert_eq!(document.damaged, Vec::<String>::new());
        let id = document.board;
        let board: Board = document.entries.into_iter().collect();
        assert_eq!(board.log().foreign_count(), 0);
        assert!(Document::to_json(id, board.log()) == file);
    }
}

/// The first day of the example.
const NOW: Millis = Millis(1_795_424_400_000);

/// Returns the board of the English example.
pub(crate) fn board() -> Board {
    read(Language::English)
}

fn read(language: Language) -> Board {
    Document::from_json(shipped(language))
        .unwrap()
        .entries
        .into_iter()
        .collect()
}

/// The example in one language.
struct Example {
    board: Board,
    /// Its texts, by the English ones.
    texts: BTreeMap<String, String>,
}

impl Example {
    /// Returns a text of the English example in the language of this one.
    fn text<'a>(&'a self, english: &'a str) -> &'a str {
        self.texts.get(english).map_or(english, String::as_str)
    }
}

/// Returns the example in each language.
fn examples() -> [Example; 2] {
    LANGUAGES.map(|language| Example {
        board: read(language),
        texts: translation::texts_of(language),
    })
}

/// Returns a crux's name, "C1" to "C9", by its position on the board.
fn name(board: &Board, crux: CruxId) -> String {
    let place = board.cruxes().iter().position(|other| other.id == crux);
    format!("C{}", place.unwrap() + 1)
}

fn crux(board: &Board, number: usize) -> &Record<CruxId, Crux> {
    board.cruxes()[number - 1]
}

fn option(board: &Board, mark: Mark) -> OptionId {
    board
        .options()
        .find(|option| option.mark() == mark)
        .unwrap()
        .id
}

fn person(board: &Board, name: &str) -> PersonId {
    board
        .people()
        .find(|person| person.name == name)
        .unwrap()
        .id
}

#[test]
fn it_says_that_the_numbers_are_illustrations() {
    for example in examples() {
        let board = &example.board;
        assert_eq!(
            board.info().question,
            example.text("Keep, change or wind down the AI-character / propensity line?")
        );
        let notice = &board.info().notice;
        assert!(notice.contains("illustrations") || notice.contains("erfunden"));
        assert_eq!(
            board
                .people()
                .map(|person| (person.name.as_str(), person.red_team))
                .collect::<Vec<_>>(),
            [
                (example.text("Red-teamer"), true),
                (example.text("Area lead"), false),
                (example.text("Researcher"), false)
            ]
        );
    }
}

#[test]
fn nobody_is_named_but_by_role_or_alias() {
    // "Will" begins German sentences, too.
    let english = ["Max ", "Will ", "Tom ", "Max,", "Tom'"];
    let german = ["Max ", "Tom ", "Max,", "Toms "];
    for name in english {
        assert!(!shipped(Language::English).contains(name), "{name}");
    }
    for name in german {
        assert!(!shipped(Language::German).contains(name), "{name}");
    }
}

#[test]
fn it_is_summed_up_as_it_was_published() {
    for example in examples() {
        let board = &example.board;
        let summary = summary(board, Now::utc(NOW), true);
        assert_eq!(summary.cruxes, 9);
        assert_eq!(
            board
                .triggers()
                .filter(|trigger| trigger.rule.is_none())
                .count(),
            18
        );
        assert_eq!(
            (
                summary.triggers.total(),
                summary.triggers.of(TriggerState::Armed)
            ),
            (36, 36)
        );
        assert_eq!(
            (
                summary.past_date,
                summary.one_sided,
                summary.owed,
                summary.stale
            ),
            (0, 8, 5, 0)
        );
        let case = |mark: Mark| {
            let id = option(board, mark);
            let case = summary
                .options
                .iter()
                .find(|case| case.option == Some(id))
                .unwrap();
            let likeliest = case.likeliest.map(|(id, aggregate)| {
                let percent = aggregate.percent().round();
                format!("{} {percent}", name(board, id))
            });
            (
                case.cruxes_words(),
                likeliest.unwrap_or_default(),
                case.triggers.total(),
            )
        };
        let cases = [
            (Mark::Continue, "1 crux: in between", "C4 53", 9),
            (Mark::Change, "1 crux: unlikely", "C7 16", 2),
            (
                Mark::Stop,
                "7 cruxes: 4 in between, 3 unlikely",
                "C5 43",
                16,
            ),
            (Mark::DoubleDown, "No cruxes", "", 0),
        ];
        for (option, cruxes, likeliest, triggers) in cases {
            let expected = (cruxes.to_owned(), likeliest.to_owned(), triggers);
            assert_eq!(case(option), expected, "{option:?}");
        }
    }
}

#[test]
fn ninety_one_days_on_every_credence_is_stale_and_a_year_on_dates_have_passed_undecided() {
    for example in examples() {
        let board = &example.board;
        assert_eq!(summary(board, Now::utc(NOW + 91 * DAY), true).stale, 27);
        let later = summary(board, Now::utc(NOW + 365 * DAY), false);
        // By 2027-11-23, the dates of C1s, C1c, C2s, C5s, C6s, C7s and C9s have passed without a verdict.
        assert_eq!(later.past_date, 7);
        assert_eq!(
            (
                later.triggers.of(TriggerState::Met),
                later.triggers.of(TriggerState::NotMet)
            ),
            (0, 0)
        );
        let unstated = later.options.iter().map(|case| case.cruxes.unstated);
        assert_eq!(unstated.sum::<usize>(), 9);
    }
}

#[test]
fn a_high_credence_does_not_always_mean_stop() {
    for example in examples() {
        let board = &example.board;
        let (c1, c4) = (crux(board, 1), crux(board, 4));
        let wind_down = option(board, Mark::Stop);
        assert_eq!(
            (c1.if_true, c4.if_true),
            (Some(wind_down), Some(option(board, Mark::Continue)))
        );
        assert_eq!(c4.if_true_note, example.text("in changed form"));
        let rule = |crux: &Record<CruxId, Crux>| {
            let mut triggers = board.triggers_of(crux.id);
            let stop = triggers
                .find(|trigger| trigger.rule.is_some() && trigger.toward.is_some())
                .unwrap();
            (stop.toward, stop.headline())
        };
        assert_eq!(
            rule(c1),
            (
                Some(wind_down),
                "aggregate at or above 70% at 2 reviews running".into()
            )
        );
        assert_eq!(
            rule(c4),
            (
                Some(wind_down),
                "aggregate at or below 30% at 2 reviews running".into()
            )
        );
        assert_eq!(rule(crux(board, 7)).0, Some(option(board, Mark::Change)));
    }
}

#[test]
fn every_filter_returns_the_rows_of_the_published_table() {
    for example in examples() {
        let board = &example.board;
        let id = |option: OptionId| option.to_string();
        let all = "C1 C2 C3 C4 C5 C6 C7 C8 C9";
        for (facet, value, rows) in [
            (Facet::Bearing, "net-negative".to_owned(), "C1 C2 C3 C8"),
            (Facet::Bearing, "useless".into(), "C5 C6 C8"),
            (Facet::Bearing, "direction-change".into(), "C4 C6 C7"),
            (Facet::Bearing, "other".into(), "C2 C9"),
            (
                Facet::IfTrue,
                id(option(board, Mark::Stop)),
                "C1 C2 C3 C5 C6 C8 C9",
            ),
            (Facet::IfTrue, id(option(board, Mark::Continue)), "C4"),
            (Facet::IfTrue, id(option(board, Mark::Change)), "C7"),
            (Facet::IfTrue, id(option(board, Mark::DoubleDown)), ""),
            (Facet::Scope, "field".into(), "C1 C2 C3 C4 C5 C6 C7"),
            (Facet::Scope, "field-and-us".into(), "C8"),
            (Facet::Scope, "us".into(), "C9"),
            (Facet::Specificity, "peculiar".into(), "C2"),
            (Facet::Basis, "absolute".into(), "C1 C3 C4 C5 C6 C8"),
            (Facet::Basis, "compared".into(), "C2 C7 C9"),
            (Facet::Reliance, "believed-only".into(), "C9"),
            (Facet::Modality, "now-not-necessarily".into(), "C1"),
            (Facet::Modality, "now".into(), "C2 C3 C5 C6"),
            (Facet::Modality, "conditional".into(), "C4 C8"),
            (Facet::Modality, "may-turn-out".into(), "C7"),
            (Facet::Origin, "own".into(), "C2"),
            (Facet::Has, "conditions".into(), "C1 C4 C8"),
            (Facet::Has, "definition".into(), "C4"),
            (Facet::Has, "hedge".into(), "C4 C5 C6 C8"),
            (Facet::Has, "implication".into(), "C1 C2 C3 C4 C5 C6 C7 C8"),
            (Facet::Has, "mitigations".into(), "C1"),
            (Facet::Has, "test-cost".into(), "C7"),
            (Facet::Has, "split".into(), "C1 C2 C7 C9"),
            (Facet::Has, "separate".into(), "C1 C3 C5 C6 C7 C9"),
            (Facet::Has, "private-evidence".into(), "C6 C7"),
            (Facet::Has, "same-origin".into(), "C6"),
            (Facet::Has, "rivals".into(), "C5 C6"),
            (Facet::Has, "assigned-number".into(), "C5"),
            (Facet::Has, "usually-missed".into(), "C1"),
            (Facet::Has, "one-liner".into(), all),
            (Facet::Has, "goalposts".into(), ""),
            (Facet::Sides, "both".into(), "C8"),
            (Facet::Sides, "against-only".into(), "C2"),
            (Facet::Sides, "for-only".into(), "C1 C3 C4 C5 C6 C7 C9"),
            (Facet::Sides, "none".into(), ""),
            (Facet::Visibility, "private".into(), "C6 C7"),
            (Facet::Kind, "analogy".into(), "C1 C3 C4"),
            (Facet::Kind, "rival-explanation".into(), "C5"),
            (Facet::Kind, "counter-example".into(), "C8"),
            (Facet::Position, example.text("Commenter B").into(), "C8"),
            (
                Facet::Position,
                example.text("Commenter A").into(),
                "C1 C3 C4 C5 C6 C7 C9",
            ),
            (Facet::FollowUp, "owed".into(), "C1 C8"),
            (Facet::Holding, "endorses".into(), "C1 C3 C4 C5 C6 C8"),
            (Facet::Holding, "believes-only".into(), "C9"),
            (Facet::Holding, "does-not-endorse".into(), "C7"),
            (Facet::Restatement, "confirmed".into(), "C1"),
            (Facet::Restatement, "corrected".into(), "C7 C9"),
            (Facet::Inference, "suggests".into(), "C5 C6"),
            (Facet::Inference, "indicates".into(), "C6 C7"),
            (Facet::Has, "exceptions".into(), "C5 C8"),
            (Facet::Has, "hits-alternative".into(), "C7"),
            (Facet::FollowUp, "awaited".into(), "C1"),
            (
                Facet::Person,
                person(board, example.text("Area lead")).to_string(),
                all,
            ),
            (
                Facet::Owner,
                person(board, example.text("Area lead")).to_string(),
                "C4 C9",
            ),
            (Facet::Stage, "open".into(), all),
            (Facet::Stale, "fresh".into(), all),
            (Facet::Trigger, "armed".into(), all),
            (Facet::Tag, example.text("point 1").into(), "C1 C3"),
            (Facet::Tag, example.text("point 2").into(), "C5 C6"),
            (Facet::Importance, "critical".into(), "C1"),
            (
                Facet::Lacks,
                "evidence-against".into(),
                "C1 C3 C4 C5 C6 C7 C9",
            ),
            (Facet::Lacks, "evidence-for".into(), "C2"),
            (Facet::FollowUpKind, "reply".into(), "C1 C8"),
            (Facet::FollowUpKind, "question".into(), "C1"),
            (Facet::FollowUpKind, "write-up".into(), "C1"),
            (Facet::Grounds, "stated".into(), "C1 C4 C5 C6 C7 C8 C9"),
            (Facet::Grounds, "inferred".into(), "C3 C9"),
            (Facet::Source, example.text("Commenter B").into(), "C8"),
            (Facet::Has, "second-hand".into(), "C6 C7"),
            (Facet::Has, "undated".into(), all),
            (Facet::Has, "due-to".into(), "C1"),
            (Facet::Has, "alternative".into(), "C2 C7 C9"),
            (Facet::Has, "mitigation-cost".into(), "C1"),
            (Facet::Lacks, "claim".into(), ""),
        ] {
            let mut filter = Filter::default();
            filter.toggle(facet, &value);
            let shown = shown(board, &filter, Sort::Own, Now::utc(NOW), true);
            let names: Vec<String> = shown.into_iter().map(|id| name(board, id)).collect();
            assert_eq!(names.join(" "), rows, "{facet:?} {value}");
            // Every value of a facet has a label.
            assert!(!facet_label(board, facet, &value).is_empty());
        }
    }
}

#[test]
fn the_board_can_be_searched_and_put_in_every_order() {
    for example in examples() {
        let board = &example.board;
        let names = |search: &str, sort| {
            let filter = Filter {
                search: search.into(),
                ..Filter::default()
            };
            let shown = shown(board, &filter, sort, Now::utc(NOW), true);
            shown
                .into_iter()
                .map(|id| name(board, id))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(names("", Sort::Own), "C1 C2 C3 C4 C5 C6 C7 C8 C9");
        assert_eq!(names("", Sort::Importance), "C1 C2 C3 C4 C5 C6 C7 C8 C9");
        assert_eq!(names("", Sort::Disagreement), "C5 C6 C1 C2 C3 C8 C4 C7 C9");
        // The researcher was the last person to go through the board.
        assert_eq!(names("", Sort::Moved), "C9 C8 C7 C6 C5 C4 C3 C2 C1");
        assert_eq!(names("", Sort::Due), "C1 C2 C3 C4 C5 C6 C7 C8 C9");
        assert_eq!(names("opus", Sort::Own), "C5 C6");
        let quoted = match example.text("Commenter A") {
            "Commenter A" => "OPUS pinnacle",
            _ => "OPUS höhepunkt",
        };
        assert_eq!(names(quoted, Sort::Own), "C5 C6");
        assert_eq!(names("opus nowhere", Sort::Own), "");
        assert_eq!(names("“actually", Sort::Own), "");
    }
}

#[test]
fn evidence_keeps_its_links_its_secrets_and_its_gaps() {
    for example in examples() {
        let board = &example.board;
        let items: Vec<_> = board.all_evidence().collect();
        assert_eq!(items.len(), 17);
        let item = |number: usize| items[number - 1];
        assert_eq!(
            (
                item(8).same_origin_as.as_slice(),
                item(9).same_origin_as.as_slice()
            ),
            (&[item(9).id][..], &[item(8).id][..])
        );
        assert_eq!(
            (item(7).answers, item(14).answers),
            (Some(item(6).id), Some(item(13).id))
        );
        assert_eq!(item(6).rivals[0].weight, example.text("about as likely"));
        let private: Vec<usize> = (1..=17)
            .filter(|number| item(*number).visibility() == Visibility::Private)
            .collect();
        assert_eq!(private, [8, 9, 16]);
        let not_in_hand: Vec<usize> = (1..=17)
            .filter(|number| item(*number).not_in_hand)
            .collect();
        assert_eq!(not_in_hand, [15, 16]);
        assert!(
            items
                .iter()
                .all(|item| item.event_date == VagueDate::Unknown
                    && item.source_date == VagueDate::Unknown)
        );
        assert!(items.iter().all(|item| !item.quote.is_empty()
            && !item.source.is_empty()
            && !item.message.is_empty()));
        let balance: Vec<(usize, usize)> = board
            .cruxes()
            .iter()
            .map(|crux| board.evidence_balance(crux.id))
            .collect();
        // E7 bears on C5, but neither for nor against it.
        assert_eq!(
            balance,
            [
                (3, 0),
                (0, 1),
                (2, 0),
                (4, 0),
                (1, 0),
                (3, 0),
                (2, 0),
                (1, 1),
                (1, 0)
            ]
        );
        assert_eq!(board.evidence_on(crux(board, 5).id).count(), 2);
    }
}

#[test]
fn every_first_estimate_is_there_with_its_reason_and_evidence() {
    for example in examples() {
        let board = &example.board;
        let published = [
            [35, 15, 20],
            [40, 20, 30],
            [50, 30, 35],
            [45, 60, 55],
            [55, 30, 45],
            [50, 25, 40],
            [25, 10, 15],
            [45, 25, 35],
            [30, 15, 20],
        ];
        for (crux, percents) in board.cruxes().into_iter().zip(published) {
            let views = board.current_views(crux.id, NOW);
            assert_eq!(
                views
                    .iter()
                    .map(|view| view.statement.credence.percent())
                    .collect::<Vec<_>>(),
                percents.map(f64::from)
            );
            for view in views {
                assert_eq!(
                    (view.statement.reason.as_str(), view.previous),
                    (example.text("first estimate"), None)
                );
                assert!(!view.statement.evidence.is_empty());
                assert_eq!(view.id.0.day().to_string(), "2026-11-23");
                assert_eq!(
                    board.statement(view.id).unwrap().by,
                    Some(view.statement.person)
                );
            }
        }
    }
}

#[test]
fn the_positions_of_those_outside_say_how_they_are_known_and_whose_number_it_is() {
    for example in examples() {
        let board = &example.board;
        let published = [
            (
                1,
                example.text("Commenter A"),
                Grounds::Stated,
                Holding::Endorses,
            ),
            (
                3,
                example.text("Commenter A"),
                Grounds::Inferred,
                Holding::Endorses,
            ),
            (
                4,
                example.text("Commenter A"),
                Grounds::Stated,
                Holding::Endorses,
            ),
            (
                5,
                example.text("Commenter A"),
                Grounds::Stated,
                Holding::Endorses,
            ),
            (
                6,
                example.text("Commenter A"),
                Grounds::Stated,
                Holding::Endorses,
            ),
            (
                7,
                example.text("Commenter A"),
                Grounds::Stated,
                Holding::DoesNotEndorse,
            ),
            (
                8,
                example.text("Commenter B"),
                Grounds::Stated,
                Holding::Endorses,
            ),
            (
                9,
                example.text("Commenter A"),
                Grounds::Stated,
                Holding::BelievesOnly,
            ),
            (
                9,
                example.text("Commenter C"),
                Grounds::Inferred,
                Holding::Unsure,
            ),
        ];
        let mut found = Vec::new();
        for number in 1..=9 {
            for position in board.positions_on(crux(board, number).id) {
                found.push((
                    number,
                    position.holder.as_str(),
                    position.grounds.unwrap(),
                    position.holding.unwrap(),
                ));
                assert!(!position.message.is_empty(), "C{number}");
                // Only one position has a number, and it was assigned by the board's own people.
                let number_given = position.credence.map(Credence::percent);
                assert_eq!(
                    (number_given, position.assigned),
                    if number == 5 {
                        (Some(65.0), true)
                    } else {
                        (None, false)
                    },
                    "C{number}"
                );
            }
        }
        assert_eq!(found, published);
    }
}

#[test]
fn every_follow_up_says_what_sort_it_is_who_has_to_do_it_and_how_it_stands() {
    use FollowUpKind::*;
    use FollowUpState::*;
    for example in examples() {
        let board = &example.board;
        let found: Vec<_> = board
            .follow_ups()
            .map(|it| {
                (
                    it.kind.unwrap(),
                    it.state(),
                    it.owner.as_str(),
                    it.whom.as_str(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                (
                    Reply,
                    Owed,
                    example.text("Red-teamer"),
                    example.text("Commenter A")
                ),
                (
                    Question,
                    Done,
                    example.text("Commenter A"),
                    example.text("Red-teamer")
                ),
                (
                    Pointer,
                    Owed,
                    example.text("Red-teamer"),
                    example.text("Colleague 1 and Colleague 2")
                ),
                (
                    Reading,
                    Owed,
                    example.text("Red-teamer"),
                    example.text("Colleague 3")
                ),
                (
                    Call,
                    Optional,
                    example.text("Red-teamer"),
                    example.text("Commenter A")
                ),
                (
                    WriteUp,
                    Awaited,
                    example.text("Commenter A"),
                    example.text("Red-teamer")
                ),
                (
                    Reply,
                    Owed,
                    example.text("Red-teamer"),
                    example.text("Commenter B")
                ),
                (Reading, Owed, example.text("Red-teamer"), ""),
                // Texts that were read already, so need not be sent again, and a text that is not shared.
                (Reading, Done, example.text("Red-teamer"), ""),
                (
                    Unshared,
                    Optional,
                    example.text("Red-teamer"),
                    example.text("Commenter A")
                ),
            ]
        );
    }
}

#[test]
fn every_link_leads_to_something_on_the_board() {
    for example in examples() {
        let board = &example.board;
        let is_there = |id: ChangeId| board.is_record(id);
        for crux in board.cruxes() {
            let linked = crux
                .separate_from
                .iter()
                .chain(&crux.split_from)
                .map(|id| id.0);
            assert!(
                linked
                    .chain(crux.if_true.map(|id| id.0))
                    .chain(crux.owner.map(|id| id.0))
                    .all(is_there)
            );
        }
        for trigger in board.triggers() {
            assert!(is_there(trigger.crux.0) && trigger.toward.is_none_or(|id| is_there(id.0)));
            assert!(trigger.armed && trigger.review_on.is_some() && !trigger.action.is_empty());
        }
        for evidence in board.all_evidence() {
            let linked = evidence
                .same_origin_as
                .iter()
                .chain(&evidence.answers)
                .map(|id| id.0);
            assert!(
                linked
                    .chain(evidence.bears_on.keys().map(|id| id.0))
                    .all(is_there)
            );
        }
        for follow_up in board.follow_ups() {
            assert!(
                follow_up.crux.is_none_or(|id| is_there(id.0))
                    && follow_up.evidence.is_none_or(|id| is_there(id.0))
            );
        }
        for change in board.log().changes() {
            assert!(change.by.is_none_or(|by| is_there(by.0)));
        }
    }
}
