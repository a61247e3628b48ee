//! The two sides that the ranking compares: people, or groups by role or chosen by hand. Nothing is stored.

use cruxboard_domain::Millis;
use cruxboard_domain::t;
use std::collections::BTreeSet;

use cruxboard_domain::board::Board;
use cruxboard_domain::crux_value::Side;
use cruxboard_domain::record::PersonId;
use leptos::prelude::*;

use super::Analysed;
use crate::component::{Choice, Pick, live};

const EVERYBODY: &str = "everybody";
const RED_TEAM: &str = "red-team";
const OTHERS: &str = "others";
const BY_HAND: &str = "by-hand";
const ROLE: &str = "role:";

/// The two sides. Each is what was chosen, or else the first or second person with a view.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    analysed: Analysed,
    chosen: [RwSignal<String>; 2],
    /// The members of a side that is chosen by hand.
    by_hand: [RwSignal<Vec<String>>; 2],
    keys: Memo<[String; 2]>,
    sides: Memo<[Option<Side>; 2]>,
}

impl Sides {
    pub(super) fn new(analysed: Analysed) -> Self {
        let chosen = [0, 1].map(|_| RwSignal::new(String::new()));
        let by_hand = [0, 1].map(|_| RwSignal::new(Vec::<String>::new()));
        let keys = Memo::new(move |_| {
            let viewed: Vec<PersonId> = analysed.values.with(|values| {
                let first = values.iter().max_by_key(|value| value.views.len());
                first
                    .map(|value| value.views.keys().copied().collect())
                    .unwrap_or_default()
            });
            [0, 1].map(|place: usize| match chosen[place].get() {
                key if key.is_empty() => viewed
                    .get(place)
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                key => key,
            })
        });
        let session = analysed.session;
        let sides = Memo::new(move |_| {
            let now = session.now.get().millis;
            let keys = keys.get();
            [0, 1].map(|place: usize| {
                let by_hand = by_hand[place].get();
                session.read_all(|board| side(board, now, &keys[place], &by_hand))
            })
        });
        Self {
            analysed,
            chosen,
            by_hand,
            keys,
            sides,
        }
    }

    /// Returns the two sides, if they are two.
    pub(super) fn get(self) -> Option<(Side, Side)> {
        let [one, other] = self.sides.get();
        one.zip(other)
            .filter(|(one, other)| one.members != other.members)
    }

    /// Returns whether one of the sides is a group.
    pub(super) fn has_group(self) -> bool {
        self.sides.with(|sides| {
            let mut sides = sides.iter().flatten();
            sides.any(|side| side.members.len() > 1)
        })
    }

    /// Returns the field for a side, and the list of people where it is chosen by hand.
    pub(super) fn choice(self, place: usize, label: &'static str) -> AnyView {
        let session = self.analysed.session;
        let options = Signal::derive(move || {
            let now = session.now.get().millis;
            session.read_all(|board| choices(board, now))
        });
        let people = Signal::derive(move || {
            let now = session.now.get().millis;
            session.read_all(|board| people(board, now))
        });
        let value = Signal::derive(move || self.keys.get()[place].clone());
        let choose = Callback::new(move |key: String| self.chosen[place].set(key));
        let members = move || {
            let by_hand = self.by_hand[place];
            (value.get() == BY_HAND).then(|| {
                let label = t!("{side}: members", side = label);
                view! {
                    <Pick label options=people value=by_hand on_commit=Callback::new(move |keys| by_hand.set(keys)) />
                }
            })
        };
        view! {
            <div>
                <Choice label options value on_commit=choose none="" />
                {live(members)}
            </div>
        }
        .into_any()
    }
}

/// Returns the people of the group: key and name.
fn people(board: &Board, now: Millis) -> Vec<(String, String)> {
    let people = board.people_at(now);
    people
        .map(|person| (person.id.to_string(), person.name.clone()))
        .collect()
}

/// Returns the people and groups that can be compared: key and name.
fn choices(board: &Board, now: Millis) -> Vec<(String, String)> {
    let mut choices = people(board, now);
    let choice = |key: &str, name: &str| (key.to_owned(), name.to_owned());
    choices.push(choice(EVERYBODY, t!("Everybody")));
    if board.people_at(now).any(|person| person.red_team) {
        choices.push(choice(RED_TEAM, t!("The red team")));
        choices.push(choice(OTHERS, t!("All but the red team")));
    }
    let roles: BTreeSet<&str> = board
        .people_at(now)
        .map(|person| person.role.trim())
        .filter(|role| !role.is_empty())
        .collect();
    for role in roles {
        choices.push((format!("{ROLE}{role}"), t!("Role: {role}", role)));
    }
    choices.push(choice(BY_HAND, t!("People chosen by hand")));
    choices
}

/// Returns the side of a key; `None` if it has no members.
fn side(board: &Board, now: Millis, key: &str, by_hand: &[String]) -> Option<Side> {
    let (name, members): (String, BTreeSet<PersonId>) = {
        let of = |is_in: &dyn Fn(PersonId, &str, bool) -> bool| {
            let people = board.people_at(now);
            people
                .filter(|person| is_in(person.id, person.role.trim(), person.red_team))
                .map(|person| person.id)
                .collect()
        };
        match key {
            EVERYBODY => (t!("everybody").into(), of(&|_, _, _| true)),
            RED_TEAM => (t!("the red team").into(), of(&|_, _, red| red)),
            OTHERS => (t!("all but the red team").into(), of(&|_, _, red| !red)),
            BY_HAND => {
                let ids: BTreeSet<PersonId> =
                    by_hand.iter().filter_map(|key| key.parse().ok()).collect();
                let members: BTreeSet<PersonId> = of(&|id, _, _| ids.contains(&id));
                let names = board.people_at(now);
                let names = names.filter(|person| members.contains(&person.id));
                let names: Vec<&str> = names.map(|person| person.name.as_str()).collect();
                (names.join(", "), members)
            }
            key => match key.strip_prefix(ROLE) {
                Some(role) => (t!("the role “{role}”", role), of(&|_, its, _| its == role)),
                None => return key.parse().ok().map(|id| Side::person(board, id)),
            },
        }
    };
    (!members.is_empty()).then_some(Side { name, members })
}
