//! A preview of the import of a table's first rows.

use cruxboard_domain::import::csv::{Plan, RowName, RowOutcome};
use cruxboard_domain::text::counted;
use leptos::prelude::*;

/// Maximum number of rows in the preview.
pub(super) const SHOWN: usize = 200;

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
    let mut adds = Vec::new();
    for (count, one, more) in [
        (plan.evidence, "item of evidence", "items of evidence"),
        (plan.cruxes, "crux", "cruxes"),
        (plan.people, "person", "people"),
        (plan.credences, "credence", "credences"),
        (
            plan.messages,
            "comment for the reading list",
            "comments for the reading list",
        ),
    ] {
        if count > 0 {
            adds.push(counted(count, one, more));
        }
    }
    let adds = if adds.is_empty() {
        "nothing".to_owned()
    } else {
        adds.join(", ")
    };
    let changes = match changed {
        0 => "nothing".to_owned(),
        _ => counted(changed, "item", "items"),
    };
    let of = counted(plan.row_outcomes.len(), "row", "rows");
    let are = |count| if count == 1 { "is" } else { "are" };
    let held = match held {
        0 => String::new(),
        _ => format!(", {held} {} held back", are(held)),
    };
    format!(
        "It would add {adds} and change {changes}. {skipped} of {of} {} skipped{held}; nothing is removed.",
        are(skipped)
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
        let text = format!("And {}.", counted(more, "more row", "more rows"));
        rows.push(view! { <li class="soft">{text}</li> }.into_any());
    }
    rows
}

pub(super) fn row((row_outcome, row): (&RowOutcome, &RowName)) -> AnyView {
    let (class, does, what) = match row_outcome {
        RowOutcome::Added(what) => ("", "adds", what.as_str()),
        RowOutcome::Changed(what) => ("", "changes", what.as_str()),
        RowOutcome::Skipped(why) => ("soft", "skipped,", *why),
        RowOutcome::Held(why) => ("problem", "held back,", why.as_str()),
    };
    let about = match row.about.as_str() {
        "" => String::new(),
        about => format!("{about} "),
    };
    let text = format!("Row {}: {about}{does} {what}", row.number);
    view! { <li class=class>{text}</li> }.into_any()
}
