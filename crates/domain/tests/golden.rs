//! Files written by version 1. They must load for ever, and are written again byte for byte.
//!
//! Golden files are added but never edited, since people have such files.

use std::collections::BTreeSet;

use cruxboard_domain::board::Board;
use cruxboard_domain::change::Payload;
use cruxboard_domain::date::DAY;
use cruxboard_domain::document::Document;
use cruxboard_domain::record::*;
use cruxboard_domain::rewording::other_words;
use cruxboard_domain::round::{Standing, findings, standing};
use cruxboard_domain::trigger_state::counted_reviews;
use cruxboard_domain::{ChangeId, Credence, Millis};

const EXAMPLE: &str = include_str!("golden/v1-example.json");
const EVERY_FACT: &str = include_str!("golden/v1-every-fact.json");
const MEETING: &str = include_str!("golden/v1-meeting.json");
const LEARNING: &str = include_str!("golden/v1-learning.json");
const READING: &str = include_str!("golden/v1-reading.json");
const TRIGGERS: &str = include_str!("golden/v1-triggers.json");
const ROUNDS: &str = include_str!("golden/v1-rounds.json");
const ANSWERED: &str = include_str!("golden/v1-answered.json");
const NOTE: &str = include_str!("golden/v1-note.json");
const SETTLED: &str = include_str!("golden/v1-settled.json");
const WALL_CLOCK: &str = include_str!("golden/v1-wall-clock.json");
const OPTION_CREDENCES: &str = include_str!("golden/v1-option-credences.json");
const JOINT_CREDENCES: &str = include_str!("golden/v1-joint-credences.json");
const ROUNDS_ON_OPTIONS: &str = include_str!("golden/v1-rounds-on-options.json");
const ACTIONS: &str = include_str!("golden/v1-actions.json");
const JUDGING: &str = include_str!("golden/v1-judging.json");
const TAKEN_ON: &str = include_str!("golden/v1-taken-on.json");
const POOLING: &str = include_str!("golden/v1-pooling.json");
const FOREIGN: &str = include_str!("golden/v1-foreign.json");

fn load(text: &str) -> Board {
    let document = Document::from_json(text).unwrap();
    assert_eq!(document.damaged, Vec::<String>::new());
    let board: Board = document.entries.into_iter().collect();
    let written = Document::to_json(document.board, board.log());
    for (written, golden) in written.lines().zip(text.lines()) {
        assert_eq!(written, golden);
    }
    assert!(written == text);
    board
}

/// Returns the id of the change in row `row`.
fn id(row: u32) -> ChangeId {
    format!("01M83T4CM0{row:04}000000000001").parse().unwrap()
}

#[test]
fn the_example_of_version_1_loads_whole() {
    let board = load(EXAMPLE);
    assert_eq!(board.log().foreign_count(), 0);
    assert_eq!(
        (
            board.cruxes().len(),
            board.triggers().count(),
            board.all_evidence().count(),
            board.people().count()
        ),
        (9, 36, 17, 3)
    );
}

#[test]
fn every_fact_of_version_1_is_understood() {
    let board = load(EVERY_FACT);
    assert_eq!(board.log().foreign_count(), 0);
    let kinds: BTreeSet<String> = board
        .log()
        .changes()
        .map(|change| {
            let json = serde_json::to_value(&change.payload).unwrap();
            let kind = json
                .as_object()
                .and_then(|payload| payload.keys().next().cloned());
            kind.unwrap_or_else(|| json.as_str().unwrap().to_owned())
        })
        .collect();
    assert_eq!(
        kinds.len(),
        27,
        "a new fact asks for a new golden file: {kinds:?}"
    );
}

