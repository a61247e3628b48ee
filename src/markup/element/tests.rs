//! What can be told without a browser: which parts an element is put together from.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::{provide_context, use_context};

use super::*;
use crate::prelude::{Memo, RwSignal, Signal, view};

fn parts(view: View) -> Parts {
    match view {
        View::Element(element) => *element.0,
        _ => panic!("this is no element"),
    }
}

/// The attribute as it is now, by name.
fn now(parts: &Parts, name: &str) -> Option<String> {
    let attribute = parts.attributes.iter().find(|a| a.name == name).unwrap();
    match attribute.value.now() {
        Value::Text(text) => Some(text.into_owned()),
        Value::Flag(flag) => Some(flag.to_string()),
        _ => None,
    }
}

#[test]
fn attributes_follow_what_they_are_told_to_follow() {
    let owner = Owner::new();
    owner.set();
    let name = RwSignal::new("Ada".to_owned());
    let length = Memo::new(move |_| name.with(String::len));
    let is_long = Signal::derive(move || length.get() > 3);
    let parts = parts(view! {
        <p id="fixed" title=name data-length=length class:long=is_long prop:hidden=move || !is_long.get() />
    });
    let all = |parts: &Parts| {
        ["id", "title", "data-length", "long", "hidden"].map(|name| now(parts, name).unwrap())
    };
    assert_eq!(all(&parts), ["fixed", "Ada", "3", "false", "true"]);
    name.set("Grace".to_owned());
    assert_eq!(all(&parts), ["fixed", "Grace", "5", "true", "false"]);
}

#[test]
fn an_attribute_of_nothing_is_not_set() {
    let parts = parts(view! { <p title={None::<String>} lang={Some("en")} /> });
    assert_eq!(now(&parts, "title"), None);
    assert_eq!(now(&parts, "lang").as_deref(), Some("en"));
}

#[test]
fn a_text_is_a_text_whatever_stands_in_it() {
    const TAG: &str = "<b>bold</b>&amp;";
    let owner = Owner::new();
    owner.set();
    let signal = RwSignal::new(TAG.to_owned());
    let parts = parts(view! {
        <p>"<b>bold</b>&amp;" {TAG} {TAG.to_owned()} {Some(TAG)} {Some(TAG.to_owned())} {signal} {move || signal.get()}</p>
    });
    let children = parts.children.into_iter().map(|child| match child {
        View::Live(build) => build(),
        child => child,
    });
    let shown = children.map(|child| match child {
        View::Text(text) => text.into_owned(),
        View::Other(_) => TAG.to_owned(),
        _ => panic!("this is no text"),
    });
    assert_eq!(shown.collect::<Vec<_>>(), [TAG; 7]);
}

#[test]
fn what_a_signal_shows_is_what_it_holds_at_the_time() {
    let owner = Owner::new();
    owner.set();
    let count = RwSignal::new(1_usize);
    let View::Live(build) = crate::markup::view_of(count) else {
        panic!("a signal is followed");
    };
    let text = || match build() {
        View::Text(text) => text.into_owned(),
        _ => panic!("a number is a text"),
    };
    assert_eq!(text(), "1");
    count.set(2);
    assert_eq!(text(), "2");
}

#[test]
fn a_handler_runs_under_the_owner_that_it_was_made_under() {
    let heard = Arc::new(AtomicU32::new(0));
    let owner = Owner::new();
    let mut handler = owner.with(|| {
        provide_context(7_u32);
        let heard = heard.clone();
        let parts = parts(view! {
            <button on:click=move |_| heard.store(use_context().unwrap_or(0), Ordering::Relaxed) />
        });
        owned(parts.events.into_iter().next().unwrap().1)
    });
    handler(JsValue::NULL);
    assert_eq!(heard.load(Ordering::Relaxed), 7);
}

#[test]
fn parts_of_one_element_stay_apart() {
    let parts = parts(view! { <ul><li>"a"</li><li>"b"</li> {Vec::<View>::new()}</ul> });
    assert_eq!(parts.tag, "ul");
    assert_eq!(parts.children.len(), 3);
    assert!(!parts.is_svg);
}

#[test]
fn a_property_is_set_again_for_a_person_may_have_changed_it() {
    let empty = Value::Text("".into());
    for (place, keeps) in [
        (Place::Attribute, true),
        (Place::Class, true),
        (Place::Style, true),
        (Place::Property, false),
    ] {
        assert_eq!(place.keeps(Some(&empty), &empty), keeps);
        assert!(!place.keeps(None, &empty));
        assert!(!place.keeps(Some(&Value::Nothing), &empty));
    }
}
