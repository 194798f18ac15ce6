//! Lists of classes in JSON, and in what Python prints of a dictionary.

use serde_json::{Map, Value};

use super::{LabelsError, by_number};

/// Where other files keep their list, the surest first.
const WITHIN: [&str; 10] = [
    "id2label",
    "label2id",
    "labels",
    "label_names",
    "class_names",
    "classes",
    "names",
    "categories",
    "class_indices",
    "idx_to_class",
];
/// Under which an entry has its name.
const NAME: [&str; 7] = [
    "name",
    "label",
    "class_name",
    "class",
    "title",
    "displayName",
    "value",
];
/// Under which an entry has its number.
const NUMBER: [&str; 5] = ["id", "index", "idx", "class_id", "label_id"];
/// Lists lie in files this deep at most (`{"model": {"config": {"id2label": …}}}`).
const DEEPEST: usize = 4;

/// What only a network's own file has.
const NETWORK: [&str; 2] = ["modelTopology", "weightsManifest"];

const NO_LIST: LabelsError = LabelsError(
    "This JSON holds no list of labels that Hearth knows: names, or numbers with names.",
);

pub(super) fn names(text: &str) -> Result<Vec<String>, LabelsError> {
    let json: Value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&from_python(text)))
        .map_err(|_| LabelsError("This list of labels is JSON that is broken or cut short."))?;
    // TensorFlow.js writes its models beside their labels, in JSON too.
    match NETWORK.iter().any(|key| json.get(*key).is_some()) {
        true => Err(NO_LIST),
        false => within(&json, true, 0)?.ok_or(NO_LIST),
    }
}

/// The list in a value, or in one that it holds; `None` if there is none. `expected`: whether it stands where lists do, at
/// the top or under a name that says so. Elsewhere other things have numbers too (`"size": {"height": 0, "width": 1}`).
fn within(json: &Value, expected: bool, depth: usize) -> Result<Option<Vec<String>>, LabelsError> {
    match json {
        Value::Array(entries) => of_list(entries),
        Value::Object(object) => {
            match of_object(object) {
                Ok(None) => {}
                found if expected => return found,
                Ok(found) if from_numbers(object) => return Ok(found),
                _ => {}
            }
            if depth == DEEPEST {
                return Ok(None);
            }
            let known = WITHIN.iter().filter_map(|key| object.get(*key));
            let known = known.map(|value| (value, true));
            // A list of names that stands somewhere in a file is not one of classes.
            let others = object.values().filter(|value| value.is_object());
            let others = others.map(|value| (value, false));
            for (value, expected) in known.chain(others) {
                if let Some(found) = within(value, expected, depth + 1)? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// `["cat", "dog"]`, `[["n02123045", "tabby"]]`, `[[0, "cat"]]` or `[{"id": 1, "name": "cat"}]`
fn of_list(entries: &[Value]) -> Result<Option<Vec<String>>, LabelsError> {
    let Some(names) = entries.iter().map(name).collect::<Option<Vec<_>>>() else {
        return Ok(None);
    };
    let numbers: Option<Vec<u64>> = entries.iter().map(own_number).collect();
    let Some(numbers) = numbers.filter(|numbers| !numbers.is_empty()) else {
        return Ok(Some(names));
    };
    let mut numbered: Vec<_> = numbers.into_iter().zip(names).collect();
    numbered.sort_by_key(|(number, _)| *number);
    if numbered.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        return Err(LabelsError("Two labels in this list have the same number."));
    }
    // COCO's numbers leave some out: its networks answer in their order.
    Ok(Some(numbered.into_iter().map(|(_, name)| name).collect()))
}

/// From numbers to names, or from names to numbers.
fn of_object(object: &Map<String, Value>) -> Result<Option<Vec<String>>, LabelsError> {
    if object.is_empty() {
        return Ok(None);
    }
    let by_key = object
        .iter()
        .map(|(key, value)| Some((digits(key)?, name(value)?)));
    let by_value = object
        .iter()
        .map(|(key, value)| Some((number(value)?, key.trim().to_owned())));
    // `{"0": "3"}` is from numbers to names; of `{"0": 0}` both are the same.
    let numbered = by_key
        .collect::<Option<Vec<_>>>()
        .or_else(|| by_value.collect());
    numbered.map(by_number).transpose()
}

/// Whether the keys are the numbers.
fn from_numbers(object: &Map<String, Value>) -> bool {
    object.keys().all(|key| digits(key).is_some())
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.trim().to_owned()),
        // Keras' `["n01440764", "tench"]`
        Value::Array(parts) => match parts.as_slice() {
            [_, Value::String(name), ..] => Some(name.trim().to_owned()),
            _ => None,
        },
        Value::Object(entry) => NAME
            .iter()
            .find_map(|key| entry.get(*key)?.as_str())
            .map(|name| name.trim().to_owned()),
        _ => None,
    }
}

fn own_number(entry: &Value) -> Option<u64> {
    match entry {
        Value::Object(entry) => NUMBER.iter().find_map(|key| entry.get(*key)?.as_u64()),
        Value::Array(parts) => parts.first()?.as_u64(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => digits(text),
        _ => value.as_u64(),
    }
}

fn digits(text: &str) -> Option<u64> {
    let text = text.trim();
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().ok())?
}

/// `{0: 'tench', 1: "cock's comb",}` → `{"0": "tench", "1": "cock's comb"}`; whatever is no such thing stays no JSON.
fn from_python(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + text.len() / 4);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => string(c, &mut rest, &mut json),
            '0'..='9' => {
                let mut digits = String::from(c);
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    digits.push(digit);
                }
                while rest.next_if(|c| c.is_whitespace()).is_some() {}
                match rest.peek() {
                    Some(':') => json.extend(["\"", &digits, "\""]),
                    _ => json.push_str(&digits),
                }
            }
            ',' => {
                while rest.next_if(|c| c.is_whitespace()).is_some() {}
                if !matches!(rest.peek(), Some('}' | ']')) {
                    json.push(',');
                }
            }
            _ => json.push(c),
        }
    }
    json
}

/// What stands up to the closing `quote`, as JSON has it.
fn string(quote: char, rest: &mut impl Iterator<Item = char>, json: &mut String) {
    json.push('"');
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('\'') => json.push('\''),
                Some(escaped) => json.extend(['\\', escaped]),
                None => return,
            },
            '"' if quote == '\'' => json.push_str("\\\""),
            _ if c == quote => break,
            _ => json.push(c),
        }
    }
    json.push('"');
}
