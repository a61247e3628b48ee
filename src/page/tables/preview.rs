//! A preview of the import of a table's first rows.

use cruxboard_domain::import::csv::{Plan, RowName, RowOutcome};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

/// Maximum number of rows in the preview.
pub(super) const SHOWN: usize = 200;

/// Returns a number of records in words; `None` for none.
fn in_words(count: usize, words: fn(usize) -> String) -> Option<String> {
    (count > 0).then(|| words(count))
}

pub(super) fn summary(plan: &Plan) -> String {
    let count = |is_it: fn(&RowOutcome) -> bool| {
        plan.row_outcomes
            .iter()
            .filter(|row_outcome| is_it(row_outcome))
            .count()
    };
    let changed = count(|row_outcome| matches!(row_outcome, RowOutcome::Changed(_)));
    let skipped = count(|row_outcome| matches!(row_outcome, RowOutcome::Skipped(_)));
    let held = count(|row_outcome| matches!(row_outcome, RowOutcome::Held(_)));
    let adds = [
        in_words(plan.evidence, |count| {
            tn!(
                count,
                "{count} item of evidence",
                "{count} items of evidence"
            )
        }),
        in_words(plan.cruxes, |count| {
            tn!(count, "{count} crux", "{count} cruxes")
        }),
        in_words(plan.people, |count| {
            tn!(count, "{count} person", "{count} people")
        }),
        in_words(plan.credences, |count| {
            tn!(count, "{count} credence", "{count} credences")
        }),
        in_words(plan.messages, |count| {
            tn!(
                count,
                "{count} comment for the reading list",
                "{count} comments for the reading list"
            )
        }),
    ];
    let adds: Vec<String> = adds.into_iter().flatten().collect();
    let adds = if adds.is_empty() {
        t!("nothing").to_owned()
    } else {
        adds.join(", ")
    };
    let changes = match changed {
        0 => t!("nothing").to_owned(),
        _ => tn!(changed, "{count} item", "{count} items"),
    };
    let rows = tn!(plan.row_outcomes.len(), "{count} row", "{count} rows");
    let skipped = tn!(
        skipped,
        "{count} of {rows} is skipped",
        "{count} of {rows} are skipped",
        rows
    );
    if held == 0 {
        return t!(
            "It would add {adds} and change {changes}. {skipped}; nothing is removed.",
            adds,
            changes,
            skipped
        );
    }
    let held = tn!(held, "{count} is held back", "{count} are held back");
    t!(
        "It would add {adds} and change {changes}. {skipped}, {held}; nothing is removed.",
        adds,
        changes,
        skipped,
        held
    )
}

/// Renders the outcome of the first rows; rows that are held back come first.
pub(super) fn rows(plan: &Plan) -> Vec<AnyView> {
    let is_held = |row_outcome: &RowOutcome| matches!(row_outcome, RowOutcome::Held(_));
    let all = || plan.row_outcomes.iter().zip(&plan.about);
    let held = all().filter(|(row_outcome, _)| is_held(row_outcome));
    let others = all().filter(|(row_outcome, _)| !is_held(row_outcome));
    let mut rows: Vec<AnyView> = held.chain(others).take(SHOWN).map(row).collect();
    let more = plan.row_outcomes.len().saturating_sub(SHOWN);
    if more > 0 {
        let text = tn!(more, "And {count} more row.", "And {count} more rows.");
        rows.push(view! { <li class="soft">{text}</li> }.into_any());
    }
    rows
}

pub(super) fn row((row_outcome, row): (&RowOutcome, &RowName)) -> AnyView {
    let number = row.number;
    let row = match row.about.as_str() {
        "" => t!("Row {number}:", number),
        about => t!("Row {number}: {about}", number, about),
    };
    let (class, text) = match row_outcome {
        RowOutcome::Added(what) => ("", t!("{row} adds {what}", row, what)),
        RowOutcome::Changed(what) => ("", t!("{row} changes {what}", row, what)),
        RowOutcome::Skipped(why) => ("soft", t!("{row} skipped, {why}", row, why)),
        RowOutcome::Held(why) => ("problem", t!("{row} held back, {why}", row, why)),
    };
    view! { <li class=class>{text}</li> }.into_any()
}
