//! Futures for the requests and transactions of IndexedDB.

use std::future::Future;

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbRequest, IdbTransaction};

use super::StorageProblem;

/// Returns the result of a request. The request's handlers are set when this returns.
pub(super) fn answer(request: IdbRequest) -> impl Future<Output = Result<JsValue, StorageProblem>> {
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    async move {
        match settled.await {
            Ok(_) => Ok(request.result()?),
            Err(_) => Err(request
                .error()?
                .map_or(StorageProblem::Interrupted, |error| {
                    StorageProblem::from_js(&error)
                })),
        }
    }
}

/// Returns the end of a transaction. Only then are its writes safe.
pub(super) fn completion(
    transaction: &IdbTransaction,
) -> impl Future<Output = Result<(), StorageProblem>> + use<> {
    let settled = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    let transaction = transaction.clone();
    async move {
        match settled.await {
            Ok(_) => Ok(()),
            Err(_) => Err(transaction
                .error()
                .map_or(StorageProblem::Interrupted, |error| {
                    StorageProblem::from_js(&error)
                })),
        }
    }
}

/// The access mode of a transaction.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// Read and write, with strict durability: complete only once the system was told to write to
    /// disk.
    Write,
}

pub(super) fn begin(
    database: &IdbDatabase,
    stores: &[&str],
    access: Access,
) -> Result<IdbTransaction, StorageProblem> {
    let stores: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let mode = if access == Access::Read {
        "readonly"
    } else {
        "readwrite"
    };
    let options = js_sys::Object::new();
    Reflect::set(&options, &"durability".into(), &"strict".into())?;
    // web-sys offers the third argument only behind a compiler flag for the whole build.
    let transaction: js_sys::Function =
        Reflect::get(database, &"transaction".into())?.unchecked_into();
    let begun = transaction.call3(database, &stores, &mode.into(), &options)?;
    Ok(begun.unchecked_into())
}
