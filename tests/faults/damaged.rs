//! Stored rows that differ from those written.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Dice, on_first_crux};
use crate::{
    example::CHANGES,
    harness::{Find as _, Page},
};

/// Number of rows altered before each load. More would leave too little of the board to check.
const AT_ONCE: usize = 50;
const LOADS: usize = 20;

/// Adds a CRC-32 as in zip, for rows that are wrong in spite of a matching checksum.
fn sealed(json: &str) -> Value {
    let crc = json.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            if crc & 1 == 1 {
                crc >> 1 ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    });
    json!(format!("{:08x}{json}", !crc))
}

/// Alters a row in one of many ways. Returns whether the result is of a newer version, and so not damaged.
fn altered(row: &str, dice: &mut Dice) -> (Value, bool) {
    let json = &row[8..];
    let damaged = match dice.roll(11) {
        0 => json!(
            row.chars()
                .take(dice.roll(row.chars().count()))
                .collect::<String>()
        ),
        1 => {
            let mut bytes = row.as_bytes().to_vec();
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
            json!(String::from_utf8_lossy(&bytes))
        }
        2 => json!(dice.roll(1_000_000)),
        3 => json!(true),
        4 => json!([row, [row]]),
        5 => json!({ "row": row, "toString": 5 }),
        6 => json!(format!("\u{0}{row}\u{0}")),
        7 => sealed(&format!("{}{}", "[".repeat(200), "]".repeat(200))),
        8 => sealed(&json.replacen('{', "{{", 1)),
        9 => {
            // In a fact that is valid except for this one field.
            let deep = format!("\"mood\":{}1{},", "[".repeat(200), "]".repeat(200));
            let (before, payload) = json.split_once("\"fact\":{").unwrap();
            sealed(&format!(
                "{before}\"fact\":{{{}",
                payload.replacen(":{", &format!(":{{{deep}"), 1)
            ))
        }
        _ => {
            let newer = json.replacen("\"fact\":{", "\"mood\": [1,  2.50],\n\"fact\":{", 1);
            return (sealed(&newer), true);
        }
    };
    (damaged, false)
}

#[test]
fn of_1000_altered_rows_every_one_is_set_aside_and_none_harms_the_rest() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let rows = page.stored("changes");
    let board = page.fragment();
    let board = board.split("/crux").next().unwrap();
    let mut dice = Dice(20_261_123);
    let mut all_set_aside = 0;
    for load in 0..LOADS {
        page.leave();
        page.forget_mirror();
        let mut expected = rows.clone();
        let mut alterations = Vec::new();
        // Different rows each time.
        let mut places = BTreeSet::new();
        while places.len() < AT_ONCE {
            places.insert(dice.roll(CHANGES));
        }
        for at in places {
            let (key, row) = &rows[at];
            let (value, is_newer) = altered(row.as_str().unwrap(), &mut dice);
            expected[at].1 = if is_newer { value.clone() } else { Value::Null };
            alterations.push((key.clone(), value));
        }
        page.write_stored("changes", &alterations);
        page.go(board);
        page.wait_saved();
        expected.retain(|(_, row)| !row.is_null());
        all_set_aside += CHANGES - expected.len();
        page.eventually("what is damaged to be set aside", || {
            (page.stored("set_aside").len() == all_set_aside).then_some(())
        });
        // Unaltered rows are unchanged, byte for byte, and so are rows of a newer version.
        assert_eq!(page.stored("changes"), expected, "load {load}");
        let aside: Vec<Value> = page
            .stored("set_aside")
            .into_iter()
            .map(|(_, row)| row)
            .collect();
        let kept = |key: &str, value: &Value| {
            aside
                .iter()
                .any(|row| row["key"] == key && row["raw"] == *value)
        };
        for (key, value) in &alterations {
            let is_there = expected.iter().any(|(there, _)| there == key);
            assert!(is_there || kept(key, value), "{key}: {value} is nowhere");
        }
        page.leave();
        page.write_stored("changes", &rows);
    }
    page.go(board);
    page.wait_example();
    page.go("");
    page.wait_body("were damaged");
    page.button("Download what was set aside").click();
    let (_, text) = page.downloaded();
    let handed_out: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(handed_out.len(), all_set_aside);
}

