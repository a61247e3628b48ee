//! Changes as people read them: who did what when, field by field.

use crate::prelude::*;
use cruxboard_domain::Stamp;
use cruxboard_domain::board::Board;
use cruxboard_domain::change::{Change, Fact};
use cruxboard_domain::date::spelled;
use cruxboard_domain::decide::Command;
use cruxboard_domain::telling::in_words;
use cruxboard_domain::undo::describe;

use crate::component::{Show, live};
use serde_json::Value;

use super::person_name;
use crate::session::Session;

/// How many changes are shown before one asks for more.
const BATCH: usize = 30;

/// One change, in words.
#[derive(Clone, PartialEq)]
struct Line {
    id: Stamp,
    what: String,
    who: String,
    when: String,
    counts: bool,
    /// Whether it has a content that can be erased.
    can_erase: bool,
    fields: Vec<(String, String)>,
}

/// A list of changes, latest first, as `changes` has them.
#[component]
pub(super) fn ChangeList(session: Session, changes: Signal<Vec<Stamp>>) -> impl IntoView {
    let limit = RwSignal::new(BATCH);
    let lines = move || {
        session.follow_all();
        let ids = changes.get();
        session.with(|board| {
            let shown = ids.iter().take(limit.get());
            let lines = shown
                .filter_map(|id| board.log().change(*id))
                .map(|change| line(board, change));
            lines.map(|line| view_line(session, line)).collect_view()
        })
    };
    view! {
        <ol class="changes">{live(lines)}</ol>
        <Show when=move || { changes.with(Vec::len) > limit.get() }>
            <button on:click=move |_| limit.update(|limit| *limit += 200)>"Show earlier changes"</button>
        </Show>
    }
}

fn line(board: &Board, change: &Change) -> Line {
    // Through text, as it is stored anyway: a second way to serialise would weigh as much again.
    let mut change_value: Value = serde_json::from_str(&change.to_json()).unwrap_or_default();
    let body = change_value
        .get_mut("fact")
        .map(Value::take)
        .unwrap_or_default();
    let mut fields = Vec::new();
    if let Value::Object(kinds) = body {
        for content in kinds.into_values() {
            flatten(board, "", content, &mut fields);
        }
    }
    let minutes = change.id.millis() / 60_000 % 1_440;
    Line {
        id: change.id,
        can_erase: !change.fact.is_about_changes() && change.fact != Fact::Blank,
        what: describe([change]),
        who: change
            .by
            .map_or_else(|| "somebody".into(), |by| person_name(board, by)),
        when: format!(
            "{} {:02}:{:02} UTC",
            spelled(change.id.day()),
            minutes / 60,
            minutes % 60
        ),
        counts: board.log().counts(change.id),
        fields,
    }
}

/// Every field that a change sets, with its value as text; ids are put in words.
fn flatten(board: &Board, name: &str, value: Value, fields: &mut Vec<(String, String)>) {
    match value {
        Value::Object(inner) if name.is_empty() || name == "set" => {
            for (name, value) in inner {
                flatten(board, &name, value, fields);
            }
        }
        value => fields.push((name.replace('_', " "), in_words(board, &value))),
    }
}

fn view_line(session: Session, line: Line) -> AnyView {
    let id = line.id;
    let erase = line.can_erase.then(|| {
        view! {
            <details class="erase">
                <summary>"Erase…"</summary>
                <p>"Its content is blanked for good: here, in every copy that this board is merged with, and in every file made from now on. This cannot be undone. Copies already handed out keep it; a Cruxboard server keeps it aside for a week, given out to nobody, in case it was erased by somebody who should not have."</p>
                <button class="danger" on:click=move |_| { session.dispatch(Command::Redact(vec![id])); }>"Erase it for good"</button>
            </details>
        }
    });
    let fields = line.fields.into_iter().map(|(name, value)| {
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    });
    view! {
        <li class:retracted=!line.counts>
            <p>
                <b>{line.what}</b> " " <span class="soft">{line.who} ", " {line.when}</span>
                {(!line.counts).then(|| view! { <span class="badge">"undone"</span> })}
            </p>
            <dl>{fields.collect_view()}</dl>
            {erase}
        </li>
    }
    .into_any()
}
