//! The minutes of a review.

use std::time::Duration;

use crate::desk::{Desk, MILLI};
use cruxboard_domain::change::{Edited, ReviewNoted, RoundSealed};
use cruxboard_domain::date::Now;
use cruxboard_domain::decide::Command;
use cruxboard_domain::minutes::{Audience, minutes};
use cruxboard_domain::record::*;
use cruxboard_domain::round::SealedAnswers;

/// Returns a board with a review that contains everything a review can contain.
fn held() -> (Desk, ReviewId) {
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
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
        here: Some(vec![ann, bob]),
        agenda: Some(vec![AgendaItem { crux, minutes: 10 }]),
        ..ReviewEdit::default()
    })));
    let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![crux]),
        people: Some(vec![ann, bob]),
        held_at: Some(Some(review)),
        ..RoundEdit::default()
    })));
    let answers = vec![Answer {
        topic: Topic::Crux(crux),
        credence: cruxboard_domain::Credence::clamped(55.0),
        reason: "a *bold*\nclaim, [really] 🙂".into(),
        reason_seal: String::new(),
    }];
    let sealed = SealedAnswers {
        salt: "5a17".into(),
        reason_secret: "5ec2e7".into(),
        answers,
    };
    desk.does(Command::SealAnswers(RoundSealed {
        round,
        person: ann,
        seal: sealed.seal(round, ann),
    }));
    desk.does(Command::CloseRound(round));
    desk.does(Command::RevealAnswers {
        round,
        person: ann,
        sealed,
    });
    desk.judges(trigger, Verdict::Near);
    desk.does(Command::NoteInReview(ReviewNoted {
        review,
        crux,
        text: "# not a heading".into(),
        is_public: false,
    }));
    desk.does(Command::RecordDecision {
        decision: DecisionEdit {
            option: Some(Some(desk.option("Continue"))),
            why: Some("nothing is met".into()),
            until: Some("2027-03-31".parse().ok()),
            voices: Some(vec![Voice {
                person: bob,
                agrees: false,
                reason: "too soon".into(),
            }]),
            held_at: Some(Some(review)),
            ..DecisionEdit::default()
        },
        actions: Vec::new(),
    });
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
    desk.does(Command::CloseReview(review));
    (desk, review)
}

fn text(audience: Audience) -> String {
    let (desk, review) = held();
    minutes(
        &desk.board,
        desk.board.review(review).unwrap(),
        audience,
        Now::utc(desk.now),
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
        "- It is so: Wind down, near: it is seen",
        "- It is so: Ann 40% → 55%",
        "- Bob did not answer.",
        "### It is so: one answer",
        "| Who | Before | In the round | Why |",
        "| Ann | 40% | 55% | a \\*bold\\* claim, \\[really\\] 🙂 |",
        "## Outcomes of triggers",
        "- Ann judged: near. it is seen. so it is",
        "\\# not a heading",
        "- Continue, because nothing is met · to be looked at again on 31 Mar 2027",
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
fn minutes_begin_with_decisions_and_outcomes_and_end_with_what_changed() {
    let text = text(Audience::Internal);
    let headings = text.lines().filter(|line| line.starts_with("## "));
    assert_eq!(
        headings.collect::<Vec<_>>(),
        [
            "## Decisions",
            "## Agenda and triggers",
            "## Outcomes of triggers",
            "## Blind round 1",
            "## Credences moved",
            "## Notes",
            "## What changed since the last review",
            "## Follow-ups",
        ]
    );
}

#[test]
fn minutes_name_the_cruxes_of_the_triggers_that_a_decision_answers() {
    let mut desk = Desk::new();
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    let triggers = ["It is so", "It is not"].map(|claim| {
        let crux = desk.adds_crux(claim);
        let trigger = desk.adds_trigger(crux, "Wind down");
        desk.judges(trigger, Verdict::Met);
        trigger
    });
    desk.does(Command::RecordDecision {
        decision: DecisionEdit {
            option: Some(Some(desk.option("Continue"))),
            why: Some("in spite of it".into()),
            answers: Some(triggers.to_vec()),
            held_at: Some(Some(review)),
            ..DecisionEdit::default()
        },
        actions: Vec::new(),
    });
    for audience in [Audience::Internal, Audience::Public] {
        let review = desk.board.review(review).unwrap();
        let text = minutes(&desk.board, review, audience, Now::utc(desk.now));
        for line in [
            "- The decision answers: It is so: it is seen",
            "- The decision answers: It is not: it is seen",
        ] {
            assert!(text.lines().any(|found| found == line), "{text}");
        }
    }
}

#[test]
fn minutes_fold_the_setup_into_a_line_and_list_moves_after_first_estimates() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.does(Command::AddPerson(PersonEdit {
        name: Some("Cyd".into()),
        ..PersonEdit::default()
    }));
    desk.does(Command::Describe(BoardInfoEdit {
        stale_after_days: Some(30),
        ..BoardInfoEdit::default()
    }));
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    for percent in [40.0, 50.0, 45.0] {
        desk.days_pass(1);
        desk.states(crux, "Ann", percent);
    }
    let review = desk.board.review(review).unwrap();
    let text = minutes(&desk.board, review, Audience::Internal, Now::utc(desk.now));
    assert!(text.contains("- It is so: Ann 40% → 50% → 45%\n"), "{text}");
    let setup = text.lines().find(|line| line.starts_with("- Setup: "));
    let setup = setup.unwrap();
    assert!(setup.contains("3 people"), "{setup}");
    assert!(setup.contains("stale after days"), "{setup}");
    assert!(!text.contains("New person"), "{text}");
}

#[test]
fn the_minutes_of_a_first_review_count_first_estimates_and_no_moves() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.states(crux, "Ann", 40.0);
    desk.states(crux, "Bob", 60.0);
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    let review = desk.board.review(review).unwrap();
    let text = minutes(&desk.board, review, Audience::Internal, Now::utc(desk.now));
    let tally = "0 items of evidence, 2 first estimates, 0 triggers met, 0 follow-ups owed now.";
    assert!(text.lines().any(|line| line == tally), "{text}");
}

