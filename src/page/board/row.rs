use chrono::NaiveDate;
use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::completeness::lacks;
use cruxboard_domain::date::{Now, Viewpoint, relative, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::record::{CredenceRule, CruxId, Mark, PersonId, Stage};
use cruxboard_domain::text::counted;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::view::next_date;
use leptos::ev;

use super::own_credence::{OwnCredences, OwnHandle, Why};
use crate::component::live;
use crate::component::{Dot, Later, Point, Scale, Sparkline, StateGlyph};
use crate::page::{Services, dots, href, mark_of, person_name, points, scale_ends};
use crate::route::Screen;
use crate::session::Session;
use leptos::prelude::*;

/// All that a row shows, so that it is built anew only when one of it differs.
#[derive(Clone, PartialEq)]
struct Row {
    name: String,
    claim: String,
    dots: Vec<Dot>,
    estimate: Option<Estimate>,
    rules: Vec<CredenceRule>,
    ends: (Option<Mark>, Option<Mark>),
    points: Vec<Point>,
    triggers: Vec<(Mark, TriggerState, String)>,
    balance: (usize, usize),
    next: Option<(NaiveDate, &'static str)>,
    owner: Option<String>,
    stage: Stage,
    lacks: usize,
    own: Option<Credence>,
    clause: String,
}

impl Row {
    fn read(
        board: &Board,
        id: CruxId,
        now: Now,
        with_stale: bool,
        me: Option<PersonId>,
    ) -> Option<Self> {
        let crux = board.crux(id)?;
        let viewpoint = Viewpoint { now, with_stale };
        let views = board.current_views(id, now.millis);
        let triggers = board
            .triggers_of(id)
            .filter(|trigger| trigger.rule.is_none());
        let computed = board
            .triggers_of(id)
            .filter(|trigger| trigger.rule.is_some())
            .filter(|trigger| trigger_state(board, trigger, viewpoint) != TriggerState::Armed);
        Some(Self {
            name: crux.name().into_owned(),
            claim: crux.claim.clone(),
            own: views
                .iter()
                .find(|view| Some(view.statement.person) == me)
                .map(|view| view.statement.credence),
            clause: crux.clause(),
            dots: dots(board, &views, me, now),
            estimate: estimate(&views, with_stale),
            rules: board.credence_rules(id),
            ends: scale_ends(board, crux),
            // One person's credences are no trend of the group.
            points: if views.len() > 1 {
                points(board, id, now)
            } else {
                Vec::new()
            },
            triggers: triggers
                .chain(computed)
                .map(|trigger| {
                    let state = trigger_state(board, trigger, viewpoint);
                    (mark_of(board, trigger.toward), state, trigger.headline())
                })
                .collect(),
            balance: board.evidence_balance(id),
            next: next_date(board, crux, viewpoint),
            owner: crux.owner.map(|owner| person_name(board, owner)),
            stage: crux.stage(),
            lacks: lacks(board, crux).len(),
        })
    }
}

/// One crux on the board.
#[component]
pub(super) fn CruxRow(
    session: Session,
    id: CruxId,
    order: Signal<Vec<CruxId>>,
    is_own_order: Signal<bool>,
    dragged: RwSignal<Option<CruxId>>,
    own: OwnCredences,
) -> impl IntoView {
    let row = Memo::new(move |_| {
        session.follow(RecordRef::Crux(id));
        session.follow(RecordRef::Board);
        let (now, with_stale, me) = (
            session.now.get(),
            session.with_stale.get(),
            session.me.get(),
        );
        session.with(|board| Row::read(board, id, now, with_stale, me))
    });
    let part =
        move |read: fn(&Row) -> AnyView| live(move || row.with(|row| row.as_ref().map(read)));
    let is_over = RwSignal::new(false);
    let drop_here = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(moved) = dragged.get_untracked() {
            let place = order.with_untracked(|order| {
                let from = order.iter().position(|other| *other == moved)?;
                let to = order.iter().position(|other| *other == id)?;
                // Dropped from above it lands behind this row, from below before it.
                Some(if from < to {
                    Some(id)
                } else {
                    before(session, id, moved)
                })
            });
            if let Some(after) = place {
                session.dispatch(Command::MoveCrux { crux: moved, after });
            }
        }
    };
    let dots = Signal::derive(move || {
        row.with(|row| row.as_ref().map(|row| row.dots.clone()).unwrap_or_default())
    });
    let estimate =
        Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.estimate)));
    let ends = Signal::derive(move || {
        row.with(|row| row.as_ref().map(|row| row.ends).unwrap_or_default())
    });
    let rules = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| row.rules.clone())
                .unwrap_or_default()
        })
    });
    let points = Signal::derive(move || {
        row.with(|row| {
            row.as_ref()
                .map(|row| row.points.clone())
                .unwrap_or_default()
        })
    });
    let field = move |read: fn(&Row) -> String| {
        Signal::derive(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
    };
    let draft = RwSignal::new(None::<Credence>);
    let value = Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.own)));
    // The person of this device has a handle while the crux is open.
    let holder = Memo::new(move |_| {
        let is_open = row.with(|row| row.as_ref().is_some_and(|row| row.stage == Stage::Open));
        session.me.get().filter(|_| is_open)
    });
    let handle = Signal::derive(move || {
        holder.get()?;
        let credence = draft.get().or(value.get()).unwrap_or(Credence::HALF);
        Some(credence.percent())
    });
    let today = move || session.now.get().today();
    let next = move || {
        row.with(|row| row.as_ref().and_then(|row| row.next)).map(|(day, what)| {
            view! {
                <time datetime=day.to_string() class:late=move || day < today()>{spelled(day)}</time> " "
                <span class="soft">{what} ", " {live(move || relative(day, today()))}</span>
            }
        })
    };
    view! {
        <div
            class="crux-row"
            class:closed=move || row.with(|row| row.as_ref().is_some_and(|row| row.stage != Stage::Open))
            class:drop=move || is_over.get()
            role="row"
            on:dragover=move |event| {
                if dragged.get_untracked().is_some_and(|moved| moved != id) {
                    event.prevent_default();
                    is_over.set(true);
                }
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop_here
        >
            <span role="cell" class="order">
                <Handle session id order is_own_order dragged name=field(|row| row.name.clone()) own />
            </span>
            <span role="cell" class="claim">
                <a href=href(session, Screen::Crux(id)) tabindex=move || own.tab_stop()>
                    {live(move || row.with(|row| row.as_ref().map(|row| row.name.clone())))}
                </a>
                {part(|row| view! {
                    <span class="text">{row.claim.clone()}</span>
                    <span class="meta soft">
                        {(row.stage != Stage::Open).then(|| view! { <b>{row.stage.label()}</b> })}
                        {row.owner.clone().map(|owner| view! { <span>{owner}</span> })}
                        {(row.lacks > 0).then(|| counted(row.lacks, "gap", "gaps"))}
                    </span>
                }.into_any())}
            </span>
            <span role="cell" class="where"><Scale dots estimate ends rules handle>
                {live(move || holder.get().map(|person| view! {
                    <OwnHandle own crux=id person value draft clause=field(|row| row.clause.clone()) name=field(|row| row.name.clone()) />
                }))}
            </Scale></span>
            <span role="cell" class="figures" translate="no">
                {part(|row| match &row.estimate {
                    Some(estimate) => {
                        let figures = estimate.figures(&row.rules);
                        view! {
                            <b>{figures.aggregate}</b> " "
                            <span class="soft">"median " {figures.median.replace('%', "")}</span> " "
                            <span class="soft">"spread " {figures.spread_number}</span>
                        }.into_any()
                    }
                    None => view! { <span class="soft">"none yet"</span> }.into_any(),
                })}
            </span>
            <span role="cell" class="trend"><Sparkline points /></span>
            <span role="cell" class="triggers">
                {part(|row| if row.triggers.is_empty() {
                    view! { <span class="soft">"none yet"</span> }.into_any()
                } else {
                    row.triggers.iter().cloned().map(|(mark, state, text)| view! {
                        <span translate="no" class=format!("chip is-{}", state.key()) title=text>
                            <StateGlyph mark state />
                            <span class="visually-hidden">{mark.label()} ": "</span>
                            {state.label()}
                        </span>
                    }).collect_view().into_any()
                })}
            </span>
            <span role="cell" class="balance">{part(|row| balance(row.balance))}</span>
            <span role="cell" class="next">{live(next)}</span>
            <Why own crux=id />
        </div>
    }
}

