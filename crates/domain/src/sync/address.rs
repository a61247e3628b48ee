//! The address of a board and its credential, as typed or pasted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::t;
use crate::{BoardId, ChangeId};

/// The reason why an address is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// The address is empty.
    #[error("{}", t!("Put in the address of the board."))]
    Empty,
    /// The address contains a space, a line break, or an invisible character.
    #[error("{}", t!("The address holds {letter}. Type or paste it again without that.", letter = .0))]
    Letter(String),
    /// The address names no server.
    #[error("{}", t!("The address names no server: it begins with https:// and the server’s name."))]
    NoServer,
    /// The scheme is neither http nor https.
    #[error("{}", t!("The address has to begin with https:// or http://."))]
    Scheme,
    /// The address contains a user name and password.
    #[error("{}", t!("The address holds a name or a password, which browsers do not send from there. Take everything before the @ out of it, and put both in under Credential, as “User and password (Basic)”."))]
    Credential,
    /// The address is one of this app's pages.
    #[error("{}", t!("This is the address of a page, with a # in it. Open an invitation by pasting it in the browser’s address bar; here goes the address of the board itself."))]
    Page,
    /// The address is that of a server or a folder, and the board is not known.
    #[error("{}", t!(
        "{folder} is a server or a folder, and not yet a board: its address goes on, as in {folder}{board}",
        folder = .0,
        board = .1
    ))]
    Folder(String, String),
}

/// Completes a typed address to the address of a board. `board` is the board, if known; then a server or a
/// folder is enough.
///
/// # Errors
/// [`AddressError`] if the address cannot be completed; it says what to enter instead.
pub fn board_address(typed: &str, board: Option<BoardId>) -> Result<String, AddressError> {
    let typed = typed.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter));
    if typed.is_empty() {
        return Err(AddressError::Empty);
    }
    let odd = |letter: &char| letter.is_whitespace() || is_invisible(*letter);
    if let Some(letter) = typed.chars().find(odd) {
        return Err(AddressError::Letter(in_words(letter)));
    }
    let (scheme, rest) = match typed.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => (scheme_for(typed)?.to_owned(), typed),
    };
    if !matches!(scheme.as_str(), "http" | "https") {
        return Err(AddressError::Scheme);
    }
    let server_ends = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (server, path) = rest.split_at(server_ends);
    if server.contains('@') {
        return Err(AddressError::Credential);
    }
    if server.is_empty() || server.starts_with(':') {
        return Err(AddressError::NoServer);
    }
    if path.contains('#') {
        return Err(AddressError::Page);
    }
    let path = if path.is_empty() { "/" } else { path };
    let address = format!("{scheme}://{server}{path}");
    if path.contains('?') || !path.ends_with('/') && path != "/boards" {
        return Ok(address);
    }
    let folder = address.trim_end_matches('/');
    if let Some((_, id)) = folder.rsplit_once("/boards/")
        && id.parse::<ChangeId>().is_ok()
    {
        return Ok(folder.to_owned());
    }
    let name = |board: &str| match path {
        // Our own server has its boards under this path; in a folder of any other server, the file is named
        // after the board.
        "/" => format!("/boards/{board}"),
        "/boards" | "/boards/" => format!("/{board}"),
        _ => format!("/{board}.json"),
    };
    match board {
        Some(board) => Ok(format!("{folder}{}", name(&board.to_string()))),
        None => Err(AddressError::Folder(folder.to_owned(), name("01…"))),
    }
}

/// Returns the scheme of an address that was typed without one.
fn scheme_for(typed: &str) -> Result<&'static str, AddressError> {
    let (server, _) = typed.split_once('/').unwrap_or((typed, ""));
    let name = server.rsplit('@').next().unwrap_or_default();
    let has_port = name
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    if ["localhost", "127.", "[::1]"]
        .iter()
        .any(|here| name.starts_with(here))
    {
        return Ok("http");
    }
    let is_file = !typed.contains('/') && name.ends_with(".json");
    match (name.contains('.') && !is_file) || has_port {
        true => Ok("https"),
        // Other schemes, such as "mailto:" and "file:".
        false if name.contains(':') && !name.starts_with('/') => Err(AddressError::Scheme),
        false => Err(AddressError::NoServer),
    }
}

