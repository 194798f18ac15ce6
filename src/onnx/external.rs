//! Weights that lie in files beside the model's, as PyTorch writes them.

use super::foreign;
use super::raw::{self, Field, fields};
use super::read::{check_parts, not_onnx};
use super::{MAX_BYTES, OnnxError, OnnxErrorKind};

/// Field numbers of `TensorProto`.
const NAME: u32 = 8;
const RAW_DATA: u32 = 9;
const EXTERNAL_DATA: u32 = 13;
const DATA_LOCATION: u32 = 14;
/// Graphs within operators deeper than this are a mistake or an attack.
const DEEPEST: usize = 16;

/// The messages that tensors can lie in.
#[derive(Clone, Copy, PartialEq)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Function,
    Sparse,
    Tensor,
}

impl Message {
    /// What lies in its field `number`, if that is one of these messages.
    fn inner(self, number: u32) -> Option<Message> {
        Some(match (self, number) {
            (Message::Model, 7) | (Message::Attribute, 6 | 11) => Message::Graph,
            (Message::Model, 25) => Message::Function,
            (Message::Graph, 1) | (Message::Function, 7) => Message::Node,
            (Message::Graph, 5) | (Message::Attribute, 5 | 10) | (Message::Sparse, 1 | 2) => {
                Message::Tensor
            }
            (Message::Graph, 15) | (Message::Attribute, 22 | 23) => Message::Sparse,
            (Message::Node, 5) | (Message::Function, 11) => Message::Attribute,
            _ => return None,
        })
    }
}

/// Where a tensor's values lie.
#[derive(Default)]
struct Place {
    tensor: String,
    file: String,
    /// In bytes.
    offset: usize,
    /// In bytes; the rest of the file if it is missing.
    length: Option<usize>,
}

/// The files that hold its weights, by the names that the model has for them, each once, in the order in which the model
/// names them; none if all is inside.
///
/// # Errors
/// If the file is no ONNX (as [`super::read`] says it, another format by its name), or too large.
pub fn external_files(file: &[u8]) -> Result<Vec<String>, OnnxError> {
    if file.len() > MAX_BYTES {
        return Err(too_large(file.len()));
    }
    check_parts(file)?;
    let mut all = Vec::new();
    let visited = visit(file, Message::Model, 0, &mut |place| {
        if !all.contains(&place.file) {
            all.push(place.file);
        }
    });
    match visited {
        Ok(()) => Ok(all),
        // This is asked before anything else is: what the file is instead is told here.
        Err(error) if error.kind() == OnnxErrorKind::NotOnnx => Err(foreign::refused(file, None)),
        Err(error) => Err(error),
    }
}

/// The same model with the weights inside; all else stays as it is, byte for byte. `files` are the names that
/// [`external_files`] gives, with what is in them; more or fewer folders before a name do not matter, unless there are
/// several of that name.
///
/// # Errors
/// If one is missing (`onnx-external`) or too short (`onnx-external-short`), or the whole is more than a file may be.
pub fn with_external(file: &[u8], files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, OnnxError> {
    let names = external_files(file)?;
    let given = Given::of(&names, files);
    let missing = names.iter().filter(|name| given.get(name).is_none());
    let missing: Vec<String> = missing.cloned().collect();
    if !missing.is_empty() {
        return Err(elsewhere(&missing));
    }
    // Before a byte is copied: many tensors may have the same large place.
    let mut size = Some(file.len());
    let mut short = None;
    visit(
        file,
        Message::Model,
        0,
        &mut |place| match taken(&place, &given) {
            Ok(bytes) => size = size.and_then(|size| size.checked_add(bytes.len())),
            Err(error) => {
                short.get_or_insert(error);
            }
        },
    )?;
    if let Some(error) = short {
        return Err(error);
    }
    match size {
        Some(size) if size <= MAX_BYTES => inside(file, Message::Model, 0, &given),
        _ => Err(too_large(size.unwrap_or(usize::MAX))),
    }
}

/// What a model says whose weights are not there: the names of the files that they lie in.
pub(super) fn elsewhere(names: &[String]) -> OnnxError {
    let names = names.join(", ");
    let message = format!(
        "The weights of this model lie in another file: {names}. Open it together with the model."
    );
    OnnxError::coded(
        OnnxErrorKind::Unsupported,
        "onnx-external",
        vec![names],
        message,
    )
}

fn too_large(size: usize) -> OnnxError {
    let [size, most] = [size, MAX_BYTES].map(|bytes| (bytes / 1_000_000).to_string());
    let message = format!(
        "This model has {size} MB with its weights; Hearth opens models of up to {most} MB."
    );
    OnnxError::coded(
        OnnxErrorKind::TooLarge,
        "onnx-too-large",
        vec![size, most],
        message,
    )
}

/// As paths are written everywhere.
fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut rest = path.as_str();
    while let Some(shorter) = rest.strip_prefix("./").or_else(|| rest.strip_prefix('/')) {
        rest = shorter;
    }
    rest.to_owned()
}

/// The name of a file without the folders before it, of a [`plain`] path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The files that came with a model.
struct Given<'f> {
    /// Those that the model asks for, as [`plain`] paths.
    asked: Vec<String>,
    /// With their plain paths.
    files: Vec<(String, &'f [u8])>,
}

