//! The snapshot as a link, a file, a page or Markdown, locked or not.

use crate::component::{Choice, live};
use crate::page::Services;
use crate::route::Route;
use cruxboard_domain::board::Board;
use cruxboard_domain::export::file_name::{ExportKind, export_name};
use cruxboard_domain::import::csv::{credences_csv, evidence_csv};
use cruxboard_domain::snapshot::Taken;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::link::{Lock, MOST_CHARS, Parcel, SURVIVES, fold};
use cruxboard_domain::translation::{grouped, translated};
use cruxboard_domain::{t, translatable};
use cruxboard_session::ports::PortError;
use cruxboard_session::ports::{Exchange, FileSort, Sealing};
use leptos::prelude::*;

const PASSPHRASE: &str = "passphrase";

/// The message in place of a link while the passphrase is missing.
const NO_WORDS: &str = translatable!("Type a passphrase first.");

/// The encrypted output that is waited for.
#[derive(Clone, Copy)]
enum Locked {
    Link,
    File,
}

/// The way to the link and the files: the lock, and what results from it.
#[derive(Clone, Copy)]
struct Output {
    taken: Signal<Taken>,
    services: Services,
    /// The kind of lock: [`PASSPHRASE`], a key, or empty for none.
    lock: RwSignal<String>,
    passphrase: RwSignal<String>,
    sealed: RwSignal<Option<Result<(Parcel, String), PortError>>>,
    awaited: RwSignal<Option<Locked>>,
    problem: RwSignal<String>,
    /// The parcel to share, with its key; or the reason why it is not ready.
    parcel: Memo<Result<(Parcel, String), PortError>>,
    link: Memo<Result<String, String>>,
}

impl Output {
    fn of(taken: Signal<Taken>) -> Self {
        let services = Services::from_context();
        let lock = RwSignal::new(String::new());
        let passphrase = RwSignal::new(String::new());
        let sealed = RwSignal::new(None::<Result<(Parcel, String), PortError>>);
        let parcel = Memo::new(move |_| {
            if lock.with(String::is_empty) {
                let parcel = taken.with(|taken| Parcel::open(&taken.snapshot));
                return Ok((parcel, String::new()));
            }
            sealed.get().unwrap_or_else(|| {
                let lacks_words =
                    lock.with(|lock| lock == PASSPHRASE) && passphrase.with(String::is_empty);
                Err(if lacks_words {
                    translated(NO_WORDS)
                } else {
                    t!("Locking…")
                }
                .into())
            })
        });
        let link = Memo::new(move |_| {
            let (parcel, key) = parcel.get().map_err(|why| why.to_string())?;
            let mut payload = parcel.to_text();
            if !key.is_empty() {
                payload = format!("{payload}/{key}");
            }
            let base = (services.device.app_address)();
            Ok(format!("{base}{}", Route::Snapshot(payload).href()))
        });
        Self {
            taken,
            services,
            lock,
            passphrase,
            sealed,
            awaited: RwSignal::new(None),
            problem: RwSignal::new(String::new()),
            parcel,
            link,
        }
    }

    fn save(self, sort: FileSort) {
        self.taken.with_untracked(|taken| {
            let snapshot = &taken.snapshot;
            let (kind, text) = match (sort, self.parcel.get_untracked()) {
                (FileSort::Html, _) => (ExportKind::Brief, snapshot.to_html()),
                (FileSort::Markdown, _) => (ExportKind::Brief, snapshot.to_markdown()),
                (_, Ok((parcel, _))) if parcel.lock != Lock::Open => {
                    (ExportKind::LockedSnapshot, SnapshotFile::sealed(&parcel))
                }
                (_, Err(_)) => return,
                _ => (ExportKind::Snapshot, snapshot.to_json()),
            };
            let reading = snapshot.reading();
            let name = export_name(&reading.name, kind, reading.day);
            self.services.files.save.run((name, sort, text));
        });
    }

    fn save_table(self, kind: ExportKind, csv: fn(&Board) -> String) {
        let (name, text) = self.taken.with_untracked(|taken| {
            let board = taken.snapshot.board();
            let reading = taken.snapshot.reading();
            (export_name(&reading.name, kind, reading.day), csv(&board))
        });
        self.services.files.save.run((name, FileSort::Csv, text));
    }

