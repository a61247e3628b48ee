//! Checks the translations in `lang/` against the texts in the code.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use proc_macro2::{Literal, TokenStream, TokenTree};
use serde_json::{Map, Value, json};

/// The folders whose texts people see.
const SOURCES: [&str; 4] = [
    "src",
    "crates/domain/src",
    "crates/session/src",
    "crates/platform/src",
];
/// The script that starts the app. It shows texts when the app cannot.
const SCRIPT: &str = "boot.js";
const LANGUAGES: &str = "lang";
/// The beginning of a module of tests, whose texts nobody sees.
const TESTS: &str = "\n#[cfg(test)]\nmod tests {";

/// The texts of the code by their keys; for one and many, with both forms.
type Texts = BTreeMap<String, Forms>;

/// The English forms of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Forms {
    One(String),
    Counted { one: String, many: String },
}

impl Forms {
    /// Returns the text from which a translation is made: that for many.
    fn text(&self) -> &str {
        match self {
            Self::One(text) | Self::Counted { many: text, .. } => text,
        }
    }
}

/// Fails if a language lacks a text, has one that the code does not have, or leaves out a value.
pub(crate) fn check() -> Result<()> {
    let texts = in_code()?;
    let mut faults = Vec::new();
    for file in files(Path::new(LANGUAGES), "json")? {
        let found = faults_in(&texts, &translations(&file)?);
        faults.extend(
            found
                .into_iter()
                .map(|it| format!("{}: {it}", file.display())),
        );
    }
    if !faults.is_empty() {
        bail!(
            "translations do not fit the texts in the code (`cargo xtask texts` lists what is to be translated):\n{}",
            faults.join("\n")
        );
    }
    Ok(())
}

/// Prints what each language lacks, as JSON for its file, and what it has too many.
pub(crate) fn print() -> Result<()> {
    let texts = in_code()?;
    for file in files(Path::new(LANGUAGES), "json")? {
        let there = translations(&file)?;
        let missing = texts.iter().filter(|(key, _)| !there.contains_key(*key));
        let missing: Map<String, Value> = missing
            .map(|(key, forms)| (key.clone(), blank(forms)))
            .collect();
        println!(
            "{} lacks {} of {} texts:",
            file.display(),
            missing.len(),
            texts.len()
        );
        println!("{}", serde_json::to_string_pretty(&missing)?);
        for key in there.keys().filter(|key| !texts.contains_key(*key)) {
            println!(
                "{} has a text that is not in the code: {key:?}",
                file.display()
            );
        }
    }
    Ok(())
}

/// Returns what a translator fills in: the English text in the shape of its translation.
fn blank(forms: &Forms) -> Value {
    match forms {
        Forms::One(text) => json!(text),
        Forms::Counted { one, many } => json!({ "one": one, "other": many }),
    }
}

fn translations(file: &Path) -> Result<Map<String, Value>> {
    let text = fs::read_to_string(file)?;
    let json: Value = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    let texts = json.get("texts").and_then(Value::as_object);
    texts
        .cloned()
        .with_context(|| format!("{} has no texts", file.display()))
}

fn faults_in(texts: &Texts, translations: &Map<String, Value>) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, forms) in texts {
        let Some(translation) = translations.get(key) else {
            faults.push(format!("no translation of {key:?}"));
            continue;
        };
        let form = |name: &str| translation.get(name).and_then(Value::as_str);
        let all = match forms {
            Forms::One(_) => vec![translation.as_str()],
            Forms::Counted { .. } => vec![form("one"), form("other")],
        };
        let english = places(forms.text());
        for text in all {
            match text {
                None => faults.push(format!("{key:?} has the wrong shape")),
                Some("") => faults.push(format!("{key:?} is empty")),
                Some(text) if !is_filled(forms, &english, &places(text)) => {
                    faults.push(format!("{key:?} has other values in {text:?}"));
                }
                Some(_) => {}
            }
        }
    }
    let extra = translations.keys().filter(|key| !texts.contains_key(*key));
    faults.extend(extra.map(|key| format!("{key:?} is not in the code")));
    faults
}

/// Returns whether a translation has the values of the English text. A count may be written as a word.
fn is_filled(forms: &Forms, english: &BTreeSet<String>, translated: &BTreeSet<String>) -> bool {
    let is_counted = matches!(forms, Forms::Counted { .. });
    let count = "count".to_owned();
    english
        .symmetric_difference(translated)
        .all(|name| is_counted && *name == count)
}

