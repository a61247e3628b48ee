//! Translated texts with views in them.

use cruxboard_domain::translation::{Piece, pieces, translated};
use leptos::prelude::*;

/// Returns the pieces of a translated text as views, with the given views in its places. See [`t_view!`](crate::t_view).
pub fn with_views(text: &'static str, views: Vec<(&'static str, AnyView)>) -> AnyView {
    let mut views: Vec<_> = views
        .into_iter()
        .map(|(name, view)| (name, Some(view)))
        .collect();
    let mut place = |name: &str| {
        let (_, view) = views.iter_mut().find(|(it, _)| *it == name)?;
        view.take()
    };
    let shown = pieces(translated(text)).map(|piece| match piece {
        Piece::Text(text) => text.into_any(),
        Piece::Value(name) => place(name).unwrap_or_else(|| ().into_any()),
    });
    shown.collect::<Vec<_>>().into_any()
}

/// A text with views in it, in the language of the reader: `t_view!("Open {link} first.", link = view! { … })`.
#[macro_export]
macro_rules! t_view {
    ($text:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        const { ::cruxboard_domain::translation::check($text, &[$(stringify!($name)),+], true) };
        $crate::component::with_views(
            $text,
            ::std::vec![$((
                stringify!($name),
                ::leptos::prelude::IntoAny::into_any(::cruxboard_domain::text_value!($name $(= $value)?)),
            )),+],
        )
    }};
}
