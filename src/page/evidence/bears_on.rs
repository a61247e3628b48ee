//! The cruxes that a new item of evidence bears on.

use crate::component::{Check, CredenceControl, EvidenceWeight, TextField, live};
use crate::page::read_crux;
use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::pooling::held;
use cruxboard_domain::record::{BearsOn, CruxId, Direction, Stage, Strength};
use cruxboard_domain::text::folded;
use cruxboard_domain::{t, tn};
use cruxboard_session::{DraftText, Session};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The weight of the new item on one crux, and the credence that it moves.
#[derive(Clone, PartialEq)]
pub(super) struct Bears {
    pub(super) on: BearsOn,
    pub(super) credence: Option<Credence>,
    pub(super) reason: String,
}

/// The weight on each ticked crux.
#[derive(Clone, Default, PartialEq)]
pub(super) struct AllBears(pub(super) BTreeMap<CruxId, Bears>);

/// The stored form for each crux: id, direction, strength, credence and reason.
pub(super) type KeptBears = (CruxId, Direction, Strength, Option<Credence>, String);

impl DraftText for AllBears {
    fn to_text(&self) -> String {
        let kept = self.0.iter().map(|(crux, bears)| {
            let BearsOn {
                direction,
                strength,
            } = bears.on;
            (*crux, direction, strength, bears.credence, &bears.reason)
        });
        serde_json::to_string(&kept.collect::<Vec<_>>()).unwrap_or_default()
    }

    fn from_text(text: &str) -> Option<Self> {
        let kept: Vec<KeptBears> = serde_json::from_str(text).ok()?;
        let bears = kept
            .into_iter()
            .map(|(crux, direction, strength, credence, reason)| {
                let on = BearsOn {
                    direction,
                    strength,
                };
                let bears = Bears {
                    on,
                    credence,
                    reason,
                };
                (crux, bears)
            });
        Some(Self(bears.collect()))
    }
}

impl Bears {
    pub(super) fn on(direction: Direction) -> Self {
        let on = BearsOn {
            direction,
            strength: Strength::Moderate,
        };
        Self {
            on,
            credence: None,
            reason: String::new(),
        }
    }
}

/// Number of cruxes up to which the list has no search.
pub(super) const SHORT_LIST: usize = 12;

/// The cruxes that the item may bear on. A short list shows all; a long one those that are selected, and the
/// first that match the search.
#[component]
pub(super) fn CruxLines(session: Session, bears: RwSignal<AllBears>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let open = Memo::new(move |_| {
        session.read_all(|board| {
            let cruxes = board.cruxes().into_iter();
            let open = cruxes.filter(|crux| crux.stage() == Stage::Open);
            let texts = open.map(|crux| {
                (
                    crux.id.0,
                    folded(&format!("{} {}", crux.name(), crux.claim)),
                )
            });
            texts.collect::<Vec<_>>()
        })
    });
    let matching = move || {
        let wanted = folded(&search.get());
        let selected = bears.with(|bears| bears.0.keys().map(|crux| crux.0).collect::<Vec<_>>());
        open.with(|open| {
            let (mut shown, mut matches) = (Vec::new(), 0);
            for (id, text) in open {
                let is_match = wanted.split_whitespace().all(|word| text.contains(word));
                matches += usize::from(is_match);
                if (is_match && matches <= SHORT_LIST) || selected.contains(id) {
                    shown.push(*id);
                }
            }
            (shown, matches)
        })
    };
    let matching = Memo::new(move |_| matching());
    let is_long = Memo::new(move |_| open.with(Vec::len) > SHORT_LIST);
    let count = move || {
        let (shown, matches) = matching.with(|(shown, matches)| (shown.len(), *matches));
        if matches > shown {
            tn!(
                matches,
                "{shown} of {count} crux",
                "{shown} of {count} cruxes",
                shown
            )
        } else {
            tn!(matches, "{count} crux", "{count} cruxes")
        }
    };
    view! {
        <section class="panel">
            <h2>{t!("Which cruxes does it bear on?")}</h2>
            <div class="which soft">
                <p>{t!("How strongly does it speak against or for the claim? Update your credence if it changes.")}</p>
                <p class="ends" aria-hidden="true"><span>{t!("against")}</span><span>{t!("for")}</span></p>
            </div>
            <Show when=move || is_long.get()>
                <p class="crux-search">
                    <input
                        type="search"
                        aria-label=t!("Search cruxes")
                        placeholder=t!("Search cruxes")
                        prop:value=search
                        on:input=move |event| search.set(event_target_value(&event))
                    />
                    <span class="soft" role="status">{live(count)}</span>
                </p>
            </Show>
            <For each=move || matching.get().0 key=|id| *id let(id)><CruxLine session id=CruxId(id) bears /></For>
        </section>
    }
}

pub(super) fn summary(AllBears(bears): &AllBears) -> String {
    let moves = bears
        .values()
        .filter(|bears| bears.credence.is_some())
        .count();
    let cruxes = tn!(bears.len(), "{count} crux", "{count} cruxes");
    match (bears.len(), moves) {
        (0, _) => t!("No cruxes selected").into(),
        (_, 0) => t!("Bears on {cruxes}.", cruxes),
        (_, moves) => tn!(
            moves,
            "Bears on {cruxes}; updates {count} of your credences.",
            "Bears on {cruxes}; updates {count} of your credences.",
            cruxes
        ),
    }
}

