//! Everything out and in: the whole board as a file, tables for spreadsheets.

use crate::prelude::*;
use cruxboard_domain::Stamp;
use cruxboard_domain::decide::Command;
use cruxboard_domain::snapshot::template;
use cruxboard_domain::spreadsheet::{
    Columns, Fate, Meaning, Plan, Sheet, credences_csv, evidence_csv, guess, guess_evidence,
    holds_evidence, plan, plan_evidence,
};
use cruxboard_domain::telling::short;
use cruxboard_domain::text::counted;

use super::{Exchange, FileSort, Outside};
use crate::component::{Choice, KeptDraft, Show, live};
use crate::session::Session;

const CREDENCES: &str = "credences";
const EVIDENCE: &str = "evidence";

/// How many rows the preview shows.
const SHOWN: usize = 50;

/// How much of what a row is about stands there.
const NAMED_CHARS: usize = 80;

/// The screen for files and tables.
#[component]
pub fn TablesPage(session: Session) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>"Take out and bring in"</h1>
            <TakeOut session />
            <BringIn session />
            <Duplicate session />
        </div>
    }
}

#[component]
fn Duplicate(session: Session) -> impl IntoView {
    let outside = Outside::from_context();
    let duplicate = move |_| {
        let now = session.now.get_untracked().millis;
        outside
            .adopt
            .run(session.with(|board| template(board, now)));
    };
    view! {
        <section class="panel forms" aria-labelledby="template-title">
            <h2 id="template-title">"Begin another board like this one"</h2>
            <p class="soft">"With its question, options, people, terms, cruxes and triggers, and without anybody's numbers, evidence or follow-ups."</p>
            <p class="actions"><button on:click=duplicate>"Duplicate as a template"</button></p>
        </section>
    }
}

#[component]
fn TakeOut(session: Session) -> impl IntoView {
    let outside = Outside::from_context();
    let save = move |name: &str, text: String| {
        let question = session.with(|board| board.info().question.clone());
        outside
            .save
            .run((format!("{name} {question}"), FileSort::Csv, text));
    };
    view! {
        <section class="panel forms" aria-labelledby="out-title">
            <h2 id="out-title">"Take out"</h2>
            <p class="soft">"The whole board with its history is one readable JSON file: opened here or elsewhere it is the same board, and opened twice it changes nothing. Tables are for spreadsheets; they hold what is private too."</p>
            <p class="actions">
                <button on:click=move |_| outside.download.run(())>"Save the whole board"</button>
                <button on:click=move |_| save("credences", session.with(credences_csv))>"Save credences as CSV"</button>
                <button on:click=move |_| save("evidence", session.with(evidence_csv))>"Save evidence as CSV"</button>
            </p>
        </section>
    }
}

#[component]
fn BringIn(session: Session) -> impl IntoView {
    let exchange = Exchange::from_context();
    let is_written = |text: &String| !text.is_empty();
    let text = session.draft("table", Stamp::MIN, String::new(), is_written);
    let is_kept = text.with_untracked(is_written);
    let columns = RwSignal::new(Columns::new());
    let is_evidence = RwSignal::new(false);
    let sheet = Memo::new(move |_| text.with(|text| Sheet::read(text)));
    let guess_all = move |sheet: &Sheet, evidence: bool| {
        is_evidence.set(evidence);
        columns.set(if evidence {
            guess_evidence(sheet)
        } else {
            guess(sheet)
        });
    };
    let took = Callback::new(move |brought: String| {
        match Sheet::read(&brought) {
            Ok(sheet) => guess_all(&sheet, holds_evidence(&sheet)),
            Err(_) => columns.set(Columns::new()),
        }
        text.set(brought);
    });
    if is_kept {
        took.run(text.get_untracked());
    }
    let choose_sort = Callback::new(move |key: String| {
        sheet.with_untracked(|sheet| {
            if let Ok(sheet) = sheet {
                guess_all(sheet, key == EVIDENCE);
            }
        });
    });
    let sorts = vec![
        (CREDENCES.to_owned(), "Credences or questions".to_owned()),
        (EVIDENCE.to_owned(), "Evidence".to_owned()),
    ];
    let meanings = move || {
        let meanings = if is_evidence.get() {
            Meaning::OF_EVIDENCE
        } else {
            Meaning::OF_CREDENCES
        };
        let columns = meanings
            .iter()
            .map(|meaning| column(*meaning, sheet, columns));
        columns.collect_view()
    };
    let planned = Memo::new_each_time(move || {
        session.follow_all();
        let (me, now) = (session.me.get(), session.now.get().millis);
        sheet.with(|sheet| match sheet {
            Ok(sheet) => columns.with(|columns| {
                session.with(|board| {
                    if is_evidence.get() {
                        plan_evidence(board, sheet, columns)
                    } else {
                        plan(board, sheet, columns, me, now)
                    }
                })
            }),
            Err(_) => Plan::default(),
        })
    });
    let take_in = move |_| {
        let changes = planned.with_untracked(|plan| plan.changes.clone());
        if session.dispatch(Command::TakeIn(changes)) {
            text.set(String::new());
        }
    };
    let problem = move || {
        let problem = sheet.with(|sheet| sheet.as_ref().err().map(ToString::to_string));
        problem.filter(|_| text.with(|text| !text.trim().is_empty()))
    };
    view! {
        <section class="panel forms" aria-labelledby="in-title">
            <h2 id="in-title">"Bring in a table"</h2>
            <KeptDraft is_kept on_discard=Callback::new(move |()| text.set(String::new())) />
            <p class="soft">"Credences or evidence saved here, Fatebook's export, or any list of questions with a probability, a date, a note. What is on the board already is passed over, and evidence that was edited in the table is changed; nothing happens before you have seen what would."</p>
            <div class="field wide">
                <label for="table-text">"Paste a table with its heading"</label>
                <textarea
                    id="table-text"
                    rows="4"
                    spellcheck="false"
                    prop:value=text
                    on:input:target=move |event| took.run(event.target().value())
                ></textarea>
            </div>
            <p class="actions">
                <button on:click=move |_| exchange.pick_table.run(took)>"Choose a CSV file"</button>
            </p>
            <p class="problem" role="alert">{live(problem)}</p>
            <Show when=move || sheet.with(Result::is_ok)>
                <Choice
                    label="What it holds"
                    options=Signal::stored(sorts.clone())
                    value=Signal::derive(move || if is_evidence.get() { EVIDENCE } else { CREDENCES }.to_owned())
                    on_commit=choose_sort
                    none=""
                />
                <h3>"Which column is what"</h3>
                <div class="fields columns">{live(meanings)}</div>
                <p role="status">{live(move || planned.with(summary))}</p>
                <ul class="reading-list plan">{live(move || {
                    planned.with(|plan| {
                        sheet.with(|sheet| {
                            let sheet = sheet.as_ref().ok();
                            let about = |place| {
                                let about = |sheet| columns.with(|columns| about(sheet, columns, place));
                                sheet.map(about).unwrap_or_default()
                            };
                            fates(plan, &about)
                        })
                    })
                })}</ul>
                <p class="actions">
                    <button
                        class="primary"
                        aria-disabled=move || planned.with(|plan| plan.changes.is_empty()).to_string()
                        on:click=take_in
                    >
                        "Take it in"
                    </button>
                </p>
            </Show>
        </section>
    }
}

