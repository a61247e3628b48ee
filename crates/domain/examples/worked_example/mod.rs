//! Turns the data of the worked example into the log of a board.

#![allow(
    clippy::expect_used,
    reason = "a mistake in the data is one of whoever edits it"
)]

use std::collections::BTreeMap;

use cruxboard_domain::change::{Change, Payload};
use cruxboard_domain::document::Document;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Log;
use cruxboard_domain::record::PersonId;
use cruxboard_domain::view::rank_between;
use cruxboard_domain::{BoardId, ChangeId, Millis};
use serde_json::{Map, Value, json};

/// The languages in which there is an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// Returns the records written by hand. A text such as "@C1" stands for the id of the record with that
    /// name.
    pub(crate) fn data(self) -> Value {
        let text = match self {
            Self::English => include_str!("board.json"),
            Self::German => include_str!("board.de.json"),
        };
        serde_json::from_str(text).expect("the data is JSON")
    }

    /// Returns the replica of its ids. Each example is a board of its own: if they had the same ids, the second
    /// one that somebody opens would be taken for the first.
    const fn replica(self) -> Replica {
        match self {
            Self::English => Replica::new(0, 0),
            Self::German => Replica::new(0, 1),
        }
    }
}

/// 2026-11-23T09:00:00Z. The date is fixed, so that the same data always gives the same file.
const BEGINS: u64 = 1_795_424_400_000;

/// Generates the text of the file that is shipped for a language.
pub(crate) fn worked_example(language: Language) -> String {
    let drafts = drafts(&language.data());

    let mut clock = Clock::new(language.replica());
    let ids: Vec<ChangeId> = (BEGINS..)
        .step_by(1_000)
        .take(drafts.len())
        .map(|now| clock.tick(Millis(now)))
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
        // Only a person added before a change can be its author.
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
    Document::to_json(BoardId(ids[0]), &log)
}

/// A change that has no id yet.
struct Draft {
    /// The name by which other drafts refer to the record that this one adds.
    name: Option<String>,
    by: Option<String>,
    payload: Value,
}

#[expect(clippy::too_many_lines, reason = "the content of the example")]
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
        for trigger in triggers(&row, &data["texts"]) {
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
    // Each person goes through the whole board and states their own credences.
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
                "reason": data["texts"]["first_estimate"],
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
    // Each person then states how likely each option is right, as things stand and if a crux is true.
    for (place, person) in rows("people").iter().enumerate() {
        for row in rows("option_credences") {
            let plain = json!({
                "option": at(&row["as"]),
                "person": at(&person["as"]),
                "credence": row["credences"][place],
                "reason": data["texts"]["first_estimate"],
            });
            let conditional = row["if_true"].as_object().into_iter().flatten();
            let conditional = conditional.map(|(crux, credences)| {
                json!({
                    "option": at(&row["as"]),
                    "if_true": format!("@{crux}"),
                    "person": at(&person["as"]),
                    "credence": credences[place],
                })
            });
            for stated in std::iter::once(plain).chain(conditional) {
                let person = person["as"].as_str().unwrap_or_default();
                say(None, person, "option-credence-stated", stated);
            }
        }
    }
    drafts
}

/// The two event triggers of a crux and the two credence triggers that every crux has.
fn triggers(row: &Value, texts: &Value) -> [Value; 4] {
    // Most cruxes, if true, speak for winding down. If a crux speaks for another direction, its "stop"
    // trigger points to that direction; if it speaks for going on (in changed form), its "stop" trigger still
    // points to winding down.
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
        // A met "stop" trigger shows that the answer which speaks against going on is right. A trigger that
        // is not met shows nothing, since the other trigger asks for more than its absence.
        let shows_claim = (side == "stop") != speaks_for_going_on;
        trigger["if_met"] = json!(if shows_claim { "true" } else { "false" });
        armed(row, trigger, toward)
    };
    // Whether a high or a low credence means stopping depends on the option that the crux speaks for.
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
                "action": texts["decide"],
                "review_on": row["set"]["review_on"],
                "rule": { "measure": "aggregate", "comparison": comparison, "value": value, "reviews": 2 },
            }),
            stop,
        ),
        armed(
            row,
            json!({
                "action": texts["talk"],
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
