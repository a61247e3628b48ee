//! Places for the dots of people on the axis of credences, so that none hides another.
//!
//! Dots stand on the axis, above it or below it. Where more of them meet, they also move along the axis, as little
//! as it takes, and keep their order. All lengths are in widths of a dot.

/// The least distance between two dots along the axis: a third of a dot may be covered.
pub const STEP: f64 = 2.0 / 3.0;

/// The distance of a dot above or below the axis from the axis. A dot there covers a third of the reader's handle
/// at most, which is a fifth wider than a dot.
pub const ROW: f64 = 0.77;

/// The rows in the order in which they are filled: on the axis, above and below it.
const ROWS: [f64; 3] = [0.0, -ROW, ROW];

/// The least distance of a dot on the axis from the handle when rows are chosen, and after dots have moved.
const HANDLE: [f64; 2] = [1.5, 0.77];

/// The place of a dot.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// From the start of the axis, along it.
    pub along: f64,
    /// From the axis, downwards.
    pub across: f64,
}

/// Returns a place for each credence, in percent, on an axis of this length. The reader's own handle stays on the
/// axis where it is. Quadratic in the number of credences.
///
/// Where there are more dots than room, those at the ends cover each other.
#[must_use]
pub fn fan_out(percents: &[f64], length: f64, handle: Option<f64>) -> Vec<Place> {
    let at = |percent: f64| percent / 100.0 * length;
    let mut order: Vec<usize> = (0..percents.len()).collect();
    order.sort_by(|a, b| percents[*a].total_cmp(&percents[*b]));
    let exact: Vec<f64> = order.iter().map(|one| at(percents[*one])).collect();
    let handle = handle.map(at);
    let rows = rows(&exact, handle);
    let moved = spread(&exact, &rows, length, handle);
    let mut places = vec![Place::default(); percents.len()];
    for (place, one) in order.into_iter().enumerate() {
        places[one] = Place {
            along: moved[place],
            across: ROWS[rows[place]],
        };
    }
    places
}

/// Chooses the row of each dot; `exact` is sorted. Beside a handle, only dots without neighbours stand on the axis,
/// since they could not move past it.
fn rows(exact: &[f64], handle: Option<f64>) -> Vec<usize> {
    let mut last = [f64::NEG_INFINITY; ROWS.len()];
    let mut rows = Vec::with_capacity(exact.len());
    for (place, x) in exact.iter().copied().enumerate() {
        let is_alone = |other: Option<&f64>| other.is_none_or(|other| (other - x).abs() >= STEP);
        let has_no_neighbour = is_alone(place.checked_sub(1).and_then(|before| exact.get(before)))
            && is_alone(exact.get(place + 1));
        let first = match handle {
            Some(at) if (x - at).abs() < HANDLE[0] || !has_no_neighbour => 1,
            _ => 0,
        };
        let allowed = first..ROWS.len();
        let free = allowed.clone().find(|row| x - last[*row] >= STEP);
        let row = free.or_else(|| allowed.min_by(|a, b| last[*a].total_cmp(&last[*b])));
        let row = row.unwrap_or_default();
        last[row] = x.max(last[row] + STEP);
        rows.push(row);
    }
    rows
}

/// Moves dots along the axis until those of one row are [`STEP`] apart. Half-way between moving all of them up and
/// all of them down, both of which keep order and distances, so that each group stays around its middle.
fn spread(exact: &[f64], rows: &[usize], length: f64, handle: Option<f64>) -> Vec<f64> {
    let low = |place: usize| match handle {
        Some(at) if rows[place] == 0 && exact[place] > at => at + HANDLE[1],
        _ => 0.0,
    };
    let high = |place: usize| match handle {
        Some(at) if rows[place] == 0 && exact[place] <= at => at - HANDLE[1],
        _ => length,
    };
    let up = raised(exact, rows, |_| f64::NEG_INFINITY);
    let down = lowered(exact, rows, |_| f64::INFINITY);
    let middle: Vec<f64> = up.iter().zip(&down).map(|(a, b)| (a + b) / 2.0).collect();
    let within = raised(&middle, rows, low);
    let within = lowered(&within, rows, high);
    within.into_iter().map(|x| x.clamp(0.0, length)).collect()
}

/// Moves each dot up to the least place that keeps its order, distance and lower limit.
fn raised(places: &[f64], rows: &[usize], low: impl Fn(usize) -> f64) -> Vec<f64> {
    let mut raised: Vec<f64> = Vec::with_capacity(places.len());
    for (place, x) in places.iter().enumerate() {
        let same_row = raised.iter().zip(rows).rev();
        let same_row = same_row
            .filter(|(_, row)| **row == rows[place])
            .map(|it| it.0);
        let beside = same_row.map(|other| other + STEP).next();
        let before = raised.last().copied();
        let limits = [Some(low(place)), beside, before];
        raised.push(limits.into_iter().flatten().fold(*x, f64::max));
    }
    raised
}

/// Moves each dot down to the greatest place that keeps its order, distance and upper limit.
fn lowered(places: &[f64], rows: &[usize], high: impl Fn(usize) -> f64) -> Vec<f64> {
    let count = places.len();
    let turned: Vec<f64> = places.iter().rev().map(|x| -x).collect();
    let turned_rows: Vec<usize> = rows.iter().rev().copied().collect();
    let lowered = raised(&turned, &turned_rows, |place| -high(count - 1 - place));
    lowered.into_iter().rev().map(|x| -x).collect()
}