/// Returns the names of the values in a text.
fn places(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
        .collect()
}

fn in_code() -> Result<Texts> {
    let mut texts = Texts::new();
    for folder in SOURCES {
        for file in files(Path::new(folder), "rs")? {
            let source = fs::read_to_string(&file)?;
            let source = source.split(TESTS).next().unwrap_or_default();
            let stream: TokenStream = source
                .parse()
                .map_err(|error| anyhow!("{}: {error}", file.display()))?;
            collect(stream, &mut texts).with_context(|| file.display().to_string())?;
        }
    }
    collect_of_script(&fs::read_to_string(SCRIPT)?, &mut texts).context(SCRIPT)?;
    Ok(texts)
}

/// Adds the texts of all calls of `translated("…")` in a script.
fn collect_of_script(script: &str, texts: &mut Texts) -> Result<()> {
    for (at, call) in script.match_indices("translated(\"") {
        // A literal of a string in double quotes reads the same in JSON. What follows it is not read.
        let literal = &script[at + call.len() - 1..];
        let text = serde_json::Deserializer::from_str(literal)
            .into_iter::<String>()
            .next();
        let text = text.context("a text that is not closed")??;
        texts.insert(text.clone(), Forms::One(text));
    }
    Ok(())
}

/// Adds the texts of all calls of `t!`, `tn!`, `t_view!` and `translatable!`, also within other macros, and the
/// labels of the tables of `record!` and `keyed_enum!`.
fn collect(stream: TokenStream, texts: &mut Texts) -> Result<()> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    for (at, tree) in trees.iter().enumerate() {
        let TokenTree::Group(group) = tree else {
            continue;
        };
        if at >= 2 && trees[at - 1].to_string() == "!" {
            match trees[at - 2].to_string().as_str() {
                "t" | "t_view" | "translatable" => add(called(group.stream())?, texts)?,
                "tn" => add(called_with_count(group.stream())?, texts)?,
                "record" | "keyed_enum" => collect_labels(group.stream(), texts)?,
                _ => {}
            }
        }
        collect(group.stream(), texts)?;
    }
    Ok(())
}

fn add((key, forms): (String, Option<Forms>), texts: &mut Texts) -> Result<()> {
    if let Some(forms) = forms {
        let before = texts.insert(key.clone(), forms.clone());
        if before.is_some_and(|before| before != forms) {
            bail!("{key:?} is in the code in two forms");
        }
    }
    Ok(())
}

/// Adds the labels of a table: `label: "text"`, `hint: "text"` and `Option("text")` of `record!`, and the second
/// text of `Variant = "key", "text"` of `keyed_enum!`. Each may have a context: `"text" in "context"`.
fn collect_labels(stream: TokenStream, texts: &mut Texts) -> Result<()> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let is = |at: usize, text: &str| trees.get(at).is_some_and(|it| it.to_string() == text);
    for (at, tree) in trees.iter().enumerate() {
        let is_label = at >= 2
            && (is(at - 1, ":") && (is(at - 2, "label") || is(at - 2, "hint"))
                || at >= 3 && is(at - 1, ",") && is(at - 3, "="));
        match tree {
            TokenTree::Literal(text) if is_label => {
                let text = unquoted(text)?;
                let key = match trees.get(at + 2) {
                    Some(TokenTree::Literal(context)) if is(at + 1, "in") => {
                        format!("{}|{text}", unquoted(context)?)
                    }
                    _ => text.clone(),
                };
                add((key, Some(Forms::One(text))), texts)?;
            }
            TokenTree::Group(group) if at >= 1 && is(at - 1, "Option") => {
                let (key, forms) = called(group.stream())?;
                let is_text = key.contains(char::is_alphabetic);
                add((key, forms.filter(|_| is_text)), texts)?;
            }
            TokenTree::Group(group) => collect_labels(group.stream(), texts)?,
            _ => {}
        }
    }
    Ok(())
}

