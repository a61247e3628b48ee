//! The fields for the readers and the content of a snapshot.

use crate::component::{Check, Choice, Pick, TextArea, TextField};
use crate::page::word_choices;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::snapshot::{Audience, Depth, SnapshotRequest};
use cruxboard_domain::t;
use cruxboard_session::Session;
use leptos::prelude::*;
use std::collections::BTreeSet;

#[component]
pub(super) fn Wishes(
    session: Session,
    wish: RwSignal<SnapshotRequest>,
    put_title: Callback<String>,
    put_note: Callback<String>,
) -> impl IntoView {
    let cruxes = Signal::derive(move || {
        session.read_all(|board| {
            let cruxes = board.cruxes();
            let named = cruxes
                .iter()
                .map(|crux| (crux.id.to_string(), crux.name().into_owned()));
            named.collect::<Vec<_>>()
        })
    });
    let chosen = Signal::derive(move || {
        wish.with(|wish| {
            wish.cruxes
                .iter()
                .flatten()
                .map(CruxId::to_string)
                .collect::<Vec<_>>()
        })
    });
    let choose = Callback::new(move |keys: Vec<String>| {
        let cruxes: BTreeSet<CruxId> = keys.iter().filter_map(|key| key.parse().ok()).collect();
        wish.update(|wish| wish.cruxes = (!cruxes.is_empty()).then_some(cruxes));
    });
    view! {
        <section class="panel" aria-labelledby="wish-title">
            <h2 id="wish-title">{t!("Readers and content")}</h2>
            <div class="fields">
                <Choice
                    label=t!("Readers")
                    options=Signal::stored(word_choices!(Audience))
                    value=Signal::derive(move || wish.with(|wish| wish.audience.key().to_owned()))
                    on_commit=Callback::new(move |key: String| {
                        if let Some(audience) = Audience::from_key(&key) {
                            wish.update(|wish| wish.audience = audience);
                        }
                    })
                    none=""
                    hint=t!("Private evidence is never included; internal evidence and follow-ups only for internal readers.")
                />
                <Choice
                    label=t!("Content")
                    options=Signal::stored(word_choices!(Depth))
                    value=Signal::derive(move || wish.with(|wish| wish.depth.key().to_owned()))
                    on_commit=Callback::new(move |key: String| {
                        if let Some(depth) = Depth::from_key(&key) {
                            wish.update(|wish| wish.depth = depth);
                        }
                    })
                    none=""
                    hint=t!("The argument: claims, triggers, evidence, credences and reasons. Everything: also quotes, thresholds, implications, mitigations, follow-ups and credences in options.")
                />
                <Pick label=t!("Only these cruxes (none selected: the whole board)") options=cruxes value=chosen on_commit=choose />
                <Check
                    label=t!("Replace names by aliases (a quote can still be searched for)")
                    value=Signal::derive(move || wish.with(|wish| wish.aliases))
                    on_commit=Callback::new(move |aliases| wish.update(|wish| wish.aliases = aliases))
                />
                <TextField
                    label=t!("Title")
                    placeholder=t!("The board's question")
                    value=Signal::derive(move || wish.with(|wish| wish.title.clone()))
                    on_commit=put_title
                />
                <TextArea
                    label=t!("Note for readers")
                    value=Signal::derive(move || wish.with(|wish| wish.note.clone()))
                    on_commit=put_note
                />
            </div>
        </section>
    }
}
