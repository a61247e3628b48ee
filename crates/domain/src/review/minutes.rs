//! The minutes of a review, as Markdown.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::board::Board;
use crate::date::{Now, spelled};
use crate::diff::{About, FieldChange, Line, Since, What};
use crate::format::{decision_headline, in_words, person_name, short, tally_words, tell};
use crate::markdown::inline;
use crate::percent::points;
use crate::record::Fields as _;
use crate::record::{
    Answer, CruxId, DecisionId, EvidenceId, FollowUp, FollowUpId, FollowUpState, Judgement, Record,
    Review, ReviewId, RoundId, StatementId, TriggerId, keyed_enum,
};
use crate::round::{Standing, findings, reason_words, standing};
use crate::snapshot;
use crate::snapshot::secrets::{Secrets, Telling, public_telling};
use crate::text::counted;
use crate::web_address::check_address;
use crate::{ChangeId, Credence};

keyed_enum! {
    /// Who reads the minutes.
    Audience {
        /// The people of the organisation.
        Internal = "internal", "Inside: everything";
        /// Anybody.
        Public = "public", "Anybody: what is not public is withheld and counted";
    }
}

struct Text<'a> {
    board: &'a Board,
    /// What these readers may not see; `None`: they are inside, and see everything.
    secrets: Option<Secrets<'a>>,
    out: String,
    /// What was left out, each counted once however often it would have stood here.
    withheld: BTreeSet<ChangeId>,
    withheld_notes: usize,
}

impl Text<'_> {
    fn line(&mut self, mark: &str, text: &str) {
        self.out += mark;
        self.out += &inline(text);
        self.out += "\n";
    }

    fn row(&mut self, cells: &[&str]) {
        for cell in cells {
            self.out += "| ";
            self.out += &inline(cell);
            self.out.push(' ');
        }
        self.out += "|\n";
    }

    fn heading(&mut self, text: &str) {
        self.out += "\n";
        self.line("## ", text);
        self.out += "\n";
    }

    fn subheading(&mut self, text: &str) {
        self.out += "\n";
        self.line("### ", text);
        self.out += "\n";
    }

    /// Adds to the line before where new evidence is to be found: readable, and followed by a click.
    fn address(&mut self, line: &Line) {
        let (About::Evidence(id), What::Added) = (line.about, &line.what) else {
            return;
        };
        let evidence = self.board.evidence(id);
        let address = evidence.and_then(|evidence| check_address(&evidence.url).ok()?);
        // What would end the address early stays out.
        let address = address.filter(|address| !address.contains(['<', '>']));
        if let Some(address) = address {
            self.out.pop();
            self.out += &format!(" <{address}>\n");
        }
    }

    /// What a crux is called. What lies in the trash is for nobody outside.
    fn crux_name(&self, crux: CruxId) -> String {
        let crux = self.board.crux(crux);
        let crux = crux.filter(|crux| self.secrets.is_none() || crux.trashed.is_none());
        crux.map_or_else(|| "Deleted crux".into(), |c| c.name().into_owned())
    }

    /// The triggers that a decision names, as far as these readers may see them.
    fn triggers(&self, ids: &[TriggerId]) -> Vec<String> {
        let found = ids.iter().filter_map(|id| self.board.trigger(*id));
        let found = found.filter(|trigger| {
            let crux = self.board.crux(trigger.crux);
            let is_here = trigger.trashed.is_none() && crux.is_some_and(|c| c.trashed.is_none());
            self.secrets.is_none() || is_here
        });
        found.map(|trigger| trigger.headline()).collect()
    }

    /// A difference in words, as far as these readers may see it. What is left out is counted.
    fn told(&mut self, line: &Line) -> Option<(String, String)> {
        let Some(secrets) = &self.secrets else {
            return Some(tell(self.board, line));
        };
        let (record, told) = publicly(self.board, secrets, line);
        if let Some(record) = record {
            self.withheld.insert(record);
        }
        told
    }
}

