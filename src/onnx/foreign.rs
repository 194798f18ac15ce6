//! Other people's formats: told by what is in the file, with the one command that makes an ONNX of it.

use super::raw::fields;
use super::read::not_onnx;
use super::{OnnxError, OnnxErrorKind};

/// Of an archive's names, no more are looked at.
const MOST_NAMES: usize = 10_000;
/// Where words are looked for: from the file's beginning, in bytes.
const HEAD: usize = 1 << 16;

/// A kind of file that holds a network, or its weights, and is no ONNX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// Stable, for programs: `format-keras`.
    pub code: &'static str,
    /// As people call it.
    pub name: &'static str,
    /// What makes an ONNX of it, in a shell or in Python; `None` if nothing does.
    pub command: Option<&'static str>,
    /// What else there is to know; may be empty.
    remark: &'static str,
}

impl Format {
    /// What it is and what to do, in a sentence or two.
    pub fn sentence(&self) -> String {
        let Format {
            name,
            command,
            remark,
            ..
        } = self;
        let space = if remark.is_empty() { "" } else { " " };
        match command {
            Some(command) => {
                format!(
                    "This is {name}, not ONNX.{space}{remark} This makes an ONNX of it: {command}"
                )
            }
            None => format!("This is {name}, not ONNX.{space}{remark}"),
        }
    }
}

const KERAS: Format = Format {
    code: "format-keras",
    name: "a Keras model",
    command: Some(
        "python -c \"import keras; keras.saving.load_model('model.keras').export('model.onnx', format='onnx')\"",
    ),
    remark: "",
};
const HDF5: Format = Format {
    code: "format-hdf5",
    name: "an HDF5 file, as Keras wrote its models",
    command: Some(
        "python -c \"import keras; keras.saving.load_model('model.h5', compile=False).export('model.onnx', format='onnx')\"",
    ),
    remark: "",
};
const TFLITE: Format = Format {
    code: "format-tflite",
    name: "a TensorFlow Lite model",
    command: Some("python -m tf2onnx.convert --tflite model.tflite --output model.onnx"),
    remark: "",
};
const PYTORCH: Format = Format {
    code: "format-pytorch",
    name: "a PyTorch file",
    command: Some("torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), \"model.onnx\")"),
    remark: "It has the weights, and Python builds the network: load it there, with the size of its own images.",
};
const SAFETENSORS: Format = Format {
    code: "format-safetensors",
    name: "a file of weights in safetensors",
    command: Some("optimum-cli export onnx --model FOLDER OUTPUT"),
    remark: "It has no network: the program that it is for builds that.",
};
const TFJS: Format = Format {
    code: "format-tfjs",
    name: "a TensorFlow.js model",
    command: Some("python -m tf2onnx.convert --tfjs model.json --output model.onnx"),
    remark: "",
};
/// As Keras' networks and Teachable Machine's are; tf2onnx takes graphs only.
const TFJS_LAYERS: Format = Format {
    code: "format-tfjs-layers",
    name: "a TensorFlow.js model of layers",
    command: Some(
        "tensorflowjs_converter --input_format=tfjs_layers_model --output_format=tfjs_graph_model model.json graph && python -m tf2onnx.convert --tfjs graph/model.json --output model.onnx",
    ),
    remark: "",
};
const SAVED_MODEL: Format = Format {
    code: "format-saved-model",
    name: "a TensorFlow SavedModel",
    command: Some("python -m tf2onnx.convert --saved-model FOLDER --output model.onnx"),
    remark: "",
};
const COREML: Format = Format {
    code: "format-coreml",
    name: "a Core ML model",
    command: None,
    remark: "Nothing makes an ONNX of it: export the model that it was made from.",
};
const PICKLE: Format = Format {
    code: "format-pickle",
    name: "a pickled Python object, as scikit-learn models are kept",
    command: Some(
        "open(\"model.onnx\", \"wb\").write(skl2onnx.to_onnx(model, X[:1].astype(\"float32\")).SerializeToString())",
    ),
    remark: "",
};
const OPENVINO: Format = Format {
    code: "format-openvino",
    name: "an OpenVINO model",
    command: None,
    remark: "Nothing makes an ONNX of it: export the model that it was made from.",
};
const NCNN: Format = Format {
    code: "format-ncnn",
    name: "an ncnn model",
    command: None,
    remark: "Nothing makes an ONNX of it: export the model that it was made from.",
};

