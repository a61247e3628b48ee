//! Backups: the screen, and the file on disk to which they are written automatically.

use std::time::Duration;

use cruxboard_domain::backup::Backup;
use cruxboard_domain::sync::set_aside_in_words;
use cruxboard_domain::t;
use leptos::ev;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::file_text::read_text;
use crate::page::{Arrivals, BackupAsks, BackupPlan, BackupsPage};
use cruxboard_platform::clock::{self, Timer};
use cruxboard_platform::disk::{self, DiskFile};
use cruxboard_platform::persistence::{Brought, Persistence};
use cruxboard_platform::{files, settings};
use cruxboard_session::{Arriving, BackupFile, Session};

/// The name of backup files.
const FILE_NAME: &str = "cruxboard-boards.cruxboard.json";
/// Delay from the first change to the write. Later changes do not extend it.
const DELAY: Duration = Duration::from_secs(2);

/// Writes the backup file after each change in storage. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct DiskBackup {
    session: Session,
    persistence: Persistence,
    state: StoredValue<State, LocalStorage>,
}

#[derive(Default)]
struct State {
    file: Option<DiskFile>,
    is_writing: bool,
    /// Whether something was stored since the last write began.
    is_behind: bool,
    timer: Option<Timer>,
    is_followed: bool,
}

impl DiskBackup {
    fn new(session: Session, persistence: Persistence) -> Self {
        Self {
            session,
            persistence,
            state: StoredValue::new_local(State::default()),
        }
    }

    /// Watches storage for changes, as long as the page is open.
    fn follow(self) {
        let was_followed = self
            .state
            .try_update_value(|state| std::mem::replace(&mut state.is_followed, true));
        if was_followed != Some(false) {
            return;
        }
        let stored = self.session.backup.times_stored;
        Effect::new(move |before: Option<u32>| {
            let times = stored.get();
            if before.is_some() {
                self.write_soon();
            }
            times
        });
        std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
            let waits = self.state.with_value(|state| state.timer.is_some());
            if document().hidden() && waits {
                self.write(false);
            }
        }));
    }

    /// Continues with the file that was chosen at an earlier visit.
    fn go_on(self) {
        self.follow();
        spawn_local(async move {
            let Some(file) = self.persistence.kept_file().await else {
                return;
            };
            self.state.update_value(|state| state.file = Some(file));
            self.write(false);
        });
    }

    fn write_soon(self) {
        self.state.update_value(|state| {
            if state.file.is_some() && state.timer.is_none() {
                state.timer = Some(clock::after(DELAY, move || self.write(false)));
            }
        });
    }

    fn say(self, file: BackupFile) {
        self.session.backup.file.set(file);
    }

    /// Writes now, if the browser still permits it. With `is_chosen`, the user has just chosen the
    /// file, so it is replaced even if it is not a backup.
    fn write(self, is_chosen: bool) {
        let file = self.state.try_update_value(|state| {
            state.timer = None;
            state.is_behind = state.is_writing;
            let file = state.file.clone().filter(|_| !state.is_writing)?;
            state.is_writing = true;
            Some(file)
        });
        let Some(file) = file.flatten() else { return };
        spawn_local(async move {
            self.write_to(file, is_chosen).await;
            let is_behind = self.state.try_update_value(|state| {
                state.is_writing = false;
                state.is_behind
            });
            if is_behind == Some(true) {
                self.write_soon();
            }
        });
    }

    async fn write_to(self, file: DiskFile, is_chosen: bool) {
        let name = file.name();
        if !file.is_allowed(false).await {
            return self.say(BackupFile::NeedsPermission { name });
        }
        self.say(BackupFile::Writing { name: name.clone() });
        let begun = clock::now_millis();
        let covered = self
            .session
            .backup
            .record
            .with_untracked(|record| record.changes);
        match self.persistence.write_backup(&file, is_chosen).await {
            Ok(()) => {
                self.persistence
                    .note_backup(|record| record.note_saved(begun, covered));
                self.session.tick();
                self.say(BackupFile::Written { name, at: begun });
            }
            Err(why) => self.say(BackupFile::Failed {
                name,
                why: why.to_string(),
            }),
        }
    }

    async fn choose(self) {
        match disk::choose(FILE_NAME).await {
            Ok(None) => {}
            Ok(Some(file)) => {
                settings::backup_file().set(&file.name());
                if self.persistence.keep_file(Some(&file)).await.is_err() {
                    self.session.notices.problem(
                        t!("The browser cannot remember the file: it is written until you leave this page, and has to be chosen again next time."),
                    );
                }
                self.state.update_value(|state| state.file = Some(file));
                self.session.notices.succeeded("backup-file");
                self.write(true);
            }
            Err(problem) => self
                .session
                .notices
                .failed("backup-file", problem.to_string()),
        }
    }

    async fn allow(self) {
        let Some(file) = self.state.with_value(|state| state.file.clone()) else {
            return;
        };
        if file.is_allowed(true).await {
            self.write(false);
        } else {
            self.say(BackupFile::NeedsPermission { name: file.name() });
        }
    }

    async fn stop(self) {
        self.state.update_value(|state| {
            state.file = None;
            state.timer = None;
        });
        settings::backup_file().clear();
        // If the handle cannot be removed, the setting still prevents writes.
        drop(self.persistence.keep_file(None).await);
        self.say(BackupFile::Off);
    }
}