/// The reason why a credential cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The credential contains a line break or an invisible character.
    #[error("{}", t!(
        "The credential holds {letter}, which came along when it was copied. Type or paste it again without that.",
        letter = .0
    ))]
    Invisible(String),
    /// The credential contains a character that headers cannot carry.
    #[error("{}", t!(
        "The credential holds “{letter}”, which cannot be sent in a header. Look for a typing error.",
        letter = .0
    ))]
    Letter(char),
    /// The header's name is invalid.
    #[error("{}", t!(
        "“{name}” cannot be the name of a header: it has letters, digits and hyphens, and no spaces.",
        name = .0
    ))]
    Header(String),
}

/// Checks whether a typed credential can be sent. `is_encoded`: it is sent in base64, which can carry every
/// character.
///
/// # Errors
/// [`CredentialError`] if it cannot be sent.
pub fn check_credential(
    header: &str,
    secret: &str,
    is_encoded: bool,
) -> Result<(), CredentialError> {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !header.bytes().all(is_name) {
        return Err(CredentialError::Header(header.to_owned()));
    }
    for letter in secret.chars() {
        if is_invisible(letter) || (letter.is_whitespace() && letter != ' ') {
            return Err(CredentialError::Invisible(in_words(letter)));
        }
        // RFC 9110 requires ASCII, and `reqwest` sends nothing else from a browser.
        if !is_encoded && !letter.is_ascii() {
            return Err(CredentialError::Letter(letter));
        }
    }
    Ok(())
}

/// Returns the value of an `Authorization` header for a user and a password, as in `ann:secret` (RFC 7617).
#[must_use]
pub fn basic_credential(user_and_password: &str) -> String {
    format!("Basic {}", BASE64.encode(user_and_password))
}

/// Returns whether a character is invisible.
fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'
                | '\u{1160}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Describes an invisible character.
