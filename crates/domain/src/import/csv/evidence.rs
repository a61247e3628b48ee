//! Evidence as a table: export, and import of an edited table.

use crate::record::field_words;
use crate::t;
use crate::translation::{in_sentence, translated};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::cell::{cell, quoted, word_of};
use super::evidence_headings::{COLUMNS, headings};
use super::planning::folded;
use super::rows::over_limit;
use super::{
    Columns, Meaning, OVERLONG, Plan, Planning, RowOutcome, Sheet, dates, moment, row_name, written,
};
use crate::VagueDate;
use crate::board::Board;
use crate::change::{Edited, EvidenceWeighed, Payload};
use crate::record::{
    BearsOn, CruxEdit, CruxId, Direction, Evidence, EvidenceEdit, EvidenceId, Kind, Record,
    Reliability, Strength, Visibility,
};
use crate::web_address::check_address;

/// Exports all evidence, one item per row.
#[must_use]
pub fn evidence_csv(board: &Board) -> String {
    let mut rows = vec![headings()];
    for evidence in board.all_evidence() {
        let cells = COLUMNS
            .iter()
            .map(|(meaning, _)| spelled(board, evidence, *meaning));
        let filed = moment(evidence.id.0.millis());
        rows.push(cells.chain([filed, evidence.id.to_string()]).collect());
    }
    written(&rows)
}

/// Returns an item's cell for this column.
fn spelled(board: &Board, evidence: &Evidence, meaning: Meaning) -> String {
    match meaning {
        Meaning::Text => evidence.text.clone(),
        Meaning::Quote => evidence.quote.clone(),
        Meaning::Link => evidence.url.clone(),
        Meaning::Kind => evidence
            .kind
            .map(Kind::english_label)
            .unwrap_or_default()
            .into(),
        Meaning::Source => evidence.source.clone(),
        Meaning::Message => evidence.message.clone(),
        Meaning::EventDate => evidence.event_date.to_string(),
        Meaning::SourceDate => evidence.source_date.to_string(),
        Meaning::Visibility => evidence.visibility().english_label().into(),
        Meaning::Reliability => {
            let reliability = evidence.reliability.map(Reliability::english_label);
            reliability.unwrap_or_default().into()
        }
        Meaning::Tags => evidence.tags.join(", "),
        Meaning::BearsOn => {
            let bears_on = evidence.bears_on.iter().filter_map(|(crux, how)| {
                let crux = board.crux(*crux)?;
                let (direction, strength) = (how.direction.key(), how.strength.key());
                Some(format!("{} ({direction}, {strength})", crux.name()))
            });
            bears_on.collect::<Vec<_>>().join("; ")
        }
        _ => String::new(),
    }
}

/// Computes the effect of importing a table of evidence. An item is identified by its id, or else by its text
/// and link. For a known item, the cells that differ are imported.
#[must_use]
pub fn plan_evidence(board: &Board, sheet: &Sheet, columns: &Columns) -> Plan {
    let mut planning = Planning::on(board);
    let mut known: BTreeMap<[String; 3], EvidenceId> = BTreeMap::new();
    for evidence in board.all_evidence() {
        let name = [&evidence.text, &evidence.quote, &evidence.url].map(|text| folded(text));
        known.entry(name).or_insert(evidence.id);
    }
    let mut met = BTreeSet::new();
    for (place, row) in sheet.rows.iter().enumerate() {
        let says = |meaning| cell(columns, row, meaning).replace("\r\n", "\n");
        let mut name = [Meaning::Text, Meaning::Quote, Meaning::Link].map(|m| folded(&says(m)));
        // A link that is refused is not on the board either.
        match check_address(&says(Meaning::Link)) {
            Ok(Some(Cow::Owned(address))) => name[2] = folded(&address),
            Ok(_) => {}
            Err(_) => name[2].clear(),
        }
        let id: Option<EvidenceId> = says(Meaning::Id).parse().ok();
        let before = id
            .and_then(|id| board.evidence(id))
            .or_else(|| board.evidence(*known.get(&name)?))
            .filter(|evidence| evidence.trashed.is_none());
        let is_new = match before {
            Some(before) => met.insert([before.id.to_string(), String::new(), String::new()]),
            None => met.insert(name),
        };
        let row_outcome = if sheet.overlong.contains(&place) {
            RowOutcome::Held(translated(OVERLONG).into())
        } else if let Some(row_outcome) = over_limit(columns, row) {
            row_outcome
        } else if !is_new {
            RowOutcome::Skipped(t!("it is in this table twice"))
        } else if says(Meaning::Text).is_empty() && says(Meaning::Quote).is_empty() {
            RowOutcome::Skipped(t!("it says nothing"))
        } else {
            planning.row(board, columns, &says, before)
        };
        planning.plan.row_outcomes.push(row_outcome);
        let about = row_name(sheet, place, columns, false);
        planning.plan.about.push(about);
    }
    planning.plan
}

