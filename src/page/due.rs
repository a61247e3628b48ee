//! Everything that waits, with what clears it in place.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::calendar::calendar;
use cruxboard_domain::decide::CommandError;
use cruxboard_domain::due::{Clearing, Due, DueKind, Subject, Who, due};
use cruxboard_domain::format::{decision_headline, trigger_words};
use cruxboard_domain::record::{CruxId, Direction, TriggerId};
use leptos::prelude::*;

use super::crux::Judge;
use super::{FileSort, Services, href, person_name, short, today};
use crate::component::{
    Choice, DateField, DateText, DraftBanner, FieldErrors, Later, Section, TextField, live,
};
use crate::route::Screen;
use crate::session::Session;

/// How many cards a part shows before one asks for more.
const BATCH: usize = 40;

/// A part of the list: its title, and whether something belongs to it on a day.
type Part = (&'static str, &'static str, fn(&Due, NaiveDate) -> bool);

const PARTS: [Part; 3] = [
    ("now", "Now", |item, today| item.is_due(today)),
    ("soon", "Within 30 days", |item, today| {
        !item.is_due(today) && item.is_due(in_30_days(today))
    }),
    ("later", "Later", |item, today| {
        !item.is_due(in_30_days(today))
    }),
];

fn in_30_days(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(30)).unwrap_or(today)
}

/// Everything that waits on the open board, by date, for everybody or for one.
#[component]
pub fn DuePage(session: Session) -> impl IntoView {
    let all = Memo::new(move |_| {
        session.follow_all();
        let viewpoint = session.viewpoint();
        session.with(|board| due(board, viewpoint))
    });
    let whose = RwSignal::new(String::new());
    let people = Signal::derive(move || all.with(|all| session.with(|board| whom(board, all))));
    let shown = Memo::new(move |_| {
        let whose = whose.get();
        all.with(|all| {
            let wanted = |item: &&Due| whose.is_empty() || key_of(&item.who) == whose;
            all.iter().filter(wanted).cloned().collect::<Vec<_>>()
        })
    });
    let services = Services::from_context();
    let save = move |_| {
        if let Some(id) = session.open.get_untracked() {
            let now = session.now.get_untracked();
            let text = session.with(|board| calendar(id, board, now));
            services
                .save
                .run(("cruxboard".to_owned(), FileSort::Calendar, text));
        }
    };
    let parts = PARTS.map(|part| view! { <DuePart session shown=shown.into() part /> });
    view! {
        <div class="page narrow">
            <div class="panel-head">
                <h1>"Due"</h1>
                <span class="actions">
                    <button on:click=save title="Reviews, by-dates and days to decide again; taken in again, entries are updated">"Calendar file"</button>
                    <a class="button" href=href(session, Screen::Since(None, None))>"What changed since…"</a>
                </span>
            </div>
            <div class="whose">
                <Choice label="For" options=people value=whose on_commit=Callback::new(move |key| whose.set(key)) none="everybody" />
            </div>
            <Show when=move || shown.with(Vec::is_empty)>
                <p class="empty">"Nothing is due: no trigger is near, met or overdue, no follow-up is open, and no credence is outdated."</p>
            </Show>
            {parts.collect_view()}
        </div>
    }
}

fn key_of(who: &Who) -> String {
    match who {
        Who::Person(id) => id.to_string(),
        Who::Named(name) => format!("={name}"),
        Who::Anybody => "-".into(),
    }
}

fn name_of(board: &Board, who: &Who) -> String {
    match who {
        Who::Person(id) => person_name(board, *id),
        Who::Named(name) => name.clone(),
        Who::Anybody => "Unassigned".into(),
    }
}

/// Key and name of everybody for whom something waits, with how much.
fn whom(board: &Board, all: &[Due]) -> Vec<(String, String)> {
    let mut counts: BTreeMap<&Who, usize> = BTreeMap::new();
    for item in all {
        *counts.entry(&item.who).or_default() += 1;
    }
    let label =
        |(who, count): (&Who, usize)| (key_of(who), format!("{} ({count})", name_of(board, who)));
    counts.into_iter().map(label).collect()
}

fn id_of(subject: Subject) -> ChangeId {
    match subject {
        Subject::Board => ChangeId::MIN,
        Subject::Trigger(id) => id.0,
        Subject::Crux(id) => id.0,
        Subject::Statement(id) => id.0,
        Subject::FollowUp(id) => id.0,
        Subject::Decision(id) => id.0,
    }
}

