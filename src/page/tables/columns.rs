//! The columns of an imported table, and their meanings.

use super::super::word_choices;
use super::{CREDENCES, EVIDENCE, Table};
use crate::component::{Check, Choice, live};
use cruxboard_domain::import::csv::{DayOrder, Layout, Meaning, Plan, Scale, Undated, may_be_wide};
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;

/// The kind of table, and the meaning of each column.
#[component]
pub(super) fn ColumnChoices(session: Session, table: Table) -> impl IntoView {
    let sorts = vec![
        (
            CREDENCES.to_owned(),
            t!("Credences or questions").to_owned(),
        ),
        (EVIDENCE.to_owned(), t!("Evidence").to_owned()),
    ];
    let is_evidence = table.is_evidence;
    let sort = move || {
        if is_evidence.get() {
            EVIDENCE
        } else {
            CREDENCES
        }
        .to_owned()
    };
    let choose_sort = Callback::new(move |key: String| table.guess_again(session, key == EVIDENCE));
    let has_headings = Signal::derive(move || table.read(|sheet| sheet.has_headings));
    let choose_headings =
        Callback::new(move |has_headings| table.read_headings(session, has_headings));
    let layout = move || Some(table.reading.with(|reading| reading.layout).key());
    let choose_layout = move |key: &str| {
        if let Some(layout) = Layout::from_key(key) {
            table.reading.update(|reading| reading.layout = layout);
        }
    };
    let meanings = move || {
        let meanings = if is_evidence.get() {
            Meaning::OF_EVIDENCE
        } else {
            Meaning::OF_CREDENCES
        };
        let columns = meanings.iter().map(|meaning| column(*meaning, table));
        columns.collect_view()
    };
    view! {
        <Choice
            label=t!("Content")
            options=Signal::stored(sorts)
            value=Signal::derive(sort)
            on_commit=choose_sort
            none=""
        />
        <Check label=t!("The first row is a header") value=has_headings on_commit=choose_headings />
        <Show when=move || !is_evidence.get()>
            {word_choice(t!("Layout"), word_choices!(Layout), "", layout, choose_layout)}
        </Show>
        <h3>{t!("Columns")}</h3>
        <div class="fields columns">{live(meanings)}</div>
        <p class="soft">{live(move || left_out(table))}</p>
    }
}

/// Renders the choice of a word of a vocabulary, by its key.
fn word_choice(
    label: &'static str,
    words: Vec<(String, String)>,
    none: &'static str,
    value: impl Fn() -> Option<&'static str> + Send + Sync + 'static,
    choose: impl Fn(&str) + Send + Sync + 'static,
) -> AnyView {
    let value = Signal::derive(move || value().unwrap_or_default().to_owned());
    let on_commit = Callback::new(move |key: String| choose(&key));
    view! { <Choice label options=Signal::stored(words) value on_commit none /> }.into_any()
}

pub(super) fn column(meaning: Meaning, table: Table) -> AnyView {
    let options = Signal::derive(move || {
        table.read(|sheet| {
            (0..sheet.head.len())
                .map(|place| (place.to_string(), sheet.column_label(place)))
                .collect::<Vec<_>>()
        })
    });
    let value = Signal::derive(move || {
        table.reading.with(|reading| {
            let place = reading.columns.get(&meaning);
            place.map(usize::to_string).unwrap_or_default()
        })
    });
    let choose = Callback::new(move |key: String| {
        table.reading.update(|reading| {
            match key.parse() {
                Ok(place) => drop(reading.columns.insert(meaning, place)),
                Err(_) => drop(reading.columns.remove(&meaning)),
            }
            // Scale and order of dates were chosen for the previous column.
            match meaning {
                Meaning::Chance => reading.scale = None,
                Meaning::Date => reading.day_order = None,
                _ => {}
            }
        });
    });
    view! { <Choice label=meaning.label() options value on_commit=choose none=t!("not in it") /> }
        .into_any()
}

/// Lists the columns that are not imported, by name.
pub(super) fn left_out(table: Table) -> String {
    let reading = table.reading.get();
    let is_evidence = table.is_evidence.get();
    table.read(|sheet| {
        let mut said = sheet.remarks.clone();
        let quoted = |names: Vec<String>| {
            let names = names.iter().map(|name| t!("“{name}”", name));
            names.collect::<Vec<_>>().join(", ")
        };
        let names = sheet.left_out(&reading.columns, reading.layout);
        if !names.is_empty() {
            said.push(t!("Left out: {names}.", names = quoted(names)));
        }
        let is_wide = reading.layout == Layout::Rows && may_be_wide(sheet, &reading.columns);
        if is_wide && !is_evidence {
            said.push(
                t!("If each column of numbers is a person’s or a question’s, say so under “Layout”.")
                    .into(),
            );
        }
        said.join(" ")
    })
}

/// The scale of the numbers and the order of dates: the detected ones, and the choices to make.
#[component]
pub(super) fn Doubts(table: Table, planned: Memo<Plan>) -> impl IntoView {
    let scale = Memo::new(move |_| planned.with(|plan| plan.scale.clone()));
    let scale_key =
        move || scale.with(|found| found.as_ref().and_then(|found| Some(found.scale?.key())));
    let is_open =
        move || scale.with(|found| found.as_ref().is_some_and(|found| found.scale.is_none()));
    let sentence = move || scale.with(|found| found.as_ref().map(|found| found.sentence.clone()));
    let choose_scale = move |key: &str| {
        let scale = Scale::from_key(key);
        table.reading.update(|reading| reading.scale = scale);
    };
    let order = move || {
        table
            .reading
            .with(|reading| reading.day_order.map(DayOrder::key))
    };
    let choose_order = move |key: &str| {
        let order = DayOrder::from_key(key);
        table.reading.update(|reading| reading.day_order = order);
    };
    let undated = move || Some(table.reading.with(|reading| reading.undated).key());
    let choose_undated = move |key: &str| {
        if let Some(undated) = Undated::from_key(key) {
            table.reading.update(|reading| reading.undated = undated);
        }
    };
    let detect = t!("Detect from the column");
    let undated_label = t!("Rows with an unreadable or future date");
    view! {
        <Show when=move || scale.with(Option::is_some)>
            {word_choice(t!("Probability scale"), word_choices!(Scale), detect, scale_key, choose_scale)}
            <p class:problem=is_open role="status">{live(sentence)}</p>
        </Show>
        <Show when=move || planned.with(|plan| plan.asks_day_order)>
            {word_choice(t!("Date order"), word_choices!(DayOrder), detect, order, choose_order)}
        </Show>
        <Show when=move || planned.with(|plan| plan.bad_dates > 0)>
            {word_choice(undated_label, word_choices!(Undated), "", undated, choose_undated)}
        </Show>
    }
}