#[test]
fn whatever_stands_beside_the_changes_the_board_opens() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let rows = page.stored("changes");
    let crux = page.fragment();
    let board = crux.split('/').nth(1).unwrap();
    let listing = page.stored("boards").remove(0).1;
    let cut: String = listing.as_str().unwrap().chars().skip(1).collect();
    let odd = [
        Value::Null,
        json!(-1),
        json!([[], {}]),
        json!({ "key": 1, "raw": { "toString": 5 }, "found_at": "then", "why": null }),
        json!(""),
        json!("null"),
        json!("[".repeat(300)),
        json!(cut),
        json!(format!("\u{0}{}", listing.as_str().unwrap())),
    ];
    for (at, odd) in odd.iter().enumerate() {
        page.leave();
        let mut boards = vec![board.to_owned(), "no board".into()];
        boards.extend(page.stored("boards").into_iter().map(|(key, _)| key));
        let mut meta = vec![format!("sealed/{board}/of/nobody/0"), "sealed/".into()];
        meta.extend(page.stored("meta").into_iter().map(|(key, _)| key));
        let aside = vec!["1".to_owned(), format!("{board}/row")];
        for (store, keys) in [("boards", boards), ("meta", meta), ("set_aside", aside)] {
            let altered: Vec<_> = keys.into_iter().map(|key| (key, odd.clone())).collect();
            page.write_stored(store, &altered);
        }
        page.go("");
        // The board is listed without its listing, since its changes are there.
        page.region("Boards in this browser").wait();
        page.go(&crux);
        page.wait_saved();
        page.field(super::NUMBER).wait();
        assert_eq!(page.stored("changes").len(), rows.len() + at, "{odd}");
        page.be("Red-teamer");
        page.state(40 + at);
        page.wait_stored(rows.len() + at + 1);
    }
    page.go("");
    page.button("Download what was set aside").click();
    let (_, text) = page.downloaded();
    let handed_out: Vec<Value> = serde_json::from_str(&text).unwrap();
    // The content is handed out, whichever program wrote it.
    let raw = [&handed_out[0]["raw"], &handed_out[1]["raw"]];
    assert_eq!(raw, [&odd[odd.len() - 1]; 2]);
}

#[test]
fn a_damaged_row_comes_back_from_the_mirror() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    page.state(44);
    page.wait_saved();
    let rows = page.stored("changes");
    let crux = page.fragment();
    page.eventually("a copy of the board", || {
        page.local_storage()
            .keys()
            .any(|key| key.starts_with("cruxboard/mirror"))
            .then_some(())
    });
    // Leaving the page updates the copy.
    page.leave();
    let (key, row) = rows.last().unwrap();
    let cut: String = row.as_str().unwrap().chars().skip(3).collect();
    page.write_stored("changes", &[(key.clone(), json!(cut))]);
    page.go(&crux);
    page.field(super::NUMBER).wait_value("44");
    page.wait_stored(rows.len());
    assert_eq!(page.stored("changes"), rows);
    assert_eq!(page.stored("set_aside").len(), 1);
}

#[test]
fn whatever_stands_in_local_storage_the_board_loads() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let board = page.fragment();
    let board = board.split("/crux").next().unwrap();
    page.eventually("a copy of the board", || {
        page.local_storage()
            .keys()
            .any(|key| key.starts_with("cruxboard/mirror"))
            .then_some(())
    });
    let good = page.local_storage();
    let mut dice = Dice(3);
    for _ in 0..20 {
        page.leave();
        for (key, value) in &good {
            let value = value.as_str().unwrap();
            let altered = match dice.roll(6) {
                0 => String::new(),
                1 => value
                    .chars()
                    .take(dice.roll(value.chars().count() + 1))
                    .collect(),
                2 => value.replace('0', "1"),
                3 => "[".repeat(300),
                4 => "null".into(),
                _ => format!("\u{0}{value}"),
            };
            page.js(
                "localStorage.setItem(arguments[0], arguments[1])",
                &[json!(key), json!(altered)],
            );
        }
        page.go(board);
        page.wait_example();
        assert_eq!(page.stored_count(), CHANGES);
    }
}

#[test]
fn changes_of_a_newer_version_are_kept_as_they_came_and_passed_on() {
    let page = on_first_crux(Page::start(), "Red-teamer");
    let crux = page.fragment();
    let rows = page.stored("changes");
    let board = crux.split('/').nth(1).unwrap();
    page.leave();
    page.forget_mirror();
    let newer = "{\"id\":\"01M83T4CM00000000000000077\", \"fact\":{\"dreamt\":{\"of\":[1, 2.50]}},\n \"mood\":null}";
    let key = format!("{board}/01M83T4CM00000000000000077");
    page.write_stored("changes", &[(key.clone(), sealed(newer))]);
    page.go(&crux);
    page.state(52);
    page.wait_stored(rows.len() + 2);
    page.undo();
    page.wait_stored(rows.len() + 3);
    let kept = page
        .stored("changes")
        .into_iter()
        .find(|(there, _)| *there == key);
    assert_eq!(kept.unwrap().1, sealed(newer));
    assert!(page.download().contains(newer), "not passed on");
}