#[component]
fn DuePart(session: Session, shown: Signal<Vec<Due>>, part: Part) -> impl IntoView {
    let (name, title, belongs) = part;
    let services = Services::from_context();
    let items = Memo::new(move |_| {
        let today = session.now.get().today();
        shown.with(|shown| {
            let items = shown.iter().filter(|item| belongs(item, today));
            items.cloned().collect::<Vec<_>>()
        })
    });
    let limit = RwSignal::new(BATCH);
    let ids = Memo::new(move |_| {
        items.with(|items| {
            let mut ids: Vec<ChangeId> = Vec::new();
            for id in items.iter().map(|item| id_of(item.subject)) {
                if ids.len() < limit.get() && !ids.contains(&id) {
                    ids.push(id);
                }
            }
            ids
        })
    });
    let is_open = RwSignal::new(services.remembered.run(name).unwrap_or(name != "later"));
    let on_toggle = Callback::new(move |open| {
        is_open.set(open);
        services.remember.run((name, open));
    });
    let note = Signal::derive(move || items.with(|items| items.len().to_string()));
    let after = move |id: ChangeId| {
        ids.with_untracked(|ids| {
            let at = ids.iter().position(|other| *other == id)?;
            let next = ids.get(at + 1);
            next.or_else(|| ids.get(at.checked_sub(1)?)).copied()
        })
    };
    let card = move |id: ChangeId| {
        let own = Memo::new(move |_| {
            items.with(|items| {
                let own = items.iter().filter(|item| id_of(item.subject) == id);
                own.cloned().collect::<Vec<_>>()
            })
        });
        view! { <Card session own=own.into() next=Callback::new(move |()| after(id)) /> }.into_any()
    };
    view! {
        <Show when=move || items.with(|items| !items.is_empty())>
            <div class="panel">
                <Section title note is_open on_toggle>
                    <For each=move || ids.get() key=|id| *id let(id)>{card(id)}</For>
                    <Show when=move || { ids.with(Vec::len) >= limit.get() }>
                        <button on:click=move |_| limit.update(|limit| *limit += 100)>"Show more"</button>
                    </Show>
                </Section>
            </div>
        </Show>
    }
}

/// What waits of one record: why, for whom, since when, and what clears it.
#[component]
fn Card(
    session: Session,
    own: Signal<Vec<Due>>,
    /// What stands after it, or before where it is the last.
    next: Callback<(), Option<ChangeId>>,
) -> impl IntoView {
    let Some(first) = own.get_untracked().into_iter().next() else {
        return ().into_any();
    };
    let heading = move || session.with(|board| headline(board, session, &first_of(own)));
    let reasons = move || {
        let items = own.get().into_iter().map(|item| {
            let who = session.with(|board| name_of(board, &item.who));
            let late = item.date.is_some() && item.is_due(today(session).get());
            view! {
                <li>
                    <span class="badge" class:late=late>{item.kind.label()}</span>
                    " "
                    {item.date.map(|day| view! { <DateText day today=today(session) /> " " })}
                    <span class="soft">"for " {who}</span>
                </li>
            }
        });
        items.collect_view()
    };
    view! {
        <article class="due-item" id=place_of(id_of(first.subject)) tabindex="-1">
            {live(heading)}
            <ul>{live(reasons)}</ul>
            <div class="trigger-actions">{actions(session, &first, next)}</div>
        </article>
    }
    .into_any()
}

/// Where the keyboard finds an item.
fn place_of(id: ChangeId) -> String {
    format!("due-{id}")
}

fn first_of(own: Signal<Vec<Due>>) -> Option<Due> {
    own.with(|own| own.first().cloned())
}

fn headline(board: &Board, session: Session, item: &Option<Due>) -> Option<AnyView> {
    let item = item.as_ref()?;
    let text = match item.subject {
        Subject::Board => "The board as a whole".to_owned(),
        Subject::Trigger(id) => trigger_words(board, board.trigger(id)?, session.viewpoint()),
        Subject::Crux(id) => board.crux(id)?.claim.clone(),
        Subject::Statement(id) => {
            let said = board.statement(id)?;
            format!(
                "{} said {}",
                person_name(board, said.person),
                said.credence.shown()
            )
        }
        Subject::FollowUp(id) => board.follow_up(id)?.what.clone(),
        Subject::Decision(id) => decision_headline(board, board.decision(id)?),
    };
    let crux = item.crux.and_then(|crux| board.crux(crux));
    let link = crux.map(|crux| {
        view! { <a href=href(session, Screen::Crux(crux.id))>{crux.name().into_owned()}</a> }
    });
    Some(
        view! {
            <h3>{link}</h3>
            <p class="observable">{short(&text, 400).into_owned()}</p>
        }
        .into_any(),
    )
}