#[test]
fn every_fact_of_version_1_does_what_it_did() {
    let board = load(EVERY_FACT);
    assert_eq!(board.info().question, "Go on?");
    assert_eq!(board.info().about, "Über \"alles\"\n\t🙂");
    assert_eq!(board.info().stale_days(), 30);

    let wind_down = board.option(OptionId(id(3))).unwrap();
    assert_eq!(
        (wind_down.mark(), wind_down.means.as_str()),
        (Mark::Stop, "End it.")
    );
    let ann = board.person(PersonId(id(5))).unwrap();
    assert_eq!(
        (
            ann.name.as_str(),
            ann.initials().as_str(),
            ann.role.as_str(),
            ann.red_team
        ),
        ("Ann", "An", "lead", true)
    );

    let crux = board.crux(CruxId(id(7))).unwrap();
    let expected = Crux {
        title: "First".into(),
        claim: "It is so.".into(),
        if_true: Some(OptionId(id(3))),
        if_true_note: "in part".into(),
        stage: Some(Stage::Open),
        stage_reason: String::new(),
        importance: Some(Importance::Critical),
        rank: "n".into(),
        owner: Some(PersonId(id(5))),
        review_on: "2027-01-15".parse().ok(),
        tags: vec!["a".into(), "b".into()],
        bearings: vec![
            Bearing {
                kind: BearingKind::NetNegative,
                degree: "significant".into(),
            },
            Bearing {
                kind: BearingKind::Other,
                degree: String::new(),
            },
        ],
        scope: Some(Scope::FieldAndUs),
        scope_note: "all of it".into(),
        specificity: Some(Specificity::WiderClass),
        wider_class: "everything".into(),
        basis: Some(Basis::Compared),
        alternative: "nothing".into(),
        hits_alternative: "too".into(),
        reliance: Some(Reliance::BelievedOnly),
        modality: Some(Modality::NowNotNecessarily),
        due_to: "chance".into(),
        conditions: vec!["if so".into()],
        hedge: "Undone and done again".into(),
        origin: Some(Origin::Sourced),
        sourced_from: "somebody".into(),
        one_liner: "So it is.".into(),
        implication: "Beware.".into(),
        mitigations: vec![
            Mitigation {
                what: "less".into(),
                cost: "much".into(),
            },
            Mitigation {
                what: "more".into(),
                cost: String::new(),
            },
        ],
        test_cost: "dear".into(),
        usually_missed: true,
        // Nothing sets the others.
        ..Crux::default()
    };
    assert_eq!(**crux, expected);
    assert_eq!((crux.by, crux.changed), (Some(PersonId(id(5))), id(35)));

    let judged = board.trigger(TriggerId(id(8))).unwrap();
    assert_eq!(
        (judged.threshold.as_str(), judged.by_date, judged.armed),
        ("thrice", None, true)
    );
    let moved = &judged.goalposts[0];
    assert_eq!(
        (moved.reason.as_str(), moved.fields.len()),
        ("twice is too easy", 2)
    );
    assert_eq!(
        judged.judgement().map(|judgement| judgement.verdict),
        Some(Verdict::Near)
    );
    let computed = board.trigger(TriggerId(id(9))).unwrap();
    assert_eq!(
        (
            computed.rule,
            computed.headline().as_str(),
            computed.goalposts.len()
        ),
        (None, "somebody says so", 1)
    );

    let evidence = board.evidence(EvidenceId(id(11))).unwrap();
    let expected = Evidence {
        text: "Seen.".into(),
        quote: "“seen”".into(),
        url: "https://example.org/".into(),
        kind: Some(Kind::Observation),
        source: "B".into(),
        message: "B-1".into(),
        origin: Some(Origin::Own),
        passed_on_by: vec!["C".into()],
        event_date: "2026".parse().unwrap(),
        source_date: "2026-11".parse().unwrap(),
        visibility: None,
        seen_by: vec!["Ann".into()],
        reliability: Some(Reliability::Low),
        inference: Some(Inference::Suggests),
        same_origin_as: vec![],
        answers: Some(EvidenceId(id(11))),
        rivals: vec![
            Rival {
                text: "luck".into(),
                weight: "about as likely".into(),
            },
            Rival {
                text: "error".into(),
                weight: String::new(),
            },
        ],
        exceptions: vec!["once".into()],
        not_in_hand: true,
        already_read: true,
        tags: vec!["x".into()],
        bears_on: [(
            CruxId(id(7)),
            BearsOn {
                direction: Direction::For,
                strength: Strength::Strong,
            },
        )]
        .into(),
    };
    assert_eq!(**evidence, expected);

    let statements = board.statements_on(CruxId(id(7)));
    let said: Vec<_> = statements
        .iter()
        .map(|s| (s.credence.percent(), s.reason.as_str(), s.reaffirms))
        .collect();
    assert_eq!(
        said,
        [
            (33.33, "seen", false),
            (70.0, "on reflection", false),
            (70.0, "", true)
        ]
    );
    assert_eq!(statements[0].at, Millis(1_795_420_000_000));

    let position = board.position(PositionId(id(20))).unwrap();
    assert_eq!(
        (position.credence, position.holding, position.assigned),
        (None, Some(Holding::Unsure), true)
    );
    let follow_up = board.follow_up(FollowUpId(id(22))).unwrap();
    assert_eq!(
        (
            follow_up.state(),
            follow_up.by_date,
            follow_up.outcome.as_str()
        ),
        (FollowUpState::Done, None, "sent")
    );
    assert_eq!(
        board
            .term(TermId(id(24)))
            .map(|term| (term.meaning.as_str(), term.trashed)),
        Some(("in this way", None))
    );
    assert_eq!(
        board
            .recorded_reviews()
            .map(|review| review.note.as_str())
            .collect::<Vec<_>>(),
        ["short", ""]
    );
    assert_eq!(board.trash(), [(id(28), "Crux", "Second".to_owned())]);
    assert_eq!(
        board.log().change(id(38)).map(|change| &change.payload),
        Some(&Payload::Blank)
    );
}

