use std::collections::BTreeMap;

use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::record::{
    BearsOn, CruxId, Direction, Evidence, EvidenceEdit, Stage, Strength,
};
use cruxboard_domain::{ChangeId, Credence};

use super::fields::EvidenceFields;
use crate::component::live;
use crate::component::{
    Check, Choice, CredenceControl, DraftBanner, FieldErrors, TextField, focus_invalid,
};
use crate::page::{Services, dispatch_from, read_crux, word_choices};
use crate::route::{Route, Screen};
use crate::session::{DraftText, Session};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

/// How the new item is said to bear on one crux, and where it moves one's credence.
#[derive(Clone, PartialEq)]
struct Bears {
    on: BearsOn,
    credence: Option<Credence>,
    reason: String,
}

type AllBears = RwSignal<BTreeMap<CruxId, Bears>>;

/// How each crux is kept: its id, direction, strength, credence and reason.
type KeptBears = (CruxId, Direction, Strength, Option<Credence>, String);

impl DraftText for BTreeMap<CruxId, Bears> {
    fn to_text(&self) -> String {
        let kept = self.iter().map(|(crux, bears)| {
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
        Some(bears.collect())
    }
}

impl Bears {
    fn on(direction: Direction) -> Self {
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

/// An item of evidence being written: filed once, moving what it moves, as one action.
#[component]
pub fn NewEvidencePage(
    session: Session,
    crux: Option<CruxId>,
    /// On which side of that crux.
    side: Direction,
) -> impl IntoView {
    let services = Services::from_context();
    let is_written = |evidence: &Evidence| *evidence != Evidence::default();
    let evidence = session.draft("evidence", ChangeId::MIN, Evidence::default(), is_written);
    let moves = |bears: &BTreeMap<CruxId, Bears>| bears.values().any(|it| it.credence.is_some());
    let bears: AllBears = session.draft("bears-on", ChangeId::MIN, BTreeMap::new(), moves);
    let is_kept = evidence.with_untracked(is_written) || bears.with_untracked(moves);
    let begin = move || {
        evidence.set(Evidence::default());
        bears.set(
            crux.map(|crux| (crux, Bears::on(side)))
                .into_iter()
                .collect(),
        );
    };
    // A tick alone is no draft.
    on_cleanup(move || {
        if !evidence.with_untracked(is_written) && !bears.with_untracked(moves) {
            bears.set(BTreeMap::new());
        }
    });
    if !is_kept {
        begin();
    } else if let Some(crux) = crux {
        bears.update(|bears| {
            bears.entry(crux).or_insert_with(|| Bears::on(side));
        });
    }
    let set =
        Callback::new(move |set: EvidenceEdit| evidence.update(|evidence| evidence.overlay(&set)));
    let errors = FieldErrors::provide();
    let file = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if focus_invalid(&event) {
            return;
        }
        let bears = bears.get_untracked();
        let person = session.me.get_untracked();
        let moves = bears.iter().filter_map(|(crux, bears)| {
            let credence = bears.credence?;
            Some(Move {
                crux: *crux,
                person: person?,
                credence,
                reason: bears.reason.clone(),
            })
        });
        let command = Command::FileEvidence {
            evidence: Evidence::default().edit_to(&evidence.get_untracked()),
            moves: moves.collect(),
            bears_on: bears
                .iter()
                .map(|(crux, bears)| (*crux, bears.on))
                .collect(),
        };
        if dispatch_from(session, errors, command)
            && let Some(board) = session.open.get_untracked()
        {
            begin();
            let back = crux.map_or_else(|| Screen::Evidence(Default::default()), Screen::Crux);
            services.go.run((Route::Board(board, back), true));
        }
    };
    let cruxes = Memo::new(move |_| {
        session.follow_all();
        session.with(|board| {
            let open = board
                .cruxes()
                .into_iter()
                .filter(|crux| crux.stage() == Stage::Open);
            open.map(|crux| crux.id.0).collect::<Vec<_>>()
        })
    });
    view! {
        <form class="page narrow" novalidate on:submit=file>
            <h1>"New evidence"</h1>
            <DraftBanner is_kept on_discard=Callback::new(move |()| begin()) />
            <EvidenceFields session own=None evidence set />
            <section class="panel">
                <h2>"Which cruxes does it bear on?"</h2>
                <p class="soft">"Select cruxes, set direction and strength, and update your credence if it changes."</p>
                <For each=move || cruxes.get() key=|id| *id let(id)><CruxLine session id=CruxId(id) bears /></For>
            </section>
            <p class="actions sticky">
                <button class="primary" type="submit">"Save evidence"</button>
                <span class="soft">{live(move || summary(&bears.get()))}</span>
            </p>
        </form>
    }
}

fn summary(bears: &BTreeMap<CruxId, Bears>) -> String {
    let moves = bears
        .values()
        .filter(|bears| bears.credence.is_some())
        .count();
    let cruxes = counted(bears.len(), "crux", "cruxes");
    match (bears.len(), moves) {
        (0, _) => "No cruxes selected".into(),
        (_, 0) => format!("Bears on {cruxes}."),
        (1, _) => format!("Bears on {cruxes}; updates 1 of your credences."),
        (_, moves) => format!("Bears on {cruxes}; updates {moves} of your credences."),
    }
}

/// One crux that the item may bear on.
#[component]
fn CruxLine(session: Session, id: CruxId, bears: AllBears) -> impl IntoView {
    let name =
        move || read_crux(session, id, |_, crux| crux.name().into_owned()).unwrap_or_default();
    let is_ticked = Memo::new(move |_| bears.with(|bears| bears.contains_key(&id)));
    let tick = Callback::new(move |is_on: bool| {
        bears.update(|bears| {
            if is_on {
                bears.entry(id).or_insert_with(|| Bears::on(Direction::For));
            } else {
                bears.remove(&id);
            }
        });
    });
    view! {
        <div class="bears-on">
            <Check label=name() value=is_ticked on_commit=tick />
            <Show when=move || is_ticked.get()>
                <How session id bears />
            </Show>
        </div>
    }
}

#[component]
fn How(session: Session, id: CruxId, bears: AllBears) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Bears)| {
        bears.update(|bears| {
            if let Some(bears) = bears.get_mut(&id) {
                change(bears);
            }
        });
    };
    let one = move |read: fn(&Bears) -> String| {
        Signal::derive(move || {
            bears
                .with(|bears| bears.get(&id).map(read))
                .unwrap_or_default()
        })
    };
    let on_direction = Callback::new(move |key: String| {
        change(&|bears| {
            bears.on.direction = Direction::from_key(&key).unwrap_or(bears.on.direction)
        });
    });
    let on_strength = Callback::new(move |key: String| {
        change(&|bears| bears.on.strength = Strength::from_key(&key).unwrap_or(bears.on.strength));
    });
    let on_reason =
        Callback::new(move |text: String| change(&|bears| bears.reason.clone_from(&text)));
    let draft = RwSignal::new(None::<Credence>);
    let stated = Signal::derive(move || {
        session.follow(RecordRef::Crux(id));
        let me = session.me.get()?;
        session.with(|board| {
            let mine = board
                .statements_on(id)
                .into_iter()
                .rev()
                .find(|s| s.person == me)?;
            Some(mine.credence)
        })
    });
    let wanted =
        Signal::derive(move || bears.with(|bears| bears.get(&id).and_then(|bears| bears.credence)));
    let value = Signal::derive(move || wanted.get().or(stated.get()));
    let on_commit = Callback::new(move |credence: Credence| {
        let moved = (Some(credence) != stated.get_untracked()).then_some(credence);
        change(&|bears| bears.credence = moved);
    });
    let clause =
        Signal::derive(move || read_crux(session, id, |_, crux| crux.clause()).unwrap_or_default());
    let consequence = move || {
        let to = draft.get().or(wanted.get())?;
        let before = stated.get().map_or("not stated".into(), Credence::shown);
        let (was, will) = pooled(session, id, to);
        let rules = session.with(|board| board.credence_rules(id));
        let pool = |all: Option<Estimate>, other: Option<Estimate>| {
            all.map_or("—".into(), |all| all.aggregate_beside(other, &rules))
        };
        Some(format!(
            "You: {before} → {}. Aggregate: {} → {}.",
            to.shown(),
            pool(was, will),
            pool(will, was)
        ))
    };
    view! {
        <div class="how">
            <Choice label="Direction" options=Signal::stored(word_choices!(Direction)) value=one(|b| b.on.direction.key().to_owned()) on_commit=on_direction none="" />
            <Choice label="Strength" options=Signal::stored(word_choices!(Strength)) value=one(|b| b.on.strength.key().to_owned()) on_commit=on_strength none="" />
        </div>
        <div class="move">
            <Show
                when=move || session.me.get().is_some()
                fallback=|| view! { <p class="soft">"Choose your name, at the top, to update your credence here."</p> }
            >
                <CredenceControl value draft on_commit clause label=format!("Your credence: {}", session.with(|board| board.crux(id).map(|crux| crux.name().into_owned()).unwrap_or_default())) />
                <p class="soft" role="status">{live(consequence)}</p>
                <Show when=move || wanted.get().is_some()>
                    <TextField label="Reason for the update" value=one(|b| b.reason.clone()) on_commit=on_reason />
                </Show>
            </Show>
        </div>
    }
}

/// What the group's credences add up to now, and would with mine at `to`.
fn pooled(session: Session, id: CruxId, to: Credence) -> (Option<Estimate>, Option<Estimate>) {
    let now = session.now.get().millis;
    let me = session.me.get();
    let with_stale = session.with_stale.get();
    let views = session.with(|board| board.current_views(id, now));
    let before = estimate(&views, with_stale);
    let others = views
        .iter()
        .filter(|view| Some(view.statement.person) != me);
    let others = others
        .filter(|view| with_stale || !view.is_stale)
        .map(|view| view.statement.credence);
    (before, Estimate::of(others.chain([to])))
}