#[test]
fn the_minutes_of_a_first_review_count_the_past_and_list_what_came_in_the_review() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    desk.files("The old thing", &[(crux, Direction::For)]);
    desk.days_pass(1);
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    desk.files("The new thing", &[(crux, Direction::For)]);
    let review = desk.board.review(review).unwrap();
    for audience in [Audience::Internal, Audience::Public] {
        let text = minutes(&desk.board, review, audience, Now::utc(desk.now));
        assert!(!text.contains("since the last review"), "{text}");
        assert!(text.contains("## What changed up to the first review\n"));
        assert!(text.contains("2 items of evidence, "), "{text}");
        assert!(text.contains("- New evidence The new thing"), "{text}");
        assert!(!text.contains("The old thing"), "{text}");
        assert!(!text.contains("New crux"), "{text}");
    }
}

#[test]
fn a_sentence_in_the_minutes_ends_with_one_full_stop() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    desk.does(Command::EditTrigger(Edited {
        of: trigger,
        set: TriggerEdit {
            observable: Some("Two groups find the effect.".into()),
            ..TriggerEdit::default()
        },
        reason: "clearer".into(),
    }));
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    desk.judges(trigger, Verdict::Met);
    let review = desk.board.review(review).unwrap();
    let text = minutes(&desk.board, review, Audience::Internal, Now::utc(desk.now));
    assert!(text.contains("find the effect. so it is"), "{text}");
    assert!(!text.contains(".."), "{text}");
}

#[test]
fn public_minutes_withhold_what_is_not_public_and_say_how_much() {
    let text = text(Audience::Public);
    assert!(!text.contains("hidden"), "{text}");
    assert!(text.contains("The open thing"));
    assert!(
        text.lines()
            .any(|line| line == "Not public, and not shown here: 3 items and 1 note."),
        "{text}"
    );
}