/// Which format a file has that is no ONNX, by what is in it; by its `name` only if that tells nothing. `None` if it is
/// none that Hearth knows.
pub fn foreign(bytes: &[u8], name: Option<&str>) -> Option<Format> {
    by_content(bytes).or_else(|| by_name(name?))
}

/// What is said of a file that is no ONNX.
pub(super) fn refused(bytes: &[u8], name: Option<&str>) -> OnnxError {
    match foreign(bytes, name) {
        Some(format) => OnnxError::coded(
            OnnxErrorKind::NotOnnx,
            format.code,
            Vec::new(),
            format.sentence(),
        ),
        None if begins(bytes) => cut_short(),
        None => not_onnx(),
    }
}

/// Whether a file begins as programs begin an ONNX file: with the version of the format, a small number.
fn begins(file: &[u8]) -> bool {
    matches!(file, [0x08, 1..=32, ..])
}

fn cut_short() -> OnnxError {
    OnnxError::coded(
        OnnxErrorKind::NotOnnx,
        "onnx-cut-short",
        Vec::new(),
        "This ONNX file ends in the middle: part of it is missing. Download or copy it again.",
    )
}

fn by_content(bytes: &[u8]) -> Option<Format> {
    if bytes.starts_with(b"PK\x03\x04") {
        return of_archive(&names(bytes));
    }
    // Before it there may be a block of the user's own.
    let is_hdf5 = |at: usize| {
        let found = bytes.get(at..);
        found.is_some_and(|found| found.starts_with(b"\x89HDF\r\n\x1a\n"))
    };
    if [0, 512, 1024, 2048].into_iter().any(is_hdf5) {
        return Some(HDF5);
    }
    if bytes.get(4..8) == Some(b"TFL3") {
        return Some(TFLITE);
    }
    if is_safetensors(bytes) {
        return Some(SAFETENSORS);
    }
    of_pickle(bytes)
        .or_else(|| of_text(bytes))
        .or_else(|| of_protobuf(bytes))
}

fn by_name(name: &str) -> Option<Format> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "keras" => KERAS,
        "h5" | "hdf5" => HDF5,
        "tflite" => TFLITE,
        "pt" | "pth" | "ckpt" | "pt2" => PYTORCH,
        "safetensors" => SAFETENSORS,
        "mlmodel" | "mlpackage" | "mlmodelc" => COREML,
        "pkl" | "pickle" | "joblib" => PICKLE,
        _ => return None,
    })
}

fn of_archive(names: &[String]) -> Option<Format> {
    let any = |is: fn(&str) -> bool| names.iter().any(|name| is(name));
    Some(if any(|name| name.ends_with("model.weights.h5")) {
        KERAS
    } else if any(|name| name.ends_with("data.pkl") || name.ends_with("archive_format")) {
        PYTORCH
    } else if any(|name| name.ends_with(".mlmodel") || name.contains("com.apple.CoreML")) {
        COREML
    } else if any(|name| name.ends_with("saved_model.pb")) {
        SAVED_MODEL
    } else if any(|name| name.ends_with(".tflite")) {
        TFLITE
    } else if any(|name| name.ends_with("model.json")) && any(|name| name.ends_with(".bin")) {
        // Teachable Machine's have the labels beside the model.
        match any(|name| name.ends_with("metadata.json")) {
            true => TFJS_LAYERS,
            false => TFJS,
        }
    } else if any(|name| name.ends_with(".h5")) {
        HDF5
    } else {
        return None;
    })
}

