//! The joint effect of two cruxes: stated, refused, used in what-ifs, undone, erased and kept.

use crate::desk::Desk;
use cruxboard_domain::change::Payload;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, CommandError, JointMove, OptionMove};
use cruxboard_domain::diff::{About, Since};
use cruxboard_domain::document::Document;
use cruxboard_domain::format::tell;
use cruxboard_domain::joint_effect::{CASES, Case, joint_range};
use cruxboard_domain::record::*;
use cruxboard_domain::snapshot::{Depth, RedactionReason, SnapshotRequest, take};
use cruxboard_domain::what_if::{Assumed, OptionModel, flips, leader, option_models};
use cruxboard_domain::{BoardId, ChangeId, Credence};
use proptest::prelude::*;

fn says(desk: &mut Desk, option: OptionId, if_true: Option<CruxId>, percent: f64) {
    let moved = OptionMove {
        option,
        if_true,
        person: desk.person("Ann"),
        credence: Credence::clamped(percent),
        reason: String::new(),
    };
    drop(desk.try_do(Command::StateOptionCredence {
        moved,
        evidence: Vec::new(),
    }));
}

fn given(cruxes: [CruxId; 2], case: Case) -> [Given; 2] {
    [0, 1].map(|place| Given {
        crux: cruxes[place],
        is_true: case[place],
    })
}

fn joint(desk: &Desk, cruxes: [CruxId; 2], case: Case, percent: f64) -> Command {
    Command::StateJointCredence {
        moved: JointMove {
            option: desk.option("Wind down"),
            given: given(cruxes, case),
            person: desk.person("Ann"),
            credence: Credence::clamped(percent),
            reason: "both show the same".into(),
        },
        evidence: Vec::new(),
    }
}

fn models(desk: &Desk) -> Vec<OptionModel> {
    option_models(&desk.board, Now::utc(desk.now))
}

fn model(desk: &Desk) -> OptionModel {
    let option = desk.option("Wind down");
    let mut models = models(desk).into_iter();
    models.find(|model| model.option == option).unwrap()
}

fn assumed(cruxes: [CruxId; 2], case: Case) -> Assumed {
    let chance = |is_true| match is_true {
        true => Credence::CERTAIN,
        false => Credence::ZERO,
    };
    [0, 1]
        .map(|place| (cruxes[place], chance(case[place])))
        .into()
}

/// Returns a board on which Ann finds "Continue" 60% and "Wind down" 30% likely, and two cruxes at 40% that
/// each make "Wind down" 45% likely.
fn board() -> (Desk, [CruxId; 2]) {
    let mut desk = Desk::new();
    let (go_on, wind_down) = (desk.option("Continue"), desk.option("Wind down"));
    let cruxes = ["A", "B"].map(|claim| desk.adds_crux(claim));
    says(&mut desk, go_on, None, 60.0);
    says(&mut desk, wind_down, None, 30.0);
    for crux in cruxes {
        desk.states(crux, "Ann", 40.0);
        says(&mut desk, wind_down, Some(crux), 45.0);
    }
    (desk, cruxes)
}

#[test]
fn a_stated_joint_effect_replaces_independence_in_its_case_only() {
    let (mut desk, cruxes) = board();
    let of = |desk: &Desk, case| model(desk).of_group(&assumed(cruxes, case)).unwrap();
    let before = CASES.map(|case| of(&desk, case));
    // Odds of 3/7, multiplied twice by (9/11) / (3/7): independence gives 61%.
    assert!((before[0].percent() - 60.97).abs() < 0.02, "{}", before[0]);
    let command = joint(&desk, cruxes, [true, true], 48.0);
    desk.does(command);
    let after = CASES.map(|case| of(&desk, case));
    assert_eq!(after[0], Credence::clamped(48.0));
    assert_eq!(after[1..], before[1..]);
    // One crux alone is what it was.
    for crux in cruxes {
        let (_, if_true) = model(&desk).swing(crux).unwrap();
        assert_eq!(if_true, Credence::clamped(45.0));
    }
}

#[test]
fn a_crux_that_is_only_likelier_gets_a_share_of_the_joint_effect() {
    let (mut desk, cruxes) = board();
    let half = |one: f64, other: f64| {
        Assumed::from([
            (cruxes[0], Credence::clamped(one)),
            (cruxes[1], Credence::clamped(other)),
        ])
    };
    let before = model(&desk);
    let command = joint(&desk, cruxes, [true, true], 48.0);
    desk.does(command);
    let after = model(&desk);
    let drop = |one, other| {
        let of = |model: &OptionModel| model.of_group(&half(one, other)).unwrap().percent();
        of(&before) - of(&after)
    };
    // Both have moved half of the way from 40% to certain: a quarter of 12.97 points.
    assert!(
        (drop(70.0, 70.0) - 3.24).abs() < 0.02,
        "{}",
        drop(70.0, 70.0)
    );
    assert_eq!(drop(100.0, 40.0), 0.0);
    assert_eq!(drop(20.0, 100.0), 0.0);
}

