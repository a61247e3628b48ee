//! The comparison with the reader’s own copy of the board, and the merge into it.

use super::Comparison;
use crate::component::{Check, live};
use cruxboard_domain::snapshot::diff::{Difference, Differences};
use cruxboard_domain::snapshot::{Addition, Merge};
use cruxboard_domain::{t, tn};
use leptos::prelude::*;

/// The way in which a snapshot is merged.
#[derive(Clone)]
pub(super) enum MergeAs {
    /// As it was found, with or without the credences that change figures.
    Found {
        /// Whether to add these credences.
        with_latest: bool,
    },
    /// An answer as credences of the member with this name.
    Member(String),
}

/// Renders the differences from the copy, and the possible merge. For an answer only the merge, since an
/// answer says nothing about the board's state.
pub(super) fn compared(
    comparison: Comparison,
    merge: Callback<MergeAs>,
    is_answer: bool,
) -> AnyView {
    let compared = match comparison {
        Ok(compared) => compared,
        Err(problem) => {
            return view! { <p class="panel" role="status">{problem.to_string()}</p> }.into_any();
        }
    };
    let since = (!is_answer).then(|| differences(compared.since));
    let question = compared.question;
    let plan = match compared.merge {
        Ok(plan) => plan_view(question, plan, compared.as_member, merge, is_answer),
        Err(problem) => view! { <p role="status">{problem.to_string()}</p> }.into_any(),
    };
    view! {
        {since}
        <section class="panel forms" aria-labelledby="merge-title">
            <h2 id="merge-title">{t!("Merge into your copy")}</h2>
            {plan}
        </section>
    }
    .into_any()
}

/// Renders the differences, by the side on which something changed.
fn differences(since: Differences) -> AnyView {
    let is_empty = since.is_empty();
    let there = (!since.there.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="newer-title" aria-live="polite">
                <h2 id="newer-title">{t!("Newer in this snapshot, or changed on both sides")}</h2>
                {list(since.there)}
            </section>
        }
    });
    let here = (is_empty || !since.here.is_empty()).then(|| {
        let nothing = is_empty
            .then(|| view! { <p>{t!("Nothing in this snapshot differs from your copy.")}</p> });
        view! {
            <section class="panel" aria-labelledby="since-title" aria-live="polite">
                <h2 id="since-title">{t!("Changes on your copy since this snapshot")}</h2>
                {nothing}
                {list(since.here)}
            </section>
        }
    });
    view! { {there} {here} }.into_any()
}

fn list(differences: Vec<Difference>) -> AnyView {
    let items = differences.into_iter().map(|(name, said)| {
        let said = said
            .into_iter()
            .map(|one| view! { <li>{one}</li> }.into_any());
        view! { <dt>{name}</dt><dd><ul>{said.collect_view()}</ul></dd> }.into_any()
    });
    view! { <dl class="terms">{items.collect_view()}</dl> }.into_any()
}

/// Renders the effect of a merge, and for an answer under a member's name the choice of whose it is.
fn plan_view(
    question: String,
    plan: Merge,
    as_member: Option<(String, Merge)>,
    merge: Callback<MergeAs>,
    is_answer: bool,
) -> AnyView {
    let Some((name, of_member)) = as_member else {
        return merging(question, plan, None, merge, is_answer);
    };
    let is_member = RwSignal::new(false);
    let says = t!(
        "{name} is a member of this board. Ask who answered, if you are not sure: as somebody outside, the answer does not count in the group’s figures; as {name}’s own credence, it does.",
        name
    );
    let label = t!("Add it as {name}’s own credence", name);
    let shown = move || match is_member.get() {
        true => {
            let name = Some(name.clone());
            merging(question.clone(), of_member.clone(), name, merge, true)
        }
        false => merging(question.clone(), plan.clone(), None, merge, true),
    };
    view! {
        <p role="status">{says}</p>
        <Check label value=is_member on_commit=Callback::new(move |is| is_member.set(is)) />
        {live(shown)}
    }
    .into_any()
}

/// Renders the effect of a merge before it is carried out. `member`: the name of the member whose credences
/// an answer becomes.
fn merging(
    question: String,
    plan: Merge,
    member: Option<String>,
    merge: Callback<MergeAs>,
    is_answer: bool,
) -> AnyView {
    let (added, moves) = (plan.added.len(), plan.latest.len());
    let with_latest = RwSignal::new(member.is_some());
    let left_out = left_out(plan.erased);
    if added + moves == 0 {
        let says = match is_answer {
            true => t!("Your copy already has these answers, or later ones of the same person."),
            false => t!("Your copy already has everything in this snapshot."),
        };
        return view! {
            <p role="status">{says}</p>
            {left_out}
        }
        .into_any();
    }
    let says = match added + if member.is_some() { moves } else { 0 } {
        0 => t!("Only credences are new.").to_owned(),
        n if is_answer => tn!(
            n,
            "It would add {count} answer:",
            "It would add {count} answers:"
        ),
        n => tn!(
            n,
            "It would add {count} record:",
            "It would add {count} records:"
        ),
    };
    let ask_for_latest =
        (moves > 0 && member.is_none()).then(|| latest_check(moves, with_latest, &plan.latest));
    let of_member = member.as_ref().map(|_| additions(&plan.latest));
    let is_nothing = move || added == 0 && !with_latest.get();
    let take_in = move |_| {
        if !untrack(is_nothing) {
            let with_latest = with_latest.get_untracked();
            let found = MergeAs::Found { with_latest };
            merge.run(member.clone().map_or(found, MergeAs::Member));
        }
    };
    let rule = match is_answer {
        true => t!(
            "Into “{question}”. A later answer of the same person replaces their earlier one, which stays in the history; everything else stays as it is. One undo reverses it.",
            question
        ),
        false => t!(
            "Into “{question}”. Only missing records are added. Nothing of yours is changed or removed: where the two differ, yours stays. One undo reverses it.",
            question
        ),
    };
    view! {
        <p class="soft">{rule}</p>
        <p role="status">{says}</p>
        {additions(&plan.added)}
        {of_member}
        {ask_for_latest}
        {left_out}
        <p class="actions">
            <button class="primary" aria-disabled=move || is_nothing().to_string() on:click=take_in>
                {t!("Add to my board")}
            </button>
        </p>
    }
    .into_any()
}

/// Says how many records stay out since they may have been erased here.
fn left_out(erased: usize) -> Option<AnyView> {
    let words = tn!(
        erased,
        "{count} record stays out: something that was made in the same minute was erased here.",
        "{count} records stay out: something that was made in the same minute was erased here.",
    );
    (erased > 0).then(|| view! { <p class="soft">{words}</p> }.into_any())
}

/// Asks whether credences that would be their people's latest are added.
fn latest_check(count: usize, with_latest: RwSignal<bool>, latest: &[Addition]) -> AnyView {
    let label = tn!(
        count,
        "Also add {count} credence that would be its person’s latest",
        "Also add {count} credences that would be their people’s latest",
    );
    view! {
        <div>
            <Check label value=with_latest on_commit=Callback::new(move |is_taken| with_latest.set(is_taken)) />
            {additions(latest)}
        </div>
    }
    .into_any()
}

fn additions(additions: &[Addition]) -> AnyView {
    let items = additions.iter().map(|addition| {
        let says = addition.says.clone();
        view! { <li>{says}</li> }.into_any()
    });
    view! { <ul class="reading-list plan">{items.collect_view()}</ul> }.into_any()
}