/// A crux that the item may bear on.
#[component]
pub(super) fn CruxLine(session: Session, id: CruxId, bears: RwSignal<AllBears>) -> impl IntoView {
    let name =
        move || read_crux(session, id, |_, crux| crux.name().into_owned()).unwrap_or_default();
    let is_ticked = Memo::new(move |_| bears.with(|bears| bears.0.contains_key(&id)));
    let tick = Callback::new(move |is_on: bool| {
        bears.update(|bears| {
            if is_on {
                bears
                    .0
                    .entry(id)
                    .or_insert_with(|| Bears::on(Direction::For));
            } else {
                bears.0.remove(&id);
            }
        });
    });
    let weight = Signal::derive(move || bears.with(|bears| bears.0.get(&id).map(|bears| bears.on)));
    let on_weight = Callback::new(move |on: BearsOn| {
        bears.update(|bears| {
            bears
                .0
                .entry(id)
                .or_insert_with(|| Bears::on(Direction::For))
                .on = on;
        });
    });
    view! {
        <div class="bears-on">
            <div class="which">
                <Check label=name() value=is_ticked on_commit=tick />
                <EvidenceWeight label=t!("Weight on {name}", name = name()) value=weight on_commit=on_weight />
            </div>
            <Show when=move || is_ticked.get()>
                <How session id bears />
            </Show>
        </div>
    }
}

#[component]
pub(super) fn How(session: Session, id: CruxId, bears: RwSignal<AllBears>) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Bears)| {
        bears.update(|bears| {
            if let Some(bears) = bears.0.get_mut(&id) {
                change(bears);
            }
        });
    };
    let one = move |read: fn(&Bears) -> String| {
        Signal::derive(move || {
            bears
                .with(|bears| bears.0.get(&id).map(read))
                .unwrap_or_default()
        })
    };
    let on_reason =
        Callback::new(move |text: String| change(&|bears| bears.reason.clone_from(&text)));
    let label = move || {
        let name = session.read_untracked(|board| Some(board.crux(id)?.name().into_owned()));
        t!("Your credence: {name}", name = name.unwrap_or_default())
    };
    let draft = RwSignal::new(None::<Credence>);
    let stated = Signal::derive(move || {
        let me = session.me.get()?;
        session.read(RecordRef::Crux(id), |board| {
            let mine = board
                .statements_on(id)
                .into_iter()
                .rev()
                .find(|s| s.person == me)?;
            Some(mine.credence)
        })
    });
    let wanted = Signal::derive(move || {
        bears.with(|bears| bears.0.get(&id).and_then(|bears| bears.credence))
    });
    let value = Signal::derive(move || wanted.get().or(stated.get()));
    let on_commit = Callback::new(move |credence: Credence| {
        let moved = (Some(credence) != stated.get_untracked()).then_some(credence);
        change(&|bears| bears.credence = moved);
    });
    let clause =
        Signal::derive(move || read_crux(session, id, |_, crux| crux.clause()).unwrap_or_default());
    // Already while the number is typed, so that Tab leads from it to the reason.
    let is_moved = Memo::new(move |_| {
        let to = draft.get().or(wanted.get());
        to.is_some() && to != stated.get()
    });
    let consequence = move || {
        let to = draft.get().or(wanted.get())?;
        let before = stated
            .get()
            .map_or_else(|| t!("not stated").into(), Credence::shown);
        let (was, will) = pooled(session, id, to);
        let rules = session.read_untracked(|board| board.credence_rules(id));
        let pool = |all: Option<Estimate>, other: Option<Estimate>| {
            all.map_or("—".into(), |all| all.aggregate_beside(other, &rules))
        };
        Some(t!(
            "You: {before} → {after}. Aggregate: {was} → {will}.",
            before,
            after = to.shown(),
            was = pool(was, will),
            will = pool(will, was)
        ))
    };
    view! {
        <div class="move">
            <Show
                when=move || session.me.get().is_some()
                fallback=|| view! { <p class="soft">{t!("Choose your name, at the top, to update your credence here.")}</p> }
            >
                <CredenceControl value draft on_commit clause is_draft=true label=label() />
                <p class="soft" role="status">{live(consequence)}</p>
                <Show when=move || is_moved.get()>
                    <TextField label=t!("Reason for the update") value=one(|b| b.reason.clone()) on_commit=on_reason />
                </Show>
            </Show>
        </div>
    }
}

/// Returns the group's present estimate, and the estimate with the reader's credence at `to`.
pub(super) fn pooled(
    session: Session,
    id: CruxId,
    to: Credence,
) -> (Option<Estimate>, Option<Estimate>) {
    let now = session.now.get().millis;
    let me = session.me.get();
    let with_stale = session.with_stale.get();
    let views = session.read_untracked(|board| board.current_views(id, now));
    let before = session.read_untracked(|board| estimate(board, &views, with_stale));
    let others = views
        .iter()
        .filter(|view| Some(view.statement.person) != me);
    let others = others.filter(|view| with_stale || !view.is_stale);
    let after: Vec<_> = others.map(held).chain([(to, now)]).collect();
    let pool = session.read_untracked(Board::pool);
    (before, Estimate::pooled(pool, &after))
}