#[test]
fn whatever_is_not_public_is_in_no_byte_of_public_minutes() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let other = desk.adds_crux("It is also so");
    let (ann, bob) = (desk.person("Ann"), desk.person("Bob"));
    let sees = |desk: &mut Desk, of, visibility| {
        desk.does(Command::EditEvidence(Edited {
            of,
            set: EvidenceEdit {
                visibility: Some(Some(visibility)),
                ..EvidenceEdit::default()
            },
            reason: String::new(),
        }));
    };
    let open = desk.files("The open thing", &[(crux, Direction::For)]);
    let freed = desk.files("planted: before it was public", &[(crux, Direction::For)]);
    sees(&mut desk, freed, Visibility::Internal);
    let owed = FollowUpId(desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("An open question".into()),
        ..FollowUpEdit::default()
    })));
    desk.reviews();
    desk.days_pass(1);
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
        here: Some(vec![ann, bob]),
        ..ReviewEdit::default()
    })));
    // The evidence is on two cruxes, so it would be in the minutes twice.
    let private = desk.files(
        "planted: private evidence",
        &[(crux, Direction::For), (other, Direction::For)],
    );
    sees(&mut desk, private, Visibility::Private);
    let edit = |desk: &mut Desk, set| {
        desk.does(Command::EditEvidence(Edited {
            of: private,
            set,
            reason: "planted: a reason".into(),
        }));
    };
    edit(
        &mut desk,
        EvidenceEdit {
            quote: Some("planted: a quote".into()),
            url: Some("https://planted.example/".into()),
            source: Some("planted: a source".into()),
            message: Some("planted: a message".into()),
            seen_by: Some(vec!["planted: who saw it".into()]),
            ..EvidenceEdit::default()
        },
    );
    // Public records refer to records that are not public.
    desk.does(Command::EditEvidence(Edited {
        of: open,
        set: EvidenceEdit {
            same_origin_as: Some(vec![private]),
            ..EvidenceEdit::default()
        },
        reason: String::new(),
    }));
    for evidence in [Some(private), None] {
        desk.does(Command::EditFollowUp(Edited {
            of: owed,
            set: FollowUpEdit {
                evidence: Some(evidence),
                ..FollowUpEdit::default()
            },
            reason: String::new(),
        }));
    }
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some("planted: what is owed on it".into()),
        evidence: Some(Some(private)),
        ..FollowUpEdit::default()
    }));
    // The evidence was made public later, with other words.
    desk.does(Command::EditEvidence(Edited {
        of: freed,
        set: EvidenceEdit {
            text: Some("The same in public words".into()),
            visibility: Some(Some(Visibility::Public)),
            ..EvidenceEdit::default()
        },
        reason: String::new(),
    }));
    let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![crux]),
        people: Some(vec![ann]),
        held_at: Some(Some(review)),
        ..RoundEdit::default()
    })));
    desk.does(Command::SayInRound(cruxboard_domain::change::RoundSaid {
        round,
        text: "planted: a question in the round".into(),
    }));
    desk.does(Command::CloseRound(round));
    let note = |text: &str, is_public| {
        Command::NoteInReview(ReviewNoted {
            review,
            crux,
            text: text.into(),
            is_public,
        })
    };
    desk.does(note("planted: a note", false));
    desk.does(Command::EditReview(Edited {
        of: review,
        set: ReviewEdit {
            note: Some("planted: a note on the whole".into()),
            ..ReviewEdit::default()
        },
        reason: String::new(),
    }));
    desk.does(Command::CloseReview(review));

    let read = |desk: &Desk, audience| {
        let review = desk.board.review(review).unwrap();
        minutes(&desk.board, review, audience, Now::utc(desk.now))
    };
    let inside = read(&desk, Audience::Internal);
    for planted in [
        "private evidence",
        "a note",
        "a note on the whole",
        "what is owed on it",
    ] {
        assert!(inside.contains(&format!("planted: {planted}")), "{planted}");
    }
    let public = read(&desk, Audience::Public);
    assert!(!public.contains("planted"), "{public}");
    assert!(public.contains("The same in public words"));
    // Counted are: the private item, the open item's reference to it, the version that was not public yet,
    // and two follow-ups.
    let count = "Not public, and not shown here: 5 items and 2 notes.";
    assert!(public.lines().any(|line| line == count), "{public}");

    // A note is in the public minutes if somebody allows that, even after the review is closed. An edit of
    // the note revokes the permission.
    desk.does(note("planted: a note", true));
    let public = read(&desk, Audience::Public);
    assert!(public.contains("planted: a note"), "{public}");
    assert!(!public.contains("planted: a note on the whole"), "{public}");
    assert!(public.contains("5 items and 1 note."), "{public}");
    assert_eq!(
        desk.refuses(note("another note", true)),
        cruxboard_domain::decide::CommandError::ReviewClosed
    );
    let marked = |is_public| {
        Command::EditReview(Edited {
            of: review,
            set: ReviewEdit {
                note_is_public: Some(is_public),
                ..ReviewEdit::default()
            },
            reason: String::new(),
        })
    };
    desk.does(marked(true));
    let public = read(&desk, Audience::Public);
    assert!(public.contains("planted: a note on the whole"), "{public}");
    desk.does(marked(false));
    assert!(!read(&desk, Audience::Public).contains("on the whole"));
}

