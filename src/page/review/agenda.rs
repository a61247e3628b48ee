//! The agenda of a review: cruxes to tick, with the minutes that each gets.

use cruxboard_domain::agenda::suggest_agenda;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::record::{AgendaItem, CruxId, Review, ReviewEdit, ReviewId, Stage};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

use super::{FIRST_MINUTES, moment_before};
use crate::component::{Check, TextField, live};
use crate::page::href;
use crate::route::Screen;
use cruxboard_session::Session;

/// All cruxes that can be discussed, with those on the agenda ticked. A plain list once the review is closed.
#[component]
pub(super) fn Agenda(
    session: Session,
    id: ReviewId,
    meeting: Signal<Review>,
    set: Callback<ReviewEdit>,
) -> impl IntoView {
    let ticked = Memo::new(move |_| {
        meeting.with(|meeting| {
            meeting
                .agenda
                .iter()
                .map(|item| item.crux)
                .collect::<Vec<_>>()
        })
    });
    let is_open = Memo::new(move |_| meeting.with(|meeting| meeting.closed().is_none()));
    let offered = Memo::new(move |_| {
        session.read(RecordRef::Board, |board| {
            let cruxes = board.cruxes().into_iter();
            let open = cruxes.filter(|crux| crux.stage() == Stage::Open);
            open.map(|crux| crux.id).collect::<Vec<_>>()
        })
    });
    // Rows keep their positions while cruxes are ticked, so that none moves under the pointer.
    let order = Memo::new(move |before: Option<&Vec<CruxId>>| {
        let before = before.map(Vec::as_slice).unwrap_or_default();
        match is_open.get() {
            true => arranged(before, &ticked.get(), &offered.get()),
            false => ticked.get(),
        }
    });
    let changes = Changes::to(meeting, set, order);
    let total = move || {
        let (cruxes, minutes) = meeting.with(|meeting| {
            let minutes = meeting.agenda.iter().map(|item| usize::from(item.minutes));
            (meeting.agenda.len(), minutes.sum())
        });
        let cruxes = tn!(cruxes, "{count} crux", "{count} cruxes");
        let minutes = tn!(minutes, "{count} minute", "{count} minutes");
        t!("{cruxes}, {minutes} in all.", cruxes, minutes)
    };
    let row = move |crux| view! { <Row session id crux=CruxId(crux) meeting changes /> }.into_any();
    view! {
        <Show when=move || is_open.get()>
            <p class="actions">
                <button class="quiet" on:click=move |_| changes.all.run(true)>{t!("Tick all")}</button>
                <button class="quiet" on:click=move |_| changes.all.run(false)>{t!("Untick all")}</button>
            </p>
        </Show>
        <ol class="agenda" aria-label=t!("Agenda")>
            <For each=move || order.get() key=|crux| crux.0 let(crux)>{row(crux.0)}</For>
        </ol>
        <p class="soft" role="status">{live(total)}</p>
    }
}

fn new_item(crux: CruxId) -> AgendaItem {
    AgendaItem {
        crux,
        minutes: FIRST_MINUTES,
    }
}

/// Returns the order of the rows: the previous one if it agrees with the agenda, otherwise the agenda first
/// and then the previous order. New cruxes come last.
fn arranged(before: &[CruxId], agenda: &[CruxId], offered: &[CruxId]) -> Vec<CruxId> {
    let is_there = |crux: &CruxId| agenda.contains(crux) || offered.contains(crux);
    let mut order: Vec<CruxId> = before.iter().copied().filter(is_there).collect();
    let ticked = order.iter().filter(|crux| agenda.contains(crux));
    if !ticked.eq(agenda) {
        order.retain(|crux| !agenda.contains(crux));
        order.splice(0..0, agenda.iter().copied());
    }
    let new: Vec<_> = offered
        .iter()
        .filter(|crux| !order.contains(crux))
        .collect();
    order.extend(new);
    order
}

/// The callbacks that change the agenda.
#[derive(Clone, Copy)]
struct Changes {
    /// Ticks or unticks all.
    all: Callback<bool>,
    tick: Callback<(CruxId, bool)>,
    minutes: Callback<(CruxId, u16)>,
    /// Moves a crux by a number of positions: −1 is one up.
    move_by: Callback<(CruxId, isize)>,
}

impl Changes {
    fn to(meeting: Signal<Review>, set: Callback<ReviewEdit>, order: Memo<Vec<CruxId>>) -> Self {
        let put = move |agenda: Vec<AgendaItem>| {
            set.run(ReviewEdit {
                agenda: Some(agenda),
                ..ReviewEdit::default()
            });
        };
        let tick = Callback::new(move |(crux, is_on): (CruxId, bool)| {
            let mut agenda = meeting.get_untracked().agenda;
            agenda.retain(|item| item.crux != crux);
            if is_on {
                agenda.push(new_item(crux));
            }
            let order = order.get_untracked();
            agenda.sort_by_key(|item| order.iter().position(|crux| *crux == item.crux));
            put(agenda);
        });
        let all = Callback::new(move |is_on: bool| {
            if !is_on {
                return put(Vec::new());
            }
            let mut agenda = meeting.get_untracked().agenda;
            let order = order.get_untracked();
            let is_missing = |crux: &&CruxId| !agenda.iter().any(|item| item.crux == **crux);
            let missing: Vec<_> = order
                .iter()
                .filter(is_missing)
                .copied()
                .map(new_item)
                .collect();
            agenda.extend(missing);
            agenda.sort_by_key(|item| order.iter().position(|crux| *crux == item.crux));
            put(agenda);
        });
        let minutes = Callback::new(move |(crux, minutes): (CruxId, u16)| {
            let mut agenda = meeting.get_untracked().agenda;
            for item in agenda.iter_mut().filter(|item| item.crux == crux) {
                item.minutes = minutes;
            }
            put(agenda);
        });
        let move_by = Callback::new(move |(crux, places): (CruxId, isize)| {
            let mut agenda = meeting.get_untracked().agenda;
            if let Some(at) = agenda.iter().position(|item| item.crux == crux) {
                let to = at.saturating_add_signed(places).min(agenda.len() - 1);
                agenda.swap(at, to);
                put(agenda);
            }
        });
        Self {
            all,
            tick,
            minutes,
            move_by,
        }
    }
}

