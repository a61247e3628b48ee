//! The list of due items, each with the actions that clear it.

mod clearing;

use std::collections::BTreeMap;

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::calendar::calendar;
use cruxboard_domain::due::{Due, DueKind, DuePart, Subject, Who};
use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::format::{decision_headline, trigger_words};
use cruxboard_domain::t;
use cruxboard_domain::text::without_full_stop;
use leptos::prelude::*;

use self::clearing::actions;
use super::{Services, export_name_of, href, kept_choice, person_name, short, today};
use crate::component::{Choice, DateText, Section, live};
use crate::route::Screen;
use cruxboard_session::Session;
use cruxboard_session::ports::FileSort;

/// Number of cards that a section shows before "more".
const BATCH: usize = 40;

/// Returns the name and the title of a part of the list.
fn name_and_title(part: DuePart) -> (&'static str, &'static str) {
    match part {
        DuePart::Now => ("now", t!("Now")),
        DuePart::Soon => ("soon", t!("Within 30 days")),
        DuePart::Later => ("later", t!("Later")),
        DuePart::Advice => ("advice", t!("Evidence on one side only")),
    }
}

/// The due items of the open board, by date, for everybody or one person.
#[component]
pub fn DuePage(session: Session) -> impl IntoView {
    let all = Memo::new(move |_| session.find(|_, found| found.due().cloned().collect::<Vec<_>>()));
    let whose = kept_choice(session, "due-whose", String::new());
    let people =
        Signal::derive(move || all.with(|all| session.read_untracked(|board| whom(board, all))));
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
            let link = format!(
                "{}{}",
                (services.device.app_address)(),
                href(session, Screen::Due)
            );
            let text = session.read_untracked(|board| calendar(id, board, now, &link));
            services.files.save.run((
                export_name_of(session, ExportKind::Calendar),
                FileSort::Calendar,
                text,
            ));
        }
    };
    let parts = DuePart::ALL.map(|part| view! { <PartOfDue session shown=shown.into() part /> });
    view! {
        <div class="page narrow">
            <div class="panel-head">
                <h1>{t!("Due")}</h1>
                <span class="actions">
                    <button on:click=save title=t!("Reviews, by-dates and days to decide again; taken in again, entries are updated")>{t!("Calendar file")}</button>
                    <a class="button" href=href(session, Screen::Since(None, None))>{t!("What changed since…")}</a>
                </span>
            </div>
            <div class="whose">
                <Choice label=t!("whom" => "For") options=people value=whose on_commit=Callback::new(move |key| whose.set(key)) none=t!("everybody") />
            </div>
            <Show when=move || shown.with(Vec::is_empty)>
                <p class="empty">{t!("Nothing is due: no trigger is near, met or overdue, no follow-up is open, and no credence is outdated.")}</p>
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
        Who::Anybody => t!("Unassigned").into(),
    }
}

/// Returns the key and name of everybody with due items, with their number.
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
fn PartOfDue(session: Session, shown: Signal<Vec<Due>>, part: DuePart) -> impl IntoView {
    let (name, title) = name_and_title(part);
    let services = Services::from_context();
    let items = Memo::new(move |_| {
        let today = session.now.get().today();
        shown.with(|shown| {
            let items = shown.iter().filter(|item| item.part(today) == part);
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
    let is_open = RwSignal::new(
        services
            .device
            .remembered
            .run(name)
            .unwrap_or(!matches!(part, DuePart::Later | DuePart::Advice)),
    );
    let on_toggle = Callback::new(move |open| {
        is_open.set(open);
        services.device.remember.run((name, open));
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
        view! { <Card session own=own.into() part=name next=Callback::new(move |()| after(id)) /> }
            .into_any()
    };
    view! {
        <Show when=move || items.with(|items| !items.is_empty())>
            <div class="panel">
                <Section title note is_open on_toggle>
                    <For each=move || ids.get() key=|id| *id let(id)>{card(id)}</For>
                    <Show when=move || { ids.with(Vec::len) >= limit.get() }>
                        <button on:click=move |_| limit.update(|limit| *limit += 100)>{t!("Show more")}</button>
                    </Show>
                </Section>
            </div>
        </Show>
    }
}

/// The card of a record with its due items: reason, person, date, and the actions that clear them.
#[component]
fn Card(
    session: Session,
    own: Signal<Vec<Due>>,
    /// The section of the page that the card is in.
    part: &'static str,
    /// Returns the record of the next card, or of the previous one for the last card.
    next: Callback<(), Option<ChangeId>>,
) -> impl IntoView {
    let Some(first) = own.get_untracked().into_iter().next() else {
        return ().into_any();
    };
    let heading = move || session.read_untracked(|board| headline(board, session, &first_of(own)));
    let reasons = move || {
        let items = own.get().into_iter().map(|item| {
            let who = session.read_untracked(|board| name_of(board, &item.who));
            // The judge of a trigger is not somebody on whose behalf a decision is made.
            let role = match (item.subject, &item.who) {
                (Subject::Trigger(_), Who::Person(_) | Who::Named(_)) => t!("judge: {who}", who),
                (_, Who::Anybody) => t!("for nobody yet").to_owned(),
                _ => t!("for {who}", who),
            };
            let asks = match (item.kind, item.subject) {
                (DueKind::MetAction, Subject::Trigger(id)) => session.read_untracked(|board| {
                    board.trigger(id).map(|trigger| {
                        t!(
                            "Asks for: {action}.",
                            action = without_full_stop(trigger.call())
                        )
                    })
                }),
                _ => None,
            };
            let late = item.is_overdue(today(session).get());
            view! {
                <li>
                    <span class="badge" class:late=late>{item.kind.label()}</span>
                    " "
                    {item.date.map(|day| view! { <DateText day today=today(session) /> " " })}
                    {asks.map(|asks| view! { {asks} " " })}
                    <span class="soft">{role}</span>
                </li>
            }
        });
        items.collect_view()
    };
    view! {
        <article class="due-item" id=place_of(part, id_of(first.subject)) tabindex="-1">
            {live(heading)}
            <ul>{live(reasons)}</ul>
            <div class="trigger-actions">{actions(session, &first, part, next)}</div>
        </article>
    }
    .into_any()
}

/// Returns the element id of an item, since a record can be in several sections of the page.
fn place_of(part: &str, id: ChangeId) -> String {
    format!("due-{part}-{id}")
}

fn first_of(own: Signal<Vec<Due>>) -> Option<Due> {
    own.with(|own| own.first().cloned())
}

fn headline(board: &Board, session: Session, item: &Option<Due>) -> Option<AnyView> {
    let item = item.as_ref()?;
    let text = match item.subject {
        Subject::Board => t!("The board as a whole").to_owned(),
        Subject::Trigger(id) => trigger_words(board, board.trigger(id)?, session.viewpoint()),
        Subject::Crux(id) => board.crux(id)?.claim.clone(),
        Subject::Statement(id) => {
            let said = board.statement(id)?;
            let person = person_name(board, said.person);
            t!(
                "{person} said {credence}",
                person,
                credence = said.credence.shown()
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
