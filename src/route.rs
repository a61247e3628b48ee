//! Addresses: the only place where they are spelled, but that `boot.js` knows the first screen's, too.
//!
//! They live in the URL fragment, so the app works from any static file server and in any folder,
//! and what they say never reaches a server's log. `#/<board>/crux/<id>?sort=due&tag=x`.

use cruxboard_domain::ChangeId;
use cruxboard_domain::record::{CruxId, Direction, EvidenceId, ReviewId, RoundId, TriggerId};
use cruxboard_domain::view::{Facet, Filter, Sort};

/// The address at which one says where a board is kept.
pub const TO_JOIN: &str = "#/join";
/// The address of backups.
pub const TO_BACKUPS: &str = "#/backups";
/// How the address of an invitation begins, where others name a board.
const JOIN: &str = "join";
/// The header and the beginning of its value by which most endpoints know who is asking.
const AUTHORIZATION: &str = "Authorization";
const BEARER: &str = "Bearer ";
/// How the address of a snapshot on a server begins.
const HOSTED: &str = "h";
/// How the address of backups begins, where others name a board.
const BACKUPS: &str = "backups";
/// What stands before a snapshot; no board is called so.
const SNAPSHOT: &str = "/s/";

/// Whether a fragment, with its `#`, is the address of the first screen.
#[must_use]
pub fn is_start(fragment: &str) -> bool {
    let address = fragment.strip_prefix('#').unwrap_or(fragment);
    let path = address.split('?').next().unwrap_or_default();
    path.bytes().all(|byte| byte == b'/')
}

/// A screen, and what it shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    /// What to open: the example, a new board, a file, or a board of this browser.
    Start,
    /// A screen of one board.
    Board(ChangeId, Screen),
    /// An invitation to a board that is kept elsewhere.
    Join(Invitation),
    /// A snapshot, with everything that is in it: see [`cruxboard_domain::snapshot::link`].
    Snapshot(String),
    /// A snapshot that a server keeps, sealed, with what opens it.
    Hosted(HostedLink),
    /// All boards out and in as one file.
    Backups,
    /// Nothing has this address.
    Unknown,
}

/// Where a board is kept, and what proves that one may come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// The board's address there.
    pub address: String,
    /// The header that says who is asking; empty for none.
    pub header: String,
    /// Its value.
    pub value: String,
}

/// Where a sealed snapshot is kept, and what opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostedLink {
    /// The server's address; empty: the one that this page came from.
    pub at: String,
    /// What the server calls it.
    pub id: String,
    /// The key, which no browser sends anywhere; empty when it was handed over apart.
    pub key: String,
}

/// A screen of one board.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// All its cruxes, as filtered and sorted.
    Cruxes(Filter, Sort),
    /// One crux.
    Crux(CruxId),
    /// The form for a new crux.
    NewCrux,
    /// All evidence, as filtered.
    Evidence(Filter),
    /// The form for new evidence, perhaps on a crux.
    NewEvidence(Option<CruxId>),
    /// The form for new evidence on one side of a crux.
    NewEvidenceOn(CruxId, Direction),
    /// One item of evidence.
    EvidenceItem(EvidenceId),
    /// Everything owed or awaited, as filtered.
    FollowUps(Filter),
    /// Everything that waits.
    Due,
    /// What changed since a moment (the last review, if none is given) until another (now).
    Since(Option<ChangeId>, Option<ChangeId>),
    /// All decisions.
    Decisions,
    /// The form for a decision, perhaps one that a trigger calls for.
    Decide(Option<TriggerId>),
    /// All reviews.
    Reviews,
    /// One review.
    Review(ReviewId),
    /// One crux of a review, full screen.
    Walk(ReviewId, CruxId),
    /// The minutes of a review.
    Minutes(ReviewId),
    /// How good credences were.
    Scores,
    /// A blind round.
    Round(RoundId),
    /// Question, options, people, terms.
    Setup,
    /// What others may see, perhaps of one crux.
    Share(Option<CruxId>),
    /// Messages of discussions elsewhere.
    Reading,
    /// Tables and files, out and in.
    Tables,
    /// What was done, and what lies in the trash.
    History,
    /// No screen has this address.
    Unknown,
}

