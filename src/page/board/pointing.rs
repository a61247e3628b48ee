//! The bar of where the cruxes point: each crux counts once, for the option it points to.

use cruxboard_domain::Credence;
use cruxboard_domain::pointing::{Pointing, PointingCount, Pull};
use cruxboard_domain::record::Mark;
use cruxboard_domain::t;
use cruxboard_domain::text::joined;
use cruxboard_domain::translation::translated;
use cruxboard_domain::view::{Facet, Filter, Sort};
use leptos::prelude::*;

use crate::component::{MarkGlyph, live, mark_class};
use crate::page::{href, mark_of};
use crate::route::Screen;
use cruxboard_session::Session;

/// One part of the bar.
#[derive(Clone, PartialEq)]
struct Part {
    name: String,
    mark: Option<Mark>,
    /// The value of the filter that shows its cruxes.
    value: String,
    count: usize,
    /// The strengths with which they point there; empty if they point to no option.
    pulls: Vec<(Pull, usize)>,
}

impl Part {
    /// Describes the strengths: "1 settled, 2 strongly".
    fn pull_words(&self) -> String {
        let pulls = self.pulls.iter().filter(|(_, count)| *count > 0);
        let words = pulls.map(|(pull, count)| format!("{count} {}", pull.label()));
        words.collect::<Vec<_>>().join(", ")
    }
}

fn parts(session: Session, pointing: &PointingCount) -> Vec<Part> {
    let options = pointing.options.iter().filter(|one| one.total() > 0);
    let to_options = options.map(|one| {
        let (name, mark) = session.read_untracked(|board| {
            let name = board.option(one.option).map(|option| option.name.clone());
            (name.unwrap_or_default(), mark_of(board, Some(one.option)))
        });
        Part {
            name,
            mark: Some(mark),
            value: one.option.to_string(),
            count: one.total(),
            pulls: Pull::ALL
                .iter()
                .map(|pull| (*pull, one.of(*pull)))
                .collect(),
        }
    });
    let others = [
        (
            pointing.either,
            translated(Credence::IN_BETWEEN),
            Pointing::Either,
        ),
        (
            pointing.unstated,
            t!("without credences"),
            Pointing::Unstated,
        ),
        (pointing.nowhere, t!("to no option"), Pointing::Nowhere),
    ];
    let others = others.into_iter().filter(|(count, ..)| *count > 0);
    let others = others.map(|(count, name, pointing)| Part {
        name: name.to_owned(),
        mark: None,
        value: pointing.filter_value(),
        count,
        pulls: Vec::new(),
    });
    to_options.chain(others).collect()
}

/// A bar with one part for each direction, as wide as its number of cruxes. A part links to its cruxes.
#[component]
pub(super) fn PointingBar(session: Session, pointing: Signal<PointingCount>) -> impl IntoView {
    let parts = Memo::new(move |_| pointing.with(|pointing| parts(session, pointing)));
    let bar = move || {
        let parts = parts.get();
        (!parts.is_empty()).then(|| {
            let parts = parts.into_iter().map(|part| view_part(session, part));
            view! {
                <ul class="pointing" aria-label=t!("Where the cruxes point")>{parts.collect_view()}</ul>
            }
        })
    };
    live(bar)
}

fn view_part(session: Session, part: Part) -> AnyView {
    let mut filter = Filter::default();
    filter.toggle(Facet::PointsTo, &part.value);
    let href = href(session, Screen::Cruxes(filter, Sort::Own));
    let words = part.pull_words();
    let colour = part.mark.map_or("none", mark_class);
    let pieces = part.pulls.iter().filter(|(_, count)| *count > 0);
    let pieces = pieces.map(|(pull, count)| {
        view! { <i class=pull.key() style:flex-grow=count.to_string()></i> }
    });
    let said = joined(&[part.name.clone(), words.clone()], ": ");
    view! {
        <li style:flex-grow=part.count.to_string()>
            <a href=href title=t!("{count} {name}. Show them.", count = part.count, name = said)>
                <span class=format!("strip {colour}")>{pieces.collect_view()}</span>
                {part.mark.map(|mark| view! { <MarkGlyph mark /> })}
                <b>{part.count}</b> " " {part.name}
                {(!words.is_empty()).then(|| view! { <span class="pulls soft">" " {words}</span> })}
            </a>
        </li>
    }
    .into_any()
}
