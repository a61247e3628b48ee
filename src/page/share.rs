//! Making a snapshot: what goes, for whom, what is withheld, and in which form.

mod host;
mod pictures;
mod readers;

use std::collections::BTreeSet;

use cruxboard_domain::ChangeId;
use cruxboard_domain::board::Board;
use cruxboard_domain::checksum::crc32;
use cruxboard_domain::id::Replica;
use cruxboard_domain::import::csv::{credences_csv, evidence_csv};
use cruxboard_domain::record::CruxId;
use cruxboard_domain::snapshot::file::SnapshotFile;
use cruxboard_domain::snapshot::link::{Lock, MOST_CHARS, Parcel, SURVIVES, fold};
use cruxboard_domain::snapshot::reading::Reading;
use cruxboard_domain::snapshot::{Audience, Depth, RedactionReason, Taken, Wish, take};
use leptos::prelude::*;

use self::host::Host;
use self::pictures::Pictures;
use self::readers::Readers;
use super::{Exchange, FileSort, Sealing, Services, href, word_choices};
use crate::component::{Check, Choice, DraftBanner, Pick, ReadingView, TextArea, TextField, live};
use crate::route::{Route, Screen};
use crate::session::Session;

/// The screen on which a snapshot is made.
#[component]
pub fn SharePage(session: Session, crux: Option<CruxId>) -> impl IntoView {
    let about = crux.map_or(ChangeId::MIN, |crux| crux.0);
    let is_written = |text: &String| !text.is_empty();
    let draft = |field| session.draft(field, about, String::new(), is_written);
    let (title, note) = (draft("snapshot-title"), draft("snapshot-note"));
    let is_kept = title.with_untracked(is_written) || note.with_untracked(is_written);
    let wish = RwSignal::new(Wish {
        cruxes: crux.map(|crux| BTreeSet::from([crux])),
        title: title.get_untracked(),
        note: note.get_untracked(),
        ..Wish::default()
    });
    let put_title = Callback::new(move |text: String| {
        title.set(text.clone());
        wish.update(|wish| wish.title = text);
    });
    let put_note = Callback::new(move |text: String| {
        note.set(text.clone());
        wish.update(|wish| wish.note = text);
    });
    let discard = Callback::new(move |()| {
        put_title.run(String::new());
        put_note.run(String::new());
    });
    // Anew with every change, so there is nothing to compare.
    let taking = move || {
        session.follow_all();
        let now = session.now.get().millis;
        let mut wish = wish.get();
        wish.made_by = session.me.get();
        wish.with_stale = session.with_stale.get();
        let id = session.open.get().unwrap_or_default();
        session.with(|board| take(board, id, &wish, now))
    };
    let taken = Memo::new_with_compare(move |_| taking(), |_, _| true);
    let exchange = Exchange::from_context();
    let preview = RwSignal::new(None::<Reading>);
    Effect::new(move |_| {
        taken.track();
        // The link stands there first: of a large board, drawing all of it takes longer than packing it.
        (exchange.soon)(Box::new(move || {
            if let Some(reading) = taken.try_with_untracked(|taken| taken.snapshot.reading()) {
                preview.set(Some(reading));
            }
        }));
    });
    view! {
        <div class="page">
            <h1>"Share a snapshot"</h1>
            <p class="lead">
                "A frozen, dated copy for readers without an account. It is made in your browser; nothing is sent anywhere unless you make a short link, which is encrypted. Everybody who has the link or file can read it, and it cannot be recalled."
            </p>
            <p><a href=href(session, Screen::Tables)>"Export / import"</a></p>
            <div class="share">
                <div class="share-form">
                    <DraftBanner is_kept on_discard=discard />
                    <Wishes session wish put_title put_note />
                    <Show when=move || wish.with(|wish| wish.aliases)>
                        <Aliases taken=taken.into() wish />
                    </Show>
                    <Withholds taken=taken.into() />
                    <Forms taken=taken.into() />
                    <Host session taken=taken.into() />
                    <Pictures taken=taken.into() />
                    <Readers session />
                </div>
                <section class="share-preview" aria-labelledby="preview-title">
                    <h2 id="preview-title">"What readers will see"</h2>
                    {live(move || {
                        preview.get().map(|reading| {
                            let name = reading.name.clone();
                            view! { <p class="preview-name">{name}</p><ReadingView reading /> }
                        })
                    })}
                </section>
            </div>
        </div>
    }
}

