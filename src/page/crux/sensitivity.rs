use cruxboard_domain::Credence;
use cruxboard_domain::board::{Board, CurrentView, RecordRef};
use cruxboard_domain::estimate::estimate;
use cruxboard_domain::percent::rounded_apart;
use cruxboard_domain::pooling::{Without, dominating, leaving_each_out};
use cruxboard_domain::record::{Extremising, Pooling, Weighting};
use cruxboard_domain::t;
use cruxboard_domain::translation::number;
use leptos::prelude::*;

use crate::component::live;
use crate::page::person_name;
use cruxboard_session::Session;

/// The rule of pooling, the aggregate without each person, and whether one certainty dominates it.
#[component]
pub(super) fn Sensitivity(session: Session, views: Signal<Vec<CurrentView>>) -> impl IntoView {
    let read = move || {
        let with_stale = session.with_stale.get();
        views.with(|views| {
            session.read(RecordRef::Board, |board| {
                let pool = board.pool();
                let all = estimate(board, views, with_stale)?.aggregate;
                let warning = dominating(pool, views, with_stale)
                    .map(|without| dominance_words(board, all, without));
                let without = leaving_each_out(pool, views, with_stale);
                Some((
                    rule_words(board, with_stale),
                    warning,
                    without_words(board, all, &without),
                ))
            })
        })
    };
    let told = move || {
        let (rule, warning, without) = read()?;
        Some(view! {
            {warning.map(|words| view! { <p class="late" role="status">{words}</p> })}
            <details class="sensitivity soft">
                <summary>{t!("How the aggregate is made")}</summary>
                <p>{rule}</p>
                {without.map(|words| view! { <p>{words}</p> })}
            </details>
        })
    };
    live(told)
}

/// Describes the board's rule of pooling in a sentence.
fn rule_words(board: &Board, with_stale: bool) -> String {
    let info = board.info();
    let pooling = match info.pooling.unwrap_or(Pooling::GeometricOdds) {
        Pooling::GeometricOdds => t!("Geometric mean of the odds"),
        Pooling::Median => t!("Median"),
        Pooling::Mean => t!("Mean"),
        Pooling::TrimmedMean => t!("Mean without a fifth at each end"),
    };
    let whose = if with_stale {
        t!("everybody’s latest credence")
    } else {
        t!("the latest credences that are not outdated")
    };
    let weighting = match info.weighting {
        Some(Weighting::ByAge) => {
            t!(
                "; a credence that is {days} days older weighs half",
                days = info.stale_days()
            )
        }
        _ => String::new(),
    };
    let extremising = match info.extremising.map(Extremising::factor) {
        Some(factor) => t!(
            "; extremised: the log-odds are multiplied by {factor}, as if people knew different things",
            factor = number(factor)
        ),
        None => String::new(),
    };
    t!(
        "{pooling} of {credences}{weighting}{extremising}. Credence triggers use the same.",
        pooling,
        credences = whose,
        weighting,
        extremising
    )
}

fn dominance_words(board: &Board, all: Credence, without: Without) -> String {
    let who = person_name(board, without.person);
    let (all, others) = rounded_apart(all, without.aggregate, &[]);
    t!(
        "{who}’s certainty dominates the aggregate: {all} with it, {others} without.",
        who,
        all,
        others
    )
}

/// Describes the aggregate without each person; `None` below two people.
fn without_words(board: &Board, all: Credence, without: &[Without]) -> Option<String> {
    if without.is_empty() {
        return None;
    }
    let told = without.iter().map(|one| {
        let others = rounded_apart(one.aggregate, all, &[]).0;
        format!("{} {others}", person_name(board, one.person))
    });
    Some(t!(
        "Without one person it would be: {figures}.",
        figures = told.collect::<Vec<_>>().join(", ")
    ))
}
