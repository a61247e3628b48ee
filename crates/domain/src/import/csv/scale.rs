//! On which scale a column of probabilities is written. It is decided once for the column.

use std::collections::{BTreeMap, BTreeSet};

use super::{headings, quoted};
use crate::Credence;
use crate::record::keyed_enum;
use crate::text::counted;

keyed_enum! {
    /// A scale of probabilities.
    Scale {
        /// Percent.
        Percent = "percent", "Percent, from 0 to 100";
        /// Chances.
        Fraction = "fraction", "Chances, from 0 to 1";
        /// Tenths; "1 to 10" counts as this too.
        Ten = "ten", "Points, from 0 to 10";
        /// Five steps, each the middle of a fifth.
        FiveMiddles = "five-middles", "Points, from 1 to 5, as 10, 30, 50, 70 and 90%";
        /// Five steps from impossible to certain.
        FiveEnds = "five-ends", "Points, from 1 to 5, as 0, 25, 50, 75 and 100%";
    }
}

impl Scale {
    /// The percent that a number on this scale stands for; `None` when the scale does not go so far.
    #[must_use]
    pub fn percent(self, number: f64) -> Option<f64> {
        let (least, most) = match self {
            Self::Percent => (0.0, 100.0),
            Self::Fraction => (0.0, 1.0),
            Self::Ten => (0.0, 10.0),
            Self::FiveMiddles | Self::FiveEnds => (1.0, 5.0),
        };
        let percent = match self {
            Self::Percent => number,
            Self::Fraction => number * 100.0,
            Self::Ten => number * 10.0,
            Self::FiveMiddles => (number - 0.5) * 20.0,
            Self::FiveEnds => (number - 1.0) * 25.0,
        };
        (least..=most).contains(&number).then_some(percent)
    }
}

/// A number in a cell, or the middle of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figure {
    number: f64,
    /// Whether the cell itself says that it is in percent, or out of what.
    is_percent: bool,
    /// Whether it is a whole number, or a range between two.
    is_whole: bool,
    /// Whether it is the middle of a range.
    pub(super) is_range: bool,
}

impl Figure {
    /// Reads "35", "27,5", "35 %", "1e-7", "4/5", "4 of 5", "30-50%". Nothing else is a figure.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::single(text).or_else(|| Self::part(text)).or_else(|| {
            let marks = ["-", "–", "—", "‒", " to ", "..", "…"];
            marks.into_iter().find_map(|mark| Self::range(text, mark))
        })
    }

    fn single(text: &str) -> Option<Self> {
        let (number, is_percent) = match text.strip_suffix(['%', '％']) {
            Some(number) => (number.trim_end(), true),
            None => (text, false),
        };
        let number = plain_number(number)?;
        Some(Self {
            number,
            is_percent,
            is_whole: number.fract() == 0.0,
            is_range: false,
        })
    }

    /// A part of a whole.
    fn part(text: &str) -> Option<Self> {
        let (part, whole) = ["/", " of ", " out of ", " in "]
            .into_iter()
            .find_map(|mark| text.split_once(mark))?;
        let (part, whole) = (plain_number(part.trim())?, plain_number(whole.trim())?);
        let number = part / whole * 100.0;
        number.is_finite().then_some(Self {
            number,
            is_percent: true,
            is_whole: false,
            is_range: false,
        })
    }

    fn range(text: &str, mark: &str) -> Option<Self> {
        let (low, high) = text.split_once(mark)?;
        let (low, high) = (Self::single(low.trim())?, Self::single(high.trim())?);
        // A sign on the second number is meant for both; one on the first alone is a slip.
        let fits = low.number <= high.number && (!low.is_percent || high.is_percent);
        fits.then_some(Self {
            number: low.number.midpoint(high.number),
            is_percent: high.is_percent,
            is_whole: low.is_whole && high.is_whole,
            is_range: true,
        })
    }

    /// The credence it stands for on a scale. A number above 0 stays above it, and one below 100 %
    /// below, since both ends are certainties.
    pub(super) fn credence(self, scale: Scale) -> Option<Credence> {
        let scale = if self.is_percent {
            Scale::Percent
        } else {
            scale
        };
        let percent = scale.percent(self.number)?;
        let credence = Credence::from_percent(percent)?;
        Some(match credence {
            Credence::ZERO if percent > 0.0 => Credence::clamped(0.01),
            Credence::CERTAIN if percent < 100.0 => Credence::clamped(99.99),
            credence => credence,
        })
    }
}