#[test]
fn what_a_newer_version_wrote_is_kept_as_it_came_and_passed_on() {
    let board = load(FOREIGN);
    assert_eq!(board.log().foreign_count(), 4);
    let crux = board.crux(CruxId(id(2))).unwrap();
    assert_eq!(
        (crux.title.as_str(), crux.tags.as_slice()),
        ("", ["kept".to_owned()].as_slice())
    );
}

#[test]
fn rounds_whose_closing_names_the_seals_and_whose_reasons_are_hashed_do_what_they_did() {
    let board = load(ROUNDS);
    assert_eq!(board.log().foreign_count(), 0);
    let round = board.rounds().next().unwrap();
    let closing = round.closing().unwrap();
    assert_eq!(closing.seals.as_ref().map(Vec::len), Some(2));
    let found = findings(&board, round);
    let answers: Vec<_> = found[0]
        .answers
        .iter()
        .map(|(.., answer)| (answer.credence.percent(), answer.reason.as_str()))
        .collect();
    assert_eq!(answers, [(60.0, "so I think"), (80.0, "so I think")]);
}

#[test]
fn decisions_reviews_and_rounds_of_version_1_do_what_they_did() {
    let board = load(MEETING);
    assert_eq!(board.log().foreign_count(), 0);
    let (ann, crux) = (PersonId(id(5)), CruxId(id(7)));
    let review = board.review(ReviewId(id(10))).unwrap();
    assert_eq!(
        (review.here.as_slice(), review.note.as_str()),
        (&[ann][..], "short")
    );
    assert_eq!(
        (review.agenda[0].crux, review.agenda[0].minutes),
        (crux, 10)
    );
    assert_eq!(review.notes[&crux].text, "Ünclear 🙂");
    assert!(!review.notes[&crux].is_public && !review.note_is_public);
    assert_eq!(board.review_moments(), [id(21)]);

    let round = board.round(RoundId(id(13))).unwrap();
    assert_eq!(round.held_at, Some(review.id));
    assert_eq!(round.said[0].text, "Which model?");
    let answer = Answer {
        topic: Topic::Crux(crux),
        credence: cruxboard_domain::Credence::clamped(37.5),
        reason: "so".into(),
        reason_seal: String::new(),
    };
    // The seal was computed with another implementation of the hash.
    assert_eq!(standing(round, ann), Standing::Revealed(vec![answer]));

    let decision = board.standing_decision().unwrap();
    let expected = Decision {
        option: Some(OptionId(id(3))),
        why: "nothing speaks against it".into(),
        until: "2027-04-30".parse().ok(),
        voices: vec![Voice {
            person: ann,
            agrees: false,
            reason: "too soon".into(),
        }],
        answers: vec![TriggerId(id(8))],
        reversed_by: vec![TriggerId(id(8))],
        reversal: "a study".into(),
        held_at: Some(review.id),
        known: 15,
        taken_on: None,
    };
    assert_eq!(**decision, expected);
}

#[test]
fn what_verdicts_show_and_who_may_read_notes_is_read_as_version_1_wrote_it() {
    let board = load(LEARNING);
    assert_eq!(board.log().foreign_count(), 0);
    let trigger = board.trigger(TriggerId(id(8))).unwrap();
    assert_eq!(
        (trigger.if_met, trigger.if_not_met, trigger.goalposts.len()),
        (Some(Shows::ClaimTrue), Some(Shows::ClaimFalse), 1)
    );
    let scores = cruxboard_domain::score::scores(&board);
    assert!((scores[1].last.brier - 0.64).abs() < 1e-9, "{scores:?}");
    let review = board.review(ReviewId(id(12))).unwrap();
    let note = &review.notes[&CruxId(id(7))];
    assert_eq!(
        (note.text.as_str(), note.is_public),
        ("for everybody", true)
    );
    assert_eq!(
        (review.note.as_str(), review.note_is_public),
        ("short", true)
    );
}