/// A difference as anybody may read it, and the record of which something was left out.
fn publicly(
    board: &Board,
    secrets: &Secrets<'_>,
    line: &Line,
) -> (Option<ChangeId>, Option<(String, String)>) {
    let (id, tag) = match line.about {
        About::Board => (ChangeId::MIN, "board-described"),
        About::Option(id) => (id.0, "option-added"),
        About::Person(id) => (id.0, "person-added"),
        About::Crux(id) => (id.0, "crux-added"),
        About::Trigger(id) => (id.0, "trigger-added"),
        About::Evidence(id) => (id.0, "evidence-filed"),
        About::Statement(id) => (id.0, "credence-stated"),
        About::Position(id) => (id.0, "position-recorded"),
        About::Term(id) => (id.0, "term-defined"),
        // The decisions of the review have a part of their own.
        About::Decision(_) if line.what == What::Added => return (None, None),
        About::FollowUp(FollowUpId(id)) | About::Decision(DecisionId(id)) => {
            return (Some(id), None);
        }
        About::RecordedReview(id) | About::Review(ReviewId(id)) | About::Round(RoundId(id)) => {
            return (Some(id), None);
        }
    };
    // The review may be long over: what is in the trash by now stays there.
    if secrets.is_in_trash(id) || matches!(line.about, About::Evidence(id) if secrets.is_secret(id))
    {
        return (Some(id), None);
    }
    let without = |what| {
        let about = line.about;
        tell(board, &Line { about, what })
    };
    match &line.what {
        // What is gone lies in the trash or was undone, and an earlier wording is history.
        What::Gone | What::Goalpost(_) => (Some(id), None),
        What::Edited(fields) => {
            let told = fields
                .iter()
                .filter_map(|field| told_field(board, secrets, (line.about, tag), field));
            let told: Vec<String> = told.collect();
            let is_less = told.len() < fields.len();
            let (what, name) = without(What::Edited(Vec::new()));
            let whole = (!told.is_empty()).then(|| (what, format!("{name}{}", told.join("; "))));
            (is_less.then_some(id), whole)
        }
        What::Moved { person, .. } | What::Unmoved { person, .. } => {
            let (what, reason) = tell(board, line);
            let statement = board.statement(StatementId(id));
            let said_by = board
                .person(*person)
                .filter(|said_by| said_by.trashed.is_none());
            let is_there = !matches!(line.what, What::Moved { after: None, .. })
                && said_by.is_some()
                && statement.is_some_and(|said| said.trashed.is_none());
            // A confirmation has the reason of what it confirms.
            let basis = board.basis_of(StatementId(id));
            let evidence = basis.map(|basis| basis.evidence.as_slice());
            let is_secret = !is_there || secrets.cites_secret(evidence.unwrap_or_default());
            let is_less = is_secret && !reason.is_empty();
            let reason = if is_less { String::new() } else { reason };
            (is_less.then_some(id), Some((what, reason)))
        }
        What::Judged(judged) if secrets.cites_secret(&judged.evidence) => {
            let bare = Judgement {
                reason: String::new(),
                ..judged.clone()
            };
            let told = without(What::Judged(bare));
            ((!judged.reason.is_empty()).then_some(judged.id), Some(told))
        }
        What::Added | What::Stands(..) | What::Judged(_) | What::Weighed(..) => {
            (None, Some(tell(board, line)))
        }
    }
}

/// A field that reads otherwise than before, if anybody may read it.
fn told_field(
    board: &Board,
    secrets: &Secrets<'_>,
    (about, tag): (About, &str),
    field: &FieldChange,
) -> Option<String> {
    if names_secret(secrets, &field.after) {
        return None;
    }
    let name = field.name.replace('_', " ");
    let words = |value| short(&in_words(board, value), 160).into_owned();
    match public_telling(tag, &field.name) {
        Telling::RedactionReason => None,
        // Edited once more since the review, it is an earlier wording.
        Telling::Now if reads_now(board, about, &field.name) != field.after => Some(name),
        Telling::Now => Some(format!("{name}: “{}”", words(&field.after))),
        Telling::BeforeAndNow => {
            let (before, after) = (words(&field.before), words(&field.after));
            Some(format!("{name}: “{before}” → “{after}”"))
        }
    }
}

