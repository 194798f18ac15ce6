//! Operators that onnxruntime made of several when it optimised a file.

use super::builder::{Builder, float, get, get_string, input, output, without};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::NodeProto;

/// A convolution, what may be added to it, and what is made of each number then.
pub(super) fn conv(builder: &mut Builder, node: &NodeProto) -> Result<(), OnnxError> {
    let inputs: Vec<&str> = (0..3).filter_map(|place| input(node, place)).collect();
    let attributes = without(node, &["activation", "activation_params"]);
    let mut y = builder.add("Conv", &inputs, attributes);
    if let Some(z) = input(node, 3) {
        y = builder.add("Add", &[&y, z], Vec::new());
    }
    let numbers = get(node, "activation_params").map_or(&[][..], |a| &a.floats);
    activation(builder, node, &y, numbers)
}

pub(super) fn gemm(builder: &mut Builder, node: &NodeProto) -> Result<(), OnnxError> {
    const SETTINGS: [&str; 4] = [
        "activation",
        "activation_alpha",
        "activation_beta",
        "activation_gamma",
    ];
    let inputs: Vec<&str> = (0..3).filter_map(|place| input(node, place)).collect();
    let y = builder.add("Gemm", &inputs, without(node, &SETTINGS));
    let numbers = SETTINGS[1..].iter().filter_map(|name| get(node, name)?.f);
    let numbers: Vec<f32> = numbers.collect();
    activation(builder, node, &y, &numbers)
}

fn activation(
    builder: &mut Builder,
    node: &NodeProto,
    y: &str,
    numbers: &[f32],
) -> Result<(), OnnxError> {
    let name = get_string(node, "activation");
    let to = output(node);
    match (name, numbers) {
        ("", _) => builder.add_as(to, "Identity", &[y], Vec::new()),
        ("Relu" | "Sigmoid" | "Tanh", _) | ("LeakyRelu" | "Elu", []) => {
            builder.add_as(to, name, &[y], Vec::new());
        }
        ("LeakyRelu" | "Elu", [alpha, ..]) => {
            builder.add_as(to, name, &[y], vec![float("alpha", *alpha)]);
        }
        ("HardSigmoid", [alpha, beta, ..]) => {
            let settings = vec![float("alpha", *alpha), float("beta", *beta)];
            builder.add_as(to, name, &[y], settings);
        }
        ("Clip", [least, most, ..]) => {
            let [least, most] = [least, most].map(|&value| builder.float(value));
            let y = builder.add("Max", &[y, &least], Vec::new());
            builder.add_as(to, "Min", &[&y, &most], Vec::new());
        }
        _ => return Err(no_setting(&node.op_type, format!("activation {name}"))),
    }
    Ok(())
}
