//! Floats of 16 and of 64 bits, as floats of 32: the engine has few operators for the others.

use half::{bf16, f16};

use crate::onnx::proto::{BFLOAT16, DOUBLE, FLOAT, FLOAT16, GraphProto, TensorProto};

/// Makes every float of a graph one of 32 bits, and every operator say so.
pub(super) fn widen(graph: &mut GraphProto) {
    for tensor in &mut graph.initializer {
        widen_tensor(tensor);
    }
    for value in graph.input.iter_mut().chain(&mut graph.output) {
        let tensor = value.r#type.as_mut().and_then(|t| t.tensor_type.as_mut());
        if let Some(tensor) = tensor
            && is_other(tensor.elem_type)
        {
            tensor.elem_type = FLOAT;
        }
    }
    for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
        let names_type = matches!(attribute.name.as_str(), "to" | "dtype" | "output_dtype");
        if let Some(data_type) = &mut attribute.i
            && names_type
            && [FLOAT16, BFLOAT16, DOUBLE]
                .map(i64::from)
                .contains(data_type)
        {
            *data_type = FLOAT.into();
        }
        for tensor in attribute.t.iter_mut().chain(&mut attribute.tensors) {
            widen_tensor(tensor);
        }
        for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
            widen(inner);
        }
    }
}

fn is_other(data_type: i32) -> bool {
    matches!(data_type, FLOAT16 | BFLOAT16 | DOUBLE)
}

fn widen_tensor(tensor: &mut TensorProto) {
    if !is_other(tensor.data_type) {
        return;
    }
    let values = floats_of(tensor);
    tensor.data_type = FLOAT;
    tensor.int32_data = Vec::new();
    tensor.double_data = Vec::new();
    tensor.raw_data = values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect();
}

/// The values of a tensor of floats of any width; none of another type.
pub(in crate::onnx) fn floats_of(tensor: &TensorProto) -> Vec<f32> {
    match tensor.data_type {
        FLOAT => {
            let raw = tensor.raw_data.as_chunks::<4>().0.iter();
            let raw = raw.map(|&bytes| f32::from_le_bytes(bytes));
            tensor.float_data.iter().copied().chain(raw).collect()
        }
        FLOAT16 => halves(tensor)
            .map(|bits| f16::from_bits(bits).to_f32())
            .collect(),
        BFLOAT16 => halves(tensor)
            .map(|bits| bf16::from_bits(bits).to_f32())
            .collect(),
        DOUBLE => {
            let raw = tensor.raw_data.as_chunks::<8>().0.iter();
            let raw = raw.map(|&bytes| f64::from_le_bytes(bytes));
            let all = tensor.double_data.iter().copied().chain(raw);
            all.map(|value| value as f32).collect()
        }
        _ => Vec::new(),
    }
}

/// The bits of 16-bit floats: as bytes, or as numbers of 32 bits, one for each.
fn halves(tensor: &TensorProto) -> impl Iterator<Item = u16> {
    let raw = tensor.raw_data.as_chunks::<2>().0.iter();
    let raw = raw.map(|&bytes| u16::from_le_bytes(bytes));
    raw.chain(tensor.int32_data.iter().map(|&bits| bits as u16))
}
