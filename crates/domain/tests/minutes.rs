//! The minutes of a review.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod desk;

use cruxboard_domain::change::{Edited, MeetingNoted, RoundRevealed, RoundSealed};
use cruxboard_domain::decide::Command;
use cruxboard_domain::minutes::{Audience, minutes};
use cruxboard_domain::record::*;
use cruxboard_domain::round::seal;
use desk::Desk;

/// A review with everything in it.
fn held() -> (Desk, MeetingId) {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 40.0);
    desk.reviews();
    desk.days_pass(1);
    let private = desk.files("The hidden thing", &[(crux, Direction::For)]);
    desk.does(Command::EditEvidence(Edited {
        of: private,
        set: EvidenceEdit {
            visibility: Some(Some(Visibility::Private)),
            ..EvidenceEdit::default()
        },
        reason: String::new(),
    }));
    desk.files("The open thing", &[(crux, Direction::Against)]);
    let trigger = desk.adds_trigger(crux, "Wind down");
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    let meeting = MeetingId(desk.does(Command::StartMeeting(MeetingEdit {
        here: Some(vec![ann, bob]),
        ..MeetingEdit::default()
    })));
    let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![crux]),
        people: Some(vec![ann, bob]),
        held_at: Some(Some(meeting)),
    })));
    let answers = vec![Answer {
        crux,
        credence: cruxboard_domain::Credence::clamped(55.0),
        reason: "a *bold*\nclaim, [really] 🙂".into(),
    }];
    desk.does(Command::SealAnswers(RoundSealed {
        round,
        person: ann,
        seal: seal(round, ann, "salt", &answers),
    }));
    desk.does(Command::CloseRound(round));
    desk.does(Command::RevealAnswers(RoundRevealed {
        round,
        person: ann,
        salt: "salt".into(),
        answers,
    }));
    desk.judges(trigger, Verdict::Near);
    desk.does(Command::NoteAtMeeting(MeetingNoted {
        meeting,
        crux,
        text: "# not a heading".into(),
    }));
    desk.does(Command::RecordDecision(DecisionEdit {
        option: Some(Some(desk.option("Continue"))),
        why: Some("nothing is met".into()),
        until: Some("2027-03-31".parse().ok()),
        voices: Some(vec![Voice {
            person: bob,
            agrees: false,
            reason: "too soon".into(),
        }]),
        held_at: Some(Some(meeting)),
        ..DecisionEdit::default()
    }));
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Ask about the hidden thing".into()),
        evidence: Some(Some(private)),
        ..FollowUpEdit::default()
    }));
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("Write, \"soon\"".into()),
        owner: Some("Bob".into()),
        by_date: Some("2026-12-01".parse().ok()),
        ..FollowUpEdit::default()
    }));
    desk.does(Command::CloseMeeting(meeting));
    (desk, meeting)
}

fn text(audience: Audience) -> String {
    let (desk, meeting) = held();
    minutes(
        &desk.board,
        desk.board.meeting(meeting).unwrap(),
        audience,
        desk.now,
    )
}

#[test]
fn minutes_hold_people_changes_rounds_judgements_notes_decisions_and_follow_ups() {
    let text = text(Audience::Internal);
    for line in [
        "# Review of 24 Nov 2026",
        "Here: Ann, Bob.",
        "2 items of evidence, 1 move, 0 triggers met, 2 follow-ups owed now.",
        "- New evidence The hidden thing",
        "- New evidence The open thing",
        "## Blind round 1",
        "- Bob did not answer.",
        "### It is so: 0 points apart",
        "- Ann: 40 % → 55 %: a \\*bold\\* claim, \\[really\\] 🙂",
        "## Triggers judged",
        "- Ann judged: near. it is seen. so it is",
        "\\# not a heading",
        "- Continue, until 31 Mar 2027, because nothing is met",
        "- Bob did not agree: too soon",
        "- Write, \"soon\" (owed, Bob, by 1 Dec 2026)",
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line:?} is not in\n{text}"
        );
    }
}

#[test]
fn public_minutes_withhold_what_is_not_public_and_say_how_much() {
    let text = text(Audience::Public);
    assert!(!text.contains("hidden"), "{text}");
    assert!(text.contains("The open thing"));
    assert!(
        text.contains("items are not public and not shown here."),
        "{text}"
    );
}