    fn copy_markdown(self) {
        let text = self
            .taken
            .with_untracked(|taken| taken.snapshot.to_markdown());
        self.services.files.copy.run(text);
    }

    fn hand_out(self, wanted: Locked) {
        match (wanted, self.link.get_untracked()) {
            (_, Err(why)) => self.problem.set(why),
            (Locked::Link, Ok(link)) => self.services.files.copy.run(link),
            (Locked::File, Ok(_)) => self.save(FileSort::Snapshot),
        }
    }

    /// Hands out the link or the file, once it is encrypted.
    fn take(self, wanted: Locked) {
        if untrack(|| self.is_locking()) {
            self.awaited.set(Some(wanted));
        } else {
            self.hand_out(wanted);
        }
    }

    /// Returns whether the encryption is under way. Reactive.
    fn is_locking(self) -> bool {
        let has_secret = self.lock.with(|lock| match lock.as_str() {
            "" => false,
            PASSPHRASE => self.passphrase.with(|words| !words.is_empty()),
            _ => true,
        });
        has_secret && self.sealed.with(Option::is_none)
    }

    /// Encrypts the snapshot whenever it, the lock or the passphrase changes.
    fn seal_when_changed(self) {
        let exchange = Exchange::from_context();
        // A serial number, so that a result from before a change is not shared after it.
        let asked = StoredValue::new(0_u32);
        Effect::new(move |_| {
            let kind = self.lock.get();
            let words = self.passphrase.get();
            self.taken.track();
            asked.update_value(|asked| *asked += 1);
            let this = asked.get_value();
            self.sealed.set(None);
            self.problem.set(String::new());
            let is_wanted = !kind.is_empty() && (kind != PASSPHRASE || !words.is_empty());
            if !is_wanted {
                self.awaited.set(None);
                return;
            }
            let done = Box::new(move |result| {
                if asked.try_get_value() != Some(this) {
                    return;
                }
                self.sealed.set(Some(result));
                if let Some(wanted) = self.awaited.get_untracked() {
                    self.awaited.set(None);
                    self.hand_out(wanted);
                }
            });
            let passphrase = (kind == PASSPHRASE).then_some(words);
            let is_typed = passphrase.is_some();
            let taken = self.taken;
            let seal = move || {
                if asked.try_get_value() == Some(this) {
                    let content = taken.with_untracked(|taken| fold(&taken.snapshot));
                    (exchange.seal)(Sealing {
                        content,
                        passphrase,
                        done,
                    });
                }
            };
            // Deriving the key takes a while, so it waits for a pause in the typing.
            if is_typed {
                (exchange.after_pause)(Box::new(seal));
            } else {
                seal();
            }
        });
    }
}

/// The snapshot as a link, a file, a page, Markdown.
#[component]
pub(super) fn Forms(taken: Signal<Taken>) -> impl IntoView {
    let output = Output::of(taken);
    output.seal_when_changed();
    let Output {
        lock,
        problem,
        parcel,
        link,
        ..
    } = output;
    let is_lacking = move || {
        let is_open_or_locked = parcel.with(Result::is_ok);
        (!is_open_or_locked && !output.is_locking()).to_string()
    };
    view! {
        <section class="panel forms" aria-labelledby="forms-title">
            <h2 id="forms-title">{t!("Link and files")}</h2>
            {lock_fields(output)}
            <div class="field wide">
                <label for="snapshot-link">{t!("Link")}</label>
                <textarea id="snapshot-link" readonly rows="3" spellcheck="false" prop:value=move || link.get().unwrap_or_else(|lack| lack)></textarea>
            </div>
            <p role="status">{live(move || link.with(|link| link.as_ref().map(|link| survival(link.len())).unwrap_or_default()))}</p>
            <p class="actions">
                <button class="primary" aria-disabled=is_lacking on:click=move |_| output.take(Locked::Link)>{t!("Copy link")}</button>
                <button aria-disabled=is_lacking on:click=move |_| output.take(Locked::File)>{t!("Save as file")}</button>
                <button on:click=move |_| output.save(FileSort::Html)>{t!("Save as HTML page")}</button>
                <button on:click=move |_| output.save(FileSort::Markdown)>{t!("Save as Markdown")}</button>
                <button on:click=move |_| output.copy_markdown()>{t!("Copy Markdown")}</button>
                <button on:click=move |_| output.save_table(ExportKind::SnapshotCredences, credences_csv)>{t!("Save credences as CSV")}</button>
                <button on:click=move |_| output.save_table(ExportKind::SnapshotEvidence, evidence_csv)>{t!("Save evidence as CSV")}</button>
            </p>
            <p class="problem" role="alert">{problem}</p>
            <Show when=move || !lock.with(String::is_empty)>
                <p>{t!("Only the link and the file are locked. The HTML page, the Markdown and the two CSV tables are not encrypted.")}</p>
            </Show>
            <p class="soft">
                {live(move || about_files(&lock.get()))}
                " "
                {t!("The HTML page opens without Cruxboard. Links and files cannot be recalled: everybody who has one can read it and pass it on.")}
            </p>
        </section>
    }
}

