//! Screens, one file each. They read the session, send it commands, and know nothing of storage.

mod backups;
mod board;
mod board_list;
mod changes;
mod copy_by_hand;
mod crux;
mod decisions;
mod due;
mod evidence;
mod filters;
mod follow_ups;
mod frame;
mod history;
mod keys;
mod new_crux;
mod nowhere;
mod question;
mod reading;
mod review;
mod setup;
mod share;
mod since;
mod snapshot;
mod start;
mod sync;
mod tables;
mod tour;

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::{Board, CurrentView, RecordRef};
use cruxboard_domain::change::Change;
use cruxboard_domain::date::{Now, spelled};
use cruxboard_domain::decide::Command;
use cruxboard_domain::estimate::steps;
use cruxboard_domain::format::{person_name, short};
use cruxboard_domain::record::{Answer, Crux, CruxId, Mark, OptionId, PersonId, Record, RoundId};
use cruxboard_domain::round::after_reveal;
use cruxboard_domain::snapshot::link::Parcel;
use cruxboard_domain::view::Filter;
use leptos::prelude::*;

use crate::component::{Dot, FieldErrors, Point};
use crate::route::{HostedLink, Route, Screen};
use crate::session::{EndpointDraft, Place, ServerAnswer, ServerWish, Session, Tested};

pub use self::backups::{Arrivals, BackupAsks, BackupPlan, BackupsPage};
pub use self::board::BoardPage;
pub use self::board_list::BoardListSection;
pub use self::copy_by_hand::CopyByHand;
pub use self::crux::CruxPage;
pub use self::decisions::{DecidePage, DecisionsPage};
pub use self::due::DuePage;
pub use self::evidence::{EvidenceItemPage, EvidencePage, NewEvidencePage};
pub use self::follow_ups::FollowUpsPage;
pub use self::frame::{Frame, NoticeBar};
pub use self::history::HistoryPage;
pub use self::keys::KeysHelp;
pub use self::new_crux::NewCruxPage;
pub use self::nowhere::{NoBoard, NothingHere};
pub use self::question::QuestionDialog;
pub use self::reading::ReadingPage;
pub use self::review::{MinutesPage, ReviewPage, ReviewsPage, RoundPage, ScoresPage, WalkPage};
pub use self::setup::SetupPage;
pub use self::share::SharePage;
pub use self::since::SincePage;
pub use self::snapshot::{Asking, Compared, Comparison, Opening, OwnBoard, SnapshotPage, Source};
pub use self::start::StartPage;
pub use self::sync::JoinPage;
pub use self::tables::TablesPage;
pub use self::tour::Tour;

/// Whose answers of which round are sealed, and who is told whether they were.
pub type SealAnswers = ((RoundId, PersonId), Vec<Answer>, Callback<bool>);

/// The ways to begin. They are there before anything else of the app is.
#[derive(Clone, Copy)]
pub struct Ways {
    /// Nothing that was asked for is wanted any more.
    pub withdraw: Callback<()>,
    /// Somebody is about to take one of them.
    pub approach: Callback<()>,
    /// Opens the worked example.
    pub open_example: Callback<()>,
    /// Lets the person choose a file, and opens it.
    pub open_file: Callback<()>,
    /// Makes a board of a question and names.
    pub found_board: Callback<(String, Vec<String>)>,
    /// Calls back once the form's drafts that closed tabs left can be read, if there are any.
    pub recall: Callback<Callback<()>>,
    /// What the device keeps of a field of the form for a new board.
    pub kept: fn(&str) -> String,
    /// Keeps what stands in such a field.
    pub keep: fn(&str, &str),
}

/// Carries out the command of a form. Says whether it did; if not, the person has been told why, also beside
/// the field that it is about, which has the keyboard then.
fn dispatch_from(session: Session, errors: FieldErrors, command: Command) -> bool {
    let refused = session.try_dispatch(command).err();
    if let Some(refusal) = &refused {
        session.notices.refuse(refusal);
        if let Some(field) = refusal.field() {
            errors.refuse(field, refusal.to_string());
        }
    }
    refused.is_none()
}

/// The same for a field that stores what it holds when it is left.
fn dispatch_in_place(session: Session, errors: FieldErrors, command: Command) {
    if let Err(refusal) = session.try_dispatch(command) {
        session.notices.refuse(&refusal);
        if let Some(field) = refusal.field() {
            errors.note(field, refusal.to_string());
        }
    }
}

