//! The figures of options if cruxes turned out true or false.

use crate::desk::Desk;
use cruxboard_domain::Credence;
use cruxboard_domain::crux_value::crux_values;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, OptionMove};
use cruxboard_domain::record::*;
use cruxboard_domain::value_of_information::ConditionalView;
use cruxboard_domain::what_if::{
    Assumed, OptionModel, dependent_pairs, flips, leader, option_models,
};
use proptest::prelude::*;

fn says(desk: &mut Desk, option: OptionId, person: &str, if_true: Option<CruxId>, percent: f64) {
    let person = desk.person(person);
    desk.does(Command::StateOptionCredence {
        moved: OptionMove {
            option,
            if_true,
            person,
            credence: Credence::clamped(percent),
            reason: String::new(),
        },
        evidence: Vec::new(),
    });
}

fn model(desk: &Desk, option: OptionId) -> OptionModel {
    let mut models = option_models(&desk.board, Now::utc(desk.now)).into_iter();
    models.find(|model| model.option == option).unwrap()
}

fn certain(crux: CruxId, is_true: bool) -> (CruxId, Credence) {
    let chance = if is_true {
        Credence::CERTAIN
    } else {
        Credence::ZERO
    };
    (crux, chance)
}

/// Returns a board with "Continue" at 60%, "Wind down" at 30%, and three cruxes at 40% that each speak for
/// winding down.
fn board() -> (Desk, [OptionId; 2], [CruxId; 3]) {
    let mut desk = Desk::new();
    let options = [desk.option("Continue"), desk.option("Wind down")];
    let cruxes = ["A", "B", "C"].map(|claim| desk.adds_crux(claim));
    says(&mut desk, options[0], "Ann", None, 60.0);
    says(&mut desk, options[1], "Ann", None, 30.0);
    for (crux, if_true) in cruxes.into_iter().zip([70.0, 45.0, 45.0]) {
        desk.states(crux, "Ann", 40.0);
        says(&mut desk, options[1], "Ann", Some(crux), if_true);
    }
    (desk, options, cruxes)
}

#[test]
fn one_crux_that_is_true_gives_the_conditional_credence_itself() {
    let (desk, [_, wind_down], cruxes) = board();
    let model = model(&desk, wind_down);
    for (crux, if_true, if_false) in [(cruxes[0], 70.0, 3.33), (cruxes[1], 45.0, 20.0)] {
        let (low, high) = model.swing(crux).unwrap();
        assert_eq!(high, Credence::clamped(if_true));
        assert!(low.distance(Credence::clamped(if_false)) < 0.011, "{low}");
    }
}

#[test]
fn two_cruxes_add_up_in_log_odds() {
    let (desk, [_, wind_down], [_, b, c]) = board();
    let assumed = Assumed::from([certain(b, true), certain(c, true)]);
    let found = model(&desk, wind_down).of_group(&assumed).unwrap();
    // Odds of 3/7, multiplied twice by (9/11) / (3/7).
    let odds: f64 = (9.0 / 11.0) * (9.0 / 11.0) / (3.0 / 7.0);
    let wanted = Credence::clamped(100.0 * odds / (1.0 + odds));
    assert!(found.distance(wanted) < 0.011, "{found}, not {wanted}");
}

#[test]
fn a_crux_that_flips_the_lead_alone_is_told_and_a_pair_only_where_neither_does() {
    let (desk, [go_on, wind_down], [a, b, c]) = board();
    let models = [model(&desk, go_on), model(&desk, wind_down)];
    assert_eq!(leader(&models, &Assumed::new()), Some(go_on));
    let (alone, pairs) = flips(&models);
    let assumed: Vec<_> = alone.iter().map(|flip| flip.assumed.clone()).collect();
    assert_eq!(assumed, [vec![(a, true)]]);
    assert_eq!(alone[0].leader, wind_down);
    let mut assumed: Vec<_> = pairs.iter().flat_map(|flip| flip.assumed.clone()).collect();
    assumed.sort();
    assert_eq!(assumed, [(b, true), (c, true)]);
}

