//! Addresses in the links of a heading.

pub(super) fn is_persons(address: &str) -> bool {
    const SIGNS: &[&str] = &[
        "/user",
        "user?id=",
        "/u/",
        "/@",
        "/profile",
        "/people/",
        "/author",
        "mailto:",
        "/members/",
    ];
    SIGNS.iter().any(|sign| address.contains(sign))
}

/// Returns the absolute form of an address, if the page's own address is known.
pub(super) fn absolute(base: &str, address: &str) -> String {
    if address.contains("://") {
        return address.to_owned();
    }
    if address.starts_with("javascript:") || address.starts_with("data:") || base.is_empty() {
        return String::new();
    }
    let page = base.split('#').next().unwrap_or_default();
    let Some(host) = page.find("://").map(|at| at + 3) else {
        return String::new();
    };
    let host_end = page[host..]
        .find(['/', '?'])
        .map_or(page.len(), |at| host + at);
    let (origin, path) = page.split_at(host_end);
    let path = path.split('?').next().unwrap_or_default();
    if let Some(rest) = address.strip_prefix("//") {
        let scheme = page.split("//").next().unwrap_or_default();
        return format!("{scheme}//{rest}");
    }
    match address.chars().next() {
        Some('/') => format!("{origin}{address}"),
        Some('#') => format!("{page}{address}"),
        Some('?') => format!("{origin}{path}{address}"),
        Some(_) => {
            let folder = path.rfind('/').map_or("/", |end| &path[..=end]);
            format!("{origin}{folder}{address}")
        }
        None => String::new(),
    }
}
