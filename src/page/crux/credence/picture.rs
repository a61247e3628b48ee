//! The history of a crux as a picture for slides and reports.

use cruxboard_domain::Credence;
use cruxboard_domain::date::Now;
use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::record::{CruxId, PersonId};
use cruxboard_domain::snapshot::chart::{Caption, CredenceLine, HistoryPicture};
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;

use crate::component::Point;
use crate::page::read_crux;
use crate::page::save_chart::{SaveChart, chart_source};

/// The buttons that save the chart of a history, once there is one.
#[component]
pub(super) fn SaveHistory(
    session: Session,
    id: CruxId,
    points: Signal<Vec<Point>>,
) -> impl IntoView {
    let chart = Callback::new(move |()| {
        let name = read_crux(session, id, |_, crux| crux.name().into_owned())?;
        let caption = Caption {
            title: t!("How likely: “{name}”", name),
            note: t!(
                "Everybody’s credences, each until the next; the thick line is the aggregate."
            )
            .to_owned(),
            source: chart_source(session),
        };
        let points = points.get_untracked();
        Some(picture(caption, &points, session.now.get_untracked()).to_svg())
    });
    view! {
        <Show when=move || points.with(|points| points.len() > 1)>
            <SaveChart session kind=ExportKind::History chart />
        </Show>
    }
}

fn picture(caption: Caption, points: &[Point], now: Now) -> HistoryPicture {
    let mut lines: Vec<(PersonId, CredenceLine)> = Vec::new();
    for point in points {
        let step = (point.at, Credence::clamped(point.percent));
        match lines.iter_mut().find(|(person, _)| *person == point.person) {
            Some((_, line)) => line.steps.push(step),
            None => lines.push((
                point.person,
                CredenceLine {
                    name: point.name.clone(),
                    colour: point.colour,
                    steps: vec![step],
                },
            )),
        }
    }
    let aggregate = points.iter().skip_while(|point| !point.has_majority);
    let is_alone = lines.len() < 2;
    HistoryPicture {
        caption,
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        // Of a single person it would be their own line again.
        aggregate: aggregate
            .filter(|_| !is_alone)
            .map(|point| (point.at, point.aggregate))
            .collect(),
        now,
    }
}
