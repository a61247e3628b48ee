use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Why storage did not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageProblem {
    /// There is none for this page: private mode, a setting, or a sandbox.
    #[error("the browser gives this page no storage")]
    Blocked,
    /// A newer version of the app has been here and changed how things are stored.
    #[error("a newer version of Cruxboard keeps its data here")]
    Newer,
    /// Another tab holds on to how things were stored before.
    #[error("another tab with an older version is still open")]
    HeldByAnotherTab,
    /// Another tab has been opening the database for so long that it must hang.
    #[error("another tab hangs while it opens the storage")]
    AnotherTabHangs,
    /// It is full.
    #[error("the storage is full")]
    Full,
    /// It went away in the middle: cleared, or shut down by the browser.
    #[error("the browser interrupted it")]
    Interrupted,
    /// It did not answer.
    #[error("the storage does not answer")]
    Silent,
    /// What the browser says.
    #[error("the browser says: {name}: {message}")]
    Other {
        /// The name of the exception.
        name: String,
        /// Its text.
        message: String,
    },
}

impl StorageProblem {
    /// Reads an exception, or the error of a request or a transaction.
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