/// What a field of a record reads now; nothing for what has no fields in the table.
fn reads_now(board: &Board, about: About, name: &str) -> Value {
    let value = match about {
        About::Board => Some(board.info().field(name)),
        About::Option(id) => board.option(id).map(|record| record.field(name)),
        About::Person(id) => board.person(id).map(|record| record.field(name)),
        About::Crux(id) => board.crux(id).map(|record| record.field(name)),
        About::Trigger(id) => board.trigger(id).map(|record| record.field(name)),
        About::Evidence(id) => board.evidence(id).map(|record| record.field(name)),
        About::Position(id) => board.position(id).map(|record| record.field(name)),
        About::Term(id) => board.term(id).map(|record| record.field(name)),
        _ => None,
    };
    value.unwrap_or_default()
}

/// Whether a value names evidence of the board that must not be seen.
fn names_secret(secrets: &Secrets<'_>, value: &Value) -> bool {
    match value {
        Value::String(text) => text.parse().is_ok_and(|id| secrets.hides(EvidenceId(id))),
        Value::Array(items) => items.iter().any(|item| names_secret(secrets, item)),
        Value::Object(inner) => inner.values().any(|value| names_secret(secrets, value)),
        _ => false,
    }
}

/// The minutes of a review: people, what changed since the one before, rounds, judgements, notes,
/// decisions and follow-ups.
#[must_use]
pub fn minutes(
    board: &Board,
    review: &Record<ReviewId, Review>,
    audience: Audience,
    now: Now,
) -> String {
    let mut text = Text {
        board,
        secrets: (audience == Audience::Public)
            .then(|| Secrets::of(board, snapshot::Audience::Public)),
        out: String::new(),
        withheld: BTreeSet::new(),
        withheld_notes: 0,
    };
    let closed = review.closed().unwrap_or(ChangeId::MAX);
    text.line(
        "# ",
        &format!("Review of {}", spelled(now.day_of(review.id.0.millis()))),
    );
    text.out += "\n";
    text.line("", &board.info().question);
    let people = review.here.iter().map(|person| person_name(board, *person));
    let people = people.collect::<Vec<_>>().join(", ");
    text.out += "\n";
    text.line("", &format!("Here: {people}."));

    let before = board.review_moments().into_iter();
    let from = before
        .filter(|moment| *moment < review.id.0)
        .max()
        .unwrap_or_default();
    let mut since = Since::between(board, from, closed, now);
    if text.secrets.is_some() {
        // What lies in the trash is for nobody outside, nor is what belongs to it.
        since.groups.retain(|group| {
            let is_gone = |id: &CruxId| board.crux(*id).is_none_or(|crux| crux.trashed.is_some());
            let gone = group.crux.filter(is_gone);
            text.withheld.extend(gone.map(|crux| crux.0));
            gone.is_none()
        });
    }
    changes(&mut text, &since);
    rounds(&mut text, review.id);
    judgements(&mut text, &since, review.id.0);
    notes(&mut text, review);
    decisions(&mut text, review.id, closed);
    follow_ups(&mut text);
    let some = |count: usize, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
    let withheld = [
        some(text.withheld.len(), "item", "items"),
        some(text.withheld_notes, "note", "notes"),
    ];
    let withheld: Vec<String> = withheld.into_iter().flatten().collect();
    if !withheld.is_empty() {
        text.out += "\n";
        let withheld = withheld.join(" and ");
        text.line("", &format!("Not public, and not shown here: {withheld}."));
    }
    text.out
}

fn changes(text: &mut Text<'_>, since: &Since) {
    text.heading("What changed since the last review");
    let owed = text
        .board
        .follow_ups()
        .filter(|f| f.state() == FollowUpState::Owed);
    text.line("", &format!("{}.", tally_words(since, owed.count())));
    for group in &since.groups {
        let crux = group.crux.and_then(|crux| text.board.crux(crux));
        let name = crux.map_or_else(|| "The board".into(), |crux| crux.name().into_owned());
        // Reviews and rounds have parts of their own, with notes that not everybody may read.
        let lines = group.lines.iter().filter(|line| {
            !matches!(
                line.about,
                About::Review(_) | About::Round(_) | About::RecordedReview(_)
            )
        });
        let lines: Vec<&Line> = lines.collect();
        let mut has_heading = false;
        for line in lines {
            let Some((what, rest)) = text.told(line) else {
                continue;
            };
            if !has_heading {
                text.subheading(&name);
                has_heading = true;
            }
            text.line("- ", format!("{what} {rest}").trim_end());
            text.address(line);
        }
    }
}