#[component]
fn Row(
    session: Session,
    id: ReviewId,
    crux: CruxId,
    meeting: Signal<Review>,
    changes: Changes,
) -> impl IntoView {
    let is_open = Memo::new(move |_| meeting.with(|meeting| meeting.closed().is_none()));
    let item = Memo::new(move |_| {
        let found = meeting.with(|meeting| {
            let mut agenda = meeting.agenda.iter();
            agenda.find(|item| item.crux == crux).copied()
        });
        found.map(|item| item.minutes)
    });
    let is_ticked = Memo::new(move |_| item.get().is_some());
    // Only for open reviews: the minutes of a closed one say what it was about, and the present reasons do
    // not apply to it.
    let why = move || {
        session.track(RecordRef::Board);
        let viewpoint = session.viewpoint();
        let since = moment_before(session, id);
        let suggested = session.read_untracked(|board| suggest_agenda(board, since, viewpoint));
        let own = suggested.into_iter().find(|it| it.crux == crux)?;
        let reasons: Vec<_> = own.reasons.iter().map(|reason| reason.label()).collect();
        Some(view! { <span class="why soft">{reasons.join(", ")}</span> })
    };
    let why = move || is_open.get().then(why).flatten();
    let name = session.read_untracked(|board| {
        board.crux(crux).map_or_else(
            || t!("Deleted crux").into(),
            |crux| crux.name().into_owned(),
        )
    });
    let minutes = Signal::derive(move || item.get().unwrap_or_default().to_string());
    let on_minutes = Callback::new(move |text: String| {
        changes
            .minutes
            .run((crux, text.trim().parse().unwrap_or_default()));
    });
    let on_tick = Callback::new(move |is_on| changes.tick.run((crux, is_on)));
    let named = name.clone();
    let buttons = move || {
        let button = |words: &'static str, places: isize| {
            let label = format!("{words}: {named}");
            let press = move |_| changes.move_by.run((crux, places));
            view! { <button class="quiet" aria-label=label on:click=press>{words}</button> }
        };
        (button(t!("Up"), -1), button(t!("Down"), 1))
    };
    let label = t!("Minutes for {name}", name);
    let fields = move || {
        let check = Some(no_minutes as fn(&str) -> Option<String>);
        let label = label.clone();
        is_ticked.get().then(|| view! {
            <span class="minutes-field"><TextField label kind="number" value=minutes on_commit=on_minutes check /> {t!("min")}</span>
            <span class="actions">{buttons()}</span>
        })
    };
    let tick_name = name.clone();
    let fallback = move || {
        view! {
            <span class="what"><a href=href(session, Screen::Walk(id, crux))>{name.clone()}</a></span>
            <span>{live(move || t!("{minutes} min", minutes = minutes.get()))}</span>
        }
    };
    view! {
        <li class="agenda-item">
            <Show when=move || is_open.get() fallback>
                <span class="what">
                    <Check label=tick_name.clone() value=is_ticked on_commit=on_tick />
                    {live(why)}
                </span>
                {live(fields.clone())}
            </Show>
        </li>
    }
}

/// The most minutes for a crux: eight hours.
const MOST_MINUTES: u16 = 480;

/// Returns the error of a text for minutes; `None` if it is valid.
fn no_minutes(text: &str) -> Option<String> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let words = match text.parse::<u16>() {
        _ if text.is_empty() => return None,
        Ok(minutes) if minutes <= MOST_MINUTES => return None,
        _ if is_number => t!("Not taken: at most 480 minutes."),
        _ => t!("Not taken: minutes are a whole number, such as 10."),
    };
    Some(words.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use cruxboard_domain::id::Replica;
    use cruxboard_domain::{ChangeId, Millis};

    #[test]
    fn minutes_are_a_whole_number_or_nothing() {
        for text in ["", "0", "10", "480"] {
            assert_eq!(no_minutes(text), None, "{text}");
        }
        for text in ["-1", "-5", "1.5", "2.5", "ten"] {
            assert!(no_minutes(text).is_some_and(|why| why.contains("whole number")));
        }
        for text in ["481", "65535", "99999"] {
            assert!(no_minutes(text).is_some_and(|why| why.contains("at most 480")));
        }
    }

    #[test]
    fn ticking_moves_no_row_and_a_new_order_of_the_agenda_does() {
        let [a, b, c, d] =
            [1, 2, 3, 4].map(|n| CruxId(ChangeId::new(Millis(n), 0, Replica::default())));
        let offered = [a, b, c];
        let first = arranged(&[], &[b], &offered);
        assert_eq!(first, [b, a, c], "the agenda stands first");
        assert_eq!(arranged(&first, &[b, c], &offered), first);
        assert_eq!(arranged(&first, &[c, b], &offered), [c, b, a]);
        assert_eq!(arranged(&first, &[], &offered), first);
        assert_eq!(arranged(&first, &[b], &[a, b, c, d]), [b, a, c, d]);
        assert_eq!(arranged(&first, &[b], &[a]), [b, a]);
    }
}