#[test]
fn what_speaks_of_private_evidence_is_not_in_public_minutes() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let private = desk.files("planted: private", &[(crux, Direction::For)]);
    let hidden = EvidenceEdit {
        visibility: Some(Some(Visibility::Private)),
        ..EvidenceEdit::default()
    };
    desk.does(Command::EditEvidence(Edited {
        of: private,
        set: hidden,
        reason: String::new(),
    }));
    desk.edits_crux(
        crux,
        CruxEdit {
            one_liner: Some("planted: an earlier wording".into()),
            ..CruxEdit::default()
        },
    );
    desk.reviews();
    desk.days_pass(1);
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    let mut moved = desk.moved(crux, "Bob", 80.0);
    moved.reason = "planted: a reason that cites it".into();
    desk.does(Command::StateCredence {
        moved,
        evidence: vec![private],
    });
    desk.does(Command::JudgeTrigger {
        trigger,
        verdict: Verdict::Near,
        reason: "planted: a judgement that cites it".into(),
        evidence: vec![private],
    });
    let answer = desk.files("planted: what answers it", &[(crux, Direction::Against)]);
    let further = desk.files("planted: what answers that", &[(crux, Direction::Against)]);
    for (of, answers) in [(answer, private), (further, answer)] {
        desk.does(Command::EditEvidence(Edited {
            of,
            set: EvidenceEdit {
                answers: Some(Some(answers)),
                visibility: Some(Some(Visibility::Public)),
                ..EvidenceEdit::default()
            },
            reason: String::new(),
        }));
    }
    desk.edits_crux(
        crux,
        CruxEdit {
            one_liner: Some("what it reads now".into()),
            ..CruxEdit::default()
        },
    );
    let threshold = TriggerEdit {
        threshold: Some("thrice".into()),
        ..TriggerEdit::default()
    };
    desk.edits_trigger(trigger, threshold, "planted: why the goalpost moved")
        .unwrap();
    let gone = desk.adds_crux("planted: what was thrown away");
    desk.does(Command::Trash(gone.0));
    desk.does(Command::CloseReview(review));
    let read = |audience| {
        let review = desk.board.review(review).unwrap();
        minutes(&desk.board, review, audience, Now::utc(desk.now))
    };
    let inside = read(Audience::Internal);
    for planted in [
        "a reason that cites it",
        "a judgement that cites it",
        "what answers that",
    ] {
        assert!(inside.contains(&format!("planted: {planted}")), "{planted}");
    }
    let public = read(Audience::Public);
    assert!(!public.contains("planted"), "{public}");
    for line in [
        "- Bob: first estimate 80%",
        "- Ann judged: near. it is seen.",
        "- Edited crux It is so. one liner: “what it reads now”",
    ] {
        assert!(
            public.lines().any(|found| found == line),
            "{line:?} is not in\n{public}"
        );
    }
}

#[test]
fn a_mark_never_comes_to_stand_by_another_note() {
    let mut desk = Desk::new();
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit::default())));
    let edit = |set| {
        Command::EditReview(Edited {
            of: review,
            set,
            reason: String::new(),
        })
    };
    let noted = |text: &str| {
        edit(ReviewEdit {
            note: Some(text.into()),
            ..ReviewEdit::default()
        })
    };
    let marked = || {
        edit(ReviewEdit {
            note_is_public: Some(true),
            ..ReviewEdit::default()
        })
    };
    desk.does(noted("for everybody"));
    // Another device edits at the same time.
    let mut elsewhere = Desk {
        board: desk.board.clone(),
        clock: cruxboard_domain::id::Clock::new(cruxboard_domain::id::Replica::new(2, 0)),
        now: desk.now + MILLI,
        undo: desk.undo.clone(),
    };
    let theirs = elsewhere.try_do(noted("for us alone")).unwrap();
    desk.now += Duration::from_millis(2);
    desk.does(marked());
    desk.take(&theirs);
    let review_now = |desk: &Desk| {
        let review = desk.board.review(review).unwrap();
        (review.note.clone(), review.note_is_public)
    };
    assert_eq!(review_now(&desk), ("for everybody".into(), true));
    desk.does(noted("for us alone"));
    assert_eq!(review_now(&desk), ("for us alone".into(), false));
}

/// A name with commas, quotation marks, bars, line breaks, Markdown marks and characters beyond U+FFFF.
const ODD: &str = "O’Neil, \"Jr.\"\n# *Bob* | [x](y) <b> 🙂";
/// Markdown that renders as the name `ODD`.
const ODD_IN_MARKDOWN: &str = "O’Neil, \"Jr.\" \\# \\*Bob\\* \\| \\[x\\](y) &lt;b&gt; 🙂";

