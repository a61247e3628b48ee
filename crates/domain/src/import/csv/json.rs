//! JSON of known programs: the answers of PredictionBook's and Manifold's APIs.

use crate::{Millis, tn, translatable};
use serde_json::Value;

use super::{Format, MOST_ROWS, Sheet, SheetError, moment};

/// Length of the beginning that is inspected before the whole text is parsed, in bytes.
const LOOKED_AT: usize = 64 * 1024;

const PREDICTIONS: [&str; 12] = [
    "description",
    "description_with_group",
    "mean_confidence",
    "creator_label",
    "deadline",
    "outcome",
    "last_judgement_at",
    "user_label",
    "confidence in percent",
    "response_created_at",
    "comment",
    "comment without an estimate",
];

/// The headings of Fatebook that apply to a market.
const MARKETS: [&str; 12] = [
    "Question title",
    "Multiple choice option",
    "Forecast created by",
    "Forecast (scale = 0-1)",
    "Forecast created at",
    "Question created by",
    "Question notes",
    "Question tags",
    "Question resolve by",
    "Resolution",
    "Resolved at",
    "Question comments",
];

/// Reads JSON of a known shape. `None` if the text is something else, or not JSON.
pub(super) fn read(text: &str) -> Option<Result<Sheet, SheetError>> {
    let text = text.trim_start();
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    let holds = |keys: &[&str]| keys.iter().all(|key| start.contains(key));
    let may_be = text.starts_with(['{', '['])
        && (holds(&["\"deadline\"", "\"description\""])
            || holds(&["\"question\"", "\"creatorUsername\""])
            || holds(&["\"contractId\"", "\"userId\""]));
    if !may_be {
        return None;
    }
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(error) => return error.is_eof().then_some(Err(SheetError::CutOff)),
    };
    let items = match &value {
        Value::Array(items) => items.as_slice(),
        value => match value.get("predictions") {
            Some(Value::Array(items)) => items.as_slice(),
            _ => std::slice::from_ref(value),
        },
    };
    let first = items.first()?;
    let has = |key: &str| first.get(key).is_some();
    let sheet = if has("description") && has("deadline") && has("outcome") {
        predictions(items)
    } else if has("question") && (has("outcomeType") || has("creatorUsername")) {
        markets(items)
    } else if has("contractId") && has("probAfter") {
        return Some(Err(SheetError::Part(translatable!(
            "These are bets on Manifold. A price that somebody paid is no credence of theirs, so there is nothing to take in. The market itself can be brought in, with its question and how it was resolved."
        ))));
    } else if has("contractId") && has("userName") {
        return Some(Err(SheetError::Part(translatable!(
            "These are comments on Manifold without their market. Please open the discussion itself, copy it, and paste it into the reading list."
        ))));
    } else {
        return None;
    };
    Some(match sheet.rows.len() {
        0 => Err(SheetError::Empty),
        rows if rows > MOST_ROWS => Err(SheetError::TooLong),
        _ => Ok(sheet),
    })
}

fn sheet(format: Format, head: [&str; 12], rows: Vec<[String; 12]>) -> Sheet {
    Sheet {
        head: head.map(str::to_owned).into(),
        has_headings: true,
        numbers: (1..=rows.len()).collect(),
        rows: rows.into_iter().map(Vec::from).collect(),
        remarks: vec![format.remark().to_owned()],
        format: Some(format),
        ..Sheet::default()
    }
}

