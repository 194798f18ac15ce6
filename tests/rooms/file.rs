//! Files from anyone: a clear sentence, and never a panic.

use hearth::infer::{InferError, Session};
use hearth::model::random::{Stream, mix};
use hearth::model::{LayerSpec, Preprocessing, weights};
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

#[wasm_bindgen_test(unsupported = test)]
fn many_images_at_once_are_answered_as_one_by_one() {
    let file = small_file();
    let mut stream = Stream::new(9);
    let pixels: Vec<u8> = (0..21 * 784)
        .map(|_| (stream.unit() * 256.0) as u8)
        .collect();
    let session = Session::load(&file).expect("tract runs it");
    let one_by_one = session.probabilities(&pixels, 21).expect("answers");
    for batch in [1, 4, 16, 32] {
        let batched = Session::load_batched(&file, batch).expect("tract runs it");
        // 21 images leave places over in every batch but the smallest.
        let answers = batched.probabilities(&pixels, 21).expect("answers");
        assert_eq!(answers.len(), 21 * 3);
        for (a, b) in answers.iter().zip(&one_by_one) {
            assert!((a - b).abs() < 1e-5, "{a} for {b} in batches of {batch}");
        }
        let image: Vec<f32> = pixels[..784]
            .iter()
            .map(|&v| f32::from(v) / 255.0)
            .collect();
        let single = batched.run(&image).expect("an answer");
        assert!((single[0] - one_by_one[0]).abs() < 1e-5);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_of_whole_pictures_sees_a_drawing_where_it_is_and_in_its_own_size() {
    let mut whole = spec(vec![LayerSpec::Flatten, LayerSpec::Dense { units: 2 }]);
    whole.preprocessing = Preprocessing::WHOLE;
    (whole.input.height, whole.input.width) = (16, 16);
    let values = weights::initial(&whole, 1).expect("fits");
    let metadata = Metadata {
        spec: Some(whole.clone()),
        ..Metadata::default()
    };
    let file = onnx::write(&whole, &values, &metadata).expect("fits");
    let session = Session::load(&file).expect("it runs");
    let mut drawing = vec![0; 64 * 64 * 4];
    // Ink in the upper left corner, on a transparent ground.
    for (y, x) in (0..8).flat_map(|y| (0..8).map(move |x| (y, x))) {
        drawing[(y * 64 + x) * 4 + 3] = 255;
    }
    let picture = hearth::pixels::Rgba::new(&drawing, 64, 64).expect("a picture");
    let drawing = session.drawing(picture).expect("an answer").expect("ink");
    let inked: Vec<usize> = (0..256).filter(|&i| drawing.seen[i] > 0).collect();
    assert_eq!((drawing.seen.len(), inked), (256, vec![0, 1, 16, 17]));
}
