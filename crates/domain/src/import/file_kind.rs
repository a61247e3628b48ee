//! Names for the content of files and pasted texts, by first bytes and keys, and how bytes become text.

use serde::de::IgnoredAny;

/// A kind of content, to be named where it cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    /// Its name with an article: "a spreadsheet (.xlsx)".
    pub name: &'static str,
    /// One sentence on what to do instead.
    pub advice: &'static str,
}

/// An encoding that a file may be read in after a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// Windows-1252, Western European.
    Windows1252,
}

impl Encoding {
    /// Its label in the Encoding Standard.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Its name as spreadsheet programs and editors show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf16Le => "UTF-16",
            Self::Utf16Be => "UTF-16 (big-endian)",
            Self::Windows1252 => "Windows-1252 (Western European)",
        }
    }
}

/// Why bytes are not read as text by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextError {
    /// They are something that has a name.
    Kind(FileKind),
    /// They are UTF-8, and end within a character. Holds the text before that.
    CutOff(String),
    /// They are not UTF-8: one has to say which encoding they are in. Holds these, likeliest first.
    Encoding(Vec<Encoding>),
}

/// How much of a text is looked at.
const LOOKED_AT: usize = 64 * 1024;

const SAVE_AS_CSV: &str =
    "Open it in a spreadsheet program, save the sheet as CSV, and bring that in.";
const UNPACK: &str = "Unpack it first, and bring in the file inside.";
const NO_TEXT: &str = "There is no text in it that could be read here.";
const COPY_THE_CHAT: &str =
    "Open the conversation itself, select and copy it, and paste it into the reading list.";
const COPY_ITS_TEXT: &str = "Copy its text, and paste that.";
const OPEN_IT: &str = "Open it with “Open a file…” on the first screen, or drop it anywhere.";
const BRING_IT_IN: &str =
    "Tables are brought in on a board, under “Take out and bring in”; texts in its reading list.";

const fn kind(name: &'static str, advice: &'static str) -> FileKind {
    FileKind { name, advice }
}

/// The text in a file.
///
/// # Errors
/// [`TextError`] when it is not UTF-8. No character is ever replaced.
pub fn text_of(bytes: &[u8]) -> Result<String, TextError> {
    if let Some(kind) = packed(bytes) {
        return Err(TextError::Kind(kind));
    }
    if let Some(encodings) = utf16(bytes) {
        return Err(TextError::Encoding(encodings));
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => error,
    };
    if holds_no_text(bytes) {
        let kind = kind("a file that is no text", "Choose another one.");
        return Err(TextError::Kind(kind));
    }
    let before = &bytes[..error.valid_up_to()];
    // A single accented letter at the end of ASCII text is more likely in another encoding.
    let is_utf8 = !before.is_ascii() || before.trim_ascii_start().starts_with(b"{");
    if error.error_len().is_none() && is_utf8 {
        return Err(TextError::CutOff(String::from_utf8_lossy(before).into()));
    }
    Err(TextError::Encoding(vec![
        Encoding::Windows1252,
        Encoding::Utf16Le,
    ]))
}

/// Recognises UTF-16 by its byte-order mark, or by each second byte being zero as in Western texts.
fn utf16(bytes: &[u8]) -> Option<Vec<Encoding>> {
    let order = match bytes {
        [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
        _ => {
            let looked_at = &bytes[..bytes.len().min(4_096)];
            let zeros = |parity: usize| {
                let places = looked_at.iter().skip(parity).step_by(2);
                places.filter(|byte| **byte == 0).count()
            };
            let (even, odd, half) = (zeros(0), zeros(1), looked_at.len() / 2);
            match half {
                0..4 => None,
                _ if odd * 2 > half && even * 20 < half => Some(Encoding::Utf16Le),
                _ if even * 2 > half && odd * 20 < half => Some(Encoding::Utf16Be),
                _ => None,
            }
        }
    };
    let order = order?;
    Some(vec![order, Encoding::Windows1252])
}

/// Whether there are control characters that no text has.
fn holds_no_text(bytes: &[u8]) -> bool {
    let looked_at = &bytes[..bytes.len().min(4_096)];
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 14..=26 | 28..=31);
    looked_at.iter().filter(is_control).count() * 100 > looked_at.len()
}

