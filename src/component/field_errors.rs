use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::web_sys::{Element, HtmlElement};

/// Tells the app that a field was changed after an error with this text. Provided by the composition root, since
/// components do not know the notices.
#[derive(Clone, Copy)]
pub struct PutRight(pub Callback<String>);

/// The errors of a form by the names of its fields. A form provides this to its fields, which show
/// the errors. Cheap to copy.
#[derive(Clone, Copy)]
pub struct FieldErrors {
    error: RwSignal<Option<FieldError>>,
    /// The errors of the page around the form.
    page: Option<RwSignal<Option<FieldError>>>,
}

#[derive(Clone)]
struct FieldError {
    field: String,
    why: String,
    takes_focus: bool,
}

impl FieldErrors {
    /// Creates the errors of a form and provides them to the fields below.
    pub fn provide() -> Self {
        let around = use_context::<Self>();
        let errors = Self {
            error: RwSignal::new(None),
            page: around.map(|around| around.page.unwrap_or(around.error)),
        };
        provide_context(errors);
        errors
    }

    /// Shows an error beside a field, and moves the keyboard there.
    pub fn refuse(self, field: impl Into<String>, why: impl Into<String>) {
        self.set(field.into(), why.into(), true);
    }

    /// Shows an error beside a field without moving the keyboard. For a field that was left.
    pub fn note(self, field: impl Into<String>, why: impl Into<String>) {
        self.set(field.into(), why.into(), false);
    }

    fn set(self, field: String, why: String, takes_focus: bool) {
        let error = match self.page {
            Some(page) if field == Self::ME => page,
            _ => self.error,
        };
        error.set(Some(FieldError {
            field,
            why,
            takes_focus,
        }));
    }

    /// The name of the field at the top of the page that selects who edits.
    pub const ME: &str = "me";
}

/// The error of one field, as its form reports it. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Refused {
    errors: Option<FieldErrors>,
    field: StoredValue<String>,
    put_right: Option<PutRight>,
}

impl Refused {
    /// Follows the form's error for the field with this name; with an empty name there is none.
    /// When the error appears, the element `id` gets the keyboard.
    pub(super) fn of(field: String, id: String) -> Self {
        let errors = use_context::<FieldErrors>().filter(|_| !field.is_empty());
        let refused = Self {
            errors,
            field: StoredValue::new(field),
            put_right: use_context(),
        };
        if let Some(errors) = errors {
            Effect::new(move |_| {
                let takes_focus = |error: FieldError| error.takes_focus;
                if refused.error().is_some_and(takes_focus)
                    && let Some(element) = document().get_element_by_id(&id)
                {
                    reveal_and_focus(element);
                    errors.error.update(|error| {
                        if let Some(error) = error {
                            error.takes_focus = false;
                        }
                    });
                }
            });
        }
        refused
    }

    fn error(self) -> Option<FieldError> {
        let error = self.errors?.error.get()?;
        let is_own = self.field.with_value(|field| *field == error.field);
        is_own.then_some(error)
    }

    /// Returns the error as text. Tracks it.
    pub(super) fn why(self) -> Option<String> {
        self.error().map(|error| error.why)
    }

    /// Returns whether there is an error. Does not track it.
    pub(super) fn is_there(self) -> bool {
        untrack(|| self.error()).is_some()
    }

    /// Clears the error, after the field was changed.
    pub(super) fn clear(self) {
        if let Some(errors) = self.errors
            && let Some(error) = untrack(|| self.error())
        {
            errors.error.set(None);
            if let Some(PutRight(put_right)) = self.put_right {
                put_right.run(error.why);
            }
        }
    }
}

/// Moves the keyboard to a field, and opens the folded sections around it.
pub(super) fn reveal_and_focus(field: Element) {
    let mut at = Some(field.clone());
    while let Some(element) = at {
        if element.tag_name() == "DETAILS" {
            drop(element.set_attribute("open", ""));
        }
        at = element.parent_element();
    }
    if let Ok(field) = field.dyn_into::<HtmlElement>() {
        drop(field.focus());
    }
}