/// Renders the choice of the lock, and its passphrase.
fn lock_fields(output: Output) -> AnyView {
    let (lock, passphrase) = (output.lock, output.passphrase);
    let locks = vec![
        (PASSPHRASE.to_owned(), t!("With a passphrase").to_owned()),
        ("key".to_owned(), t!("With a random key").to_owned()),
    ];
    let hint = move || match lock.get().as_str() {
        "" => "",
        PASSPHRASE => {
            t!(
                "Send it over another channel than the link. Nobody can open the snapshot without it, you included. AES-GCM with 256 bits; the key is derived with 600,000 rounds of PBKDF2-SHA-256."
            )
        }
        _ => {
            t!(
                "The key is the part of the link after the last slash. Send it separately: without it, the rest of the link cannot be read."
            )
        }
    };
    view! {
        <Choice
            label=t!("Lock link and file")
            options=Signal::stored(locks)
            value=Signal::derive(move || lock.get())
            on_commit=Callback::new(move |kind| lock.set(kind))
            none=t!("Not locked")
        />
        <Show when=move || lock.with(|lock| lock == PASSPHRASE)>
            <div class="field">
                <label for="snapshot-passphrase">{t!("Passphrase")}</label>
                <input
                    id="snapshot-passphrase"
                    type="text"
                    autocomplete="off"
                    prop:value=passphrase
                    on:input:target=move |event| passphrase.set(event.target().value())
                />
            </div>
        </Show>
        <p class="soft">{live(hint)}</p>
    }
    .into_any()
}

/// Describes the content of the file with this kind of lock.
fn about_files(lock: &str) -> &'static str {
    match lock {
        "" => t!("The file opens in Cruxboard and contains readable JSON."),
        PASSPHRASE => {
            t!("The file opens in Cruxboard with the passphrase, and cannot be read without it.")
        }
        _ => {
            t!(
                "The file opens in Cruxboard with the key from the link, and cannot be read without it."
            )
        }
    }
}

/// Describes the length of the link, and the programs in which it survives.
fn survival(length: usize) -> String {
    if length > MOST_CHARS {
        return t!(
            "{length} characters: too long for a link (the most is {most}). Send the file or the HTML page instead, or fewer cruxes.",
            length = grouped(length),
            most = grouped(MOST_CHARS)
        );
    }
    let places = |survives: bool| {
        let found = SURVIVES
            .iter()
            .filter(|(_, limit)| (length <= *limit) == survives);
        let found =
            found.map(|(place, limit)| format!("{} ({})", translated(place), grouped(*limit)));
        found.collect::<Vec<_>>().join(", ")
    };
    let (safe, cutting) = (places(true), places(false));
    match (safe.as_str(), cutting.as_str()) {
        (_, "") => t!(
            "{length} characters: short enough for every service we tested.",
            length = grouped(length)
        ),
        ("", _) => t!(
            "{length} characters: most services may cut it off. Send the file or the HTML page instead.",
            length = grouped(length)
        ),
        _ => t!(
            "{length} characters: works in {safe}. Reported to be cut off in {cutting}: send the file or the HTML page there, or fewer cruxes.",
            length = grouped(length),
            safe,
            cutting
        ),
    }
}