#[test]
fn checks_quorums_and_settled_disputes_of_version_1_do_what_they_did() {
    let board = load(TRIGGERS);
    assert_eq!(board.log().foreign_count(), 0);
    let computed = board.trigger(TriggerId(id(8))).unwrap();
    assert_eq!((computed.quorum, computed.checks.len()), (Some(2), 1));
    let found = &counted_reviews(&board, computed)[0];
    assert_eq!(
        (found.review, found.held, found.figure, found.people),
        (
            id(13),
            true,
            Some(cruxboard_domain::Credence::clamped(79.75)),
            2
        )
    );
    let settled = board.trigger(TriggerId(id(9))).unwrap();
    assert_eq!(settled.judgements[2].settles, [id(15), id(16)]);
    assert_eq!(
        (settled.verdict(), settled.dispute()),
        (Some(Verdict::NotMet), None)
    );
}

#[test]
fn the_day_up_to_which_credences_count_is_read_as_version_1_wrote_it() {
    let board = load(SETTLED);
    assert_eq!(board.log().foreign_count(), 0);
    let crux = board.crux(CruxId(id(7))).unwrap();
    assert_eq!(crux.scored_until, "2026-11-20".parse().ok());
    // The only credence is later than the last day that is scored.
    assert_eq!(cruxboard_domain::score::scores(&board), []);
}

#[test]
fn the_notes_of_a_crux_are_read_as_version_1_wrote_them() {
    let board = load(NOTE);
    assert_eq!(board.log().foreign_count(), 0);
    let crux = board.crux(CruxId(id(7))).unwrap();
    assert_eq!(crux.note, "Counted at noon.");
    let added = board.log().change(id(7)).unwrap();
    assert!(
        added
            .to_json()
            .contains("Counted on the last day.\\nhttps://example.org/")
    );
}

#[test]
fn a_later_answer_of_a_reader_is_read_as_version_1_wrote_it() {
    let board = load(ANSWERED);
    assert_eq!(board.log().foreign_count(), 0);
    let position = board.position(PositionId(id(8))).unwrap();
    assert_eq!(position.credence, Credence::from_percent(40.0));
    assert_eq!(position.answered_at, Some(Millis(1_795_132_800_000)));
}

#[test]
fn the_wall_clock_of_a_statement_of_version_1_dates_it() {
    let board = load(WALL_CLOCK);
    assert_eq!(board.log().foreign_count(), 0);
    let stated = board.statement(StatementId(id(8))).unwrap();
    let stamped = stated.id.0.millis();
    assert_eq!((stated.at, stated.order), (stamped - DAY, stamped));
}

#[test]
fn the_day_of_a_decision_that_was_recorded_later_is_kept() {
    let board = load(TAKEN_ON);
    assert_eq!(board.log().foreign_count(), 0);
    let decision = board.standing_decision().unwrap();
    let day = decision.day(cruxboard_domain::date::Now::utc(Millis(0)));
    assert_eq!(Some(day), "2026-11-22".parse().ok());
}

#[test]
fn the_actions_of_a_decision_of_version_1_are_with_it() {
    let board = load(ACTIONS);
    assert_eq!(board.log().foreign_count(), 0);
    let decision = DecisionId(id(7));
    let actions = board
        .actions_of(decision)
        .map(|action| FollowUp::clone(action));
    let tell = FollowUp {
        what: "Tell the funder".into(),
        owner: "Ann".into(),
        by_date: "2026-12-15".parse().ok(),
        decision: Some(decision),
        ..FollowUp::default()
    };
    let hire = FollowUp {
        what: "Hire two".into(),
        state: Some(FollowUpState::Done),
        decision: Some(decision),
        ..FollowUp::default()
    };
    assert_eq!(actions.collect::<Vec<_>>(), [tell, hire]);
}

#[test]
fn the_rule_by_which_credences_are_pooled_is_what_it_was() {
    let board = load(POOLING);
    assert_eq!(board.log().foreign_count(), 0);
    let info = board.info();
    assert_eq!(
        (info.pooling, info.weighting, info.extremising),
        (
            Some(Pooling::TrimmedMean),
            Some(Weighting::ByAge),
            Some(Extremising::Slightly)
        )
    );
}

#[test]
fn how_a_claim_is_judged_its_words_and_who_has_left_are_what_they_were() {
    let board = load(JUDGING);
    assert_eq!(board.log().foreign_count(), 0);
    let crux = board.crux(CruxId(id(7))).unwrap();
    assert_eq!(crux.resolution, "the accounts of 2027 say so");
    assert_eq!(crux.reference_class, "lines like this one");
    assert_eq!(
        (crux.judge_by, crux.base_rate),
        ("2028-02-01".parse().ok(), Some(Credence::clamped(20.0)))
    );
    let left: Vec<_> = board.people().map(|person| person.left_on).collect();
    assert_eq!(left, [None, "2026-12-01".parse().ok()]);
    let words = other_words(&board, crux.id, StatementId(id(8))).unwrap();
    assert_eq!(words.reasons, ["one was too short"]);
}

