//! Everything out and in: the whole board as a file, tables for spreadsheets.

use cruxboard_domain::ChangeId;
use cruxboard_domain::decide::Command;
use cruxboard_domain::import::csv::{
    DayOrder, Layout, Meaning, Plan, Reading, RowName, RowOutcome, Scale, Sheet, SheetError,
    Undated, credences_csv, evidence_csv, guess_evidence, holds_evidence, may_be_wide, plan,
    plan_evidence,
};
use cruxboard_domain::snapshot::template;
use cruxboard_domain::text::counted;
use leptos::prelude::*;

use super::{Exchange, FileSort, Services, word_choices};
use crate::component::{Check, Choice, DraftBanner, live};
use crate::session::Session;

const CREDENCES: &str = "credences";
const EVIDENCE: &str = "evidence";

/// How many rows the preview shows.
const SHOWN: usize = 200;

/// The screen for files and tables.
#[component]
pub fn TablesPage(session: Session) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>"Export / import"</h1>
            <TakeOut session />
            <BringIn session />
            <Duplicate session />
        </div>
    }
}

#[component]
fn Duplicate(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let duplicate = move |_| {
        let now = session.now.get_untracked().millis;
        services
            .adopt
            .run(session.with(|board| template(board, now)));
    };
    view! {
        <section class="panel forms" aria-labelledby="template-title">
            <h2 id="template-title">"New board from this one"</h2>
            <p class="soft">"Copies question, options, people, terms, cruxes and triggers, without credences, evidence or follow-ups."</p>
            <p class="actions"><button on:click=duplicate>"Duplicate as a template"</button></p>
        </section>
    }
}

#[component]
fn TakeOut(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let save = move |name: &str, text: String| {
        let question = session.with(|board| board.info().question.clone());
        services
            .save
            .run((format!("{name} {question}"), FileSort::Csv, text));
    };
    view! {
        <section class="panel forms" aria-labelledby="out-title">
            <h2 id="out-title">"Export"</h2>
            <p class="soft">"The whole board with its history is one readable JSON file. Opening it twice changes nothing. Tables are for spreadsheets; they contain private content too."</p>
            <p class="actions">
                <button on:click=move |_| services.download.run(())>"Save the whole board"</button>
                <button on:click=move |_| save("credences", session.with(credences_csv))>"Save credences as CSV"</button>
                <button on:click=move |_| save("evidence", session.with(evidence_csv))>"Save evidence as CSV"</button>
            </p>
        </section>
    }
}

/// The imported table, and how it is read.
#[derive(Clone, Copy)]
struct Table {
    text: RwSignal<String>,
    sheet: RwSignal<Result<Sheet, SheetError>>,
    reading: RwSignal<Reading>,
    is_evidence: RwSignal<bool>,
}

impl Table {
    /// An empty one, or the table that was not taken in before the page went.
    fn kept(session: Session) -> Self {
        let is_written = |text: &String| !text.is_empty();
        Self {
            text: session.draft("table", ChangeId::MIN, String::new(), is_written),
            sheet: RwSignal::new(Err(SheetError::Empty)),
            reading: RwSignal::new(Reading::default()),
            is_evidence: RwSignal::new(false),
        }
    }

    fn bring(self, session: Session, text: String) {
        let sheet = Sheet::read(&text);
        if let Ok(sheet) = &sheet {
            self.guess(session, sheet, holds_evidence(sheet));
        }
        self.sheet.set(sheet);
        self.text.set(text);
    }

    /// Brings in a file. One that is no text is not shown as if it were.
    fn bring_file(self, session: Session, text: String) {
        self.bring(session, text);
        let is_other = |sheet: &Result<Sheet, SheetError>| {
            matches!(sheet, Err(SheetError::Other(..) | SheetError::TooLarge))
        };
        if self.sheet.with_untracked(is_other) {
            self.text.set(String::new());
        }
    }

    fn guess(self, session: Session, sheet: &Sheet, is_evidence: bool) {
        self.is_evidence.set(is_evidence);
        self.reading.set(if is_evidence {
            Reading {
                columns: guess_evidence(sheet),
                ..Reading::default()
            }
        } else {
            session.with(|board| Reading::guessed(board, sheet))
        });
    }

    fn guess_again(self, session: Session, is_evidence: bool) {
        self.sheet.with_untracked(|sheet| {
            if let Ok(sheet) = sheet {
                self.guess(session, sheet, is_evidence);
            }
        });
    }

    /// Reads the table again with or without headings.
    fn read_headings(self, session: Session, has_headings: bool) {
        let text = &self.text;
        let sheet = text.with_untracked(|text| Sheet::read_with(text, Some(has_headings)));
        if let Ok(sheet) = &sheet {
            self.guess(session, sheet, self.is_evidence.get_untracked());
        }
        self.sheet.set(sheet);
    }

