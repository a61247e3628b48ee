//! Writes markup. Texts of people are always escaped.

use crate::Credence;
use crate::pointing::ScaleEnd;
use crate::snapshot::reading::CruxReading;
use crate::t;
use crate::translation::percent;

/// Appends an escaped text, for HTML and XML.
pub(in crate::snapshot) fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in pages, or they would hide the following text or reverse its direction.
            '\0'..='\u{8}'
            | '\u{b}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fdd0}'..='\u{fdef}' => out.push('\u{fffd}'),
            letter if u32::from(letter) & 0xFFFE == 0xFFFE => out.push('\u{fffd}'),
            letter => out.push(letter),
        }
    }
}

pub(super) struct Page(pub(super) String);

impl Page {
    pub(super) fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    /// Adds a text, escaped. Texts of people are added only here.
    pub(super) fn text(&mut self, text: &str) {
        escape(text, &mut self.0);
    }

    /// Adds an element with a class and a text; nothing if the text is empty.
    pub(super) fn element(&mut self, tag: &str, class: &str, text: &str) {
        if text.is_empty() {
            return;
        }
        self.raw("<");
        self.raw(tag);
        if !class.is_empty() {
            self.raw(" class=\"");
            self.raw(class);
            self.raw("\"");
        }
        self.raw(">");
        self.text(text);
        self.raw("</");
        self.raw(tag);
        self.raw(">\n");
    }

    pub(super) fn list(&mut self, title: &str, items: impl IntoIterator<Item = String>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return;
        }
        self.element("h3", "", title);
        self.raw("<ul>\n");
        for item in items {
            self.element("li", "", &item);
        }
        self.raw("</ul>\n");
    }

    pub(super) fn payloads(&mut self, payloads: &[(&'static str, String)]) {
        if payloads.is_empty() {
            return;
        }
        self.raw("<dl>\n");
        for (what, text) in payloads {
            self.element("dt", "", what);
            self.element("dd", "", text);
        }
        self.raw("</dl>\n");
    }

    /// Writes the beginning of the page, up to the rest of its head.
    pub(super) fn start(&mut self) {
        self.raw("<!DOCTYPE html>\n<html lang=\"");
        // The translation is the tag of its own language.
        self.text(t!("tag of this language" => "en"));
        self.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    }

    /// Begins a table with these columns.
    pub(super) fn columns(&mut self, names: &[&str]) {
        self.raw("<div class=\"scroll\"><table>\n<thead><tr>");
        for name in names {
            self.raw("<th scope=\"col\">");
            self.text(name);
            self.raw("</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
    }

    /// Draws everybody's credences on a line from 0% to 100% with named ends.
    pub(super) fn axis(&mut self, crux: &CruxReading, aggregate: Credence) {
        self.raw("<div class=\"axis\" aria-hidden=\"true\">");
        for view in &crux.views {
            self.raw(&format!("<i style=\"left:{}%\">", view.credence));
            self.text(&view.initials);
            self.raw("</i>");
        }
        self.raw(&format!(
            "<b style=\"left:{aggregate}%\"></b></div>\n<p class=\"soft ends\" aria-hidden=\"true\">"
        ));
        let (low, high) = &crux.ends;
        let end = |number: u8, end: &Option<ScaleEnd>| match end {
            Some(end) => format!("{} {}", percent(number), end.name),
            None => percent(number),
        };
        for text in [end(0, low), percent(50), end(100, high)] {
            self.element("span", "", &text);
        }
        self.raw("</p>\n");
    }
}
