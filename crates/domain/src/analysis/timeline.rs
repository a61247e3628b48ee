//! The timeline: dates to come, on an axis that begins today.

use chrono::{Datelike, Months, NaiveDate};

use crate::due::{Due, DueKind};

/// A mark on the axis: items on the same day, or on days too close to be drawn apart.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineMark {
    /// The position on the axis, from 0 to 1: that of the first date.
    pub place: f64,
    /// Whether the dates have passed. All past dates form one mark, at the beginning.
    pub is_past: bool,
    /// The items of the mark, by date; at least one, each with a date.
    pub items: Vec<Due>,
}

/// An axis of time with its marks.
#[derive(Clone, Debug, PartialEq)]
pub struct Timeline {
    /// The position of today, from 0 to 1: above 0 only to leave room for past dates.
    pub today: f64,
    /// The last day on the axis.
    pub last: NaiveDate,
    /// The marks, earliest first, at least the least gap apart.
    pub marks: Vec<TimelineMark>,
    /// The first days of months or years to label, with their positions; at most six.
    pub ticks: Vec<(NaiveDate, f64)>,
}

/// The least length of the axis, in days.
const LEAST_DAYS: i64 = 30;

/// Maximum number of ticks.
const MOST_TICKS: usize = 6;

/// Returns whether an item has a date on which something happens.
pub(crate) fn is_event(due: &Due) -> bool {
    let has_no_day = matches!(
        due.kind,
        DueKind::Stale | DueKind::Reworded | DueKind::OneSided
    );
    due.date.is_some() && !has_no_day
}

/// Puts the items that have a date on an axis; `None` if there are none. `least_gap`, from 0 to 1, is the
/// least distance between marks: closer ones are joined. The axis is linear in time from today to the last
/// date.
///
/// Outdated credences and evidence on one side are left out, since nothing happens on a particular day.
#[must_use]
pub fn timeline<'a>(
    due: impl IntoIterator<Item = &'a Due>,
    today: NaiveDate,
    least_gap: f64,
) -> Option<Timeline> {
    let dated = due.into_iter().filter(|due| is_event(due));
    let mut dated: Vec<(NaiveDate, &Due)> =
        dated.filter_map(|due| Some((due.date?, due))).collect();
    dated.sort_by_key(|(date, _)| *date);
    let (latest, _) = *dated.last()?;
    let span = (latest - today).num_days().max(LEAST_DAYS);
    let last = today + chrono::Duration::days(span);
    let has_past = dated.first().is_some_and(|(date, _)| *date < today);
    let at_today = if has_past { least_gap } else { 0.0 };
    let place = |date: NaiveDate| {
        let days = (date - today).num_days() as f64;
        at_today + days / span as f64 * (1.0 - at_today)
    };
    let mut marks: Vec<TimelineMark> = Vec::new();
    for (date, due) in dated {
        let is_past = due.is_overdue(today);
        let place = if is_past { 0.0 } else { place(date) };
        let near = marks
            .last_mut()
            .filter(|mark| mark.is_past == is_past && (is_past || place - mark.place < least_gap));
        match near {
            Some(mark) => mark.items.push(due.clone()),
            None => marks.push(TimelineMark {
                place,
                is_past,
                items: vec![due.clone()],
            }),
        }
    }
    let ticks = ticks(today, last);
    Some(Timeline {
        today: at_today,
        last,
        marks,
        ticks: ticks.into_iter().map(|day| (day, place(day))).collect(),
    })
}

/// Returns the first days of months after the first day and up to the last, at equal steps and at most six.
#[must_use]
pub fn ticks(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let between = months(last) - months(first);
    let steps = [1, 2, 3, 6, 12, 24, 60, 120, 600];
    let most = MOST_TICKS as i64;
    let step = steps.into_iter().find(|step| between / step <= most);
    let step = step.unwrap_or(between.max(1));
    let begin = (months(first) / step + 1) * step - months(first);
    let start = first.with_day(1).unwrap_or(first);
    (0..most)
        .filter_map(|number| {
            let ahead = u32::try_from(begin + number * step).ok()?;
            start.checked_add_months(Months::new(ahead))
        })
        .take_while(|day| *day <= last)
        .collect()
}
