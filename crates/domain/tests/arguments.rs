//! Holes, the ledger of arguments, movements, and briefs on options.

use crate::desk::{DAY, Desk, NOW, edited};
use crate::worked_example::board as example;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, OptionMove};
use cruxboard_domain::format::Holder;
use cruxboard_domain::holes::{HoleKind, holes};
use cruxboard_domain::ledger::ledger;
use cruxboard_domain::movement::{movements, quarter_start};
use cruxboard_domain::option_brief::option_brief;
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::{SnapshotRequest, take};
use cruxboard_domain::{BoardId, Credence, Millis};

fn kinds(board: &Board) -> Vec<HoleKind> {
    holes(board).into_iter().map(|hole| hole.kind).collect()
}

#[test]
fn each_hole_is_found_and_closes_when_what_is_missing_is_there() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    assert_eq!(kinds(&desk.board), []);
    let set = CruxEdit {
        basis: Some(Some(Basis::Compared)),
        mitigations: Some(vec![Mitigation {
            what: "ask first".into(),
            cost: String::new(),
        }]),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, set);
    let item = EvidenceId(desk.does(Command::FileEvidence {
        evidence: EvidenceEdit {
            text: Some("seen".into()),
            source: Some("Commenter Z".into()),
            visibility: Some(Some(Visibility::Private)),
            ..EvidenceEdit::default()
        },
        bears_on: vec![(
            crux,
            BearsOn {
                direction: Direction::For,
                strength: Strength::Strong,
            },
        )],
        moves: Vec::new(),
    }));
    use HoleKind::{NoAlternative, NoCost, NoCounterEvidence, NoReply, OnlyPrivate, Unanswered};
    assert_eq!(
        kinds(&desk.board),
        [
            NoCounterEvidence,
            Unanswered,
            NoReply,
            NoCost,
            NoAlternative,
            OnlyPrivate
        ]
    );
    let set = CruxEdit {
        alternative: Some("doing nothing".into()),
        mitigations: Some(vec![Mitigation {
            what: "ask first".into(),
            cost: "a week".into(),
        }]),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, set);
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("answer them".into()),
        kind: Some(Some(FollowUpKind::Reply)),
        state: Some(Some(FollowUpState::Done)),
        whom: Some("commenter z".into()),
        ..FollowUpEdit::default()
    }));
    let answer = desk.files("seen otherwise", &[(crux, Direction::Against)]);
    let set = EvidenceEdit {
        answers: Some(Some(item)),
        ..EvidenceEdit::default()
    };
    desk.does(Command::EditEvidence(edited(answer, set)));
    assert_eq!(kinds(&desk.board), []);
    // A settled crux is left out.
    desk.does(Command::Trash(answer.0));
    assert_eq!(
        kinds(&desk.board),
        [NoCounterEvidence, Unanswered, OnlyPrivate]
    );
    let set = CruxEdit {
        stage: Some(Some(Stage::SettledTrue)),
        stage_reason: Some("clear".into()),
        ..CruxEdit::default()
    };
    desk.edits_crux(crux, set);
    assert_eq!(kinds(&desk.board), []);
}

#[test]
fn the_ledger_has_a_line_for_each_crux_of_the_worked_example_that_says_what_the_board_says() {
    let board = example();
    let lines = ledger(&board);
    assert_eq!(lines.len(), 9);
    for (line, crux) in lines.iter().zip(board.cruxes()) {
        assert_eq!(line.crux, crux.id);
        let (in_hand, all) = (
            board
                .evidence_on(crux.id)
                .filter(|item| !item.not_in_hand)
                .count(),
            board.evidence_on(crux.id).count(),
        );
        assert_eq!(line.read, format!("{in_hand} of {all} in hand"));
        assert_eq!(line.bearing.is_empty(), crux.bearings.is_empty());
        let stated = board.positions_on(crux.id);
        let stated = stated
            .filter(|it| it.grounds == Some(Grounds::Stated))
            .count();
        assert_eq!(line.positions.contains("stated"), stated > 0, "{line:?}");
    }
}

