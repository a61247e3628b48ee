use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cruxboard_domain::Credence;
use cruxboard_domain::board::RecordRef;
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::{Command, Move};
use cruxboard_domain::id::Replica;
use cruxboard_domain::limits::TEXT_LIMIT;
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::{Crux, CruxEdit, CruxId, PersonEdit, PersonId, RoundEdit};
use leptos::prelude::*;

use super::{ChangedDraft, NoticeKind, SaveState, Session};

fn noon() -> Now {
    Now::utc(1_795_435_200_000)
}

/// A session with a board of two people and two cruxes open.
fn session(device: u32) -> (Session, Vec<CruxId>, PersonId) {
    let session = Session::new(Replica::new(device, 1), noon);
    let founded = session
        .found_board("Go on?", &["Ann".into(), "Bob".into()])
        .unwrap();
    let board = founded[0].id;
    session.open_board(board, founded.into_iter().map(Entry::Known).collect());
    for claim in ["It works.", "It pays."] {
        let crux = CruxEdit {
            claim: Some(claim.into()),
            ..CruxEdit::default()
        };
        assert!(session.dispatch(Command::AddCrux {
            crux,
            triggers: Vec::new()
        }));
    }
    let cruxes = session.with(|board| board.cruxes().iter().map(|crux| crux.id).collect());
    let person = session
        .with(|board| board.people().next().map(|person| person.id))
        .unwrap();
    (session, cruxes, person)
}

fn state(session: Session, crux: CruxId, person: PersonId, percent: f64) {
    let credence = Credence::from_percent(percent).unwrap();
    let moved = Move {
        crux,
        person,
        credence,
        reason: String::new(),
    };
    assert!(session.dispatch(Command::StateCredence {
        moved,
        evidence: Vec::new()
    }));
}

/// A reader of one record, and how often it ran.
fn reader(session: Session, record: RecordRef) -> (Memo<usize>, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let count = runs.clone();
    let memo = Memo::new(move |_| {
        session.follow(record);
        count.fetch_add(1, Ordering::Relaxed)
    });
    (memo, runs)
}

#[test]
fn a_committed_statement_wakes_the_readers_of_one_crux() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let (first, first_runs) = reader(session, RecordRef::Crux(cruxes[0]));
    let (second, second_runs) = reader(session, RecordRef::Crux(cruxes[1]));
    let (frame, frame_runs) = reader(session, RecordRef::Board);
    let read_all = || {
        (
            first.get_untracked(),
            second.get_untracked(),
            frame.get_untracked(),
        )
    };
    read_all();
    state(session, cruxes[0], person, 35.0);
    read_all();
    let runs = [first_runs, second_runs, frame_runs].map(|runs| runs.load(Ordering::Relaxed));
    assert_eq!(runs, [2, 1, 1]);
}

#[test]
fn our_own_echo_touches_nothing() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    state(session, cruxes[0], person, 35.0);
    let echo: Vec<Entry> = session.with(|board| board.log().entries().cloned().collect());
    let (memo, runs) = reader(session, RecordRef::Crux(cruxes[0]));
    memo.get_untracked();
    assert_eq!(session.receive(echo), 0);
    memo.get_untracked();
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[test]
fn what_is_done_waits_in_the_outbox_until_it_is_stored() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let waiting = session.outbox.waiting();
    session.outbox.stored(&waiting);
    assert_eq!(session.outbox.state(), SaveState::Saved);
    state(session, cruxes[0], person, 35.0);
    assert_eq!(
        (session.outbox.len(), session.outbox.state()),
        (1, SaveState::Saving)
    );
    session.outbox.refused(SaveState::Failed("full".into()));
    assert_eq!(session.outbox.len(), 1, "what was refused is kept");
    session.outbox.stored(&session.outbox.waiting());
    assert_eq!(
        (session.outbox.len(), session.outbox.state()),
        (0, SaveState::Saved)
    );
}

#[test]
fn only_what_is_made_here_counts_for_the_reminder_of_backups() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, person) = session(1);
    let own = || {
        let waiting = session.outbox.waiting();
        waiting.iter().filter(|row| row.is_own).count()
    };
    let all = session.outbox.len();
    assert_eq!(own(), all);
    // Brought in, or stored again, whoever made it.
    let board = session.open.get_untracked().unwrap();
    let entries: Vec<Entry> = session.with(|board| board.log().entries().cloned().collect());
    session.outbox.stored(&session.outbox.waiting());
    session.outbox.put(board, entries);
    assert!(session.outbox.len() >= all);
    assert_eq!(own(), 0);
    state(session, cruxes[0], person, 35.0);
    assert_eq!(own(), 1);
}

