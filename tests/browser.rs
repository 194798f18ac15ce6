//! Every test that runs natively (`cargo test`) and in a headless browser's page (`wasm-pack test`) alike.

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod rooms;
