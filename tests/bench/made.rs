//! Large boards to measure on.

use std::time::Duration;

use cruxboard_domain::Millis;
use cruxboard_domain::id::{Clock, Replica};
use serde_json::{Value, json};

const BEGINS: Millis = Millis(1_790_000_000_000);
const MINUTE: Duration = Duration::from_secs(60);

/// A board as a file.
pub(crate) struct Made {
    pub(crate) text: String,
    pub(crate) board: String,
    pub(crate) crux: String,
    pub(crate) person: String,
    pub(crate) option: String,
}

/// Returns a board with three people and this number of cruxes and changes: two triggers and an item of
/// evidence for each crux, and credences for the rest.
pub(crate) fn made(cruxes: usize, changes: usize) -> Made {
    made_by(3, cruxes, changes, false)
}

/// Returns such a board made on the device of this number, so that its id is its own.
pub(crate) fn made_on(device: u32, cruxes: usize, changes: usize) -> Made {
    made_with(device, 3, cruxes, changes, false)
}

/// Returns such a board with this number of people. With `in_options` everybody has stated their credences
/// in an option too, also if each crux is true.
pub(crate) fn made_by(people: usize, cruxes: usize, changes: usize, in_options: bool) -> Made {
    made_with(7, people, cruxes, changes, in_options)
}

fn made_with(device: u32, people: usize, cruxes: usize, changes: usize, in_options: bool) -> Made {
    let mut clock = Clock::new(Replica::new(device, 7));
    let mut rows: Vec<String> = Vec::new();
    let mut add = |by: Option<&String>, payload: Value| {
        let at = BEGINS + MINUTE * u32::try_from(rows.len()).unwrap();
        let id = clock.tick(at).to_string();
        let mut row = json!({ "id": id, "fact": payload });
        if let Some(by) = by {
            row["by"] = json!(by);
        }
        rows.push(row.to_string());
        id
    };
    let board = add(
        None,
        json!({ "board-described": { "question": format!("Shall we go on with line {device}?") } }),
    );
    let stop = add(
        None,
        json!({ "option-added": { "name": "Stop", "mark": "stop" } }),
    );
    let go_on = add(
        None,
        json!({ "option-added": { "name": "Continue", "mark": "continue" } }),
    );
    let names = ["Ada", "Ben", "Cleo"].map(str::to_owned).into_iter();
    let people: Vec<String> = names
        .chain((3..).map(|number| format!("Person {number}")))
        .take(people)
        .map(|name| add(None, json!({ "person-added": { "name": name } })))
        .collect();
    let mut made = 3 + people.len();
    let mut ids = Vec::new();
    let mut rank = String::new();
    for number in 0..cruxes {
        rank = cruxboard_domain::view::rank_between(&rank, "");
        let claim = format!("Claim number {number} is true, as far as anybody can tell today.");
        let crux = add(
            Some(&people[0]),
            json!({ "crux-added": {
            "title": format!("Crux {number}"), "claim": claim, "if_true": stop, "rank": rank,
            "importance": if number % 8 == 0 { "high" } else { "medium" }, "scope": "us", "basis": "absolute", "tags": [format!("tag {}", number % 7)],
        } }),
        );
        for toward in [&stop, &go_on] {
            add(
                Some(&people[0]),
                json!({ "trigger-added": {
                "crux": crux, "toward": toward, "armed": true, "observable": format!("What is seen of {number}"),
                "threshold": "5 points", "by_date": "2027-06-30", "judge": "a judge",
            } }),
            );
        }
        let item = add(
            Some(&people[1]),
            json!({ "evidence-filed": { "text": format!("Item {number}"), "kind": "study" } }),
        );
        add(
            Some(&people[1]),
            json!({ "evidence-weighed": {
            "evidence": item, "crux": crux, "bears_on": { "direction": "for", "strength": "moderate" },
        } }),
        );
        made += 5;
        ids.push(crux);
    }
    let mut latest = std::collections::BTreeMap::new();
    for number in 0..changes.saturating_sub(made) {
        let person = &people[number % people.len()];
        let (crux, credence) = (
            &ids[(number / people.len()) % ids.len()],
            1 + number * 7 % 99,
        );
        latest.insert((person, crux), credence);
        add(
            Some(person),
            json!({ "credence-stated": {
            "crux": crux, "person": person, "credence": credence, "reason": "as it seems now",
        } }),
        );
    }
    for person in people.iter().filter(|_| in_options) {
        let mut say = |if_true: Option<&String>, credence: usize| {
            let mut said = json!({ "option": stop, "person": person, "credence": credence });
            if let Some(crux) = if_true {
                said["if_true"] = json!(crux);
            }
            add(Some(person), json!({ "option-credence-stated": said }));
        };
        say(None, 40);
        for (crux, held) in ids
            .iter()
            .filter_map(|crux| Some((crux, *latest.get(&(person, crux))?)))
        {
            // Somewhere in the range that agrees with the two others.
            say(Some(crux), if held > 70 { 45 } else { 55 });
        }
    }
    let text = format!(
        "{{\"format\":\"cruxboard\",\"version\":1,\"board\":\"{board}\",\"changes\":[{}]}}",
        rows.join(",\n")
    );
    Made {
        text,
        board,
        crux: ids[ids.len() / 2].clone(),
        person: people[0].clone(),
        option: stop,
    }
}
