//! Who a proxy in front says it is.
//!
//! Such a proxy asks people to sign in, and names them in a header. Anybody could send that header, so
//! it is taken from the proxy's own address only; from elsewhere it is refused, since whoever sends it
//! there is up to something or has set something up wrongly.

use std::net::{AddrParseError, IpAddr};

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header, header::InvalidHeaderName},
};

use super::problem::Problem;
use crate::token::{Rights, Token, unix_now};

/// Whom to believe.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Range>);

/// Addresses that begin alike.
#[derive(Clone, Copy, Debug)]
struct Range {
    first: IpAddr,
    bits: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("{text} is no address of a proxy; write 10.0.0.7, 10.0.0.0/8 or fd00::/8")]
pub struct NotAProxy {
    text: String,
    source: Option<AddrParseError>,
}

impl Proxies {
    /// # Errors
    /// [`NotAProxy`] names the first that is none.
    pub fn parse(texts: &[String]) -> Result<Self, NotAProxy> {
        let ranges = texts.iter().map(|text| {
            let wrong = |source| NotAProxy {
                text: text.clone(),
                source,
            };
            let (address, bits) = match text.split_once('/') {
                Some((address, bits)) => (address, Some(bits)),
                None => (text.as_str(), None),
            };
            let first: IpAddr = address.parse().map_err(|error| wrong(Some(error)))?;
            let all = if first.is_ipv4() { 32 } else { 128 };
            let bits = bits.map_or(Ok(all), |bits| bits.parse().or(Err(wrong(None))))?;
            if bits > all {
                return Err(wrong(None));
            }
            Ok(Range { first, bits })
        });
        Ok(Self(ranges.collect::<Result<_, _>>()?))
    }

    /// Whether it is the address of one of them.
    pub fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.has(address))
    }

    /// Who has sent a request: not the proxy, if that says for whom it speaks.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.has(peer) {
            return peer;
        }
        // The proxy adds to the end; what stands before that is what the client said.
        let last = headers.get_all("x-forwarded-for").iter().next_back();
        let last = last.and_then(|list| list.to_str().ok()?.rsplit(',').next());
        last.and_then(|address| address.trim().parse().ok())
            .unwrap_or(peer)
    }
}

impl Range {
    fn has(self, address: IpAddr) -> bool {
        // One machine has both forms.
        match (self.first.to_canonical(), address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => alike(
                first.to_bits().into(),
                address.to_bits().into(),
                32,
                self.bits,
            ),
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                alike(first.to_bits(), address.to_bits(), 128, self.bits)
            }
            _ => false,
        }
    }
}

fn alike(one: u128, other: u128, all: u32, bits: u32) -> bool {
    let rest = all.saturating_sub(bits);
    one.checked_shr(rest) == other.checked_shr(rest)
}

/// What a name from the proxy is good for.
#[derive(Clone, Debug)]
pub struct Identity {
    header: HeaderName,
    rights: Rights,
    admins: Vec<String>,
}

/// How the id of somebody's rights begins who has no token. No token has such an id.
const NAMED: &str = "proxy:";
/// Names are short.
const LONGEST: usize = 200;

impl Identity {
    /// # Errors
    /// When that can be no header's name.
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

    /// The rights of whoever the proxy names; nothing when it names nobody.
    pub(super) fn of(
        &self,
        request: &Request,
        peer: Option<IpAddr>,
        proxies: &Proxies,
        is_allowed: impl Fn(&HeaderValue) -> bool,
    ) -> Result<Option<Token>, Problem> {
        let mut names = request.headers().get_all(&self.header).iter();
        let Some(name) = names.next() else {
            return Ok(None);
        };
        if !peer.is_some_and(|peer| proxies.has(peer)) {
            return Err(Problem::forbidden(
                "Who you are is taken from the proxy in front of this server only. Leave that header out, and show a token.",
            ));
        }
        let name = name.to_str().map(str::trim).unwrap_or_default();
        if name.is_empty() {
            return Ok(None);
        }
        // A proxy that adds to what a client sends, instead of replacing it, would let anybody be anybody.
        if names.next().is_some() || name.len() > LONGEST {
            return Err(Problem::forbidden(
                "The proxy in front of this server names more than one person. Whoever runs it must let it replace that header.",
            ));
        }
        if comes_from_another_page(request, is_allowed) {
            return Err(Problem::forbidden(
                "Another site's page has sent this in your name. Open the board itself.",
            ));
        }
        let is_admin = self.admins.iter().any(|admin| admin == name);
        Ok(Some(Token {
            id: format!("{NAMED}{name}"),
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

/// Whether somebody who has been let in by the proxy may still wait for news; nothing when it was a
/// token that has let them in.
pub(super) fn may_stay(token: &Token) -> Option<bool> {
    /// They come again by themselves, and then the proxy is asked anew.
    const VISIT_SECS: i64 = 3_600;
    let is_named = token.id.starts_with(NAMED);
    is_named.then(|| unix_now() < token.made_at + VISIT_SECS)
}

/// A browser adds what the proxy knows somebody by to whatever any page sends there. It cannot read the
/// answer, but could write.
fn comes_from_another_page(request: &Request, is_allowed: impl Fn(&HeaderValue) -> bool) -> bool {
    if [Method::GET, Method::HEAD].contains(request.method()) {
        return false;
    }
    let headers = request.headers();
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
