//! Weights that lie in files beside the model's, as PyTorch writes them.

use std::collections::HashMap;

use super::raw::{self, Field, fields};
use super::read::not_onnx;
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
/// If the file is no ONNX, or too large.
pub fn external_files(file: &[u8]) -> Result<Vec<String>, OnnxError> {
    if file.len() > MAX_BYTES {
        return Err(too_large(file.len()));
    }
    let mut all = Vec::new();
    visit(file, Message::Model, 0, &mut |place| {
        if !all.contains(&place.file) {
            all.push(place.file);
        }
    })?;
    Ok(all)
}

/// The same model with the weights inside; all else stays as it is, byte for byte. `files` are the names that
/// [`external_files`] gives, or only what stands behind the last slash in them, with what is in them.
///
/// # Errors
/// If one is missing (`onnx-external`) or too short (`onnx-external-short`), or the whole is more than a file may be.
pub fn with_external(file: &[u8], files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, OnnxError> {
    let given: HashMap<String, &[u8]> = files
        .iter()
        .map(|(name, bytes)| (base(name), bytes.as_slice()))
        .collect();
    let names = external_files(file)?;
    let missing = names
        .into_iter()
        .filter(|name| !given.contains_key(&base(name)));
    let missing: Vec<String> = missing.collect();
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

/// The name of a file without the folders before it, wherever it was written.
fn base(path: &str) -> String {
    path.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn taken<'f>(place: &Place, files: &HashMap<String, &'f [u8]>) -> Result<&'f [u8], OnnxError> {
    let bytes = files.get(&base(&place.file)).copied().unwrap_or_default();
    let end = match place.length {
        Some(length) => place.offset.checked_add(length),
        None => Some(bytes.len().max(place.offset)),
    };
    end.and_then(|end| bytes.get(place.offset..end)).ok_or_else(|| {
        let needed = end.map_or("2^64".to_owned(), |end| end.to_string());
        let found = bytes.len().to_string();
        let name = base(&place.file);
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
    files: &HashMap<String, &[u8]>,
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