#[test]
fn a_pair_that_flips_the_lead_only_by_its_joint_effect_is_told() {
    let (mut desk, cruxes) = board();
    let pairs = |desk: &Desk| {
        let models = models(desk);
        let go_on = desk.option("Continue");
        assert_eq!(leader(&models, &Assumed::new()), Some(go_on));
        let (alone, pairs) = flips(&models);
        assert!(alone.is_empty());
        pairs
            .into_iter()
            .map(|flip| flip.assumed)
            .collect::<Vec<_>>()
    };
    let both = vec![(cruxes[0], true), (cruxes[1], true)];
    assert_eq!(pairs(&desk).len(), 1);
    let command = joint(&desk, cruxes, [true, true], 48.0);
    desk.does(command);
    assert!(pairs(&desk).is_empty());
    let command = joint(&desk, cruxes, [true, true], 80.0);
    desk.does(command);
    let found = pairs(&desk);
    let mut found = found[0].clone();
    found.sort();
    assert_eq!(found, both);
}

#[test]
fn a_joint_effect_that_cannot_be_is_refused_with_the_range_that_could() {
    // P(U) = 50%, P(A) = P(B) = 80%, P(U|A) = P(U|B) = 60%: A and B are both true with at least 60%, and U in
    // at least 46% and at most 48% of all.
    let mut desk = Desk::new();
    let wind_down = desk.option("Wind down");
    let cruxes = ["A", "B"].map(|claim| desk.adds_crux(claim));
    says(&mut desk, wind_down, None, 50.0);
    for crux in cruxes {
        desk.states(crux, "Ann", 80.0);
        says(&mut desk, wind_down, Some(crux), 60.0);
    }
    let command = joint(&desk, cruxes, [true, true], 90.0);
    let CommandError::IncoherentJoint(told) = desk.refuses(command) else {
        panic!("another error");
    };
    // Both are true with at least 62% and U, or 78%: 48/62 and 46/78 are the limits.
    let (lowest, highest) = (told.lowest.percent(), told.highest.percent());
    assert_eq!((lowest, highest), (58.97, 77.42));
    let words = told.to_string();
    assert!(words.contains(&told.lowest.shown()) && words.contains(&told.highest.shown()));
    for (percent, is_so) in [
        (lowest - 0.01, false),
        (lowest, true),
        (highest, true),
        (highest + 0.01, false),
    ] {
        let command = joint(&desk, cruxes, [true, true], percent);
        assert_eq!(desk.try_do(command).is_ok(), is_so, "{percent}");
        if is_so {
            desk.undoes();
        }
    }
    // The four cases bound each other.
    let command = joint(&desk, cruxes, [true, true], highest);
    desk.does(command);
    let person = desk.person("Ann");
    let range = joint_range(&desk.board, wind_down, person, given(cruxes, [true, false])).unwrap();
    assert!(range.range.end().percent() < 20.0, "{range:?}");
}

#[test]
fn a_crux_has_no_joint_effect_with_itself_and_the_order_of_two_does_not_matter() {
    let (mut desk, [a, b]) = board();
    let same = joint(&desk, [a, a], [true, false], 50.0);
    assert_eq!(desk.refuses(same), CommandError::SameCrux);
    let command = joint(&desk, [b, a], [false, true], 40.0);
    let said = JointCredenceId(desk.does(command));
    let said = desk.board.joint_credence(said).unwrap();
    assert_eq!(said.given, given([a, b], [true, false]));
}

#[test]
fn a_change_of_mind_sets_a_joint_effect_aside_until_it_is_restated() {
    let (mut desk, cruxes) = board();
    let wind_down = desk.option("Wind down");
    let command = joint(&desk, cruxes, [true, true], 80.0);
    desk.does(command);
    for crux in cruxes {
        says(&mut desk, wind_down, Some(crux), 30.0);
        desk.states(crux, "Ann", 90.0);
    }
    let model = model(&desk);
    let (_, view) = model.joint_views().next().unwrap();
    assert!(view.stated.is_empty());
    assert_eq!(
        view.contradictory,
        [([true, true], Credence::clamped(80.0))]
    );
    // It then counts for nothing.
    assert_eq!(
        model.of_group(&assumed(cruxes, [true, true])),
        view.independent([true, true])
    );
}

