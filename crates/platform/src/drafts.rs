//! Drafts of forms, in local storage, so that a reload or a killed browser loses none of them.
//!
//! Each tab keeps drafts of its own, since two tabs may have the same form open. A reload keeps the tab's
//! id. The drafts of a closed tab go to the next tab that opens the form. Open tabs are told from closed
//! ones by a lock that each holds; where the browser has no locks, every other tab counts as closed.

use std::cell::RefCell;
use std::time::Duration;

use cruxboard_domain::BoardId;
use leptos::ev;
use leptos::task::spawn_local;

use super::clock;
use super::settings::{self, local_storage};
use super::web_lock::{self, WebLock};
use cruxboard_session::{ChangedDraft, NEW_BOARD, Session};
use leptos::prelude::*;

/// The longest draft that is stored, in bytes. The copies of boards need the room more.
const LONGEST: usize = 500_000;

/// The prefix of every draft's key.
const DRAFTS: &str = "cruxboard/draft/";

/// The prefix of every tab lock's name.
const TAB_LOCK: &str = "cruxboard/tab/";

/// Time that a duplicated tab waits for the lock of the original tab. A reloaded page also waits briefly for
/// the page before it.
const PATIENCE: Duration = Duration::from_millis(300);

/// A draft in local storage: the key of its field, and the id of the tab it was written in. Earlier
/// versions stored no tab.
type DraftKey = (String, Option<u32>);

#[derive(Default)]
struct Tab {
    id: Option<u32>,
    lock: Option<WebLock>,
    has_begun: bool,
    /// Callbacks to run once the open tabs are known.
    waiting: Vec<Box<dyn FnOnce()>>,
    /// The lock names of the open tabs; `None` until the browser has answered.
    open: Option<Vec<String>>,
    /// The drafts looked up since the last pause, so that the fields of a form come from one tab.
    lookup: Option<Lookup>,
}

struct Lookup {
    stored: Vec<DraftKey>,
    /// For each form, the tab whose draft it continues.
    sources: Vec<(String, Option<Option<u32>>)>,
}

thread_local! {
    static TAB: RefCell<Tab> = RefCell::default();
}

fn own_id() -> u32 {
    TAB.with_borrow_mut(|tab| {
        *tab.id
            .get_or_insert_with(|| settings::tab().get().unwrap_or_else(clock::random_u32))
    })
}

fn address((key, tab): &DraftKey) -> String {
    match tab {
        Some(tab) => format!("{DRAFTS}{key}@{tab}"),
        None => format!("{DRAFTS}{key}"),
    }
}

fn own_address(key: &str) -> String {
    address(&(key.to_owned(), Some(own_id())))
}

fn place(address: &str) -> Option<DraftKey> {
    let key = address.strip_prefix(DRAFTS)?;
    let with_tab = key.rsplit_once('@').and_then(|(key, tab)| {
        let tab = tab.parse().ok()?;
        Some((key.to_owned(), Some(tab)))
    });
    Some(with_tab.unwrap_or_else(|| (key.to_owned(), None)))
}

/// Returns the form that a draft is part of. In `board/field/record`, the first word of the field
/// names the form.
fn form_of(key: &str) -> String {
    let mut words = key.splitn(3, '/');
    let board = words.next().unwrap_or_default();
    if board == NEW_BOARD {
        return board.to_owned();
    }
    let form = match words.next().unwrap_or_default() {
        "bears-on" => "evidence",
        field => field.split('-').next().unwrap_or_default(),
    };
    format!("{board}/{form}/{}", words.next().unwrap_or_default())
}

fn stored() -> Vec<DraftKey> {
    let Some(storage) = local_storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or_default();
    let keys = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter_map(|key| place(&key)).collect()
}

/// Stores drafts as they change, until the page is unloaded.
pub fn keep(session: Session) {
    session.drafts.read_with(read);
    if stored().is_empty() {
        session.drafts.is_ready.set(true);
    }
    begin(move || session.drafts.is_ready.set(true));
    Effect::new(move |_| {
        for draft in session.drafts.changed() {
            let is_safe = store(&draft);
            session.drafts.note_stored(&draft.key, draft.text, is_safe);
        }
    });
}

/// Takes this tab's lock, lists the open tabs, and then calls back.
fn begin(on_ready: impl FnOnce() + 'static) {
    let is_ready = TAB.with_borrow(|tab| tab.open.is_some());
    if is_ready {
        on_ready();
        return;
    }
    let has_begun = TAB.with_borrow_mut(|tab| {
        tab.waiting.push(Box::new(on_ready));
        std::mem::replace(&mut tab.has_begun, true)
    });
    if has_begun {
        return;
    }
    std::mem::forget(window_event_listener(ev::pagehide, |_| {
        // A page that holds a lock is not put into the back-forward cache.
        TAB.with_borrow_mut(|tab| tab.lock = None);
    }));
    std::mem::forget(window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            spawn_local(hold_tab());
        }
    }));
    std::mem::forget(window_event_listener(ev::focus, |_| {
        spawn_local(look_for_open_tabs());
    }));
    std::mem::forget(window_event_listener(ev::visibilitychange, |_| {
        spawn_local(look_for_open_tabs());
    }));
    spawn_local(async {
        hold_tab().await;
        look_for_open_tabs().await;
        for on_ready in TAB.with_borrow_mut(|tab| std::mem::take(&mut tab.waiting)) {
            on_ready();
        }
    });
}

