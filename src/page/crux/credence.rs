//! The credences in a crux: the scale, the figures, the reader’s own credence, and the history.

mod own;
mod people;
mod picture;
mod pins;
mod preview;

use cruxboard_domain::Credence;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::estimate::{Estimate, estimate};
use cruxboard_domain::record::{CredenceRule, CruxId};
use cruxboard_domain::snapshot::reading::OutsideReading;
use cruxboard_domain::t;

use self::own::Mine;
use self::picture::SaveHistory;
use self::preview::{PreviewedTriggers, put_preview};
use super::sensitivity::Sensitivity;
use crate::component::{HistoryChart, Scale, live, outside_dot};
use crate::page::{dots, points, read_crux, scale_ends};
use cruxboard_session::Session;
use leptos::prelude::*;

pub(in crate::page) use self::people::People;
pub(in crate::page) use self::pins::pins;

/// Everybody's credence on one scale, the reader's own as a control, and the history.
#[component]
pub(super) fn CredencePanel(session: Session, id: CruxId) -> impl IntoView {
    let draft = RwSignal::new(None::<Credence>);
    let views = Memo::new(move |_| {
        let now = session.now.get().millis;
        session.read([RecordRef::Crux(id), RecordRef::Board], |board| {
            board.current_views(id, now)
        })
    });
    // While the thumb is held, the reader's view is at its position, without being stored.
    let previewed = Memo::new(move |_| {
        let mut all = views.get();
        if let (Some(credence), Some(me)) = (draft.get(), session.me.get()) {
            put_preview(&mut all, id, me, credence, session.now.get().millis);
        }
        all
    });
    let outside = Memo::new(move |_| {
        session.read(RecordRef::Crux(id), |board| OutsideReading::on(board, id))
    });
    let shown_dots = Signal::derive(move || {
        let me = session.me.get();
        let mut all = previewed.with(|views| {
            session.read_untracked(|board| dots(board, views, me, session.now.get()))
        });
        outside.with(|outside| all.extend(outside.iter().map(outside_dot)));
        all
    });
    let shown_estimate = Memo::new(move |_| {
        let with_stale = session.with_stale.get();
        previewed.with(|views| {
            session.read(RecordRef::Board, |board| estimate(board, views, with_stale))
        })
    });
    let before = Signal::derive(move || {
        let with_stale = session.with_stale.get();
        views.with(|views| {
            session.read(RecordRef::Board, |board| estimate(board, views, with_stale))
        })
    });
    let ends = Signal::derive(move || {
        read_crux(session, id, |board, crux| scale_ends(board, crux)).unwrap_or_default()
    });
    let rules = Signal::derive(move || {
        read_crux(session, id, |board, _| board.credence_rules(id)).unwrap_or_default()
    });
    let history = Signal::derive(move || {
        let now = session.now.get_untracked();
        session.read(RecordRef::Crux(id), |board| points(board, id, now))
    });
    view! {
        <section class="panel credences" aria-labelledby="credence-title">
            <h2 id="credence-title">{t!("How likely")}</h2>
            <Scale dots=shown_dots estimate=shown_estimate ends rules is_large=true />
            {live(move || outside.with(|outside| legend(outside)))}
            <Figures estimate=shown_estimate.into() before rules />
            <Sensitivity session views=previewed.into() />
            <PreviewedTriggers session id now=shown_estimate.into() before draft />
            <Mine session id draft views=views.into() />
            <People session id views=views.into() />
            <h3>{t!("History")}</h3>
            <HistoryChart points=history pins=pins(session, id) now=session.now />
            <SaveHistory session id points=history />
        </section>
    }
}

/// Names the people outside the board whose credences are on the scale.
fn legend(outside: &[OutsideReading]) -> Option<AnyView> {
    let names = outside.iter().map(|one| {
        t!(
            "{initials} is {name}, {credence}",
            initials = one.initials,
            name = one.name,
            credence = one.credence.shown()
        )
    });
    let names = names.collect::<Vec<_>>().join("; ");
    let text = t!(
        "Squares are people outside the board, who do not count in the figures: {names}.",
        names
    );
    (!outside.is_empty()).then(|| view! { <p class="soft">{text}</p> }.into_any())
}

#[component]
fn Figures(
    estimate: Signal<Option<Estimate>>,
    before: Signal<Option<Estimate>>,
    rules: Signal<Vec<CredenceRule>>,
) -> impl IntoView {
    let figures = move || {
        let Some(now) = estimate.get() else {
            return view! { <p class="soft">{t!("Nobody has stated a credence yet.")}</p> }
                .into_any();
        };
        let rules = rules.get();
        let before = before
            .get()
            .filter(|before| before.aggregate != now.aggregate);
        let was = before.map(|before| before.aggregate_beside(Some(now), &rules));
        let aggregate = now.aggregate_beside(before, &rules);
        let figures = now.figures(&rules);
        view! {
            <dl class="figures-line">
                <div>
                    <dt>{t!("Aggregate of {people}", people = figures.people)}</dt>
                    <dd translate="no"><b>{aggregate}</b> " " {was.map(|was| view! { <span class="soft">{t!("was {aggregate}", aggregate = was)}</span> })}</dd>
                </div>
                <div><dt>{t!("Median")}</dt><dd translate="no">{figures.median}</dd></div>
                <div><dt>{t!("Spread")}</dt><dd translate="no">{figures.spread}</dd></div>
                <div><dt>{t!("In words")}</dt><dd>{format!("{}, {}", now.aggregate.odds(), now.aggregate.word())}</dd></div>
            </dl>
        }
        .into_any()
    };
    view! { {live(figures)} }
}