#[test]
fn a_joint_effect_is_never_overwritten_and_is_explained_undone_erased_and_trashed_as_others_are() {
    let (mut desk, cruxes) = board();
    let first = joint(&desk, cruxes, [true, true], 48.0);
    let first = desk.does(first);
    let second = joint(&desk, cruxes, [true, true], 50.0);
    let second = desk.does(second);
    assert_eq!(desk.board.joint_credences().count(), 2);
    desk.does(Command::Explain {
        statement: StatementId(second),
        reason: "on reflection".into(),
        evidence: Vec::new(),
    });
    let reason = |desk: &Desk| {
        let said = desk.board.joint_credence(JointCredenceId(second))?;
        Some(said.reason.clone())
    };
    assert_eq!(reason(&desk).as_deref(), Some("on reflection"));
    desk.undoes();
    assert_eq!(reason(&desk).as_deref(), Some("both show the same"));
    desk.does(Command::Trash(second));
    assert_eq!(desk.board.trash()[0].1, "Joint effect");
    let both = assumed(cruxes, [true, true]);
    assert_eq!(model(&desk).of_group(&both), Some(Credence::clamped(48.0)));
    desk.does(Command::Restore(second));
    desk.does(Command::Redact(vec![first, second]));
    assert_eq!(desk.board.joint_credences().count(), 0);
    let change = desk.board.log().change(first).unwrap();
    assert_eq!(change.payload, Payload::Blank);
    let document = Document::to_json(BoardId::default(), desk.board.log());
    assert!(!document.contains("both show the same"));
}

#[test]
fn what_changed_tells_a_joint_effect_under_both_cruxes() {
    let (mut desk, cruxes) = board();
    let review = desk.reviews();
    desk.days_pass(1);
    let command = joint(&desk, cruxes, [true, false], 48.0);
    let said = JointCredenceId(desk.does(command));
    let since = Since::between(&desk.board, review, ChangeId::MAX, Now::utc(desk.now));
    let mut found: Vec<_> = since.groups.iter().map(|group| group.crux).collect();
    found.sort();
    assert_eq!(found, cruxes.map(Some));
    let line = &since.groups[0].lines[0];
    assert_eq!(line.about, About::JointCredence(said));
    assert_eq!(
        tell(&desk.board, line),
        (
            "New joint effect of two cruxes".to_owned(),
            "Ann: 48% that “Wind down” is right, if “A” is true and “B” is false".to_owned()
        )
    );
}

#[test]
fn joint_effects_stay_out_of_every_snapshot_and_are_counted() {
    let (mut desk, cruxes) = board();
    let command = joint(&desk, cruxes, [true, true], 48.0);
    desk.does(command);
    let wish = SnapshotRequest {
        depth: Depth::Everything,
        ..SnapshotRequest::default()
    };
    let snapshot = take(&desk.board, BoardId::default(), &wish, desk.now).snapshot;
    assert_eq!(snapshot.board().joint_credences().count(), 0);
    assert!(!snapshot.to_json().contains("both show the same"));
    let gap = snapshot.withheld.iter();
    let mut gap = gap.filter(|gap| gap.what == RedactionReason::OptionCredence);
    assert_eq!(gap.next().map(|gap| gap.count), Some(1));
}

/// Returns a board on which Ann has a view on two cruxes that agree on `P(U)`, if rounding allows it.
fn two(question: f64, one: (f64, f64), other: (f64, f64)) -> (Desk, [CruxId; 2]) {
    let mut desk = Desk::new();
    let wind_down = desk.option("Wind down");
    let cruxes = ["A", "B"].map(|claim| desk.adds_crux(claim));
    says(&mut desk, wind_down, None, question);
    for (crux, (percent, share)) in cruxes.into_iter().zip([one, other]) {
        desk.states(crux, "Ann", percent);
        let [question, percent] = [question, percent].map(Credence::clamped);
        let range = cruxboard_domain::value_of_information::coherent_range(question, percent);
        let (low, high) = (range.start().percent(), range.end().percent());
        says(&mut desk, wind_down, Some(crux), low + share * (high - low));
    }
    (desk, cruxes)
}

/// Returns whether a distribution of `U` and two cruxes has these marginals and this joint effect: searches
/// `P(C₁∧C₂)` for a value at which no probability is below `least`.
fn is_possible(question: f64, views: [(f64, f64); 2], case: Case, effect: f64, least: f64) -> bool {
    // Each crux is relabelled such that the case is "both true".
    let views = [0, 1].map(|place| {
        let (chance, with) = views[place];
        match case[place] {
            true => (chance, with),
            false => (1.0 - chance, question - with),
        }
    });
    let [(p, x), (p_other, x_other)] = views;
    (1..=20_000).any(|step| {
        let both = f64::from(step) / 20_000.0;
        let with = effect * both;
        let cells = [
            both - with,
            with,
            x - with,
            (p - both) - (x - with),
            x_other - with,
            (p_other - both) - (x_other - with),
            question - x - x_other + with,
            (1.0 - p - p_other + both) - (question - x - x_other + with),
        ];
        cells.iter().all(|cell| *cell >= least)
    })
}

