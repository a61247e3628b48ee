//! Files to download or choose, and the clipboard.

use std::time::Duration;

use cruxboard_domain::t;
use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, ClipboardEvent, DragEvent, File, HtmlAnchorElement, HtmlInputElement,
    TextDecoder, TextDecoderOptions, Url,
};

use cruxboard_domain::import::csv::{MOST_BYTES as MAX_TABLE_BYTES, SheetError, table_in_archive};

use super::clock;

/// The largest file that is read, in bytes: more than a board of 100,000 changes takes.
pub const MAX_BYTES: u32 = 64 * 1024 * 1024;

/// A file as chosen or dropped, not yet decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawFile {
    /// The file's name, without its folder.
    pub name: String,
    /// The file's bytes.
    pub bytes: Vec<u8>,
}

/// The reason why a file was not read or saved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// The file is too large to be a board.
    #[error("{}", t!("“{name}” has {megabytes} MB, and no board is that large (the limit is 64 MB).", name, megabytes))]
    TooLarge {
        /// The file's name.
        name: String,
        /// The file's size in megabytes, rounded up.
        megabytes: u64,
    },
    /// The file is larger than `MAX_TABLE_BYTES`.
    #[error("{}", t!("“{name}” has {megabytes} MB, and a table may have 20 MB. Please bring it in in parts.", name, megabytes))]
    TableTooLarge {
        /// The file's name.
        name: String,
        /// The file's size in megabytes, rounded up.
        megabytes: u64,
    },
    /// The archive has no readable table.
    #[error("{}", t!("“{name}”: {problem}", name, problem))]
    NoTable {
        /// The file's name.
        name: String,
        /// The reason.
        problem: SheetError,
    },
    /// The browser could not read the file.
    #[error("{}", t!("“{name}” could not be read. It may have been moved or changed meanwhile.", name))]
    Unreadable {
        /// The file's name.
        name: String,
    },
    /// The browser did not start the download.
    #[error("{}", t!("The browser did not save the file."))]
    NotSaved,
    /// The page has no clipboard, since it came over an insecure connection.
    #[error("{}", t!("The browser gives this page no clipboard, because it came over plain http."))]
    NoClipboard,
    /// The browser did not let the page use the clipboard.
    #[error("{}", t!("The browser did not let this page copy."))]
    NotCopied,
    /// The page has no clipboard for pictures.
    #[error("{}", t!("The browser gives this page no clipboard for pictures. Save the picture as PNG or SVG instead."))]
    NoPictureClipboard,
}

/// Downloads a text as a file.
///
/// # Errors
/// [`FileProblem::NotSaved`] if the browser does not start the download.
pub fn download(name: &str, mime: &str, text: &str) -> Result<(), FileProblem> {
    save(name, mime, text).or(Err(FileProblem::NotSaved))
}

fn save(name: &str, mime: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(mime);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)?;
    download_blob(name, &blob)
}

/// Downloads a blob as a file.
///
/// # Errors
/// The browser's exception.
pub(super) fn download_blob(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Some browsers read the URL only a while after the click, so it is revoked late.
    std::mem::forget(clock::after(Duration::from_secs(60), move || {
        drop(Url::revoke_object_url(&url))
    }));
    Ok(())
}

/// Lets the person choose a file. `accept` is as in HTML: `".json,application/json"`. Must be
/// called directly from a click or key press. `None` if the person cancels.
pub async fn pick_file(accept: &str) -> Option<Result<RawFile, FileProblem>> {
    Some(read(&pick(accept).await?).await)
}

/// Lets the person choose a table, as [`pick_file`] does. A table that is too large is not read.
pub async fn pick_table() -> Option<Result<RawFile, FileProblem>> {
    // Workbooks can be chosen too, so that the error names their format and says what to do.
    let file = pick(".csv,.tsv,.txt,.md,.json,.zip,.xlsx,.xls,.ods,text/csv").await?;
    if file.size() > MAX_TABLE_BYTES as f64 {
        let megabytes = (file.size() / 1_048_576.0).ceil() as u64;
        let name = file.name();
        return Some(Err(FileProblem::TableTooLarge { name, megabytes }));
    }
    let file = match read(&file).await {
        Ok(file) => file,
        Err(problem) => return Some(Err(problem)),
    };
    Some(match table_in_archive(&file.bytes) {
        None => Ok(file),
        Some(Ok(text)) => Ok(RawFile {
            name: file.name,
            bytes: text.into_bytes(),
        }),
        Some(Err(problem)) => Err(FileProblem::NoTable {
            name: file.name,
            problem,
        }),
    })
}