#[component]
fn Wishes(
    session: Session,
    wish: RwSignal<Wish>,
    put_title: Callback<String>,
    put_note: Callback<String>,
) -> impl IntoView {
    let cruxes = Signal::derive(move || {
        session.follow_all();
        session.with(|board| {
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
            <h2 id="wish-title">"Readers and content"</h2>
            <div class="fields">
                <Choice
                    label="Readers"
                    options=Signal::stored(word_choices!(Audience))
                    value=Signal::derive(move || wish.with(|wish| wish.audience.key().to_owned()))
                    on_commit=Callback::new(move |key: String| {
                        if let Some(audience) = Audience::from_key(&key) {
                            wish.update(|wish| wish.audience = audience);
                        }
                    })
                    none=""
                    hint="Private evidence is never included; internal evidence and follow-ups only for internal readers."
                />
                <Choice
                    label="Content"
                    options=Signal::stored(word_choices!(Depth))
                    value=Signal::derive(move || wish.with(|wish| wish.depth.key().to_owned()))
                    on_commit=Callback::new(move |key: String| {
                        if let Some(depth) = Depth::from_key(&key) {
                            wish.update(|wish| wish.depth = depth);
                        }
                    })
                    none=""
                    hint="The argument: claims, triggers, evidence, credences and reasons. Everything: also quotes, thresholds, implications, mitigations, follow-ups."
                />
                <Pick label="Only these cruxes (none selected: the whole board)" options=cruxes value=chosen on_commit=choose />
                <Check
                    label="Replace names by aliases (a quote can still be searched for)"
                    value=Signal::derive(move || wish.with(|wish| wish.aliases))
                    on_commit=Callback::new(move |aliases| wish.update(|wish| wish.aliases = aliases))
                />
                <TextField
                    label="Title"
                    placeholder="The board's question"
                    value=Signal::derive(move || wish.with(|wish| wish.title.clone()))
                    on_commit=put_title
                />
                <TextArea
                    label="Note for readers"
                    value=Signal::derive(move || wish.with(|wish| wish.note.clone()))
                    on_commit=put_note
                />
            </div>
        </section>
    }
}

/// Each name that occurs in the snapshot and what stands in its place, to be switched off or on.
#[component]
fn Aliases(taken: Signal<Taken>, wish: RwSignal<Wish>) -> impl IntoView {
    // A row is found by its name, so that it stays where it is while others come and go.
    let key = |name: &str| ChangeId::new(crc32(name.as_bytes()).into(), 0, Replica::default());
    let found = move |id: ChangeId| {
        taken.with(|taken| {
            let mut aliases = taken.aliases.iter();
            aliases.find(|alias| key(&alias.name) == id).cloned()
        })
    };
    let ids = Memo::new(move |_| {
        taken.with(|taken| {
            let aliases = taken.aliases.iter();
            aliases.map(|alias| key(&alias.name)).collect::<Vec<_>>()
        })
    });
    let row = move |id: ChangeId| {
        let Some(alias) = found(id) else {
            return ().into_any();
        };
        let times = match alias.count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let label = format!("{} → {} ({times})", alias.name, alias.alias);
        let value = Signal::derive(move || found(id).is_some_and(|alias| alias.is_on));
        let name = alias.name;
        let on_commit = Callback::new(move |is_on: bool| {
            wish.update(|wish| {
                wish.switched.insert(name.clone(), is_on);
            });
        });
        view! { <Check label value on_commit /> }.into_any()
    };
    view! {
        <fieldset class="panel">
            <legend>"Names to replace"</legend>
            <For each=move || ids.get() key=|id| *id let(id)>{row(id)}</For>
            <p class="soft">"Only whole names are replaced, exactly as written here. Names that are also ordinary words, and parts of names, stay unless ticked. Read the preview before you share it."</p>
        </fieldset>
    }
}

/// Each thing that does not go.
#[component]
fn Withholds(taken: Signal<Taken>) -> impl IntoView {
    let list = move || {
        taken.with(|taken| {
            if taken.withheld.is_empty() {
                return view! { <p class="soft">"Nothing is withheld."</p> }.into_any();
            }
            let kinds = taken.withheld.chunk_by(|a, b| a.0 == b.0).map(|same| {
                let title = same[0].0.counted(same.len());
                // Of details nobody wants the list, only how many.
                let names =
                    if matches!(same[0].0, RedactionReason::Detail | RedactionReason::Inside) {
                        counted(same)
                    } else {
                        same.iter().map(|(_, name)| name.clone()).collect()
                    };
                let names = names
                    .into_iter()
                    .map(|name| view! { <li>{name}</li> }.into_any());
                view! {
                    <details>
                        <summary>{title}</summary>
                        <ul>{names.collect_view()}</ul>
                    </details>
                }
                .into_any()
            });
            kinds.collect_view().into_any()
        })
    };
    view! {
        <section class="panel withheld" aria-labelledby="withheld-title">
            <h2 id="withheld-title">"Withheld"</h2>
            {live(list)}
            <p class="soft">"Never included: history and earlier wordings, the trash, erased texts, which device made a change, notes of reviews."</p>
        </section>
    }
}

/// Names that repeat, once each with how often.
fn counted(same: &[(RedactionReason, String)]) -> Vec<String> {
    let mut counts = std::collections::BTreeMap::<&str, usize>::new();
    for (_, name) in same {
        *counts.entry(name).or_default() += 1;
    }
    counts
        .into_iter()
        .map(|(name, count)| format!("{name}: {count}"))
        .collect()
}

const PASSPHRASE: &str = "passphrase";

/// What stands in place of a link that nothing locks yet.
const NO_WORDS: &str = "Type a passphrase first.";

/// What goes out locked, once it is.
#[derive(Clone, Copy)]
enum Locked {
    Link,
    File,
}

/// The snapshot as a link, a file, a page, Markdown.
#[component]
fn Forms(taken: Signal<Taken>) -> impl IntoView {
    let exchange = Exchange::from_context();
    let services = Services::from_context();
    let lock = RwSignal::new(String::new());
    let passphrase = RwSignal::new(String::new());
    let sealed = RwSignal::new(None::<Result<(Parcel, String), String>>);
    let awaited = RwSignal::new(None::<Locked>);
    let problem = RwSignal::new(String::new());
    // The parcel to hand out, with its key; or what is lacking.
    let parcel = Memo::new(move |_| {
        if lock.with(String::is_empty) {
            let parcel = taken.with(|taken| Parcel::open(&taken.snapshot));
            return Ok((parcel, String::new()));
        }
        sealed.get().unwrap_or_else(|| {
            let lacks_words =
                lock.with(|lock| lock == PASSPHRASE) && passphrase.with(String::is_empty);
            Err(if lacks_words { NO_WORDS } else { "Locking…" }.to_owned())
        })
    });
    let link = Memo::new(move |_| {
        let (parcel, key) = parcel.get()?;
        let mut payload = parcel.to_text();
        if !key.is_empty() {
            payload = format!("{payload}/{key}");
        }
        let base = (services.app_address)();
        Ok::<_, String>(format!("{base}{}", Route::Snapshot(payload).href()))
    });
    let save = move |sort: FileSort| {
        taken.with_untracked(|taken| {
            let snapshot = &taken.snapshot;
            let reading = snapshot.reading();
            let name = format!("{} {}", reading.name, reading.day);
            let text = match (sort, parcel.get_untracked()) {
                (FileSort::Html, _) => snapshot.to_html(),
                (FileSort::Markdown, _) => snapshot.to_markdown(),
                (_, Ok((parcel, _))) if parcel.lock != Lock::Open => SnapshotFile::sealed(&parcel),
                (_, Err(_)) => return,
                _ => snapshot.to_json(),
            };
            services.save.run((name, sort, text));
        });
    };
    let hand_out = move |wanted| match (wanted, link.get_untracked()) {
        (_, Err(why)) => problem.set(why),
        (Locked::Link, Ok(link)) => services.copy.run(link),
        (Locked::File, Ok(_)) => save(FileSort::Snapshot),
    };
    // Leaving the field is what locks, and a click on a button leaves it: it is done when that is through.
    let take = move |wanted| {
        let lacks = link.with_untracked(|link| link.as_ref().err().cloned());
        let is_locking = lacks.is_some_and(|why| why != NO_WORDS);
        if is_locking && sealed.with_untracked(Option::is_none) {
            awaited.set(Some(wanted));
        } else {
            hand_out(wanted);
        }
    };
    // Counts, so that what was locked before something changed is not handed out after it.
    let asked = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let kind = lock.get();
        let words = passphrase.get();
        taken.track();
        asked.update_value(|asked| *asked += 1);
        let this = asked.get_value();
        sealed.set(None);
        problem.set(String::new());
        let is_wanted = !kind.is_empty() && (kind != PASSPHRASE || !words.is_empty());
        if !is_wanted {
            awaited.set(None);
            return;
        }
        let done = Box::new(move |result| {
            if asked.try_get_value() != Some(this) {
                return;
            }
            sealed.set(Some(result));
            if let Some(wanted) = awaited.get_untracked() {
                awaited.set(None);
                hand_out(wanted);
            }
        });
        let passphrase = (kind == PASSPHRASE).then_some(words);
        let content = taken.with(|taken| fold(&taken.snapshot));
        (exchange.seal)(Sealing {
            content,
            passphrase,
            done,
        });
    });
    let locks = vec![
        (PASSPHRASE.to_owned(), "With a passphrase".to_owned()),
        ("key".to_owned(), "With a random key".to_owned()),
    ];
    let hint = move || match lock.get().as_str() {
        "" => "",
        PASSPHRASE => {
            "Send it over another channel than the link. Nobody can open the snapshot without it, you included. AES-GCM with 256 bits; the key is derived with 600,000 rounds of PBKDF2-SHA-256."
        }
        _ => {
            "The key is the part of the link after the last slash. Send it separately: without it, the rest of the link cannot be read."
        }
    };
    let is_lacking = move || parcel.with(Result::is_err).to_string();
    let copy_markdown = move |_| {
        services
            .copy
            .run(taken.with_untracked(|taken| taken.snapshot.to_markdown()));
    };
    let save_table = move |what: &str, csv: fn(&Board) -> String| {
        let (name, text) = taken.with_untracked(|taken| {
            let board = taken.snapshot.board();
            let name = format!("{} {what}", taken.snapshot.name(&board));
            (name, csv(&board))
        });
        services.save.run((name, FileSort::Csv, text));
    };
    view! {
        <section class="panel forms" aria-labelledby="forms-title">
            <h2 id="forms-title">"Link and files"</h2>
            <Choice
                label="Lock link and file"
                options=Signal::stored(locks)
                value=Signal::derive(move || lock.get())
                on_commit=Callback::new(move |kind| lock.set(kind))
                none="Not locked"
            />
            <Show when=move || lock.with(|lock| lock == PASSPHRASE)>
                <TextField
                    label="Passphrase"
                    value=Signal::derive(move || passphrase.get())
                    on_commit=Callback::new(move |words| passphrase.set(words))
                />
            </Show>
            <p class="soft">{live(hint)}</p>
            <div class="field wide">
                <label for="snapshot-link">"Link"</label>
                <textarea id="snapshot-link" readonly rows="3" spellcheck="false" prop:value=move || link.get().unwrap_or_else(|lack| lack)></textarea>
            </div>
            <p role="status">{live(move || link.with(|link| link.as_ref().map(|link| survival(link.len())).unwrap_or_default()))}</p>
            <p class="actions">
                <button class="primary" aria-disabled=is_lacking on:click=move |_| take(Locked::Link)>"Copy link"</button>
                <button aria-disabled=is_lacking on:click=move |_| take(Locked::File)>"Save as file"</button>
                <button on:click=move |_| save(FileSort::Html)>"Save as HTML page"</button>
                <button on:click=move |_| save(FileSort::Markdown)>"Save as Markdown"</button>
                <button on:click=copy_markdown>"Copy Markdown"</button>
                <button on:click=move |_| save_table("credences", credences_csv)>"Save credences as CSV"</button>
                <button on:click=move |_| save_table("evidence", evidence_csv)>"Save evidence as CSV"</button>
            </p>
            <p class="problem" role="alert">{problem}</p>
            <Show when=move || !lock.with(String::is_empty)>
                <p>"The HTML page and the Markdown are not encrypted."</p>
            </Show>
            <p class="soft">"The HTML page opens without Cruxboard. The file opens in Cruxboard and contains readable JSON. Links and files cannot be recalled: everybody who has one can read it and pass it on."</p>
        </section>
    }
}

/// How long the link is, and where it gets through.
fn survival(length: usize) -> String {
    if length > MOST_CHARS {
        return format!(
            "{length} characters: too long for a link (the most is {MOST_CHARS}). Send the file or the HTML page instead, or fewer cruxes."
        );
    }
    let places = |survives: bool| {
        let found = SURVIVES
            .iter()
            .filter(|(_, limit)| (length <= *limit) == survives);
        let found = found.map(|(place, limit)| format!("{place} ({limit})"));
        found.collect::<Vec<_>>().join(", ")
    };
    let (safe, unsafe_) = (places(true), places(false));
    match (safe.as_str(), unsafe_.as_str()) {
        (_, "") => format!("{length} characters: short enough for every service we tested."),
        ("", _) => format!(
            "{length} characters: most services may cut it off. Send the file or the HTML page instead."
        ),
        _ => format!(
            "{length} characters: works in {safe}. Reported to be cut off in {unsafe_}: send the file or the HTML page there, or fewer cruxes."
        ),
    }
}
