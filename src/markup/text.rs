use std::borrow::Cow;

use leptos::prelude::Mountable;
use leptos::tachys::renderer::dom::{self, Dom};

/// A comment that marks a place on the page.
///
/// Page translators put other nodes in the place of texts, and leave comments where they are. Firefox
/// drops those beside texts; then the place is the end of the element that it was in.
pub struct Mark {
    node: dom::Placeholder,
    parent: Option<dom::Element>,
}

impl Mark {
    pub(super) fn new() -> Self {
        Self {
            node: Dom::create_placeholder(),
            parent: None,
        }
    }

    pub(super) fn mount(&mut self, parent: &dom::Element, before: Option<&dom::Node>) {
        Dom::insert_node(parent, &self.node, before);
        self.parent = Some(parent.clone());
    }

    pub(super) fn unmount(&mut self) {
        Dom::remove(&self.node);
        self.parent = None;
    }

    /// Mounts a view right before the mark. Says whether that was possible.
    pub(super) fn insert_before(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.attach() else {
            return false;
        };
        child.mount(&parent, Some(&self.node));
        true
    }

    /// The element that it is in, put back there where a translator has dropped it.
    fn attach(&self) -> Option<dom::Element> {
        if let Some(parent) = self.node.parent_element() {
            return Some(parent);
        }
        let parent = self.parent.as_ref()?;
        Dom::insert_node(parent, &self.node, None);
        Some(parent.clone())
    }
}

/// A text on the page, and the mark behind it.
///
/// The nodes right before the mark are the text, or its translation. A new text is a new node:
/// translators know the old one, and may put it back.
pub struct TextState {
    node: dom::Text,
    text: Cow<'static, str>,
    end: Mark,
}

impl TextState {
    pub(super) fn new(text: Cow<'static, str>) -> Self {
        Self {
            node: Dom::create_text_node(&text),
            text,
            end: Mark::new(),
        }
    }

    pub(super) fn set(&mut self, text: Cow<'static, str>) {
        if text == self.text {
            return;
        }
        let node = Dom::create_text_node(&text);
        // In Firefox the text may still be there, and the mark not.
        if self.end.node.parent_node().is_none()
            && let Some(parent) = self.node.parent_element()
        {
            let after = self.node.next_sibling();
            self.end.mount(&parent, after.as_ref());
        }
        if let Some(parent) = self.end.attach() {
            self.clear();
            Dom::insert_node(&parent, &node, Some(&self.end.node));
        }
        (self.node, self.text) = (node, text);
    }

    pub(super) fn mount(&mut self, parent: &dom::Element, before: Option<&dom::Node>) {
        Dom::insert_node(parent, &self.node, before);
        self.end.mount(parent, before);
    }

    pub(super) fn unmount(&mut self) {
        self.clear();
        self.end.unmount();
    }

    pub(super) fn insert_before(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.end.attach() else {
            return false;
        };
        let first = self.shown().pop();
        child.mount(&parent, Some(first.as_ref().unwrap_or(&self.end.node)));
        true
    }

    /// Takes the text off the page, or what a translator has put in its place.
    fn clear(&self) {
        for node in self.shown() {
            Dom::remove(&node);
        }
        Dom::remove(&self.node);
    }

    /// The nodes that show the text, last first.
    fn shown(&self) -> Vec<dom::Node> {
        let own: &dom::Node = &self.node;
        let mut shown = Vec::new();
        let mut at = self.end.node.previous_sibling();
        while let Some(node) = at {
            let is_own = node == *own;
            if !is_own && !is_translation(&node) {
                break;
            }
            at = node.previous_sibling().filter(|_| !is_own);
            shown.push(node);
        }
        shown
    }
}

/// Whether a node is none of ours but stands for a text: `font` as Google puts it, an element with a
/// hyphen in its name as Yandex does, or another text. Each text of ours has a mark behind it.
fn is_translation(node: &dom::Node) -> bool {
    let name = node.node_name();
    name == "#text" || name == "FONT" || name.contains('-')
}
