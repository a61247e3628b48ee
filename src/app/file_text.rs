//! Decodes the bytes of a file, and asks for the encoding if it is not UTF-8.

use cruxboard_domain::t;
use std::sync::Arc;

use cruxboard_domain::file_kind::{TextError, text_of};
use leptos::prelude::*;

use cruxboard_platform::files::{self, RawFile};
use cruxboard_session::{Question, QuestionChoice, Session};

/// Number of characters shown as a sample of each encoding.
const SAMPLE: usize = 40;

/// Passes the text of a file to `then`, with whether the file ends within a character. Reports a
/// file that is not text by name, and asks for the encoding if it is not UTF-8.
pub(super) fn read_text(
    session: Session,
    file: RawFile,
    then: impl Fn(String, bool) + Send + Sync + 'static,
) {
    let RawFile { name, bytes } = file;
    session.notices.succeeded("read-file");
    let encodings = match text_of(&bytes) {
        Ok(text) => return then(text, false),
        Err(TextError::CutOff(text)) => return then(text, true),
        Err(TextError::Kind(kind)) => {
            let why = t!(
                "“{name}” is {kind}, and cannot be read here. {advice} Nothing was changed.",
                name,
                kind = kind.name,
                advice = kind.advice
            );
            return session.notices.failed("read-file", why);
        }
        Err(TextError::Encoding(encodings)) => encodings,
    };
    let then = Arc::new(then);
    let choices = encodings.into_iter().filter_map(|encoding| {
        let text = files::decode(&bytes, encoding.label())?;
        let then = then.clone();
        Some(QuestionChoice {
            label: t!("Read it as {encoding}", encoding = encoding.name()),
            sample: sample(&text),
            take: Arc::new(move || then(text.clone(), false)),
        })
    });
    let choices: Vec<QuestionChoice> = choices.collect();
    if choices.is_empty() {
        let why = t!(
            "“{name}” is in an encoding that cannot be read here. Save it as UTF-8, and choose it again. Nothing was changed.",
            name
        );
        return session.notices.failed("read-file", why);
    }
    session.notices.question.set(Some(Question {
        title: t!("Which encoding is this file in?").to_owned(),
        words: vec![t!(
            "“{name}” is not in UTF-8. Choose the encoding in which its words look right; in another one, letters would be wrong for good. If none does, save it as UTF-8 where it comes from.",
            name
        )],
        choices,
    }));
}

/// Asks whether to read a text whose end is missing.
pub(super) fn ask_about_cut(session: Session, name: &str, text: String, take: Callback<String>) {
    session.notices.question.set(Some(Question {
        title: t!("This file is cut off").to_owned(),
        words: vec![t!(
            "“{name}” ends within a character: its end is missing. Look for a whole copy first.",
            name
        )],
        choices: vec![QuestionChoice {
            label: t!("Read it without its end").to_owned(),
            sample: String::new(),
            take: Arc::new(move || {
                take.try_run(text.clone());
            }),
        }],
    }));
}

/// Returns the words around the first letter that is not ASCII, where encodings differ.
fn sample(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}');
    let letters: Vec<char> = text.chars().take(100_000).collect();
    let first = letters.iter().position(|letter| !letter.is_ascii());
    let start = first.unwrap_or_default().saturating_sub(SAMPLE / 2);
    let shown = letters.iter().skip(start).take(SAMPLE);
    let shown: String = shown
        .map(|letter| if letter.is_control() { ' ' } else { *letter })
        .collect();
    shown.trim().to_owned()
}
