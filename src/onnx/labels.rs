//! Lists of classes as people have them beside a model: a name a line, a table, or JSON of several kinds.

mod json;
mod lines;

/// A list of more bytes is none: ImageNet's 21,841 classes with all their synonyms have one million.
const MAX_BYTES: usize = 8_000_000;
/// More classes than any network has.
const MAX_LABELS: usize = 100_000;
/// In characters. A longer name is a file of another kind.
const MAX_LENGTH: usize = 500;

/// Why a list of labels cannot be read: one sentence.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
#[error("{0}")]
pub struct LabelsError(pub &'static str);

/// The names in a list, in the order of the network's outputs. It may be
/// - text, one name a line, with any line ending; numbers before the names (Teachable Machine's `3 three`, `3: three`)
///   are where they stand, and WordNet's ids before them (`n01440764 tench, Tinca tinca`) are left out;
/// - a table with commas, semicolons or tabs, with a header or not, with a column of numbers or not;
/// - JSON: a list of names, an object from numbers to names or from names to numbers, or either of them within another
///   file (`id2label` of a `config.json`, `labels` of a `metadata.json`, COCO's `categories`), Keras'
///   `imagenet_class_index.json`; also as Python writes it (`{0: 'tench'}`).
///
/// Numbers count from 0 or 1, each once; those of COCO's categories may leave some out. Text is UTF-8, or UTF-16 with a
/// byte order mark.
///
/// # Errors
/// If it is no list of names, if its numbers leave gaps or are there twice, or if it is larger than any list is.
pub fn labels(text: &[u8]) -> Result<Vec<String>, LabelsError> {
    if text.len() > MAX_BYTES {
        return Err(LabelsError(
            "This list of labels has more than 8 MB: it is something else.",
        ));
    }
    let text = decoded(text)?;
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    let found = match text.starts_with(['{', '[']) {
        true => json::names(text).or_else(|error| match lines::is_bracketed_name(text) {
            true => lines::names(text),
            false => Err(error),
        }),
        false => lines::names(text),
    }?;
    checked(found)
}

fn decoded(bytes: &[u8]) -> Result<String, LabelsError> {
    let wide = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|&pair| of(pair)).collect();
        rest.is_empty().then(|| String::from_utf16(&units).ok())?
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    };
    text.ok_or(LabelsError(
        "This list of labels is no text in UTF-8. Save it as UTF-8 and open it again.",
    ))
}

fn checked(labels: Vec<String>) -> Result<Vec<String>, LabelsError> {
    let fault = if labels.is_empty() {
        "This list of labels is empty."
    } else if labels.len() > MAX_LABELS {
        "This list has more than 100,000 labels: no network has as many classes."
    } else if labels.iter().any(|label| label.contains(char::is_control)) {
        "This is no list of labels: it holds characters that no text has."
    } else if labels
        .iter()
        .any(|label| label.chars().count() > MAX_LENGTH)
    {
        "This is no list of labels: one of them has more than 500 characters."
    } else if labels.iter().any(String::is_empty) {
        "A label in this list is empty."
    } else {
        return Ok(labels);
    };
    Err(LabelsError(fault))
}

/// Names by their numbers, which count from 0 or 1 without a gap.
fn by_number(mut numbered: Vec<(u64, String)>) -> Result<Vec<String>, LabelsError> {
    numbered.sort_by_key(|(number, _)| *number);
    if numbered.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(LabelsError("Two labels in this list have the same number."));
    }
    let first = numbered.first().map_or(0, |(number, _)| *number);
    let last = numbered.last().map_or(0, |(number, _)| *number);
    // No number is there twice, so that this many fill all places between the first and the last.
    if first > 1 || last - first != (numbered.len() as u64).saturating_sub(1) {
        return Err(LabelsError(
            "The numbers of the labels in this list leave gaps: it is not complete.",
        ));
    }
    Ok(numbered.into_iter().map(|(_, name)| name).collect())
}