/// Starts to keep the backup file up to date.
pub(super) fn start(session: Session, persistence: Persistence) -> DiskBackup {
    let disk_backup = DiskBackup::new(session, persistence);
    if settings::backup_file().get().is_some() {
        disk_backup.go_on();
    }
    disk_backup
}

/// Renders the screen for backups.
pub(super) fn page(session: Session, persistence: Persistence, disk_backup: DiskBackup) -> AnyView {
    let plan = RwSignal::new(None::<BackupPlan>);
    let read = StoredValue::new_local(None::<Backup>);
    let imported = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let Some(text) = session.backup.arriving.get() else {
            return;
        };
        session.backup.arriving.set(None);
        spawn_local(async move {
            let found = match Backup::from_json(&text) {
                Ok(mut backup) => {
                    let set_aside = backup.set_aside_ahead(clock::now_millis());
                    if let Some(said) = set_aside_in_words(set_aside) {
                        session.notices.problem(said);
                    }
                    let faults = backup.faults();
                    let planned = persistence.plan_backup(&backup).await;
                    if read.try_update_value(|read| *read = Some(backup)).is_none() {
                        return;
                    }
                    planned
                        .map(|boards| Arrivals { faults, boards })
                        .map_err(|problem| {
                            t!("The boards here could not be read: {problem}.", problem).into()
                        })
                }
                Err(problem) => Err(problem.to_string().into()),
            };
            plan.set(Some(found));
        });
    });
    let bring_in = move |is_wanted: bool| {
        let backup = read.try_update_value(Option::take).flatten();
        let planned = plan.get_untracked().and_then(Result::ok);
        plan.set(None);
        if let (Some(backup), Some(planned), true) = (backup, planned, is_wanted) {
            let import = Import {
                session,
                persistence,
                boards: planned
                    .boards
                    .into_iter()
                    .filter(Arriving::brings)
                    .collect(),
                shown: imported,
            };
            spawn_local(import.bring(backup));
        }
    };
    let ask = BackupAsks {
        save: Callback::new(move |()| spawn_local(save(session, persistence))),
        choose: Callback::new(move |()| {
            spawn_local(async move {
                match files::pick_file(".json,application/json").await {
                    Some(Ok(file)) => read_text(session, file, move |text, _| {
                        session.backup.arriving.set(Some(text));
                    }),
                    Some(Err(problem)) => {
                        session.notices.failed("read-file", problem.to_string());
                    }
                    None => {}
                }
            });
        }),
        plan,
        bring_in: Callback::new(bring_in),
        imported,
        can_write: disk::is_possible(),
        choose_file: Callback::new(move |()| {
            disk_backup.follow();
            spawn_local(disk_backup.choose());
        }),
        allow: Callback::new(move |()| spawn_local(disk_backup.allow())),
        stop: Callback::new(move |()| spawn_local(disk_backup.stop())),
        remind: Callback::new(move |record| {
            persistence.note_backup(|kept| *kept = record);
        }),
    };
    view! { <BackupsPage session ask /> }.into_any()
}

async fn save(session: Session, persistence: Persistence) {
    let begun = clock::now_millis();
    let covered = session
        .backup
        .record
        .with_untracked(|record| record.changes);
    let text = match persistence.backup().await {
        Ok(Some(text)) => text,
        Ok(None) => return session.notices.told(t!("There is no board here to save.")),
        Err(problem) => return session.notices.failed("save-backup", problem.to_string()),
    };
    match files::download(FILE_NAME, "application/json", &text) {
        Ok(()) => {
            persistence.note_backup(|record| record.note_saved(begun, covered));
            session.tick();
            session.notices.succeeded("save-backup");
        }
        Err(problem) => session.notices.failed("save-backup", problem.to_string()),
    }
}

/// An import that was confirmed, and the boards that the screen lists once it is done.
#[derive(Clone)]
struct Import {
    session: Session,
    persistence: Persistence,
    boards: Vec<Arriving>,
    /// The list on the screen, which may be gone by then.
    shown: RwSignal<Vec<Arriving>>,
}

impl Import {
    async fn bring(self, backup: Backup) {
        match self.persistence.bring_in(backup).await {
            Ok(brought) => {
                self.shown.try_set(self.boards.clone());
                self.offer_to_take_out(brought);
            }
            Err(problem) => self.session.notices.failed(
                "import",
                t!(
                    "Not everything could be imported: {problem}. Importing it again does the rest.",
                    problem
                ),
            ),
        }
    }

    fn offer_to_take_out(self, brought: Brought) {
        let notices = self.session.notices;
        notices.succeeded("import");
        notices.acted_with(t!("The boards are here"), move || {
            let (brought, import) = (brought.clone(), self.clone());
            spawn_local(async move {
                match import.persistence.take_out(&brought).await {
                    Ok(taken) => {
                        import.shown.try_set(Vec::new());
                        import.offer_to_put_back(taken);
                    }
                    Err(problem) => import.session.notices.failed("import", problem.to_string()),
                }
            });
        });
    }

    fn offer_to_put_back(self, taken: Brought) {
        let notices = self.session.notices;
        notices.succeeded("import");
        notices.acted_with(t!("The boards were taken back"), move || {
            let (taken, import) = (taken.clone(), self.clone());
            spawn_local(async move {
                match import.persistence.put_back(&taken).await {
                    Ok(()) => drop(import.shown.try_set(import.boards)),
                    Err(problem) => import.session.notices.failed("import", problem.to_string()),
                }
            });
        });
    }
}
