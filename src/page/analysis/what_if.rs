//! Scenarios: cruxes assumed true, false or likelier, and where the options would stand. The board does not
//! change; the scenario lasts as long as the tab.

use cruxboard_domain::translation::percent;
use cruxboard_domain::{t, tn};
use std::collections::BTreeSet;

use cruxboard_domain::Credence;
use cruxboard_domain::board::Board;
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::format::Holder;
use cruxboard_domain::percent::signed_points;
use cruxboard_domain::record::{CruxId, PersonId};
use cruxboard_domain::what_if::{Assumed, Dependent, OptionModel, dependent_pairs, leader};
use leptos::prelude::*;

use super::flips::{Flips, are_comparable};
use super::joint::{JointEffects, counted_words};
use super::limit::{Limit, more_cruxes};
use super::{Analysed, crux_name, option_name};
use crate::component::{Choice, live, plain};
use crate::page::{holder, kept_choice, present_choices};

/// The assumptions, and the person whose view is shown.
#[derive(Clone, Copy)]
struct Assumptions {
    analysed: Analysed,
    assumed: RwSignal<Assumed>,
    /// The key of the person; empty for the group.
    whose: RwSignal<String>,
}

impl Assumptions {
    /// Returns the figure of a model under `assumed`.
    fn of(self, model: &OptionModel, assumed: &Assumed) -> Option<Credence> {
        match self.whose.get().parse::<PersonId>() {
            Ok(person) => model.of_person(person, assumed),
            Err(_) => model.of_group(assumed),
        }
    }

    fn set(self, crux: CruxId, chance: Option<Credence>) {
        self.assumed.update(|assumed| match chance {
            Some(chance) => drop(assumed.insert(crux, chance)),
            None => drop(assumed.remove(&crux)),
        });
    }
}

/// The controls for the cruxes, and the consequences for the options.
#[component]
pub(super) fn WhatIf(analysed: Analysed) -> impl IntoView {
    let session = analysed.session;
    let assumptions = Assumptions {
        analysed,
        assumed: kept_choice(session, "what-if", Assumed::new()),
        whose: kept_choice(session, "what-if-whose", String::new()),
    };
    let whose = assumptions.whose;
    let people = present_choices(session, move || whose.get().parse().into_iter().collect());
    // The cruxes about which somebody has stated a conditional credence, in the order of the table.
    let cruxes = Memo::new(move |_| {
        let told: BTreeSet<CruxId> = analysed
            .models
            .with(|models| models.iter().flat_map(OptionModel::cruxes).collect());
        let values = analysed.values.get().into_iter().map(|value| value.crux);
        values
            .filter(|crux| told.contains(crux))
            .collect::<Vec<_>>()
    });
    let limit = Limit::new();
    // The first of them, and all on which something is assumed.
    let shown = Memo::new(move |_| {
        let limit = limit.get();
        assumptions.assumed.with(|assumed| {
            cruxes.with(|cruxes| {
                let shown = cruxes
                    .iter()
                    .enumerate()
                    .filter(|(place, crux)| *place < limit || assumed.contains_key(crux));
                shown.map(|(_, crux)| *crux).collect::<Vec<_>>()
            })
        })
    });
    let is_nothing = move || assumptions.assumed.with(Assumed::is_empty);
    let reset = move |_| assumptions.assumed.set(Assumed::new());
    view! {
        <section class="panel what-if" aria-labelledby="what-if-title">
            <h2 id="what-if-title">{t!("What if")}</h2>
            <p class="soft">{t!("Assume that cruxes are true, false or likelier than now. The board itself stays as it is.")}</p>
            <Choice label=t!("Whose view") options=people value=whose on_commit=Callback::new(move |key| whose.set(key)) none=t!("{whose}’s", whose = untrack(|| holder(session)).first()) />
            <div class="sides">
                <Outcome assumptions />
                <ul class="assumptions">
                    <For each=move || shown.get() key=|crux| *crux let(crux)>
                        <AssumedCrux assumptions crux />
                    </For>
                </ul>
            </div>
            {limit.more(move || cruxes.with(Vec::len), more_cruxes)}
            <p class="actions">
                <button on:click=reset aria-disabled=move || is_nothing().to_string()>{t!("Reset all")}</button>
            </p>
            <Dependence assumptions cruxes />
            <JointEffects analysed assumed=assumptions.assumed />
            <Flips analysed />
        </section>
    }
}

