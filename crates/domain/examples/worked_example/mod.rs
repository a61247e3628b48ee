//! Turns the data of the worked example into the log of a board.

#![allow(
    clippy::expect_used,
    reason = "a mistake in the data is one of whoever edits it"
)]

use std::collections::BTreeMap;

use cruxboard_domain::ChangeId;
use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Log;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::view::rank_between;
use serde_json::{Map, Value, json};

/// What was written by hand. A text such as "@C1" stands for the id of the record called so.
const DATA: &str = include_str!("board.json");

/// 2026-11-23T09:00:00Z. The example is dated for good, so that the same data gives the same file.
const BEGINS: u64 = 1_795_424_400_000;

/// The shipped file, as it should be.
pub(crate) fn worked_example() -> String {
    let data: Value = serde_json::from_str(DATA).expect("the data is JSON");
    let drafts = drafts(&data);

    let mut clock = Clock::new(Replica::new(0, 0));
    let ids: Vec<ChangeId> = (BEGINS..)
        .step_by(1_000)
        .take(drafts.len())
        .map(|now| clock.tick(now))
        .collect();
    let names: BTreeMap<&str, ChangeId> = drafts
        .iter()
        .zip(&ids)
        .filter_map(|(draft, id)| Some((draft.name.as_deref()?, *id)))
        .collect();

    let mut log = Log::default();
    for (draft, id) in drafts.iter().zip(&ids) {
        let mut payload = draft.payload.clone();
        resolve(&mut payload, &names);
        let payload: Payload = serde_json::from_value(payload.clone())
            .unwrap_or_else(|error| panic!("{error}: {payload}"));
        // A change is by somebody who is on the board already.
        let by = draft
            .by
            .as_deref()
            .map(|by| PersonId(names[by]))
            .filter(|by| by.0 < *id);
        log.add(
            Change {
                id: *id,
                by,
                part_of: None,
                payload,
            }
            .into(),
        );
    }
    Document::to_json(ids[0], &log)
}

/// A change that has no id yet.
struct Draft {
    /// What others call the record that it adds.
    name: Option<String>,
    by: Option<String>,
    payload: Value,
}

fn drafts(data: &Value) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut say = |name: Option<&str>, by: &str, kind: &str, content: Value| {
        let payload = Value::Object(Map::from_iter([(kind.to_owned(), content)]));
        drafts.push(Draft {
            name: name.map(str::to_owned),
            by: Some(by.to_owned()),
            payload,
        });
    };
    let rows = |section: &str| {
        data[section]
            .as_array()
            .cloned()
            .expect("every section is a list")
    };
    let name = |row: &Value| row["as"].as_str().map(str::to_owned);
    let scribe = "red-teamer";

    say(None, scribe, "board-described", data["board"].clone());
    for (section, kind) in [
        ("options", "option-added"),
        ("people", "person-added"),
        ("terms", "term-defined"),
    ] {
        for row in rows(section) {
            say(name(&row).as_deref(), scribe, kind, row["set"].clone());
        }
    }
    let mut rank = String::new();
    for mut row in rows("cruxes") {
        rank = rank_between(&rank, "");
        row["set"]["rank"] = json!(rank);
        say(
            name(&row).as_deref(),
            scribe,
            "crux-added",
            row["set"].clone(),
        );
    }
    for row in rows("cruxes") {
        for trigger in triggers(&row) {
            say(None, scribe, "trigger-added", trigger);
        }
    }
    for row in rows("evidence") {
        say(
            name(&row).as_deref(),
            scribe,
            "evidence-filed",
            row["set"].clone(),
        );
    }
    for row in rows("evidence") {
        for (crux, words) in row["bears_on"].as_object().into_iter().flatten() {
            let (direction, strength) = words
                .as_str()
                .and_then(|words| words.split_once(' '))
                .expect("a direction and a strength");
            let weighed = json!({
                "evidence": at(&row["as"]),
                "crux": format!("@{crux}"),
                "bears_on": { "direction": direction, "strength": strength },
            });
            say(None, scribe, "evidence-weighed", weighed);
        }
    }
    for row in rows("positions") {
        say(
            name(&row).as_deref(),
            scribe,
            "position-recorded",
            row["set"].clone(),
        );
    }
    for row in rows("follow_ups") {
        say(
            name(&row).as_deref(),
            scribe,
            "follow-up-added",
            row["set"].clone(),
        );
    }
    // Everybody goes through the whole board, and puts down what they think themselves.
    for (place, person) in rows("people").iter().enumerate() {
        for row in rows("cruxes") {
            let evidence: Vec<String> = row["evidence"]
                .as_array()
                .into_iter()
                .flatten()
                .map(at)
                .collect();
            let stated = json!({
                "crux": at(&row["as"]),
                "person": at(&person["as"]),
                "credence": row["credences"][place],
                "reason": "first estimate",
                "evidence": evidence,
            });
            say(
                None,
                person["as"].as_str().unwrap_or_default(),
                "credence-stated",
                stated,
            );
        }
    }
    drafts
}

/// The two event triggers of a crux and the two credence triggers that every crux has.
fn triggers(row: &Value) -> [Value; 4] {
    // Most cruxes speak for winding down if they are true. Where one speaks for another direction,
    // its "stop" trigger says "redirect", so that is what it is for; where one speaks for going on
    // (in changed form), stopping is still to wind down.
    let if_true = row["set"]["if_true"].clone();
    let speaks_for_going_on = if_true == "@continue";
    let stop = if speaks_for_going_on {
        json!("@wind-down")
    } else {
        if_true
    };
    let event = |side: &str, toward: Value| {
        let mut trigger = row[side].clone();
        trigger["judge"] = row["judge"].clone();
        trigger["review_on"] = row["set"]["review_on"].clone();
        // What would stop the work shows what speaks against it to be true. That it does not come
        // shows nothing: the other trigger asks for more than its absence.
        let shows_claim = (side == "stop") != speaks_for_going_on;
        trigger["if_met"] = json!(if shows_claim { "true" } else { "false" });
        armed(row, trigger, toward)
    };
    // The side on which a high credence means stopping depends on what the crux points to.
    let (comparison, value) = if speaks_for_going_on {
        ("at-most", 30)
    } else {
        ("at-least", 70)
    };
    [
        event("stop", stop.clone()),
        event("go_on", json!("@continue")),
        armed(
            row,
            json!({
                "action": "Call a decision meeting",
                "review_on": row["set"]["review_on"],
                "rule": { "measure": "aggregate", "comparison": comparison, "value": value, "reviews": 2 },
            }),
            stop,
        ),
        armed(
            row,
            json!({
                "action": "Hold a double-crux talk",
                "review_on": row["set"]["review_on"],
                "rule": { "measure": "spread", "comparison": "at-least", "value": 40, "reviews": 0 },
            }),
            Value::Null,
        ),
    ]
}

fn armed(row: &Value, mut trigger: Value, toward: Value) -> Value {
    trigger["crux"] = json!(at(&row["as"]));
    trigger["armed"] = json!(true);
    if !toward.is_null() {
        trigger["toward"] = toward;
    }
    trigger
}

fn at(name: &Value) -> String {
    format!("@{}", name.as_str().expect("a name"))
}

fn resolve(value: &mut Value, names: &BTreeMap<&str, ChangeId>) {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix('@') {
                *text = names
                    .get(name)
                    .unwrap_or_else(|| panic!("nothing is called {name}"))
                    .to_string();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| resolve(item, names)),
        Value::Object(fields) => fields.values_mut().for_each(|field| resolve(field, names)),
        _ => {}
    }
}
