use std::borrow::Cow;

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::ev::{EventDescriptor, Targeted};
use leptos::html::ElementType;
use leptos::prelude::{Mountable, NodeRef, Owner, Render};
use leptos::tachys::html::node_ref::NodeRefContainer;
use leptos::tachys::renderer::RemoveEventHandler;
use leptos::tachys::renderer::dom::{self, Dom};
use wasm_bindgen::{JsCast, JsValue};

use super::attribute::{Attribute, AttributeState, IntoValue, Place, Value};
use super::{View, ViewState};

/// An element being put together.
pub struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    is_svg: bool,
    attributes: Vec<Attribute>,
    events: Vec<(&'static str, Handler)>,
    children: Vec<View>,
    on_build: Option<OnBuild>,
}

type OnBuild = Box<dyn FnOnce(&dom::Element) + Send>;

/// Only ever run, and dropped, where it was made: a page has one thread.
type Handler = SendWrapper<Box<dyn FnMut(JsValue)>>;

/// An element on the page.
pub struct ElementState {
    node: dom::Element,
    tag: &'static str,
    attributes: Vec<AttributeState>,
    events: Vec<(&'static str, RemoveEventHandler<dom::Element>)>,
    children: Children,
}

/// The content of an element on the page.
enum Children {
    /// Nothing but this text, which goes with the whole content when it changes, translated or not.
    Text(Cow<'static, str>),
    Views(Vec<ViewState>),
}

impl Children {
    fn build(mut views: Vec<View>, node: &dom::Element) -> Self {
        if let [View::Text(text)] = views.as_mut_slice() {
            node.set_text_content(Some(text));
            return Self::Text(std::mem::take(text));
        }
        let mount = |view: View| {
            let mut state = view.build();
            state.mount(node, None);
            state
        };
        Self::Views(views.into_iter().map(mount).collect())
    }

    fn rebuild(&mut self, mut views: Vec<View>, node: &dom::Element) {
        match (self, views.as_mut_slice()) {
            (Self::Text(before), [View::Text(text)]) => {
                if text != before {
                    node.set_text_content(Some(text));
                    *before = std::mem::take(text);
                }
            }
            (Self::Views(states), _) => {
                for (view, state) in views.into_iter().zip(states) {
                    view.rebuild(state);
                }
            }
            (children @ Self::Text(_), _) => {
                node.set_text_content(None);
                *children = Self::build(views, node);
            }
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::Views(states) => states.len(),
        }
    }
}

impl Element {
    /// An element of HTML.
    #[must_use]
    pub fn new(tag: &'static str) -> Self {
        Self::begun(tag, false)
    }

    /// An element of SVG.
    #[must_use]
    pub fn svg(tag: &'static str) -> Self {
        Self::begun(tag, true)
    }

    #[inline(never)]
    fn begun(tag: &'static str, is_svg: bool) -> Self {
        Self(Box::new(Parts {
            tag,
            is_svg,
            attributes: Vec::new(),
            events: Vec::new(),
            children: Vec::new(),
            on_build: None,
        }))
    }

    #[inline(never)]
    fn with(mut self, place: Place, name: &'static str, value: Value) -> Self {
        self.0.attributes.push(Attribute { place, name, value });
        self
    }

    /// With an attribute that never changes.
    #[inline(never)]
    #[must_use]
    pub fn fixed(self, name: &'static str, value: &'static str) -> Self {
        self.with(Place::Attribute, name, Value::Text(Cow::Borrowed(value)))
    }

    /// With an attribute.
    #[must_use]
    pub fn attribute<Kind>(self, name: &'static str, value: impl IntoValue<Kind>) -> Self {
        self.with(Place::Attribute, name, value.into_value())
    }

    /// With a class while `value` holds.
    #[must_use]
    pub fn class<Kind>(self, name: &'static str, value: impl IntoValue<Kind>) -> Self {
        self.with(Place::Class, name, value.into_value())
    }

    /// With a property of its style.
    #[must_use]
    pub fn style<Kind>(self, name: &'static str, value: impl IntoValue<Kind>) -> Self {
        self.with(Place::Style, name, value.into_value())
    }

