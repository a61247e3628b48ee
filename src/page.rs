//! Screens, one file each. They read the session and send it commands; they do not depend on storage.

mod analysis;
mod backups;
mod board;
mod board_list;
mod changes;
mod claim_list;
mod copy_by_hand;
mod copy_cruxes;
mod crux;
mod decisions;
mod due;
mod evidence;
mod filters;
mod follow_ups;
mod frame;
mod history;
mod kept_choice;
mod keys;
mod language;
mod merge_board;
mod new_board;
mod new_crux;
mod nowhere;
mod other_boards;
mod palette;
mod question;
mod reading;
mod review;
mod save_chart;
mod services;
mod setup;
mod share;
mod since;
mod snapshot;
mod start;
mod sync;
mod tables;
mod theme;
mod tour;

use cruxboard_domain::board::{Board, CurrentView, RecordRef};
use cruxboard_domain::change::Change;
use cruxboard_domain::date::{Now, spelled};
use cruxboard_domain::decide::{Command, CommandError};
use cruxboard_domain::estimate::steps;
use cruxboard_domain::export::file_name::{ExportKind, export_name};
use cruxboard_domain::format::{Holder, person_name, short};
use cruxboard_domain::pointing::{Ends, ScaleEnds};
use cruxboard_domain::record::{Crux, CruxId, Mark, OptionId, PersonId, Record};
use cruxboard_domain::round::after_reveal;
use cruxboard_domain::t;
use leptos::prelude::*;

use crate::component::{Dot, FieldErrors, Point};
use crate::route::{Route, Screen};
use cruxboard_session::Session;

pub use self::analysis::{AnalysisPage, ArgumentsPage, MovesPage, OptionBriefPage};
pub use self::backups::{Arrivals, BackupAsks, BackupPlan, BackupsPage};
pub use self::board::BoardPage;
pub use self::board_list::BoardListSection;
pub use self::copy_by_hand::CopyByHand;
pub use self::copy_cruxes::CopyCruxesPage;
pub use self::crux::CruxPage;
pub use self::decisions::{DecidePage, DecisionsPage};
pub use self::due::DuePage;
pub use self::evidence::{
    EvidenceItemPage, EvidencePage, NewEvidenceFromPage, NewEvidencePage, SavePage,
};
pub use self::follow_ups::FollowUpsPage;
pub use self::frame::{Frame, NoticeBar};
pub use self::history::HistoryPage;
use self::kept_choice::kept_choice;
pub use self::keys::KeysHelp;
pub use self::merge_board::MergeBoardPage;
pub use self::new_board::NewBoardPage;
pub use self::new_crux::NewCruxPage;
pub use self::nowhere::{NoBoard, NoPage, NothingHere};
pub use self::palette::{Palette, PaletteAsks};
pub use self::question::QuestionDialog;
pub use self::reading::ReadingPage;
pub use self::review::{
    MinutesPage, ReviewPage, ReviewStepPage, ReviewsPage, RoundPage, ScoresPage, WalkPage,
};
pub use self::services::{Navigation, Services};
pub use self::setup::SetupPage;
pub use self::share::SharePage;
pub use self::since::SincePage;
pub use self::snapshot::{
    Asking, Compared, Comparison, Opening, OwnBoard, Sending, SnapshotPage, Source,
};
pub use self::start::StartPage;
pub use self::sync::JoinPage;
pub use self::tables::TablesPage;
pub use self::tour::Tour;

/// The ways to start, which the first screen offers before the rest of the app is loaded.
#[derive(Clone, Copy)]
pub struct Ways {
    /// Called when the pointer or the keyboard comes near a way to start.
    pub approach: Callback<()>,
    /// Opens the worked example.
    pub open_example: Callback<()>,
    /// Lets the person choose a file, and opens it.
    pub open_file: Callback<()>,
}

/// Carries out a form's command, and returns whether it succeeded. If not, a notice and a message beside the
/// field say why, and the field gets the keyboard.
fn dispatch_from(session: Session, errors: FieldErrors, command: Command) -> bool {
    changes_from(session, errors, command).is_some()
}

/// Carries out a form's command as [`dispatch_from`] does, and returns its changes; `None` if it was refused.
fn changes_from(session: Session, errors: FieldErrors, command: Command) -> Option<Vec<Change>> {
    let refused = |refusal: CommandError| {
        session.notices.refuse(&refusal);
        if let Some(field) = refusal.field() {
            errors.refuse(field, refusal.to_string());
        }
    };
    session.try_dispatch(command).map_err(refused).ok()
}

/// Carries out the command of a field that saves when it is left. On refusal, a notice and a message beside
/// the field say why.
fn dispatch_in_place(session: Session, errors: FieldErrors, command: Command) {
    if let Err(refusal) = session.try_dispatch(command) {
        session.notices.refuse(&refusal);
        if let Some(field) = refusal.field() {
            errors.note(field, refusal.to_string());
        }
    }
}

/// Returns the people for a list of choices: key and label.
fn people_choices(board: &Board) -> Vec<(String, String)> {
    board
        .people()
        .map(|person| (person.id.to_string(), person.name.clone()))
        .collect()
}