#[test]
fn a_refusal_is_told_and_changes_nothing() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    let before = session.document();
    let crux = CruxEdit {
        claim: Some("x".repeat(TEXT_LIMIT + 1)),
        ..CruxEdit::default()
    };
    assert!(!session.dispatch(Command::AddCrux {
        crux,
        triggers: Vec::new()
    }));
    assert_eq!(session.document(), before);
    let shown = session.notices.shown();
    assert!(
        shown
            .iter()
            .any(|n| n.kind == NoticeKind::Refused && n.text.contains("5,000 is the most"))
    );
}

#[test]
fn undo_takes_back_what_this_device_did_and_nothing_of_another() {
    let owner = Owner::new();
    owner.set();
    let (here, cruxes, person) = session(1);
    let there = Session::new(Replica::new(2, 1), noon);
    let log: Vec<Entry> = here.with(|board| board.log().entries().cloned().collect());
    there.open_board(log[0].id(), log);

    state(here, cruxes[0], person, 35.0);
    state(there, cruxes[0], person, 80.0);
    let theirs: Vec<Entry> = there.with(|board| board.log().entries().cloned().collect());
    assert_eq!(here.receive(theirs), 1);
    here.undo();
    let latest = |session: Session| {
        session.with(|board| {
            let views = board.current_views(cruxes[0], noon().millis);
            views
                .iter()
                .map(|view| view.statement.credence.percent())
                .collect::<Vec<_>>()
        })
    };
    assert_eq!(latest(here), [80.0]);
    assert_eq!(here.undo_label().as_deref(), Some("Crux added"));
    assert_eq!(here.redo_label().as_deref(), Some("Credence updated"));
    here.redo();
    let statements = here.with(|board| board.statements_on(cruxes[0]).len());
    assert_eq!(statements, 2);
}

#[test]
fn nothing_offers_to_undo_an_opened_round() {
    let owner = Owner::new();
    owner.set();
    let (here, cruxes, person) = session(1);
    assert!(here.dispatch(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![cruxes[1]]),
        people: Some(vec![person]),
        held_at: None,
    })));
    let kind = here.notices.shown().last().map(|notice| notice.kind);
    assert_eq!(kind, Some(NoticeKind::Told));
    // The crux that is asked about stays; the other one can be taken back.
    assert_eq!(here.undo_label().as_deref(), Some("Crux added"));
    here.undo();
    let left: Vec<CruxId> = here.with(|board| board.cruxes().iter().map(|crux| crux.id).collect());
    assert_eq!(left, [cruxes[1]]);
    assert_eq!(here.with(|board| board.rounds().count()), 1);
    here.undo();
    assert_eq!(here.with(|board| board.rounds().count()), 1);
}

#[test]
fn undo_and_redo_outlive_a_reload() {
    let owner = Owner::new();
    owner.set();
    let (before, cruxes, person) = session(1);
    state(before, cruxes[0], person, 35.0);
    before.undo();
    let log: Vec<Entry> = before.with(|board| board.log().entries().cloned().collect());
    let after = Session::new(Replica::new(1, 2), noon);
    after.open_board(log[0].id(), log);
    assert_eq!(after.redo_label().as_deref(), Some("Credence updated"));
    after.redo();
    assert_eq!(after.with(|board| board.statements_on(cruxes[0]).len()), 1);
}

#[test]
fn taking_back_the_making_of_a_board_leaves_it_whole_for_the_trash() {
    let owner = Owner::new();
    owner.set();
    let (template, ..) = session(2);
    let payloads: Vec<_> = template.with(|board| board.log().changes().cloned().collect());
    let here = Session::new(Replica::new(1, 1), noon);
    let changes = here.adopt(&payloads);
    let board = changes[0].id;
    let entries: Vec<Entry> = changes.into_iter().map(Entry::Known).collect();
    let count = entries.len();
    here.open_board(board, entries);
    assert_eq!(here.undo_label().as_deref(), Some("Board created"));
    here.dispatch(Command::AddPerson(PersonEdit {
        name: Some("Later".into()),
        ..PersonEdit::default()
    }));
    here.undo();
    assert_eq!(here.unmade.get_untracked(), None);
    here.undo();
    assert_eq!(here.unmade.get_untracked(), Some(board));
    let counting = here.with(|board| {
        let log = board.log();
        log.changes().filter(|change| log.counts(change.id)).count()
    });
    // What was made, and that the person was taken back.
    assert_eq!(counting, count + 1);
}

#[test]
fn a_form_being_written_is_there_when_one_comes_back_and_each_record_has_its_own() {
    let owner = Owner::new();
    owner.set();
    let (session, cruxes, _) = session(1);
    let is_written = |text: &String| !text.is_empty();
    let draft = |crux: CruxId| session.draft("form", crux.0, String::new(), is_written);
    assert!(!session.drafts.is_any_at_risk());
    // A screen that goes away takes its own signals with it.
    let screen = owner.child();
    screen.with(|| draft(cruxes[0]).set("half a sentence".into()));
    screen.cleanup();
    assert!(session.drafts.is_any_at_risk());
    assert_eq!(draft(cruxes[0]).get_untracked(), "half a sentence");
    assert_eq!(draft(cruxes[1]).get_untracked(), "");
    draft(cruxes[0]).set(String::new());
    assert!(!session.drafts.is_any_at_risk());
}

