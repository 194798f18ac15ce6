//! Networks that went astray: nobody is told "NaN % sure".

use hearth::infer::{Layers, Session};
use hearth::model::weights::{self, Weight};
use hearth::model::{LayerSpec, ModelSpec};
use hearth::onnx::{self, Metadata};
use hearth::pixels::Rgba;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::spec;

fn network() -> ModelSpec {
    spec(vec![
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 12 },
        LayerSpec::Relu,
        LayerSpec::Dense { units: 10 },
    ])
}

/// Its file, with weights that `spoil` has changed.
fn file(spoil: impl Fn(&mut Vec<Weight>)) -> Vec<u8> {
    let spec = network();
    let mut values = weights::initial(&spec, 1).expect("fits");
    spoil(&mut values);
    onnx::write(&spec, &values, &Metadata::default()).expect("a file")
}

/// A black stroke on white paper, 28×28.
fn stroke() -> Vec<u8> {
    let ink = |i: usize| (12..16).contains(&(i % 28)) && (4..24).contains(&(i / 28));
    (0..784)
        .flat_map(|i| match ink(i) {
            true => [0, 0, 0, 255],
            false => [255; 4],
        })
        .collect()
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_that_are_no_numbers_open_nowhere() {
    let broken = file(|weights| weights[0].values[7] = f32::NAN);
    let session = Session::load(&broken).err();
    assert_eq!(
        session.map(|error| error.code()),
        Some("weights-not-finite")
    );
    for value in [f32::NAN, f32::INFINITY] {
        let broken = file(|weights| weights[2].values[3] = value);
        let error = onnx::network(&broken).expect_err("nothing to go on from");
        assert_eq!(error.code(), "weights-not-finite");
        let sentence = error.to_string();
        assert!(sentence.contains("3.weight"), "{sentence}");
        assert!(Layers::load(&broken).is_err());
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn an_answer_that_is_no_number_is_said_to_be_none() {
    // Finite weights whose products are not.
    let broken = file(|weights| {
        let large = |(i, value): (usize, &mut f32)| *value = [3e38, -3e38][i % 2];
        weights[2].values.iter_mut().enumerate().for_each(large);
        weights[0].values.fill(1.0);
    });
    let ink = stroke();
    let picture = || Rgba::new(&ink, 28, 28).expect("a picture");
    let pixels = vec![255; 2 * 784];
    for session in [Session::load(&broken), Session::load_batched(&broken, 2)] {
        let session = session.expect("every weight is a number");
        for code in [
            session.probabilities(&pixels, 2).map(drop),
            session.drawing(picture()).map(drop),
            session.photo(picture(), 3).map(drop),
        ]
        .map(|answer| answer.map_err(|error| error.code()))
        {
            assert_eq!(code, Err("answer-not-finite"));
        }
    }
    let layers = Layers::load(&broken).expect("every weight is a number");
    let answer = layers.pixels(&pixels[..784]);
    let code = answer.map(drop).map_err(|error| error.code());
    assert_eq!(code, Err("answer-not-finite"));
}

#[wasm_bindgen_test(unsupported = test)]
fn a_sound_network_answers_as_before() {
    let session = Session::load(&file(|_| {})).expect("sound");
    let probabilities = session.probabilities(&[255; 784], 1).expect("an answer");
    let sum: f32 = probabilities.iter().sum();
    assert!((sum - 1.0).abs() < 1e-5, "{sum}");
}
