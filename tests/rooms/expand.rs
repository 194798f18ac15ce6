//! Weights in 8 bits: what they stand for, and files in which they make no sense.

use hearth::infer::{InferError, Session};
use hearth::model::random::{Stream, mix};
use wasm_bindgen_test::wasm_bindgen_test;

/// A protobuf field of bytes, with the numbers of onnx.proto.
fn bytes(number: u8, value: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = value.len();
    while length > 127 {
        field.push(length as u8 & 127 | 128);
        length >>= 7;
    }
    field.push(length as u8);
    field.extend(value);
    field
}

fn number(field: u8, value: u8) -> Vec<u8> {
    vec![field << 3, value]
}

const FLOAT: u8 = 1;
const UINT8: u8 = 2;
const INT8: u8 = 3;

fn tensor(name: &str, dims: &[u8], kind: u8, raw: &[u8]) -> Vec<u8> {
    let dims = dims.iter().map(|&side| number(1, side));
    let parts = [number(2, kind), bytes(8, name.as_bytes()), bytes(9, raw)];
    dims.chain(parts).flatten().collect()
}

/// The same values in `int32_data`, as `onnx.helper.make_tensor` writes them.
fn tensor_of_numbers(name: &str, dims: &[u8], kind: u8, values: &[u8]) -> Vec<u8> {
    let varints: Vec<u8> = values
        .iter()
        .flat_map(|&value| match value {
            0..=127 => vec![value],
            _ => vec![value & 127 | 128, value >> 7],
        })
        .collect();
    let dims = dims.iter().map(|&side| number(1, side));
    let parts = [
        number(2, kind),
        bytes(5, &varints),
        bytes(8, name.as_bytes()),
    ];
    dims.chain(parts).flatten().collect()
}

fn floats(name: &str, values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    tensor(name, &[values.len() as u8], FLOAT, &raw)
}

fn node(operator: &str, inputs: &[&str], output: &str, axis: Option<u8>) -> Vec<u8> {
    let mut node: Vec<u8> = inputs.iter().flat_map(|i| bytes(1, i.as_bytes())).collect();
    node.extend([bytes(2, output.as_bytes()), bytes(4, operator.as_bytes())].concat());
    if let Some(axis) = axis {
        let attribute = [
            bytes(1, b"axis"),
            number(3, axis),
            vec![20 << 3 & 127 | 128, 1, 2],
        ];
        node.extend(bytes(5, &attribute.concat()));
    }
    node
}

fn value(name: &str, dims: &[u8]) -> Vec<u8> {
    let dims: Vec<u8> = dims
        .iter()
        .flat_map(|&side| bytes(1, &number(1, side)))
        .collect();
    let tensor = [number(1, FLOAT), bytes(2, &dims)].concat();
    [bytes(1, name.as_bytes()), bytes(2, &bytes(1, &tensor))].concat()
}

/// An image of 2 × 2 pixels, flattened and multiplied by a matrix `[4, 3]` of 8-bit weights.
struct File {
    kind: u8,
    dims: Vec<u8>,
    weights: Vec<u8>,
    scales: Vec<f32>,
    zeros: Option<Vec<u8>>,
    axis: Option<u8>,
    /// Whether weights and zeros are written as numbers instead of bytes.
    numbers: bool,
}

impl File {
    fn new() -> Self {
        File {
            kind: INT8,
            dims: vec![4, 3],
            weights: (0..12).map(|i: i8| (i * 7 - 40) as u8).collect(),
            scales: vec![0.5, 0.25, 2.0],
            zeros: None,
            axis: Some(1),
            numbers: false,
        }
    }

    fn onnx(&self) -> Vec<u8> {
        let mut inputs = vec!["w8", "scale"];
        let tensor = if self.numbers {
            tensor_of_numbers
        } else {
            tensor
        };
        let mut stored = vec![
            tensor("w8", &self.dims, self.kind, &self.weights),
            floats("scale", &self.scales),
        ];
        if let Some(zeros) = &self.zeros {
            inputs.push("zero");
            stored.push(tensor("zero", &[zeros.len() as u8], self.kind, zeros));
        }
        let graph = [
            bytes(1, &node("DequantizeLinear", &inputs, "w", self.axis)),
            bytes(1, &node("Flatten", &["image"], "flat", None)),
            bytes(1, &node("MatMul", &["flat", "w"], "logits", None)),
            stored.iter().flat_map(|tensor| bytes(5, tensor)).collect(),
            bytes(11, &value("image", &[1, 1, 2, 2])),
            bytes(12, &value("logits", &[1, 3])),
        ];
        let opset = [bytes(1, b""), number(2, 17)].concat();
        [number(1, 8), bytes(7, &graph.concat()), bytes(8, &opset)].concat()
    }