#[test]
fn the_reading_list_and_the_readers_of_version_1_are_what_they_were() {
    let board = load(READING);
    assert_eq!(board.log().foreign_count(), 0);
    let messages: Vec<_> = board
        .messages()
        .map(|message| Message::clone(message))
        .collect();
    let expected = Message {
        page: "A thread".into(),
        author: "Commenter A".into(),
        date: "2026-10".parse().unwrap(),
        url: "https://example.org/t#c1".into(),
        text: "Ünclear 🙂. So it is.\nAnd so on.".into(),
        is_read: true,
    };
    assert_eq!(messages, [expected]);
    assert_eq!(board.trash(), [(id(7), "Message", ": +1".to_owned())]);
    let brief_read = BriefRead {
        who: "Director".into(),
        on: "2026-11-24".parse().ok(),
        through: Some(id(8)),
        note: "on paper".into(),
    };
    assert_eq!(**board.brief_read(BriefReadId(id(9))).unwrap(), brief_read);
    // Neither change alters the content of the board.
    assert_eq!(board.changes_after(id(5)), 1);
}

#[test]
fn the_credences_in_options_of_version_1_are_what_they_were() {
    let board = load(OPTION_CREDENCES);
    assert_eq!(board.log().foreign_count(), 0);
    let (option, crux, ann) = (OptionId(id(3)), CruxId(id(7)), PersonId(id(5)));
    let current = board.current_option_credences(option);
    let plain = current[&(ann, None)];
    assert_eq!(
        (plain.credence.percent(), plain.reason.as_str()),
        (9.0, "on reflection")
    );
    let conditional = current[&(ann, Some(crux))];
    assert_eq!(
        (conditional.credence.percent(), &conditional.evidence[..]),
        (10.0, &[EvidenceId(id(8))][..])
    );
    assert_eq!(conditional.at, Millis(1_795_338_000_000));
    let view = cruxboard_domain::crux_value::stated(&board, option, crux, ann).view();
    let level = view.unwrap().map(|view| view.level_voi());
    assert!(level.is_some_and(|level| (level - 1.5).abs() < 1e-9));
}

#[test]
fn a_blind_round_on_options_is_read_and_checked_as_version_1_wrote_it() {
    let board = load(ROUNDS_ON_OPTIONS);
    assert_eq!(board.log().foreign_count(), 0);
    let (option, crux, ann) = (OptionId(id(3)), CruxId(id(7)), PersonId(id(5)));
    let round = board.round(RoundId(id(10))).unwrap();
    let question = |if_true| OptionQuestion { option, if_true };
    assert_eq!(round.in_options, [question(None), question(Some(crux))]);
    // Seal and hash of the reason were computed with another implementation.
    assert!(matches!(standing(round, ann), Standing::Revealed(answers) if answers.len() == 3));
    let found = findings(&board, round);
    let conditional = found
        .iter()
        .find(|finding| finding.topic == Topic::Option(question(Some(crux))));
    let (_, _, answer) = &conditional.unwrap().answers[0];
    assert_eq!(
        (answer.credence.percent(), answer.reason.as_str()),
        (10.0, "as far as I see")
    );
    let current = board.current_option_credences(option);
    assert_eq!(current[&(ann, Some(crux))].at, id(11).millis());
}

#[test]
fn the_joint_effects_of_version_1_are_what_they_were() {
    let board = load(JOINT_CREDENCES);
    assert_eq!(board.log().foreign_count(), 0);
    let (option, ann) = (OptionId(id(3)), PersonId(id(5)));
    let given = |other_is_true| {
        [(7, true), (13, other_is_true)].map(|(row, is_true)| Given {
            crux: CruxId(id(row)),
            is_true,
        })
    };
    let current = board.joint_credences_at(option, Millis(1_795_338_000_000));
    let both = current[&(ann, given(true))];
    assert_eq!(
        (both.credence.percent(), both.reason.as_str(), both.at),
        (12.5, "both show the same", Millis(1_795_338_000_000))
    );
    assert_eq!(both.evidence, [EvidenceId(id(8))]);
    let one = current[&(ann, given(false))];
    assert_eq!(
        (one.credence.percent(), one.reason.as_str()),
        (8.0, "on reflection")
    );
}
