use std::collections::HashMap;

use chrono::NaiveDate;
use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::completeness::lacks;
use cruxboard_domain::date::{Now, Viewpoint, relative, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::outcome::outcome;
use cruxboard_domain::pointing::ScaleEnds;
use cruxboard_domain::record::{CredenceRule, CruxId, Mark, PersonId, Stage};
use cruxboard_domain::text::counted;
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::view::next_date;
use leptos::ev;

use super::own_credence::{OwnCredences, OwnHandle, Why};
use crate::component::live;
use crate::component::{Dot, Later, Near, Point, Scale, Sparkline, StateGlyph};
use crate::page::{Services, dots, href, mark_of, person_name, points, scale_ends};
use crate::route::Screen;
use cruxboard_session::Session;
use leptos::prelude::*;

/// The content of a row, so that it is rendered again only if something in it differs.
#[derive(Clone, PartialEq)]
struct Row {
    dots: Vec<Dot>,
    estimate: Option<Estimate>,
    rules: Vec<CredenceRule>,
    ends: ScaleEnds,
    points: Vec<Point>,
    triggers: Vec<(Mark, TriggerState, String)>,
    balance: (usize, usize),
    next: Option<(NaiveDate, &'static str)>,
    owner: Option<String>,
    stage: Stage,
    /// Whether a judged trigger shows that the claim of an open crux is true.
    counts_as: Option<bool>,
    lacks: usize,
    own: Option<Credence>,
    clause: String,
}

impl Row {
    fn follow(session: Session, id: CruxId) -> Memo<Option<Self>> {
        Memo::new(move |_| {
            // The session wakes the readers of a crux when the clock changes it.
            let now = session.now.get_untracked();
            let (with_stale, me) = (session.with_stale.get(), session.me.get());
            session.read([RecordRef::Crux(id), RecordRef::Board], |board| {
                Self::read(board, id, now, with_stale, me)
            })
        })
    }

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
            own: views
                .iter()
                .find(|view| Some(view.statement.person) == me)
                .map(|view| view.statement.credence),
            clause: crux.clause(),
            dots: dots(board, &views, me, now),
            estimate: estimate(board, &views, with_stale),
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
            counts_as: outcome(board, crux)
                .ok()
                .filter(|_| crux.stage() == Stage::Open)
                .map(|outcome| outcome.came_true),
            lacks: lacks(board, crux).len(),
        })
    }
}

/// The state that all rows share.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    pub(super) session: Session,
    /// The cruxes in order.
    pub(super) order: Memo<Vec<CruxId>>,
    /// The place of each crux in the order.
    pub(super) places: Memo<HashMap<CruxId, usize>>,
    pub(super) is_own_order: Memo<bool>,
    /// The crux that is being dragged.
    pub(super) dragged: RwSignal<Option<CruxId>>,
    pub(super) own: OwnCredences,
    pub(super) near: Near,
    pub(super) today: Memo<NaiveDate>,
}

/// A crux on the board. Far from the window, a row is only its title and claim, which the browser's search
/// finds; the rest is built when it comes near.
#[component]
pub(super) fn CruxRow(rows: Rows, id: CruxId) -> impl IntoView {
    let Rows {
        session,
        order,
        places,
        dragged,
        own,
        near,
        ..
    } = rows;
    let place = places.with_untracked(|places| places.get(&id).copied());
    let is_near = near.follow(row_id(id), place.is_none_or(|place| place < BUILT_AT_ONCE));
    let row = Row::follow(session, id);
    let title = Memo::new(move |_| {
        session.read(RecordRef::Crux(id), |board| {
            let crux = board.crux(id)?;
            Some((crux.name().into_owned(), crux.claim.clone()))
        })
    });
    let name = Signal::derive(move || title.get().unwrap_or_default().0);
    let is_over = RwSignal::new(false);
    let drop_here = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(moved) = dragged.get_untracked() {
            order.with_untracked(|order| move_to(session, order, moved, id));
        }
    };
    let is_closed = move || {
        let is_closed =
            |row: &Option<Row>| row.as_ref().is_some_and(|row| row.stage != Stage::Open);
        is_near.get() && row.with(is_closed)
    };
    view! {
        <div
            id=row_id(id)
            class="crux-row is-row"
            class:far=move || !is_near.get()
            class:closed=is_closed
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
                {live(move || is_near.get().then(|| view! { <Handle rows id name /> }))}
            </span>
            <span role="cell" class="claim">
                <a href=href(session, Screen::Crux(id)) tabindex=move || own.tab_stop()>
                    {live(move || name.get())}
                </a>
                <span class="text">{live(move || title.get().map(|(_, claim)| claim))}</span>
                {live(move || is_near.get().then(|| part(row, view_meta)))}
            </span>
            {live(move || is_near.get().then(|| view! { <Cells rows id row name /> }))}
        </div>
    }
}