impl<'f> Given<'f> {
    fn of(names: &[String], files: &'f [(String, Vec<u8>)]) -> Self {
        let files = files.iter();
        Given {
            asked: names.iter().map(|name| plain(name)).collect(),
            files: files
                .map(|(name, bytes)| (plain(name), bytes.as_slice()))
                .collect(),
        }
    }

    /// What is in the file that a model calls so. Where two that it asks for, or two that came, differ only by their
    /// folders, nothing but the folder says which it is: the other's weights would answer, and wrongly.
    fn get(&self, name: &str) -> Option<&'f [u8]> {
        let path = plain(name);
        let only = |fits: &dyn Fn(&str) -> bool| {
            let mut found = self.files.iter().filter(|(given, _)| fits(given));
            let first = found.next()?;
            found.next().is_none().then_some(first.1)
        };
        if let Some((_, bytes)) = self.files.iter().find(|(given, _)| *given == path) {
            return Some(bytes);
        }
        let below = format!("/{path}");
        only(&|given| given.ends_with(&below)).or_else(|| {
            let same = |other: &&String| base(other) == base(&path);
            let alone = self.asked.iter().filter(same).count() <= 1;
            only(&|given| alone && base(given) == base(&path))
        })
    }
}

fn taken<'f>(place: &Place, files: &Given<'f>) -> Result<&'f [u8], OnnxError> {
    let bytes = files.get(&place.file).unwrap_or_default();
    let end = match place.length {
        Some(length) => place.offset.checked_add(length),
        None => Some(bytes.len().max(place.offset)),
    };
    end.and_then(|end| bytes.get(place.offset..end)).ok_or_else(|| {
        let needed = end.map_or("2^64".to_owned(), |end| end.to_string());
        let found = bytes.len().to_string();
        let name = base(&plain(&place.file)).to_owned();
        let message = format!(
            "The file {name} has {found} bytes; the weights {} of this model need {needed}. It belongs to another model, or is cut short.",
            place.tensor
        );
        let values = vec![name, needed, found];
        OnnxError::coded(OnnxErrorKind::Malformed, "onnx-external-short", values, message)
    })
}

/// Calls `found` for every tensor whose values lie elsewhere.
fn visit(
    message: &[u8],
    kind: Message,
    depth: usize,
    found: &mut impl FnMut(Place),
) -> Result<(), OnnxError> {
    let all = fields(message)?;
    if kind == Message::Tensor {
        if let Some(place) = place(&all)? {
            found(place);
        }
        return Ok(());
    }
    for field in &all {
        if let Some(inner) = kind.inner(field.number) {
            visit(field.value, inner, deeper(inner, depth)?, found)?;
        }
    }
    Ok(())
}

/// The message with the values of its tensors inside.
fn inside(
    message: &[u8],
    kind: Message,
    depth: usize,
    files: &Given,
) -> Result<Vec<u8>, OnnxError> {
    let all = fields(message)?;
    let mut whole = Vec::with_capacity(message.len());
    if kind == Message::Tensor {
        let Some(place) = place(&all)? else {
            return Ok(message.to_vec());
        };
        let bytes = taken(&place, files)?;
        for field in &all {
            if !matches!(field.number, EXTERNAL_DATA | DATA_LOCATION | RAW_DATA) {
                whole.extend_from_slice(field.whole);
            }
        }
        raw::put(RAW_DATA, bytes, &mut whole);
        return Ok(whole);
    }
    for field in &all {
        match kind.inner(field.number) {
            Some(inner) => {
                let changed = inside(field.value, inner, deeper(inner, depth)?, files)?;
                match changed == field.value {
                    true => whole.extend_from_slice(field.whole),
                    false => raw::put(field.number, &changed, &mut whole),
                }
            }
            None => whole.extend_from_slice(field.whole),
        }
    }
    Ok(whole)
}

fn deeper(inner: Message, depth: usize) -> Result<usize, OnnxError> {
    let depth = depth + usize::from(inner == Message::Graph);
    match depth > DEEPEST {
        true => Err(OnnxError::coded(
            OnnxErrorKind::Malformed,
            "onnx-deep",
            Vec::new(),
            "This model has operators within operators without end.",
        )),
        false => Ok(depth),
    }
}

/// Where the values of a tensor lie; `None` if it has them itself.
fn place(tensor: &[Field]) -> Result<Option<Place>, OnnxError> {
    let location = tensor.iter().rfind(|field| field.number == DATA_LOCATION);
    if location.is_none_or(|field| field.value != [1]) {
        return Ok(None);
    }
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| not_onnx());
    let mut place = Place::default();
    for field in tensor {
        match field.number {
            NAME => place.tensor = text(field.value)?,
            EXTERNAL_DATA => {
                let entry = fields(field.value)?;
                let part = |number| {
                    let part = entry.iter().rfind(|part| part.number == number);
                    text(part.map_or(&[][..], |part| part.value))
                };
                let value = part(2)?;
                let number = || value.trim().parse::<usize>().map_err(|_| not_onnx());
                match part(1)?.as_str() {
                    "offset" => place.offset = number()?,
                    "length" => place.length = Some(number()?),
                    "location" => place.file = value,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    Ok(Some(place))
}
