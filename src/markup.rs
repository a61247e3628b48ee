//! What `view!` builds: elements of one type, whatever their tag, attributes and children are.
//!
//! Leptos has a type for each shape of view, and copies its code for every one; here the shape is
//! data. What changes by itself is still Leptos': attributes and parts of a view follow signals in
//! its effects, and its views (`For`, closures) go in as they are.
//!
//! Texts become text nodes and values of attributes, in all cases: nothing here is read as HTML.

mod attribute;
mod element;
mod text;

use std::any::Any;
use std::borrow::Cow;
use std::sync::Arc;

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::{
    AddAnyAttr, AnyView, IntoAny, IntoView, Mountable, Render, RenderEffect, RenderHtml,
};
use leptos::tachys::hydration::Cursor;
use leptos::tachys::reactive_graph::RenderEffectState;
use leptos::tachys::renderer::dom::{self, Dom};
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Position, PositionState};

pub use self::attribute::{IntoValue, Value};
pub use self::element::Element;
use self::element::ElementState;
use self::text::{Mark, TextState};
use crate::reactive::{Memo, RwSignal, Signal};

/// Anything that can stand on a page.
pub enum View {
    /// Nothing, but in its place.
    Nothing,
    /// Text.
    Text(Cow<'static, str>),
    /// An element with all that is in it.
    Element(Element),
    /// Views one after the other.
    Many(Vec<View>),
    /// What this gives; given anew whenever what it reads changes.
    Live(Arc<dyn Fn() -> View + Send + Sync>),
    /// A view of Leptos.
    Other(AnyView),
}

impl View {
    /// Text that never changes.
    #[must_use]
    pub const fn fixed(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// What is given anew whenever what it reads changes.
    pub fn live<V: IntoView + 'static>(build: impl Fn() -> V + Send + Sync + 'static) -> Self {
        Self::Live(Arc::new(move || view_of(build())))
    }
}

/// What a block of markup holds, as a view.
pub fn view_of<Kind>(shown: impl Shown<Kind>) -> View {
    shown.shown()
}

/// What can be put on a page. `Kind` tells signals, which are followed, from all else.
pub trait Shown<Kind> {
    /// As a view.
    fn shown(self) -> View;
}

/// Marks what stays as it is.
pub struct Still;
/// Marks what is followed.
pub struct Followed;

impl<V: IntoView + 'static> Shown<Still> for V {
    fn shown(self) -> View {
        untyped(self)
    }
}

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<T: IntoView + Clone + 'static> Shown<Followed> for $signal<T> {
            fn shown(self) -> View {
                View::live(move || self.get())
            }
        }
    )*};
}

signals! { Signal Memo RwSignal }

/// Only what has no simpler form stays a view of Leptos, whose code is copied for each type.
fn untyped<V: IntoView + 'static>(view: V) -> View {
    let mut view = Some(view);
    match simpler(&mut view) {
        Some(simpler) => simpler,
        None => view.map_or(View::Nothing, |view| View::Other(view.into_any())),
    }
}

/// Takes what is in an `Option` of any type as a view of ours, if it is one or has such a form.
fn simpler(any: &mut dyn Any) -> Option<View> {
    fn taken<T: 'static>(view: &mut dyn Any) -> Option<T> {
        view.downcast_mut::<Option<T>>()?.take()
    }
    macro_rules! number {
        ($($number:ident)*) => {$(
            if let Some(number) = taken::<$number>(any) {
                return Some(View::Text(number.to_string().into()));
            }
        )*};
    }
    if let Some(view) = taken::<View>(any) {
        return Some(view);
    }
    if let Some(view) = taken::<leptos::prelude::View<View>>(any) {
        return Some(view.into_inner());
    }
    if let Some(text) = taken::<String>(any) {
        return Some(View::Text(text.into()));
    }
    if let Some(text) = taken::<&'static str>(any) {
        return Some(View::fixed(text));
    }
    if let Some(text) = taken::<Cow<'static, str>>(any) {
        return Some(View::Text(text));
    }
    if let Some(view) = taken::<Option<View>>(any) {
        return Some(view.unwrap_or(View::Nothing));
    }
    if let Some(text) = taken::<Option<String>>(any) {
        return Some(text.map_or(View::Nothing, |text| View::Text(text.into())));
    }
    if let Some(text) = taken::<Option<&'static str>>(any) {
        return Some(text.map_or(View::Nothing, View::fixed));
    }
    number! { usize u32 u64 i32 i64 }
    if let Some(views) = taken::<Vec<View>>(any) {
        return Some(View::Many(views));
    }
    if let Some(view) = taken::<AnyView>(any) {
        return Some(View::Other(view));
    }
    if let Some(view) = taken::<Option<AnyView>>(any) {
        return Some(view.map_or(View::Nothing, View::Other));
    }
    let views = taken::<Vec<AnyView>>(any)?;
    Some(View::Many(views.into_iter().map(View::Other).collect()))
}