#[test]
fn what_makes_an_option_certain_and_impossible_at_once_has_no_figure() {
    let mut desk = Desk::new();
    let option = desk.option("Wind down");
    let cruxes = ["A", "B"].map(|claim| desk.adds_crux(claim));
    says(&mut desk, option, "Ann", None, 50.0);
    for (crux, if_true) in cruxes.into_iter().zip([100.0, 0.0]) {
        desk.states(crux, "Ann", 50.0);
        says(&mut desk, option, "Ann", Some(crux), if_true);
    }
    let model = model(&desk, option);
    let both = Assumed::from(cruxes.map(|crux| certain(crux, true)));
    assert_eq!(model.of_group(&both), None);
    let one = Assumed::from([certain(cruxes[0], true)]);
    assert_eq!(
        model.of_person(desk.person("Ann"), &one),
        Some(Credence::CERTAIN)
    );
}

#[test]
fn cruxes_that_share_evidence_or_were_split_are_told_as_dependent() {
    let mut desk = Desk::new();
    let [a, b, c] = ["A", "B", "C"].map(|claim| desk.adds_crux(claim));
    desk.files("Both", &[(a, Direction::For), (b, Direction::Against)]);
    desk.files("One", &[(c, Direction::For)]);
    desk.edits_crux(
        c,
        CruxEdit {
            split_from: Some(Some(a)),
            ..CruxEdit::default()
        },
    );
    let found = dependent_pairs(&desk.board, &[a, b, c]);
    let found: Vec<_> = found
        .iter()
        .map(|pair| (pair.one, pair.other, pair.shared_evidence, pair.is_split))
        .collect();
    assert_eq!(found, [(a, b, 1, false), (a, c, 0, true)]);
}

#[test]
fn a_crux_that_was_impossible_moves_even_a_certainty_to_its_conditional_credence() {
    let mut desk = Desk::new();
    let option = desk.option("Wind down");
    let cruxes = ["A", "B"].map(|claim| desk.adds_crux(claim));
    says(&mut desk, option, "Ann", None, 0.0);
    for crux in cruxes {
        desk.states(crux, "Ann", 0.0);
        says(&mut desk, option, "Ann", Some(crux), 80.0);
    }
    let (model, ann) = (model(&desk, option), desk.person("Ann"));
    let half = Assumed::from([(cruxes[0], Credence::HALF)]);
    assert_eq!(model.of_person(ann, &half), Some(Credence::clamped(40.0)));
    let both = Assumed::from(cruxes.map(|crux| certain(crux, true)));
    assert_eq!(model.of_person(ann, &both), None);
}

/// Returns percentages, many of them at an end.
fn percent() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(100.0), 0.0..=100.0, Just(0.01), Just(99.99)]
}

fn percents() -> impl Strategy<Value = (f64, f64, f64)> {
    (0.0..=100.0, 0.0..=100.0, 0.0..=100.0)
}

/// Returns a board on which two people have stated these credences, consistently with each other.
fn stated_by(people: [(f64, f64, f64); 2]) -> (Desk, OptionId, CruxId) {
    let mut desk = Desk::new();
    let option = desk.option("Wind down");
    let crux = desk.adds_crux("It is so");
    for (person, (crux_percent, if_true, if_false)) in ["Ann", "Bob"].into_iter().zip(people) {
        let chance = crux_percent / 100.0;
        let question = chance * if_true + (1.0 - chance) * if_false;
        desk.states(crux, person, crux_percent);
        says(&mut desk, option, person, None, question);
        let moved = OptionMove {
            option,
            if_true: Some(crux),
            person: desk.person(person),
            credence: Credence::clamped(if_true),
            reason: String::new(),
        };
        // Rounding may make the credence slightly inconsistent, so it may be refused.
        drop(desk.try_do(Command::StateOptionCredence {
            moved,
            evidence: Vec::new(),
        }));
    }
    (desk, option, crux)
}

