//! The connection to the database: opened on first use, and again after the browser closed it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbObjectStoreParameters, IdbOpenDbRequest, IdbTransaction,
};

use super::request::{Access, answer, begin};
use super::{BOARDS, CHANGES, META, SET_ASIDE, StorageProblem, write_lock};
use crate::clock;
use crate::settings::local_storage;

const NAME: &str = "cruxboard";
const VERSION: u32 = 1;
/// Timeout of opening the database. A slow disk takes far less, but some browsers never answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// A handle to the connection. Cheap to clone; all clones share one connection.
#[derive(Clone)]
pub(super) struct Connection {
    database: Rc<RefCell<Option<IdbDatabase>>>,
    on_lost: Rc<dyn Fn()>,
}

impl Connection {
    pub(super) fn new(on_lost: impl Fn() + 'static) -> Self {
        Self {
            database: Rc::default(),
            on_lost: Rc::new(on_lost),
        }
    }

    /// Begins a transaction. Opens the database if it is not open.
    pub(super) async fn begin(
        &self,
        stores: &[&str],
        access: Access,
    ) -> Result<IdbTransaction, StorageProblem> {
        let begun = begin(&self.database().await?, stores, access);
        if begun != Err(StorageProblem::Interrupted) {
            return begun;
        }
        // The database was closed, and its event has not fired yet.
        self.database.take();
        begin(&self.database().await?, stores, access)
    }

    async fn database(&self) -> Result<IdbDatabase, StorageProblem> {
        if let Some(database) = self.database.borrow().clone() {
            return Ok(database);
        }
        let opened = open().await?;
        // Another caller may have opened the database meanwhile.
        if let Some(database) = self.database.borrow().clone() {
            opened.close();
            return Ok(database);
        }
        self.follow(&opened);
        self.database.replace(Some(opened.clone()));
        Ok(opened)
    }

    /// Closes the database when a newer version upgrades it or the person clears it.
    fn follow(&self, database: &IdbDatabase) {
        let connection = self.clone();
        let let_go = Closure::once_into_js(move |event: Event| {
            if let Some(database) = event.target() {
                database.unchecked_into::<IdbDatabase>().close();
            }
            connection.database.take();
            (connection.on_lost)();
        });
        // The closure can be called only once, but only one of the two events fires.
        database.set_onversionchange(Some(let_go.unchecked_ref()));
        database.set_onclose(Some(let_go.unchecked_ref()));
    }
}

async fn open() -> Result<IdbDatabase, StorageProblem> {
    let factory = window().indexed_db()?.ok_or(StorageProblem::Blocked)?;
    let _lock = write_lock::acquire().await?;
    let database = open_with(&factory).await?;
    if database.object_store_names().length() > 0 {
        return Ok(database);
    }
    // Another program created the database without stores.
    database.close();
    answer(factory.delete_database(NAME)?.unchecked_into()).await?;
    open_with(&factory).await
}

async fn open_with(factory: &IdbFactory) -> Result<IdbDatabase, StorageProblem> {
    let request = factory.open_with_u32(NAME, VERSION)?;
    let make_stores = Closure::once_into_js(|event: Event| drop(make_stores(&event)));
    request.set_onupgradeneeded(Some(make_stores.unchecked_ref()));
    let mut timer = None;
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
        request.set_onblocked(Some(&reject));
        let give_up = move || drop(reject.call0(&JsValue::NULL));
        timer = Some(clock::after(PATIENCE, give_up));
    });
    let settled = settled.await;
    drop(timer);
    let Err(reason) = settled else {
        return Ok(request.result()?.unchecked_into());
    };
    // If the database opens after all, close it, so that it does not block other tabs.
    let close = Closure::once_into_js(|event: Event| drop(close_late(&event)));
    request.set_onsuccess(Some(close.unchecked_ref()));
    match reason.dyn_into::<Event>() {
        Err(_) => Err(StorageProblem::Silent),
        Ok(event) if event.type_() == "blocked" => Err(StorageProblem::HeldByAnotherTab),
        Ok(_) => {
            let error = request.error()?;
            let problem = error.map_or(StorageProblem::Interrupted, |error| {
                StorageProblem::from_js(&error)
            });
            // Chromium reports a storage that the person has blocked as an unknown error.
            let is_blocked =
                matches!(problem, StorageProblem::Other { .. }) && local_storage().is_none();
            Err(if is_blocked {
                StorageProblem::Blocked
            } else {
                problem
            })
        }
    }
}

fn close_late(event: &Event) -> Result<(), JsValue> {
    let request: IdbOpenDbRequest = event.target().ok_or(JsValue::NULL)?.unchecked_into();
    request.result()?.unchecked_into::<IdbDatabase>().close();
    Ok(())
}

fn make_stores(event: &Event) -> Result<(), JsValue> {
    let request: IdbOpenDbRequest = event.target().ok_or(JsValue::NULL)?.unchecked_into();
    let database: IdbDatabase = request.result()?.unchecked_into();
    for store in [CHANGES, BOARDS, META] {
        database.create_object_store(store)?;
    }
    let counted = IdbObjectStoreParameters::new();
    Reflect::set(&counted, &"autoIncrement".into(), &true.into())?;
    database.create_object_store_with_optional_parameters(SET_ASIDE, &counted)?;
    Ok(())
}
