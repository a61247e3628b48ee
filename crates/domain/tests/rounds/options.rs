//! Rounds whose questions are how likely an option is right, as things stand or if a crux is true.

use super::*;
use crate::desk::edited;
use cruxboard_domain::crux_value::crux_values;
use cruxboard_domain::date::DAY;
use cruxboard_domain::decide::OptionMove;
use cruxboard_domain::minutes::{Audience, minutes};

/// A desk with an open round of Ann and Bob on an option, as things stand and if a crux is true.
struct Options {
    desk: Desk,
    crux: CruxId,
    round: RoundId,
    questions: [OptionQuestion; 2],
}

impl Options {
    fn new() -> Self {
        let mut desk = Desk::new();
        let (option, crux) = (desk.option("Wind down"), desk.adds_crux("It is so"));
        let people = ["Ann", "Bob"].map(|name| desk.person(name));
        let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
            here: Some(people.to_vec()),
            ..ReviewEdit::default()
        })));
        let questions = [None, Some(crux)].map(|if_true| OptionQuestion { option, if_true });
        let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
            in_options: Some(questions.to_vec()),
            people: Some(people.to_vec()),
            held_at: Some(Some(review)),
            ..RoundEdit::default()
        })));
        Self {
            desk,
            crux,
            round,
            questions,
        }
    }

    fn kept(&self, percents: [f64; 2]) -> SealedAnswers {
        let answers = self.questions.iter().zip(percents);
        let answers = answers.map(|(question, percent)| Answer {
            topic: Topic::Option(*question),
            credence: Credence::clamped(percent),
            reason: "so I think".into(),
            reason_seal: String::new(),
        });
        SealedAnswers {
            salt: SALT.into(),
            reason_secret: SECRET.into(),
            answers: answers.collect(),
        }
    }

    fn seals(&mut self, name: &str, percents: [f64; 2]) {
        let (round, person) = (self.round, self.desk.person(name));
        let seal = self.kept(percents).seal(round, person);
        self.desk.does(Command::SealAnswers(RoundSealed {
            round,
            person,
            seal,
        }));
    }

    fn reveals(&mut self, name: &str, percents: [f64; 2]) {
        let command = Command::RevealAnswers {
            round: self.round,
            person: self.desk.person(name),
            sealed: self.kept(percents),
        };
        self.desk.does(command);
    }

    /// Returns the round with both answers revealed, on a board on which Ann had stated 50%.
    fn over() -> Self {
        let mut table = Self::new();
        let person = table.desk.person("Ann");
        table.desk.does(Command::StateOptionCredence {
            moved: OptionMove {
                option: table.questions[0].option,
                if_true: None,
                person,
                credence: Credence::HALF,
                reason: String::new(),
            },
            evidence: Vec::new(),
        });
        table.seals("Ann", [37.0, 61.0]);
        table.seals("Bob", [83.0, 92.0]);
        table.desk.does(Command::CloseRound(table.round));
        table.desk.days_pass(2);
        table.reveals("Ann", [37.0, 61.0]);
        table.reveals("Bob", [83.0, 92.0]);
        table
    }

    fn findings(&self) -> Vec<cruxboard_domain::round::Finding> {
        findings(&self.desk.board, self.desk.board.round(self.round).unwrap())
    }

    fn log(&self) -> String {
        let changes = self.desk.board.log().changes();
        changes.map(Change::to_json).collect::<Vec<_>>().join("\n")
    }
}

#[test]
fn until_it_is_closed_nobody_sees_an_answer_on_an_option() {
    let mut table = Options::new();
    table.seals("Ann", [37.0, 61.0]);
    for secret in [":37", ":61", "so I think", SALT] {
        assert!(!table.log().contains(secret), "{secret}");
    }
    assert_eq!(table.desk.board.option_credences().count(), 0);
}

