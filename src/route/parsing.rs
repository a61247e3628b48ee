//! Parses addresses.

use super::mending::mended;
use super::percent::decode_percent;
use super::query::{clipping_in, pairs};
use super::{
    AUTHORIZATION, BACKUPS, BEARER, HOSTED, HostedLink, Invitation, JOIN, NEW, NewBoardStep, Route,
    SAVE, SNAPSHOT, Screen,
};

impl Route {
    /// Parses a fragment, with or without its `#`.
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
            return Self::Join(invitation_in(query));
        }
        if board == NEW {
            let step = NewBoardStep::from_key(parts.next().unwrap_or_default());
            return step.map_or(Self::Unknown, Self::NewBoard);
        }
        if board == HOSTED {
            return hosted_in(parts, query).map_or(Self::Unknown, Self::Hosted);
        }
        if board == SAVE {
            return Self::Save(clipping_in(query));
        }
        if board == BACKUPS {
            return Self::Backups;
        }
        let Ok(board) = board.parse() else {
            return Self::Unknown;
        };
        let parts: Vec<&str> = parts.collect();
        Self::Board(
            board,
            Screen::parse(&parts, query).unwrap_or(Screen::Unknown),
        )
    }
}

fn invitation_in(query: &str) -> Invitation {
    let mut invitation = Invitation::default();
    for (key, value) in pairs(query) {
        match key.as_str() {
            "at" => invitation.address = value,
            "header" => invitation.header = value,
            "value" => invitation.value = value,
            "as" => invitation.guest = value,
            "token" => {
                invitation.header = AUTHORIZATION.into();
                invitation.value = format!("{BEARER}{value}");
            }
            _ => {}
        }
    }
    if is_encoded_address(&invitation.address) {
        for text in [
            &mut invitation.address,
            &mut invitation.value,
            &mut invitation.guest,
        ] {
            *text = decode_percent(text);
        }
    }
    invitation
}

fn hosted_in<'a>(mut parts: impl Iterator<Item = &'a str>, query: &str) -> Option<HostedLink> {
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
        return None;
    }
    Some(HostedLink { at, id, key })
}

/// Returns whether an address from a query was percent-encoded once more on its way.
fn is_encoded_address(address: &str) -> bool {
    !address.contains("://") && address.contains('%')
}
