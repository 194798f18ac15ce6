//! A file's graph by stages.

use hearth::infer::{ModelGraph, graph};
use hearth::model::{LayerSpec, weights};
use hearth::onnx::{self, Metadata};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{conv, spec};

fn operators(all: &[hearth::infer::OperatorCount]) -> Vec<(&str, usize)> {
    let told = all.iter().map(|one| (one.operator.as_str(), one.count));
    told.collect()
}

fn adds_up(graph: &ModelGraph) {
    let stages = graph.stages.iter();
    let counted = stages.clone().flat_map(|stage| &stage.operators);
    assert!(counted.map(|one| one.count).sum::<usize>() <= graph.nodes);
    let whole = graph.operators.iter().map(|one| one.count);
    assert_eq!(whole.sum::<usize>(), graph.nodes);
    assert_eq!(
        stages.map(|stage| stage.multiply_adds).sum::<f64>(),
        graph.multiply_adds
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn a_small_network_by_stages() {
    let spec = spec(vec![
        conv(4, 3, 1, 1),
        LayerSpec::Relu,
        LayerSpec::MaxPool { size: 2, stride: 2 },
        conv(8, 3, 1, 1),
        LayerSpec::Relu,
        LayerSpec::GlobalAvgPool,
        LayerSpec::Flatten,
        LayerSpec::Dense { units: 3 },
    ]);
    let values = weights::initial(&spec, 1).expect("fits");
    let file = onnx::write(&spec, &values, &Metadata::default()).expect("fits");
    let graph = graph(&file).expect("a graph");
    adds_up(&graph);
    let shapes: Vec<&[usize]> = graph.stages.iter().map(|s| s.shape.as_slice()).collect();
    assert_eq!(shapes, [&[4, 28, 28][..], &[8, 14, 14], &[3]]);
    assert_eq!(
        operators(&graph.stages[0].operators),
        [("Conv", 1), ("Relu", 1)]
    );
    assert_eq!(graph.stages[0].parameters, 4 * 9 + 4);
    assert_eq!(graph.stages[0].multiply_adds, (4 * 9 * 28 * 28) as f64);
    assert_eq!(graph.stages[1].multiply_adds, (8 * 4 * 9 * 14 * 14) as f64);
    assert_eq!(graph.stages[2].multiply_adds, 24.0);
    let parameters: usize = graph.stages.iter().map(|stage| stage.parameters).sum();
    assert!(parameters >= 40 + 8 * 36 + 8 + 27, "{parameters}");
    let [input] = graph.inputs.as_slice() else {
        panic!("{:?}", graph.inputs);
    };
    assert_eq!(
        (input.name.as_str(), input.element.as_str()),
        (onnx::INPUT, "float32")
    );
    assert_eq!(input.shape[1..], ["1", "28", "28"]);
    assert_eq!(graph.opset, onnx::OPSET);
    assert!(!graph.producer.is_empty() && graph.ir_version > 0);
}

/// What the shipped files compute beside the answer is on no way to it, and weights in 8 bits count like others.
#[wasm_bindgen_test(unsupported = test)]
fn shipped_networks_by_stages() {
    let digits = graph(include_bytes!("../../www/public/models/digits.onnx")).expect("a graph");
    adds_up(&digits);
    let shapes: Vec<&[usize]> = digits.stages.iter().map(|s| s.shape.as_slice()).collect();
    assert_eq!(
        shapes,
        [
            &[24, 24, 24][..],
            &[48, 12, 12],
            &[64, 10, 10],
            &[64, 5, 5],
            &[10]
        ]
    );
    let photos = graph(include_bytes!("../../www/public/models/lite0.onnx")).expect("a graph");
    adds_up(&photos);
    // EfficientNet-Lite0 has 407 million as it was published.
    assert!(
        (380e6..410e6).contains(&photos.multiply_adds),
        "{}",
        photos.multiply_adds
    );
    let shapes: Vec<&[usize]> = photos.stages.iter().map(|s| s.shape.as_slice()).collect();
    assert_eq!(
        shapes,
        [
            &[96, 112, 112][..],
            &[144, 56, 56],
            &[240, 28, 28],
            &[672, 14, 14],
            &[1280, 7, 7],
            &[1000]
        ]
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn files_from_elsewhere() {
    for file in [
        &include_bytes!("../fixtures/pytorch-residual.onnx")[..],
        include_bytes!("../fixtures/pytorch-hardswish.onnx"),
        include_bytes!("../fixtures/other-exporters.onnx"),
        include_bytes!("../fixtures/branches.onnx"),
        include_bytes!("../fixtures/external/inside.onnx"),
        include_bytes!("../../www/public/models/digits.onnx"),
    ] {
        let graph = graph(file).expect("a graph");
        adds_up(&graph);
        assert!(graph.multiply_adds > 0.0);
        assert!(graph.stages.iter().all(|stage| !stage.shape.is_empty()));
        let mut sides = graph.stages.iter().map(|stage| stage.shape.len());
        assert_eq!(sides.next_back(), Some(1), "the answer is a list");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_model_is_refused() {
    assert_eq!(
        graph(b"hello").expect_err("no model").code(),
        "onnx-unreadable"
    );
}
