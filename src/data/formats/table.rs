//! `labels.csv`: a line for each file, with its label and, if there is a third column, its split.

use crate::data::{DataError, DataErrorKind, Split};

/// The file's name, beside the pictures.
pub const LABELS_CSV: &str = "labels.csv";

/// What the columns may be called; a first line with none of these names is a sample already.
const FILE: [&str; 6] = ["file", "filename", "file_name", "path", "image", "name"];
const LABEL: [&str; 5] = ["label", "class", "category", "target", "classname"];
const SPLIT: [&str; 4] = ["split", "set", "subset", "usage"];

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The path, from where the table is.
    pub file: String,
    /// `None` where the field is empty.
    pub label: Option<String>,
    pub split: Option<Split>,
}

/// The lines of a table of files, UTF-8, with commas, semicolons or tabs between the fields.
///
/// # Errors
/// If it is no table, has no column of labels, or a split has a name that is not known; the line is named.
pub fn rows(table: &[u8]) -> Result<Vec<Row>, DataError> {
    let table = table.strip_prefix(b"\xef\xbb\xbf").unwrap_or(table);
    let first = table
        .split(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |mark: u8| first.iter().filter(|&&byte| byte == mark).count();
    let marks = [b',', b';', b'\t'];
    let mark = marks.into_iter().rev().max_by_key(|&mark| count(mark));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mark.unwrap_or(b','))
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(table);
    let mut columns = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(line_of(&error), error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        if columns.is_none() {
            let named = Columns::named(&record);
            columns = Some(named.unwrap_or(Columns::UNNAMED));
            if named.is_some() {
                continue;
            }
        }
        let columns = columns.unwrap_or(Columns::UNNAMED);
        rows.extend(columns.row(&record, line)?);
    }
    Ok(rows)
}

fn refused(line: u64, why: String) -> DataError {
    DataErrorKind::TableUnreadable { line, why }.into()
}

fn line_of(error: &csv::Error) -> u64 {
    error.position().map_or(0, csv::Position::line)
}

/// Where each field is.
#[derive(Clone, Copy)]
struct Columns {
    file: usize,
    label: usize,
    split: Option<usize>,
}

impl Columns {
    const UNNAMED: Columns = Columns {
        file: 0,
        label: 1,
        split: Some(2),
    };

    fn named(first: &csv::StringRecord) -> Option<Self> {
        let find = |names: &[&str]| {
            let mut fields = first.iter();
            fields.position(|field| names.iter().any(|name| field.eq_ignore_ascii_case(name)))
        };
        Some(Columns {
            file: find(&FILE)?,
            label: find(&LABEL)?,
            split: find(&SPLIT),
        })
    }

    /// `None` of an empty line.
    fn row(self, record: &csv::StringRecord, line: u64) -> Result<Option<Row>, DataError> {
        let field = |place: usize| record.get(place).filter(|field| !field.is_empty());
        let Some(file) = field(self.file) else {
            return Ok(None);
        };
        if record.len() <= self.label {
            return Err(refused(line, "it has no label".into()));
        }
        let split = self.split.and_then(field);
        let known = |name: &str| {
            let unknown = || refused(line, format!("{name} is no split"));
            Split::of_folder(name).ok_or_else(unknown)
        };
        Ok(Some(Row {
            file: file.to_owned(),
            label: field(self.label).map(str::to_owned),
            split: split.map(known).transpose()?,
        }))
    }
}
