//! The dialog for a question that is answered before a file is read or imported.

use cruxboard_domain::t;
use leptos::html::Dialog;

use leptos::prelude::*;

use crate::component::live;
use cruxboard_session::{Question, QuestionChoice, Session};

/// Shows the question with a button for each choice, and one that cancels, which has the keyboard at first.
#[component]
pub fn QuestionDialog(session: Session) -> impl IntoView {
    let question = session.notices.question;
    let dialog = NodeRef::<Dialog>::new();
    Effect::new(move |_| {
        let (Some(dialog), true) = (dialog.get(), question.with(Option::is_some)) else {
            return;
        };
        if !dialog.open() {
            // `show_modal` fails only if the element is not in the page.
            drop(dialog.show_modal());
        }
    });
    let close = move || {
        question.set(None);
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let on_close = move |_| {
        // By now, the answer may have led to another question.
        if dialog.get_untracked().is_none_or(|dialog| !dialog.open()) {
            question.set(None);
        }
    };
    let title = move || question.with(|asked| asked.as_ref().map(|asked| asked.title.clone()));
    let body = move || {
        let Question { words, choices, .. } = question.get()?;
        let words = words.into_iter().map(|words| view! { <p>{words}</p> });
        let choices = choices.into_iter().map(|choice| {
            let QuestionChoice {
                label,
                sample,
                take,
            } = choice;
            let sample = (!sample.is_empty()).then(
                || view! { <span class="soft" translate="no">{t!("“{text}”", text = sample)}</span> },
            );
            let choose = move |_| {
                close();
                take();
            };
            view! { <p><button on:click=choose>{label}</button> " " {sample}</p> }
        });
        Some(view! { {words.collect_view()} {choices.collect_view()} })
    };
    view! {
        <dialog class="keys" node_ref=dialog aria-labelledby="question-title" on:close=on_close>
            <h2 id="question-title">{live(title)}</h2>
            {live(body)}
            <form method="dialog" class="actions"><button class="primary" autofocus>{t!("Leave it")}</button></form>
        </dialog>
    }
}
