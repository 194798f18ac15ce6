//! Files from anyone: a clear sentence, and never a panic.

use hearth::infer::{InferError, Session};
use hearth::model::random::{Stream, mix};
use hearth::model::{LayerSpec, weights};
use hearth::onnx::{self, Metadata, OnnxErrorKind};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{conv, spec};

fn small_file() -> Vec<u8> {
    let spec = spec(vec![
        conv(2, 3, 2, 1),
        LayerSpec::BatchNorm,
        LayerSpec::Relu,
        LayerSpec::MaxPool { size: 2, stride: 2 },
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 3 },
    ]);
    let values = weights::initial(&spec, 1).expect("fits");
    let metadata = Metadata {
        labels: vec!["a".into(), "b".into(), "c".into()],
        ..Metadata::default()
    };
    onnx::write(&spec, &values, &metadata).expect("fits")
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_model_is_refused_in_a_sentence() {
    for bytes in [&b""[..], b"hello", &[0xff; 64], b"\x89PNG\r\n\x1a\n"] {
        let error = onnx::read(bytes).expect_err("no model");
        assert!(error.to_string().ends_with('.'), "{error}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_file_cut_short_anywhere_is_refused() {
    let file = small_file();
    for end in (0..file.len()).step_by(7) {
        // The metadata comes last: without it the network is whole.
        if let Ok(facts) = onnx::read(&file[..end]) {
            assert!(facts.metadata.recipe.is_none());
            Session::load(&file[..end]).expect("a whole network runs");
        }
    }
    let error = onnx::read(&file[..file.len() / 2]).expect_err("half a file");
    assert_eq!(error.kind(), OnnxErrorKind::NotOnnx);
}

#[wasm_bindgen_test(unsupported = test)]
fn a_damaged_file_never_panics_the_reader() {
    let file = small_file();
    for seed in 0..3000 {
        let mut stream = Stream::new(mix(&[seed]));
        let mut damaged = file.clone();
        for _ in 0..3 {
            let place = (stream.unit() * damaged.len() as f32) as usize % damaged.len();
            damaged[place] = (stream.unit() * 256.0) as u8;
        }
        // Either answer will do.
        let _ = onnx::read(&damaged);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_model_that_takes_no_digit_says_so_when_drawn_for() {
    let mut colour = spec(vec![LayerSpec::Flatten, LayerSpec::Dense { units: 2 }]);
    colour.input.channels = 3;
    let values = weights::initial(&colour, 1).expect("fits");
    let file = onnx::write(&colour, &values, &Metadata::default()).expect("fits");
    let session = Session::load(&file).expect("it runs");
    let paper = vec![255; 40 * 40 * 4];
    let picture = hearth::pixels::Rgba::new(&paper, 40, 40).expect("a picture");
    assert!(matches!(
        session.drawing(picture),
        Err(InferError::NoDrawings { channels: 3, .. })
    ));
}

#[wasm_bindgen_test(unsupported = test)]
fn labels_come_from_the_file_or_are_numbers() {
    let session = Session::load(&small_file()).expect("it runs");
    assert_eq!(session.labels(), ["a", "b", "c"]);
    let probabilities = session.probabilities(&[128; 784], 1).expect("an answer");
    assert!((probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    let error = session
        .probabilities(&[0; 10], 1)
        .expect_err("too few pixels");
    assert_eq!(error.code(), "input-size");
}