/// Returns the text, number or truth value under a key; empty if it is missing, null or a collection.
fn text(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
        _ => String::new(),
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// Returns a time, given in milliseconds since 1970, as ISO 8601.
fn time(value: &Value, key: &str) -> String {
    let millis = value.get(key).and_then(Value::as_f64);
    // Times after the year 9999 cannot be written.
    let millis = millis.filter(|millis| (0.0..253_402_300_800_000.0).contains(millis));
    millis
        .map(|millis| moment(Millis(millis as u64)))
        .unwrap_or_default()
}

/// Converts responses of PredictionBook, one per row. Those without an estimate are comments.
fn predictions(items: &[Value]) -> Sheet {
    let mut rows = Vec::new();
    for item in items
        .iter()
        .filter(|item| text(item, "withdrawn") != "true")
    {
        let own = || {
            [
                text(item, "description"),
                text(item, "description_with_group"),
                String::new(),
                text(item, "creator_label"),
                text(item, "deadline"),
                text(item, "outcome"),
                text(item, "last_judgement_at"),
            ]
        };
        let row = |said: [String; 5]| {
            let mut cells = own().into_iter().chain(said);
            std::array::from_fn(|_| cells.next().unwrap_or_default())
        };
        let before = rows.len();
        for response in list(item, "responses") {
            let confidence = text(response, "confidence");
            let comment = text(response, "comment");
            let (reason, comment) = match confidence.as_str() {
                "" => (String::new(), comment),
                _ => (comment, String::new()),
            };
            if confidence.is_empty() && comment.is_empty() {
                continue;
            }
            rows.push(row([
                text(response, "user_label"),
                confidence,
                text(response, "created_at"),
                reason,
                comment,
            ]));
        }
        if rows.len() == before {
            rows.push(row(Default::default()));
        }
    }
    sheet(Format::PredictionBook, PREDICTIONS, rows)
}

/// Converts markets of Manifold: one row for each binary market or answer of a market, and one for each
/// comment. Markets for numbers, polls and bounties are left out.
fn markets(items: &[Value]) -> Sheet {
    let mut rows = Vec::new();
    let mut left_out = 0;
    for item in items {
        let kind = text(item, "outcomeType");
        let answers = list(item, "answers");
        if !matches!(
            kind.as_str(),
            "" | "BINARY" | "MULTIPLE_CHOICE" | "FREE_RESPONSE"
        ) {
            left_out += 1;
            continue;
        }
        let resolution = text(item, "resolution");
        let resolved_at = time(item, "resolutionTime");
        let row = |option: String, resolution: String, said: [String; 3]| {
            let [person, at, comment] = said;
            [
                text(item, "question"),
                option,
                person,
                String::new(),
                at,
                text(item, "creatorName"),
                notes(item),
                tags(item),
                time(item, "closeTime"),
                resolution,
                resolved_at.clone(),
                comment,
            ]
        };
        let no_words: [String; 3] = Default::default();
        if answers.is_empty() {
            rows.push(row(String::new(), resolution, no_words));
        } else {
            for answer in answers {
                let own = text(answer, "resolution");
                let is_open = text(item, "isResolved") != "true";
                let found = match resolution.as_str() {
                    _ if !own.is_empty() => own,
                    "MKT" | "CANCEL" => resolution.clone(),
                    "" => String::new(),
                    _ if is_open => String::new(),
                    winner if winner == text(answer, "id") => "YES".to_owned(),
                    _ => "NO".to_owned(),
                };
                rows.push(row(text(answer, "text"), found, no_words.clone()));
            }
        }
        for comment in list(item, "comments") {
            let words = text(comment, "text");
            if words.is_empty() || !answers.is_empty() {
                continue;
            }
            let (name, at) = (text(comment, "userName"), time(comment, "createdTime"));
            rows.push(row(String::new(), String::new(), [name, at, words]));
        }
    }
    let mut sheet = sheet(Format::Manifold, MARKETS, rows);
    if left_out > 0 {
        sheet.remarks.push(tn!(
            left_out,
            "Left out: {count} market that asks for a number, a poll or a bounty.",
            "Left out: {count} markets that ask for a number, a poll or a bounty."
        ));
    }
    sheet
}

/// Returns the description of a market and its address.
fn notes(item: &Value) -> String {
    let described = match text(item, "textDescription") {
        words if words.is_empty() => text(item, "description"),
        words => words,
    };
    let parts = [described, text(item, "url")];
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join("\n\n")
}

/// Returns the topics of a market, and the tags of older ones.
fn tags(item: &Value) -> String {
    let all = list(item, "groupSlugs").iter().chain(list(item, "tags"));
    all.filter_map(Value::as_str).collect::<Vec<_>>().join("; ")
}