#[test]
fn revealed_answers_on_options_are_credences_in_them_of_when_they_were_sealed() {
    let table = Options::over();
    let current = table
        .desk
        .board
        .current_option_credences(table.questions[0].option);
    let ann = table.desk.person("Ann");
    let said = [None, Some(table.crux)].map(|given| current[&(ann, given)]);
    assert_eq!(said.map(|said| said.credence.percent()), [37.0, 61.0]);
    assert!(said.iter().all(|said| said.at < table.desk.now - DAY));
    let found = table.findings();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].topic, Topic::Option(table.questions[0]));
    assert_eq!(found[0].gap(), 46.0);
    let (_, before, answer) = &found[0].answers[0];
    assert_eq!(*before, Some(Credence::HALF));
    assert_eq!(reason_words(answer), "so I think");
    assert_eq!(found[1].answers[0].1, None);
}

#[test]
fn an_erased_reason_on_an_option_is_nowhere_and_its_number_can_still_be_checked() {
    let mut table = Options::over();
    let ann = table.desk.person("Ann");
    let option = table.questions[0].option;
    let said = table.desk.board.current_option_credences(option)[&(ann, None)].id;
    assert_eq!(table.log().matches("so I think").count(), 4);
    table.desk.does(Command::Redact(vec![said.0]));
    assert_eq!(table.log().matches("so I think").count(), 3);
    let round = table.desk.board.round(table.round).unwrap();
    assert!(matches!(standing(round, ann), Standing::Revealed(_)));
    let found = table.findings();
    let answer = found[0].answers.iter().find(|(who, ..)| *who == ann);
    let (.., answer) = answer.unwrap();
    assert_eq!(reason_words(answer), "(The reason was erased.)");
    // The reason of the other question is another one, with a salt of its own.
    assert_eq!(reason_words(&found[1].answers[0].2), "so I think");
}

#[test]
fn a_sealed_answer_that_contradicts_the_others_counts_in_no_figure() {
    let mut table = Options::new();
    table.desk.states(table.crux, "Ann", 80.0);
    table.seals("Ann", [20.0, 90.0]);
    table.desk.does(Command::CloseRound(table.round));
    table.reveals("Ann", [20.0, 90.0]);
    let option = table.questions[0].option;
    let values = crux_values(&table.desk.board, option, Now::utc(table.desk.now));
    assert_eq!(values[0].contradictory, [table.desk.person("Ann")]);
    assert!(values[0].views.is_empty());
}

#[test]
fn a_round_asks_about_something_that_is_there() {
    let mut table = Options::new();
    let nothing = Command::OpenRound(RoundEdit::default());
    assert_eq!(table.desk.refuses(nothing), CommandError::NothingToDo);
    let gone = OptionQuestion {
        option: OptionId(table.crux.0),
        if_true: None,
    };
    let of_gone = Command::OpenRound(RoundEdit {
        in_options: Some(vec![gone]),
        ..RoundEdit::default()
    });
    assert_eq!(table.desk.refuses(of_gone), CommandError::Gone("option"));
}

#[test]
fn answers_on_options_are_in_the_minutes_for_inside_and_in_none_for_anybody() {
    let mut table = Options::over();
    let round = table.desk.board.round(table.round).unwrap();
    let review = round.held_at.unwrap();
    table.desk.does(Command::EditReview(edited(
        review,
        ReviewEdit {
            note: Some("done".into()),
            ..ReviewEdit::default()
        },
    )));
    table.desk.does(Command::CloseReview(review));
    let review = table.desk.board.review(review).unwrap();
    let of = |audience| {
        minutes(
            &table.desk.board,
            review,
            audience,
            Now::utc(table.desk.now),
        )
    };
    let inside = of(Audience::Internal);
    assert!(
        inside.contains("“Wind down” is right if “It is so” is true: 31 points apart"),
        "{inside}"
    );
    let outside = of(Audience::Public);
    for secret in ["37%", "61%", "83%", "so I think", "is right"] {
        assert!(!outside.contains(secret), "{secret} in {outside}");
    }
}