async fn pick(accept: &str) -> Option<File> {
    let input: HtmlInputElement = document().create_element("input").ok()?.unchecked_into();
    input.set_type("file");
    input.set_accept(accept);
    input.set_hidden(true);
    // Some browsers open no dialog for an input that is not in the page.
    document().body()?.append_child(&input).ok()?;
    let chosen = Promise::new(&mut |resolve, _| {
        for event in ["change", "cancel"] {
            drop(input.add_event_listener_with_callback(event, &resolve));
        }
    });
    input.click();
    // The promise is never rejected.
    drop(chosen.await);
    input.remove();
    input.files()?.get(0)
}

/// Returns whether files are being dragged, rather than something of the page.
#[must_use]
pub fn holds_files(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|data| data.types().includes(&"Files".into(), 0))
}

/// Returns the first file of a drop.
#[must_use]
pub fn dropped(event: &DragEvent) -> Option<File> {
    event.data_transfer()?.files()?.get(0)
}

/// Reads a file that was dropped or chosen.
///
/// # Errors
/// [`FileProblem`] if the file is too large or cannot be read.
pub async fn read(file: &File) -> Result<RawFile, FileProblem> {
    let name = file.name();
    if file.size() > f64::from(MAX_BYTES) {
        let megabytes = (file.size() / 1_048_576.0).ceil() as u64;
        return Err(FileProblem::TooLarge { name, megabytes });
    }
    match file.array_buffer().await {
        Ok(buffer) => {
            let buffer: ArrayBuffer = buffer.unchecked_into();
            let bytes = Uint8Array::new(&buffer).to_vec();
            Ok(RawFile { name, bytes })
        }
        Err(_) => Err(FileProblem::Unreadable { name }),
    }
}

/// Decodes bytes by the browser's decoder for a label of the Encoding Standard. `None` if the bytes
/// are not valid in that encoding.
#[must_use]
pub fn decode(bytes: &[u8], label: &str) -> Option<String> {
    let options = TextDecoderOptions::new();
    options.set_fatal(true);
    let decoder = TextDecoder::new_with_label_and_options(label, &options).ok()?;
    decoder.decode_with_u8_array(bytes).ok()
}

/// Returns the HTML in the clipboard that accompanies the pasted text, if any.
#[must_use]
pub fn pasted_markup(event: &ClipboardEvent) -> Option<String> {
    let found = event.clipboard_data()?.get_data("text/html").ok()?;
    (!found.trim().is_empty()).then_some(found)
}

/// Returns the pasted text.
#[must_use]
pub fn pasted_text(event: &ClipboardEvent) -> Option<String> {
    event.clipboard_data()?.get_data("text/plain").ok()
}

/// The longest wait for the browser to copy.
const COPY_PATIENCE: Duration = Duration::from_millis(800);

/// Returns whether the page has a clipboard. Pages that came over plain HTTP have none.
pub(super) fn has_clipboard() -> bool {
    js_sys::Reflect::get(&window().navigator(), &"clipboard".into())
        .is_ok_and(|clipboard| !clipboard.is_undefined())
}

/// Copies a text to the clipboard.
///
/// # Errors
/// [`FileProblem::NoClipboard`] if the page has none, [`FileProblem::NotCopied`] if the browser
/// refuses or does not answer.
pub async fn copy(text: &str) -> Result<(), FileProblem> {
    if !has_clipboard() {
        return Err(FileProblem::NoClipboard);
    }
    let written = window().navigator().clipboard().write_text(text);
    let is_late = Promise::new(&mut |_, reject| {
        let reject = move || drop(reject.call0(&JsValue::NULL));
        std::mem::forget(clock::after(COPY_PATIENCE, reject));
    });
    Promise::race(&Array::of2(&written, &is_late))
        .await
        .map(drop)
        .or(Err(FileProblem::NotCopied))
}

/// Opens the browser's print dialog.
pub fn print() {
    // If printing is impossible here, the browser's own menu reports that too.
    drop(window().print());
}
