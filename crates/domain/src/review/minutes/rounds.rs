//! The blind rounds of a review, for its minutes.

use super::text::Text;
use crate::Credence;
use crate::format::person_name;
use crate::percent::points;
use crate::record::{Answer, ReviewId};
use crate::round::{Standing, findings, reason_words, standing};
use crate::t;

pub(super) fn rounds(text: &mut Text<'_>, review: ReviewId) {
    let board = text.board;
    let own = board.rounds().filter(|round| round.held_at == Some(review));
    for (number, round) in own.filter(|round| round.closing().is_some()).enumerate() {
        text.heading(&t!("Blind round {number}", number = number + 1));
        for person in round.everybody() {
            let name = person_name(board, person);
            if let Some(words) = standing_words(text, &name, &standing(round, person)) {
                text.line("- ", &words);
            }
        }
        for finding in findings(board, round) {
            if !text.may_tell(finding.topic) {
                continue;
            }
            let name = text.topic(finding.topic);
            let found = match finding.answers.len() {
                0 => t!("nobody answered").to_owned(),
                1 => t!("one answer").to_owned(),
                _ => t!("{points} apart", points = points(finding.gap(), &[])),
            };
            text.subheading(&format!("{name}: {found}"));
            if !finding.blank.is_empty() {
                let blank = finding.blank.iter();
                let blank: Vec<_> = blank.map(|person| person_name(board, *person)).collect();
                text.line(
                    "- ",
                    &t!(
                        "No answer, sealed blank: {people}.",
                        people = blank.join(", ")
                    ),
                );
            }
            if finding.answers.is_empty() {
                continue;
            }
            text.out += "\n";
            text.row(&[t!("Who"), t!("Before"), t!("In the round"), t!("Why")]);
            text.out += "| --- | ---: | ---: | --- |\n";
            for (person, before, answer) in &finding.answers {
                let before = before.map_or_else(|| t!("none").into(), Credence::shown);
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
fn standing_words(text: &Text<'_>, name: &str, standing: &Standing) -> Option<String> {
    let said = |answers: &[Answer]| {
        let answers = answers.iter().filter(|answer| text.may_tell(answer.topic));
        let answers: Vec<_> = answers
            .map(|answer| {
                let credence = answer.credence.shown();
                t!(
                    "{credence} on {crux}",
                    credence,
                    crux = text.topic(answer.topic)
                )
            })
            .collect();
        match answers.is_empty() {
            true => t!("in private").to_owned(),
            false => answers.join(", "),
        }
    };
    Some(match standing {
        Standing::Waiting => t!("{name} did not answer.", name),
        Standing::NotRevealed => t!("{name} has answered, not revealed yet.", name),
        Standing::Mismatch => t!("{name} published something else than was sealed.", name),
        Standing::Unchecked(answers) => t!(
            "{name} answered {answers}; with the reasons erased it cannot be checked, and is not counted.",
            name,
            answers = said(answers)
        ),
        Standing::Late(None) => t!("{name} answered late.", name),
        Standing::Late(Some(answers)) => t!(
            "{name} answered late, not counted: {answers}.",
            name,
            answers = said(answers)
        ),
        Standing::Answered | Standing::Revealed(_) => return None,
    })
}