impl Planning {
    fn row(
        &mut self,
        board: &Board,
        columns: &Columns,
        says: &dyn Fn(Meaning) -> String,
        before: Option<&Record<EvidenceId, Evidence>>,
    ) -> RowOutcome {
        let mut said = Vec::new();
        let nothing = Evidence::default();
        let mut wanted = before.map_or_else(Evidence::default, |before| Evidence::clone(before));
        let old = before.map_or(&nothing, |before| before);
        for meaning in Meaning::OF_EVIDENCE {
            let text = says(*meaning);
            let is_same = text == spelled(board, old, *meaning).replace("\r\n", "\n").trim();
            if !columns.contains_key(meaning) || is_same {
                continue;
            }
            match set(&mut wanted, *meaning, &text) {
                Ok(()) => {}
                // A typing error in this cell must not make the item visible to more people.
                Err(()) if *meaning == Meaning::Visibility => {
                    return RowOutcome::Skipped(t!(
                        "its visibility is not Public, Internal or Private"
                    ));
                }
                Err(()) => said.push(t!(
                    "without its {column}, which cannot be read",
                    column = in_sentence(meaning.label())
                )),
            }
        }
        let edit = old.edit_to(&wanted);
        let is_weighed = columns.contains_key(&Meaning::BearsOn)
            && says(Meaning::BearsOn) != spelled(board, old, Meaning::BearsOn).trim();
        match before {
            None => {
                let edit = EvidenceEdit {
                    visibility: Some(Some(wanted.visibility())),
                    ..edit
                };
                let id = EvidenceId(self.add(Payload::EvidenceFiled(Box::new(edit))));
                self.plan.evidence += 1;
                said.insert(0, t!("new evidence").into());
                if is_weighed {
                    self.weigh(id, &BTreeMap::new(), &says(Meaning::BearsOn), &mut said);
                }
                RowOutcome::Added(said.join(", "))
            }
            Some(before) => {
                let changes = self.plan.changes.len();
                if !edit.is_empty() {
                    let fields = serde_json::to_value(&edit).unwrap_or_default();
                    let fields = fields.as_object().into_iter().flatten();
                    said.extend(fields.map(|(name, _)| field_words(name)));
                    self.add(Payload::EvidenceEdited(Box::new(Edited {
                        of: before.id,
                        set: edit,
                        reason: String::new(),
                    })));
                }
                if is_weighed {
                    let text = says(Meaning::BearsOn);
                    self.weigh(before.id, &before.bears_on, &text, &mut said);
                }
                if self.plan.changes.len() > changes {
                    RowOutcome::Changed(said.join(", "))
                } else {
                    RowOutcome::Skipped(t!("it is on the board already"))
                }
            }
        }
    }

    /// Adds the weights of an item that differ from the present ones.
    fn weigh(
        &mut self,
        evidence: EvidenceId,
        before: &BTreeMap<CruxId, BearsOn>,
        text: &str,
        said: &mut Vec<String>,
    ) {
        let Some(named) = bearings(text) else {
            said.push(t!("without what it bears on, which cannot be read").into());
            return;
        };
        let mut after = BTreeMap::new();
        for (name, how) in named {
            let Some(crux) = self.crux(&name, "", CruxEdit::default(), said) else {
                said.push(t!(
                    "without what it bears on, since two cruxes are called {name}",
                    name = quoted(&name)
                ));
                return;
            };
            after.insert(crux, how);
        }
        let cruxes: BTreeSet<CruxId> = before.keys().chain(after.keys()).copied().collect();
        let mut is_changed = false;
        for crux in cruxes {
            if before.get(&crux) != after.get(&crux) {
                is_changed = true;
                self.add(Payload::EvidenceWeighed(EvidenceWeighed {
                    evidence,
                    crux,
                    bears_on: after.get(&crux).copied(),
                }));
            }
        }
        if is_changed {
            said.push(t!("what it bears on").into());
        }
    }
}

/// Imports one cell. Returns an error if it cannot be parsed.
fn set(evidence: &mut Evidence, meaning: Meaning, text: &str) -> Result<(), ()> {
    macro_rules! word {
        ($word:ty) => {
            if text.is_empty() {
                None
            } else {
                Some(word_of(<$word>::ALL, <$word>::CHOICES, text).ok_or(())?)
            }
        };
    }
    match meaning {
        Meaning::Text => text.clone_into(&mut evidence.text),
        Meaning::Quote => text.clone_into(&mut evidence.quote),
        Meaning::Link => {
            let address = check_address(text).map_err(drop)?;
            evidence.url = address.unwrap_or_default().into_owned();
        }
        Meaning::Kind => evidence.kind = word!(Kind),
        Meaning::Source => text.clone_into(&mut evidence.source),
        Meaning::Message => text.clone_into(&mut evidence.message),
        Meaning::EventDate => evidence.event_date = date(text)?,
        Meaning::SourceDate => evidence.source_date = date(text)?,
        Meaning::Visibility => evidence.visibility = word!(Visibility),
        Meaning::Reliability => evidence.reliability = word!(Reliability),
        Meaning::Tags => {
            let tags = text.split(',').map(str::trim).filter(|tag| !tag.is_empty());
            evidence.tags = tags.map(str::to_owned).collect();
        }
        _ => {}
    }
    Ok(())
}

/// Parses a vague date in the export's format, or an unambiguous day in any format.
fn date(text: &str) -> Result<VagueDate, ()> {
    let day = || dates::only_day(text).map(VagueDate::Day);
    text.parse().ok().or_else(day).ok_or(())
}

/// Parses "C1 (for, strong); C2 (against, slight)". A name may contain any character, also these.
fn bearings(text: &str) -> Option<Vec<(String, BearsOn)>> {
    let mut found = Vec::new();
    let mut open = String::new();
    for piece in text.split("; ").filter(|piece| !piece.trim().is_empty()) {
        if !open.is_empty() {
            open.push_str("; ");
        }
        open.push_str(piece);
        if let Some(bearing) = bearing(open.trim()) {
            found.push(bearing);
            open.clear();
        }
    }
    open.is_empty().then_some(found)
}

fn bearing(text: &str) -> Option<(String, BearsOn)> {
    let inner = text.strip_suffix(')')?;
    let (name, how) = inner.rsplit_once(" (")?;
    let (direction, strength) = how.split_once(", ")?;
    let bears_on = BearsOn {
        direction: Direction::from_key(direction.trim())?,
        strength: Strength::from_key(strength.trim())?,
    };
    Some((name.to_owned(), bears_on))
}