#[test]
fn names_and_titles_of_any_letters_stay_whole_and_on_their_line() {
    let mut desk = Desk::new();
    let odd = PersonId(desk.does(Command::AddPerson(PersonEdit {
        name: Some(ODD.into()),
        ..PersonEdit::default()
    })));
    let crux = CruxId(desk.does(Command::AddCrux {
        crux: CruxEdit {
            title: Some(ODD.into()),
            claim: Some("It is so".into()),
            ..CruxEdit::default()
        },
        triggers: Vec::new(),
    }));
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
        here: Some(vec![odd]),
        ..ReviewEdit::default()
    })));
    let round = RoundId(desk.does(Command::OpenRound(RoundEdit {
        cruxes: Some(vec![crux]),
        people: Some(vec![odd]),
        held_at: Some(Some(review)),
        ..RoundEdit::default()
    })));
    let answers = vec![Answer {
        topic: Topic::Crux(crux),
        credence: cruxboard_domain::Credence::clamped(55.0),
        reason: ODD.into(),
        reason_seal: String::new(),
    }];
    let sealed = SealedAnswers {
        salt: "5a17".into(),
        reason_secret: "5ec2e7".into(),
        answers,
    };
    desk.does(Command::SealAnswers(RoundSealed {
        round,
        person: odd,
        seal: sealed.seal(round, odd),
    }));
    desk.does(Command::CloseRound(round));
    desk.does(Command::RevealAnswers {
        round,
        person: odd,
        sealed,
    });
    desk.does(Command::AddFollowUp(FollowUpEdit {
        what: Some(ODD.into()),
        owner: Some(ODD.into()),
        ..FollowUpEdit::default()
    }));
    desk.does(Command::CloseReview(review));
    let review = desk.board.review(review).unwrap();
    let text = minutes(&desk.board, review, Audience::Internal, Now::utc(desk.now));
    for line in [
        format!("Here: {ODD_IN_MARKDOWN}."),
        format!("### {ODD_IN_MARKDOWN}: one answer"),
        format!("| {ODD_IN_MARKDOWN} | none | 55% | {ODD_IN_MARKDOWN} |"),
        format!("- {ODD_IN_MARKDOWN} (owed, {ODD_IN_MARKDOWN})"),
    ] {
        assert!(
            text.lines().any(|found| found == line),
            "{line:?} is not in\n{text}"
        );
    }
}

#[test]
fn public_minutes_name_no_crux_and_no_option_that_is_in_the_trash() {
    let mut desk = Desk::new();
    let crux = desk.adds_crux("It is so");
    let removed = desk.adds_crux("planted: a removed crux");
    let trigger = desk.adds_trigger(crux, "Wind down");
    let option = desk.option("Wind down");
    let other = desk.adds_trigger(crux, "Wind down");
    desk.does(Command::EditOption(Edited {
        of: option,
        set: BoardOptionEdit {
            name: Some("planted: a removed option".into()),
            ..BoardOptionEdit::default()
        },
        reason: String::new(),
    }));
    desk.reviews();
    desk.days_pass(1);
    let review = ReviewId(desk.does(Command::StartReview(ReviewEdit {
        agenda: Some(vec![AgendaItem { crux, minutes: 10 }]),
        ..ReviewEdit::default()
    })));
    desk.does(Command::EditTrigger(Edited {
        of: other,
        set: TriggerEdit {
            crux: Some(removed),
            observable: Some("planted: a trigger of the removed crux".into()),
            ..TriggerEdit::default()
        },
        reason: "it belongs there".into(),
    }));
    desk.does(Command::CloseReview(review));
    let read = |desk: &Desk, audience| {
        let review = desk.board.review(review).unwrap();
        minutes(&desk.board, review, audience, Now::utc(desk.now))
    };
    for words in [
        "planted: a removed crux",
        "planted: a removed option",
        "planted: a trigger of the removed crux",
    ] {
        assert!(
            read(&desk, Audience::Public).contains(words),
            "before: {words}"
        );
    }
    desk.does(Command::Trash(removed.0));
    desk.does(Command::Trash(option.0));
    let public = read(&desk, Audience::Public);
    assert!(!public.contains("planted"), "{trigger:?}\n{public}");
    assert!(read(&desk, Audience::Internal).contains("planted: a removed option"));
}
