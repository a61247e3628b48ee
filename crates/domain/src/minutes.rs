//! The minutes of a review, as Markdown.

use crate::Stamp;
use crate::board::Board;
use crate::date::spelled;
use crate::estimate::whole;
use crate::record::{
    Evidence, EvidenceId, FollowUp, FollowUpState, Meeting, MeetingId, Record, Visibility, words,
};
use crate::round::{Standing, findings, standing};
use crate::since::{About, Line, Since, What};
use crate::telling::{decision_headline, person_name, tally_words, tell};

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
    withheld: usize,
}

impl Text<'_> {
    fn line(&mut self, mark: &str, text: &str) {
        self.out += mark;
        self.out += &escaped(text);
        self.out += "\n";
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

    /// Whether these readers may not see it; it is counted then.
    fn withholds(&mut self, evidence: Option<&Record<EvidenceId, Evidence>>) -> bool {
        let is_withheld = self.audience == Audience::Public
            && evidence.is_some_and(|evidence| evidence.visibility() != Visibility::Public);
        self.withheld += usize::from(is_withheld);
        is_withheld
    }

    fn withholds_line(&mut self, line: &Line) -> bool {
        let board = self.board;
        let evidence = match line.about {
            About::Evidence(id) => board.evidence(id),
            About::FollowUp(id) => board
                .follow_up(id)
                .and_then(|follow_up| follow_up.evidence)
                .and_then(|evidence| board.evidence(evidence)),
            _ => None,
        };
        self.withholds(evidence)
    }
}

/// The minutes of a review: people, what changed since the one before, rounds, judgements, notes,
/// decisions and follow-ups. `now`: Unix milliseconds.
#[must_use]
pub fn minutes(
    board: &Board,
    meeting: &Record<MeetingId, Meeting>,
    audience: Audience,
    now: u64,
) -> String {
    let mut text = Text {
        board,
        audience,
        out: String::new(),
        withheld: 0,
    };
    let closed = meeting.closed().unwrap_or(Stamp::MAX);
    text.line("# ", &format!("Review of {}", spelled(meeting.id.0.day())));
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
    if text.withheld > 0 {
        let count = text.withheld;
        let items = if count == 1 { "item is" } else { "items are" };
        text.out += "\n";
        text.line(
            "",
            &format!("{count} {items} not public and not shown here."),
        );
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
        let name = crux.map_or_else(|| "The board".into(), |crux| crux.name().to_owned());
        text.subheading(&name);
        for line in &group.lines {
            if !text.withholds_line(line) {
                let (what, rest) = tell(text.board, line);
                text.line("- ", format!("{what} {rest}").trim_end());
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
            let name = crux.map_or_else(|| "A crux that is gone".into(), |c| c.name().to_owned());
            text.subheading(&format!("{name}: {} points apart", whole(finding.gap())));
            for (person, before, answer) in &finding.answers {
                let before = before.map_or("no credence".into(), |before| format!("{before} %"));
                let reason = if answer.reason.is_empty() { "" } else { ": " };
                let who = person_name(board, *person);
                let line = format!(
                    "{who}: {before} → {} %{reason}{}",
                    answer.credence, answer.reason
                );
                text.line("- ", &line);
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
    if meeting.notes.is_empty() && meeting.note.is_empty() {
        return;
    }
    text.heading("Notes");
    if !meeting.note.is_empty() {
        text.line("", &meeting.note);
    }
    for (crux, note) in &meeting.notes {
        let name = text.board.crux(*crux).map(|crux| crux.name().to_owned());
        text.subheading(&name.unwrap_or_else(|| "A crux that is gone".into()));
        text.line("", note);
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
        let evidence = follow_up.evidence.and_then(|id| board.evidence(id));
        if !text.withholds(evidence) {
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

/// As Markdown that says the text and nothing else: on one line, with every mark that could mean
/// something taken literally.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (place, letter) in text.trim().chars().enumerate() {
        let is_mark = match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => true,
            // These mean something at the start of a line only.
            '#' | '+' | '-' | '=' => place == 0,
            _ => false,
        };
        if is_mark {
            escaped.push('\\');
        }
        escaped.push(if letter.is_control() { ' ' } else { letter });
    }
    // "1." at the start of a line would begin a list.
    match escaped.split_once(['.', ')']) {
        Some((number, _)) if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => {
            let at = number.len();
            escaped.insert(at, '\\');
            escaped
        }
        _ => escaped,
    }
}
