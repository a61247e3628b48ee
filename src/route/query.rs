//! The part of an address behind the question mark.

use cruxboard_domain::import::clipping::Clipping;
use cruxboard_domain::record::CruxId;
use cruxboard_domain::view::{Facet, Filter, Sort};

use super::percent::{decode, encode};

pub(super) fn crux_in(query: &str) -> Option<CruxId> {
    let (_, id) = pairs(query).find(|(key, _)| key == "crux")?;
    id.parse().ok()
}

pub(super) fn clipping_in(query: &str) -> Clipping {
    let mut clipping = Clipping::default();
    for (key, value) in pairs(query) {
        match key.as_str() {
            "title" => clipping.title = value,
            "text" => clipping.text = value,
            "quote" => clipping.quote = value,
            "url" => clipping.url = value,
            _ => {}
        }
    }
    clipping
}

pub(super) fn spell_clipping(crux: Option<(&str, String)>, clipping: &Clipping) -> String {
    let parts = [
        ("title", clipping.title.clone()),
        ("text", clipping.text.clone()),
        ("quote", clipping.quote.clone()),
        ("url", clipping.url.clone()),
    ];
    let said = crux.into_iter().chain(parts);
    let said: Vec<String> = said
        .filter(|(_, part)| !part.is_empty())
        .map(|(key, part)| format!("{key}={}", encode(&part)))
        .collect();
    let mark = if said.is_empty() { "" } else { "?" };
    format!("{mark}{}", said.join("&"))
}

pub(super) fn parse_query(query: &str) -> (Filter, Sort) {
    let mut filter = Filter::default();
    let mut sort = Sort::Own;
    for (key, value) in pairs(query) {
        match key.as_str() {
            "q" => filter.search = value,
            "sort" => sort = Sort::from_key(&value).unwrap_or(sort),
            _ => {
                if let Some(facet) = Facet::from_key(&key) {
                    filter.chosen.entry(facet).or_default().insert(value);
                }
            }
        }
    }
    (filter, sort)
}

pub(super) fn spell_query(filter: &Filter, sort: Sort) -> String {
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    if !filter.search.is_empty() {
        pairs.push(("q", &filter.search));
    }
    if sort != Sort::Own {
        pairs.push(("sort", sort.key()));
    }
    for (facet, values) in &filter.chosen {
        pairs.extend(values.iter().map(|value| (facet.key(), value.as_str())));
    }
    if pairs.is_empty() {
        return String::new();
    }
    let spelled = pairs
        .iter()
        .map(|(key, value)| format!("{key}={}", encode(value)));
    format!("?{}", spelled.collect::<Vec<_>>().join("&"))
}

pub(super) fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (decode(k), decode(v)))
}