/// What pages can ask of the world outside the board. The composition root fills it in.
#[derive(Clone, Copy)]
pub struct Services {
    /// Hands the open board out as a file.
    pub download: Callback<()>,
    /// Hands out what was set aside as damaged.
    pub download_set_aside: Callback<()>,
    /// Puts a board in the trash or the archive, or takes it out again.
    pub move_board: Callback<(ChangeId, Place)>,
    /// Deletes a board in the trash for good.
    pub delete_board: Callback<ChangeId>,
    /// Gives a board another name: its decision question.
    pub rename_board: Callback<(ChangeId, String)>,
    /// Makes a board like another one, without anybody's numbers, and opens it.
    pub duplicate_board: Callback<ChangeId>,
    /// Puts the reminder of backups off for a while.
    pub put_reminder_off: Callback<()>,
    /// Loads the newer build of the app that is stored already.
    pub reload_into_update: Callback<()>,
    /// Finds out how much room each board takes.
    pub measure_boards: Callback<()>,
    /// What the address shows only a part by.
    pub filter: Signal<Filter>,
    /// Goes to an address; `true` replaces the one before it.
    pub go: Callback<(Route, bool)>,
    /// Whether the tour has been seen, or a section is open: remembered by name.
    pub remembered: Callback<&'static str, Option<bool>>,
    /// Remembers it.
    pub remember: Callback<(&'static str, bool)>,
    /// Shows the screen from its top, with the keyboard at its beginning.
    pub begin_anew: Callback<()>,
    /// Moves the keyboard to the element with this id.
    pub focus: Callback<String>,
    /// The same, where what had the keyboard is gone.
    pub focus_if_lost: Callback<String>,
    /// Finds out what is at an address, and hands it to the signal.
    pub test_endpoint: Callback<(EndpointDraft, RwSignal<Option<Tested>>)>,
    /// Keeps the open board in step with an endpoint; `None` ends that.
    pub connect: Callback<Option<EndpointDraft>>,
    /// Brings the board at an address here and keeps it in step; says in the signal why it cannot.
    pub join: Callback<(EndpointDraft, bool, RwSignal<Option<Tested>>)>,
    /// Asks the open board's server for something besides keeping the board.
    pub ask_server: Callback<ServerAsk>,
    /// A link by which others come to the open board's endpoint, with the credential of this browser.
    pub own_invitation: Callback<(), String>,
    /// Looks at the endpoint at once.
    pub sync_now: Callback<()>,
    /// The address at which a server that also serves the app would keep the open board.
    pub own_endpoint: Callback<(), String>,
    /// Prints the page.
    pub print: Callback<()>,
    /// Chooses who edits here.
    pub choose_me: Callback<Option<PersonId>>,
    /// Copies a text, and says that it did.
    pub copy: Callback<String>,
    /// Hands a text out as a file: its name without an ending, its sort, the text.
    pub save: Callback<(String, FileSort, String)>,
    /// The address of the app, without its fragment.
    pub app_address: fn() -> String,
    /// Makes a board of these facts, under ids of its own.
    pub adopt: Callback<Vec<Change>>,
}

/// Gets what came of it, or why nothing did. A plain function: each sort of callback that Leptos gets
/// to see costs a kilobyte.
pub type Done<T> = Box<dyn FnOnce(Result<T, String>)>;

/// Something to lock.
pub struct Sealing {
    /// What is to be locked.
    pub content: Vec<u8>,
    /// With what; `None`: with a new key.
    pub passphrase: Option<String>,
    /// Gets the parcel, and the key if one was drawn; or why there is none.
    pub done: Done<(Parcel, String)>,
}

/// Something to unlock.
pub struct Unsealing {
    /// What is locked.
    pub parcel: Parcel,
    /// The passphrase or the key.
    pub secret: String,
    /// Gets what was in it, or why it stays locked.
    pub done: Done<Vec<u8>>,
}

/// Something to ask the open board's server for.
pub struct ServerAsk {
    /// What.
    pub wish: ServerWish,
    /// Gets what it said, or why nothing came of it.
    pub done: Done<ServerAnswer>,
}

/// A snapshot to get from a server.
pub struct Fetching {
    /// Where it is.
    pub link: HostedLink,
    /// Gets the text of the sealed file, or why it cannot be had.
    pub done: Done<String>,
}

/// What sort of file is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileSort {
    /// A snapshot, as readable JSON.
    Snapshot,
    /// A page that opens from a disk.
    Html,
    /// Markdown.
    Markdown,
    /// A table for spreadsheets.
    Csv,
    /// Days for a calendar.
    Calendar,
    /// A picture.
    Svg,
}

