//! Backups: export and import of all boards as one file, automatic backups, and reminders.

use cruxboard_domain::t;
use cruxboard_domain::view::{Filter, Sort};
use cruxboard_session::ports::PortError;
use leptos::prelude::*;

use crate::component::{TextField, live};
use crate::route::{Route, Screen};
use crate::t_view;
use cruxboard_session::{Arriving, BackupFile, BackupRecord, BoardLocation, Session, ago};

/// The content of a chosen backup file, or why it cannot be read.
pub type BackupPlan = Result<Arrivals, PortError>;

/// The boards in a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrivals {
    /// Faults of the file, in sentences.
    pub faults: Vec<String>,
    /// The boards.
    pub boards: Vec<Arriving>,
}

/// The requests of this screen to the world outside.
#[derive(Clone, Copy)]
pub struct BackupAsks {
    /// Downloads all boards as one file.
    pub save: Callback<()>,
    /// Lets the person choose a backup file.
    pub choose: Callback<()>,
    /// The effect of importing the chosen file.
    pub plan: RwSignal<Option<BackupPlan>>,
    /// Imports the chosen file; `false` cancels.
    pub bring_in: Callback<bool>,
    /// The boards of the last import; empty before one, and once it is undone.
    pub imported: RwSignal<Vec<Arriving>>,
    /// Whether this browser can write to a file automatically.
    pub can_write: bool,
    /// Lets the person choose the file for automatic backups.
    pub choose_file: Callback<()>,
    /// Asks for the browser's permission again, and writes.
    pub allow: Callback<()>,
    /// Stops automatic backups.
    pub stop: Callback<()>,
    /// Sets the times of reminders.
    pub remind: Callback<BackupRecord>,
}

/// The screen for backups.
#[component]
pub fn BackupsPage(session: Session, ask: BackupAsks) -> impl IntoView {
    let says = move || session.backup.record.get().says(session.now.get().millis);
    let plan = move || ask.plan.get().map(|plan| arriving(plan, ask.bring_in));
    view! {
        <header class="masthead">
            <div class="row"><a class="wordmark" href=Route::Start.href() title=t!("All boards")>{t!("Cruxboard")}</a></div>
        </header>
        <div class="page narrow">
            <h1>{t!("Backups")}</h1>
            <section class="panel forms" aria-labelledby="all-title">
                <h2 id="all-title">{t!("All boards in one file")}</h2>
                <p role="status">{live(says)}</p>
                <p class="soft">{t!("Contains the whole history and private content. Importing it again, here or elsewhere, gives the same boards, and importing it twice changes nothing. Answers of open blind rounds are not included: they stay on the device they were given on, so that nobody can read them early.")}</p>
                <p class="actions">
                    <button class="primary" on:click=move |_| ask.save.run(())>{t!("Save all boards")}</button>
                    <button on:click=move |_| ask.choose.run(())>{t!("Import boards")}</button>
                </p>
            </section>
            {live(plan)}
            {live(move || imported(ask.imported.get()))}
            <section class="panel forms" aria-labelledby="file-title">
                <h2 id="file-title">{t!("Automatic backup file")}</h2>
                {live(move || on_disk(session, ask))}
            </section>
            <Reminder session ask />
        </div>
    }
}

fn arriving(plan: BackupPlan, bring_in: Callback<bool>) -> AnyView {
    let plan = match plan {
        Ok(plan) => plan,
        Err(problem) => {
            return view! {
                <section class="panel forms" aria-labelledby="plan-title">
                    <h2 id="plan-title">{t!("Preview")}</h2>
                    <p class="problem" role="alert">{problem.to_string()} " " {t!("Nothing was changed.")}</p>
                </section>
            }
            .into_any();
        }
    };
    let Arrivals { faults, boards } = plan;
    let brings = boards.iter().any(Arriving::brings);
    let is_whole = faults.is_empty();
    let says = match (brings, is_whole) {
        (true, _) => t!("Nothing of yours is changed or removed, and one undo reverses it."),
        (false, _) if boards.is_empty() => t!("There is no board in it."),
        (false, true) => t!("Everything in it is here already."),
        (false, false) => t!("All that can be read of it is here already."),
    };
    let faults = (!is_whole).then(|| {
        let faults = faults.join(" ");
        view! { <p class="problem" role="alert">{faults} " " {t!("Look for a whole copy first.")}</p> }
    });
    let rows = boards.into_iter().map(|board| {
        let class = if board.brings() { "" } else { "soft" };
        view! { <li class=class>{board.says()}</li> }.into_any()
    });
    let import = brings.then(|| {
        let label = if is_whole {
            t!("verb" => "Import")
        } else {
            t!("Import what can be read")
        };
        view! { <button class="primary" on:click=move |_| bring_in.run(true)>{label}</button> }
    });
    view! {
        <section class="panel forms" aria-labelledby="plan-title">
            <h2 id="plan-title">{t!("Preview")}</h2>
            {faults}
            <p role="status">{says}</p>
            <ul class="reading-list plan">{rows.collect_view()}</ul>
            <p class="actions">
                {import}
                <button on:click=move |_| bring_in.run(false)>{if brings { t!("Not now") } else { t!("Close") }}</button>
            </p>
        </section>
    }
    .into_any()
}