#[test]
fn updates_are_told_from_first_estimates_and_sorted_by_how_far_they_went() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("So is this");
    desk.states(crux, "Ann", 20.0);
    desk.states(crux, "Bob", 60.0);
    desk.states(other, "Bob", 40.0);
    desk.days_pass(1);
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    desk.does(Command::Reaffirm { crux, person: bob });
    desk.states(crux, "Ann", 70.0);
    desk.days_pass(40);
    let until = desk.now;
    desk.states(other, "Bob", 45.0);
    let found = movements(&desk.board);
    let told = |from, until| -> Vec<_> {
        let biggest = found.biggest(from, until).into_iter();
        biggest
            .map(|it| (it.crux, it.person, it.points().round() as u32))
            .collect()
    };
    assert_eq!(
        told(Millis(0), Millis::MAX),
        [(crux, ann, 50), (other, bob, 5)]
    );
    assert_eq!(told(Millis(0), until), [(crux, ann, 50)]);
    assert_eq!(told(until, until + DAY), [(other, bob, 5)]);
    let of = |person| {
        let count = found.of(person);
        (count.stated, count.updated, count.changed_side)
    };
    assert_eq!((of(ann), of(bob)), ((1, 1, 1), (2, 1, 0)));
    assert_eq!(found.trajectories.len(), 3);
}

#[test]
fn a_quarter_begins_in_january_april_july_or_october() {
    for (day, first) in [
        ("2026-01-01", "2026-01-01"),
        ("2026-03-31", "2026-01-01"),
        ("2026-06-30", "2026-04-01"),
        ("2026-07-01", "2026-07-01"),
        ("2026-12-31", "2026-10-01"),
    ] {
        let day: chrono::NaiveDate = day.parse().unwrap();
        assert_eq!(quarter_start(day).to_string(), first, "{day}");
    }
}

#[test]
fn what_is_likely_and_speaks_for_an_option_is_in_its_case_and_the_rest_against() {
    let mut desk = Desk::new();
    let (stop, go_on) = (desk.option("Wind down"), desk.option("Continue"));
    let mut pointing = |claim: &str, option, percents: &[f64]| {
        let crux = desk.adds_crux(claim);
        let set = CruxEdit {
            if_true: Some(Some(option)),
            one_liner: Some(format!("In short: {claim}")),
            ..CruxEdit::default()
        };
        desk.edits_crux(crux, set);
        for (person, percent) in ["Ann", "Bob"].iter().zip(percents) {
            desk.states(crux, person, *percent);
        }
        crux
    };
    let likely = pointing("It does harm.", stop, &[80.0, 90.0]);
    let unlikely = pointing("It costs too much.", stop, &[10.0, 10.0]);
    let other = pointing("It helps.", go_on, &[70.0, 60.0]);
    pointing("It is slow.", stop, &[]);
    let study = desk.files("A study found it", &[(likely, Direction::For)]);
    desk.adds_trigger(likely, "Wind down");
    let brief = option_brief(&desk.board, stop, Now::utc(desk.now));
    let of = |case: &[cruxboard_domain::option_brief::BriefPoint]| -> Vec<CruxId> {
        case.iter().map(|point| point.crux).collect()
    };
    assert_eq!(of(&brief.case_for), [likely]);
    // Cruxes that speak for going on are in the case against stopping.
    assert_eq!(of(&brief.case_against), [unlikely, other]);
    assert_eq!(brief.left_out, 1);
    assert_eq!(
        brief.case_for[0].text,
        "The group finds it 86% likely that it does harm (2 people, 80% to 90%). In short: It does harm."
    );
    assert_eq!(
        brief.case_for[0].evidence,
        Some((study, "A study found it".to_owned()))
    );
    assert_eq!(
        brief.case_against[0].text,
        "The group finds it only 10% likely that it costs too much (2 people)."
    );
    assert_eq!(
        brief.triggers,
        [(likely, "Not met yet: it is seen.".to_owned())]
    );
    assert_eq!(brief.standing, ["Nothing has been decided yet."]);
    let decision = DecisionEdit {
        option: Some(Some(go_on)),
        why: Some("it helps".into()),
        until: Some("2027-03-31".parse().ok()),
        ..DecisionEdit::default()
    };
    desk.does(Command::RecordDecision {
        decision,
        actions: Vec::new(),
    });
    for option in [stop, go_on] {
        let brief = option_brief(&desk.board, option, Now::utc(desk.now));
        let first = "Decided: Continue, because it helps · to be looked at again on 31 Mar 2027.";
        assert_eq!(brief.standing[0], first);
    }
    // The option at the other end has the two cases exchanged.
    let mirrored = option_brief(&desk.board, go_on, Now::utc(desk.now));
    assert_eq!(of(&mirrored.case_against), [likely]);
    assert_eq!(of(&mirrored.case_for), [unlikely, other]);
    // A settled crux counts as certain.
    let set = CruxEdit {
        stage: Some(Some(Stage::SettledFalse)),
        stage_reason: Some("looked into".into()),
        ..CruxEdit::default()
    };
    desk.edits_crux(likely, set);
    let brief = option_brief(&desk.board, stop, Now::utc(desk.now));
    assert_eq!(
        brief.case_against[0].text,
        "It is settled that this is false: it does harm."
    );
}