async fn hold_tab() {
    let name = |id: u32| format!("{TAB_LOCK}{id}");
    let mut id = own_id();
    let lock = match web_lock::lock_within(&name(id), PATIENCE).await {
        Some(lock) => lock,
        // The lock is taken: this tab is a duplicate that has the id of another tab.
        None => {
            id = clock::random_u32();
            web_lock::lock(&name(id), false, || ()).await
        }
    };
    settings::tab().set(&id);
    TAB.with_borrow_mut(|tab| {
        tab.id = Some(id);
        tab.lock = Some(lock);
    });
}

async fn look_for_open_tabs() {
    let has_lock = TAB.with_borrow(|tab| tab.lock.is_some());
    // The focus event may come before the lock was first granted.
    if !has_lock {
        return;
    }
    let held = web_lock::held().await.unwrap_or_default();
    TAB.with_borrow_mut(|tab| tab.open = Some(held));
}

/// Removes the drafts of a board.
pub fn forget(board: BoardId) {
    settings::forget(&format!("{DRAFTS}{board}/"));
}

/// Returns this tab's draft, or takes over that of a closed tab.
fn read(key: &str) -> Option<String> {
    let storage = local_storage()?;
    let own = own_address(key);
    if let Some(text) = storage.get_item(&own).ok()? {
        return Some(text);
    }
    let left = address(&(key.to_owned(), source_of(key)?));
    let text = storage.get_item(&left).ok()??;
    storage.remove_item(&left).ok()?;
    if storage.set_item(&own, &text).is_err() {
        // Cannot fail for lack of space: the same text was just removed.
        drop(storage.set_item(&left, &text));
    }
    Some(text)
}

/// Returns the tab whose draft this field's form continues. `None` if this tab has a draft of the
/// form, so that no form mixes the drafts of two tabs.
fn source_of(key: &str) -> Option<Option<u32>> {
    let own = own_id();
    let form = form_of(key);
    TAB.with_borrow_mut(|tab| {
        let open = tab.open.as_ref()?;
        let lookup = tab.lookup.get_or_insert_with(|| {
            // The lookup serves the whole screen, since screens are built in one task.
            set_timeout(forget_lookup, Duration::ZERO);
            Lookup {
                stored: stored(),
                sources: Vec::new(),
            }
        });
        if let Some((_, source)) = lookup.sources.iter().find(|(known, _)| *known == form) {
            return *source;
        }
        let is_closed = |tab: &u32| !open.contains(&format!("{TAB_LOCK}{tab}"));
        let of_form = lookup.stored.iter().filter(|(key, _)| form_of(key) == form);
        let tabs: Vec<Option<u32>> = of_form.map(|(_, tab)| *tab).collect();
        let source = match tabs.contains(&Some(own)) {
            true => None,
            false => tabs
                .into_iter()
                .find(|tab| tab.as_ref().is_none_or(is_closed)),
        };
        lookup.sources.push((form, source));
        source
    })
}

fn forget_lookup() {
    TAB.with_borrow_mut(|tab| tab.lookup = None);
}

/// Stores a draft, or removes an empty one. Returns whether local storage has it now.
fn store(draft: &ChangedDraft) -> bool {
    let Some(storage) = local_storage() else {
        return false;
    };
    let address = own_address(&draft.key);
    match &draft.text {
        Some(text) if text.len() <= LONGEST && storage.set_item(&address, text).is_ok() => true,
        // The text stored before is outdated, so remove it.
        Some(_) => {
            drop(storage.remove_item(&address));
            false
        }
        None => storage.remove_item(&address).is_ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::{form_of, place};

    #[test]
    fn a_draft_is_found_by_its_field_and_tab() {
        for (address, key, tab) in [
            ("cruxboard/draft/B/crux/0@7", "B/crux/0", Some(7)),
            // The key as stored by earlier versions.
            ("cruxboard/draft/B/crux/0", "B/crux/0", None),
            ("cruxboard/draft/new/people@7", "new/people", Some(7)),
        ] {
            assert_eq!(place(address), Some((key.to_owned(), tab)), "{address}");
        }
        assert_eq!(place("cruxboard/me/B"), None);
    }

    #[test]
    fn the_fields_of_a_form_belong_together() {
        for (form, fields) in [
            (
                "B/crux/0",
                &["B/crux/0", "B/crux-stop/0", "B/crux-go-on/0"][..],
            ),
            ("B/evidence/0", &["B/evidence/0", "B/bears-on/0"]),
            (
                "B/judgement/T",
                &["B/judgement-verdict/T", "B/judgement-reason/T"],
            ),
            ("B/would/C/P", &["B/would-rise/C/P"]),
            ("new", &["new/question", "new/people"]),
        ] {
            for field in fields {
                assert_eq!(form_of(field), form, "{field}");
            }
        }
    }
}
