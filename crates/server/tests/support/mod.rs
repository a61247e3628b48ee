//! Builds changes to send to a server, and reads responses.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program takes what it needs of this"
)]
#![allow(
    clippy::unwrap_used,
    reason = "the helpers are outside of a test function, where clippy's own exception does not reach"
)]

pub mod hostile;
pub mod load;
pub mod program;

use cruxboard_domain::{BoardId, ChangeId, Millis, document::Document, id::Replica};
use reqwest::Response;

/// Returns stamp number `n` of a device.
pub fn stamp(device: u32, n: u64) -> ChangeId {
    ChangeId::new(Millis(1_795_429_733_409 + n), 0, Replica::new(device, 1))
}

pub fn option(id: impl Into<ChangeId>, name: &str) -> String {
    let id: ChangeId = id.into();
    format!(r#"{{"id":"{id}","fact":{{"option-added":{{"name":"{name}"}}}}}}"#)
}

pub fn redaction(id: ChangeId, targets: &[ChangeId]) -> String {
    about(id, "redacted", targets)
}

pub fn retraction(id: ChangeId, targets: &[ChangeId]) -> String {
    about(id, "retracted", targets)
}

fn about(id: ChangeId, what: &str, targets: &[ChangeId]) -> String {
    let targets: Vec<String> = targets
        .iter()
        .map(|target| format!("\"{target}\""))
        .collect();
    format!(
        r#"{{"id":"{id}","fact":{{"{what}":[{}]}}}}"#,
        targets.join(",")
    )
}

pub fn document(board: BoardId, changes: &[String]) -> String {
    format!(
        r#"{{"format":"cruxboard","version":1,"board":"{board}","changes":[{}]}}"#,
        changes.join(",\n")
    )
}

pub fn header_of<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

/// Returns the changes in a response, in order.
pub async fn changes_in(response: Response) -> Vec<String> {
    let text = response.text().await.unwrap();
    let document = Document::from_json(&text).unwrap();
    assert_eq!(document.damaged, Vec::<String>::new());
    document
        .entries
        .iter()
        .map(|entry| entry.to_json())
        .collect()
}

/// Returns a field of a JSON response, as text.
pub async fn field(response: Response, name: &str) -> String {
    let text = response.text().await.unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    match &value[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
