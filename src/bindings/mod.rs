//! The boundary to JavaScript: the only module that names wasm_bindgen, js_sys or web_sys.

mod data;
#[cfg(feature = "infer")]
mod embed;
mod error;
#[cfg(feature = "train")]
mod folds;
#[cfg(feature = "webgpu")]
mod gpu;
#[cfg(feature = "train")]
mod head;
#[cfg(feature = "infer")]
mod infer;
#[cfg(feature = "infer")]
mod layers;
#[cfg(feature = "infer")]
mod opening;
#[cfg(feature = "infer")]
mod search;
#[cfg(feature = "train")]
mod tail;
#[cfg(feature = "infer")]
mod test;
#[cfg(feature = "train")]
mod train;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// The event a panic sends to the worker's (or page's) global scope; its `detail` is the panic's message.
const PANIC_EVENT: &str = "hearth-panic";

/// Runs when the module is instantiated. A panic ends the module in a trap that says nothing of its cause: so the
/// cause goes to the console, and as an event to whoever has to tell the person.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        announce(&info.to_string());
    }));
}

fn announce(message: &str) {
    let detail = web_sys::CustomEventInit::new();
    detail.set_detail(&message.into());
    let event = web_sys::CustomEvent::new_with_event_init_dict(PANIC_EVENT, &detail);
    let scope = js_sys::global().dyn_into::<web_sys::EventTarget>();
    if let (Ok(event), Ok(scope)) = (event, scope) {
        // Nobody may be listening, and a panic cannot be helped by another error.
        let _ = scope.dispatch_event(&event);
    }
}