proptest! {
    #[test]
    fn a_joint_effect_equal_to_independence_changes_nothing(
        question in 1.0..=99.0, one in (1.0..=99.0, 0.0..=1.0), other in (1.0..=99.0, 0.0..=1.0),
        place in 0..4_usize, chances in (0.0..=100.0, 0.0..=100.0),
    ) {
        let (mut desk, cruxes) = two(question, one, other);
        let case = CASES[place];
        let wind_down = desk.option("Wind down");
        let range = joint_range(&desk.board, wind_down, desk.person("Ann"), given(cruxes, case));
        let Some(independent) = range.and_then(|range| range.independent) else { return Ok(()) };
        let before = model(&desk);
        let command = joint(&desk, cruxes, case, independent.percent());
        prop_assert!(desk.try_do(command).is_ok(), "{} is refused", independent);
        let after = model(&desk);
        let dragged = Assumed::from([
            (cruxes[0], Credence::clamped(chances.0)),
            (cruxes[1], Credence::clamped(chances.1)),
        ]);
        for scene in CASES.map(|case| assumed(cruxes, case)).into_iter().chain([dragged]) {
            prop_assert_eq!(before.of_group(&scene), after.of_group(&scene));
        }
    }

    #[test]
    fn the_what_if_of_nothing_and_of_what_is_held_is_the_present_whatever_joint_effect_is_stated(
        question in 1.0..=99.0, one in (1.0..=99.0, 0.0..=1.0), other in (1.0..=99.0, 0.0..=1.0),
        place in 0..4_usize, share in 0.0..=1.0,
    ) {
        let (mut desk, cruxes) = two(question, one, other);
        let (case, wind_down) = (CASES[place], desk.option("Wind down"));
        let person = desk.person("Ann");
        let Some(found) = joint_range(&desk.board, wind_down, person, given(cruxes, case)) else {
            return Ok(());
        };
        let (low, high) = (found.range.start().percent(), found.range.end().percent());
        let stated = Credence::clamped(low + share * (high - low));
        let command = joint(&desk, cruxes, case, stated.percent());
        prop_assert!(desk.try_do(command).is_ok());
        let model = model(&desk);
        let present = Credence::clamped(question);
        prop_assert_eq!(model.of_person(person, &Assumed::new()), Some(present));
        let held = [one, other].map(|(percent, _)| Credence::clamped(percent));
        let held = Assumed::from([(cruxes[0], held[0]), (cruxes[1], held[1])]);
        prop_assert_eq!(model.of_person(person, &held), Some(present));
        // Where both cruxes turn out as stated, the credence is the one that was stated.
        let views = model.joint_views().next();
        prop_assert!(views.is_some_and(|(_, view)| view.stated == [(case, stated)]));
        if let Some(found) = model.of_person(person, &assumed(cruxes, case))
            && !matches!(present, Credence::ZERO | Credence::CERTAIN)
            && views.is_some_and(|(_, view)| {
                view.independent(case).is_some_and(|it| !matches!(it, Credence::ZERO | Credence::CERTAIN))
            })
        {
            prop_assert!(found.distance(stated) < 0.011, "{} is not {}", found, stated);
        }
    }

    #[test]
    fn the_range_of_joint_effects_is_that_of_the_distributions_that_exist(
        question in 5.0..=95.0, one in (5.0..=95.0, 0.0..=1.0), other in (5.0..=95.0, 0.0..=1.0),
        place in 0..4_usize,
    ) {
        let (desk, cruxes) = two(question, one, other);
        let (case, wind_down) = (CASES[place], desk.option("Wind down"));
        let person = desk.person("Ann");
        let Some(found) = joint_range(&desk.board, wind_down, person, given(cruxes, case)) else {
            return Ok(());
        };
        let views = cruxes.map(|crux| {
            let stated = cruxboard_domain::crux_value::stated(&desk.board, wind_down, crux, person);
            let view = stated.view().unwrap().unwrap();
            (view.crux(), view.crux() * view.if_true())
        });
        let question = Credence::clamped(question).percent() / 100.0;
        let (low, high) = (found.range.start().percent(), found.range.end().percent());
        for percent in [low, f64::midpoint(low, high), high] {
            prop_assert!(is_possible(question, views, case, percent / 100.0, -1e-4), "{percent}");
        }
        for percent in [low - 3.0, high + 3.0] {
            if (0.0..=100.0).contains(&percent) {
                let strict = is_possible(question, views, case, percent / 100.0, 0.0);
                prop_assert!(!strict, "{percent} of {low} to {high}");
            }
        }
    }
}
