//! What the page does in its workers, in a dedicated worker: training and answering.

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[path = "rooms/fixture.rs"]
#[expect(
    dead_code,
    reason = "the networks of single layers are for the tests in the page"
)]
mod fixture;
#[path = "rooms/training.rs"]
mod training;
