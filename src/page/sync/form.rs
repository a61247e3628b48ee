//! The form for an endpoint.

use super::super::Services;
use super::choices;
use crate::component::{Choice, FieldErrors, TextField, live};
use cruxboard_domain::BoardId;
use cruxboard_domain::sync::{basic_credential, board_address, check_credential};
use cruxboard_domain::t;
use cruxboard_domain::translatable;
use cruxboard_session::{EndpointDraft, Session, Tested};
use leptos::prelude::*;

/// The kinds of credentials: key and label.
pub(super) const CREDENTIALS: &[(&str, &str)] = &[
    ("none", translatable!("None")),
    ("bearer", translatable!("Token (Bearer)")),
    ("basic", translatable!("User and password (Basic)")),
    ("own", translatable!("A header of its own")),
];

/// An endpoint being entered.
#[derive(Clone, Copy)]
pub(super) struct Form {
    pub(super) address: RwSignal<String>,
    pub(super) kind: RwSignal<String>,
    pub(super) header: RwSignal<String>,
    pub(super) secret: RwSignal<String>,
    /// The result of testing the endpoint as entered.
    pub(super) found: RwSignal<Option<Tested>>,
    pub(super) is_asking: RwSignal<bool>,
    errors: FieldErrors,
}

impl Form {
    pub(super) fn new(draft: EndpointDraft) -> Self {
        let EndpointDraft {
            address,
            header,
            value,
        } = draft;
        let (kind, secret) = match value.strip_prefix("Bearer ") {
            Some(token) => ("bearer", token.to_owned()),
            None if header.is_empty() => ("bearer", String::new()),
            None => ("own", value),
        };
        let form = Self {
            address: RwSignal::new(address),
            kind: RwSignal::new(kind.to_owned()),
            header: RwSignal::new(header),
            secret: RwSignal::new(secret),
            found: RwSignal::new(None),
            is_asking: RwSignal::new(false),
            errors: FieldErrors::provide(),
        };
        Effect::new(move |_| {
            if form.found.with(Option::is_some) {
                form.is_asking.set(false);
            }
        });
        form
    }

    /// Returns the endpoint as entered, completed. `board` is the board, if known. `None` if it cannot be
    /// used; the reason is then shown.
    pub(super) fn draft(self, board: Option<BoardId>) -> Option<EndpointDraft> {
        let refuse = |field: &str, why: String| {
            self.errors.refuse(field, why.clone());
            let words = vec![why];
            self.found.set(Some(Tested {
                words,
                can_connect: false,
            }));
        };
        let address = match board_address(&self.address.get_untracked(), board) {
            Ok(address) => address,
            Err(why) => {
                refuse("address", why.to_string());
                return None;
            }
        };
        let secret = self.secret.get_untracked();
        let secret = secret.trim_matches(' ').to_owned();
        let kind = self.kind.get_untracked();
        let header = match kind.as_str() {
            "own" => self.header.get_untracked().trim().to_owned(),
            _ => "Authorization".to_owned(),
        };
        if let Err(why) = check_credential(&header, &secret, kind == "basic") {
            let field = match kind.as_str() {
                "own" => "header",
                _ => "secret",
            };
            refuse(field, why.to_string());
            return None;
        }
        self.address.set(address.clone());
        let (header, value) = match (kind.as_str(), secret.is_empty()) {
            (_, true) | ("none", _) => (String::new(), String::new()),
            ("bearer", _) => (header, format!("Bearer {secret}")),
            ("basic", _) => (header, basic_credential(&secret)),
            _ => (header, secret),
        };
        Some(EndpointDraft {
            address,
            header,
            value,
        })
    }

    pub(super) fn begin(self) {
        self.is_asking.set(true);
        self.found.set(None);
    }

    pub(super) fn put(self, signal: RwSignal<String>) -> Callback<String> {
        Callback::new(move |text: String| {
            signal.set(text);
            self.found.set(None);
        })
    }
}

#[component]
pub(super) fn Fields(form: Form) -> impl IntoView {
    let Form {
        address,
        kind,
        header,
        secret,
        ..
    } = form;
    let kinds = Signal::stored(choices(CREDENTIALS));
    let secret_field = move || {
        let label = kind.with(|kind| match kind.as_str() {
            "none" => None,
            "basic" => Some(t!("User:password")),
            "own" => Some(t!("Its value")),
            _ => Some(t!("Token")),
        });
        label.map(|label| {
            view! { <TextField label name="secret" kind="password" value=secret on_commit=form.put(secret) /> }
        })
    };
    view! {
        <div class="form-grid">
            <TextField label=t!("Address of the board") name="address" hint=t!("Where this board is stored: any address that answers GET and PUT with JSON.") placeholder="https://…" value=address on_commit=form.put(address) />
            <Choice label=t!("Credential") options=kinds value=kind on_commit=form.put(kind) none="" />
            <Show when=move || kind.with(|kind| kind == "own")>
                <TextField label=t!("Name of the header") name="header" value=header on_commit=form.put(header) />
            </Show>
            {live(secret_field)}
        </div>
    }
}

#[component]
pub(super) fn Found(form: Form) -> impl IntoView {
    let words = move || {
        if form.is_asking.get() {
            return vec![t!("Asking…").to_owned()];
        }
        form.found.get().unwrap_or_default().words
    };
    let lines = move || {
        let lines = words().into_iter().map(|words| view! { <p>{words}</p> });
        lines.collect_view()
    };
    view! { <div role="status">{live(lines)}</div> }
}

/// The fields for an endpoint, and the buttons that test and use it.
#[component]
pub(super) fn Connect(
    session: Session,
    form: Form,
    /** What using it is called. */
    verb: &'static str,
) -> impl IntoView {
    let services = Services::from_context();
    let draft = move || form.draft(session.open.get_untracked());
    let test = move |_| {
        form.begin();
        if let Some(draft) = draft() {
            services.endpoint.test.run((draft, form.found));
        }
    };
    let suggest = move |_| {
        form.address.set(services.endpoint.own_address.run(()));
        form.found.set(None);
    };
    let connect = move |_| {
        if let Some(draft) = draft() {
            services.endpoint.connect.run(Some(draft));
        }
    };
    let can_connect = move || {
        form.found
            .with(|found| found.as_ref().is_some_and(|found| found.can_connect))
    };
    view! {
        <Fields form />
        <p class="actions">
            <button on:click=test>{t!("verb" => "Test")}</button>
            <button class="quiet" on:click=suggest>{t!("Use the server that this page came from")}</button>
        </p>
        <Found form />
        <Show when=can_connect>
            <p class="actions"><button class="primary" on:click=connect>{verb}</button></p>
        </Show>
    }
}