/// The names in a ZIP, by the directory at its end; of one that is cut short, the first.
fn names(zip: &[u8]) -> Vec<String> {
    let number = |at: usize, bytes: usize| -> Option<usize> {
        let found = zip.get(at..at.checked_add(bytes)?)?;
        Some(
            found
                .iter()
                .rev()
                .fold(0, |n, &byte| n << 8 | usize::from(byte)),
        )
    };
    let name = |at: usize, length: usize| -> Option<String> {
        let found = zip.get(at..at.checked_add(length)?)?;
        Some(String::from_utf8_lossy(found).into_owned())
    };
    let tail = zip.len().saturating_sub(HEAD + 22);
    let end = zip[tail..].windows(4).rposition(|at| at == b"PK\x05\x06");
    let mut at = end.and_then(|end| number(tail + end + 16, 4));
    let mut all = Vec::new();
    while let Some(start) = at
        && all.len() < MOST_NAMES
        && zip
            .get(start..)
            .is_some_and(|rest| rest.starts_with(b"PK\x01\x02"))
    {
        let sizes = (
            number(start + 28, 2),
            number(start + 30, 2),
            number(start + 32, 2),
        );
        let (Some(length), Some(extra), Some(comment)) = sizes else {
            break;
        };
        all.extend(name(start + 46, length));
        at = Some(start + 46 + length + extra + comment);
    }
    if all.is_empty() {
        all.extend(number(26, 2).and_then(|length| name(30, length)));
    }
    all
}

/// The length of a JSON in eight bytes, and the JSON.
fn is_safetensors(bytes: &[u8]) -> bool {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return false;
    };
    let length = u64::from_le_bytes(*length);
    let fits = length < 100_000_000;
    fits && rest.starts_with(b"{")
        && (has(rest, b"\"data_offsets\"") || has(rest, b"\"__metadata__\""))
}

fn of_pickle(bytes: &[u8]) -> Option<Format> {
    // PyTorch's before version 1.6.
    if bytes.starts_with(b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.") {
        return Some(PYTORCH);
    }
    match bytes {
        [0x80, 4 | 5, 0x95, ..] => {}
        [0x80, 2 | 3, next, ..] if b"c}](XUK]Nq".contains(next) => {}
        _ => return None,
    }
    match has(bytes, b"torch._utils") || has(bytes, b"torch.nn") {
        true => Some(PYTORCH),
        false => Some(PICKLE),
    }
}

fn of_text(bytes: &[u8]) -> Option<Format> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = bytes.trim_ascii_start();
    match text.first()? {
        b'{' if has(text, b"\"modelTopology\"") || has(text, b"\"weightsManifest\"") => {
            Some(tfjs(text))
        }
        b'<' if has(text, b"<net ") && has(text, b"<layers>") => Some(OPENVINO),
        b'7' if text.starts_with(b"7767517\n") || text.starts_with(b"7767517\r") => Some(NCNN),
        _ => None,
    }
}

fn tfjs(text: &[u8]) -> Format {
    let layers: [&[u8]; 3] = [b"\"layers-model\"", b"\"keras_version\"", b"\"class_name\""];
    match layers.iter().any(|word| has(text, word)) && !has(text, b"\"graph-model\"") {
        true => TFJS_LAYERS,
        false => TFJS,
    }
}

/// The messages of TensorFlow and of Apple begin with a version, as ONNX's do.
fn of_protobuf(bytes: &[u8]) -> Option<Format> {
    let all = fields(bytes).ok()?;
    let (first, others) = all.split_first()?;
    if first.number != 1 || first.value.len() > 2 || others.is_empty() {
        return None;
    }
    // Which kind of network Core ML has says the number of the field that it is in.
    let is_core_ml = |number| matches!(number, 2 | 10 | 200..4000);
    if others.iter().any(|field| field.number >= 200)
        && others.iter().all(|field| is_core_ml(field.number))
    {
        return Some(COREML);
    }
    // Graphs with what is said of them.
    let has_graph = |graph: &[u8]| {
        let parts = fields(graph).unwrap_or_default();
        parts.iter().any(|part| part.number == 1) && parts.iter().any(|part| part.number == 2)
    };
    let is_saved = others
        .iter()
        .all(|field| field.number == 2 && has_graph(field.value));
    is_saved.then_some(SAVED_MODEL)
}

/// Whether the beginning of a file has a word.
fn has(bytes: &[u8], word: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    head.windows(word.len()).any(|part| part == word)
}
