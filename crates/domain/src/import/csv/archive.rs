//! Tables in zip archives: the export of Metaculus, and archives with one table, as Google Forms exports
//! responses.

use crate::translatable;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder};

use super::SheetError;
use super::metaculus;
use crate::checksum::crc32;
use crate::file_kind::is_packed_document;

/// Maximum number of files in an archive.
const MOST_FILES: usize = 1_000;

/// Maximum size of all unpacked files that are read, in bytes. Forecasts of Metaculus have some 4 kB each for
/// distributions that the table does not use.
const MOST_UNPACKED: usize = 64 * 1024 * 1024;

const DAMAGED: SheetError = SheetError::Archive(translatable!(
    "This archive is cut off or damaged, and nothing of it was read. Please download it again."
));
const TOO_LARGE: SheetError = SheetError::Archive(translatable!(
    "This archive unpacks to more than 64 MB or holds more than 1,000 files. Please unpack it, and bring in the tables one by one."
));
const OTHER_PACKING: SheetError = SheetError::Archive(translatable!(
    "This archive is encrypted or packed in a way that is not read here. Please unpack it, and bring in the tables one by one."
));
const SEVERAL: SheetError = SheetError::Archive(translatable!(
    "This archive holds several tables. Please unpack it, and bring them in one by one."
));
const NO_TABLE: SheetError = SheetError::Archive(translatable!(
    "There is no table in this archive. Please unpack it, and bring in the file inside."
));
const NOT_UTF_8: SheetError = SheetError::Archive(translatable!(
    "The table in this archive is not in UTF-8. Please unpack it, and bring in the file inside."
));

/// A file in an archive whose name is that of a table.
struct Packed {
    name: String,
    method: CompressionMethod,
    is_encrypted: bool,
    place: ZipArchiveEntryWayfinder,
    crc: u32,
}

/// Unpacks the table of a zip archive. `None` if the bytes are not an archive, or are a spreadsheet or other
/// document that is reported by its name elsewhere.
///
/// # Errors
/// [`SheetError`] if the archive has no readable table.
pub fn table_in_archive(bytes: &[u8]) -> Option<Result<String, SheetError>> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    // A truncated workbook is still reported as a workbook.
    let damaged = || (!is_packed_document(bytes)).then_some(Err(DAMAGED));
    let Ok(archive) = ZipArchive::from_slice(bytes) else {
        return damaged();
    };
    let mut tables = Vec::new();
    let mut entries = archive.entries();
    let mut count = 0;
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => break,
            Err(_) => return damaged(),
        };
        count += 1;
        if count > MOST_FILES {
            return Some(Err(TOO_LARGE));
        }
        let name = String::from_utf8_lossy(entry.file_path().as_ref()).into_owned();
        // Spreadsheets and documents are archives too.
        if name == "[Content_Types].xml" || name == "mimetype" {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        let is_table = [".csv", ".tsv", ".txt", ".json"]
            .iter()
            .any(|ending| lower.ends_with(ending));
        // macOS adds a shadow file for each file.
        if !is_table || entry.is_dir() || name.starts_with("__MACOSX/") {
            continue;
        }
        tables.push(Packed {
            name: lower,
            method: entry.compression_method(),
            is_encrypted: entry.flags().is_encrypted(),
            place: entry.wayfinder(),
            crc: entry.crc32(),
        });
    }
    let mut room = MOST_UNPACKED;
    let mut unpack = |packed: &Packed| {
        let entry = archive.get_entry(packed.place).or(Err(DAMAGED))?;
        let bytes = inflated(entry.data(), packed, room)?;
        room -= bytes.len();
        if crc32(&bytes) != packed.crc {
            return Err(DAMAGED);
        }
        String::from_utf8(bytes).or(Err(NOT_UTF_8))
    };
    let named = |ending: &str| tables.iter().find(|table| table.name.ends_with(ending));
    let questions = named("question_data.csv");
    Some(match (questions, named("forecast_data.csv")) {
        (Some(questions), Some(forecasts)) => unpack(questions)
            .and_then(|questions| metaculus::joined(&questions, &unpack(forecasts)?)),
        _ => match tables.as_slice() {
            [] => Err(NO_TABLE),
            [table] => unpack(table),
            _ => Err(SEVERAL),
        },
    })
}

/// Unpacks one file, at most `room` bytes.
fn inflated(data: &[u8], packed: &Packed, room: usize) -> Result<Vec<u8>, SheetError> {
    use miniz_oxide::inflate::TINFLStatus;
    match packed.method {
        _ if packed.is_encrypted => Err(OTHER_PACKING),
        CompressionMethod::STORE if data.len() > room => Err(TOO_LARGE),
        CompressionMethod::STORE => Ok(data.to_vec()),
        CompressionMethod::DEFLATE => {
            decompress_to_vec_with_limit(data, room).map_err(|error| match error.status {
                TINFLStatus::HasMoreOutput => TOO_LARGE,
                _ => DAMAGED,
            })
        }
        _ => Err(OTHER_PACKING),
    }
}
