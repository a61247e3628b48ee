use cruxboard_domain::t;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// The reason why storage failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageProblem {
    /// The page has no storage: private mode, a setting, or a sandbox.
    #[error("{}", t!("the browser gives this page no storage"))]
    Blocked,
    /// A newer version of the app has upgraded the database.
    #[error("{}", t!("a newer version of Cruxboard keeps its data here"))]
    Newer,
    /// Another tab still uses the database in its previous version.
    #[error("{}", t!("another tab with an older version is still open"))]
    HeldByAnotherTab,
    /// Another tab has been opening the database for so long that it must hang.
    #[error("{}", t!("another tab hangs while it opens the storage"))]
    AnotherTabHangs,
    /// The storage is full.
    #[error("{}", t!("the storage is full"))]
    Full,
    /// The database was closed during the operation: cleared, or shut down by the browser.
    #[error("{}", t!("the browser interrupted it"))]
    Interrupted,
    /// The database did not answer in time.
    #[error("{}", t!("the storage does not answer"))]
    Silent,
    /// Any other exception of the browser.
    #[error("{}", t!("the browser says: {name}: {message}", name, message))]
    Other {
        /// The exception's name.
        name: String,
        /// The exception's message.
        message: String,
    },
}

impl StorageProblem {
    /// Converts an exception, or the error of a request or transaction.
    pub(super) fn from_js(thrown: &JsValue) -> Self {
        let text = |key: &str| {
            let value = Reflect::get(thrown, &key.into()).ok();
            value
                .and_then(|value| value.as_string())
                .unwrap_or_default()
        };
        let name = text("name");
        match name.as_str() {
            "QuotaExceededError" => Self::Full,
            "SecurityError" => Self::Blocked,
            "VersionError" => Self::Newer,
            "AbortError" | "InvalidStateError" | "TransactionInactiveError" => Self::Interrupted,
            _ => Self::Other {
                name,
                message: text("message"),
            },
        }
    }
}

impl From<JsValue> for StorageProblem {
    fn from(thrown: JsValue) -> Self {
        Self::from_js(&thrown)
    }
}
