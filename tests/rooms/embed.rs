//! A network up to its features.

use hearth::infer::{Embedder, InferError, Session};
use hearth::onnx;
use hearth::pixels::{Fit, Rgba};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::digits;
use super::graft::small_file;

const DIGITS: &[u8] = include_bytes!("../../www/public/models/digits.onnx");
const LITE0: &[u8] = include_bytes!("../../www/public/models/lite0.onnx");

#[wasm_bindgen_test(unsupported = test)]
fn features_are_what_the_network_has_there() {
    let picture: Vec<u8> = (0..224 * 224 * 4)
        .map(|i| (i * 31 % 253) as u8 | 3)
        .collect();
    let picture = Rgba::new(&picture, 224, 224).expect("a picture");
    let session = Session::load_with(LITE0, &[onnx::FEATURES]).expect("tract runs it");
    let photo = session.photo(picture, 1).expect("an answer");
    let facts = session.facts();
    let pixels = facts.preprocessing().fit.image(picture, facts.input.dims());
    let pixels = pixels.expect("fits");
    let embedder = Embedder::load(LITE0, 2).expect("tract runs it");
    assert_eq!(
        (embedder.shape(), embedder.dimension()),
        (&[1280][..], 1280)
    );
    // Three images, two at once: the last batch is not full.
    let features = embedder.embed(&pixels.repeat(3), 3).expect("features");
    for features in features.chunks_exact(1280) {
        for (a, b) in features.iter().zip(&photo.inner[0].values) {
            assert!(
                (a - b).abs() < 1e-4 * b.abs().max(1.0),
                "{a} instead of {b}"
            );
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn any_tensor_can_be_told() {
    let data = digits();
    let map = Embedder::load_at(DIGITS, 1, "after.3").expect("tract runs it");
    assert_eq!(map.shape().len(), 3);
    let values = map.embed(data.pixels(0), 1).expect("values");
    assert_eq!(values.len(), map.dimension());
    let logits = Embedder::load_at(DIGITS, 1, onnx::LOGITS).expect("tract runs it");
    let session = Session::load_logits(DIGITS).expect("tract runs it");
    let image = session.facts().preprocessing().image(data.pixels(0), 1);
    assert_eq!(
        logits.embed(data.pixels(0), 1).expect("values"),
        session.run(&image).expect("values")
    );
    let Err(error) = Embedder::load_at(DIGITS, 1, "after.99") else {
        panic!("there is no such tensor");
    };
    assert!(matches!(error, InferError::NoOutput(_)), "{error}");
    // A weight is no tensor that images become.
    assert!(Embedder::load_at(DIGITS, 1, "0.weight").is_err());
    assert!(matches!(
        logits.embed(&[0; 784], 2),
        Err(InferError::InputSize {
            needed: 1568,
            given: 784
        })
    ));
    assert!(logits.embed(&[], 0).expect("none").is_empty());
}

/// The name changes with whatever changes the features, and with nothing else.
#[wasm_bindgen_test(unsupported = test)]
fn a_backbone_has_one_name() {
    let file = small_file();
    let id = |file: &[u8]| onnx::backbone_id(file).expect("features");
    let network = onnx::network(&file).expect("sound");
    let written = |change: &dyn Fn(&mut hearth::onnx::NetworkFile)| {
        let mut network = network.clone();
        change(&mut network);
        onnx::write(&network.spec, &network.weights, &network.facts.metadata).expect("fits")
    };
    assert_eq!(id(&file), id(&written(&|_| {})));
    assert_eq!(
        id(&file),
        id(&written(&|n| n.facts.metadata.labels[0] = "other".into()))
    );
    assert_eq!(
        id(&file),
        id(&written(&|n| n
            .weights
            .last_mut()
            .expect("a bias")
            .values[0] = 9.0))
    );
    assert_ne!(id(&file), id(&written(&|n| n.weights[0].values[0] += 1e-3)));
    assert_ne!(
        id(&file),
        id(&written(&|n| n.spec.preprocessing.fit = Fit::Whole))
    );
}
