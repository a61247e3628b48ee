//! The minutes of a review, as Markdown.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::board::Board;
use crate::date::{Now, spelled};
use crate::markdown::inline;
use crate::percent::points;
use crate::record::{
    EvidenceId, FollowUp, FollowUpState, Meeting, MeetingId, Record, Visibility, words,
};
use crate::round::{Standing, findings, standing};
use crate::since::{About, Line, Since, What};
use crate::telling::{decision_headline, person_name, tally_words, tell};
use crate::text::counted;
use crate::web_address::check_address;
use crate::{Credence, Stamp};

words! {
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
    audience: Audience,
    out: String,
    /// What was left out, each counted once however often it would have stood here.
    withheld: BTreeSet<Stamp>,
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

    /// Whether these readers may not see the evidence.
    fn is_hidden(&self, evidence: EvidenceId) -> bool {
        let evidence = self.board.evidence(evidence);
        self.audience == Audience::Public
            && evidence.is_some_and(|evidence| evidence.visibility() != Visibility::Public)
    }

    /// Whether these readers may not see it, since it belongs to that evidence; it is counted then.
    fn withholds(&mut self, record: Stamp, evidence: Option<EvidenceId>) -> bool {
        let is_hidden = evidence.is_some_and(|evidence| self.is_hidden(evidence));
        if is_hidden {
            self.withheld.insert(record);
        }
        is_hidden
    }

    /// The same, for a difference: it may also name such evidence in a value, or hold what stood in
    /// evidence before it was made public.
    fn withholds_line(&mut self, line: &Line) -> bool {
        let (record, evidence) = match line.about {
            About::Evidence(id) => (id.0, Some(id)),
            About::FollowUp(id) => {
                let follow_up = self.board.follow_up(id);
                (id.0, follow_up.and_then(|follow_up| follow_up.evidence))
            }
            About::Position(id) => (id.0, None),
            About::Statement(id) => (id.0, None),
            _ => (Stamp::MIN, None),
        };
        if self.withholds(record, evidence) {
            return true;
        }
        let What::Edited(fields) = &line.what else {
            return false;
        };
        let is_public = self.audience == Audience::Public;
        let was_hidden = matches!(line.about, About::Evidence(_))
            && fields.iter().any(|field| field.name == "visibility");
        let names_hidden = fields
            .iter()
            .any(|field| self.names_hidden(&field.before) || self.names_hidden(&field.after));
        let is_withheld = is_public && (was_hidden || names_hidden);
        if is_withheld {
            self.withheld.insert(record);
        }
        is_withheld
    }

    fn names_hidden(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => text.parse().is_ok_and(|id| self.is_hidden(EvidenceId(id))),
            Value::Array(items) => items.iter().any(|item| self.names_hidden(item)),
            Value::Object(inner) => inner.values().any(|value| self.names_hidden(value)),
            _ => false,
        }
    }
}

/// The minutes of a review: people, what changed since the one before, rounds, judgements, notes,
/// decisions and follow-ups.
#[must_use]
pub fn minutes(
    board: &Board,
    meeting: &Record<MeetingId, Meeting>,
    audience: Audience,
    now: Now,
) -> String {
    let mut text = Text {
        board,
        audience,
        out: String::new(),
        withheld: BTreeSet::new(),
        withheld_notes: 0,
    };
    let closed = meeting.closed().unwrap_or(Stamp::MAX);
    text.line(
        "# ",
        &format!("Review of {}", spelled(now.day_of(meeting.id.0.millis()))),
    );
    text.out += "\n";
    text.line("", &board.info().question);
    let people = meeting
        .here
        .iter()
        .map(|person| person_name(board, *person));
    let people = people.collect::<Vec<_>>().join(", ");
    text.out += "\n";
    text.line("", &format!("Here: {people}."));

    let before = board.review_moments().into_iter();
    let from = before
        .filter(|moment| *moment < meeting.id.0)
        .max()
        .unwrap_or_default();
    let since = Since::between(board, from, closed, now);
    changes(&mut text, &since);
    rounds(&mut text, meeting.id);
    judgements(&mut text, &since, meeting.id.0);
    notes(&mut text, meeting);
    decisions(&mut text, meeting.id, closed);
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
                About::Meeting(_) | About::Round(_) | About::Review(_)
            )
        });
        let lines: Vec<&Line> = lines.collect();
        if lines.is_empty() {
            continue;
        }
        text.subheading(&name);
        for line in lines {
            if !text.withholds_line(line) {
                let (what, rest) = tell(text.board, line);
                text.line("- ", format!("{what} {rest}").trim_end());
                text.address(line);
            }
        }
    }
}