/// The kind of a text that is no table and no page: a workbook, an archive, a picture, a file of this
/// app, or a program's JSON export. `None` when it may be either.
#[must_use]
pub fn file_kind(text: &str) -> Option<FileKind> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    packed(text.as_bytes()).or_else(|| json(text))
}

/// The kind of any text that is not a file of this app.
#[must_use]
pub fn text_kind(text: &str) -> FileKind {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return kind("an empty file", "Choose another one.");
    }
    if let Some(kind) = file_kind(text) {
        return kind;
    }
    let start: String = text.chars().take(2_000).collect::<String>();
    let start = start.to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with('<') && start.contains("<html") {
        return kind(
            "a web page",
            "Open the page itself, copy it, and paste it into the reading list of a board.",
        );
    }
    if start.starts_with('<') && start.contains("<svg") {
        return kind("a picture (.svg)", NO_TEXT);
    }
    if start.starts_with("<?xml") {
        return kind("an XML file", NO_TEXT);
    }
    if start.starts_with("begin:vcalendar") {
        return kind("a calendar file", "Open it in a calendar.");
    }
    let mut lines = start.lines();
    let (first, second) = (lines.next(), lines.next());
    let is_table = [',', ';', '\t', '|'].iter().any(|mark| {
        let count = |line: Option<&str>| line.unwrap_or_default().matches(*mark).count();
        count(first) > 0 && count(first) == count(second)
    });
    if is_table {
        kind("a table", BRING_IT_IN)
    } else {
        kind("a text", BRING_IT_IN)
    }
}

/// Whether a file is packed as archives are but is a document, such as a workbook, also if it is cut off.
pub(crate) fn is_packed_document(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") && packed(bytes).is_some_and(|kind| kind.advice != UNPACK)
}

fn packed(bytes: &[u8]) -> Option<FileKind> {
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let holds = |mark: &str| {
        let mut places = start.windows(mark.len());
        places.any(|place| place == mark.as_bytes())
    };
    if start.starts_with(b"PK\x03\x04") {
        if holds("opendocument.spreadsheet") {
            return Some(kind("a spreadsheet (.ods)", SAVE_AS_CSV));
        }
        if holds("xl/") {
            return Some(kind("a spreadsheet (.xlsx)", SAVE_AS_CSV));
        }
        if holds("word/") || holds("ppt/") || holds("opendocument.") {
            return Some(kind("an office document", COPY_ITS_TEXT));
        }
        // The parts of a workbook may be named only beyond what is looked at.
        if holds("[Content_Types].xml") {
            return Some(kind(
                "a spreadsheet (.xlsx) or another office file",
                SAVE_AS_CSV,
            ));
        }
        return Some(kind("an archive (.zip)", UNPACK));
    }
    let is_picture = start.starts_with(b"\x89PNG\r\n")
        || start.starts_with(b"GIF8")
        || start.starts_with(b"\xff\xd8\xff")
        || start.starts_with(b"RIFF") && start.get(8..12) == Some(b"WEBP");
    let is_archive = [
        &b"\x1f\x8b"[..],
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!\x1a\x07",
        b"BZh9",
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
    ];
    if start.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        let name = "a spreadsheet (.xls) or another old office file";
        Some(kind(name, SAVE_AS_CSV))
    } else if start.starts_with(b"%PDF-") {
        Some(kind("a PDF", COPY_ITS_TEXT))
    } else if is_picture {
        Some(kind("a picture", NO_TEXT))
    } else if start.get(4..8) == Some(b"ftyp") {
        Some(kind("a picture or a film", NO_TEXT))
    } else if is_archive.iter().any(|mark| start.starts_with(mark)) {
        Some(kind("an archive", UNPACK))
    } else if start.starts_with(b"SQLite format 3\0") {
        Some(kind("a database", NO_TEXT))
    } else {
        None
    }
}

