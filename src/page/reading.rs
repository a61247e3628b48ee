//! The reading list: messages of discussions, whose sentences become evidence and cruxes.

mod paste;

use self::paste::PasteIn;
use cruxboard_domain::t;
use cruxboard_domain::tn;
use std::collections::BTreeMap;

use cruxboard_domain::ChangeId;
use cruxboard_domain::VagueDate;
use cruxboard_domain::board::{Board, RecordRef};
use cruxboard_domain::change::Edited;
use cruxboard_domain::decide::Command;
use cruxboard_domain::import::discussion::sentences;
use cruxboard_domain::record::{
    CruxEdit, EvidenceEdit, Message, MessageEdit, MessageId, Origin, Visibility,
};
use leptos::prelude::*;

use super::Services;
use crate::component::{Check, Choice, ExternalLink, live};
use crate::route::{Route, Screen};
use cruxboard_session::Session;

/// Approximate number of characters that are rendered before "more", since each sentence is a button.
const DRAWN_AT_ONCE: usize = 60_000;

const EVIDENCE: &str = "evidence";
const CRUX: &str = "crux";

/// The evidence or crux made of a sentence, by the sentence.
type Filed = BTreeMap<String, Screen>;

/// The screen of the reading list.
#[component]
pub fn ReadingPage(session: Session) -> impl IntoView {
    let makes = RwSignal::new(EVIDENCE.to_owned());
    let with_read = RwSignal::new(false);
    let filed = Memo::new(move |_| session.read_all(filed));
    let pages = Memo::new(move |_| {
        let with_read = with_read.get();
        session.read(RecordRef::Reading, |board| pages(board, with_read))
    });
    let counts = move || {
        session.read(RecordRef::Reading, |board| {
            let (all, read) = board.messages().fold((0, 0), |(all, read), message| {
                (all + 1, read + usize::from(message.is_read))
            });
            match all {
                0 => String::new(),
                all => tn!(
                    all,
                    "{count} message, {read} read",
                    "{count} messages, {read} read",
                    read
                ),
            }
        })
    };
    let options = vec![
        (EVIDENCE.to_owned(), t!("Evidence").to_owned()),
        (CRUX.to_owned(), t!("A crux").to_owned()),
    ];
    let names = Memo::new(move |_| {
        pages.with(|pages| pages.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
    });
    view! {
        <div class="page narrow reading-page">
            <div class="panel-head">
                <h1>{t!("Reading list")}</h1>
                <span class="soft" role="status">{live(counts)}</span>
            </div>
            <p class="soft">{t!("Discussions from elsewhere, message by message. Click a sentence to save it with author, date and link.")}</p>
            <PasteIn session />
            <Show when=move || { session.read(RecordRef::Reading, |board| board.messages().next().is_some()) }>
                <div class="toolbar flush">
                    <Choice
                        label=t!("A click on a sentence makes")
                        options=Signal::stored(options.clone())
                        value=Signal::derive(move || makes.get())
                        on_commit=Callback::new(move |key| makes.set(key))
                        none=""
                    />
                    <Check
                        label=t!("Show read messages")
                        value=Signal::derive(move || with_read.get())
                        on_commit=Callback::new(move |shown| with_read.set(shown))
                    />
                </div>
                <Show when=move || names.with(Vec::is_empty)>
                    <p class="empty">{t!("All messages are read.")}</p>
                </Show>
            </Show>
            <For each=move || names.get() key=|id| *id let(first)>{view_page(session, first, pages, filed, makes)}</For>
        </div>
    }
}

/// The pages, each with its first message, its name and its messages.
type Pages = Vec<(ChangeId, String, Vec<ChangeId>)>;

fn pages(board: &Board, with_read: bool) -> Pages {
    let mut pages: Pages = Vec::new();
    for message in board
        .messages()
        .filter(|message| with_read || !message.is_read)
    {
        match pages.iter_mut().find(|(_, name, _)| *name == message.page) {
            Some((.., messages)) => messages.push(message.id.0),
            None => pages.push((message.id.0, message.page.clone(), vec![message.id.0])),
        }
    }
    pages
}

fn filed(board: &Board) -> Filed {
    let mut filed = Filed::new();
    for crux in board.cruxes() {
        filed.insert(crux.claim.clone(), Screen::Crux(crux.id));
    }
    for evidence in board.all_evidence() {
        filed.insert(evidence.quote.clone(), Screen::EvidenceItem(evidence.id));
    }
    filed
}

fn view_page(
    session: Session,
    first: ChangeId,
    pages: Memo<Pages>,
    filed: Memo<Filed>,
    makes: RwSignal<String>,
) -> AnyView {
    let of_this = move |pages: &Pages| pages.iter().find(|(id, ..)| *id == first).cloned();
    let all = Memo::new(move |_| {
        pages.with(|pages| of_this(pages).map(|(.., ids)| ids).unwrap_or_default())
    });
    let drawn = RwSignal::new(DRAWN_AT_ONCE);
    let ids = Memo::new(move |_| {
        let mut left = drawn.get();
        let mut ids = all.get();
        session.read_untracked(|board| {
            ids.retain(|id| {
                let is_drawn = left > 0;
                let message = board.message(MessageId(*id));
                // A short message has buttons too, which count as 200 characters.
                left = left.saturating_sub(message.map_or(0, |message| message.text.len() + 200));
                is_drawn
            });
        });
        ids
    });
    let rest = Memo::new(move |_| all.with(Vec::len) - ids.with(Vec::len));
    let more = move |_| drawn.update(|drawn| *drawn += DRAWN_AT_ONCE);
    let name = pages.with_untracked(|pages| of_this(pages).map(|(_, name, _)| name));
    let name = name.filter(|name| !name.is_empty());
    view! {
        <section class="discussion">
            <h2>{name.unwrap_or_else(|| t!("Untitled discussion").into())}</h2>
            <For each=move || ids.get() key=|id| *id let(id)>{view_message(session, MessageId(id), filed, makes)}</For>
            <Show when=move || { rest.get() > 0 }>
                <p class="actions"><button on:click=more>{live(move || {
                    let rest = rest.get();
                    tn!(rest, "Show more: {count} message below", "Show more: {count} messages below")
                })}</button></p>
            </Show>
        </section>
    }
    .into_any()
}

fn view_message(
    session: Session,
    id: MessageId,
    filed: Memo<Filed>,
    makes: RwSignal<String>,
) -> AnyView {
    let message = Memo::new(move |_| {
        session
            .read(RecordRef::Reading, |board| {
                board.message(id).map(|message| Message::clone(message))
            })
            .unwrap_or_default()
    });
    // A memo of the text alone, so that the clicked sentence is not rendered again and keeps the keyboard.
    let text = Memo::new(move |_| message.with(|message| message.text.clone()));
    let head = move || {
        message.with(|message| {
            let author = match message.author.as_str() {
                "" => t!("Author unknown").to_owned(),
                author => author.to_owned(),
            };
            let date = match message.date {
                VagueDate::Unknown => t!("date unknown").to_owned(),
                date => date.spelled(),
            };
            let url = (!message.url.is_empty())
                .then(|| view! { " · " <ExternalLink url=message.url.clone() /> });
            view! { <b>{author}</b> <span class="soft">" · " {date} {url}</span> }
        })
    };
    let is_read = move || message.with(|message| message.is_read);
    let toggle = move |_| {
        session.dispatch(Command::EditMessage(Edited {
            of: id,
            set: MessageEdit {
                is_read: Some(!message.with_untracked(|message| message.is_read)),
                ..MessageEdit::default()
            },
            reason: String::new(),
        }));
    };
    let trash = move |_| {
        session.dispatch(Command::Trash(id.0));
    };
    let paragraphs = move || {
        text.with(|text| {
            let lines = text.lines().map(|line| {
                let is_quote = line.starts_with('>');
                let parts = sentences(line).into_iter().map(|sentence| {
                    view_sentence(session, message, sentence.to_owned(), filed, makes)
                });
                view! { <p class:is-quote=is_quote>{parts.collect_view()}</p> }
            });
            lines.collect_view()
        })
    };
    view! {
        <article class="message" class:is-read=is_read>
            <header>
                <p>{live(head)}</p>
                <p class="message-actions">
                    <button class="quiet" on:click=toggle>{live(move || if is_read() { t!("Mark as unread") } else { t!("Mark as read") })}</button>
                    <button class="quiet" on:click=trash>{t!("Remove")}</button>
                </p>
            </header>
            <div class="message-text">{live(paragraphs)}</div>
        </article>
    }
    .into_any()
}

fn view_sentence(
    session: Session,
    message: Memo<Message>,
    sentence: String,
    filed: Memo<Filed>,
    makes: RwSignal<String>,
) -> AnyView {
    let services = Services::from_context();
    let sentence = sentence.trim_start_matches(['>', ' ']).to_owned();
    let wanted = sentence.clone();
    let gone = Memo::new(move |_| filed.with(|filed| filed.get(&wanted).cloned()));
    let mark = move || match gone.get() {
        Some(Screen::Crux(_)) => Some("crux"),
        Some(_) => Some("evidence"),
        None => None,
    };
    let words = sentence.clone();
    let click = move |_| {
        if let Some(screen) = gone.get_untracked() {
            if let Some(board) = session.open.get_untracked() {
                services
                    .navigation
                    .go
                    .run((Route::Board(board, screen), false));
            }
            return;
        }
        let command = message.with_untracked(|message| {
            if makes.with_untracked(|makes| makes == CRUX) {
                crux_of(message, &words)
            } else {
                evidence_of(message, &words)
            }
        });
        session.dispatch(command);
    };
    view! { <button class="sentence" data-filed=mark on:click=click>{sentence}</button> " " }
        .into_any()
}

/// Returns the command that saves a sentence as evidence. Without an address that shows where it was said,
/// the item is internal.
fn evidence_of(message: &Message, sentence: &str) -> Command {
    Command::FileEvidence {
        evidence: EvidenceEdit {
            quote: Some(sentence.to_owned()),
            source: Some(message.author.clone()),
            message: Some(message.page.clone()),
            url: Some(message.url.clone()),
            source_date: Some(message.date),
            origin: Some(Some(Origin::Sourced)),
            visibility: message.url.is_empty().then_some(Some(Visibility::Internal)),
            ..EvidenceEdit::default()
        },
        bears_on: Vec::new(),
        moves: Vec::new(),
    }
}

fn crux_of(message: &Message, sentence: &str) -> Command {
    Command::AddCrux {
        crux: CruxEdit {
            claim: Some(sentence.to_owned()),
            origin: Some(Some(Origin::Sourced)),
            sourced_from: Some(message.author.clone()),
            ..CruxEdit::default()
        },
        triggers: Vec::new(),
    }
}
