//! Kinds of binary files, by their first bytes.

use super::{COPY_ITS_TEXT, FileKind, LOOKED_AT, NO_TEXT, SAVE_AS_CSV, UNPACK, kind};
use crate::translatable;
use crate::translation::translated;

/// Returns whether a file is a document packed as a zip archive, such as a workbook, also if it is truncated.
pub(crate) fn is_packed_document(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && packed(bytes).is_some_and(|kind| kind.advice != translated(UNPACK))
}

pub(super) fn packed(bytes: &[u8]) -> Option<FileKind> {
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    let holds = |mark: &str| {
        let mut places = start.windows(mark.len());
        places.any(|place| place == mark.as_bytes())
    };
    if start.starts_with(b"PK\x03\x04") {
        if holds("opendocument.spreadsheet") {
            return Some(kind(translatable!("a spreadsheet (.ods)"), SAVE_AS_CSV));
        }
        if holds("xl/") {
            return Some(kind(translatable!("a spreadsheet (.xlsx)"), SAVE_AS_CSV));
        }
        if holds("word/") || holds("ppt/") || holds("opendocument.") {
            return Some(kind(translatable!("an office document"), COPY_ITS_TEXT));
        }
        // The names of a workbook's parts may lie beyond the inspected beginning.
        if holds("[Content_Types].xml") {
            return Some(kind(
                translatable!("a spreadsheet (.xlsx) or another office file"),
                SAVE_AS_CSV,
            ));
        }
        return Some(kind(translatable!("an archive (.zip)"), UNPACK));
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
        let name = translatable!("a spreadsheet (.xls) or another old office file");
        Some(kind(name, SAVE_AS_CSV))
    } else if start.starts_with(b"%PDF-") {
        Some(kind(translatable!("a PDF"), COPY_ITS_TEXT))
    } else if is_picture {
        Some(kind(translatable!("a picture"), NO_TEXT))
    } else if start.get(4..8) == Some(b"ftyp") {
        Some(kind(translatable!("a picture or a film"), NO_TEXT))
    } else if is_archive.iter().any(|mark| start.starts_with(mark)) {
        Some(kind(translatable!("an archive"), UNPACK))
    } else if start.starts_with(b"SQLite format 3\0") {
        Some(kind(translatable!("a database"), NO_TEXT))
    } else {
        None
    }
}