fn rounds(text: &mut Text<'_>, review: ReviewId) {
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
            let name = text.crux_name(finding.crux);
            let found = match finding.answers.len() {
                0 => "nobody answered".to_owned(),
                1 => "one answer".to_owned(),
                _ => format!("{} apart", points(finding.gap(), &[])),
            };
            text.subheading(&format!("{name}: {found}"));
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

/// How somebody stands in a closed round whose answer is not in its figures.
fn standing_words(text: &Text<'_>, standing: &Standing) -> Option<String> {
    let said = |answers: &[Answer]| {
        let answers = answers.iter().map(|answer| {
            format!(
                "{} on {}",
                answer.credence.shown(),
                text.crux_name(answer.crux)
            )
        });
        answers.collect::<Vec<_>>().join(", ")
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

fn judgements(text: &mut Text<'_>, since: &Since, started: ChangeId) {
    let lines = since.groups.iter().flat_map(|group| &group.lines);
    let judged: Vec<&Line> = lines
        .filter(|line| matches!(&line.what, What::Judged(judged) if judged.id > started))
        .collect();
    if judged.is_empty() {
        return;
    }
    text.heading("Triggers judged");
    for line in judged {
        if let Some((what, rest)) = text.told(line) {
            text.line("- ", format!("{what}. {rest}").trim_end());
        }
    }
}

fn notes(text: &mut Text<'_>, review: &Review) {
    let all = [(None, &review.note, review.note_is_public)].into_iter();
    let all = all.chain(
        review
            .notes
            .iter()
            .map(|(crux, note)| (Some(text.crux_name(*crux)), &note.text, note.is_public)),
    );
    let all: Vec<_> = all.filter(|(_, note, _)| !note.trim().is_empty()).collect();
    let (shown, withheld): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(.., is_public)| *is_public || text.secrets.is_none());
    text.withheld_notes = withheld.len();
    if shown.is_empty() {
        return;
    }
    text.heading("Notes");
    for (name, note, _) in shown {
        if let Some(name) = name {
            text.subheading(&name);
        }
        for line in note.lines().filter(|line| !line.trim().is_empty()) {
            text.line("", line);
            text.out += "\n";
        }
    }
}

fn decisions(text: &mut Text<'_>, review: ReviewId, closed: ChangeId) {
    let board = text.board;
    let taken = board.decisions().filter(|decision| {
        decision.held_at == Some(review)
            || (decision.held_at.is_none() && decision.id.0 > review.0 && decision.id.0 <= closed)
    });
    let taken: Vec<_> = taken.collect();
    if taken.is_empty() {
        return;
    }
    text.heading("Decisions");
    for decision in taken {
        let headline = decision_headline(board, decision);
        text.line("- ", &format!("{headline}, because {}", decision.why));
        for voice in &decision.voices {
            let said = if voice.agrees {
                "agreed"
            } else {
                "did not agree"
            };
            let because = if voice.reason.is_empty() { "" } else { ": " };
            let who = person_name(board, voice.person);
            text.line("- ", &format!("{who} {said}{because}{}", voice.reason));
        }
        for trigger in text.triggers(&decision.answers) {
            text.line("- ", &format!("It answers: {trigger}"));
        }
        for trigger in text.triggers(&decision.reversed_by) {
            text.line("- ", &format!("Reversed by: {trigger}"));
        }
        if !decision.reversal.is_empty() {
            text.line("- ", &format!("Reversed if: {}", decision.reversal));
        }
    }
}

fn follow_ups(text: &mut Text<'_>) {
    let board = text.board;
    let open: Vec<_> = board.follow_ups().filter(|f| f.is_open()).collect();
    if open.is_empty() {
        return;
    }
    if text.secrets.is_some() {
        text.withheld
            .extend(open.iter().map(|follow_up| follow_up.id.0));
        return;
    }
    text.heading("Follow-ups");
    for follow_up in open {
        text.line("- ", &in_one_line(follow_up));
    }
}

fn in_one_line(follow_up: &FollowUp) -> String {
    let mut line = format!(
        "{} ({}",
        follow_up.what,
        follow_up.state().label().to_lowercase()
    );
    if !follow_up.owner.is_empty() {
        line += ", ";
        line += &follow_up.owner;
    }
    if let Some(day) = follow_up.by_date {
        line += ", by ";
        line += &spelled(day);
    }
    line + ")"
}