    /// The weights as their second row comes out of the network.
    fn second_row(&self) -> Vec<f32> {
        let session = Session::load_logits(&self.onnx()).expect("tract runs it");
        session.run(&[0.0, 1.0, 0.0, 0.0]).expect("an answer")
    }

    fn refused(&self) -> String {
        match Session::load(&self.onnx()) {
            Ok(_) => panic!("it makes no sense and was loaded"),
            Err(error @ InferError::Onnx(_)) => error.to_string(),
            Err(error) => panic!("only the engine noticed: {error}"),
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_are_what_their_scales_and_zeros_make_of_them() {
    // The second row: −40 + 7 × (3, 4, 5).
    let row = [-19.0, -12.0, -5.0];
    let scales = [0.5, 0.25, 2.0];
    let by_channel: Vec<f32> = row.iter().zip(scales).map(|(w, s)| w * s).collect();
    assert_eq!(File::new().second_row(), by_channel);
    // The default axis is 1.
    assert_eq!(
        File {
            axis: None,
            ..File::new()
        }
        .second_row(),
        by_channel
    );
    let one_scale = File {
        scales: vec![0.5],
        ..File::new()
    };
    assert_eq!(one_scale.second_row(), row.map(|w| w * 0.5));
    let unsigned = File {
        kind: UINT8,
        zeros: Some(vec![10, 20, 30]),
        ..File::new()
    };
    let row = [237.0 - 10.0, 244.0 - 20.0, 251.0 - 30.0];
    let expected: Vec<f32> = row.iter().zip(scales).map(|(w, s)| w * s).collect();
    assert_eq!(unsigned.second_row(), expected);
    let numbers = File {
        numbers: true,
        kind: UINT8,
        zeros: Some(vec![10, 20, 30]),
        ..File::new()
    };
    assert_eq!(numbers.second_row(), expected);
    let by_row = File {
        axis: Some(0),
        scales: vec![1.0, 3.0, 1.0, 1.0],
        ..File::new()
    };
    assert_eq!(by_row.second_row(), [-57.0, -36.0, -15.0]);
}

#[wasm_bindgen_test(unsupported = test)]
fn weights_that_make_no_sense_are_refused_in_a_sentence() {
    let wrong = [
        File {
            scales: vec![0.5, 0.25],
            ..File::new()
        },
        File {
            scales: vec![],
            ..File::new()
        },
        File {
            scales: vec![0.5, f32::NAN, 2.0],
            ..File::new()
        },
        File {
            scales: vec![0.5, f32::INFINITY, 2.0],
            ..File::new()
        },
        File {
            weights: vec![0; 11],
            ..File::new()
        },
        File {
            axis: Some(2),
            ..File::new()
        },
        File {
            axis: Some(0),
            ..File::new()
        },
        File {
            zeros: Some(vec![1, 2]),
            ..File::new()
        },
    ];
    for file in wrong {
        let sentence = file.refused();
        assert!(sentence.ends_with('.'), "{sentence}");
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn damaged_8_bit_weights_never_panic_the_reader() {
    let file = File::new().onnx();
    // From the first name of the weights, which the operator that unpacks them takes, to their last value: what lies
    // elsewhere is tract's to read.
    let find = |what: &[u8]| file.windows(what.len()).rposition(|window| window == what);
    let (from, to) = (
        find(b"w8").expect("weights"),
        find(b"image").expect("input"),
    );
    for seed in 0..2000 {
        let mut stream = Stream::new(mix(&[seed]));
        let mut damaged = file.clone();
        let place = from + (stream.unit() * (to - from) as f32) as usize % (to - from);
        damaged[place] = (stream.unit() * 256.0) as u8;
        // Either answer will do.
        let _ = Session::load(&damaged);
    }
}
