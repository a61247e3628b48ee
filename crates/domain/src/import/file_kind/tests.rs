use super::*;

#[test]
fn a_binary_file_is_called_by_its_name() {
    let workbook = b"PK\x03\x04\x14\x00\x06\x00[Content_Types].xml \xa2\x04\x02 xl/workbook.xml";
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
