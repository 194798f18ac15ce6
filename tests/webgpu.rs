//! WebGPU against the CPU, in a browser's dedicated worker. If the browser has no adapter, each test says that it
//! was skipped.

#[cfg(target_family = "wasm")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[path = "rooms/fixture.rs"]
#[cfg(target_family = "wasm")]
#[expect(dead_code, reason = "other rooms need more of it")]
mod fixture;
#[path = "rooms/webgpu.rs"]
#[cfg(target_family = "wasm")]
mod webgpu;