impl Route {
    /// Reads a fragment, with or without its `#`.
    #[must_use]
    pub fn parse(fragment: &str) -> Self {
        let address = mended(fragment);
        let (path, query) = address.split_once('?').unwrap_or((&address, ""));
        if let Some(payload) = path.strip_prefix(SNAPSHOT) {
            return Self::Snapshot(payload.into());
        }
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let Some(board) = parts.next() else {
            return Self::Start;
        };
        if board == JOIN {
            let mut invitation = Invitation::default();
            for (key, value) in pairs(query) {
                match key.as_str() {
                    "at" => invitation.address = value,
                    "header" => invitation.header = value,
                    "value" => invitation.value = value,
                    "token" => {
                        invitation.header = AUTHORIZATION.into();
                        invitation.value = format!("{BEARER}{value}");
                    }
                    _ => {}
                }
            }
            if is_encoded_address(&invitation.address) {
                for text in [&mut invitation.address, &mut invitation.value] {
                    *text = decode_percent(text);
                }
            }
            return Self::Join(invitation);
        }
        if board == HOSTED {
            return Self::hosted(parts, query);
        }
        if board == BACKUPS {
            return Self::Backups;
        }
        let Ok(board) = board.parse() else {
            return Self::Unknown;
        };
        let rest: Vec<&str> = parts.collect();
        let screen = match rest.as_slice() {
            [] => {
                let (filter, sort) = parse_query(query);
                Some(Screen::Cruxes(filter, sort))
            }
            ["crux", "new"] => Some(Screen::NewCrux),
            ["crux", id] => id.parse().ok().map(Screen::Crux),
            ["evidence"] => Some(Screen::Evidence(parse_query(query).0)),
            ["evidence", "new"] => {
                let crux = crux_in(query);
                let side = pairs(query).find(|(key, _)| key == "side");
                let side = side.and_then(|(_, side)| Direction::from_key(&side));
                Some(match (crux, side) {
                    (Some(crux), Some(side)) => Screen::NewEvidenceOn(crux, side),
                    (crux, _) => Screen::NewEvidence(crux),
                })
            }
            ["evidence", id] => id.parse().ok().map(Screen::EvidenceItem),
            ["follow-ups"] => Some(Screen::FollowUps(parse_query(query).0)),
            ["due"] => Some(Screen::Due),
            ["changes-since"] => {
                let moment = |name: &str| {
                    let found = pairs(query).find(|(key, _)| key == name);
                    found.and_then(|(_, moment)| moment.parse().ok())
                };
                Some(Screen::Since(moment("from"), moment("to")))
            }
            ["decisions"] => Some(Screen::Decisions),
            ["decisions", "new"] => Some(Screen::Decide(
                pairs(query)
                    .find(|(key, _)| key == "trigger")
                    .and_then(|(_, id)| id.parse().ok()),
            )),
            ["reviews"] => Some(Screen::Reviews),
            ["review", id] => id.parse().ok().map(Screen::Review),
            ["review", id, "minutes"] => id.parse().ok().map(Screen::Minutes),
            ["review", id, crux] => match (id.parse(), crux.parse()) {
                (Ok(id), Ok(crux)) => Some(Screen::Walk(id, crux)),
                _ => None,
            },
            ["scores"] => Some(Screen::Scores),
            ["round", id] => id.parse().ok().map(Screen::Round),
            ["setup"] => Some(Screen::Setup),
            ["share"] => Some(Screen::Share(crux_in(query))),
            ["reading"] => Some(Screen::Reading),
            ["tables"] => Some(Screen::Tables),
            ["history"] => Some(Screen::History),
            _ => None,
        };
        Self::Board(board, screen.unwrap_or(Screen::Unknown))
    }

