//! The scale of a column of probabilities. It is decided once for the column.

#[cfg(test)]
mod tests;

use crate::translation::{is_english, number, percent};
use crate::{t, tn};
use std::collections::{BTreeMap, BTreeSet};

use super::cell::quoted;
use super::figure::Figure;
use super::scale::Scale;
use super::told_scale::{Told, told_by};
use crate::Credence;

/// The scale of a column, with a sentence about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnScale {
    /// The scale; `None` if it must be chosen.
    pub scale: Option<Scale>,
    /// The interpretation of the column and its reason, or the choice to be made.
    pub sentence: String,
}

/// Decides the scale of a column. A choice takes precedence over the heading, and the heading over the
/// numbers. Numbers that fit several scales decide nothing. `None` if the scale matters for no cell.
pub(super) fn column_scale<'a>(
    heading: &str,
    cells: impl Iterator<Item = &'a str>,
    chosen: Option<Scale>,
) -> Option<ColumnScale> {
    let mut column = Column::default();
    for cell in cells {
        if let Some(figure) = Figure::read(cell) {
            column.add(cell.trim(), figure);
        }
    }
    let name = quoted(heading.trim());
    if !column.has_plain && !column.has_signs {
        return None;
    }
    let decided = |scale: Scale, why: Why| {
        Some(ColumnScale {
            scale: Some(scale),
            sentence: why.sentence(&name, scale) + &column.example(scale),
        })
    };
    if let Some(scale) = chosen {
        return decided(scale, Why::Chosen);
    }
    let told = told_by(heading);
    if let Told::Scale(scale) = told {
        return decided(scale, Why::Heading);
    }
    if !column.has_plain {
        return decided(Scale::Percent, Why::Signs);
    }
    let asked = |what: String| {
        Some(ColumnScale {
            scale: None,
            sentence: format!(
                "{what} {}",
                t!("Choose the scale, or leave the column out, before anything is taken in.")
            ),
        })
    };
    match column {
        _ if told == Told::Other => asked(t!(
            "The heading {name} names a scale that is not known here.",
            name
        )),
        Column {
            has_signs: true,
            most,
            ..
        } if most > 1.0 => decided(Scale::Percent, Why::Signs),
        Column {
            has_signs: true, ..
        } => asked(t!(
            "Some numbers in {name} have a percent sign, and others, none of them above 1, have none.",
            name
        )),
        Column { most, .. } if most > 10.0 => decided(Scale::Percent, Why::Above10),
        Column {
            most, all_whole, ..
        } if most <= 1.0 && all_whole => asked(t!(
            "All numbers in {name} are 0 or 1: 1 may be 1% or 100%.",
            name
        )),
        Column { most, .. } if most <= 1.0 => decided(Scale::Fraction, Why::UpTo1),
        _ => asked(column.several_scales(&name)),
    }
}

/// Decides the scale of each question that has a column of its own, by its heading. The chosen scale applies
/// to the columns whose heading names none, or to all if every heading names one.
pub(super) fn scales_by_heading<'a>(
    headings: impl Iterator<Item = &'a str>,
    cells: impl Iterator<Item = &'a str>,
    chosen: Option<Scale>,
) -> (Option<ColumnScale>, BTreeMap<String, Scale>) {
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (heading, cell) in headings.zip(cells) {
        columns.entry(heading).or_default().push(cell);
    }
    let found: Vec<_> = columns
        .iter()
        .filter_map(|(heading, cells)| {
            let found = column_scale(heading, cells.iter().copied(), None)?;
            Some((*heading, found))
        })
        .collect();
    let open = found.iter().filter(|(_, column)| column.scale.is_none());
    let open: Vec<&ColumnScale> = open.map(|(_, column)| column).collect();
    if let (Some(first), None) = (open.first(), chosen) {
        let mut sentence = first.sentence.clone();
        if open.len() > 1 {
            let others = tn!(
                open.len() - 1,
                "The same goes for {count} other column.",
                "The same goes for {count} other columns."
            );
            sentence = format!("{sentence} {others}");
        }
        let scale = None;
        return (Some(ColumnScale { scale, sentence }), BTreeMap::new());
    }
    let is_for_all = open.is_empty();
    let mut scales = BTreeMap::new();
    let mut sentences = Vec::new();
    for (heading, column) in &found {
        let chosen = chosen.filter(|_| is_for_all || column.scale.is_none());
        let column = match chosen {
            None => Some(column.clone()),
            chosen => column_scale(heading, columns[heading].iter().copied(), chosen),
        };
        let Some(column) = column else { continue };
        if let Some(scale) = column.scale {
            scales.insert((*heading).to_owned(), scale);
            sentences.push((scale, column.sentence));
        }
    }
    let Some((first, sentence)) = sentences.first() else {
        return (None, scales);
    };
    let other = sentences.iter().find(|(scale, _)| scale != first);
    let sentence = match other {
        None => sentence.clone(),
        Some((_, other)) => format!("{sentence} {other}"),
    };
    let scale = Some(*first);
    (Some(ColumnScale { scale, sentence }), scales)
}