fn in_words(letter: char) -> String {
    match letter {
        ' ' => t!("a space").to_owned(),
        '\n' | '\r' => t!("a line break").to_owned(),
        '\t' => t!("a tab").to_owned(),
        letter => t!(
            "an invisible character ({code})",
            code = format!("U+{:04X}", u32::from(letter))
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01M83T4CM00000000000000000";

    #[test]
    fn an_address_is_completed_or_asked_about_and_never_taken_for_a_path_of_the_app() {
        let board: BoardId = ID.parse().unwrap();
        for (typed, expected) in [
            ("https://x.test/b.json", "https://x.test/b.json"),
            ("  https://x.test/b.json\n", "https://x.test/b.json"),
            (
                "\u{feff}https://x.test/b.json\u{200b}",
                "https://x.test/b.json",
            ),
            ("HTTPS://x.test/b.json", "https://x.test/b.json"),
            ("x.test/b.json", "https://x.test/b.json"),
            ("x.test:8443/b.json", "https://x.test:8443/b.json"),
            ("box:8443/b.json", "https://box:8443/b.json"),
            ("localhost:8080/b.json", "http://localhost:8080/b.json"),
            ("127.0.0.1:8080/b.json", "http://127.0.0.1:8080/b.json"),
            (
                "https://x.test/b.json?key=1/",
                "https://x.test/b.json?key=1/",
            ),
            ("https://x.test", "https://x.test/boards/ID"),
            ("https://x.test/", "https://x.test/boards/ID"),
            ("x.test", "https://x.test/boards/ID"),
            ("https://x.test/boards", "https://x.test/boards/ID"),
            ("https://x.test/boards/", "https://x.test/boards/ID"),
            ("https://x.test/boards/ID/", "https://x.test/boards/ID"),
            ("https://x.test/boards/ID", "https://x.test/boards/ID"),
            (
                "https://x.test/dav/boards/",
                "https://x.test/dav/boards/ID.json",
            ),
            ("https://x.test/dav/", "https://x.test/dav/ID.json"),
        ] {
            let (typed, expected) = (typed.replace("ID", ID), expected.replace("ID", ID));
            assert_eq!(board_address(&typed, Some(board)), Ok(expected), "{typed}");
        }
        let folder = |server: &str, rest: &str| AddressError::Folder(server.into(), rest.into());
        for (typed, expected) in [
            ("", AddressError::Empty),
            (" \u{200b} ", AddressError::Empty),
            ("boards/01", AddressError::NoServer),
            ("/boards/01", AddressError::NoServer),
            ("b.json", AddressError::NoServer),
            ("https://", AddressError::NoServer),
            ("https:///b.json", AddressError::NoServer),
            ("ftp://x.test/b.json", AddressError::Scheme),
            ("file:///home/b.json", AddressError::Scheme),
            ("mailto:a", AddressError::Scheme),
            ("https://a:b@x.test/b.json", AddressError::Credential),
            ("a:b@x.test/b.json", AddressError::Credential),
            ("https://x.test/#/join?at=y", AddressError::Page),
            (
                "https://x.test/a b.json",
                AddressError::Letter("a space".into()),
            ),
            (
                "https://x.test/\u{200b}b.json",
                AddressError::Letter("an invisible character (U+200B)".into()),
            ),
            ("https://x.test", folder("https://x.test", "/boards/01…")),
            (
                "https://x.test/boards/",
                folder("https://x.test/boards", "/01…"),
            ),
            (
                "https://x.test/dav/",
                folder("https://x.test/dav", "/01….json"),
            ),
        ] {
            assert_eq!(board_address(typed, None), Err(expected), "{typed}");
        }
    }

    #[test]
    fn a_user_and_a_password_are_sent_as_utf_8_in_base64() {
        for (typed, expected) in [
            ("Aladdin:open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test:123£", "Basic dGVzdDoxMjPCow=="),
        ] {
            assert_eq!(basic_credential(typed), expected);
        }
    }

    #[test]
    fn a_credential_that_cannot_be_sent_as_it_is_is_said_to_be() {
        let invisible = |name: &str| Err(CredentialError::Invisible(name.into()));
        for (header, secret, is_encoded, expected) in [
            ("Authorization", "Bearer abc", false, Ok(())),
            ("X-Key", "key with spaces", false, Ok(())),
            ("Authorization", "ann:pässword", true, Ok(())),
            (
                "Authorization",
                "ann:pässword",
                false,
                Err(CredentialError::Letter('ä')),
            ),
            ("Authorization", "ann:пароль", true, Ok(())),
            ("", "", false, Ok(())),
            (
                "Authorization",
                "ann:пароль",
                false,
                Err(CredentialError::Letter('п')),
            ),
            (
                "Authorization",
                "Bearer a\u{200b}c",
                false,
                invisible("an invisible character (U+200B)"),
            ),
            (
                "Authorization",
                "ann:p\u{200b}",
                true,
                invisible("an invisible character (U+200B)"),
            ),
            (
                "Authorization",
                "Bearer a\u{a0}c",
                false,
                invisible("an invisible character (U+00A0)"),
            ),
            (
                "Authorization",
                "Bearer a\nc",
                false,
                invisible("a line break"),
            ),
            (
                "Authorization",
                "Bearer a\u{feff}",
                false,
                invisible("an invisible character (U+FEFF)"),
            ),
            (
                "My header",
                "x",
                false,
                Err(CredentialError::Header("My header".into())),
            ),
            (
                "Schlüssel",
                "x",
                false,
                Err(CredentialError::Header("Schlüssel".into())),
            ),
        ] {
            assert_eq!(
                check_credential(header, secret, is_encoded),
                expected,
                "{secret}"
            );
        }
    }
}
