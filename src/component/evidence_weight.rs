//! The weight of an item of evidence on a crux, on one scale from "strongly against" to "strongly for".

use cruxboard_domain::record::{BearsOn, Direction, Strength};
use cruxboard_domain::translatable;
use cruxboard_domain::translation::translated;
use leptos::ev;
use leptos::prelude::*;

use super::field::next_id;
use super::{is_command, key_of};

/// The steps of the scale: label, symbol, direction and strength.
const STEPS: [(&str, &str, Direction, Strength); 7] = [
    (
        translatable!("strongly against"),
        "−3",
        Direction::Against,
        Strength::Strong,
    ),
    (
        translatable!("against"),
        "−2",
        Direction::Against,
        Strength::Moderate,
    ),
    (
        translatable!("slightly against"),
        "−1",
        Direction::Against,
        Strength::Slight,
    ),
    (
        translatable!("neutral"),
        "0",
        Direction::Neutral,
        Strength::Moderate,
    ),
    (
        translatable!("slightly for"),
        "+1",
        Direction::For,
        Strength::Slight,
    ),
    (
        translatable!("for"),
        "+2",
        Direction::For,
        Strength::Moderate,
    ),
    (
        translatable!("strongly for"),
        "+3",
        Direction::For,
        Strength::Strong,
    ),
];

/// Returns whether a step is chosen. Neutral evidence may have any strength.
fn is_step(on: BearsOn, direction: Direction, strength: Strength) -> bool {
    on.direction == direction && (on.strength == strength || direction == Direction::Neutral)
}

/// Returns the step that a key chooses. A digit sets the strength and keeps the direction; a sign
/// sets the direction.
fn step_of(key: &str, chosen: Option<BearsOn>) -> Option<BearsOn> {
    let side = match chosen.map(|on| on.direction) {
        Some(Direction::Against) => Direction::Against,
        _ => Direction::For,
    };
    let size = chosen.map_or(Strength::Moderate, |on| on.strength);
    let (direction, strength) = match key {
        "0" => (Direction::Neutral, Strength::Moderate),
        "1" => (side, Strength::Slight),
        "2" => (side, Strength::Moderate),
        "3" => (side, Strength::Strong),
        "+" => (Direction::For, size),
        "-" => (Direction::Against, size),
        _ => return None,
    };
    Some(BearsOn {
        direction,
        strength,
    })
}

/// A scale of seven steps, as radio buttons. Digits and signs choose a step, too.
#[component]
pub fn EvidenceWeight(
    /// The crux's title, for screen readers.
    #[prop(into)]
    label: String,
    /// The chosen step; `None` while the item does not bear on the crux.
    #[prop(into)]
    value: Signal<Option<BearsOn>>,
    on_commit: Callback<BearsOn>,
) -> impl IntoView {
    let name = next_id();
    let press_key = move |event: ev::KeyboardEvent| {
        let step = step_of(&key_of(&event), value.get_untracked());
        if let Some(step) = step.filter(|_| !is_command(&event)) {
            event.prevent_default();
            on_commit.run(step);
        }
    };
    let steps = STEPS.map(|(words, sign, direction, strength)| {
        let words = translated(words);
        let is_chosen = move || {
            value
                .get()
                .is_some_and(|on| is_step(on, direction, strength))
        };
        view! {
            <label title=words>
                <input
                    type="radio"
                    name=name.clone()
                    aria-label=format!("{sign}, {words}")
                    prop:checked=is_chosen
                    on:change=move |_| on_commit.run(BearsOn { direction, strength })
                />
                <span aria-hidden="true" translate="no">{sign}</span>
            </label>
        }
    });
    view! {
        <div class="evidence-weight" role="radiogroup" aria-label=label on:keydown=press_key>
            {steps.collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_weight_is_exactly_one_step() {
        for direction in [Direction::For, Direction::Against, Direction::Neutral] {
            for strength in [Strength::Slight, Strength::Moderate, Strength::Strong] {
                let on = BearsOn {
                    direction,
                    strength,
                };
                let steps = STEPS
                    .iter()
                    .filter(|(.., way, size)| is_step(on, *way, *size));
                assert_eq!(steps.count(), 1, "{on:?}");
            }
        }
    }

    #[test]
    fn a_digit_keeps_the_side_and_a_sign_keeps_the_size() {
        let on = |direction, strength| BearsOn {
            direction,
            strength,
        };
        let against = Some(on(Direction::Against, Strength::Strong));
        for (key, chosen, expected) in [
            ("2", None, Some(on(Direction::For, Strength::Moderate))),
            ("-", None, Some(on(Direction::Against, Strength::Moderate))),
            ("1", against, Some(on(Direction::Against, Strength::Slight))),
            ("+", against, Some(on(Direction::For, Strength::Strong))),
            (
                "0",
                against,
                Some(on(Direction::Neutral, Strength::Moderate)),
            ),
            ("4", against, None),
            ("Tab", against, None),
        ] {
            assert_eq!(step_of(key, chosen), expected, "{key}");
        }
    }
}
