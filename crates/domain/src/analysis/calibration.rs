//! Calibration: whether claims came true as often as their credences say, by the last credence in each
//! resolved claim. Also the decomposition of the Brier score of these credences.

use std::collections::BTreeMap;

use crate::Credence;
use crate::board::Board;
use crate::forecast::histories;
use crate::record::PersonId;

/// Fewest resolved claims for calibration, and for a verdict in words.
pub const ENOUGH: usize = 10;

/// Credences of about the same height, and how often their claims came true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The bounds of the bin, in percent.
    pub range: (u32, u32),
    /// The mean of the credences in the bin, in percent.
    pub said: f64,
    /// The share of the claims that came true, in percent.
    pub came_true: f64,
    /// The 95% confidence interval for the rate at which such claims come true, in percent: see [`wilson`].
    pub interval: (f64, f64),
    /// Number of claims in the bin.
    pub count: usize,
}

/// The parts of a mean Brier score (Murphy, "A new vector partition of the probability score", 1973): `brier
/// = reliability − resolution + uncertainty + within`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BrierParts {
    /// The mean Brier score of the last credences, 0 to 1.
    pub brier: f64,
    /// The distance of the bins from perfect calibration, 0 to 1; lower is better.
    pub reliability: f64,
    /// The power of the bins to separate claims that come true from others, 0 to 0.25; higher is better.
    pub resolution: f64,
    /// The uncertainty of the claims, 0 to 0.25: the score of always stating their base rate.
    pub uncertainty: f64,
    /// The remainder, since credences within a bin differ (Stephenson et al., "Two extra components in the
    /// Brier score decomposition", 2008).
    pub within: f64,
}

/// The calibration of a person or of the group: bins, and the parts of the Brier score.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The bins that contain a claim, lowest first.
    pub bins: Vec<Bin>,
    /// The parts of the Brier score.
    pub parts: BrierParts,
}

/// Returns the score interval for a rate (Wilson, "Probable inference, the law of succession, and statistical
/// inference", 1927) at 95% confidence, in percent. Without trials it is 0 to 100.
#[must_use]
pub fn wilson(successes: usize, trials: usize) -> (f64, f64) {
    /// The quantile of the normal distribution for 95%.
    const Z: f64 = 1.959_963_984_540_054;
    if trials == 0 {
        return (0.0, 100.0);
    }
    let count = trials as f64;
    let rate = successes as f64 / count;
    let scale = 1.0 + Z * Z / count;
    let centre = (rate + Z * Z / (2.0 * count)) / scale;
    let half = Z / scale * (rate * (1.0 - rate) / count + Z * Z / (4.0 * count * count)).sqrt();
    let percent = |chance: f64| 100.0 * chance.clamp(0.0, 1.0);
    (percent(centre - half), percent(centre + half))
}

/// Returns the calibration of one person, or of the group (`None`), by the last credence in each resolved
/// claim.
///
/// # Errors
/// The number of resolved claims that are still missing for a calibration.
pub fn calibration(board: &Board, person: Option<PersonId>) -> Result<Calibration, usize> {
    let claims = histories(board);
    let own = claims.iter().filter_map(|claim| claim.get(&person));
    let said: Vec<(Credence, bool)> = own
        .filter_map(|history| Some((history.last()?, history.came_true)))
        .collect();
    if said.len() < ENOUGH {
        return Err(ENOUGH - said.len());
    }
    Ok(calibrated(&said))
}

/// Returns the calibration of credences, each with whether its claim came true.
#[must_use]
pub fn calibrated(said: &[(Credence, bool)]) -> Calibration {
    let mut bins: BTreeMap<u32, Vec<(f64, bool)>> = BTreeMap::new();
    for (credence, came_true) in said {
        let percent = credence.percent();
        // Five bins: with few cruxes, finer bins would contain one claim each.
        let bin = ((percent / 20.0) as u32).min(4);
        bins.entry(bin).or_default().push((percent, *came_true));
    }
    let bins: Vec<Bin> = bins
        .into_iter()
        .map(|(bin, items)| {
            let count = items.len() as f64;
            let came_true = items.iter().filter(|(_, came_true)| *came_true).count();
            Bin {
                range: (bin * 20, bin * 20 + 20),
                said: items.iter().map(|(said, _)| said).sum::<f64>() / count,
                came_true: 100.0 * came_true as f64 / count,
                interval: wilson(came_true, items.len()),
                count: items.len(),
            }
        })
        .collect();
    let parts = parts(said, &bins);
    Calibration { bins, parts }
}

fn parts(said: &[(Credence, bool)], bins: &[Bin]) -> BrierParts {
    let count = said.len().max(1) as f64;
    let came_true = said.iter().filter(|(_, came_true)| *came_true).count();
    let base_rate = came_true as f64 / count;
    let mean = |of: &dyn Fn(&Bin) -> f64| {
        let sum = bins.iter().map(|bin| bin.count as f64 * of(bin));
        sum.sum::<f64>() / count
    };
    let scores = said
        .iter()
        .map(|(said, so)| crate::score::brier(*said, *so));
    let brier = scores.sum::<f64>() / count;
    let reliability = mean(&|bin| ((bin.said - bin.came_true) / 100.0).powi(2));
    let resolution = mean(&|bin| (bin.came_true / 100.0 - base_rate).powi(2));
    let uncertainty = base_rate * (1.0 - base_rate);
    BrierParts {
        brier,
        reliability,
        resolution,
        uncertainty,
        within: brier - (reliability - resolution + uncertainty),
    }
}