/// Programs by keys that stand at the beginning of what they export as JSON.
const EXPORTS: &[(&[&str], &str)] = &[
    (&["\"type\"", "\"ts\"", "\"text\""], "a Slack export (JSON)"),
    (
        &["\"guild\"", "\"channel\"", "\"messages\""],
        "a Discord export (JSON)",
    ),
    (
        &["\"messages\"", "\"from_id\"", "\"text\""],
        "a Telegram export (JSON)",
    ),
    (
        &["\"messages\"", "\"sender_name\""],
        "a Messenger or Instagram export (JSON)",
    ),
    (
        &["\"post_stream\"", "\"posts\""],
        "a Discourse topic (JSON)",
    ),
    (&["\"kind\"", "\"Listing\""], "a Reddit thread (JSON)"),
    (
        &["\"messages\"", "\"creator\"", "\"topic_id\""],
        "a Google Chat export (JSON)",
    ),
    (
        &["\"channel_id\"", "\"create_at\"", "\"message\""],
        "a Mattermost export (JSON)",
    ),
    (
        &["\"createdDateTime\"", "\"chatId\""],
        "a Teams export (JSON)",
    ),
    (
        &["\"mapping\"", "\"author\"", "\"parts\""],
        "an export of a chat with an assistant (JSON)",
    ),
];

/// Files of this app by their format.
const OURS: &[(&str, &str)] = &[
    (crate::document::FORMAT, "a board of Cruxboard"),
    (crate::backup::FORMAT, "a backup of Cruxboard"),
    (crate::snapshot::file::FORMAT, "a snapshot of Cruxboard"),
];

fn json(text: &str) -> Option<FileKind> {
    if !is_json(text) {
        return None;
    }
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    let heading: String = start.chars().take(200).filter(|c| *c != ' ').collect();
    let is_ours =
        |(format, _): &&(&str, &str)| heading.starts_with(&format!("{{\"format\":\"{format}\""));
    if let Some((_, name)) = OURS.iter().find(is_ours) {
        return Some(kind(name, OPEN_IT));
    }
    let export = EXPORTS
        .iter()
        .find(|(keys, _)| keys.iter().all(|key| start.contains(key)));
    Some(match export {
        Some((_, name)) => kind(name, COPY_THE_CHAT),
        None => kind(
            "JSON, the data of a program,",
            "Bring in the page or the table that it was exported from instead.",
        ),
    })
}

