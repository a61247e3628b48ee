//! Finds elements on the page by role and name.

use serde::Serialize;
use serde_json::{Value, json};
use thirtyfour::{WebElement, error::WebDriverError};

use super::{Key, Page, eventually, pointer::Place, site::RUNTIME};

const FIND: &str = include_str!("find.js");

/// A step of a path: what to find within the previous element.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Step {
    role: String,
    /// The name; "…" at an end stands for any text.
    name: Option<String>,
    /// A text that the element must contain.
    text: Option<String>,
    /// The index among several elements.
    at: Option<usize>,
}

impl Step {
    pub(crate) fn new(role: &str, name: &str) -> Self {
        Self {
            role: role.to_owned(),
            name: Some(name.to_owned()),
            text: None,
            at: None,
        }
    }
}

/// Scrolls an element to the middle, since a person would not leave it under a bar at an edge either. The page hears
/// of it as of a wheel, and no longer restores the place where it was before a reload.
const SHOW: &str = "dispatchEvent(new Event('wheel'));
    arguments[0].scrollIntoView({ block: 'center' });";

/// A path to an element on the page, which is found again for each use.
#[derive(Clone)]
pub(crate) struct Found {
    page: Page,
    steps: Vec<Step>,
}

/// Finds elements on the whole page, or within an element.
pub(crate) trait Find {
    fn start(&self) -> Found;

    /// Finds an element by role and name.
    fn role(&self, role: &str, name: &str) -> Found {
        let mut found = self.start();
        found.steps.push(Step::new(role, name));
        found
    }

    /// Finds an element by role and a text that it contains.
    fn with_text(&self, role: &str, text: &str) -> Found {
        let mut found = self.start();
        found.steps.push(Step {
            role: role.to_owned(),
            name: None,
            text: Some(text.to_owned()),
            at: None,
        });
        found
    }

    /// Finds all elements with a role.
    fn all(&self, role: &str) -> Found {
        self.with_text(role, "")
    }

    fn button(&self, name: &str) -> Found {
        self.role("button", name)
    }

    fn link(&self, name: &str) -> Found {
        self.role("link", name)
    }

    /// Finds a text field, number, date or choice by its label.
    fn field(&self, label: &str) -> Found {
        self.role("field", label)
    }

    fn checkbox(&self, label: &str) -> Found {
        self.role("checkbox", label)
    }

    fn slider(&self, label: &str) -> Found {
        self.role("slider", label)
    }

    fn heading(&self, name: &str) -> Found {
        self.role("heading", name)
    }

    fn region(&self, name: &str) -> Found {
        self.role("region", name)
    }

    fn group(&self, name: &str) -> Found {
        self.role("group", name)
    }

    /// Finds a fold by its title.
    fn fold(&self, title: &str) -> Found {
        self.role("details", title)
    }
}

impl Find for Page {
    fn start(&self) -> Found {
        Found {
            page: self.clone(),
            steps: Vec::new(),
        }
    }
}

impl Find for Found {
    fn start(&self) -> Found {
        self.clone()
    }
}

impl Page {
    pub(super) fn find_script(&self, question: &str, steps: &[Step]) -> Value {
        self.js(FIND, &[json!(question), json!(steps)])
    }
}

impl Found {
    /// Selects one of several elements by its index, counted from 0.
    pub(crate) fn at(mut self, at: usize) -> Self {
        if let Some(step) = self.steps.last_mut() {
            step.at = Some(at);
        }
        self
    }

    fn path(&self) -> String {
        let steps = self.steps.iter().map(|step| {
            let what = step.name.as_ref().or(step.text.as_ref());
            format!("{} “{}”", step.role, what.map_or("", String::as_str))
        });
        steps.collect::<Vec<_>>().join(" › ")
    }

    /// Returns the present number of elements.
    pub(crate) fn count(&self) -> usize {
        let count = self.page.find_script("count", &self.steps).as_u64();
        usize::try_from(count.unwrap_or(0)).unwrap_or(0)
    }

    pub(crate) fn is_there(&self) -> bool {
        self.count() > 0
    }

