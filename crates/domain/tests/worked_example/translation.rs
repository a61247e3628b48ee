//! The example in one language against the one in English: the same board in other words.

use cruxboard_domain::document::Document;
use cruxboard_domain::snapshot::board_key;
use serde_json::Value;

use super::generator::Language;
use super::{BTreeMap, shipped};

/// The keys of values that are no texts for a reader: words that are stored, dates, and references.
const KEYS: [&str; 30] = [
    "as",
    "answers",
    "basis",
    "bears_on",
    "by_date",
    "crux",
    "evidence",
    "grounds",
    "holding",
    "if_true",
    "importance",
    "inference",
    "kind",
    "mark",
    "message",
    "modality",
    "next_review",
    "origin",
    "reliability",
    "reliance",
    "restatement",
    "review_on",
    "same_origin_as",
    "scope",
    "separate_from",
    "specificity",
    "split_from",
    "state",
    "visibility",
    "stale_after_days",
];

/// Texts that are the same in both languages.
const NAMES: [&str; 1] = ["RT"];

/// Months that stand in texts, by their number.
const MONTHS: [(&str, &str); 4] = [
    ("Mai", "5"),
    ("Juni", "6"),
    ("September", "9"),
    ("Dezember", "12"),
];

/// A value beside the one at the same place of the English example.
struct Pair<'a> {
    key: &'a str,
    english: &'a Value,
    other: &'a Value,
}

/// Returns all single values of two documents, side by side. Fails if they are not of the same structure.
fn pairs<'a>(english: &'a Value, other: &'a Value) -> Vec<Pair<'a>> {
    let mut pairs = Vec::new();
    collect("", "", english, other, &mut pairs);
    pairs
}

fn collect<'a>(
    path: &str,
    key: &'a str,
    english: &'a Value,
    other: &'a Value,
    pairs: &mut Vec<Pair<'a>>,
) {
    match (english, other) {
        (Value::Object(first), Value::Object(second)) => {
            let keys = |of: &serde_json::Map<String, Value>| of.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(first), keys(second), "{path}");
            for (name, value) in first {
                // Below "bears_on" the keys are those of cruxes.
                let key = if key == "bears_on" { key } else { name };
                collect(&format!("{path}/{name}"), key, value, &second[name], pairs);
            }
        }
        (Value::Array(first), Value::Array(second)) => {
            assert_eq!(first.len(), second.len(), "{path}");
            for (at, (value, other)) in first.iter().zip(second).enumerate() {
                collect(&format!("{path}/{at}"), key, value, other, pairs);
            }
        }
        _ => pairs.push(Pair {
            key,
            english,
            other,
        }),
    }
}

/// Returns the English text and the other one, where the two are for a reader.
fn texts<'a>(pair: &Pair<'a>) -> Option<(&'a str, &'a str)> {
    let (english, other) = (pair.english.as_str()?, pair.other.as_str()?);
    let is_text = !KEYS.contains(&pair.key) && !english.starts_with('@');
    is_text.then_some((english, other))
}

/// Returns the texts of the example in a language, by the English ones.
pub(super) fn texts_of(language: Language) -> BTreeMap<String, String> {
    let (english, other) = (Language::English.data(), language.data());
    let mut texts_of = BTreeMap::new();
    for (english, other) in pairs(&english, &other).iter().filter_map(texts) {
        let before = texts_of.insert(english.to_owned(), other.to_owned());
        assert!(
            before.is_none_or(|it| it == other),
            "“{english}” has two translations"
        );
    }
    texts_of
}

/// Returns all whole numbers of a text in ascending order, with months as numbers.
fn numbers(text: &str) -> Vec<u32> {
    let mut text = text.to_owned();
    for (month, number) in MONTHS {
        text = text.replace(&format!(" {month} "), &format!(" {number} "));
    }
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    let mut numbers: Vec<u32> = numbers.filter_map(|it| it.parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn the_german_example_has_the_same_structure_and_values_in_other_words() {
    let (english, german) = (Language::English.data(), Language::German.data());
    for pair in pairs(&english, &german) {
        let Some((english, german)) = texts(&pair) else {
            assert_eq!(pair.english, pair.other, "{}", pair.key);
            continue;
        };
        assert_ne!(german.trim(), "", "{english}");
        assert_eq!(english == german, NAMES.contains(&english), "{english}");
        assert_eq!(numbers(english), numbers(german), "{german}");
    }
}

#[test]
fn the_german_file_has_the_same_changes_as_the_english_one_on_a_board_of_its_own() {
    let parsed = |language| serde_json::from_str::<Value>(shipped(language)).unwrap();
    let english = parsed(Language::English);
    // With the ids of the English board, its values are the same, too.
    let mut german = shipped(Language::German).to_owned();
    let ids = |of: &Value| {
        let changes = of["changes"].as_array().unwrap().clone();
        let ids = changes
            .iter()
            .map(|it| it["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    for (id, there) in ids(&english).iter().zip(ids(&parsed(Language::German))) {
        assert_ne!(*id, there);
        german = german.replace(&there, id);
    }
    let german: Value = serde_json::from_str(&german).unwrap();
    let words = texts_of(Language::German);
    for pair in pairs(&english, &german) {
        let text = pair.english.as_str().and_then(|it| words.get(it));
        let expected = text.map_or(pair.english.clone(), |it| Value::from(it.as_str()));
        assert_eq!(pair.other, &expected, "{}", pair.key);
    }

    let board = |language| Document::from_json(shipped(language)).unwrap().board;
    let (english, german) = (board(Language::English), board(Language::German));
    assert_ne!(board_key(english), board_key(german));
}

#[test]
fn german_texts_are_written_as_german_is() {
    for pair in pairs(&Language::English.data(), &Language::German.data()) {
        let Some((_, german)) = texts(&pair) else {
            continue;
        };
        for sign in ["\"", "'", "”", "...", " - ", "  "] {
            assert!(!german.contains(sign), "{sign} in: {german}");
        }
        let count = |sign: &str| german.matches(sign).count();
        assert_eq!(count("„"), count("“"), "{german}");
        assert_eq!(count("‚"), count("‘"), "{german}");
        assert_eq!(count("%"), count("\u{a0}%"), "{german}");
        for word in german.split(|c: char| !c.is_alphabetic()) {
            let is_english = ["the", "of", "and", "is", "with", "by"].contains(&word);
            assert!(!is_english, "{word} in: {german}");
        }
    }
}