/// Whether a text is JSON, one value a line, or the beginning of either. Words in brackets are not.
fn is_json(text: &str) -> bool {
    let Some(inside) = text.strip_prefix(['{', '[']) else {
        return false;
    };
    if !inside.trim_start().starts_with(['"', '{', '[', '}', ']']) {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let rest = text[values.byte_offset()..].trim_start();
            rest.is_empty() || rest.starts_with(['{', '['])
        }
        // Text may begin with a bracket too: JSON that is cut off has a key before its end.
        Some(Err(error)) => error.is_eof() && (text.contains("\":") || text.contains("\" :")),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_file_is_called_by_its_name() {
        let workbook =
            b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml \xa2\x04\x02 xl/workbook.xml";
        let other = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml \xa2\x04\x02";
        for (bytes, name) in [
            (&workbook[..], "a spreadsheet (.xlsx)"),
            (&other[..], "a spreadsheet (.xlsx) or another office file"),
            (
                b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
                "a spreadsheet (.ods)",
            ),
            (b"PK\x03\x04\x14\x00questions.csv", "an archive (.zip)"),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
                "a spreadsheet (.xls) or another old office file",
            ),
            (b"%PDF-1.7\n", "a PDF"),
            (b"\x89PNG\r\n\x1a\n", "a picture"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "a picture"),
            (b"\0\0\0\x18ftypheic", "a picture or a film"),
            (b"\x1f\x8b\x08\0", "an archive"),
            (b"7z\xbc\xaf\x27\x1c\0", "an archive"),
            (b"SQLite format 3\0", "a database"),
            (
                b"\0asm\x01\0\0\0\xff\xfe\xfd\0\x01",
                "a file that is no text",
            ),
        ] {
            let found = text_of(bytes);
            assert!(
                matches!(found, Err(TextError::Kind(kind)) if kind.name == name),
                "{name}: {found:?}"
            );
        }
    }

    #[test]
    fn json_is_called_by_the_program_that_made_it() {
        for (text, name) in [
            (
                "[\n {\"type\": \"message\", \"user\": \"U01\", \"text\": \"a\", \"ts\": \"1.0\"}]",
                "a Slack export (JSON)",
            ),
            (
                "{\"guild\": {\"id\": \"1\"}, \"channel\": {}, \"messages\": []}",
                "a Discord export (JSON)",
            ),
            (
                "{\"post_stream\":{\"posts\":[]}}",
                "a Discourse topic (JSON)",
            ),
            (
                "[{\"kind\": \"Listing\", \"data\": {}}]",
                "a Reddit thread (JSON)",
            ),
            ("{\"a\": 1}", "JSON, the data of a program,"),
            ("{\"a\": 1, \"b\": [2, {\"c", "JSON, the data of a program,"),
            ("{\"a\": 1}\n{\"a\": 2}\n", "JSON, the data of a program,"),
            ("{}", "JSON, the data of a program,"),
            (
                "{\"format\": \"cruxboard\", \"version\": 1}",
                "a board of Cruxboard",
            ),
            (
                "{\"format\":\"cruxboard-boards\",\"boards\":[",
                "a backup of Cruxboard",
            ),
        ] {
            assert_eq!(file_kind(text).map(|kind| kind.name), Some(name), "{text}");
        }
    }

    #[test]
    fn json_is_said_of_nothing_else() {
        for text in [
            "[10:32] Ann: so",
            "{so} it goes",
            "[\"quoted\"] a link",
            "[\"quoted\": a link",
            "{\"so\": he said",
            "{\"so\": \"he\"} said",
            "[[wiki]] and \"so\": on",
            "[\"",
            "title,chance\n\"a\",1",
            "",
        ] {
            assert_eq!(file_kind(text), None, "{text}");
            assert!(!text_kind(text).name.contains("JSON"), "{text}");
        }
    }

    #[test]
    fn a_text_that_is_no_file_of_ours_has_a_name() {
        for (text, name) in [
            ("", "an empty file"),
            ("\u{feff} \n", "an empty file"),
            ("hello", "a text"),
            ("<!DOCTYPE html><p>", "a web page"),
            ("<html><script>alert(1)</script></html>", "a web page"),
            ("<?xml version=\"1.0\"?>\n<svg>", "a picture (.svg)"),
            ("<?xml version=\"1.0\"?>\n<rss>", "an XML file"),
            ("BEGIN:VCALENDAR\r\n", "a calendar file"),
            ("title,chance\nA,1\n", "a table"),
            ("title;chance\nA;1\n", "a table"),
            ("{\"nodes\":[]}", "JSON, the data of a program,"),
        ] {
            assert_eq!(text_kind(text).name, name, "{text:?}");
        }
    }

    #[test]
    fn bytes_are_text_only_where_each_of_them_is_read() {
        use Encoding::{Utf16Be, Utf16Le, Windows1252};
        let utf16 = |text: &str, turn: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(turn).collect()
        };
        let asks = |encodings: &[Encoding]| Err(TextError::Encoding(encodings.to_vec()));
        for (bytes, expected) in [
            (b"title;\xc3\xa4".to_vec(), Ok("title;ä".to_owned())),
            (Vec::new(), Ok(String::new())),
            (b"title;\xe4;x".to_vec(), asks(&[Windows1252, Utf16Le])),
            (b"caf\xe9".to_vec(), asks(&[Windows1252, Utf16Le])),
            (
                utf16("\u{feff}Größe;x", u16::to_le_bytes),
                asks(&[Utf16Le, Windows1252]),
            ),
            (
                utf16("\u{feff}Größe;x", u16::to_be_bytes),
                asks(&[Utf16Be, Windows1252]),
            ),
            (
                utf16("title;chance", u16::to_le_bytes),
                asks(&[Utf16Le, Windows1252]),
            ),
            (
                utf16("title;chance", u16::to_be_bytes),
                asks(&[Utf16Be, Windows1252]),
            ),
            (
                "title;ä;ö".as_bytes()[..10].to_vec(),
                Err(TextError::CutOff("title;ä;".to_owned())),
            ),
            (
                "{\"claim\":\"ä".as_bytes()[..11].to_vec(),
                Err(TextError::CutOff("{\"claim\":\"".to_owned())),
            ),
        ] {
            assert_eq!(text_of(&bytes), expected, "{bytes:?}");
        }
    }
}