/// Number of rows at the top that are built whole at once. The others wait until they come near the window.
const BUILT_AT_ONCE: usize = 16;

pub(super) fn row_id(crux: CruxId) -> String {
    format!("row-{crux}")
}

/// The cells of a row to the right of its claim.
#[component]
fn Cells(rows: Rows, id: CruxId, row: Memo<Option<Row>>, name: Signal<String>) -> impl IntoView {
    let Rows {
        session,
        own,
        today,
        ..
    } = rows;
    let dots = of_row(row, |row| row.dots.clone());
    let estimate = of_row(row, |row| row.estimate);
    let ends = of_row(row, |row| row.ends.clone());
    let rules = of_row(row, |row| row.rules.clone());
    let points = of_row(row, |row| row.points.clone());
    let clause = of_row(row, |row| row.clause.clone());
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
    let next = of_row(row, |row| row.next);
    let next = move || next.get().map(|(day, what)| view_date(day, what, today));
    view! {
        <span role="cell" class="where"><Scale dots estimate ends rules handle>
            {live(move || holder.get().map(|person| view! {
                <OwnHandle own crux=id person value draft clause name />
            }))}
        </Scale></span>
        <span role="cell" class="figures" translate="no">{part(row, view_figures)}</span>
        <span role="cell" class="trend"><Sparkline points /></span>
        <span role="cell" class="triggers">{part(row, view_triggers)}</span>
        <span role="cell" class="balance">{part(row, |row| balance(row.balance))}</span>
        <span role="cell" class="next">{live(next)}</span>
        <Why own crux=id />
    }
}

/// Renders a part of the row, again whenever the row changes.
fn part(row: Memo<Option<Row>>, read: fn(&Row) -> AnyView) -> AnyView {
    live(move || row.with(|row| row.as_ref().map(read)))
}

/// Returns a part of the row; empty while the crux does not exist.
fn of_row<T: Default + Send + Sync + 'static>(
    row: Memo<Option<Row>>,
    read: fn(&Row) -> T,
) -> Signal<T> {
    Signal::derive(move || row.with(|row| row.as_ref().map(read).unwrap_or_default()))
}

/// Moves a crux to the position of another one: behind it when moved down, before it when moved up.
fn move_to(session: Session, order: &[CruxId], moved: CruxId, place: CruxId) {
    let position = |id: CruxId| order.iter().position(|other| *other == id);
    let (Some(from), Some(to)) = (position(moved), position(place)) else {
        return;
    };
    let after = if from < to {
        Some(place)
    } else {
        before(session, place, moved)
    };
    session.dispatch(Command::MoveCrux { crux: moved, after });
}

fn view_meta(row: &Row) -> AnyView {
    view! {
        <span class="meta soft">
            {(row.stage != Stage::Open).then(|| view! { <b>{row.stage.label()}</b> })}
            {row.counts_as.map(|is_true| view! { <b>"counts as " {if is_true { "true" } else { "false" }}</b> })}
            {row.owner.clone().map(|owner| view! { <span>{owner}</span> })}
            {(row.lacks > 0).then(|| counted(row.lacks, "gap", "gaps"))}
        </span>
    }
    .into_any()
}

