//! The boundary to JavaScript: the only module that names wasm_bindgen, js_sys or web_sys.

mod error;
#[cfg(feature = "infer")]
mod infer;
#[cfg(feature = "train")]
mod train;

use wasm_bindgen::prelude::*;

/// Runs when the module is instantiated: a panic then prints its message and where it came from.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