#[test]
fn a_form_that_is_empty_goes_on_with_a_draft_that_another_tab_left_meanwhile() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    let draft = || session.draft_at("form".into(), String::new(), |text| !text.is_empty());
    assert_eq!(draft().get_untracked(), "");
    session.drafts.read_with(|_| Some("of another tab".into()));
    assert_eq!(draft().get_untracked(), "of another tab");
    assert!(!session.drafts.is_any_at_risk(), "the device has it");
    // What is written here is never replaced.
    draft().set("of this tab".into());
    assert_eq!(draft().get_untracked(), "of this tab");
}

#[test]
fn a_draft_comes_back_from_the_device_and_is_handed_to_it_as_it_changes() {
    let owner = Owner::new();
    owner.set();
    let (session, ..) = session(1);
    session.drafts.read_with(|key| {
        key.ends_with("/kept")
            .then(|| r#"{"claim":"It is so."}"#.into())
    });
    let is_written = |crux: &Crux| *crux != Crux::default();
    let crux = |form: &str| session.draft_at(form.into(), Crux::default(), is_written);
    assert_eq!(crux("kept").get_untracked().claim, "It is so.");
    let other = crux("other");
    let changed = || {
        let drafts = session.drafts.changed();
        let line =
            |draft: &ChangedDraft| format!("{} {:?} {:?}", draft.key, draft.text, draft.stored);
        drafts.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(changed(), [""; 0]);
    assert!(!session.drafts.is_any_at_risk(), "the device has it");

    other.update(|crux| crux.title = "T".into());
    let board = session.open.get_untracked().unwrap();
    let key = format!("{board}/other");
    let text = r#"{"title":"T"}"#.to_owned();
    assert_eq!(changed(), [format!("{key} {:?} None", Some(&text))]);
    assert!(session.drafts.is_any_at_risk());
    session.drafts.note_stored(&key, Some(text.clone()), true);
    assert!(!session.drafts.is_any_at_risk());
    assert_eq!(changed(), [""; 0]);

    other.set(Crux::default());
    assert_eq!(changed(), [format!("{key} None {:?}", Some(&text))]);
    session.drafts.note_stored(&key, None, true);

    // What storage does not take is asked about before the page is left.
    other.update(|crux| crux.title = "U".into());
    let text = Some(r#"{"title":"U"}"#.to_owned());
    session.drafts.note_stored(&key, text, false);
    assert_eq!(changed(), [""; 0], "it is not tried again as it stands");
    assert!(session.drafts.is_any_at_risk());
}

/// Thirty years after noon.
fn far_future() -> Now {
    Now::utc(noon().millis + 30 * 365 * 86_400_000)
}

fn log_of(session: Session) -> Vec<Entry> {
    session.with(|board| board.log().entries().cloned().collect())
}

#[test]
fn an_id_from_the_far_future_dates_nothing_on_other_boards() {
    let owner = Owner::new();
    owner.set();
    let there = Session::new(Replica::new(9, 1), far_future);
    let poisoned = there.found_board("Poisoned?", &[]).unwrap();
    let (here, cruxes, person) = session(1);
    let board = here.open.get_untracked().unwrap();
    let log = log_of(here);

    let late = poisoned[0].id;
    here.open_board(late, poisoned.into_iter().map(Entry::Known).collect());
    here.dispatch(Command::AddPerson(PersonEdit {
        name: Some("Cy".into()),
        ..PersonEdit::default()
    }));
    let last = here.with(|board| board.log().last());
    assert!(last > late, "on that board ids go on after those it has");

    let founded = here.found_board("A third?", &[]).unwrap();
    assert_eq!(founded[0].id.millis(), noon().millis);
    here.open_board(board, log);
    state(here, cruxes[0], person, 35.0);
    assert_eq!(
        here.with(|board| board.log().last()).millis(),
        noon().millis
    );
}

#[test]
fn a_board_that_is_opened_again_from_an_older_copy_mints_no_id_twice() {
    let owner = Owner::new();
    owner.set();
    let (here, cruxes, person) = session(1);
    let board = here.open.get_untracked().unwrap();
    let older = log_of(here);
    state(here, cruxes[0], person, 35.0);
    let minted = here.with(|board| board.log().last());
    let other = here.found_board("Another?", &[]).unwrap();
    here.open_board(other[0].id, other.into_iter().map(Entry::Known).collect());
    // The statement is on its way to storage, which does not have it yet.
    here.open_board(board, older);
    state(here, cruxes[0], person, 40.0);
    assert!(here.with(|board| board.log().last()) > minted);
}