#[component]
fn AssumedCrux(assumptions: Assumptions, crux: CruxId) -> impl IntoView {
    let session = assumptions.analysed.session;
    let name = Memo::new(move |_| session.read_all(|board| crux_name(board, crux)));
    let held = Memo::new(move |_| {
        let (person, viewpoint) = (
            assumptions.whose.get().parse::<PersonId>(),
            session.viewpoint(),
        );
        session.read_all(|board| {
            let views = board.current_views(crux, viewpoint.now.millis);
            match person {
                Ok(person) => {
                    let view = views.iter().find(|view| view.statement.person == person);
                    view.map(|view| view.statement.credence)
                }
                Err(_) => {
                    estimate(board, &views, viewpoint.with_stale).map(|group| group.aggregate)
                }
            }
        })
    });
    let chance = Memo::new(move |_| {
        assumptions
            .assumed
            .with(|assumed| assumed.get(&crux).copied())
    });
    let shown = move || chance.get().or(held.get());
    let percent = move || plain(shown().unwrap_or(Credence::HALF).percent());
    let toggle = move |label: &'static str, at: Credence| {
        let is_so = move || chance.get() == Some(at);
        let press = move |_| assumptions.set(crux, (!is_so()).then_some(at));
        view! { <button class="quiet" aria-pressed=move || is_so().to_string() on:click=press>{label}</button> }
    };
    let drag = move |text: String| assumptions.set(crux, text.parse().ok());
    let words = move || {
        let shown = shown().map_or_else(|| "–".to_owned(), |shown| shown.rounded(&[]));
        match (chance.get(), held.get()) {
            (Some(_), Some(held)) => {
                t!("{shown} instead of {held}", shown, held = held.rounded(&[]))
            }
            _ => shown,
        }
    };
    view! {
        <li>
            <div role="group" aria-label=name class:is-assumed=move || chance.get().is_some()>
                <span class="name">{live(move || name.get())}</span>
                <output class="soft" translate="no">{live(words)}</output>
                <input
                    type="range"
                    min="0"
                    max="100"
                    step="1"
                    aria-label=move || t!("Chance of “{name}”", name = name.get())
                    prop:value=percent
                    on:input:target=move |event| drag(event.target().value())
                />
                <span class="toggles">
                    {toggle(t!("True"), Credence::CERTAIN)}
                    {toggle(t!("False"), Credence::ZERO)}
                </span>
            </div>
        </li>
    }
}

/// The options now and under the assumptions.
#[component]
fn Outcome(assumptions: Assumptions) -> impl IntoView {
    let session = assumptions.analysed.session;
    let models = assumptions.analysed.models;
    let now = Memo::new(move |_| {
        let nothing = Assumed::new();
        let of = |model: &OptionModel| assumptions.of(model, &nothing);
        models.with(|models| models.iter().map(of).collect::<Vec<_>>())
    });
    let then = Memo::new(move |_| {
        let of = |model: &OptionModel| {
            let assumed = assumptions.assumed;
            assumed.with(|assumed| assumptions.of(model, assumed))
        };
        models.with(|models| models.iter().map(of).collect::<Vec<_>>())
    });
    let options = Memo::new(move |_| {
        models.with(|models| models.iter().map(|model| model.option).collect::<Vec<_>>())
    });
    let rows = move || {
        let options = options.get().into_iter();
        let figures = now.get().into_iter().zip(then.get());
        let rows = options.zip(figures).map(|(option, (now, then))| {
            let name = session.read_untracked(|board| option_name(board, option));
            let figure = |credence: Option<Credence>| {
                credence.map_or_else(|| "–".to_owned(), |credence| credence.rounded(&[]))
            };
            let moved = now
                .zip(then)
                .map(|(now, then)| signed_points(then.percent().round() - now.percent().round()));
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td class="number" translate="no">{figure(now)}</td>
                    <td class="number" translate="no"><b>{figure(then)}</b></td>
                    <td class="number" translate="no">{moved}</td>
                </tr>
            }
        });
        rows.collect_view()
    };
    let words = move || {
        let holder = holder(session);
        assumptions.assumed.with(|assumed| {
            models.with(|models| {
                session.read_untracked(|board| lead_words(board, models, assumed, &holder))
            })
        })
    };
    let sum = move || sum_words(&then.get());
    view! {
        <div class="outcome">
            <table class="data options">
                <thead>
                    <tr>
                        <th scope="col">{t!("Option")}</th>
                        <th scope="col" class="number">{t!("Now")}</th>
                        <th scope="col" class="number">{t!("If so")}</th>
                        <th scope="col" class="number">{t!("Points")}</th>
                    </tr>
                </thead>
                <tbody>{live(rows)}</tbody>
            </table>
            <p role="status">{live(words)}</p>
            <p class="soft">{live(sum)}</p>
        </div>
    }
}

