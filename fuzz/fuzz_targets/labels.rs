//! Lists of labels, and other people's formats.
#![no_main]

use hearth::onnx::{foreign, labels};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = foreign(bytes, None);
    if let Ok(names) = labels(bytes) {
        assert!(!names.is_empty());
        assert!(names.iter().all(|name| !name.is_empty() && !name.contains(['\n', '\r', '\0'])));
    }
});