/// Whether a cell holds a figure.
pub(super) fn is_figure(cell: &str) -> bool {
    Figure::read(cell).is_some()
}

/// Digits with at most one decimal mark, a point or a comma, and maybe an exponent.
fn plain_number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (digits, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = are_digits(whole)
        && are_digits(part)
        && !(whole.is_empty() && part.is_empty())
        && !exponent.is_empty()
        && are_digits(exponent);
    fits.then(|| text.replace(',', ".").parse().ok()).flatten()
}

/// The scale of a column, and the sentence that says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnScale {
    /// The scale; `None` when it has to be chosen first.
    pub scale: Option<Scale>,
    /// How the column is read and why, or what is to be chosen.
    pub sentence: String,
}

/// What a heading says of the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Scale(Scale),
    /// It names one that is not known here.
    Other,
    Nothing,
}

/// Decides the scale of a column. A choice goes before the heading, the heading before the numbers;
/// numbers that may be on several scales decide nothing. `None` when no cell holds a number whose
/// scale could matter.
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
    let decided = |scale: Scale, why: &str| {
        Some(ColumnScale {
            scale: Some(scale),
            sentence: format!(
                "{name} is read as {}{why}.{}",
                in_sentence(scale.label()),
                column.example(scale)
            ),
        })
    };
    if let Some(scale) = chosen {
        return decided(scale, ", as chosen");
    }
    let told = told_by(heading);
    if let Told::Scale(scale) = told {
        return decided(scale, ", as its heading says");
    }
    if !column.has_plain {
        return decided(Scale::Percent, ", as its signs say");
    }
    let asked = |what: String| {
        Some(ColumnScale {
            scale: None,
            sentence: format!(
                "{what} Choose the scale, or leave the column out, before anything is taken in."
            ),
        })
    };
    let as_percent = column.as_percent();
    match column {
        _ if told == Told::Other => asked(format!(
            "The heading {name} names a scale that is not known here."
        )),
        Column {
            has_signs: true,
            most,
            ..
        } if most > 1.0 => decided(Scale::Percent, ", as its signs say"),
        Column {
            has_signs: true, ..
        } => asked(format!(
            "Some numbers in {name} have a percent sign, and others, none of them above 1, have none."
        )),
        Column { most, .. } if most > 10.0 => decided(Scale::Percent, ", since some are above 10"),
        Column {
            most, all_whole, ..
        } if most <= 1.0 && all_whole => asked(format!(
            "All numbers in {name} are 0 or 1: 1 may be 1% or 100%."
        )),
        Column { most, .. } if most <= 1.0 => decided(Scale::Fraction, ", since none is above 1"),
        Column {
            least,
            most,
            all_whole,
            ..
        } => {
            let whole = if all_whole { "whole and " } else { "" };
            asked(format!(
                "All numbers in {name} are {whole}from {least} to {most}, and would be read as {as_percent}."
            ))
        }
    }
}

/// Decides the scale of each question that has a column of its own, by its heading. What is chosen is
/// for the columns that do not tell their scale, or for all when each of them does.
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
            let others = counted(open.len() - 1, "other column", "other columns");
            sentence = format!("{sentence} The same goes for {others}.");
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

/// A label inside a sentence.
fn in_sentence(label: &str) -> String {
    let (first, rest) = label.split_at(1);
    first.to_ascii_lowercase() + rest
}

/// What the figures of a column have in common.
struct Column {
    has_signs: bool,
    has_plain: bool,
    /// Of those without a sign.
    least: f64,
    most: f64,
    all_whole: bool,
    /// The first few different credences in percent.
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

