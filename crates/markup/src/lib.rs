//! `view!`: the markup of Leptos, written down as calls of one small builder.
//!
//! Leptos' own macro makes a type of every element, attribute and closure it meets, and the browser
//! loads code for each. Here all elements are one type, `crate::markup::Element` of the app; what is
//! called, and in which order, stays as in Leptos.
//!
//! Known are elements of HTML and SVG; components with props, children and `let(…)`; texts, blocks
//! and fragments; and on elements plain attributes, `class:`, `style:`, `prop:`, `on:` (also with
//! `:target`) and `node_ref`. Anything else is a compile error, never something else on the page.

use proc_macro::TokenStream as Tokens;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use rstml::Infallible;
use rstml::node::{
    KeyedAttribute, KeyedAttributeValue, Node, NodeAttribute, NodeBlock, NodeElement,
};
use syn::spanned::Spanned as _;

/// Markup as a view: see the [crate documentation](crate).
#[proc_macro]
pub fn view(input: Tokens) -> Tokens {
    expanded(input.into()).into()
}

fn expanded(input: TokenStream) -> TokenStream {
    // A block that is not whole yet is handed on, so that an editor can complete what is in it.
    let config = rstml::ParserConfig::default().recover_block(true);
    let (nodes, problems) = rstml::Parser::new(config)
        .parse_recoverable(input)
        .split_vec();
    let view = fragment(&nodes, false);
    let problems = problems
        .into_iter()
        .map(|problem| problem.emit_as_expr_tokens());
    quote! {{ #(#problems;)* #view }}
}

/// One node as itself, several as a list, none as nothing.
fn fragment(nodes: &[Node], in_svg: bool) -> TokenStream {
    let mut nodes: Vec<_> = nodes.iter().filter_map(|n| node(n, in_svg)).collect();
    match nodes.len() {
        0 => quote! { crate::markup::View::Nothing },
        1 => nodes.remove(0),
        _ => quote! { crate::markup::View::Many(::std::vec![#(#nodes),*]) },
    }
}

fn node(node: &Node, in_svg: bool) -> Option<TokenStream> {
    Some(match node {
        Node::Element(tag) if is_component(tag) => {
            let view = component(tag);
            quote! { crate::markup::view_of(#view) }
        }
        Node::Element(tag) => element(tag, in_svg),
        Node::Block(NodeBlock::ValidBlock(block)) => {
            let value = inside(block);
            quote! { crate::markup::view_of(#value) }
        }
        Node::Block(NodeBlock::Invalid(block)) => quote! { crate::markup::view_of(#block) },
        Node::Fragment(nodes) => fragment(&nodes.children, in_svg),
        Node::Comment(_) => return None,
        other => match text(other) {
            Some(text) => quote! { crate::markup::View::fixed(#text) },
            None => unknown(other),
        },
    })
}

/// A text in the markup, with or without quotes around it.
fn text(node: &Node) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.value_string()),
        Node::RawText(text) => Some(text.to_string_best()),
        _ => None,
    }
}

fn unknown(what: &impl ToTokens) -> TokenStream {
    let message = "This view! does not know this markup; its crate says what it knows.";
    quote_spanned! { what.span() => ::core::compile_error!(#message) }
}

fn is_component(tag: &NodeElement<Infallible>) -> bool {
    tag.name().to_string().starts_with(char::is_uppercase)
}

fn element(tag: &NodeElement<Infallible>, in_svg: bool) -> TokenStream {
    const SVG: &[&str] = &[
        "svg", "g", "path", "circle", "rect", "line", "polyline", "polygon", "text", "defs",
        "pattern", "ellipse", "clipPath", "use", "tspan", "marker",
    ];
    let name = tag.name().to_string();
    let is_svg = in_svg || SVG.contains(&name.as_str());
    let new = if is_svg {
        quote! { crate::markup::Element::svg(#name) }
    } else {
        quote! { crate::markup::Element::new(#name) }
    };
    let attributes = tag.attributes().iter().map(|attribute| match attribute {
        NodeAttribute::Attribute(attribute) => self::attribute(&name, attribute),
        NodeAttribute::Block(block) => unknown_attribute(block),
    });
    let children = tag.children.iter().filter_map(|child| {
        if let Some(text) = text(child) {
            return Some(quote! { .text(#text) });
        }
        let child = node(child, is_svg)?;
        Some(quote! { .child(#child) })
    });
    quote! { #new #(#attributes)* #(#children)* .into_view() }
}

fn unknown_attribute(what: &impl ToTokens) -> TokenStream {
    let error = unknown(what);
    quote! { .child(#error) }
}

fn attribute(tag: &str, attribute: &KeyedAttribute) -> TokenStream {
    let key = attribute.key.to_string();
    let value = match attribute.value() {
        Some(value) => without_braces(value),
        None => quote! { true },
    };
    match key.split_once(':') {
        None if key == "node_ref" => quote! { .node_ref(#value) },
        // Leptos sets HTML by this name, which is never wanted here.
        None if key == "inner_html" => unknown_attribute(attribute),
        None => match attribute.value() {
            Some(syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            })) => quote! { .fixed(#key, #text) },
            _ => quote! { .attribute(#key, #value) },
        },
        Some(("class", class)) => quote! { .class(#class, #value) },
        Some(("style", style)) => quote! { .style(#style, #value) },
        Some(("prop", property)) => quote! { .property(#property, #value) },
        Some(("on", event)) => match event.split_once(':') {
            None => {
                let kind = format_ident!("{event}");
                quote! { .on(#event, ::leptos::ev::#kind, #value) }
            }
            Some((event, "target")) => {
                let kind = format_ident!("{event}");
                let target = target(tag);
                quote! { .on_target::<_, ::leptos::web_sys::#target>(#event, ::leptos::ev::#kind, #value) }
            }
            Some(_) => unknown_attribute(attribute),
        },
        Some(_) => unknown_attribute(attribute),
    }
}

/// A value without the braces that markup asks for around some: the compiler finds them needless.
fn without_braces(value: &syn::Expr) -> TokenStream {
    match value {
        syn::Expr::Block(block) if block.attrs.is_empty() && block.label.is_none() => {
            inside(&block.block)
        }
        value => quote! { #value },
    }
}

fn inside(block: &syn::Block) -> TokenStream {
    match block.stmts.as_slice() {
        [syn::Stmt::Expr(value, None)] => quote! { #value },
        _ => quote! { #block },
    }
}

/// What an element is called in the browser's own interface.
fn target(tag: &str) -> Ident {
    let name = match tag {
        "input" => "HtmlInputElement",
        "textarea" => "HtmlTextAreaElement",
        "select" => "HtmlSelectElement",
        "details" => "HtmlDetailsElement",
        "dialog" => "HtmlDialogElement",
        "form" => "HtmlFormElement",
        _ => "HtmlElement",
    };
    format_ident!("{name}")
}

fn component(tag: &NodeElement<Infallible>) -> TokenStream {
    let name = tag.name();
    let mut bound = Vec::new();
    let mut props = Vec::new();
    for attribute in tag.attributes() {
        let NodeAttribute::Attribute(attribute) = attribute else {
            return unknown(attribute);
        };
        let key = &attribute.key;
        if let KeyedAttributeValue::Binding(binding) = &attribute.possible_value {
            let inputs = &binding.inputs;
            bound.push(quote! { #inputs });
        } else if let Some(name) = key.to_string().strip_prefix("let:") {
            let name = format_ident!("{name}");
            bound.push(quote! { #name });
        } else if key.to_string().contains(':') {
            return unknown(attribute);
        } else {
            let value = match attribute.value() {
                Some(value) => without_braces(value),
                None => quote! { #key },
            };
            props.push(quote! { .#key(#value) });
        }
    }
    let children = (!tag.children.is_empty()).then(|| {
        let children = fragment(&tag.children, false);
        if bound.is_empty() {
            quote! {
                .children(::leptos::children::ToChildren::to_children(move || #children))
            }
        } else {
            quote! { .children(move |#(#bound),*| #children) }
        }
    });
    quote! {
        ::leptos::component::component_view(
            &#name,
            ::leptos::component::component_props_builder(&#name) #(#props)* #children .build()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markup: TokenStream, calls: TokenStream) {
        assert_eq!(
            expanded(markup).to_string(),
            quote! {{ #calls }}.to_string()
        );
    }

    #[test]
    fn an_element_is_put_together_in_the_order_in_which_it_is_written() {
        check(
            quote! { <p id="a" class:wide=wide style:width=width prop:value=value>"Hello " {name}</p> },
            quote! {
                crate::markup::Element::new("p")
                    .fixed("id", "a")
                    .class("wide", wide)
                    .style("width", width)
                    .property("value", value)
                    .text("Hello ")
                    .child(crate::markup::view_of(name))
                    .into_view()
            },
        );
    }

    #[test]
    fn a_fixed_text_is_told_from_a_value_and_a_bare_name_is_true() {
        check(
            quote! { <input type="text" title={title} disabled /> },
            quote! {
                crate::markup::Element::new("input")
                    .fixed("type", "text")
                    .attribute("title", title)
                    .attribute("disabled", true)
                    .into_view()
            },
        );
    }

    #[test]
    fn a_handler_is_told_the_kind_of_its_event_and_of_its_element() {
        check(
            quote! { <input on:blur=done on:input:target=typed node_ref=field /> },
            quote! {
                crate::markup::Element::new("input")
                    .on("blur", ::leptos::ev::blur, done)
                    .on_target::<_, ::leptos::web_sys::HtmlInputElement>("input", ::leptos::ev::input, typed)
                    .node_ref(field)
                    .into_view()
            },
        );
    }

    #[test]
    fn what_is_inside_an_image_belongs_to_it() {
        check(
            quote! { <svg><title>"A"</title></svg> },
            quote! {
                crate::markup::Element::svg("svg")
                    .child(crate::markup::Element::svg("title").text("A").into_view())
                    .into_view()
            },
        );
    }

    #[test]
    fn a_component_gets_its_props_and_its_children_as_a_closure() {
        check(
            quote! { <Show when=is_open label>"Open"</Show> },
            quote! {
                crate::markup::view_of(::leptos::component::component_view(
                    &Show,
                    ::leptos::component::component_props_builder(&Show)
                        .when(is_open)
                        .label(label)
                        .children(::leptos::children::ToChildren::to_children(
                            move || crate::markup::View::fixed("Open")
                        ))
                        .build()
                ))
            },
        );
    }

    #[test]
    fn children_of_a_component_can_be_told_something() {
        let children = quote! {
            crate::markup::view_of(::leptos::component::component_view(
                &For,
                ::leptos::component::component_props_builder(&For)
                    .each(ids)
                    .children(move |id| crate::markup::view_of(row(id)))
                    .build()
            ))
        };
        check(
            quote! { <For each=ids let(id)>{row(id)}</For> },
            children.clone(),
        );
        check(quote! { <For each=ids let:id>{row(id)}</For> }, children);
    }

    #[test]
    fn several_nodes_are_a_list_and_none_is_nothing() {
        check(
            quote! { <br /> "a" },
            quote! {
                crate::markup::View::Many(::std::vec![
                    crate::markup::Element::new("br").into_view(),
                    crate::markup::View::fixed("a")
                ])
            },
        );
        check(quote! {}, quote! { crate::markup::View::Nothing });
    }

    #[test]
    fn what_is_not_known_does_not_compile() {
        for markup in [
            quote! { <p inner_html=text /> },
            quote! { <p bind:value=text /> },
            quote! { <p on:click:capture=done /> },
            quote! { <p {..more} /> },
            quote! { <Show on:click=done /> },
        ] {
            let calls = expanded(markup.clone()).to_string();
            assert!(calls.contains("compile_error"), "{markup}: {calls}");
        }
    }
}