/// The reason why a column is read on a scale.
#[derive(Clone, Copy)]
enum Why {
    Chosen,
    Heading,
    Signs,
    Above10,
    UpTo1,
}

impl Why {
    fn sentence(self, name: &str, scale: Scale) -> String {
        let scale = in_sentence(scale.label());
        match self {
            Self::Chosen => t!("{name} is read as {scale}, as chosen.", name, scale),
            Self::Heading => {
                t!(
                    "{name} is read as {scale}, as its heading says.",
                    name,
                    scale
                )
            }
            Self::Signs => t!("{name} is read as {scale}, as its signs say.", name, scale),
            Self::Above10 => {
                t!(
                    "{name} is read as {scale}, since some are above 10.",
                    name,
                    scale
                )
            }
            Self::UpTo1 => {
                t!(
                    "{name} is read as {scale}, since none is above 1.",
                    name,
                    scale
                )
            }
        }
    }
}

/// Returns the label of a scale within a sentence. In English it begins in lower case.
fn in_sentence(label: &str) -> String {
    if !is_english() {
        return label.to_owned();
    }
    let (first, rest) = label.split_at(1);
    first.to_ascii_lowercase() + rest
}

/// Properties of all figures of a column.
struct Column {
    has_signs: bool,
    has_plain: bool,
    /// The least of the figures without a percent sign.
    least: f64,
    most: f64,
    all_whole: bool,
    /// The first few different credences that are in percent.
    percents: BTreeSet<Credence>,
    /// The first cell, or the first with a decimal mark.
    example: Option<(String, Figure)>,
}

impl Default for Column {
    fn default() -> Self {
        Self {
            has_signs: false,
            has_plain: false,
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            all_whole: true,
            percents: BTreeSet::new(),
            example: None,
        }
    }
}

impl Column {
    fn add(&mut self, cell: &str, figure: Figure) {
        let is_better = match &self.example {
            None => true,
            Some((_, example)) => example.is_whole && !figure.is_whole,
        };
        if is_better {
            self.example = Some((cell.to_owned(), figure));
        }
        if figure.is_percent {
            self.has_signs = true;
            return;
        }
        self.has_plain = true;
        self.least = self.least.min(figure.number);
        self.most = self.most.max(figure.number);
        self.all_whole &= figure.is_whole;
        if self.percents.len() < 6 {
            self.percents.extend(figure.credence(Scale::Percent));
        }
    }

    /// Says that the numbers fit several scales.
    fn several_scales(&self, name: &str) -> String {
        let (least, most) = (number(self.least), number(self.most));
        let as_percent = self.as_percent();
        if self.all_whole {
            t!(
                "All numbers in {name} are whole and from {least} to {most}, and would be read as {as_percent}.",
                name,
                least,
                most,
                as_percent
            )
        } else {
            t!(
                "All numbers in {name} are from {least} to {most}, and would be read as {as_percent}.",
                name,
                least,
                most,
                as_percent
            )
        }
    }

    /// Lists the column's first numbers as percentages: "1%, 4% and 5%".
    fn as_percent(&self) -> String {
        let mut parts: Vec<String> = self.percents.iter().map(percent).collect();
        if parts.len() > 5 {
            parts.truncate(5);
            return t!("{list} and so on", list = parts.join(", "));
        }
        match parts.pop() {
            Some(last) if parts.is_empty() => last,
            Some(last) => t!("{list} and {last}", list = parts.join(", "), last),
            None => t!("nothing").into(),
        }
    }

    /// Describes an example: " “27,5” is 27.5%."
    fn example(&self, scale: Scale) -> String {
        let example = self.example.as_ref();
        let shown = example.and_then(|(cell, figure)| {
            let credence = figure.credence(scale)?;
            let credence = percent(credence);
            Some(format!(
                " {}",
                t!("{cell} is {credence}.", cell = quoted(cell), credence)
            ))
        });
        shown.unwrap_or_default()
    }
}
