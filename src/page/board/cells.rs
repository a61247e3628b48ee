//! The content of a crux's row on the board, which is built when the row is near the window.

use chrono::NaiveDate;
use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::completeness::lacks;
use cruxboard_domain::date::{Now, Viewpoint, relative, spelled};
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::outcome::outcome;
use cruxboard_domain::pointing::ScaleEnds;
use cruxboard_domain::record::{CredenceRule, CruxId, Mark, PersonId, Stage};
use cruxboard_domain::trigger_state::{TriggerState, trigger_state};
use cruxboard_domain::view::next_date;
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::own_credence::{OwnCredences, OwnHandle, Why};
use crate::component::{Dot, Point, Scale, Sparkline, StateGlyph, live};
use crate::page::{dots, mark_of, person_name, points, scale_ends};
use crate::t_view;
use cruxboard_session::Session;

/// The content of a row, so that it is rendered again only if something in it differs.
#[derive(Clone, PartialEq)]
pub(super) struct Row {
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
    pub(super) fn follow(session: Session, id: CruxId) -> Memo<Option<Self>> {
        Memo::new(move |_| {
            // The session wakes the readers of a crux when the clock changes it.
            let now = session.now.get_untracked();
            let (with_stale, me) = (session.with_stale.get(), session.me.get());
            session.read([RecordRef::Crux(id), RecordRef::Board], |board| {
                Self::read(board, id, now, with_stale, me)
            })
        })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.stage != Stage::Open
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

/// The cells of a row to the right of its claim.
#[component]
pub(super) fn Cells(
    session: Session,
    own: OwnCredences,
    today: Memo<NaiveDate>,
    id: CruxId,
    row: Memo<Option<Row>>,
    name: Signal<String>,
) -> impl IntoView {
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
        <span role="cell" class="where"><Scale dots estimate ends rules handle is_numbered=true>
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

/// The words below a claim: stage, owner, gaps.
#[component]
pub(super) fn Meta(row: Memo<Option<Row>>) -> impl IntoView {
    part(row, view_meta)
}

fn view_meta(row: &Row) -> AnyView {
    view! {
        <span class="meta soft">
            {(row.stage != Stage::Open).then(|| view! { <b>{row.stage.label()}</b> })}
            {row.counts_as.map(|is_true| view! { <b>{if is_true { t!("counts as true") } else { t!("counts as false") }}</b> })}
            {row.owner.clone().map(|owner| view! { <span>{owner}</span> })}
            {(row.lacks > 0).then(|| tn!(row.lacks, "{count} gap", "{count} gaps"))}
        </span>
    }
    .into_any()
}

fn view_figures(row: &Row) -> AnyView {
    let Some(estimate) = &row.estimate else {
        return view! { <span class="soft">{t!("none yet")}</span> }.into_any();
    };
    let figures = estimate.figures(&row.rules);
    // One person has no spread.
    let spread = estimate.spread().map(|_| figures.spread_number);
    view! {
        <b>{figures.aggregate}</b> " "
        <span class="soft">{t!("median {median}", median = figures.median.replace('%', "").trim_end())}</span> " "
        {spread.map(|spread| view! { <span class="soft">{t!("spread {spread}", spread)}</span> " " })}
        <span class="soft">{tn!(estimate.count, "{count} person", "{count} people")}</span>
    }
    .into_any()
}

fn view_triggers(row: &Row) -> AnyView {
    if row.triggers.is_empty() {
        return view! { <span class="soft">{t!("none yet")}</span> }.into_any();
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
    if (pro, con) == (0, 0) {
        return view! { <span class="missing">{t!("No evidence")}</span> }.into_any();
    }
    let missing = |words: &'static str| view! { <span class="missing">{words}</span> }.into_any();
    let number = |count: usize| view! { <b translate="no">{count}</b> };
    let pro = match pro {
        0 => missing(t!("No support")),
        _ => view! { <span>{t_view!("{count} for", count = number(pro))}</span> }.into_any(),
    };
    let con = match con {
        0 => missing(t!("column" => "No counter-evidence")),
        _ => view! { <span>{t_view!("{count} against", count = number(con))}</span> }.into_any(),
    };
    view! {
        {pro}
        " "
        {con}
    }
    .into_any()
}
