//! The form for pasting a page or a discussion.

use crate::component::{DraftBanner, TextField, live};
use cruxboard_domain::ChangeId;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::decide::Command;
use cruxboard_domain::format::short;
use cruxboard_domain::import::csv::RowOutcome;
use cruxboard_domain::import::discussion::{DiscussionError, Pasted, ReadingPlan, plan, read};
use cruxboard_domain::t;
use cruxboard_domain::tn;
use cruxboard_session::Session;
use cruxboard_session::ports::Exchange;
use leptos::prelude::*;

/// Maximum number of messages in the preview.
pub(super) const SHOWN: usize = 200;

/// A pasted page, as a draft. Cheap to copy.
#[derive(Clone, Copy)]
struct PastedPage {
    text: RwSignal<String>,
    /// The HTML that the browser copied beside the text; it has links and times.
    markup: RwSignal<String>,
    address: RwSignal<String>,
}

impl PastedPage {
    fn draft(session: Session) -> Self {
        let draft =
            |field, is_written| session.draft(field, ChangeId::MIN, String::new(), is_written);
        Self {
            text: draft("pasted-text", |text: &String| !text.is_empty()),
            markup: draft("pasted-markup", |_| false),
            address: draft("pasted-address", |_| false),
        }
    }

    fn clear(self) {
        for part in [self.text, self.markup, self.address] {
            part.set(String::new());
        }
    }
}

/// The field for a pasted page, with a preview of the import.
#[component]
pub(super) fn PasteIn(session: Session) -> impl IntoView {
    let exchange = Exchange::from_context();
    let pasted = PastedPage::draft(session);
    let PastedPage {
        text,
        markup,
        address,
    } = pasted;
    let is_kept = text.with_untracked(|text| !text.is_empty());
    let was_pasted = StoredValue::new(false);
    let page = Memo::new(move |_| {
        let today = session.now.get().today();
        let address = address.get();
        let of_markup = markup.with(|markup| read(markup, &address, today));
        of_markup.or_else(|_| text.with(|text| read(text, &address, today)))
    });
    let planned = Memo::new_with_compare(
        move |_| {
            page.with(|page| match page {
                Ok(page) => session.read(RecordRef::Reading, |board| plan(board, page)),
                Err(_) => ReadingPlan::default(),
            })
        },
        |_, _| true,
    );
    let on_paste = move |event: leptos::ev::ClipboardEvent| {
        let is_first = text.with_untracked(String::is_empty);
        let found = (exchange.pasted_markup)(&event).filter(|_| is_first);
        markup.set(found.unwrap_or_default());
        if let Some(plain) = exchange.long_paste(&event).filter(|_| is_first) {
            event.prevent_default();
            text.set(plain);
        } else {
            was_pasted.set_value(true);
        }
    };
    let on_input = move |written: String| {
        // The first input event after a paste is that of the paste. After any other one, only the typed text
        // counts.
        let is_of_paste = was_pasted.get_value();
        was_pasted.set_value(false);
        if !is_of_paste {
            markup.set(String::new());
        }
        text.set(written);
    };
    let problem = move || {
        page.with(|page| match page {
            Err(DiscussionError::Empty) | Ok(_) => None,
            Err(problem) => Some(problem.to_string()),
        })
    };
    view! {
        <section class="panel forms" aria-labelledby="paste-title">
            <h2 id="paste-title">{t!("Paste a discussion")}</h2>
            <DraftBanner is_kept on_discard=Callback::new(move |()| pasted.clear()) />
            <div class="field wide">
                <label for="pasted">{t!("A page, copied as a whole: a thread, comments, a chat")}</label>
                <textarea
                    id="pasted"
                    aria-invalid=move || problem().is_some().then_some("true")
                    aria-describedby="pasted-problem"
                    rows="4"
                    spellcheck="false"
                    prop:value=text
                    on:paste=on_paste
                    on:input:target=move |event| on_input(event.target().value())
                ></textarea>
            </div>
            <TextField
                label=t!("Address of the page")
                placeholder="https://…"
                hint=t!("Needed for links to a place on the page.")
                value=Signal::derive(move || address.get())
                on_commit=Callback::new(move |typed| address.set(typed))
            />
            <p id="pasted-problem" class="problem" role="alert">{live(problem)}</p>
            <Show when=move || page.with(Result::is_ok)>
                <Preview session pasted page planned />
            </Show>
        </section>
    }
}

/// The messages of the page, and the button that imports them.
#[component]
fn Preview(
    session: Session,
    pasted: PastedPage,
    page: Memo<Result<Pasted, DiscussionError>>,
    planned: Memo<ReadingPlan>,
) -> impl IntoView {
    let take_in = move |_| {
        let changes = planned.with_untracked(|plan| plan.changes.clone());
        if session.dispatch(Command::TakeIn(changes)) {
            pasted.clear();
        }
    };
    view! {
        <p role="status">{live(move || planned.with(summary))}</p>
        <ol class="reading-list plan">{live(move || page.with(|page| planned.with(|plan| rows(page, plan))))}</ol>
        <p class="actions">
            <button
                class="primary"
                aria-disabled=move || planned.with(|plan| plan.changes.is_empty()).to_string()
                on:click=take_in
            >
                {t!("Add to the list")}
            </button>
            <button on:click=move |_| session.discard_draft(|| pasted.clear(), || ())>{t!("Clear")}</button>
        </p>
    }
}

pub(super) fn summary(plan: &ReadingPlan) -> String {
    let (added, changed, skipped) = plan.counts();
    let added = tn!(added, "{count} message", "{count} messages");
    let skipped = tn!(
        skipped,
        "{count} that is in the list already",
        "{count} that are in the list already"
    );
    match changed {
        0 => t!(
            "It would add {added}, and pass over {skipped}.",
            added,
            skipped
        ),
        _ => t!(
            "It would add {added}, lengthen {changed}, and pass over {skipped}.",
            added,
            changed,
            skipped
        ),
    }
}

pub(super) fn rows(page: &Result<Pasted, DiscussionError>, plan: &ReadingPlan) -> Vec<AnyView> {
    let posts = page.iter().flat_map(|page| &page.messages);
    let rows = posts
        .zip(&plan.row_outcomes)
        .take(SHOWN)
        .map(|(post, row_outcome)| {
            let (class, row_outcome) = match row_outcome {
                RowOutcome::Added(_) => ("", t!("new").to_owned()),
                RowOutcome::Changed(_) => ("", t!("longer than before").to_owned()),
                RowOutcome::Skipped(_) => ("soft", t!("known").to_owned()),
                RowOutcome::Held(why) => ("problem", t!("held back: {why}", why)),
            };
            let author = if post.author.is_empty() {
                "?"
            } else {
                &post.author
            };
            let text = format!("{author}, {}: {}", post.date, short(&post.text, 100));
            view! { <li class=class>{text} " " <span class="badge">{row_outcome}</span></li> }
                .into_any()
        });
    let mut rows: Vec<AnyView> = rows.collect();
    let more = plan.row_outcomes.len().saturating_sub(SHOWN);
    if more > 0 {
        let text = tn!(
            more,
            "And {count} more message.",
            "And {count} more messages."
        );
        rows.push(view! { <li class="soft">{text}</li> }.into_any());
    }
    rows
}