proptest! {
    #[test]
    fn no_drag_leads_beyond_0_or_100_percent_and_each_leads_one_way(
        questions in [percent(), percent()],
        cruxes in prop::collection::vec((percent(), percent(), percent(), percent()), 1..4),
        drags in prop::collection::vec(percent(), 1..4),
        pooling in prop::sample::select(Pooling::ALL),
        extremising in prop::option::of(prop::sample::select(Extremising::ALL)),
    ) {
        let mut desk = Desk::new();
        let option = desk.option("Wind down");
        let set = BoardInfoEdit {
            pooling: Some(Some(pooling)),
            extremising: Some(extremising),
            ..BoardInfoEdit::default()
        };
        drop(desk.try_do(Command::Describe(set)));
        for (person, question) in ["Ann", "Bob"].into_iter().zip(questions) {
            says(&mut desk, option, person, None, question);
        }
        let mut all = Vec::new();
        for (held, held_by_bob, if_true, if_true_for_bob) in cruxes {
            let crux = desk.adds_crux(&format!("Crux {}", all.len()));
            all.push(crux);
            for (name, held, if_true) in [("Ann", held, if_true), ("Bob", held_by_bob, if_true_for_bob)] {
                desk.states(crux, name, held);
                let moved = OptionMove {
                    option,
                    if_true: Some(crux),
                    person: desk.person(name),
                    credence: Credence::clamped(if_true),
                    reason: String::new(),
                };
                drop(desk.try_do(Command::StateOptionCredence { moved, evidence: Vec::new() }));
            }
        }
        let model = model(&desk, option);
        let mut assumed = Assumed::new();
        for (crux, drag) in all.iter().zip(drags) {
            assumed.insert(*crux, Credence::clamped(drag));
            let of_people = ["Ann", "Bob"].map(|name| model.of_person(desk.person(name), &assumed));
            for found in of_people.into_iter().chain([model.of_group(&assumed)]).flatten() {
                prop_assert!(found <= Credence::CERTAIN);
                let shown = found.rounded(&[]);
                let shown: f64 = shown.trim_end_matches('%').parse().unwrap();
                prop_assert!((0.0..=100.0).contains(&shown), "{}", shown);
            }
        }
        // Dragging one crux from false to true leads each person from one end to the other.
        for name in ["Ann", "Bob"] {
            let person = desk.person(name);
            let at = |percent: f64| {
                let assumed = Assumed::from([(all[0], Credence::clamped(percent))]);
                model.of_person(person, &assumed).unwrap()
            };
            let way: Vec<Credence> = (0..=20).map(|step| at(f64::from(step) * 5.0)).collect();
            prop_assert!(way.is_sorted() || way.iter().rev().is_sorted(), "{:?}", way);
        }
    }

    #[test]
    fn the_what_if_of_nothing_and_of_what_is_held_is_the_present(one in percents(), other in percents()) {
        let (desk, option, crux) = stated_by([one, other]);
        let model = model(&desk, option);
        let current = desk.board.current_option_credences(option);
        for name in ["Ann", "Bob"] {
            let person = desk.person(name);
            let present = current[&(person, None)].credence;
            prop_assert_eq!(model.of_person(person, &Assumed::new()), Some(present));
            let held = cruxboard_domain::crux_value::stated(&desk.board, option, crux, person);
            let held = Assumed::from([(crux, held.crux.unwrap())]);
            prop_assert_eq!(model.of_person(person, &held), Some(present));
        }
    }

    #[test]
    fn the_figures_of_a_group_are_those_of_a_member(one in percents(), other in percents()) {
        let (desk, option, _) = stated_by([one, other]);
        for value in crux_values(&desk.board, option, Now::utc(desk.now)) {
            let of = |figure: fn(&ConditionalView) -> f64| {
                value.views.values().map(figure).collect::<Vec<f64>>()
            };
            for (group, members) in [
                (value.level, of(ConditionalView::level_voi)),
                (value.bits, of(ConditionalView::log_voi)),
                (value.share, of(ConditionalView::voi_share)),
            ] {
                prop_assert_eq!(group.is_none(), members.is_empty());
                prop_assert!(group.is_none_or(|group| members.contains(&group)));
            }
        }
    }

    #[test]
    fn a_crux_that_is_surely_true_moves_an_option_to_its_conditional_credence(one in percents()) {
        let (desk, option, crux) = stated_by([one, one]);
        let model = model(&desk, option);
        let ann = desk.person("Ann");
        let held = cruxboard_domain::crux_value::stated(&desk.board, option, crux, ann);
        if let (Some(if_true), Ok(Some(view))) = (held.if_true, held.view())
            && view.if_false().is_some()
            && !matches!(held.question, Some(Credence::ZERO | Credence::CERTAIN))
        {
            let found = model.of_person(ann, &Assumed::from([certain(crux, true)])).unwrap();
            prop_assert!(found.distance(if_true) < 0.011, "{} is not {}", found, if_true);
        }
    }
}