/// "3 for, 1 against"; a side with no evidence is named.
fn balance((pro, con): (usize, usize)) -> AnyView {
    let side = |count: usize, word: &'static str, none: &'static str| {
        if count == 0 {
            view! { <span class="missing">{none}</span> }.into_any()
        } else {
            view! { <span><b translate="no">{count}</b> " " {word}</span> }.into_any()
        }
    };
    if (pro, con) == (0, 0) {
        return view! { <span class="missing">"No evidence"</span> }.into_any();
    }
    view! {
        {side(pro, "for", "No support")}
        " "
        {side(con, "against", "No counter-evidence")}
    }
    .into_any()
}

/// Moves a crux in the board's own order: by dragging, or with the arrow keys.
#[component]
fn Handle(
    session: Session,
    id: CruxId,
    order: Signal<Vec<CruxId>>,
    is_own_order: Signal<bool>,
    dragged: RwSignal<Option<CruxId>>,
    name: Signal<String>,
    own: OwnCredences,
) -> impl IntoView {
    let place = move || {
        order
            .with(|order| order.iter().position(|other| *other == id))
            .unwrap_or(0)
    };
    let (later, services) = (Later::from_context(), Services::from_context());
    let step = move |event: ev::KeyboardEvent| {
        let at = place();
        let after = order.with_untracked(|order| match event.key().as_str() {
            "ArrowUp" if at > 0 => order.get(at - 1).map(|above| before(session, *above, id)),
            "ArrowDown" => order.get(at + 1).map(|next| Some(*next)),
            _ => None,
        });
        if let Some(after) = after {
            event.prevent_default();
            session.dispatch(Command::MoveCrux { crux: id, after });
            // Moving the row takes the keyboard away from its handle, which is wanted again before
            // the next key comes: a held arrow key repeats every 30 ms.
            later.run(0, move || services.focus.run(handle_id(id)));
        }
    };
    view! {
        <Show
            when=move || is_own_order.get()
            fallback=move || view! { <span class="place">{live(move || place() + 1)}</span> }
        >
            <button
                id=handle_id(id)
                class="handle"
                draggable="true"
                tabindex=move || own.tab_stop()
                aria-label=move || format!("Move {}, now number {}: arrow up or down", name.get(), place() + 1)
                title="Drag, or press the arrow keys, to reorder"
                on:keydown=step
                on:dragstart=move |event: ev::DragEvent| {
                    if let Some(transfer) = event.data_transfer() {
                        // Firefox starts a drag only when it carries something.
                        drop(transfer.set_data("text/plain", &name.get_untracked()));
                    }
                    dragged.set(Some(id));
                }
                on:dragend=move |_| dragged.set(None)
            >
                {live(move || place() + 1)}
            </button>
        </Show>
    }
}

/// What `moved` has to come after so that it stands right before `crux` in the board's own order, of
/// which a filter may hide a part.
fn before(session: Session, crux: CruxId, moved: CruxId) -> Option<CruxId> {
    session.with(|board| {
        let mut order = board.cruxes();
        order.retain(|other| other.id != moved);
        let at = order.iter().position(|other| other.id == crux)?;
        Some(order.get(at.checked_sub(1)?)?.id)
    })
}

fn handle_id(crux: CruxId) -> String {
    format!("handle-{crux}")
}