    /// The address, with its `#`.
    #[must_use]
    pub fn href(&self) -> String {
        let (board, screen) = match self {
            Self::Board(board, screen) => (board, screen),
            Self::Join(Invitation {
                address,
                header,
                value,
            }) => {
                let address = encode_address(address);
                // Short, since it is drawn as squares too.
                let token = value.strip_prefix(BEARER);
                let href = match token.filter(|_| header == AUTHORIZATION) {
                    Some(token) => format!("#/{JOIN}?at={address}&token={}", encode(token)),
                    None if value.is_empty() => format!("#/{JOIN}?at={address}"),
                    None => format!(
                        "#/{JOIN}?at={address}&header={}&value={}",
                        encode(header),
                        encode(value)
                    ),
                };
                // A full stop at the end is taken for that of the sentence around the link.
                return match href.strip_suffix('.') {
                    Some(rest) => format!("{rest}%2E"),
                    None => href,
                };
            }
            Self::Hosted(HostedLink { at, id, key }) => {
                let stroke = if key.is_empty() { "" } else { "/" };
                let at = match at.as_str() {
                    "" => String::new(),
                    at => format!("?at={}", encode_address(at)),
                };
                return format!("#/{HOSTED}/{id}{stroke}{key}{at}");
            }
            Self::Snapshot(payload) => return format!("#{SNAPSHOT}{payload}"),
            Self::Backups => return format!("#/{BACKUPS}"),
            Self::Start | Self::Unknown => return "#/".into(),
        };
        let rest = match screen {
            Screen::Cruxes(filter, sort) => spell_query(filter, *sort),
            Screen::Crux(id) => format!("/crux/{id}"),
            Screen::NewCrux => "/crux/new".into(),
            Screen::Evidence(filter) => format!("/evidence{}", spell_query(filter, Sort::Own)),
            Screen::NewEvidence(None) => "/evidence/new".into(),
            Screen::NewEvidence(Some(crux)) => format!("/evidence/new?crux={crux}"),
            Screen::NewEvidenceOn(crux, side) => {
                format!("/evidence/new?crux={crux}&side={}", side.key())
            }
            Screen::EvidenceItem(id) => format!("/evidence/{id}"),
            Screen::FollowUps(filter) => format!("/follow-ups{}", spell_query(filter, Sort::Own)),
            Screen::Due => "/due".into(),
            Screen::Since(from, to) => {
                let moment = |key: &str, moment: &Option<ChangeId>| {
                    moment.map(|moment| format!("{key}={moment}"))
                };
                let query = [moment("from", from), moment("to", to)];
                let query: Vec<String> = query.into_iter().flatten().collect();
                let mark = if query.is_empty() { "" } else { "?" };
                format!("/changes-since{mark}{}", query.join("&"))
            }
            Screen::Decisions => "/decisions".into(),
            Screen::Decide(None) => "/decisions/new".into(),
            Screen::Decide(Some(trigger)) => format!("/decisions/new?trigger={trigger}"),
            Screen::Reviews => "/reviews".into(),
            Screen::Review(id) => format!("/review/{id}"),
            Screen::Walk(id, crux) => format!("/review/{id}/{crux}"),
            Screen::Minutes(id) => format!("/review/{id}/minutes"),
            Screen::Scores => "/scores".into(),
            Screen::Round(id) => format!("/round/{id}"),
            Screen::Setup => "/setup".into(),
            Screen::Reading => "/reading".into(),
            Screen::Tables => "/tables".into(),
            Screen::Share(None) => "/share".into(),
            Screen::Share(Some(crux)) => format!("/share?crux={crux}"),
            Screen::History => "/history".into(),
            Screen::Unknown => String::new(),
        };
        format!("#/{board}{rest}")
    }

    /// The same screen with everything shown, in the board's own order.
    #[must_use]
    pub fn unfiltered(&self) -> Self {
        let Self::Board(board, screen) = self else {
            return self.clone();
        };
        let screen = match screen {
            Screen::Cruxes(..) => Screen::Cruxes(Filter::default(), Sort::Own),
            Screen::Evidence(_) => Screen::Evidence(Filter::default()),
            Screen::FollowUps(_) => Screen::FollowUps(Filter::default()),
            other => other.clone(),
        };
        Self::Board(*board, screen)
    }