/// What clears it. Other things about the same record are cleared by the same.
fn actions(session: Session, item: &Due, next: Callback<(), Option<ChangeId>>) -> AnyView {
    let (services, later) = (Services::from_context(), Later::from_context());
    let clear = {
        let item = item.clone();
        Callback::new(move |clearing: Clearing| {
            let next = next.run(());
            match session.with(|board| item.command(board, clearing)) {
                Ok(command) => {
                    if session.dispatch(command) {
                        void_reason(session, id_of(item.subject)).set(String::new());
                        // The button goes with its item: the keyboard goes on with what comes next.
                        let place = next.map_or_else(|| "main".to_owned(), place_of);
                        later.run(0, move || services.focus_if_lost.run(place));
                    }
                }
                Err(refusal) => session.notices.refuse(&refusal),
            }
        })
    };
    let about = id_of(item.subject);
    let void = move || view! { <VoidForm session about clear /> };
    match (item.subject, item.crux, item.kind) {
        (Subject::Trigger(id), Some(crux), kind) => trigger_actions(session, crux, id, kind, clear),
        (Subject::FollowUp(_), ..) => view! {
            <button on:click=move |_| clear.run(Clearing::Done)>"Done"</button>
            {void()}
        }
        .into_any(),
        (Subject::Statement(id), crux, _) => {
            let said = session.with(|board| board.statement(id).map(|said| said.person));
            let is_mine = move || said.is_some() && session.me.get() == said;
            view! {
                <Show
                    when=is_mine
                    fallback=move || crux.map(|crux| view! {
                        <a href=href(session, Screen::Crux(crux))>"Ask them, or update it on its crux"</a>
                    })
                >
                    <button on:click=move |_| clear.run(Clearing::Reaffirm)>"Confirm unchanged"</button>
                </Show>
            }
            .into_any()
        }
        (Subject::Decision(_), ..) => view! {
            <a class="button primary" href=href(session, Screen::Decide(None))>"Decide again"</a>
        }
        .into_any(),
        (Subject::Crux(crux), _, DueKind::OneSided) => {
            let missing = match session.with(|board| board.evidence_balance(crux)) {
                (0, _) => Direction::For,
                _ => Direction::Against,
            };
            let form = Screen::NewEvidenceOn(crux, missing);
            view! { <a class="button" href=href(session, form)>"+ Evidence on the other side"</a> }
                .into_any()
        }
        _ => again(clear),
    }
}

fn trigger_actions(
    session: Session,
    crux: CruxId,
    id: TriggerId,
    kind: DueKind,
    clear: Callback<Clearing>,
) -> AnyView {
    let is_event = session.with(|board| board.trigger(id).is_some_and(|t| t.rule.is_none()));
    let decide = (kind == DueKind::Met).then(|| {
        view! { <a class="button primary" href=href(session, Screen::Decide(Some(id)))>"Decide"</a> }
    });
    view! {
        {decide}
        {(kind == DueKind::TriggerReview).then(|| again(clear))}
        {is_event.then(|| view! { <Judge session crux id /> })}
        <VoidForm session about=id.0 clear />
    }
    .into_any()
}

/// A day to look at something again, or never.
fn again(clear: Callback<Clearing>) -> AnyView {
    let put = Callback::new(move |day| clear.run(Clearing::Again(day)));
    view! {
        <DateField label="Remind again on" value=Signal::stored(None) on_commit=put />
        <button on:click=move |_| clear.run(Clearing::Again(None))>"Stop reminding"</button>
    }
    .into_any()
}

/// Why something has become meaningless, while that is being written.
fn void_reason(session: Session, about: ChangeId) -> RwSignal<String> {
    session.draft("void", about, String::new(), |reason: &String| {
        !reason.is_empty()
    })
}

/// Says that something has become meaningless, and why.
#[component]
fn VoidForm(session: Session, about: ChangeId, clear: Callback<Clearing>) -> impl IntoView {
    let reason = void_reason(session, about);
    let is_kept = reason.with_untracked(|reason| !reason.is_empty());
    let is_open = RwSignal::new(is_kept);
    let discard = Callback::new(move |()| reason.set(String::new()));
    let errors = FieldErrors::provide();
    let void = move |_| {
        let text = reason.get_untracked();
        if text.trim().is_empty() {
            let refusal = CommandError::Empty("reason");
            session.notices.refuse(&refusal);
            errors.refuse("reason", refusal.to_string());
        } else {
            clear.run(Clearing::Void(text));
        }
    };
    view! {
        <Section title="Dismiss" is_open on_toggle=Callback::new(move |open| is_open.set(open))>
            <DraftBanner is_kept on_discard=discard />
            <TextField label="Reason for dismissing" name="reason" value=reason on_commit=Callback::new(move |text| reason.set(text)) />
            <p class="actions">
                <button on:click=void>"Dismiss"</button>
            </p>
        </Section>
    }
}
