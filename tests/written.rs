//! Boards written change by change, as if they had grown over weeks.

pub(crate) use cruxboard_domain::date::DAY;
use cruxboard_domain::{
    BoardId, ChangeId, Credence, Millis,
    board::Board,
    change::{Change, CredenceStated, Edited, Payload, TriggerJudged},
    document::Document,
    id::{Clock, Replica},
    log::Entry,
    record::*,
};

use super::harness::{Find as _, Page};

/// 2026-11-23T09:00:00Z.
pub(crate) const NOW: Millis = Millis(1_795_424_400_000);

/// A log as if it had grown over weeks.
pub(crate) struct Written {
    clock: Clock,
    /// The present time.
    pub(crate) now: Millis,
    changes: Vec<Change>,
}

impl Written {
    /// Returns a board with Ann and Bob.
    pub(crate) fn new() -> (Self, PersonId, PersonId) {
        let mut written = Self {
            clock: Clock::new(Replica::new(9, 1)),
            now: NOW - 90 * DAY,
            changes: Vec::new(),
        };
        written.says(Payload::BoardDescribed(Box::new(BoardInfoEdit {
            question: Some("Go on, \"now\"; or, 🙂, not?".into()),
            ..BoardInfoEdit::default()
        })));
        let person = |name: &str| {
            Payload::PersonAdded(Box::new(PersonEdit {
                name: Some(name.into()),
                ..PersonEdit::default()
            }))
        };
        let ann = PersonId(written.says(person("Ann")));
        let bob = PersonId(written.says(person("Bob, \"the\nsecond\" 🙂")));
        (written, ann, bob)
    }

    pub(crate) fn says(&mut self, payload: Payload) -> ChangeId {
        let id = self.clock.tick(self.now);
        self.changes.push(Change {
            id,
            by: None,
            part_of: None,
            payload,
        });
        id
    }

    pub(crate) fn crux(&mut self, title: &str) -> CruxId {
        CruxId(self.says(Payload::CruxAdded(Box::new(CruxEdit {
            title: Some(title.into()),
            claim: Some(format!("{title} is so.")),
            ..CruxEdit::default()
        }))))
    }

    pub(crate) fn states(&mut self, crux: CruxId, person: PersonId, percent: f64) {
        self.says(Payload::CredenceStated(Box::new(CredenceStated {
            crux,
            reason_salt: String::new(),
            person,
            credence: Credence::clamped(percent),
            reason: String::new(),
            evidence: Vec::new(),
            reaffirms: false,
            at: None,
            wall_clock: None,
        })));
    }

    pub(crate) fn settles(&mut self, crux: CruxId, stage: Stage) {
        self.says(Payload::CruxEdited(Box::new(Edited {
            of: crux,
            set: CruxEdit {
                stage: Some(Some(stage)),
                stage_reason: Some("clear now".into()),
                ..CruxEdit::default()
            },
            reason: String::new(),
        })));
    }

    pub(crate) fn trigger(
        &mut self,
        crux: CruxId,
        observable: &str,
        if_met: Option<Shows>,
    ) -> TriggerId {
        TriggerId(self.says(Payload::TriggerAdded(Box::new(TriggerEdit {
            crux: Some(crux),
            armed: Some(true),
            observable: Some(observable.into()),
            if_met: if_met.map(Some),
            ..TriggerEdit::default()
        }))))
    }

    pub(crate) fn judges(&mut self, trigger: TriggerId, verdict: Verdict) {
        self.says(Payload::TriggerJudged(Box::new(TriggerJudged {
            trigger,
            verdict,
            reason: "seen".into(),
            evidence: Vec::new(),
            settles: Vec::new(),
        })));
    }

    /// Imports the log into a browser, and waits for its board.
    pub(crate) fn open(self, page: &Page) {
        let id = BoardId(self.changes[0].id);
        let board: Board = self.changes.into_iter().map(Entry::Known).collect();
        page.region("Begin").wait();
        page.drop_file("board.cruxboard.json", &Document::to_json(id, board.log()));
        page.table().wait();
        page.wait_saved();
    }
}