fn column(
    meaning: Meaning,
    sheet: Memo<Result<Sheet, cruxboard_domain::spreadsheet::NotASheet>>,
    columns: RwSignal<Columns>,
) -> AnyView {
    let options = Signal::derive(move || {
        sheet.with(|sheet| {
            let head = sheet
                .as_ref()
                .map(|sheet| sheet.head.as_slice())
                .unwrap_or_default();
            let named = head
                .iter()
                .enumerate()
                .map(|(place, name)| (place.to_string(), name.clone()));
            named.collect::<Vec<_>>()
        })
    });
    let value = Signal::derive(move || {
        columns.with(|columns| {
            columns
                .get(&meaning)
                .map(usize::to_string)
                .unwrap_or_default()
        })
    });
    let choose = Callback::new(move |key: String| {
        columns.update(|columns| match key.parse() {
            Ok(place) => {
                columns.insert(meaning, place);
            }
            Err(_) => {
                columns.remove(&meaning);
            }
        });
    });
    view! { <Choice label=meaning.label() options value on_commit=choose none="not in it" /> }
        .into_any()
}

fn summary(plan: &Plan) -> String {
    let changed = plan
        .fates
        .iter()
        .filter(|fate| matches!(fate, Fate::Changed(_)))
        .count();
    let skipped = plan
        .fates
        .iter()
        .filter(|fate| matches!(fate, Fate::Skipped(_)))
        .count();
    let mut adds = Vec::new();
    for (count, one, more) in [
        (plan.evidence, "item of evidence", "items of evidence"),
        (plan.cruxes, "crux", "cruxes"),
        (plan.people, "person", "people"),
        (plan.credences, "credence", "credences"),
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
    let of = counted(plan.fates.len(), "row", "rows");
    let are = if skipped == 1 { "is" } else { "are" };
    format!(
        "It would add {adds} and change {changes}. {skipped} of {of} {are} passed over; nothing is removed."
    )
}

/// What a row is about, as it says itself.
fn about(sheet: &Sheet, columns: &Columns, place: usize) -> String {
    let cell = |meaning| {
        let cell = sheet.rows.get(place)?.get(*columns.get(&meaning)?)?;
        let cell = short(cell.trim(), NAMED_CHARS);
        (!cell.is_empty()).then(|| format!("“{cell}” "))
    };
    [
        Meaning::Question,
        Meaning::Claim,
        Meaning::Text,
        Meaning::Quote,
    ]
    .into_iter()
    .find_map(cell)
    .unwrap_or_default()
}

fn fates(plan: &Plan, about: &dyn Fn(usize) -> String) -> Vec<AnyView> {
    let rows = plan
        .fates
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(place, fate)| {
            let (class, does, what) = match fate {
                Fate::Added(what) => ("", "adds", what.as_str()),
                Fate::Changed(what) => ("", "changes", what.as_str()),
                Fate::Skipped(why) => ("soft", "passed over,", *why),
            };
            // The heading is the first row, as a spreadsheet counts.
            let text = format!("Row {}: {}{does} {what}", place + 2, about(place));
            view! { <li class=class>{text}</li> }.into_any()
        });
    rows.collect()
}
