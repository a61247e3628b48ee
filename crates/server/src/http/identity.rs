//! Users named by a trusted reverse proxy.
//!
//! The proxy authenticates users and sends their names in a header. Any client could send that header, so it
//! is accepted only from the proxy's address. A request with it from another address is refused: it is an
//! attack or a configuration mistake.

use std::net::IpAddr;

use axum::http::{
    HeaderMap, HeaderName, HeaderValue, Method, header, header::InvalidHeaderName, request::Parts,
};
use ipnet::IpNet;

use super::problem::Problem;
use crate::token::{Rights, Token, unix_now};

/// The addresses of trusted reverse proxies.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<IpNet>);

/// A text that is not the address of a proxy.
#[derive(Debug, thiserror::Error)]
#[error("{text} is not the address of a proxy; write 10.0.0.7, 10.0.0.0/8 or fd00::/8")]
pub struct ProxyAddressError {
    text: String,
    source: ipnet::AddrParseError,
}

impl Proxies {
    /// Parses addresses and CIDR ranges.
    ///
    /// # Errors
    /// [`ProxyAddressError`] with the first text that is neither.
    pub fn parse(texts: &[String]) -> Result<Self, ProxyAddressError> {
        let ranges = texts.iter().map(|text| match text.parse::<IpAddr>() {
            Ok(address) => Ok(address.to_canonical().into()),
            Err(_) => text.parse().map_err(|source| ProxyAddressError {
                text: text.clone(),
                source,
            }),
        });
        Ok(Self(ranges.collect::<Result<_, _>>()?))
    }

    /// Returns whether the address is that of a trusted proxy.
    pub fn has(&self, address: IpAddr) -> bool {
        // An IPv4-mapped IPv6 address is the same machine.
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }

    /// Returns the address of the client: the last one in `X-Forwarded-For` if the peer is a trusted proxy.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.has(peer) {
            return peer;
        }
        // The proxy appends to the list; the entries before come from the client.
        let last = headers.get_all("x-forwarded-for").iter().next_back();
        let last = last.and_then(|list| list.to_str().ok()?.rsplit(',').next());
        last.and_then(|address| address.trim().parse().ok())
            .unwrap_or(peer)
    }
}

/// The header with the user's name, and the rights of users.
#[derive(Clone, Debug)]
pub struct Identity {
    header: HeaderName,
    rights: Rights,
    admins: Vec<String>,
}

/// Prefix of the token ids of users named by a proxy. No stored token has such an id.
const PROXY_PREFIX: &str = "proxy:";
/// Longest name of a user, in bytes.
const MAX_NAME_BYTES: usize = 200;

impl Identity {
    /// # Errors
    /// If `header` is not a valid name of a header.
    pub fn new(
        header: &str,
        rights: Rights,
        admins: Vec<String>,
    ) -> Result<Self, InvalidHeaderName> {
        Ok(Self {
            header: header.parse()?,
            rights,
            admins,
        })
    }

    /// Returns the token of the user whom the proxy names; `None` when it names nobody.
    ///
    /// # Errors
    /// 403 when the header is not trustworthy.
    pub(super) fn of(
        &self,
        request: &Parts,
        peer: Option<IpAddr>,
        proxies: &Proxies,
        is_allowed: impl Fn(&HeaderValue) -> bool,
    ) -> Result<Option<Token>, Problem> {
        let mut names = request.headers.get_all(&self.header).iter();
        let Some(name) = names.next() else {
            return Ok(None);
        };
        if !peer.is_some_and(|peer| proxies.has(peer)) {
            return Err(Problem::forbidden(
                "Only the reverse proxy of this server may send the header with the user's name. Leave it out, and send a token.",
            ));
        }
        let name = name.to_str().map(str::trim).unwrap_or_default();
        if name.is_empty() {
            return Ok(None);
        }
        // A proxy that adds a header instead of replacing it would let clients choose their name.
        if names.next().is_some() || name.len() > MAX_NAME_BYTES {
            return Err(Problem::forbidden(
                "The reverse proxy sends more than one name, or one that is too long. The operator must configure it to replace the header.",
            ));
        }
        if comes_from_another_page(request, is_allowed) {
            return Err(Problem::forbidden(
                "A page of another site sent this request. Open the board itself.",
            ));
        }
        let is_admin = self.admins.iter().any(|admin| admin == name);
        Ok(Some(Token {
            id: format!("{PROXY_PREFIX}{name}"),
            rights: if is_admin { Rights::Admin } else { self.rights },
            board: None,
            note: name.to_owned(),
            made_by: None,
            made_at: unix_now(),
            expires_at: None,
            revoked_at: None,
        }))
    }
}

/// Returns whether a user named by the proxy may go on waiting; `None` for a stored token.
pub(super) fn is_session_valid(token: &Token) -> Option<bool> {
    /// Clients reconnect by themselves after that, and then the proxy authenticates them again.
    const SESSION_SECS: i64 = 3_600;
    let is_named = token.id.starts_with(PROXY_PREFIX);
    is_named.then(|| unix_now() < token.made_at + SESSION_SECS)
}

/// Returns whether a page of another origin sent a write (CSRF).
///
/// A browser sends the proxy's cookie with requests of any page. Such a page cannot read the response, but
/// its write would succeed.
fn comes_from_another_page(request: &Parts, is_allowed: impl Fn(&HeaderValue) -> bool) -> bool {
    if [Method::GET, Method::HEAD].contains(&request.method) {
        return false;
    }
    let headers = &request.headers;
    let origin = headers.get(header::ORIGIN);
    if origin.is_some_and(is_allowed) {
        return false;
    }
    let site = headers.get("sec-fetch-site");
    let is_elsewhere = site.is_some_and(|site| site != "same-origin" && site != "none");
    // Older browsers send only the origin.
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin = origin.map(|origin| origin.to_str().unwrap_or_default());
    let is_foreign = origin.is_some_and(|origin| {
        let place = origin.split_once("://").map(|(_, place)| place);
        site.is_none() && (place.is_none() || place != host)
    });
    is_elsewhere || is_foreign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_what_begins_like_it() {
        for (range, address, expected) in [
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("10.0.0.7", "::ffff:10.0.0.7", true),
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::1", "::1", true),
            ("::1", "127.0.0.1", false),
        ] {
            let proxies = Proxies::parse(&[range.to_owned()]).unwrap();
            assert_eq!(
                proxies.has(address.parse().unwrap()),
                expected,
                "{range} {address}"
            );
        }
        for wrong in [
            "",
            "proxy",
            "10.0.0.0/33",
            "10.0.0.0/x",
            "fd00::/129",
            "10.0.0",
        ] {
            assert!(Proxies::parse(&[wrong.to_owned()]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn whom_a_proxy_speaks_for_is_what_it_has_added_itself() {
        let proxies = Proxies::parse(&["10.0.0.7".to_owned()]).unwrap();
        for (peer, forwarded, expected) in [
            ("10.0.0.7", None, "10.0.0.7"),
            ("10.0.0.7", Some("203.0.113.9"), "203.0.113.9"),
            ("10.0.0.7", Some("1.1.1.1, 203.0.113.9"), "203.0.113.9"),
            ("10.0.0.7", Some("nonsense"), "10.0.0.7"),
            ("192.0.2.1", Some("203.0.113.9"), "192.0.2.1"),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            }
            let found = proxies.client(peer.parse().unwrap(), &headers);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{forwarded:?}");
        }
    }
}