    /// What the address shows only a part by; nothing where the screen shows all there is.
    #[must_use]
    pub fn filter(&self) -> Filter {
        match self {
            Self::Board(
                _,
                Screen::Cruxes(filter, _) | Screen::Evidence(filter) | Screen::FollowUps(filter),
            ) => filter.clone(),
            _ => Filter::default(),
        }
    }

    /// The board it is about.
    #[must_use]
    pub fn board(&self) -> Option<ChangeId> {
        match self {
            Self::Board(board, _) => Some(*board),
            Self::Start
            | Self::Join(_)
            | Self::Snapshot(_)
            | Self::Hosted(_)
            | Self::Backups
            | Self::Unknown => None,
        }
    }

    fn hosted<'a>(mut parts: impl Iterator<Item = &'a str>, query: &str) -> Self {
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (id, key) = (part(), part());
        let at = pairs(query).find_map(|(name, at)| (name == "at").then_some(at));
        let mut at = at.unwrap_or_default();
        if is_encoded_address(&at) {
            at = decode_percent(&at);
        }
        let is_name = |text: &str| {
            text.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let is_web = at.is_empty() || at.starts_with("https://") || at.starts_with("http://");
        if id.is_empty() || !is_name(&id) || !is_name(&key) || !is_web {
            return Self::Unknown;
        }
        Self::Hosted(HostedLink { at, id, key })
    }
}

/// How many times a link may have been percent-encoded on its way.
const MOST_ENCODINGS: usize = 3;
/// Punctuation that programs take along from behind a link, as it is and as browsers encode it.
const BEHIND_A_LINK: &[&str] = &[
    ".",
    ",",
    ";",
    ":",
    "!",
    "?",
    ")",
    "]",
    "}",
    ">",
    "\"",
    "'",
    "*",
    "»",
    "”",
    "’",
    "…",
    "%3E",
    "%22",
    "%27",
    "%29",
    "%C2%BB",
    "%E2%80%9D",
    "%E2%80%99",
    "%E2%80%A6",
];

/// Undoes what happens to links on their way through other programs: a path that was percent-encoded,
/// once or more, a second `#`, and punctuation taken along from the sentence around it.
///
/// No path of ours holds a percent sign, so that what is encoded there was encoded on the way. In a
/// query only the same number of further encodings is undone.
fn mended(fragment: &str) -> String {
    let mut address = fragment.trim_start_matches('#').to_owned();
    for encodings in 0..MOST_ENCODINGS {
        let parts = address.split_once('?');
        let path = parts.map_or(address.as_str(), |(path, _)| path);
        let decoded = decode_percent(path);
        if decoded == path {
            break;
        }
        let decoded = decoded.trim_start_matches('#');
        address = match parts {
            Some((_, query)) if encodings > 0 => format!("{decoded}?{}", decode_percent(query)),
            Some((_, query)) => format!("{decoded}?{query}"),
            None => decoded.to_owned(),
        };
    }
    // A search may end with whatever was typed.
    let is_handed_on = [JOIN, HOSTED, SNAPSHOT].iter().any(|kind| {
        address
            .trim_start_matches('/')
            .starts_with(kind.trim_matches('/'))
    });
    if is_handed_on || !address.contains('?') {
        while let Some(less) = BEHIND_A_LINK
            .iter()
            .find_map(|mark| address.strip_suffix(mark))
        {
            address.truncate(less.len());
        }
    }
    address
}

/// Whether an address from a query is still encoded: it was encoded once more on its way.
fn is_encoded_address(address: &str) -> bool {
    !address.contains("://") && address.contains('%')
}

fn crux_in(query: &str) -> Option<CruxId> {
    let (_, id) = pairs(query).find(|(key, _)| key == "crux")?;
    id.parse().ok()
}

fn parse_query(query: &str) -> (Filter, Sort) {
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

fn spell_query(filter: &Filter, sort: Sort) -> String {
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

fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(k, v)| (decode(k), decode(v)))
}

/// Percent-encodes all but letters, digits and `-._~`.
fn encode(text: &str) -> String {
    encode_but(text, b"-._~")
}

