//! Lists of classes in lines: one name each, or a table.

use super::{LabelsError, by_number};

/// What a column of names is called, the surest first.
const NAMES: [&str; 9] = [
    "label",
    "labels",
    "name",
    "class_name",
    "classname",
    "class",
    "classes",
    "category",
    "description",
];
/// What a column of numbers is called.
const NUMBERS: [&str; 8] = [
    "index",
    "idx",
    "id",
    "number",
    "class_id",
    "classid",
    "label_id",
    "class_index",
];

pub(super) fn names(text: &str) -> Result<Vec<String>, LabelsError> {
    let lines: Vec<&str> = text
        .split(['\r', '\n'])
        .map(str::trim_end)
        .filter(|line| !line.trim().is_empty())
        .collect();
    for separator in [',', ';', '\t'] {
        if let Some(names) = of_table(&lines, separator)? {
            return Ok(names);
        }
    }
    if let Some(numbered) = numbered(&lines) {
        return by_number(numbered);
    }
    let unquoted = lines.iter().map(|line| plain(line));
    let mut names: Vec<String> = match lines.iter().all(|line| synset(line).is_some()) {
        true => lines
            .iter()
            .filter_map(|line| synset(line))
            .map(str::to_owned)
            .collect(),
        false => unquoted.collect(),
    };
    // A table of one column.
    if names.len() > 1 && NAMES.contains(&names[0].to_lowercase().as_str()) {
        names.remove(0);
    }
    Ok(names)
}

/// Whether the first line is a name in brackets (`[UNK]`), and not the beginning of JSON.
pub(super) fn is_bracketed_name(text: &str) -> bool {
    let line = text.split(['\r', '\n']).next().unwrap_or_default().trim();
    let inner = |open, close| line.strip_prefix(open)?.strip_suffix(close);
    inner('[', ']')
        .or_else(|| inner('{', '}'))
        .is_some_and(|name| {
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
            !name.is_empty() && name.chars().all(is_word)
        })
}

/// Without quotes around it, and without the comma that follows it in a program's list.
fn plain(line: &str) -> String {
    let line = line.trim();
    let quoted = |line: &str| -> Option<String> {
        let quote = line.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = line.strip_prefix(quote)?.strip_suffix(quote)?;
        let twice = format!("{quote}{quote}");
        (!inner.replace(&twice, "").contains(quote))
            .then(|| inner.replace(&twice, &quote.to_string()).trim().to_owned())
    };
    quoted(line.strip_suffix(',').unwrap_or(line).trim_end()).unwrap_or_else(|| line.to_owned())
}

/// `n01440764 tench, Tinca tinca`
fn synset(line: &str) -> Option<&str> {
    let (id, name) = line.trim().split_once(char::is_whitespace)?;
    let digits = id.strip_prefix('n')?;
    let is_id = digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let name = name.trim();
    (is_id && !name.is_empty()).then_some(name)
}

/// `3 three` or `3: three` in every line, with numbers that leave no gap: otherwise they belong to the names (`20 dollars`).
fn numbered(lines: &[&str]) -> Option<Vec<(u64, String)>> {
    let all = lines.iter().map(|line| {
        let line = line.trim();
        let end = line.find(|c: char| !c.is_ascii_digit())?;
        let number = line[..end].parse().ok()?;
        let rest = line[end..].trim_start();
        let name = match rest.strip_prefix([':', '=']) {
            Some(name) => name.trim_start(),
            None if rest.len() < line.len() - end => rest,
            None => return None,
        };
        (!name.is_empty()).then(|| (number, plain(name)))
    });
    let all: Vec<(u64, String)> = all.collect::<Option<_>>()?;
    counts(all.iter().map(|(number, _)| *number)).then_some(all)
}

/// Whether these are all numbers from 0 or 1 on, each once, in any order.
fn counts(numbers: impl Iterator<Item = u64>) -> bool {
    let mut all: Vec<u64> = numbers.collect();
    all.sort_unstable();
    let first = all.first().copied().unwrap_or(2);
    first < 2
        && all
            .iter()
            .zip(first..)
            .all(|(&number, place)| number == place)
}

/// The names in a table; `None` if it is none: names may have commas too.
fn of_table(lines: &[&str], separator: char) -> Result<Option<Vec<String>>, LabelsError> {
    let rows: Option<Vec<Vec<String>>> = lines.iter().map(|line| cells(line, separator)).collect();
    let Some(rows) = rows else { return Ok(None) };
    let Some((first, others)) = rows.split_first() else {
        return Ok(None);
    };
    let width = first.len();
    if width < 2 || others.iter().any(|row| row.len() != width) {
        return Ok(None);
    }
    let heads: Vec<String> = first.iter().map(|cell| cell.to_lowercase()).collect();
    let headed = |known: &[&str]| {
        known
            .iter()
            .find_map(|name| heads.iter().position(|head| head == name))
    };
    let names = headed(&NAMES);
    let has_header = names.is_some() || headed(&NUMBERS).is_some();
    let (body, by_values) = match has_header {
        true => (others, numbers_column(others)),
        false => match numbers_column(&rows) {
            Some(column) => (&rows[..], Some(column)),
            None => (others, numbers_column(others).filter(|_| others.len() > 1)),
        },
    };
    if !has_header && by_values.is_none() {
        return Ok(None);
    }
    let numbers = by_values.or(headed(&NUMBERS));
    let column = names
        .filter(|&column| Some(column) != numbers)
        .or_else(|| (0..width).find(|&column| Some(column) != numbers))
        .unwrap_or(0);
    let name = |row: &Vec<String>| row[column].clone();
    let Some(numbers) = numbers else {
        return Ok(Some(body.iter().map(name).collect()));
    };
    let numbered = body
        .iter()
        .map(|row| Some((row[numbers].parse::<u64>().ok()?, name(row))));
    let numbered: Option<Vec<_>> = numbered.collect();
    numbered
        .ok_or(LabelsError(
            "A label in this table has no number where the others have one.",
        ))
        .and_then(by_number)
        .map(Some)
}

fn numbers_column(rows: &[Vec<String>]) -> Option<usize> {
    let width = rows.first()?.len();
    let numbers = |column: usize| {
        let all = rows.iter().map(|row| row[column].parse::<u64>().ok());
        all.collect::<Option<Vec<u64>>>()
    };
    (0..width).find(|&column| numbers(column).is_some_and(|all| counts(all.into_iter())))
}

/// The cells of a line, without their quotes; `None` if a quote is not closed.
fn cells(line: &str, separator: char) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' if quoted && rest.next_if_eq(&'"').is_some() => cell.push('"'),
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            _ if c == separator && !quoted => {
                cells.push(std::mem::take(&mut cell).trim().to_owned())
            }
            _ => cell.push(c),
        }
    }
    cells.push(cell.trim().to_owned());
    (!quoted).then_some(cells)
}
