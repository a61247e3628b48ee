//! Export and import: the whole board as a file, tables for spreadsheets.

mod columns;
mod preview;

use self::columns::{ColumnChoices, Doubts};
use self::preview::{rows, summary};
use cruxboard_domain::ChangeId;
use cruxboard_domain::decide::Command;
use cruxboard_domain::export::file_name::ExportKind;
use cruxboard_domain::import::csv::{
    Reading, Sheet, SheetError, credences_csv, evidence_csv, guess_evidence, holds_evidence, plan,
    plan_evidence,
};
use cruxboard_domain::snapshot::template;
use cruxboard_domain::t;
use leptos::prelude::*;

use super::{Services, export_name_of, href};
use crate::component::{DraftBanner, Later, live};
use crate::route::Screen;
use cruxboard_session::Session;
use cruxboard_session::ports::{Exchange, FileSort};

const CREDENCES: &str = "credences";
const EVIDENCE: &str = "evidence";

/// The screen for files and tables.
#[component]
pub fn TablesPage(session: Session) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>{t!("Export / import")}</h1>
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
            .boards
            .adopt
            .run(session.read_untracked(|board| template(board, now)));
    };
    view! {
        <section class="panel forms" aria-labelledby="template-title">
            <h2 id="template-title">{t!("New board from this one")}</h2>
            <p class="soft">{t!("Copies question, options, people, terms, cruxes and triggers, without credences, evidence or follow-ups.")}</p>
            <p class="actions"><button on:click=duplicate>{t!("Duplicate as a template")}</button></p>
        </section>
        <section class="panel forms" aria-labelledby="copy-title">
            <h2 id="copy-title">{t!("Cruxes for another board")}</h2>
            <p class="soft">{t!("Copies chosen cruxes with their triggers to another board of this browser.")}</p>
            <p class="actions"><a class="button" href=href(session, Screen::CopyCruxes(None))>{t!("Copy cruxes to another board…")}</a></p>
        </section>
        <section class="panel forms" aria-labelledby="merge-title">
            <h2 id="merge-title">{t!("Two boards about one question")}</h2>
            <p class="soft">{t!("Brings everything of another board here. What both boards have is joined, and the other board stays as it is.")}</p>
            <p class="actions"><a class="button" href=href(session, Screen::MergeBoard)>{t!("Merge another board into this one…")}</a></p>
        </section>
    }
}

#[component]
fn TakeOut(session: Session) -> impl IntoView {
    let services = Services::from_context();
    let save = move |kind: ExportKind, text: String| {
        let name = export_name_of(session, kind);
        services.files.save.run((name, FileSort::Csv, text));
    };
    view! {
        <section class="panel forms" aria-labelledby="out-title">
            <h2 id="out-title">{t!("Export")}</h2>
            <p class="soft">{t!("The whole board with its history is one readable JSON file. Opening it twice changes nothing. Tables are for spreadsheets; they contain private content too.")}</p>
            <p class="actions">
                <button on:click=move |_| services.files.download.run(())>{t!("Save the whole board")}</button>
                <button on:click=move |_| save(ExportKind::Credences, session.read_untracked(credences_csv))>{t!("Save credences as CSV")}</button>
                <button on:click=move |_| save(ExportKind::Evidence, session.read_untracked(evidence_csv))>{t!("Save evidence as CSV")}</button>
            </p>
        </section>
    }
}

/// The imported table, and the way it is read.
#[derive(Clone, Copy)]
struct Table {
    text: RwSignal<String>,
    /// The text that the sheet was read from.
    brought: StoredValue<String>,
    sheet: RwSignal<Result<Sheet, SheetError>>,
    reading: RwSignal<Reading>,
    is_evidence: RwSignal<bool>,
}

impl Table {
    /// Returns an empty table, or the draft of a table that was not imported yet.
    fn kept(session: Session) -> Self {
        let is_written = |text: &String| !text.is_empty();
        Self {
            text: session.draft("table", ChangeId::MIN, String::new(), is_written),
            brought: StoredValue::new(String::new()),
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
        self.brought.set_value(text.clone());
        self.text.set(text);
    }

    /// Takes the text of a file. A file that is not text is reported and not shown.
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
            session.read_untracked(|board| Reading::guessed(board, sheet))
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

    /// Reads from the table, if it is one; otherwise returns the default.
    fn read<T: Default>(self, read: impl FnOnce(&Sheet) -> T) -> T {
        self.sheet
            .with(|sheet| sheet.as_ref().map(read).unwrap_or_default())
    }
}

#[component]
fn BringIn(session: Session) -> impl IntoView {
    let exchange = Exchange::from_context();
    let (services, later) = (Services::from_context(), Later::from_context());
    let table = Table::kept(session);
    let is_kept = table.text.with_untracked(|text| !text.is_empty());
    if is_kept {
        table.bring(session, table.text.get_untracked());
    }
    let discard = Callback::new(move |()| table.bring(session, String::new()));
    // A discarded draft that is restored is written without the field.
    Effect::new(move |_| {
        let text = table.text.get();
        let is_unread = table.brought.with_value(|brought| *brought != text);
        if is_unread && !text.trim().is_empty() {
            table.bring(session, text);
        }
    });
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
            let (me, now) = (session.me.get(), session.now.get());
            let reading = table.reading.get();
            table.read(|sheet| {
                session.read_all(|board| {
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
            // The button goes with the table.
            later.run(0, move || {
                services.navigation.focus_if_lost.run("in-title".to_owned())
            });
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
            <h2 id="in-title" tabindex="-1">{t!("Import a table")}</h2>
            <DraftBanner is_kept on_discard=discard />
            <p class="soft">{t!("Credences or evidence exported here, exports of Fatebook, Metaculus (.zip), PredictionBook and Manifold, answers of Google Forms, OKR tables and risk registers, or any list of questions with a probability, a date and a note: as CSV, as cells copied from a spreadsheet, or as a Markdown table, up to 200 columns, 100,000 rows and 20 MB. Rows that are already on the board are skipped, and evidence edited in the table is updated. You see a preview first.")}</p>
            <div class="field wide">
                <label for="table-text">{t!("Paste a table with its header row")}</label>
                <textarea
                    id="table-text"
                    aria-invalid=move || problem().is_some().then_some("true")
                    aria-describedby="table-problem"
                    rows="4"
                    spellcheck="false"
                    prop:value=table.text
                    on:paste=on_paste
                    on:input:target=move |event| table.bring(session, event.target().value())
                ></textarea>
            </div>
            <p class="actions">
                <button on:click=move |_| exchange.pick_table.run(picked)>{t!("Choose a file")}</button>
            </p>
            <p id="table-problem" class="problem" role="alert">{live(problem)}</p>
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
                        {t!("Import")}
                    </button>
                </p>
            </Show>
        </section>
    }
}
