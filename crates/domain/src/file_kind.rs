//! What a file or pasted text is, by its first bytes and keys: to name it where it cannot be read.

/// A kind of content that no importer reads as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileKind {
    /// Its name with an article: "a spreadsheet (.xlsx)".
    pub name: &'static str,
    /// One sentence on what to do instead.
    pub advice: &'static str,
}

/// How much of a text is looked at.
const LOOKED_AT: usize = 64 * 1024;

const SAVE_AS_CSV: &str =
    "Open it in a spreadsheet program, save the sheet as CSV, and bring that in.";
const UNPACK: &str = "Unpack it first, and bring in the file inside.";
const NO_TEXT: &str = "There is no text in it that could be read here.";
const COPY_THE_CHAT: &str =
    "Open the conversation itself, select and copy it, and paste it into the reading list.";

/// The kind of a text that is no table and no page: a workbook, an archive, a picture or a program's
/// JSON export. `None` when it may be either. A binary file is expected as a lossy UTF-8 reading.
#[must_use]
pub fn file_kind(text: &str) -> Option<FileKind> {
    let text = text.trim_start_matches('\u{feff}');
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = &text[..end];
    packed(start).or_else(|| json(start.trim_start()))
}

fn packed(start: &str) -> Option<FileKind> {
    let kind = |name, advice| Some(FileKind { name, advice });
    let holds = |mark: &str| start.contains(mark);
    if start.starts_with("PK\u{3}\u{4}") {
        if holds("opendocument.spreadsheet") {
            return kind("a spreadsheet (.ods)", SAVE_AS_CSV);
        }
        if holds("xl/") {
            return kind("a spreadsheet (.xlsx)", SAVE_AS_CSV);
        }
        if holds("word/") || holds("ppt/") || holds("opendocument.") {
            return kind("an office document", "Copy its text, and paste that.");
        }
        // The parts of a workbook may be named only beyond what is looked at.
        if holds("[Content_Types].xml") {
            return kind("a spreadsheet (.xlsx) or another office file", SAVE_AS_CSV);
        }
        return kind("an archive (.zip)", UNPACK);
    }
    // D0 CF 11 E0 A1 B1, as a lossy reading has it.
    if start.starts_with("\u{fffd}\u{fffd}\u{11}\u{871}") {
        return kind(
            "a spreadsheet (.xls) or another old office file",
            SAVE_AS_CSV,
        );
    }
    if start.starts_with("%PDF-") {
        return kind("a PDF", "Copy its text, and paste that.");
    }
    if start.starts_with("\u{fffd}PNG\r\n")
        || start.starts_with("GIF8")
        || start.starts_with("\u{fffd}\u{fffd}\u{fffd}")
    {
        return kind("a picture", NO_TEXT);
    }
    if start.starts_with("\u{1f}\u{fffd}") || start.starts_with("7z\u{fffd}\u{fffd}") {
        return kind("an archive", UNPACK);
    }
    None
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

fn json(start: &str) -> Option<FileKind> {
    let inside = start.strip_prefix(['{', '['])?.trim_start();
    // Text may begin with a bracket too: JSON goes on with a key, another bracket or a bare value.
    let is_json = inside.starts_with(['"', '{', '[', '}', ']'])
        && (inside.starts_with(['}', ']']) || start.contains("\":") || start.contains("\" :"));
    if !is_json {
        return None;
    }
    let export = EXPORTS
        .iter()
        .find(|(keys, _)| keys.iter().all(|key| start.contains(key)));
    Some(match export {
        Some((_, name)) => FileKind {
            name,
            advice: COPY_THE_CHAT,
        },
        None => FileKind {
            name: "JSON, the data of a program,",
            advice: "Bring in the page or the table that it was exported from instead.",
        },
    })
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
            (b"\x1f\x8b\x08\0", "an archive"),
        ] {
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(
                file_kind(&text).map(|kind| kind.name),
                Some(name),
                "{text:?}"
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
            ("{}", "JSON, the data of a program,"),
        ] {
            assert_eq!(file_kind(text).map(|kind| kind.name), Some(name), "{text}");
        }
        for text in [
            "[10:32] Ann: so",
            "{so} it goes",
            "[\"quoted\"] a link",
            "title,chance\n\"a\",1",
            "",
        ] {
            assert_eq!(file_kind(text), None, "{text}");
        }
    }
}
