//! The blind rounds of a review, for its minutes.

use super::text::Text;
use crate::Credence;
use crate::format::person_name;
use crate::percent::points;
use crate::record::{Answer, ReviewId};
use crate::round::{Standing, findings, reason_words, standing};

pub(super) fn rounds(text: &mut Text<'_>, review: ReviewId) {
    let board = text.board;
    let own = board.rounds().filter(|round| round.held_at == Some(review));
    for (number, round) in own.filter(|round| round.closing().is_some()).enumerate() {
        text.heading(&format!("Blind round {}", number + 1));
        for person in round.everybody() {
            let Some(words) = standing_words(text, &standing(round, person)) else {
                continue;
            };
            text.line("- ", &format!("{} {words}.", person_name(board, person)));
        }
        for finding in findings(board, round) {
            if !text.may_tell(finding.topic) {
                continue;
            }
            let name = text.topic(finding.topic);
            let found = match finding.answers.len() {
                0 => "nobody answered".to_owned(),
                1 => "one answer".to_owned(),
                _ => format!("{} apart", points(finding.gap(), &[])),
            };
            text.subheading(&format!("{name}: {found}"));
            if !finding.blank.is_empty() {
                let blank = finding.blank.iter();
                let blank: Vec<_> = blank.map(|person| person_name(board, *person)).collect();
                text.line(
                    "- ",
                    &format!("No answer, sealed blank: {}.", blank.join(", ")),
                );
            }
            if finding.answers.is_empty() {
                continue;
            }
            text.out += "\n| Who | Before | In the round | Why |\n| --- | ---: | ---: | --- |\n";
            for (person, before, answer) in &finding.answers {
                let before = before.map_or_else(|| "none".into(), Credence::shown);
                text.row(&[
                    &person_name(board, *person),
                    &before,
                    &answer.credence.shown(),
                    reason_words(answer),
                ]);
            }
        }
    }
}

/// Describes the standing of a person in a closed round whose answer is not in its figures.
fn standing_words(text: &Text<'_>, standing: &Standing) -> Option<String> {
    let said = |answers: &[Answer]| {
        let answers = answers.iter().filter(|answer| text.may_tell(answer.topic));
        let answers: Vec<_> = answers
            .map(|answer| {
                let credence = answer.credence.shown();
                format!("{credence} on {}", text.topic(answer.topic))
            })
            .collect();
        match answers.is_empty() {
            true => "in private".to_owned(),
            false => answers.join(", "),
        }
    };
    Some(match standing {
        Standing::Waiting => "did not answer".into(),
        Standing::NotRevealed => "has answered, not revealed yet".into(),
        Standing::Mismatch => "published something else than was sealed".into(),
        Standing::Unchecked(answers) => format!(
            "answered {}; with the reasons erased it cannot be checked, and is not counted",
            said(answers)
        ),
        Standing::Late(None) => "answered late".into(),
        Standing::Late(Some(answers)) => {
            format!("answered late, not counted: {}", said(answers))
        }
        Standing::Answered | Standing::Revealed(_) => return None,
    })
}