/// Returns the people who belong to the group today, for a list of choices, and those of `kept` who have left:
/// they are chosen already. Reactive.
fn present_choices(
    session: Session,
    kept: impl Fn() -> Vec<PersonId> + Send + Sync + 'static,
) -> Memo<Vec<(String, String)>> {
    Memo::new(move |_| {
        let (kept, now) = (kept(), session.now.get().millis);
        session.read(RecordRef::Board, |board| {
            let people = board.people();
            let people = people.filter(|person| !person.has_left(now) || kept.contains(&person.id));
            people
                .map(|person| (person.id.to_string(), person.name.clone()))
                .collect()
        })
    })
}

/// Returns those who hold the board's aggregates, in words. Reactive.
fn holder(session: Session) -> Holder {
    let now = session.now.get().millis;
    session.read(RecordRef::Board, |board| Holder::of(board, now))
}

/// Returns the options for a list of choices: key and label.
fn option_choices(board: &Board) -> Vec<(String, String)> {
    board
        .options()
        .map(|option| (option.id.to_string(), option.name.clone()))
        .collect()
}

/// Returns the words of a vocabulary for a list of choices: key and label.
macro_rules! word_choices {
    ($word:ty) => {
        <$word>::ALL
            .iter()
            .map(|word| (word.key().to_owned(), word.label().to_owned()))
            .collect::<Vec<_>>()
    };
}
pub(crate) use word_choices;

/// Returns the name of a file of the open board, of today, without its extension.
fn export_name_of(session: Session, kind: ExportKind) -> String {
    let today = session.now.get_untracked().today();
    session.read_untracked(|board| export_name(&board.info().question, kind, today))
}

/// Returns the kind of an option.
fn mark_of(board: &Board, option: Option<OptionId>) -> Mark {
    option
        .and_then(|option| board.option(option))
        .map_or(Mark::Other, |option| option.mark())
}

/// Returns the options that the ends of the scale support, with their names: at 100% the option that the crux
/// names, at 0% the opposite one, if there is one.
fn scale_ends(board: &Board, crux: &Crux) -> ScaleEnds {
    Ends::of(board, crux).named(board)
}

/// Returns the people's credences in a crux as dots.
fn dots(board: &Board, views: &[CurrentView], me: Option<PersonId>, now: Now) -> Vec<Dot> {
    let initials = board.all_initials();
    let dot = |view: &CurrentView| {
        let person = board.person(view.statement.person)?;
        Some(Dot {
            initials: initials.get(&person.id).cloned().unwrap_or_default(),
            name: person.name.clone(),
            percent: view.statement.credence.percent(),
            previous: view.previous.map(|previous| previous.percent()),
            colour: board.person_place(person.id),
            is_stale: view.is_stale,
            is_me: Some(person.id) == me,
            is_outside: false,
            day: spelled(now.day_of(view.statement.at)),
        })
    };
    views.iter().filter_map(dot).collect()
}

/// Returns the history of a crux as points of a chart.
fn points(board: &Board, crux: CruxId, now: Now) -> Vec<Point> {
    let mut before: Vec<(PersonId, f64)> = Vec::new();
    let marked = after_reveal(board, crux);
    let initials = board.all_initials();
    let point = |step: cruxboard_domain::estimate::Step| {
        let statement = board.statement(step.statement)?;
        let person = board.person(step.person)?;
        let basis = board.statement(step.basis)?;
        let evidence = basis.evidence.iter().filter_map(|id| board.evidence(*id));
        let evidence: Vec<_> = evidence
            .map(|evidence| short(evidence.headline(), 40))
            .collect();
        let percent = step.credence.percent();
        let same = before.iter().position(|(person, _)| *person == step.person);
        let previous = same.map(|place| before.swap_remove(place).1);
        before.push((step.person, percent));
        Some(Point {
            at: step.at,
            day: now.day_of(step.at),
            person: step.person,
            name: person.name.clone(),
            initials: initials.get(&step.person).cloned().unwrap_or_default(),
            percent,
            previous,
            colour: board.person_place(step.person),
            aggregate: step.estimate.aggregate,
            low: step.estimate.low,
            high: step.estimate.high,
            has_majority: 2 * step.estimate.count > board.people_at(step.at).count(),
            reason: match &basis.reason {
                reason if marked.contains(&step.statement) => {
                    t!("(after the reveal) {reason}", reason)
                }
                reason => reason.clone(),
            },
            evidence: evidence.join("; "),
            reaffirms: statement.reaffirms,
        })
    };
    steps(board, crux).into_iter().filter_map(point).collect()
}

/// Returns the present day, in the reader's time zone.
fn today(session: Session) -> Signal<chrono::NaiveDate> {
    Signal::derive(move || session.now.get().today())
}

/// Returns the address of a screen of the open board. Screens are rendered only while a board is open.
fn href(session: Session, screen: Screen) -> String {
    session.open.get_untracked().map_or_else(
        || Route::Start.href(),
        |board| Route::Board(board, screen).href(),
    )
}

/// Reads a crux, and tracks it together with the board, since a crux shows the board's options and people.
fn read_crux<T>(
    session: Session,
    id: CruxId,
    read: impl FnOnce(&Board, &Record<CruxId, Crux>) -> T,
) -> Option<T> {
    let records = [RecordRef::Crux(id), RecordRef::Board];
    session.read(records, |board| {
        board.crux(id).map(|crux| read(board, crux))
    })
}