fn view_figures(row: &Row) -> AnyView {
    let Some(estimate) = &row.estimate else {
        return view! { <span class="soft">"none yet"</span> }.into_any();
    };
    let figures = estimate.figures(&row.rules);
    view! {
        <b>{figures.aggregate}</b> " "
        <span class="soft">"median " {figures.median.replace('%', "")}</span> " "
        <span class="soft">"spread " {figures.spread_number}</span> " "
        <span class="soft">{counted(estimate.count, "person", "people")}</span>
    }
    .into_any()
}

fn view_triggers(row: &Row) -> AnyView {
    if row.triggers.is_empty() {
        return view! { <span class="soft">"none yet"</span> }.into_any();
    }
    let chips = row.triggers.iter().cloned().map(|(mark, state, text)| {
        view! {
            <span translate="no" class=format!("chip is-{}", state.key()) title=text>
                <StateGlyph mark state />
                <span class="visually-hidden">{mark.label()} ": "</span>
                {state.label()}
            </span>
        }
    });
    chips.collect_view().into_any()
}

fn view_date(day: NaiveDate, what: &'static str, today: Memo<NaiveDate>) -> AnyView {
    view! {
        <time datetime=day.to_string() class:late=move || day < today.get()>{spelled(day)}</time> " "
        <span class="soft">{what} ", " {live(move || relative(day, today.get()))}</span>
    }
    .into_any()
}

/// Describes the evidence on both sides: "3 for, 1 against". A side without evidence is mentioned too.
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

/// Moves a crux in the manual order, by dragging or with the arrow keys.
#[component]
fn Handle(rows: Rows, id: CruxId, name: Signal<String>) -> impl IntoView {
    let Rows {
        session,
        order,
        places,
        is_own_order,
        dragged,
        own,
        ..
    } = rows;
    let place = Memo::new(move |_| places.with(|places| places.get(&id).copied().unwrap_or(0)));
    let (later, services) = (Later::from_context(), Services::from_context());
    let step = move |event: ev::KeyboardEvent| {
        let at = place.get_untracked();
        let after = order.with_untracked(|order| match event.key().as_str() {
            "ArrowUp" if at > 0 => order.get(at - 1).map(|above| before(session, *above, id)),
            "ArrowDown" => order.get(at + 1).map(|next| Some(*next)),
            _ => None,
        });
        if let Some(after) = after {
            event.prevent_default();
            session.dispatch(Command::MoveCrux { crux: id, after });
            // Moving the row takes the keyboard away from its handle. It must be back before the next key
            // event: a held arrow key repeats every 30 ms.
            later.run(0, move || services.navigation.focus.run(handle_id(id)));
        }
    };
    view! {
        <Show
            when=move || is_own_order.get()
            fallback=move || view! { <span class="place">{live(move || place.get() + 1)}</span> }
        >
            <button
                id=handle_id(id)
                class="handle"
                draggable="true"
                tabindex=move || own.tab_stop()
                aria-label=move || format!("Move {}, now number {}: arrow up or down", name.get(), place.get() + 1)
                title="Drag, or press the arrow keys, to reorder"
                on:keydown=step
                on:dragstart=move |event: ev::DragEvent| {
                    if let Some(transfer) = event.data_transfer() {
                        // Firefox starts a drag only if it carries data.
                        drop(transfer.set_data("text/plain", &name.get_untracked()));
                    }
                    dragged.set(Some(id));
                }
                on:dragend=move |_| dragged.set(None)
            >
                {live(move || place.get() + 1)}
            </button>
        </Show>
    }
}

/// Returns the crux after which `moved` must come to be right before `crux` in the manual order, of which a
/// filter may hide a part.
fn before(session: Session, crux: CruxId, moved: CruxId) -> Option<CruxId> {
    session.read_untracked(|board| {
        let mut order = board.cruxes();
        order.retain(|other| other.id != moved);
        let at = order.iter().position(|other| other.id == crux)?;
        Some(order.get(at.checked_sub(1)?)?.id)
    })
}

fn handle_id(crux: CruxId) -> String {
    format!("handle-{crux}")
}
