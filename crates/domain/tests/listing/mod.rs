//! The worked example as first written: a plain listing of 20 kB, with each entry in the matching field of
//! the app. The board that the app ships is half as long again: it also has terms, thresholds, implications,
//! mitigations and positions.

use std::collections::BTreeMap;

use cruxboard_domain::Millis;
use cruxboard_domain::board::Board;
use cruxboard_domain::id::{Clock, Replica};
use cruxboard_domain::log::Entry;
use cruxboard_domain::record::*;
use serde_json::{Value, json};

pub(crate) const LISTING: &str = include_str!("worked-example.json");

/// Returns a board with everything in the listing, and nothing else.
pub(crate) fn listed(now: Millis) -> Board {
    let listing: Value = serde_json::from_str(LISTING).unwrap();
    let mut making = Making {
        clock: Clock::new(Replica::new(1, 1)),
        now,
        ids: BTreeMap::new(),
        board: Board::default(),
    };
    let rows = |section: &str| listing[section].as_array().unwrap().clone();
    making.add(
        "",
        "board-described",
        json!({ "question": listing["title"] }),
    );
    for name in rows("decision_options") {
        let mark = match name.as_str().unwrap() {
            "continue" => "continue",
            "double down" => "double-down",
            "wind down" => "stop",
            _ => "change",
        };
        making.add(
            &text(&name),
            "option-added",
            json!({ "name": name, "mark": mark }),
        );
    }
    for name in rows("people") {
        making.add(&text(&name), "person-added", json!({ "name": name }));
    }
    for (place, crux) in rows("cruxes").iter().enumerate() {
        making.add(
            &text(&crux["id"]),
            "crux-added",
            crux_of(crux, place, &making.ids),
        );
    }
    for crux in rows("cruxes") {
        for trigger in crux["triggers"].as_array().unwrap() {
            let toward = if trigger["dir"] == "stop" {
                "wind down"
            } else {
                "continue"
            };
            let fields = json!({
                "crux": making.id(&text(&crux["id"])), "toward": making.id(toward), "armed": true,
                "observable": trigger["text"], "judge": trigger["judge"], "review_on": trigger["review_on"],
            });
            making.add("", "trigger-added", fields);
        }
    }
    for item in rows("evidence") {
        let fields = json!({
            "quote": item["quote"], "message": item["source"], "kind": kind(&text(&item["kind"])),
            "visibility": item["visibility"], "not_in_hand": text(&item["kind"]).contains("not obtained"),
        });
        making.add(&text(&item["id"]), "evidence-filed", fields);
    }
    for item in rows("evidence") {
        let bears = text(&item["bears"]);
        for crux in bears.split(' ').filter(|crux| crux.starts_with('C')) {
            let direction = match crux.as_bytes()[crux.len() - 1] {
                b'+' => "for",
                b'-' => "against",
                _ => "neutral",
            };
            let fields = json!({
                "evidence": making.id(&text(&item["id"])), "crux": making.id(crux.trim_end_matches(['+', '-'])),
                "bears_on": { "direction": direction, "strength": "moderate" },
            });
            making.add("", "evidence-weighed", fields);
        }
    }
    for place in 0..3 {
        for crux in rows("cruxes") {
            let update = &crux["updates"][place];
            let evidence = update["evidence"].as_array().unwrap().iter();
            let evidence: Vec<String> = evidence.map(|id| making.id(&text(id))).collect();
            let percent = (update["p"].as_f64().unwrap() * 100.0).round();
            let fields = json!({
                "crux": making.id(&text(&crux["id"])), "person": making.id(&text(&update["who"])),
                "credence": percent, "reason": update["why"], "evidence": evidence,
            });
            making.add("", "credence-stated", fields);
        }
    }
    for row in rows("follow_ups") {
        let status = text(&row["status"]);
        let state = match status.as_str() {
            "owed" | "optional" | "awaited" => status.as_str(),
            _ => "done",
        };
        let fields = json!({ "what": row["what"], "owner": row["owner"], "state": state,
            "outcome": if state == "done" { status.as_str() } else { "" } });
        making.add("", "follow-up-added", fields);
    }
    making.board
}

fn crux_of(crux: &Value, place: usize, ids: &BTreeMap<String, String>) -> Value {
    let to = match crux["if_true"].as_str().unwrap() {
        "stop" => "wind down",
        "change" => "change direction",
        _ => "continue",
    };
    let magnitude = text(&crux["mag"]);
    let bearings = crux["bears"]
        .as_array()
        .unwrap()
        .iter()
        .map(|kind| json!({ "kind": text(kind).replace(' ', "-"), "degree": magnitude }));
    let modality = text(&crux["modality"]);
    let (modality, condition) = match modality.as_str() {
        "current" => ("now", ""),
        "current, not necessary" => ("now-not-necessarily", ""),
        "may turn out" => ("may-turn-out", ""),
        other => ("conditional", other),
    };
    let basis = text(&crux["basis"]);
    let is_compared = basis.starts_with("comparative");
    let is_believed = basis.contains("NOT relied on");
    let scope = text(&crux["scope"]);
    let (scope, against) = match scope.split_once(" vs ") {
        Some((scope, against)) => (scope.to_owned(), against.to_owned()),
        None => (scope, String::new()),
    };
    let mut fields = json!({
        "title": crux["title"], "claim": crux["claim"], "rank": char::from(b'b' + place as u8).to_string(),
        "if_true": ids[to], "bearings": bearings.collect::<Vec<_>>(),
        "scope": match scope.as_str() { "us" => "us", "field" => "field", _ => "field-and-us" },
        "alternative": against,
        "basis": if is_compared { "compared" } else { "absolute" },
        "reliance": if is_believed { "believed-only" } else { "relied-on" },
        "conditions": [condition],
        "if_true_note": if crux["if_true"] == "continue (changed)" { "changed" } else { "" },
    });
    if !text(&crux["modality"]).is_empty() {
        fields["modality"] = json!(modality);
    }
    if condition.is_empty() {
        fields["conditions"] = json!([]);
    }
    fields
}

/// Returns the app's kind of evidence for the listing's words, whose other parts go into separate fields.
fn kind(words: &str) -> &'static str {
    let kinds = [
        ("rival", Kind::RivalExplanation),
        ("exception", Kind::CounterExample),
        ("pointer", Kind::Pointer),
        ("received", Kind::Pointer),
        ("argument", Kind::Argument),
        ("analogy", Kind::Analogy),
        ("observation", Kind::Observation),
        ("historical", Kind::BaseRate),
        ("stated", Kind::StatedPosition),
        ("PRIVATE", Kind::Testimony),
    ];
    let found = kinds.iter().find(|(start, _)| words.starts_with(start));
    found.map_or(Kind::Other, |(_, kind)| *kind).key()
}

struct Making {
    clock: Clock,
    now: Millis,
    ids: BTreeMap<String, String>,
    board: Board,
}

impl Making {
    fn add(&mut self, name: &str, tag: &str, fields: Value) {
        let id = self.clock.tick(self.now).to_string();
        let row = json!({ "id": id, "fact": { tag: fields } }).to_string();
        let entry = Entry::from_json(&row).unwrap();
        assert!(entry.known().is_some(), "{row}");
        self.board.apply_entry(entry);
        self.ids.insert(name.to_owned(), id);
    }

    fn id(&self, name: &str) -> String {
        self.ids[name].clone()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