/// Reads `"text", …` or `"context" => "text"`. Nothing else is a text: the macros are also passed on.
fn called(stream: TokenStream) -> Result<(String, Option<Forms>)> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let Some(TokenTree::Literal(first)) = trees.first() else {
        return Ok((String::new(), None));
    };
    let first = unquoted(first)?;
    let has_context = trees.get(1).is_some_and(|tree| tree.to_string() == "=");
    Ok(match trees.get(3) {
        Some(TokenTree::Literal(text)) if has_context => {
            let text = unquoted(text)?;
            (format!("{first}|{text}"), Some(Forms::One(text)))
        }
        _ => (first.clone(), Some(Forms::One(first))),
    })
}

/// Reads `count, "one", "many", …`.
fn called_with_count(stream: TokenStream) -> Result<(String, Option<Forms>)> {
    let trees: Vec<TokenTree> = stream.into_iter().collect();
    let literals = trees.windows(3).find_map(|trees| match trees {
        [
            TokenTree::Literal(one),
            TokenTree::Punct(comma),
            TokenTree::Literal(many),
        ] if comma.as_char() == ',' => Some((unquoted(one).ok()?, unquoted(many).ok()?)),
        _ => None,
    });
    let Some((one, many)) = literals else {
        return Ok((String::new(), None));
    };
    Ok((many.clone(), Some(Forms::Counted { one, many })))
}

/// Returns the value of a literal of a string.
fn unquoted(literal: &Literal) -> Result<String> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Ok(text.value()),
        _ => bail!("{literal} is not a text"),
    }
}

/// Returns the files of a folder and those below that have this ending, in order.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts_of(source: &str) -> Texts {
        let mut texts = Texts::new();
        collect(source.parse().unwrap(), &mut texts).unwrap();
        texts
    }

    #[test]
    fn texts_are_found_within_views_and_with_their_context_and_count() {
        let texts = texts_of(
            r#"view! { <p title=t!("A \
                title")>{t!("{a} of \"b\"", a)} {tn!((x.len() + 3) / 7, "One", "{count} more")}</p> {t!("verb" => "Open")} }
               const LABEL: &str = translatable!("Label"); format!("not this")"#,
        );
        let keys: Vec<_> = texts.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "A title",
                "Label",
                "verb|Open",
                "{a} of \"b\"",
                "{count} more"
            ]
        );
    }

    #[test]
    fn the_labels_of_tables_are_found_and_their_keys_are_not() {
        let texts = texts_of(
            r#"keyed_enum! { /// A state.
                 State { /// Open.
                   Open = "open", "Open" in "state"; Met = "met", "It is met"; } }
               record! { Crux, { /// The day.
                 day: Option<Day> { label: "By" in "date", input: Option("none"), hint: "A day.", since: "first" }
                 kind: Kind { label: "Kind", input: Option("—"), snapshot: Always, since: "first" } } }"#,
        );
        let keys: Vec<_> = texts.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            [
                "A day.",
                "It is met",
                "Kind",
                "date|By",
                "none",
                "state|Open"
            ]
        );
    }

    #[test]
    fn the_texts_of_a_script_are_found() {
        let mut texts = Texts::new();
        let script = r#"add("p", translated("One \"text\"")); const a = translated("Two"), b = translated(text);"#;
        collect_of_script(script, &mut texts).unwrap();
        let keys: Vec<_> = texts.keys().map(String::as_str).collect();
        assert_eq!(keys, ["One \"text\"", "Two"]);
        assert!(collect_of_script(r#"translated("open"#, &mut texts).is_err());
    }

    #[test]
    fn a_text_that_is_missing_left_over_or_without_its_value_is_a_fault() {
        let texts =
            texts_of(r#"t!("Save"); t!("of {name}", name); tn!(n, "One {a}", "{count} {a}", a);"#);
        let faults = |json: Value| faults_in(&texts, json.as_object().unwrap());
        let right = json!({"Save": "Sichern", "of {name}": "von {name}", "{count} {a}": {"one": "Ein {a}", "other": "{count} {a}"}});
        assert_eq!(faults(right.clone()), [""; 0]);
        for (key, value) in [
            ("Save", Value::Null),
            ("Save", json!("")),
            ("Save", json!("Sichern {name}")),
            ("of {name}", json!("von")),
            ("{count} {a}", json!("viele {a}")),
            ("{count} {a}", json!({"one": "Ein", "other": "{count} {a}"})),
            ("More", json!("Mehr")),
        ] {
            let mut wrong = right.clone();
            wrong[key] = value;
            assert!(!faults(wrong).is_empty(), "{key}");
        }
    }
}
