//! Services that only some chunks need. Called only from these.

use std::time::Duration;

use super::file_text::{ask_about_cut, read_text};
use cruxboard_domain::t;
use cruxboard_platform::persistence::Persistence;
use cruxboard_platform::sync::server_features::hosted;
use cruxboard_platform::{clock, files, picture, sealed, snapshot_crypto};
use cruxboard_session::Session;
use cruxboard_session::ports::{Drawing, Exchange, Fetching, Sealing, Secrets, Unsealing};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The pause in typing after which a text counts as complete.
const TYPING_PAUSE: Duration = Duration::from_millis(400);

/// The services that only the sharing chunk needs. Called only from that chunk.
pub(super) fn exchange(session: Session) -> Exchange {
    Exchange {
        pick_table: Callback::new(move |take: Callback<String>| {
            spawn_local(async move {
                match files::pick_table().await {
                    Some(Ok(file)) => {
                        let name = file.name.clone();
                        read_text(session, file, move |text, is_cut_off| {
                            // The page may have been closed meanwhile.
                            if is_cut_off {
                                ask_about_cut(session, &name, text, take);
                            } else {
                                take.try_run(text);
                            }
                        });
                    }
                    Some(Err(problem)) => {
                        session.notices.failed("read-file", problem.to_string());
                    }
                    None => {}
                }
            });
        }),
        pasted_markup: |event| files::pasted_markup(event),
        pasted_text: |event| files::pasted_text(event),
        seal: |sealing: Sealing| {
            spawn_local(async move {
                let sealed =
                    snapshot_crypto::seal(&sealing.content, sealing.passphrase.as_deref()).await;
                (sealing.done)(sealed.map_err(|problem| problem.to_string().into()));
            });
        },
        soon: |then| clock::soon(then),
        after_pause: |then| {
            spawn_local(async move {
                clock::sleep(TYPING_PAUSE).await;
                then();
            });
        },
    }
}

/// Pictures, for the chunks that share and that show charts. Called only from these.
pub(super) fn drawing(session: Session) -> Drawing {
    Drawing {
        picture: Callback::new(move |(name, svg, copies): (String, String, bool)| {
            spawn_local(async move {
                let done = if copies {
                    picture::copy(&svg).await.map(|()| t!("Copied."))
                } else {
                    let name = name + ".png";
                    picture::save(&name, &svg).await.map(|()| t!("Saved."))
                };
                if let Some(words) = session.notices.report("picture", done) {
                    session.notices.told(words);
                }
            });
        }),
        address: picture::address_of,
    }
}

/// The services that only the review chunk needs. Called only from that chunk.
pub(super) fn secrets(session: Session, persistence: Persistence) -> Secrets {
    Secrets {
        seal_answers: Callback::new(move |(who, answers, done)| {
            sealed::seal_answers(session, persistence, who, answers, done);
        }),
        kept_answers: Callback::new(move |(round, person)| {
            sealed::kept_answers(session, round, person)
        }),
    }
}

/// Decrypts a snapshot. Needs no storage, so it also works for guests.
pub(super) fn unseal(unsealing: Unsealing) {
    spawn_local(async move {
        let opened = snapshot_crypto::unseal(&unsealing.parcel, &unsealing.secret).await;
        (unsealing.done)(opened.map_err(|problem| problem.to_string().into()));
    });
}

/// Fetches an encrypted snapshot from a server. Needs no storage, so it also works for guests.
pub(super) fn fetch_hosted(fetching: Fetching) {
    spawn_local(async move {
        (fetching.done)(hosted(&fetching.at, &fetching.id).await);
    });
}
