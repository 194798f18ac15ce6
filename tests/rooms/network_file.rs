//! Files become networks again: Hearth's own, and what other software has written.

use burn::module::Module;
use burn::tensor::Device;
use hearth::infer::Session;
use hearth::model::network::Network;
use hearth::model::random::{Stream, mix};
use hearth::model::{LayerSpec, Recipe, presets, weights};
use hearth::onnx::{self, Metadata, OnnxErrorKind};
use hearth::train::Trainer;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, each_layer, host, noise, short_recipe};

/// Written by PyTorch's own exporter: see `foreign.py` beside the files.
const PYTORCH: &[u8] = include_bytes!("../fixtures/pytorch-every-layer.onnx");
/// Written with the `onnx` package in the ways of other exporters (MatMul and Add, Reshape, Constant, GELU of opset 20).
const OTHERS: &[u8] = include_bytes!("../fixtures/other-exporters.onnx");
/// Networks that are no chain of Hearth's layers.
const RESIDUAL: &[u8] = include_bytes!("../fixtures/pytorch-residual.onnx");
const HARD_SWISH: &[u8] = include_bytes!("../fixtures/pytorch-hardswish.onnx");

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_comes_back_from_its_file_with_its_weights() {
    let presets = presets().into_iter().map(|preset| (preset.id, preset.spec));
    for (name, spec) in each_layer().into_iter().chain(presets) {
        let values = weights::initial(&spec, 4).expect("fits");
        let file = onnx::write(&spec, &values, &Metadata::default()).expect("fits");
        let network = onnx::network(&file).expect("our own file");
        assert_eq!(network.spec, spec, "{name}");
        assert_eq!(network.weights, values, "{name}");
        assert_eq!(network.checkpoint, None);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn every_layer_is_found_in_the_graph_where_the_metadata_is_gone() {
    for (name, spec) in each_layer() {
        // There it is the same as a convolution of one filter, and is taken for one.
        if name == "depthwise on one channel" {
            continue;
        }
        let values = weights::initial(&spec, 4).expect("fits");
        let file = onnx::write(&spec, &values, &Metadata::default()).expect("fits");
        let file = without_metadata(&file);
        assert_eq!(onnx::read(&file).expect("sound").metadata.spec, None);
        let network = onnx::network(&file).expect("known layers");
        assert_eq!(network.spec.layers, spec.layers, "{name}");
        assert_eq!(network.weights, values, "{name}");
        assert_eq!(network.tensors.last().map(String::as_str), Some("logits"));
    }
}

/// The metadata's key no longer is one that Hearth reads; the length stays.
fn without_metadata(file: &[u8]) -> Vec<u8> {
    let key = b"hearth.spec";
    let place = file.windows(key.len()).position(|window| window == key);
    let mut file = file.to_vec();
    file[place.expect("a spec is written") + 7] = b'X';
    file
}

/// Burn with the weights that were read against tract with the file itself.
fn largest_difference(file: &[u8]) -> f32 {
    let device = Device::flex();
    let found = onnx::network(file).expect("known layers");
    let network = Network::new(&found.spec, &found.weights, &device).expect("it fits");
    let images = noise(6, 8, &device);
    let burn = host(network.valid().forward(images.clone(), None));
    let session = Session::load(file).expect("tract runs it");
    let pixels = host(images);
    let tract: Vec<f32> = pixels
        .chunks_exact(784)
        .flat_map(|image| session.run(image).expect("an answer"))
        .collect();
    assert_eq!(burn.len(), tract.len());
    let apart = burn.into_iter().zip(tract).map(|(a, b)| (a - b).abs());
    apart.fold(0.0, |largest, one| {
        assert!(one.is_finite(), "no number");
        largest.max(one)
    })
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_of_pytorchs_has_its_logits_in_burn() {
    let found = onnx::network(PYTORCH).expect("known layers");
    let kinds: Vec<_> = found.spec.layers.iter().map(LayerSpec::kind).collect();
    assert_eq!(
        kinds,
        [
            "conv",
            "relu",
            "batchNorm",
            "depthwise",
            "gelu",
            "maxPool",
            "conv",
            "leakyRelu",
            "avgPool",
            "conv",
            "tanh",
            "globalAvgPool",
            "flatten",
            "dense",
            "sigmoid",
            "dense"
        ]
    );
    let difference = largest_difference(PYTORCH);
    assert!(difference < 1e-4, "{difference}");
}

#[wasm_bindgen_test(unsupported = test)]
fn the_ways_of_other_exporters_are_understood() {
    let found = onnx::network(OTHERS).expect("known layers");
    let kinds: Vec<_> = found.spec.layers.iter().map(LayerSpec::kind).collect();
    assert_eq!(
        kinds,
        [
            "conv",
            "batchNorm",
            "gelu",
            "maxPool",
            "flatten",
            "dense",
            "relu",
            "dropout",
            "dense"
        ]
    );
    assert!(
        found
            .spec
            .layers
            .contains(&LayerSpec::Dropout { rate: 0.3 })
    );
    let difference = largest_difference(OTHERS);
    assert!(difference < 1e-4, "{difference}");
}

#[wasm_bindgen_test(unsupported = test)]
fn a_network_from_elsewhere_can_be_trained_on() {
    let found = onnx::network(PYTORCH).expect("known layers");
    let recipe = Recipe {
        epochs: 4,
        ..short_recipe()
    };
    let data = fixture::digits();
    let mut trainer =
        Trainer::with_weights(found.spec, recipe, &found.weights, data, &Device::flex())
            .expect("it fits MNIST");
    while trainer.history().len() < 4 {
        pollster::block_on(trainer.advance(100)).expect("it learns");
    }
    let [first, .., last] = trainer.history() else {
        panic!("four epochs");
    };
    assert!(last.train_loss < first.train_loss, "{first:?} {last:?}");
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_layer_is_refused_by_its_operators_name() {
    for (file, operator) in [(RESIDUAL, "Add"), (HARD_SWISH, "HardSwish")] {
        // It can still be used, only not trained.
        Session::load(file).expect("tract runs it");
        let error = onnx::network(file).expect_err("no chain of layers");
        assert_eq!(error.kind(), OnnxErrorKind::Unsupported);
        assert!(error.to_string().contains(operator), "{error}");
    }
}

/// The same text as often as it occurs, changed in place for one as long.
fn replaced(file: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut changed = file.to_vec();
    let places: Vec<usize> = (0..=file.len() - from.len())
        .filter(|&place| &file[place..place + from.len()] == from)
        .collect();
    assert!(!places.is_empty());
    for place in places {
        changed[place..place + from.len()].copy_from_slice(to);
    }
    changed
}

#[wasm_bindgen_test(unsupported = test)]
fn a_graph_that_leads_in_a_circle_is_refused() {
    let spec = fixture::spec(vec![
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 16 },
        LayerSpec::Relu,
        LayerSpec::Dense { units: 16 },
        LayerSpec::Relu,
        LayerSpec::Dense { units: 10 },
    ]);
    let values = weights::initial(&spec, 4).expect("fits");
    let file = onnx::write(&spec, &values, &Metadata::default()).expect("fits");
    let file = without_metadata(&file);
    // What the fourth layer makes takes the name of what the second has made.
    let names = onnx::network(&file).expect("sound").tensors;
    let (second, fourth) = (names[1].as_bytes(), names[3].as_bytes());
    let error = onnx::network(&replaced(&file, fourth, second)).expect_err("a circle");
    assert_eq!(error.kind(), OnnxErrorKind::Malformed);
}

/// GELU in five operators, whose 1 has become another number: the bytes of 1.0 do not occur elsewhere in the file.
#[wasm_bindgen_test(unsupported = test)]
fn what_only_looks_like_gelu_is_refused() {
    let found = onnx::network(PYTORCH).expect("known layers");
    assert!(found.spec.layers.contains(&LayerSpec::Gelu));
    let other = replaced(PYTORCH, &1.0f32.to_le_bytes(), &3.0f32.to_le_bytes());
    assert!(onnx::network(&other).is_err());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_damaged_network_never_panics_the_reader() {
    for (seed, file) in (0..1500).zip([PYTORCH, OTHERS].into_iter().cycle()) {
        let mut stream = Stream::new(mix(&[seed]));
        let mut damaged = file.to_vec();
        for _ in 0..3 {
            let place = (stream.unit() * damaged.len() as f32) as usize % damaged.len();
            damaged[place] = (stream.unit() * 256.0) as u8;
        }
        // Either answer will do.
        let _ = onnx::network(&damaged);
    }
}