    /// Reads something of the table, if it is one.
    fn read<T: Default>(self, read: impl FnOnce(&Sheet) -> T) -> T {
        self.sheet
            .with(|sheet| sheet.as_ref().map(read).unwrap_or_default())
    }
}

#[component]
fn BringIn(session: Session) -> impl IntoView {
    let exchange = Exchange::from_context();
    let table = Table::kept(session);
    let is_kept = table.text.with_untracked(|text| !text.is_empty());
    if is_kept {
        table.bring(session, table.text.get_untracked());
    }
    let discard = Callback::new(move |()| table.bring(session, String::new()));
    let picked = Callback::new(move |text: String| table.bring_file(session, text));
    let on_paste = move |event: leptos::ev::ClipboardEvent| {
        let is_first = table.text.with_untracked(String::is_empty);
        if let Some(text) = exchange.long_paste(&event).filter(|_| is_first) {
            event.prevent_default();
            table.bring(session, text);
        }
    };
    let planned = Memo::new_with_compare(
        move |_| {
            session.follow_all();
            let (me, now) = (session.me.get(), session.now.get());
            let reading = table.reading.get();
            table.read(|sheet| {
                session.with(|board| {
                    if table.is_evidence.get() {
                        plan_evidence(board, sheet, &reading.columns)
                    } else {
                        plan(board, sheet, &reading, me, now)
                    }
                })
            })
        },
        |_, _| true,
    );
    let take_in = move |_| {
        let changes = planned.with_untracked(|plan| plan.changes.clone());
        if session.dispatch(Command::TakeIn(changes)) {
            table.bring(session, String::new());
        }
    };
    let problem = move || {
        let is_blank = table.text.with(|text| text.trim().is_empty());
        table.sheet.with(|sheet| match sheet {
            Ok(_) => None,
            Err(SheetError::Empty) if is_blank => None,
            Err(problem) => Some(problem.to_string()),
        })
    };
    view! {
        <section class="panel forms" aria-labelledby="in-title">
            <h2 id="in-title">"Import a table"</h2>
            <DraftBanner is_kept on_discard=discard />
            <p class="soft">"Credences or evidence exported here, exports of Fatebook, Metaculus (.zip), PredictionBook and Manifold, answers of Google Forms, OKR tables and risk registers, or any list of questions with a probability, a date and a note: as CSV, as cells copied from a spreadsheet, or as a Markdown table, up to 200 columns, 100,000 rows and 20 MB. Rows that are already on the board are skipped, and evidence edited in the table is updated. You see a preview first."</p>
            <div class="field wide">
                <label for="table-text">"Paste a table with its header row"</label>
                <textarea
                    id="table-text"
                    rows="4"
                    spellcheck="false"
                    prop:value=table.text
                    on:paste=on_paste
                    on:input:target=move |event| table.bring(session, event.target().value())
                ></textarea>
            </div>
            <p class="actions">
                <button on:click=move |_| exchange.pick_table.run(picked)>"Choose a file"</button>
            </p>
            <p class="problem" role="alert">{live(problem)}</p>
            <Show when=move || table.sheet.with(Result::is_ok)>
                <ColumnChoices session table />
                <Doubts table planned />
                <p role="status">{live(move || planned.with(summary))}</p>
                <ul class="reading-list plan">{live(move || planned.with(rows))}</ul>
                <p class="actions">
                    <button
                        class="primary"
                        aria-disabled=move || planned.with(|plan| plan.changes.is_empty()).to_string()
                        on:click=take_in
                    >
                        "Import"
                    </button>
                </p>
            </Show>
        </section>
    }
}

/// What the table holds, and which of its columns means what.
#[component]
fn ColumnChoices(session: Session, table: Table) -> impl IntoView {
    let sorts = vec![
        (CREDENCES.to_owned(), "Credences or questions".to_owned()),
        (EVIDENCE.to_owned(), "Evidence".to_owned()),
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
            label="Content"
            options=Signal::stored(sorts)
            value=Signal::derive(sort)
            on_commit=choose_sort
            none=""
        />
        <Check label="The first row is a header" value=has_headings on_commit=choose_headings />
        <Show when=move || !is_evidence.get()>
            <Choice
                label="Layout"
                options=Signal::stored(word_choices!(Layout))
                value=layout
                on_commit=choose_layout
                none=""
            />
        </Show>
        <h3>"Columns"</h3>
        <div class="fields columns">{live(meanings)}</div>
        <p class="soft">{live(move || left_out(table))}</p>
    }
}

fn column(meaning: Meaning, table: Table) -> AnyView {
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
            // A choice was made for the column that was there.
            match meaning {
                Meaning::Chance => reading.scale = None,
                Meaning::Date => reading.day_order = None,
                _ => {}
            }
        });
    });
    view! { <Choice label=meaning.label() options value on_commit=choose none="not in it" /> }
        .into_any()
}

