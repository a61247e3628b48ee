//! Formats addresses.

use super::percent::{encode, encode_address};
use super::query::spell_clipping;
use super::{
    AUTHORIZATION, BACKUPS, BEARER, HOSTED, HostedLink, Invitation, JOIN, NEW, Route, SAVE,
    SNAPSHOT,
};

impl Route {
    /// Returns the address, with its `#`.
    #[must_use]
    pub fn href(&self) -> String {
        let (board, screen) = match self {
            Self::Board(board, screen) => (board, screen),
            Self::NewBoard(step) => {
                let stroke = if step.key().is_empty() { "" } else { "/" };
                return format!("#/{NEW}{stroke}{}", step.key());
            }
            Self::Join(invitation) => return spell_invitation(invitation),
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
            Self::Save(clipping) => return format!("#/{SAVE}{}", spell_clipping(None, clipping)),
            Self::Start | Self::Unknown => return "#/".into(),
        };
        format!("#/{board}{}", screen.spelled())
    }
}

fn spell_invitation(invitation: &Invitation) -> String {
    let Invitation {
        address,
        header,
        value,
        guest,
    } = invitation;
    let address = encode_address(address);
    // A short form, since the address is also shown as a QR code.
    let token = value.strip_prefix(BEARER);
    let guest = match guest.as_str() {
        "" => String::new(),
        guest => format!("&as={}", encode(guest)),
    };
    let href = match token.filter(|_| header == AUTHORIZATION) {
        Some(token) => format!("#/{JOIN}?at={address}{guest}&token={}", encode(token)),
        None if value.is_empty() => format!("#/{JOIN}?at={address}{guest}"),
        None => format!(
            "#/{JOIN}?at={address}{guest}&header={}&value={}",
            encode(header),
            encode(value)
        ),
    };
    // Programs take a full stop at the end of a link for the end of the sentence.
    match href.strip_suffix('.') {
        Some(rest) => format!("{rest}%2E"),
        None => href,
    }
}