/// The same for an address, whose strokes and colons a fragment may hold.
fn encode_address(text: &str) -> String {
    encode_but(text, b"-._~:/")
}

fn encode_but(text: &str, kept: &[u8]) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

/// Decodes a part of a query, in which a plus stands for a space.
fn decode(text: &str) -> String {
    decode_percent(&text.replace('+', " "))
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let hex = (byte == b'%')
            .then(|| Some((hex_digit(ahead.next()?)?, hex_digit(ahead.next()?)?)))
            .flatten();
        if let Some((high, low)) = hex {
            bytes.push(high << 4 | low);
            rest = ahead;
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_screen_is_told_by_its_address_before_any_other_is_read() {
        for fragment in ["", "#", "#/", "#//", "#/?", "#/?sort=due", "#?a=/b"] {
            assert!(is_start(fragment), "{fragment}");
            assert_eq!(Route::parse(fragment), Route::Start, "{fragment}");
        }
        let board = "#/01KASQ2Y3G0000000000000000";
        for fragment in [
            board,
            TO_JOIN,
            TO_BACKUPS,
            "#/nowhere",
            "#nowhere",
            "#/s/",
            "#/h/",
        ] {
            assert!(!is_start(fragment), "{fragment}");
            assert_ne!(Route::parse(fragment), Route::Start, "{fragment}");
        }
        assert_eq!(Route::parse(TO_JOIN), Route::Join(Invitation::default()));
        assert_eq!(Route::parse(TO_BACKUPS), Route::Backups);
    }

    #[test]
    fn a_link_that_was_changed_on_its_way_leads_where_it_led() {
        let snapshot = Route::Snapshot("wQ-x_y/k-_9".into());
        let hosted = Route::Hosted(HostedLink {
            at: "https://example.org/a-b".into(),
            id: "aB-_9".into(),
            key: "k-_9".into(),
        });
        let join = Route::Join(Invitation {
            address: "https://example.org/boards/x-y_z?a=b&c".into(),
            header: AUTHORIZATION.into(),
            value: format!("{BEARER}t-o_k.e+n&"),
        });
        let board: ChangeId = "01KASQ2Y3G0000000000000000".parse().unwrap();
        let crux = Route::Board(board, Screen::Crux(CruxId(board)));
        let escaped = |text: &str, escapes: &str| -> String {
            let escape = |letter: char| match escapes.contains(letter) {
                true => format!("%{:02X}", u32::from(letter)),
                false => letter.to_string(),
            };
            text.chars().map(escape).collect()
        };
        for route in [snapshot, hosted, join, crux] {
            let link = route.href();
            let fragment = link.trim_start_matches('#');
            let once = escaped(fragment, "/-_.");
            let whole = escaped(fragment, "/-_.?=&%:+#");
            for changed in [
                format!("#%23{fragment}"),
                format!("##{fragment}"),
                format!("#{once}"),
                format!("#{}", escaped(&once, "%")),
                format!("#{whole}"),
                format!("#{}", escaped(&whole, "%")),
                format!("#%2523{}", escaped(&whole, "%")),
                format!("{link}."),
                format!("{link})."),
                format!("{link}>"),
                format!("{link}%3E"),
                format!("{link}”,"),
                format!("{link}%E2%80%9D"),
            ] {
                assert_eq!(Route::parse(&changed), route, "{changed}");
            }
        }
        assert_eq!(
            Route::parse("#/s/wQ-x_y?fbclid=1#"),
            Route::Snapshot("wQ-x_y".into()),
        );
        // What stands in a search is the person's own.
        let filter = Filter {
            search: "why?".into(),
            ..Filter::default()
        };
        let search = Route::Board(board, Screen::Cruxes(filter, Sort::Own));
        assert_eq!(Route::parse(&format!("#/{board}?q=why?")), search);
    }

    #[test]
    fn every_address_leads_back_to_its_screen() {
        let board: ChangeId = "01KASQ2Y3G0000000000000000".parse().unwrap();
        let crux = CruxId(board);
        let mut filter = Filter {
            search: "a&b=ü %41+".into(),
            ..Filter::default()
        };
        filter.toggle(Facet::Tag, "50% / “x”");
        filter.toggle(Facet::Tag, "y");
        filter.toggle(Facet::Bearing, "net-negative");
        for screen in [
            Screen::Cruxes(Filter::default(), Sort::Own),
            Screen::Cruxes(filter.clone(), Sort::Due),
            Screen::Crux(crux),
            Screen::NewCrux,
            Screen::Evidence(Filter::default()),
            Screen::Evidence(filter.clone()),
            Screen::NewEvidence(None),
            Screen::NewEvidence(Some(crux)),
            Screen::NewEvidenceOn(crux, Direction::Against),
            Screen::EvidenceItem(EvidenceId(board)),
            Screen::FollowUps(Filter::default()),
            Screen::FollowUps(filter),
            Screen::Due,
            Screen::Since(None, None),
            Screen::Since(None, Some(board)),
            Screen::Since(Some(board), Some(ChangeId::MIN)),
            Screen::Decisions,
            Screen::Decide(None),
            Screen::Decide(Some(TriggerId(board))),
            Screen::Reviews,
            Screen::Review(ReviewId(board)),
            Screen::Walk(ReviewId(board), crux),
            Screen::Minutes(ReviewId(board)),
            Screen::Round(RoundId(board)),
            Screen::Scores,
            Screen::Setup,
            Screen::Share(None),
            Screen::Share(Some(crux)),
            Screen::Reading,
            Screen::Tables,
            Screen::History,
        ] {
            let route = Route::Board(board, screen);
            assert_eq!(Route::parse(&route.href()), route, "{}", route.href());
        }
        assert_eq!(Route::parse(&Route::Start.href()), Route::Start);
        assert_eq!(Route::parse(&Route::Backups.href()), Route::Backups);
        assert_eq!(Route::parse(""), Route::Start);
        for payload in ["", "wQ-_x", "wQ/key", "%%"] {
            let route = Route::Snapshot(payload.into());
            assert_eq!(Route::parse(&route.href()), route);
        }
        let invitation = |header: &str, value: &str| {
            Route::Join(Invitation {
                address: "https://example.org/boards/x?y=ü&z".into(),
                header: header.into(),
                value: value.into(),
            })
        };
        for route in [
            invitation("", ""),
            invitation("Authorization", "Bearer a+b/c="),
            invitation("Authorization", "Bearer a.b."),
            invitation("Authorization", "Basic a+b/c="),
            invitation("X-Key", "Bearer x y"),
        ] {
            assert_eq!(Route::parse(&route.href()), route, "{}", route.href());
        }
        for (at, key) in [("", "k-_9"), ("", ""), ("https://example.org/a b", "k")] {
            let route = Route::Hosted(HostedLink {
                at: at.into(),
                id: "aB-_9".into(),
                key: key.into(),
            });
            assert_eq!(Route::parse(&route.href()), route, "{}", route.href());
        }
        let as_before =
            "#/join?at=https%3A%2F%2Fexample.org%2Fx&header=Authorization&value=Bearer%20t";
        let Route::Join(invitation) = Route::parse(as_before) else {
            panic!("an invitation of the first version opens for ever");
        };
        assert_eq!(invitation.address, "https://example.org/x");
        assert_eq!(invitation.value, "Bearer t");
        for wrong in [
            "#/h/",
            "#/h/a.b/c",
            "#/h/a/k?at=javascript:x",
            "#/nowhere",
            "#/%%%/crux",
        ] {
            assert_eq!(Route::parse(wrong), Route::Unknown, "{wrong}");
        }
        let board = "01KASQ2Y3G0000000000000000";
        for wrong in ["x", "crux", "crux/nonsense", "crux/1/2", "review/x/minutes"] {
            let address = format!("#/{board}/{wrong}");
            let unknown = Route::Board(board.parse().unwrap(), Screen::Unknown);
            assert_eq!(Route::parse(&address), unknown, "{wrong}");
        }
    }
}