    /// Returns the present texts of all elements, as for a screen reader.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.strings("texts")
    }

    /// Returns the present names of all elements.
    pub(crate) fn names(&self) -> Vec<String> {
        self.strings("names")
    }

    fn strings(&self, question: &str) -> Vec<String> {
        let all = self.page.find_script(question, &self.steps);
        let all = all.as_array().cloned().unwrap_or_default();
        all.iter()
            .map(|text| text.as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// Waits until the element exists.
    #[track_caller]
    pub(crate) fn wait(&self) -> &Self {
        self.element();
        self
    }

    /// Waits until the element no longer exists.
    #[track_caller]
    pub(crate) fn wait_gone(&self) {
        self.page
            .eventually(&format!("{} to go away", self.path()), || {
                (!self.is_there()).then_some(())
            });
    }

    /// Waits until the element's text contains this part.
    #[track_caller]
    pub(crate) fn wait_text(&self, part: &str) -> String {
        let mut seen = Vec::new();
        let found = super::wait::within(std::time::Duration::from_secs(20), || {
            seen = self.texts();
            seen.iter().find(|text| text.contains(part)).cloned()
        });
        match found {
            Some(text) => text,
            None => self
                .page
                .fail(&format!("{} never said “{part}” but {seen:?}", self.path())),
        }
    }

    #[track_caller]
    fn try_element(&self) -> Option<WebElement> {
        let session = self.page.session();
        let args = [json!("elements"), json!(self.steps)];
        let found = RUNTIME.block_on(session.execute(FIND, args)).ok()?;
        found.elements().ok()?.into_iter().next()
    }

    #[track_caller]
    fn element(&self) -> WebElement {
        self.page.eventually(&self.path(), || self.try_element())
    }

    /// Performs an action on the element, again if it was rendered anew just then.
    #[track_caller]
    fn act(&self, what: &str, act: impl Fn(WebElement) -> Result<(), WebDriverError>) {
        let mut last = String::from("it was not there");
        let done = super::wait::within(std::time::Duration::from_secs(20), || {
            let element = self.try_element()?;
            match act(element) {
                Ok(()) => Some(()),
                Err(error) => {
                    last = error.to_string();
                    None
                }
            }
        });
        if done.is_none() {
            self.page
                .fail(&format!("could not {what} {}: {last}", self.path()));
        }
    }

    #[track_caller]
    pub(crate) fn click(&self) {
        self.act("click", |element| {
            let session = self.page.session();
            RUNTIME.block_on(async {
                session.execute(SHOW, [element.to_json()?]).await?;
                element.click().await
            })
        });
    }

    /// Opens a fold, unless it is open.
    #[track_caller]
    pub(crate) fn open(&self) -> &Self {
        self.set_open(true)
    }

    #[track_caller]
    pub(crate) fn set_open(&self, is_open: bool) -> &Self {
        let is_now = |found: &Self| found.prop("open") == json!(true);
        if is_now(self) != is_open {
            self.all("summary").at(0).click();
        }
        self.page
            .eventually(&self.path(), || (is_now(self) == is_open).then_some(()));
        self
    }

    /// Moves the keyboard to the element.
    #[track_caller]
    pub(crate) fn focus(&self) {
        self.act("focus", |element| RUNTIME.block_on(element.focus()));
    }

    /// Replaces the field's text without leaving it.
    #[track_caller]
    pub(crate) fn retype(&self, text: &str) {
        self.focus();
        self.page.js("document.activeElement.select?.()", &[]);
        if text.is_empty() {
            self.page.press(Key::Delete);
        } else {
            self.page.paste(text);
        }
    }

    /// Replaces the field's text and leaves it, which stores the text.
    #[track_caller]
    pub(crate) fn fill(&self, text: &str) {
        self.retype(text);
        self.page.leave_field();
    }

    /// Sets a date, in the form 2027-06-30, and leaves the field.
    #[track_caller]
    pub(crate) fn set_date(&self, date: &str) {
        // After a reload the window may not have the focus, and then fields get no blur event.
        self.page.cdp("Page.bringToFront", json!({}));
        self.act("date", |element| {
            let set = "arguments[0].focus(); arguments[0].value = arguments[1]; for (const kind of ['input', 'change']) arguments[0].dispatchEvent(new Event(kind, { bubbles: true }));";
            let session = self.page.session();
            let args = [element.to_json()?, json!(date)];
            RUNTIME.block_on(session.execute(set, args)).map(drop)
        });
        self.page.leave_field();
    }

    /// Chooses from a list, by the visible label.
    #[track_caller]
    pub(crate) fn choose(&self, label: &str) {
        self.wait();
        let option = self.role("option", label);
        option.act("choose", |element| RUNTIME.block_on(element.click()));
    }

    /// Ticks or unticks.
    #[track_caller]
    pub(crate) fn tick(&self, is_ticked: bool) {
        if (self.prop("checked") == json!(true)) != is_ticked {
            self.click();
        }
        self.page.eventually(&self.path(), || {
            (self.prop("checked") == json!(is_ticked)).then_some(())
        });
    }

    /// Returns the visible text.
    #[track_caller]
    pub(crate) fn text(&self) -> String {
        self.wait();
        self.texts().into_iter().next().unwrap_or_default()
    }

    /// Returns a property of the element.
    #[track_caller]
    pub(crate) fn prop(&self, name: &str) -> Value {
        self.on_element("return arguments[0][arguments[1]] ?? null", &[json!(name)])
    }

    /// Returns an attribute of the element.
    #[track_caller]
    pub(crate) fn attr(&self, name: &str) -> Option<String> {
        let value = self.on_element(
            "return arguments[0].getAttribute(arguments[1])",
            &[json!(name)],
        );
        value.as_str().map(str::to_owned)
    }

    /// Returns the value of a field.
    #[track_caller]
    pub(crate) fn value(&self) -> String {
        self.prop("value").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the field has this value.
    #[track_caller]
    pub(crate) fn wait_value(&self, value: &str) {
        self.page
            .eventually(&format!("{} to be “{value}”", self.path()), || {
                (self.value() == value).then_some(())
            });
    }

    /// Waits until the field is marked as refused, shows the reason, and has the keyboard.
    #[track_caller]
    pub(crate) fn wait_refused(&self, words: &str) {
        self.page.eventually(&format!("“{words}” at {}", self.path()), || {
            let state = self.on_element(
                "const field = arguments[0]; \
                 const why = document.getElementById(field.getAttribute('aria-describedby')); \
                 return [document.activeElement === field, field.getAttribute('aria-invalid'), why.textContent];",
                &[],
            );
            let [focused, invalid, why] = state.as_array()?.as_slice() else {
                return None;
            };
            let is_marked = *focused == true && *invalid == "true";
            (is_marked && why.as_str()?.contains(words)).then_some(())
        });
    }

    /// Returns the label of the chosen option of a list.
    #[track_caller]
    pub(crate) fn chosen(&self) -> String {
        let text = self.on_element("return arguments[0].selectedOptions[0]?.label ?? ''", &[]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Scrolls the element into view, and returns the place of its middle.
    #[track_caller]
    pub(crate) fn middle(&self) -> Place {
        self.within(0.5, 0.5)
    }

    /// Returns a place within the element, as fractions of its width and height.
    #[track_caller]
    pub(crate) fn within(&self, x: f64, y: f64) -> Place {
        let [left, top, width, height] = self.area();
        Place {
            x: left + width * x,
            y: top + height * y,
        }
    }

    /// Scrolls the element into view, and returns its left, top, width and height in the window.
    #[track_caller]
    pub(crate) fn area(&self) -> [f64; 4] {
        let area = self.on_element(
            &format!(
                "{SHOW}
                 const {{ left, top, width, height }} = arguments[0].getBoundingClientRect();
                 return [left, top, width, height]"
            ),
            &[],
        );
        [0, 1, 2, 3].map(|at| area[at].as_f64().unwrap_or_default())
    }

    /// Returns the present place of its middle, without scrolling.
    #[track_caller]
    pub(crate) fn middle_as_is(&self) -> Place {
        let area = self.on_element(
            "const { left, top, width, height } = arguments[0].getBoundingClientRect();
             return [left + width / 2, top + height / 2]",
            &[],
        );
        Place {
            x: area[0].as_f64().unwrap_or_default(),
            y: area[1].as_f64().unwrap_or_default(),
        }
    }

    /// Returns the role and name that the browser tells a screen reader.
    #[track_caller]
    pub(crate) fn computed(&self) -> (String, String) {
        let element = self.element();
        let session = self.page.session();
        let ask = |what| {
            let id = element.element_id().to_string();
            let command = super::browser::Ask { id, what };
            let answer = RUNTIME.block_on(session.cmd(command));
            let answer = answer.and_then(|answer| answer.value::<String>());
            answer.unwrap_or_else(|error| self.page.fail(&error.to_string()))
        };
        (ask("computedrole"), ask("computedlabel"))
    }

    /// Runs a script with the element as its first argument.
    #[track_caller]
    pub(crate) fn on_element(&self, script: &str, more: &[Value]) -> Value {
        let session = self.page.session();
        eventually(&self.path(), || {
            let element = self.try_element()?;
            let mut args = vec![element.to_json().ok()?];
            args.extend_from_slice(more);
            let answer = RUNTIME.block_on(session.execute(script, args)).ok()?;
            Some(answer.json().clone())
        })
    }
}