#[test]
fn a_brief_begins_with_what_matters_most_and_leaves_out_nothing_important() {
    let mut desk = Desk::new();
    let (stop, _) = (desk.option("Wind down"), desk.option("Continue"));
    let mut pointing = |claim: &str, importance: Option<Importance>, percent: Option<f64>| {
        let crux = desk.adds_crux(claim);
        let set = CruxEdit {
            if_true: Some(Some(stop)),
            importance: Some(importance),
            ..CruxEdit::default()
        };
        desk.edits_crux(crux, set);
        if let Some(percent) = percent {
            desk.states(crux, "Ann", percent);
        }
        crux
    };
    let certain: Vec<CruxId> = [99.0, 98.0, 97.0, 96.0, 95.0]
        .map(|percent| pointing(&format!("It is so at {percent}."), None, Some(percent)))
        .to_vec();
    let high = pointing("It is high.", Some(Importance::High), Some(52.0));
    let critical = pointing("It is critical.", Some(Importance::Critical), Some(51.0));
    let low = pointing("It is low.", Some(Importance::Low), Some(94.0));
    let told = pointing("It would tell something.", None, Some(50.0));
    let open = pointing("It is open.", Some(Importance::Critical), None);
    pointing("It is idle.", None, None);
    for (if_true, percent) in [(None, 40.0), (Some(told), 60.0)] {
        let person = desk.person("Ann");
        desk.does(Command::StateOptionCredence {
            moved: OptionMove {
                option: stop,
                if_true,
                person,
                credence: Credence::clamped(percent),
                reason: String::new(),
            },
            evidence: Vec::new(),
        });
    }
    let brief = option_brief(&desk.board, stop, Now::utc(desk.now));
    let of = |case: &[cruxboard_domain::option_brief::BriefPoint]| -> Vec<CruxId> {
        case.iter().map(|point| point.crux).collect()
    };
    // By value of information, then by importance, then by distance from 50%.
    assert_eq!(of(&brief.case_for), [told, critical, high, low, certain[0]]);
    assert_eq!(of(&brief.undecided), [open]);
    assert_eq!(
        brief.undecided[0].text,
        "Nobody has said yet how likely it is that it is open."
    );
    assert_eq!(brief.left_out, 5);
    // What is important is there however many come before it.
    let set = CruxEdit {
        importance: Some(Some(Importance::High)),
        ..CruxEdit::default()
    };
    for crux in certain {
        desk.edits_crux(crux, set.clone());
    }
    let brief = option_brief(&desk.board, stop, Now::utc(desk.now));
    assert_eq!(brief.case_for.len(), 8);
    assert!(!of(&brief.case_for).contains(&low));
    assert_eq!(brief.left_out, 2);
}

