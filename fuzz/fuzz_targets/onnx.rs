//! A model's file: read and converted, its graph told; a small one that is accepted answers an image once.
#![no_main]

use hearth::infer::{Session, graph};
use hearth::onnx::{self, Settings};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Larger images only take longer.
const MOST_VALUES: usize = 3 * 64 * 64;

fuzz_target!(|file: &[u8]| -> Corpus {
    let names = onnx::external_files(file).unwrap_or_default();
    if !names.is_empty() {
        let files: Vec<_> = names.into_iter().map(|name| (name, vec![0x3f; 256])).collect();
        let _ = onnx::with_external(file, &files);
    }
    let Ok(facts) = onnx::read(file) else {
        return Corpus::Keep;
    };
    let _ = onnx::converted(file, &[]);
    let _ = onnx::with_settings(file, &Settings::default());
    if facts.input.len() > MOST_VALUES {
        return Corpus::Keep;
    }
    let _ = graph(file);
    if let Ok(session) = Session::load(file) {
        let image = vec![0.5; session.facts().input.len()];
        let _ = session.run(&image);
    }
    Corpus::Keep
});
