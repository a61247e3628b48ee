//! The timeline: by-dates, reviews, the revisit date and follow-ups on an axis of time.

use chrono::NaiveDate;
use cruxboard_domain::board::Board;
use cruxboard_domain::date::{month_or_year, relative, spelled};
use cruxboard_domain::due::{Due, DueKind, Subject};
use cruxboard_domain::format::short;
use cruxboard_domain::record::Mark;
use cruxboard_domain::t;
use cruxboard_domain::timeline::{Timeline, TimelineMark, timeline};
use cruxboard_domain::trigger_state::TriggerState;
use cruxboard_domain::view::Filter;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::component::{StateGlyph, key_of, live};
use crate::page::{Services, href, mark_of};
use crate::route::Screen;
use cruxboard_session::Session;

/// The least distance between marks, as a fraction of the axis: 24 pixels on a phone.
const LEAST_GAP: f64 = 0.075;

/// Maximum number of dates of one mark that are listed separately.
const MOST_TOLD: usize = 5;

/// The timeline, in one line. One Tab reaches the marks, and the arrow keys move between them.
#[component]
pub(super) fn TimelineStrip(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let today = Memo::new(move |_| session.now.get().today());
    let events = Memo::new(move |_| session.find(|_, found| found.events()));
    let line = Memo::new(move |_| {
        events.track();
        let today = today.get();
        session.find_untracked(|_, found| timeline(found.due(), today, LEAST_GAP))
    });
    let current = RwSignal::new(0_usize);
    let step = move |event: KeyboardEvent| {
        let count = line.with_untracked(|line| line.as_ref().map_or(0, |line| line.marks.len()));
        let at = current.get_untracked();
        let next = match key_of(&event).as_str() {
            "ArrowRight" => (at + 1).min(count.saturating_sub(1)),
            "ArrowLeft" => at.saturating_sub(1),
            "Home" => 0,
            "End" => count.saturating_sub(1),
            _ => return,
        };
        event.prevent_default();
        current.set(next);
        services.navigation.focus.run(mark_id(next));
    };
    let strip = move || {
        let line = line.get()?;
        let today = today.get_untracked();
        current.update_untracked(|at| *at = (*at).min(line.marks.len().saturating_sub(1)));
        let marks = line.marks.iter().enumerate();
        let marks = marks.map(|(number, mark)| view_mark(session, number, mark, today, current));
        let marks = marks.collect_view();
        Some(view! {
            <div class="timeline" role="group" aria-label=t!("What is coming") on:keydown=step>
                {scale(&line, today)}
                <ul>{marks}</ul>
            </div>
        })
    };
    live(strip)
}

fn mark_id(number: usize) -> String {
    format!("coming-{number}")
}

fn percent(place: f64) -> String {
    format!("{:.2}%", place * 100.0)
}

/// Draws today and the first days of months or years.
fn scale(line: &Timeline, today: NaiveDate) -> AnyView {
    let far = |(_, place): &&(NaiveDate, f64)| place - line.today > 0.08;
    let ticks = line.ticks.iter().filter(far).map(|(day, place)| {
        view! { <span class="tick" style:left=percent(*place)>{month_or_year(*day)}</span> }
    });
    view! {
        <div class="scale-line" aria-hidden="true">
            <span class="today" style:left=percent(line.today) title=t!("Today, {day}", day = spelled(today))>{t!("today")}</span>
            {ticks.collect_view()}
        </div>
    }
    .into_any()
}

fn view_mark(
    session: Session,
    number: usize,
    mark: &TimelineMark,
    today: NaiveDate,
    current: RwSignal<usize>,
) -> AnyView {
    let told = session.read_untracked(|board| {
        let told = mark.items.iter().take(MOST_TOLD);
        told.map(|item| told_item(board, item, today))
            .collect::<Vec<_>>()
    });
    let more = mark.items.len().saturating_sub(MOST_TOLD);
    let lines = told
        .into_iter()
        .map(|line| view! { <span class="line">{line}</span> });
    let lines = lines.collect_view();
    let face = match &mark.items[..] {
        [only] => {
            let of_option = session.read_untracked(|board| option_of(board, only));
            match of_option {
                Some(mark) => view! { <StateGlyph mark state=TriggerState::Armed /> }.into_any(),
                None => view! { <i class=shape(only.kind)></i> }.into_any(),
            }
        }
        several => view! { <b>{several.len()}</b> }.into_any(),
    };
    view! {
        <li style:left=percent(mark.place) class:past=mark.is_past>
            <a
                id=mark_id(number)
                href=href(session, place_of(&mark.items))
                tabindex=move || if current.get() == number { "0" } else { "-1" }
                on:focus=move |_| current.set(number)
            >
                <span class="face" aria-hidden="true">{face}</span>
                <span class="tip" style:transform=format!("translateX(-{})", percent(mark.place))>
                    {lines}
                    {(more > 0).then(|| view! { <span class="line">{t!("and {count} more", count = more)}</span> })}
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// Describes an item: "15 Jan 2027, in 7 weeks: Crux to review, Coercive by default".
fn told_item(board: &Board, item: &Due, today: NaiveDate) -> String {
    let when = item.date.map_or(String::new(), |day| {
        format!("{}, {}: ", spelled(day), relative(day, today))
    });
    let what = match item.subject {
        Subject::FollowUp(id) => board.follow_up(id).map(|it| it.what.clone()),
        Subject::Board | Subject::Decision(_) => None,
        Subject::Trigger(_) | Subject::Crux(_) | Subject::Statement(_) => {
            let crux = item.crux.and_then(|crux| board.crux(crux));
            crux.map(|crux| crux.name().into_owned())
        }
    };
    let what = what.map_or(String::new(), |what| format!(", {}", short(&what, 60)));
    format!("{when}{}{what}", item.kind.label())
}

/// Returns the kind of option that a trigger supports; `None` for items other than triggers.
fn option_of(board: &Board, item: &Due) -> Option<Mark> {
    match item.subject {
        Subject::Trigger(id) => board
            .trigger(id)
            .map(|trigger| mark_of(board, trigger.toward)),
        _ => None,
    }
}

/// Returns the class for the shape of an item other than a trigger.
const fn shape(kind: DueKind) -> &'static str {
    match kind {
        DueKind::Decision => "square",
        DueKind::Owed | DueKind::Awaited => "flag",
        _ => "circle",
    }
}

/// Returns the target of a mark: the screen of its item, or the list of due items.
fn place_of(items: &[Due]) -> Screen {
    let place = |item: &Due| match (item.subject, item.crux) {
        (Subject::FollowUp(_), _) => Screen::FollowUps(Filter::default()),
        (Subject::Decision(_), _) => Screen::Decisions,
        (Subject::Board, _) => Screen::Reviews,
        (_, Some(crux)) => Screen::Crux(crux),
        (_, None) => Screen::Due,
    };
    let first = items.first().map_or(Screen::Due, place);
    if items.iter().all(|item| place(item) == first) {
        first
    } else {
        Screen::Due
    }
}
