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
    let layout = Signal::derive(move || {
        let layout = table.reading.with(|reading| reading.layout);
        layout.key().to_owned()
    });
    let choose_layout = Callback::new(move |key: String| {
        if let Some(layout) = Layout::from_key(&key) {
            table.reading.update(|reading| reading.layout = layout);
        }
    });
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
            <Choice
                label=t!("Layout")
                options=Signal::stored(word_choices!(Layout))
                value=layout
                on_commit=choose_layout
                none=""
            />
        </Show>
        <h3>{t!("Columns")}</h3>
        <div class="fields columns">{live(meanings)}</div>
        <p class="soft">{live(move || left_out(table))}</p>
    }
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
    let scale_key = Signal::derive(move || {
        let scale = scale.with(|found| found.as_ref().and_then(|found| found.scale));
        scale
            .map(|scale| scale.key().to_owned())
            .unwrap_or_default()
    });
    let is_open =
        move || scale.with(|found| found.as_ref().is_some_and(|found| found.scale.is_none()));
    let sentence = move || scale.with(|found| found.as_ref().map(|found| found.sentence.clone()));
    let choose_scale = Callback::new(move |key: String| {
        table
            .reading
            .update(|reading| reading.scale = Scale::from_key(&key));
    });
    let order = Signal::derive(move || {
        let order = table.reading.with(|reading| reading.day_order);
        order
            .map(|order| order.key().to_owned())
            .unwrap_or_default()
    });
    let choose_order = Callback::new(move |key: String| {
        table
            .reading
            .update(|reading| reading.day_order = DayOrder::from_key(&key));
    });
    let undated = Signal::derive(move || {
        let undated = table.reading.with(|reading| reading.undated);
        undated.key().to_owned()
    });
    let choose_undated = Callback::new(move |key: String| {
        if let Some(undated) = Undated::from_key(&key) {
            table.reading.update(|reading| reading.undated = undated);
        }
    });
    view! {
        <Show when=move || scale.with(Option::is_some)>
            <Choice
                label=t!("Probability scale")
                options=Signal::stored(word_choices!(Scale))
                value=scale_key
                on_commit=choose_scale
                none=t!("Detect from the column")
            />
            <p class:problem=is_open role="status">{live(sentence)}</p>
        </Show>
        <Show when=move || planned.with(|plan| plan.asks_day_order)>
            <Choice
                label=t!("Date order")
                options=Signal::stored(word_choices!(DayOrder))
                value=order
                on_commit=choose_order
                none=t!("Detect from the column")
            />
        </Show>
        <Show when=move || planned.with(|plan| plan.bad_dates > 0)>
            <Choice
                label=t!("Rows with an unreadable or future date")
                options=Signal::stored(word_choices!(Undated))
                value=undated
                on_commit=choose_undated
                none=""
            />
        </Show>
    }
}