/// Says why the figures add up to more than 100%, where they do.
fn sum_words(figures: &[Option<Credence>]) -> Option<String> {
    let stated = figures.iter().flatten();
    let sum: f64 = stated.map(|figure| figure.percent().round()).sum();
    (sum > 101.0).then(|| {
        t!(
            "Together these are {sum}: each option is rated by itself, so they need not add up to 100%.",
            sum = percent(plain(sum))
        )
    })
}

/// Describes which option leads for the group, now and under the assumptions.
fn lead_words(board: &Board, models: &[OptionModel], assumed: &Assumed, holder: &Holder) -> String {
    let whom = holder.name();
    let of = |assumed: &Assumed| leader(models, assumed).map(|option| option_name(board, option));
    match (of(&Assumed::new()), of(assumed)) {
        (Some(now), _) if !are_comparable(models) => {
            t!(
                "Only “{now}” has a figure for {whom}. To compare the options, state how likely the others are right.",
                now,
                whom
            )
        }
        (Some(now), Some(then)) if now != then => {
            t!(
                "For {whom} “{then}” would lead instead of “{now}”.",
                whom,
                then,
                now
            )
        }
        (Some(now), Some(_)) if assumed.is_empty() => t!("For {whom} “{now}” leads.", whom, now),
        (Some(now), Some(_)) => t!("For {whom} “{now}” would still lead.", whom, now),
        (Some(_), None) => t!("These assumptions contradict each other.").to_owned(),
        (None, _) => t!("Nobody has said yet how likely an option is right.").to_owned(),
    }
}

/// Describes the assumption behind the figures, and where it is doubtful.
#[component]
fn Dependence(assumptions: Assumptions, cruxes: Memo<Vec<CruxId>>) -> impl IntoView {
    let session = assumptions.analysed.session;
    let pairs = Memo::new(move |_| {
        cruxes.with(|cruxes| session.read_all(|board| dependent_pairs(board, cruxes)))
    });
    let warning = move || {
        let assumed = assumptions.assumed.get();
        let concerned: Vec<Dependent> = pairs.with(|pairs| {
            let both = |pair: &&Dependent| {
                assumed.contains_key(&pair.one) && assumed.contains_key(&pair.other)
            };
            pairs.iter().filter(both).copied().collect()
        });
        let lines = concerned.iter().map(|pair| {
            let words = session.read_untracked(|board| dependence_words(board, pair));
            view! { <li class="late">{words}</li> }
        });
        let lines: Vec<_> = lines.collect();
        (!lines.is_empty())
            .then(|| view! { <div role="status"><ul class="plain-list">{lines}</ul></div> })
    };
    let joint = move || {
        let assumed = assumptions.assumed.get();
        let models = assumptions.analysed.models;
        let lines = models.with(|models| counted_words(session, models, &assumed));
        let lines: Vec<_> = lines
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect();
        (!lines.is_empty())
            .then(|| view! { <div role="status"><ul class="plain-list">{lines}</ul></div> })
    };
    let count = move || {
        pairs.with(|pairs| match pairs.len() {
            0 => String::new(),
            count => tn!(
                count,
                "{count} pair of these cruxes share evidence or were split from each other: assuming both counts some of it twice.",
                "{count} pairs of these cruxes share evidence or were split from each other: assuming both counts some of it twice."
            ),
        })
    };
    view! {
        <p class="soft">{t!("Assumption: the cruxes are independent of each other for each answer, so their effects add up in log-odds, unless somebody has stated the joint effect of two.")} " " {live(count)}</p>
        {live(joint)}
        {live(warning)}
    }
}

fn dependence_words(board: &Board, pair: &Dependent) -> String {
    let (one, other) = (crux_name(board, pair.one), crux_name(board, pair.other));
    match (pair.shared_evidence, pair.is_split) {
        (0, _) => t!(
            "“{one}” and “{other}” were split from each other: together they tell less than this shows.",
            one,
            other
        ),
        (count, false) => tn!(
            count,
            "“{one}” and “{other}” share {count} item of evidence: together they tell less than this shows.",
            "“{one}” and “{other}” share {count} items of evidence: together they tell less than this shows.",
            one,
            other
        ),
        (count, true) => tn!(
            count,
            "“{one}” and “{other}” share {count} item of evidence and were split from each other: together they tell less than this shows.",
            "“{one}” and “{other}” share {count} items of evidence and were split from each other: together they tell less than this shows.",
            one,
            other
        ),
    }
}