fn rounds(text: &mut Text<'_>, meeting: MeetingId) {
    let board = text.board;
    let own = board
        .rounds()
        .filter(|round| round.held_at == Some(meeting));
    for (number, round) in own.filter(|round| round.closing().is_some()).enumerate() {
        text.heading(&format!("Blind round {}", number + 1));
        for person in round.everybody() {
            let words = match standing(round, person) {
                Standing::Waiting => "did not answer",
                Standing::NotRevealed => "has answered, not revealed yet",
                Standing::Mismatch => "published something else than was sealed",
                Standing::Late => "answered after closing",
                Standing::Answered | Standing::Revealed(_) => continue,
            };
            text.line("- ", &format!("{} {words}.", person_name(board, person)));
        }
        for finding in findings(board, round) {
            let crux = board.crux(finding.crux);
            let name = crux.map_or_else(|| "A crux that is gone".into(), |c| c.name().into_owned());
            text.subheading(&format!("{name}: {} apart", points(finding.gap(), &[])));
            text.out += "\n| Who | Before | In the round | Why |\n| --- | ---: | ---: | --- |\n";
            for (person, before, answer) in &finding.answers {
                let before = before.map_or_else(|| "none".into(), Credence::shown);
                text.row(&[
                    &person_name(board, *person),
                    &before,
                    &answer.credence.shown(),
                    &answer.reason,
                ]);
            }
        }
    }
}

fn judgements(text: &mut Text<'_>, since: &Since, started: Stamp) {
    let lines = since.groups.iter().flat_map(|group| &group.lines);
    let judged: Vec<&Line> = lines
        .filter(|line| matches!(&line.what, What::Judged(judged) if judged.id > started))
        .collect();
    if judged.is_empty() {
        return;
    }
    text.heading("Triggers judged");
    for line in judged {
        let (what, rest) = tell(text.board, line);
        text.line("- ", &format!("{what}. {rest}"));
    }
}

fn notes(text: &mut Text<'_>, meeting: &Meeting) {
    let board = text.board;
    let all = [(None, &meeting.note, meeting.note_is_public)].into_iter();
    let all = all.chain(meeting.notes.iter().map(|(crux, note)| {
        let crux = board.crux(*crux);
        let name = crux.map_or_else(|| "A crux that is gone".into(), |c| c.name().into_owned());
        (Some(name), &note.text, note.is_public)
    }));
    let all: Vec<_> = all.filter(|(_, note, _)| !note.trim().is_empty()).collect();
    let (shown, withheld): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(.., is_public)| *is_public || text.audience == Audience::Internal);
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

fn decisions(text: &mut Text<'_>, meeting: MeetingId, closed: Stamp) {
    let board = text.board;
    let taken = board.decisions().filter(|decision| {
        decision.held_at == Some(meeting)
            || (decision.held_at.is_none() && decision.id.0 > meeting.0 && decision.id.0 <= closed)
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
        for trigger in decision.answers.iter().filter_map(|id| board.trigger(*id)) {
            text.line("- ", &format!("It answers: {}", trigger.headline()));
        }
        for trigger in decision
            .reversed_by
            .iter()
            .filter_map(|id| board.trigger(*id))
        {
            text.line("- ", &format!("Reversed by: {}", trigger.headline()));
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
    text.heading("Follow-ups");
    for follow_up in open {
        if !text.withholds(follow_up.id.0, follow_up.evidence) {
            text.line("- ", &in_one_line(follow_up));
        }
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