    /// With a property of the object itself.
    #[must_use]
    pub fn property<Kind>(self, name: &'static str, value: impl IntoValue<Kind>) -> Self {
        self.with(Place::Property, name, value.into_value())
    }

    /// With something that happens on an event.
    #[must_use]
    pub fn on<E>(
        self,
        name: &'static str,
        _event: E,
        mut handle: impl FnMut(E::EventType) + 'static,
    ) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        self.handling(
            name,
            Box::new(move |event| handle(event.unchecked_into::<E::EventType>())),
        )
    }

    /// The same, where the event's target is of a known type.
    #[must_use]
    pub fn on_target<E, T>(
        self,
        name: &'static str,
        _event: E,
        mut handle: impl FnMut(Targeted<E::EventType, T>) + 'static,
    ) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        self.handling(
            name,
            Box::new(move |event| {
                handle(Targeted::from(event.unchecked_into::<E::EventType>()));
            }),
        )
    }

    #[inline(never)]
    fn handling(mut self, name: &'static str, handle: Box<dyn FnMut(JsValue)>) -> Self {
        self.0.events.push((name, SendWrapper::new(handle)));
        self
    }

    /// Lets `node` hold the element while it is on the page.
    #[must_use]
    pub fn node_ref<E>(mut self, node: NodeRef<E>) -> Self
    where
        E: ElementType,
        E::Output: JsCast + 'static,
    {
        self.0.on_build = Some(Box::new(move |element| node.load(element)));
        self
    }

    /// With a child behind the others.
    #[inline(never)]
    #[must_use]
    pub fn child(mut self, child: View) -> Self {
        self.0.children.push(child);
        self
    }

    /// With a text behind the others.
    #[inline(never)]
    #[must_use]
    pub fn text(self, text: &'static str) -> Self {
        self.child(View::fixed(text))
    }

    /// As a view.
    #[must_use]
    pub fn into_view(self) -> View {
        View::Element(self)
    }

    pub(super) fn build(self) -> ElementState {
        let parts = *self.0;
        let namespace = parts.is_svg.then_some("http://www.w3.org/2000/svg");
        let node = Dom::create_element(parts.tag, namespace);
        let attributes = parts.attributes.into_iter();
        let attributes = attributes.map(|attribute| attribute.build(&node)).collect();
        let children = Children::build(parts.children, &node);
        if let Some(on_build) = parts.on_build {
            on_build(&node);
        }
        ElementState {
            tag: parts.tag,
            attributes,
            events: listening(&node, parts.events),
            children,
            node,
        }
    }

    /// Makes an element on the page into this one; gives it back when they have too little in
    /// common.
    pub(super) fn rebuild(self, state: &mut ElementState) -> Option<Self> {
        let parts = &self.0;
        let alike = parts.tag == state.tag
            && parts.children.len() == state.children.len()
            && parts.attributes.len() == state.attributes.len()
            && parts
                .attributes
                .iter()
                .zip(&state.attributes)
                .all(|(new, old)| new.place == old.place && new.name == old.name);
        if !alike {
            return Some(self);
        }
        let parts = *self.0;
        for (attribute, state_of) in parts.attributes.into_iter().zip(&mut state.attributes) {
            attribute.rebuild(&state.node, state_of);
        }
        state.children.rebuild(parts.children, &state.node);
        state.events.clear();
        state.events = listening(&state.node, parts.events);
        if let Some(on_build) = parts.on_build {
            on_build(&state.node);
        }
        None
    }
}

impl ElementState {
    pub(super) fn node(&self) -> &dom::Element {
        &self.node
    }
}

fn listening(
    node: &dom::Element,
    events: Vec<(&'static str, Handler)>,
) -> Vec<(&'static str, RemoveEventHandler<dom::Element>)> {
    let listen = |(name, handler): (&'static str, Handler)| {
        (name, Dom::add_event_listener(node, name, owned(handler)))
    };
    events.into_iter().map(listen).collect()
}

/// Each handler runs under the owner that it was made under, so that it finds the same contexts.
fn owned(handler: Handler) -> Box<dyn FnMut(JsValue)> {
    let owner = Owner::current().unwrap_or_default();
    let mut handler = handler.take();
    Box::new(move |event| owner.with(|| handler(event)))
}

#[cfg(test)]
mod tests;