/// Lists the boards of the last import, with links.
fn imported(boards: Vec<Arriving>) -> AnyView {
    if boards.is_empty() {
        return ().into_any();
    }
    let rows = boards.into_iter().map(|board| {
        let to = Route::Board(board.board, Screen::Cruxes(Filter::default(), Sort::Own)).href();
        let name = board.name().to_owned();
        match board.lands {
            BoardLocation::AtHand => view! { <li><a href=to>{name}</a></li> }.into_any(),
            BoardLocation::Archive => {
                let board = view! { <a href=to>{name}</a> };
                view! { <li>{t_view!("{board}, in the archive", board)}</li> }.into_any()
            }
            BoardLocation::Trash => {
                let link = view! { <a href=Route::Start.href()>{t!("first screen")}</a> };
                let words = t_view!(
                    "{board}, in the trash: restore it on the {link}",
                    board = name,
                    link
                );
                view! { <li>{words}</li> }.into_any()
            }
        }
    });
    view! {
        <section class="panel forms" aria-labelledby="imported-title">
            <h2 id="imported-title">{t!("Imported")}</h2>
            <ul class="reading-list plan">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// Renders the state of the file on disk, with the possible actions.
fn on_disk(session: Session, ask: BackupAsks) -> AnyView {
    if !ask.can_write {
        return view! { <p>{t!("This browser cannot update a file automatically. Save all boards now and then instead; the reminder below helps.")}</p> }.into_any();
    }
    let now = session.now.get().millis;
    let (words, needs_permission) = match session.backup.file.get() {
        BackupFile::Off => {
            return view! {
                <p>{t!("Choose a file on this computer. Every change is written to it automatically while a board is open in this browser.")}</p>
                <p class="actions"><button on:click=move |_| ask.choose_file.run(())>{t!("Choose a file")}</button></p>
            }
            .into_any();
        }
        BackupFile::Written { name, at } => (
            t!(
                "“{name}” has everything. Written {ago}.",
                name,
                ago = ago(now.since(at))
            ),
            false,
        ),
        BackupFile::Writing { name } => (t!("Writing to “{name}”…", name), false),
        BackupFile::NeedsPermission { name } => (
            t!(
                "The browser wants your permission again before anything is written to “{name}”.",
                name
            ),
            true,
        ),
        BackupFile::Failed { name, why } => {
            (t!("“{name}” could not be written. {why}", name, why), true)
        }
    };
    let allow = needs_permission.then(|| {
        view! { <button class="primary" on:click=move |_| ask.allow.run(())>{t!("Resume writing")}</button> }
    });
    view! {
        <p role="status">{words}</p>
        <p class="actions">
            {allow}
            <button on:click=move |_| ask.choose_file.run(())>{t!("Choose another file")}</button>
            <button on:click=move |_| ask.stop.run(())>{t!("Stop writing to it")}</button>
        </p>
    }
    .into_any()
}

#[component]
fn Reminder(session: Session, ask: BackupAsks) -> impl IntoView {
    let record = session.backup.record;
    let shown = |number: u64| match number {
        0 => String::new(),
        number => number.to_string(),
    };
    let changes = Signal::derive(move || shown(record.get().after_changes));
    let days = Signal::derive(move || shown(record.get().after_days));
    let set = move |set: fn(&mut BackupRecord, u64)| {
        Callback::new(move |text: String| {
            let mut record = record.get_untracked();
            set(&mut record, text.parse().unwrap_or(0));
            ask.remind.run(record);
        })
    };
    let set_changes = set(|record, number| record.after_changes = number);
    let set_days = set(|record, number| record.after_days = number);
    let is_off = move || record.with(|record| record.after_changes == 0 && record.after_days == 0);
    view! {
        <section class="panel forms" aria-labelledby="remind-title">
            <h2 id="remind-title">{t!("Remind me")}</h2>
            <p class="soft">{t!("One line above the board, which you can postpone for a week. Changes on boards that sync with an endpoint do not count: they are stored there too.")}</p>
            <div class="columns">
                <TextField label=t!("After so many changes") kind="number" value=changes on_commit=set_changes />
                <TextField label=t!("Or after so many days with one") kind="number" value=days on_commit=set_days />
            </div>
            <Show when=is_off><p role="status">{t!("Reminders are off.")}</p></Show>
        </section>
    }
}
