use wasm_bindgen::JsValue;

use crate::data::DataError;
use crate::onnx::OnnxError;
use crate::pixels::PixelError;

/// What JavaScript catches: an `Error` with a sentence, and a `code` that stays the same between versions.
pub fn thrown(code: &str, sentence: &str) -> JsValue {
    let error = js_sys::Error::new(sentence);
    // Setting a property on a fresh object cannot fail.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// The same with what the sentence says of this file, so that a page can say it in its own language.
fn thrown_with(code: &str, sentence: &str, values: &[String]) -> JsValue {
    let error = thrown(code, sentence);
    let values: js_sys::Array = values
        .iter()
        .map(|value| JsValue::from_str(value))
        .collect();
    // As above.
    let _ = js_sys::Reflect::set(&error, &"values".into(), &values);
    error
}

/// Every room's error has a code and a sentence.
macro_rules! throws {
    ($($error:ty: $code:expr),*) => {$(
        impl From<$error> for Thrown {
            fn from(error: $error) -> Self {
                Thrown(thrown($code(&error), &error.to_string()))
            }
        }
    )*};
}

/// An error on its way to JavaScript.
pub struct Thrown(JsValue);

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

/// A value from JavaScript that is not of the promised type.
impl From<tsify::Error> for Thrown {
    fn from(error: tsify::Error) -> Self {
        Thrown(thrown("wrong-type", &error.to_string()))
    }
}

throws!(
    DataError: |e: &DataError| e.kind().code(),
    PixelError: |e: &PixelError| e.kind().code(),
    crate::onnx::LabelsError: |_: &crate::onnx::LabelsError| "labels-unreadable"
);
impl From<OnnxError> for Thrown {
    fn from(error: OnnxError) -> Self {
        Thrown(thrown_with(
            error.code(),
            &error.to_string(),
            error.values(),
        ))
    }
}

#[cfg(feature = "infer")]
impl From<crate::infer::InferError> for Thrown {
    fn from(error: crate::infer::InferError) -> Self {
        Thrown(thrown_with(
            error.code(),
            &error.to_string(),
            &error.values(),
        ))
    }
}

#[cfg(feature = "infer")]
throws!(
    crate::metrics::MetricsError: crate::metrics::MetricsError::code,
    crate::search::SearchError: crate::search::SearchError::code
);
#[cfg(feature = "train")]
throws!(
    crate::train::TrainError: crate::train::TrainError::code,
    crate::train::tail::TailError: crate::train::tail::TailError::code
);
#[cfg(feature = "webgpu")]
throws!(crate::train::GpuError: crate::train::GpuError::code);
