use std::borrow::Cow;
use std::sync::Arc;

use leptos::prelude::RenderEffect;
use leptos::tachys::renderer::dom::{self, Dom};
use wasm_bindgen::{JsCast as _, JsValue};

use crate::reactive::{Memo, RwSignal, Signal};

/// What an attribute is set to.
#[derive(Clone)]
pub enum Value {
    /// Not set.
    Nothing,
    /// Whether it is there.
    Flag(bool),
    /// A text.
    Text(Cow<'static, str>),
    /// Whatever this gives; it follows the signals that this reads.
    Live(Arc<dyn Fn() -> Value + Send + Sync>),
}

impl Value {
    /// Without anything to follow in it.
    #[cfg(test)]
    pub(super) fn now(&self) -> Self {
        match self {
            Self::Live(read) => read().now(),
            still => still.clone(),
        }
    }

    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Flag(this), Self::Flag(that)) => this == that,
            (Self::Text(this), Self::Text(that)) => this == that,
            _ => false,
        }
    }
}

/// Where a value goes.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Place {
    Attribute,
    Class,
    Style,
    Property,
}

impl Place {
    /// Whether what was set before still says the same there. Of a property nobody can tell: a
    /// person types and ticks.
    pub(super) fn keeps(self, before: Option<&Value>, value: &Value) -> bool {
        self != Self::Property && before.is_some_and(|before| before.is(value))
    }
}

pub(super) struct Attribute {
    pub(super) place: Place,
    pub(super) name: &'static str,
    pub(super) value: Value,
}

pub(super) struct AttributeState {
    pub(super) place: Place,
    pub(super) name: &'static str,
    value: Held,
}

enum Held {
    Fixed(Value),
    Live(RenderEffect<Value>),
}

impl Attribute {
    pub(super) fn build(self, element: &dom::Element) -> AttributeState {
        let Self { place, name, value } = self;
        let value = match value {
            Value::Live(read) => Held::Live(follow(element, place, name, read, None)),
            fixed => {
                set(element, place, name, &fixed);
                Held::Fixed(fixed)
            }
        };
        AttributeState { place, name, value }
    }

    pub(super) fn rebuild(self, element: &dom::Element, state: &mut AttributeState) {
        let before = match &state.value {
            Held::Fixed(value) => Some(value.clone()),
            Held::Live(effect) => effect.take_value(),
        };
        let Self { place, name, value } = self;
        state.value = match value {
            Value::Live(read) => Held::Live(follow(element, place, name, read, before)),
            fixed => {
                if !place.keeps(before.as_ref(), &fixed) {
                    set(element, place, name, &fixed);
                }
                Held::Fixed(fixed)
            }
        };
    }
}

fn follow(
    element: &dom::Element,
    place: Place,
    name: &'static str,
    read: Arc<dyn Fn() -> Value + Send + Sync>,
    before: Option<Value>,
) -> RenderEffect<Value> {
    let element = element.clone();
    RenderEffect::new_with_value(
        move |before: Option<Value>| {
            let value = read();
            if !place.keeps(before.as_ref(), &value) {
                set(&element, place, name, &value);
            }
            value
        },
        before,
    )
}

fn set(element: &dom::Element, place: Place, name: &str, value: &Value) {
    let text = match value {
        Value::Text(text) => Some(&**text),
        Value::Flag(true) => Some(""),
        _ => None,
    };
    match (place, text) {
        (Place::Attribute, Some(text)) => Dom::set_attribute(element, name, text),
        (Place::Attribute, None) => Dom::remove_attribute(element, name),
        (Place::Class, Some(_)) => Dom::add_class(&element.class_list(), name),
        (Place::Class, None) => Dom::remove_class(&element.class_list(), name),
        (Place::Style, _) => {
            // Elements of SVG have a style as well.
            let style = element.unchecked_ref::<web_sys::HtmlElement>().style();
            Dom::set_css_property(&style, name, text.unwrap_or_default());
        }
        (Place::Property, _) => {
            let value = match value {
                Value::Text(text) => JsValue::from_str(text),
                Value::Flag(flag) => JsValue::from_bool(*flag),
                _ => JsValue::UNDEFINED,
            };
            Dom::set_property_or_value(element, name, &value);
        }
    }
}

/// What an attribute can be set to. `Kind` tells closures from values.
pub trait IntoValue<Kind> {
    /// As a value.
    fn into_value(self) -> Value;
}

/// Marks what is a value by itself.
pub struct Plain;
/// Marks closures that give such values.
pub struct Computed<T>(std::marker::PhantomData<T>);

macro_rules! values {
    ($($type:ty: $name:ident => $value:expr;)*) => {$(
        impl IntoValue<Plain> for $type {
            fn into_value(self) -> Value {
                let $name = self;
                $value
            }
        }
    )*};
}

values! {
    &'static str: text => Value::Text(Cow::Borrowed(text));
    String: text => Value::Text(Cow::Owned(text));
    bool: flag => Value::Flag(flag);
    u32: number => number.to_string().into_value();
    usize: number => number.to_string().into_value();
    i32: number => number.to_string().into_value();
    u64: number => number.to_string().into_value();
    f64: number => crate::component::plain(number).into_value();
}

impl<T: IntoValue<Plain>> IntoValue<Plain> for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Nothing, IntoValue::into_value)
    }
}

impl<T, F> IntoValue<Computed<T>> for F
where
    T: IntoValue<Plain>,
    F: Fn() -> T + Send + Sync + 'static,
{
    fn into_value(self) -> Value {
        Value::Live(Arc::new(move || self().into_value()))
    }
}

macro_rules! signals {
    ($($signal:ident)*) => {$(
        impl<T> IntoValue<Plain> for $signal<T>
        where
            T: IntoValue<Plain> + Clone + Send + Sync + 'static,
        {
            fn into_value(self) -> Value {
                Value::Live(Arc::new(move || self.get().into_value()))
            }
        }
    )*};
}

signals! { Signal Memo RwSignal }