    /// "1%, 4% and 5%".
    fn as_percent(&self) -> String {
        let mut parts: Vec<String> = self
            .percents
            .iter()
            .map(|credence| format!("{credence}%"))
            .collect();
        if parts.len() > 5 {
            parts.truncate(5);
            return parts.join(", ") + " and so on";
        }
        match parts.pop() {
            Some(last) if parts.is_empty() => last,
            Some(last) => format!("{} and {last}", parts.join(", ")),
            None => "nothing".into(),
        }
    }

    /// " “27,5” is 27.5%."
    fn example(&self, scale: Scale) -> String {
        let example = self.example.as_ref();
        let shown = example.and_then(|(cell, figure)| {
            let credence = figure.credence(scale)?;
            Some(format!(" {} is {credence}%.", quoted(cell)))
        });
        shown.unwrap_or_default()
    }
}

/// Reads the scale that a heading names: "in percent", "(scale = 0-1)", "1–5", "out of 10".
fn told_by(heading: &str) -> Told {
    let words = headings::words(heading);
    let mut told = Told::Nothing;
    for (place, word) in words.iter().enumerate() {
        let number = |at: usize| words.get(at)?.parse::<u32>().ok();
        let next_is = |name: &str| words.get(place + 1).is_some_and(|word| word == name);
        let range = match number(place) {
            Some(low) => match number(place + 1) {
                Some(high) => Some((low, high)),
                None if next_is("to") => number(place + 2).map(|high| (low, high)),
                None => None,
            },
            None if word == "of" && place > 0 && words[place - 1] == "out" => {
                number(place + 1).map(|high| (0, high))
            }
            None => None,
        };
        let is_of_scale = words.iter().any(|word| word == "scale");
        match range {
            Some((0, 1)) => return Told::Scale(Scale::Fraction),
            Some((0 | 1, 100)) => return Told::Scale(Scale::Percent),
            Some((0 | 1, 10)) => return Told::Scale(Scale::Ten),
            // Five steps from 1 are the middles of fifths: 5 of 5 is no certainty.
            Some((1, 5)) => return Told::Scale(Scale::FiveMiddles),
            Some((0, 5)) if word == "of" => return Told::Scale(Scale::FiveMiddles),
            Some((low, high)) if low < high && (low <= 1 || is_of_scale) && high < 100 => {
                told = Told::Other;
            }
            _ => {}
        }
    }
    let compact: String = heading.split_whitespace().collect();
    let is_out_of = |most: &str| {
        compact.split_once(most).is_some_and(|(before, after)| {
            !before.ends_with(|c: char| c.is_ascii_digit())
                && !after.starts_with(|c: char| c.is_ascii_digit() || c == '/')
        })
    };
    for (most, scale) in [
        ("/100", Scale::Percent),
        ("/10", Scale::Ten),
        ("/5", Scale::FiveMiddles),
        ("/1", Scale::Fraction),
    ] {
        if is_out_of(most) {
            return Told::Scale(scale);
        }
    }
    let is_percent = |word: &String| matches!(word.as_str(), "percent" | "percentage" | "pct");
    let per_cent = words.windows(2).any(|pair| pair == ["per", "cent"]);
    if told == Told::Nothing && (per_cent || words.iter().any(is_percent)) {
        return Told::Scale(Scale::Percent);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decided(heading: &str, cells: &[&str]) -> Option<Scale> {
        column_scale(heading, cells.iter().copied(), None)
            .unwrap()
            .scale
    }

    #[test]
    fn a_scale_is_decided_for_the_whole_column() {
        use Scale::{Fraction, Percent, Ten};
        for (heading, cells, scale) in [
            ("Probability", &["35", "0.5", "100"][..], Some(Percent)),
            ("Probability", &["0.35", "1", "0"], Some(Fraction)),
            ("Probability", &["0,35", ",5"], Some(Fraction)),
            ("Probability", &["35%", "1%", "0,5 %"], Some(Percent)),
            ("Probability", &["27,5", "31"], Some(Percent)),
            // 0 and 1 alone, and whole numbers up to 10, may be anything.
            ("Probability", &["0", "1", "1"], None),
            ("Probability", &["4", "5", "1"], None),
            ("Probability", &["7", "10", "0"], None),
            ("Probability", &["7.5", "2"], None),
            ("Probability", &["35%", "10"], Some(Percent)),
            ("Probability", &["35%", "1"], None),
            ("Probability", &["35%", "0.4"], None),
            // A heading is believed.
            ("Probability (%)", &["4", "5", "1"], Some(Percent)),
            ("Credence in percent", &["0.5", "1"], Some(Percent)),
            ("Credence per cent", &["1"], Some(Percent)),
            ("Forecast (scale = 0-1)", &["0", "1"], Some(Fraction)),
            ("Chance, 0–1", &["1"], Some(Fraction)),
            ("Chance (0 to 100)", &["1"], Some(Percent)),
            ("Votes 0-10", &["7"], Some(Ten)),
            ("Votes, out of 10", &["7"], Some(Ten)),
            ("Votes (/ 10)", &["7"], Some(Ten)),
            ("Votes on 3/10/2026", &["7"], None),
            ("Probability", &["1.0", "0.0"], None),
            ("Vote (1-5)", &["4"], Some(Scale::FiveMiddles)),
            ("Vote (1-7)", &["4", "50"], None),
            ("Probability by 2026-27", &["40"], Some(Percent)),
            ("Probability 11", &["40"], Some(Percent)),
        ] {
            assert_eq!(decided(heading, cells), scale, "{heading} {cells:?}");
        }
        assert_eq!(column_scale("P", ["", "x"].into_iter(), None), None);
        let chosen = column_scale("P", ["4"].into_iter(), Some(Scale::FiveEnds)).unwrap();
        assert_eq!(chosen.scale, Some(Scale::FiveEnds));
        assert!(
            chosen.sentence.ends_with("“4” is 75%."),
            "{}",
            chosen.sentence
        );
    }

    #[test]
    fn a_column_is_asked_about_in_its_own_numbers() {
        let sentence = |cells: &[&str]| {
            column_scale("P", cells.iter().copied(), None)
                .unwrap()
                .sentence
        };
        assert_eq!(
            sentence(&["4", "5", "1"]),
            "All numbers in “P” are whole and from 1 to 5, and would be read as 1%, 4% and 5%. Choose the scale, or leave the column out, before anything is taken in."
        );
        assert!(
            sentence(&["1", "0"])
                .starts_with("All numbers in “P” are 0 or 1: 1 may be 1% or 100%.")
        );
        assert_eq!(
            sentence(&["31", "27,5"]),
            "“P” is read as percent, from 0 to 100, since some are above 10. “27,5” is 27.5%."
        );
    }

    #[test]
    fn figures_are_read_as_people_write_them_and_nothing_else_is_one() {
        let percent = |text: &str| {
            let credence = Figure::read(text)?.credence(Scale::Percent)?;
            Some(credence.percent())
        };
        for (text, value) in [
            ("35", Some(35.0)),
            (" 35 % ", Some(35.0)),
            ("27,5", Some(27.5)),
            (".5", Some(0.5)),
            ("4/5", Some(80.0)),
            ("4 of 5", Some(80.0)),
            ("30-50%", Some(40.0)),
            ("30% – 50%", Some(40.0)),
            ("30 to 50", Some(40.0)),
            ("1e1", Some(10.0)),
            ("1e-7", Some(0.01)),
            ("99.999", Some(99.99)),
            ("101", None),
            ("-5", None),
            ("50-30", None),
            ("2026-09-02", None),
            ("1/0", None),
            ("likely", None),
            ("inf", None),
            ("NaN", None),
            ("e5", None),
            ("", None),
        ] {
            assert_eq!(percent(text), value, "{text:?}");
        }
        assert_eq!(
            Figure::read("1e-7").unwrap().credence(Scale::Fraction),
            Credence::from_percent(0.01)
        );
    }
}