impl Services {
    /// The one the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}

/// A pasted text of so many bytes is put into an empty field at once: a browser takes minutes to insert
/// many lines into a field that it could undo.
const SET_AT_ONCE: usize = 20_000;

/// What only the screens for taking out and bringing in ask of the world.
#[derive(Clone, Copy)]
pub struct Exchange {
    /// What stands in the clipboard as HTML beside the text that is being pasted.
    pub pasted_markup: fn(&leptos::ev::ClipboardEvent) -> Option<String>,
    /// The text that is being pasted.
    pub pasted_text: fn(&leptos::ev::ClipboardEvent) -> Option<String>,
    /// Lets the person choose a table, and hands its text on.
    pub pick_table: Callback<Callback<String>>,
    /// Hands a picture (SVG) out as PNG under a name, or copies it.
    pub picture: Callback<(String, String, bool)>,
    /// An address under which a picture can be shown.
    pub picture_address: fn(&str) -> String,
    /// Locks what a snapshot folds to.
    pub seal: fn(Sealing),
    /// Does something once what stands now is shown.
    pub soon: fn(Box<dyn FnOnce()>),
}

impl Exchange {
    /// A text that is being pasted, when it is so long that it is better put into the field at once.
    fn long_paste(&self, event: &leptos::ev::ClipboardEvent) -> Option<String> {
        (self.pasted_text)(event).filter(|text| text.len() >= SET_AT_ONCE)
    }
}

impl Exchange {
    /// The one the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}

/// What only the screens for meetings ask of the world.
#[derive(Clone, Copy)]
pub struct Secrets {
    /// Keeps somebody's answers of a blind round on this device, seals them, and says whether it did.
    pub seal_answers: Callback<SealAnswers>,
    /// What somebody answered on this device and has not been published.
    pub kept_answers: Callback<(RoundId, PersonId), Vec<Answer>>,
}

impl Secrets {
    /// The one the composition root has provided.
    #[must_use]
    pub fn from_context() -> Self {
        #[expect(
            clippy::expect_used,
            reason = "the composition root provides it before any page"
        )]
        use_context().expect("the outside of the app")
    }
}

/// Key and label of each person, for a list to choose from.
fn people_choices(board: &Board) -> Vec<(String, String)> {
    board
        .people()
        .map(|person| (person.id.to_string(), person.name.clone()))
        .collect()
}

/// Key and label of each option, for a list to choose from.
fn option_choices(board: &Board) -> Vec<(String, String)> {
    board
        .options()
        .map(|option| (option.id.to_string(), option.name.clone()))
        .collect()
}

/// Key and label of each word of a vocabulary, for a list to choose from.
macro_rules! word_choices {
    ($word:ty) => {
        <$word>::ALL
            .iter()
            .map(|word| (word.key().to_owned(), word.label().to_owned()))
            .collect::<Vec<_>>()
    };
}
pub(crate) use word_choices;

/// What kind of option it is.
fn mark_of(board: &Board, option: Option<OptionId>) -> Mark {
    option
        .and_then(|option| board.option(option))
        .map_or(Mark::Other, |option| option.mark())
}

/// Which option each end of the scale favours. Polarity belongs to the crux: at 100% stands the
/// option it points to, at 0% the opposite where there is one.
fn scale_ends(board: &Board, crux: &Crux) -> (Option<Mark>, Option<Mark>) {
    let Some(option) = crux.if_true.and_then(|option| board.option(option)) else {
        return (None, None);
    };
    let opposite = match option.mark() {
        Mark::Stop | Mark::Change => Some(Mark::Continue),
        Mark::Continue | Mark::DoubleDown => Some(Mark::Stop),
        Mark::Other => None,
    };
    (opposite, Some(option.mark()))
}

/// The people of a crux as dots.
fn dots(board: &Board, views: &[CurrentView], me: Option<PersonId>, now: Now) -> Vec<Dot> {
    let dot = |view: &CurrentView| {
        let person = board.person(view.statement.person)?;
        Some(Dot {
            initials: person.initials(),
            name: person.name.clone(),
            percent: view.statement.credence.percent(),
            previous: view.previous.map(|previous| previous.percent()),
            is_stale: view.is_stale,
            is_me: Some(person.id) == me,
            day: spelled(now.day_of(view.statement.at)),
        })
    };
    views.iter().filter_map(dot).collect()
}

/// The history of a crux as points of a chart.
fn points(board: &Board, crux: CruxId, now: Now) -> Vec<Point> {
    let mut before: Vec<(PersonId, f64)> = Vec::new();
    let marked = after_reveal(board, crux);
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
            initials: person.initials(),
            percent,
            previous,
            aggregate: step.estimate.aggregate,
            reason: match &basis.reason {
                reason if marked.contains(&step.statement) => {
                    format!("(after the reveal) {reason}")
                }
                reason => reason.clone(),
            },
            evidence: evidence.join("; "),
            reaffirms: statement.reaffirms,
        })
    };
    steps(board, crux).into_iter().filter_map(point).collect()
}

/// Today, as the session has it.
fn today(session: Session) -> Signal<chrono::NaiveDate> {
    Signal::derive(move || session.now.get().today())
}

/// The address of a screen of the open board. Screens are built once their board is open.
fn href(session: Session, screen: Screen) -> String {
    session.open.get_untracked().map_or_else(
        || Route::Start.href(),
        |board| Route::Board(board, screen).href(),
    )
}

/// Reads a crux and follows it.
fn read_crux<T>(
    session: Session,
    id: CruxId,
    read: impl FnOnce(&Board, &Record<CruxId, Crux>) -> T,
) -> Option<T> {
    session.follow(RecordRef::Crux(id));
    session.with(|board| board.crux(id).map(|crux| read(board, crux)))
}