/// A view on the page.
pub enum ViewState {
    Nothing(Mark),
    Text(TextState),
    Element(ElementState),
    /// With a mark behind the last one.
    Many(Vec<ViewState>, Mark),
    Live(RenderEffectState<Self>),
    Other(AnyViewState),
}

impl Render for View {
    type State = ViewState;

    fn build(self) -> ViewState {
        match self {
            Self::Nothing => ViewState::Nothing(Mark::new()),
            Self::Text(text) => ViewState::Text(TextState::new(text)),
            Self::Element(element) => ViewState::Element(element.build()),
            Self::Many(views) => {
                ViewState::Many(views.into_iter().map(Render::build).collect(), Mark::new())
            }
            Self::Live(build) => ViewState::Live(following(build)),
            Self::Other(view) => ViewState::Other(view.build()),
        }
    }

    fn rebuild(self, state: &mut ViewState) {
        let view = match (self, &mut *state) {
            (Self::Nothing, ViewState::Nothing(_)) => return,
            (Self::Text(text), ViewState::Text(state)) => {
                state.set(text);
                return;
            }
            (Self::Many(views), ViewState::Many(states, end)) => {
                rebuild_many(views, states, end);
                return;
            }
            (Self::Other(view), ViewState::Other(state)) => {
                view.rebuild(state);
                return;
            }
            (Self::Element(element), ViewState::Element(state)) => match element.rebuild(state) {
                None => return,
                Some(element) => Self::Element(element),
            },
            (view, _) => view,
        };
        let mut new = view.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

fn following(build: Arc<dyn Fn() -> View + Send + Sync>) -> RenderEffectState<ViewState> {
    let effect = RenderEffect::new(move |before: Option<ViewState>| match before {
        Some(mut state) => {
            build().rebuild(&mut state);
            state
        }
        None => build().build(),
    });
    effect.into()
}

fn rebuild_many(views: Vec<View>, states: &mut Vec<ViewState>, end: &Mark) {
    let count = views.len();
    for (index, view) in views.into_iter().enumerate() {
        match states.get_mut(index) {
            Some(state) => view.rebuild(state),
            None => {
                let mut state = view.build();
                end.insert_before(&mut state);
                states.push(state);
            }
        }
    }
    for mut gone in states.drain(count..) {
        gone.unmount();
    }
}

impl Mountable for ViewState {
    fn unmount(&mut self) {
        match self {
            Self::Nothing(mark) => mark.unmount(),
            Self::Text(text) => text.unmount(),
            Self::Element(element) => Dom::remove(element.node()),
            Self::Many(states, end) => {
                states.iter_mut().for_each(Mountable::unmount);
                end.unmount();
            }
            Self::Live(state) => state.unmount(),
            Self::Other(state) => state.unmount(),
        }
    }

    fn mount(&mut self, parent: &dom::Element, marker: Option<&dom::Node>) {
        match self {
            Self::Nothing(mark) => mark.mount(parent, marker),
            Self::Text(text) => text.mount(parent, marker),
            Self::Element(element) => Dom::insert_node(parent, element.node(), marker),
            Self::Many(states, end) => {
                for state in states {
                    state.mount(parent, marker);
                }
                end.mount(parent, marker);
            }
            Self::Live(state) => state.mount(parent, marker),
            Self::Other(state) => state.mount(parent, marker),
        }
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let node: &dom::Node = match self {
            Self::Nothing(mark) => return mark.insert_before(child),
            Self::Text(text) => return text.insert_before(child),
            Self::Element(element) => element.node(),
            Self::Many(states, end) => {
                return match states.first() {
                    Some(first) => first.insert_before_this(child),
                    None => end.insert_before(child),
                };
            }
            Self::Live(state) => return state.insert_before_this(child),
            Self::Other(state) => return state.insert_before_this(child),
        };
        match node.parent_element() {
            Some(parent) => {
                child.mount(&parent, Some(node));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<dom::Element> {
        match self {
            Self::Element(element) => vec![element.node().clone()],
            Self::Many(states, _) => states.iter().flat_map(Mountable::elements).collect(),
            Self::Live(state) => state.elements(),
            Self::Other(state) => state.elements(),
            Self::Nothing(_) | Self::Text(..) => Vec::new(),
        }
    }
}

impl AddAnyAttr for View {
    type Output<NewAttr: Attribute> = Self;

    fn add_any_attr<NewAttr: Attribute>(self, _attribute: NewAttr) -> Self {
        self
    }
}

/// There is no server that renders, so nothing is ever written as HTML or taken over from it.
impl RenderHtml for View {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _html: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _extra: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        _cursor: &Cursor,
        _position: &PositionState,
    ) -> ViewState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