/// The columns that are not taken in, by name.
fn left_out(table: Table) -> String {
    let reading = table.reading.get();
    let is_evidence = table.is_evidence.get();
    table.read(|sheet| {
        let mut said = sheet.remarks.clone();
        let quoted = |names: Vec<String>| {
            let names = names.iter().map(|name| format!("“{name}”"));
            names.collect::<Vec<_>>().join(", ")
        };
        let names = sheet.left_out(&reading.columns, reading.layout);
        if !names.is_empty() {
            said.push(format!("Left out: {}.", quoted(names)));
        }
        let is_wide = reading.layout == Layout::Rows && may_be_wide(sheet, &reading.columns);
        if is_wide && !is_evidence {
            said.push(
                "If each column of numbers is a person’s or a question’s, say so under “Layout”."
                    .into(),
            );
        }
        said.join(" ")
    })
}

/// The scale of the numbers and the reading of dates: what was found, and what is to be chosen.
#[component]
fn Doubts(table: Table, planned: Memo<Plan>) -> impl IntoView {
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
                label="Probability scale"
                options=Signal::stored(word_choices!(Scale))
                value=scale_key
                on_commit=choose_scale
                none="Detect from the column"
            />
            <p class:problem=is_open role="status">{live(sentence)}</p>
        </Show>
        <Show when=move || planned.with(|plan| plan.asks_day_order)>
            <Choice
                label="Date order"
                options=Signal::stored(word_choices!(DayOrder))
                value=order
                on_commit=choose_order
                none="Detect from the column"
            />
        </Show>
        <Show when=move || planned.with(|plan| plan.bad_dates > 0)>
            <Choice
                label="Rows with an unreadable or future date"
                options=Signal::stored(word_choices!(Undated))
                value=undated
                on_commit=choose_undated
                none=""
            />
        </Show>
    }
}

fn summary(plan: &Plan) -> String {
    let count = |is_it: fn(&RowOutcome) -> bool| {
        plan.row_outcomes
            .iter()
            .filter(|row_outcome| is_it(row_outcome))
            .count()
    };
    let changed = count(|row_outcome| matches!(row_outcome, RowOutcome::Changed(_)));
    let skipped = count(|row_outcome| matches!(row_outcome, RowOutcome::Skipped(_)));
    let held = count(|row_outcome| matches!(row_outcome, RowOutcome::Held(_)));
    let mut adds = Vec::new();
    for (count, one, more) in [
        (plan.evidence, "item of evidence", "items of evidence"),
        (plan.cruxes, "crux", "cruxes"),
        (plan.people, "person", "people"),
        (plan.credences, "credence", "credences"),
        (
            plan.messages,
            "comment for the reading list",
            "comments for the reading list",
        ),
    ] {
        if count > 0 {
            adds.push(counted(count, one, more));
        }
    }
    let adds = if adds.is_empty() {
        "nothing".to_owned()
    } else {
        adds.join(", ")
    };
    let changes = match changed {
        0 => "nothing".to_owned(),
        _ => counted(changed, "item", "items"),
    };
    let of = counted(plan.row_outcomes.len(), "row", "rows");
    let are = |count| if count == 1 { "is" } else { "are" };
    let held = match held {
        0 => String::new(),
        _ => format!(", {held} {} held back", are(held)),
    };
    format!(
        "It would add {adds} and change {changes}. {skipped} of {of} {} skipped{held}; nothing is removed.",
        are(skipped)
    )
}

/// What becomes of the first rows: of those first that wait for something.
fn rows(plan: &Plan) -> Vec<AnyView> {
    let is_held = |row_outcome: &RowOutcome| matches!(row_outcome, RowOutcome::Held(_));
    let all = || plan.row_outcomes.iter().zip(&plan.about);
    let held = all().filter(|(row_outcome, _)| is_held(row_outcome));
    let others = all().filter(|(row_outcome, _)| !is_held(row_outcome));
    let mut rows: Vec<AnyView> = held.chain(others).take(SHOWN).map(row).collect();
    let more = plan.row_outcomes.len().saturating_sub(SHOWN);
    if more > 0 {
        let text = format!("And {}.", counted(more, "more row", "more rows"));
        rows.push(view! { <li class="soft">{text}</li> }.into_any());
    }
    rows
}

fn row((row_outcome, row): (&RowOutcome, &RowName)) -> AnyView {
    let (class, does, what) = match row_outcome {
        RowOutcome::Added(what) => ("", "adds", what.as_str()),
        RowOutcome::Changed(what) => ("", "changes", what.as_str()),
        RowOutcome::Skipped(why) => ("soft", "skipped,", *why),
        RowOutcome::Held(why) => ("problem", "held back,", why.as_str()),
    };
    let about = match row.about.as_str() {
        "" => String::new(),
        about => format!("{about} "),
    };
    let text = format!("Row {}: {about}{does} {what}", row.number);
    view! { <li class=class>{text}</li> }.into_any()
}