#[test]
fn a_chart_is_well_formed_whatever_stands_in_it_and_says_what_it_does_not_draw() {
    use cruxboard_domain::snapshot::chart::{Bar, BarAxis, BarChart, Caption, Part};
    let bar = |name: &str, to: f64| Bar {
        name: name.into(),
        figures: "<b>".into(),
        parts: vec![Part {
            from: 0.0,
            to,
            is_filled: to > 0.0,
        }],
    };
    let mut chart = BarChart {
        caption: Caption {
            title: "A & B <script>".into(),
            note: "How.".into(),
            source: "The board & its day".into(),
        },
        axis: BarAxis {
            name: "Log-odds, in bits".into(),
            unit: "",
            is_signed: true,
        },
        figures: "if false",
        mark: Some((f64::NAN, "now".into())),
        bars: vec![bar(&"w".repeat(500), 1.0), bar("\u{0}\u{202e}", -2.0)],
    };
    let svg = chart.to_svg();
    assert!(
        !svg.contains("<script>") && !svg.contains("<b>") && !svg.contains("NaN"),
        "{svg}"
    );
    assert_eq!(svg.matches("<rect").count(), 3);
    // The picture stands alone: a title, an axis with numbers and its name, and the source.
    for text in [
        ">A &amp; B &lt;script&gt;</text>",
        ">−2</text>",
        ">0</text>",
        ">+1</text>",
        ">Log-odds, in bits</text>",
        ">if false</text>",
        ">The board &amp; its day</text>",
    ] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    chart.mark = Some((0.5, "now <i>".into()));
    assert!(chart.to_svg().contains(">now &lt;i&gt;</text>"));
    chart.bars = vec![bar("x", 1.0); 30];
    assert!(chart.to_svg().contains("6 more are not drawn."));
    chart.bars.clear();
    assert!(chart.to_svg().ends_with("</svg>\n"));
}

#[test]
fn a_picture_of_a_history_has_a_title_both_axes_and_names_whatever_stands_in_it() {
    use cruxboard_domain::snapshot::chart::{Caption, CredenceLine, HistoryPicture};
    let line = |name: &str, steps: &[(Millis, f64)]| CredenceLine {
        name: name.into(),
        colour: 11,
        steps: steps
            .iter()
            .map(|(at, percent)| (*at, Credence::clamped(*percent)))
            .collect(),
    };
    let mut picture = HistoryPicture {
        caption: Caption {
            title: "Credences in “A & B”".into(),
            note: "How.".into(),
            source: "The board".into(),
        },
        lines: vec![
            line("Ann", &[(NOW - 200 * DAY, 40.0), (NOW - 100 * DAY, 55.0)]),
            line(&"<i>".repeat(50), &[(NOW - 150 * DAY, 60.0)]),
            line("Nobody", &[]),
        ],
        aggregate: vec![(NOW - 150 * DAY, Credence::clamped(47.5))],
        now: Now::utc(NOW),
    };
    let svg = picture.to_svg();
    for text in [
        ">Credences in “A &amp; B”</text>",
        ">0%</text>",
        ">100%</text>",
        ">7 May 2026</text>",
        ">23 Nov 2026</text>",
        ">Ann 55%</text>",
        ">Aggregate 48%</text>",
        ">The board</text>",
    ] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    assert!(!svg.contains("<i>"), "{svg}");
    picture.lines = vec![line("Ann", &[(NOW, 40.0)]); 30];
    assert!(picture.to_svg().contains("10 more are not drawn."));
    picture.lines.clear();
    picture.aggregate.clear();
    assert!(picture.to_svg().ends_with("</svg>\n"));
}

#[test]
fn a_group_of_one_person_is_called_by_the_name_of_that_person() {
    let mut desk = Desk::new();
    let options: Vec<OptionId> = desk.board.options().map(|option| option.id).collect();
    let crux = desk.adds_crux("It is so");
    desk.edits_crux(
        crux,
        CruxEdit {
            if_true: Some(Some(options[0])),
            ..CruxEdit::default()
        },
    );
    let bob = desk.person("Bob");
    desk.does(Command::Trash(bob.0));
    desk.states(crux, "Ann", 80.0);
    let now = Now::utc(desk.now);
    assert_eq!(Holder::of(&desk.board, now.millis).name(), "Ann");
    let brief = option_brief(&desk.board, options[0], now);
    assert_eq!(
        brief.case_for[0].text,
        "Ann finds it 80% likely that it is so."
    );
    let taken = take(
        &desk.board,
        BoardId::default(),
        &SnapshotRequest::default(),
        now.millis,
    );
    let reading = taken.snapshot.reading();
    for text in [reading.about, &reading.legend] {
        assert!(!text.contains("group"), "{text}");
    }
    // Somebody who has left does not make a group.
    desk.does(Command::Restore(bob.0));
    assert_eq!(Holder::of(&desk.board, now.millis).name(), "the group");
    desk.does(Command::EditPerson(edited(
        bob,
        PersonEdit {
            left_on: Some(Some(now.today())),
            ..PersonEdit::default()
        },
    )));
    assert_eq!(Holder::of(&desk.board, now.millis).first(), "Ann");
}
