//! Quantised operators. The engine has few of them, and is no quicker with whole numbers than with floats: so each whole
//! number is kept as the float of the same value, rounded and clipped as the standard says, and operators calculate with
//! what the numbers stand for.

use super::{Rewritten, cannot, input, int_of, output};
use crate::onnx::OnnxError;
use crate::onnx::proto::{FLOAT, INT8, INT32, NodeProto, TensorProto, UINT8};

/// The inputs of one quantised value: itself, its scale and its zero.
type Triple = [usize; 3];

/// Puts other operators in the place of a quantised one; `false` if it is none of these.
pub(super) fn replaced(node: &NodeProto, to: &mut Rewritten) -> Result<bool, OnnxError> {
    let first = [0, 1, 2];
    match node.op_type.as_str() {
        "QuantizeLinear" => {
            let (Some(x), Some(scale)) = (input(node, 0), input(node, 1)) else {
                return Ok(false);
            };
            let (scale, zero) = (scale.to_owned(), input(node, 2).map(str::to_owned));
            if int_of(node, "block_size", 0) != 0 || !is_single(&scale, to) {
                return Err(cannot(node, "a scale for each channel"));
            }
            let x = x.to_owned();
            quantise(&x, &scale, zero.as_deref(), output(node), to)
                .map_err(|kind| cannot(node, kind))?;
        }
        "DequantizeLinear" => {
            // What is left once weights are done: what is calculated.
            let scale = input(node, 1).unwrap_or_default().to_owned();
            if !is_single(&scale, to) {
                return Err(cannot(node, "a scale for each channel"));
            }
            let x = dequantised(node, first, to);
            to.put("Identity", &[&x], Vec::new(), output(node));
        }
        "QLinearConv" => {
            let (x, w) = (
                dequantised(node, first, to),
                weights(node, [3, 4, 5], 0, to)?,
            );
            let mut inputs = vec![x, w];
            if let Some(bias) = input(node, 8) {
                inputs.push(bias_of(node, bias, (1, 4), to)?);
            }
            let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
            let y = to.add("Conv", &inputs, node.attribute.clone());
            requantised(node, &y, [6, 7], to)?;
        }
        "QLinearMatMul" => {
            let (a, b) = (
                dequantised(node, first, to),
                dequantised(node, [3, 4, 5], to),
            );
            let y = to.add("MatMul", &[&a, &b], Vec::new());
            requantised(node, &y, [6, 7], to)?;
        }
        "QGemm" => {
            let turned = int_of(node, "transB", 0) == 0;
            let (a, b) = (
                dequantised(node, first, to),
                weights(node, [3, 4, 5], i64::from(turned), to)?,
            );
            let mut inputs = vec![a, b];
            if let Some(bias) = input(node, 6) {
                inputs.push(bias_of(node, bias, (1, 4), to)?);
            }
            let inputs: Vec<&str> = inputs.iter().map(String::as_str).collect();
            let y = to.add("Gemm", &inputs, node.attribute.clone());
            match input(node, 7) {
                Some(_) => requantised(node, &y, [7, 8], to)?,
                None => to.put("Identity", &[&y], Vec::new(), output(node)),
            }
        }
        "QLinearAdd" | "QLinearMul" => {
            let (a, b) = (
                dequantised(node, first, to),
                dequantised(node, [3, 4, 5], to),
            );
            let y = to.add(&node.op_type["QLinear".len()..], &[&a, &b], Vec::new());
            requantised(node, &y, [6, 7], to)?;
        }
        "QLinearGlobalAveragePool"
        | "QLinearAveragePool"
        | "QLinearSigmoid"
        | "QLinearLeakyRelu"
        | "QLinearSoftmax" => {
            if int_of(node, "channels_last", 0) != 0 {
                return Err(cannot(node, "channels last"));
            }
            let x = dequantised(node, first, to);
            let attributes = node.attribute.iter();
            let attributes =
                attributes.filter(|a| !matches!(a.name.as_str(), "channels_last" | "opset"));
            let y = to.add(
                &node.op_type["QLinear".len()..],
                &[&x],
                attributes.cloned().collect(),
            );
            requantised(node, &y, [3, 4], to)?;
        }
        "QLinearConcat" => {
            let parts = (2..node.input.len()).step_by(3);
            let parts: Vec<String> = parts
                .map(|place| dequantised(node, [place, place + 1, place + 2], to))
                .collect();
            let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
            let y = to.add("Concat", &parts, node.attribute.clone());
            requantised(node, &y, [0, 1], to)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// Between which numbers a type's values lie.
fn range(data_type: i32) -> Option<[f32; 2]> {
    match data_type {
        UINT8 => Some([0.0, 255.0]),
        INT8 => Some([-128.0, 127.0]),
        _ => None,
    }
}

/// Whether a scale is one for all channels.
fn is_single(scale: &str, to: &Rewritten) -> bool {
    let tensor = to.tensors.get(scale);
    tensor.is_some_and(|scale| scale.dims.iter().product::<i64>() == 1)
}

/// `clip(round(x / scale) + zero)`
fn quantise(
    x: &str,
    scale: &str,
    zero: Option<&str>,
    output: &str,
    to: &mut Rewritten,
) -> Result<(), &'static str> {
    let zeros = match zero {
        None => Some((0.0, UINT8)),
        Some(name) => to.tensors.get(name).and_then(|zero| {
            let value = wholes(zero)?.first().copied()?;
            Some((value, zero.data_type))
        }),
    };
    let (zero, data_type) = zeros.ok_or("a zero that is calculated")?;
    let [least, most] = range(data_type).ok_or("values of another type than 8 bits")?;
    let shares = to.add("Div", &[x, scale], Vec::new());
    let rounded = to.add("Round", &[&shares], Vec::new());
    let zero = to.scalar(zero);
    let moved = to.add("Add", &[&rounded, &zero], Vec::new());
    let (least, most) = (to.scalar(least), to.scalar(most));
    let above = to.add("Max", &[&moved, &least], Vec::new());
    to.put("Min", &[&above, &most], Vec::new(), output);
    Ok(())
}

/// `(x − zero) × scale`, of what is calculated or kept.
fn dequantised(node: &NodeProto, [x, scale, zero]: Triple, to: &mut Rewritten) -> String {
    let of = |place: usize| input(node, place).unwrap_or_default().to_owned();
    let (x, scale) = (of(x), of(scale));
    let cast = vec![super::int("to", FLOAT.into())];
    let mut value = to.add("Cast", &[&x], cast.clone());
    if let Some(zero) = input(node, zero) {
        let zero = to.add("Cast", &[zero], cast);
        value = to.add("Sub", &[&value, &zero], Vec::new());
    }
    to.add("Mul", &[&value, &scale], Vec::new())
}

fn requantised(
    node: &NodeProto,
    y: &str,
    [scale, zero]: [usize; 2],
    to: &mut Rewritten,
) -> Result<(), OnnxError> {
    let scale = input(node, scale).unwrap_or_default().to_owned();
    if !is_single(&scale, to) {
        return Err(cannot(node, "a scale for each channel"));
    }
    let zero = input(node, zero).map(str::to_owned);
    quantise(y, &scale, zero.as_deref(), output(node), to).map_err(|kind| cannot(node, kind))
}

/// Weights that the file keeps, as the floats that they stand for, scaled along `axis`.
fn weights(
    node: &NodeProto,
    [w, scale, zero]: Triple,
    axis: i64,
    to: &mut Rewritten,
) -> Result<String, OnnxError> {
    let kept = |place: usize| to.tensors.get(input(node, place)?);
    let (Some(tensor), Some(scales)) = (kept(w), kept(scale)) else {
        return Ok(dequantised(node, [w, scale, zero], to));
    };
    let floats = || {
        let values = wholes(tensor)?;
        let scales = floats_of(scales);
        let zeros = match kept(zero) {
            Some(zero) => wholes(zero)?,
            None => vec![0.0],
        };
        let dims: Vec<usize> = tensor
            .dims
            .iter()
            .map(|&side| usize::try_from(side).ok())
            .collect::<Option<_>>()?;
        let axis = usize::try_from(axis).ok()?;
        let inner: usize = dims.get(axis + 1..)?.iter().product();
        let channels = *dims.get(axis)?;
        let fits = |count: usize| count == 1 || count == channels;
        if !fits(scales.len()) || !fits(zeros.len()) || values.is_empty() {
            return None;
        }
        let at = |all: &[f32], place: usize| match all {
            [one] => *one,
            all => all[place / inner.max(1) % channels],
        };
        let values = values.iter().enumerate();
        let floats = values.map(|(i, &value)| (value - at(&zeros, i)) * at(&scales, i));
        Some((floats.collect::<Vec<f32>>(), tensor.dims.clone()))
    };
    let (floats, dims) = floats().ok_or_else(|| cannot(node, "weights of that form"))?;
    Ok(to.floats(&floats, &dims))
}

/// A bias of whole numbers, which stand for that many products of the scales at two places.
fn bias_of(
    node: &NodeProto,
    bias: &str,
    (a, b): (usize, usize),
    to: &mut Rewritten,
) -> Result<String, OnnxError> {
    let scales = |place: usize| {
        let tensor = to.tensors.get(input(node, place)?)?;
        Some(floats_of(tensor))
    };
    let floats = || {
        let values = wholes(to.tensors.get(bias)?)?;
        let (a, b) = (scales(a)?, scales(b)?);
        let first = *a.first()?;
        let fits = b.len() == 1 || b.len() == values.len();
        let values = values.iter().enumerate();
        fits.then(|| {
            let scaled = values.map(|(i, value)| value * first * b[i % b.len()]);
            scaled.collect::<Vec<f32>>()
        })
    };
    let floats = floats().ok_or_else(|| cannot(node, "a bias of that form"))?;
    Ok(to.floats(&floats, &[floats.len() as i64]))
}

/// The whole numbers that a tensor keeps, of 8 or 32 bits; `None` of another type.
fn wholes(tensor: &TensorProto) -> Option<Vec<f32>> {
    let raw = tensor.raw_data.as_slice();
    let numbers = tensor.int32_data.iter().map(|&value| value as f32);
    let raw: Vec<f32> = match tensor.data_type {
        UINT8 => raw.iter().map(|&byte| f32::from(byte)).collect(),
        INT8 => raw.iter().map(|&byte| f32::from(byte as i8)).collect(),
        INT32 => {
            let raw = raw.as_chunks::<4>().0.iter();
            raw.map(|&bytes| i32::from_le_bytes(bytes) as f32).collect()
        }
        _ => return None,
    };
    Some(numbers.chain(raw).collect())
}

fn floats_of(tensor: &TensorProto) -> Vec<f32> {
    crate::onnx::convert::floats_of(tensor)
}
