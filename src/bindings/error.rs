use wasm_bindgen::JsValue;

/// What JavaScript catches: an `Error` with a sentence, and a `code` that stays the same between versions.
pub fn thrown(code: &str, sentence: &str) -> JsValue {
    let error = js_sys::Error::new(sentence);
    // Setting a property on a fresh object cannot fail.
    let _ = js_sys::Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// Every room's error has a code and a sentence.
macro_rules! throws {
    ($($error:ty),*) => {$(
        impl From<$error> for Thrown {
            fn from(error: $error) -> Self {
                Thrown(thrown(error.code(), &error.to_string()))
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
impl From<serde_wasm_bindgen::Error> for Thrown {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Thrown(thrown("wrong-type", &error.to_string()))
    }
}

throws!(crate::data::DataError, crate::pixels::PixelError);
#[cfg(feature = "infer")]
throws!(crate::infer::InferError);
#[cfg(feature = "train")]
throws!(crate::train::TrainError, crate::model::SpecError);
