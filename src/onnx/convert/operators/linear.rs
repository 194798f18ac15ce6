//! Numbers as bytes, and bytes as numbers. The engine multiplies by the reciprocal of a scale, where onnxruntime divides by
//! it: what is half-way between two bytes (the mean of two of them, say) becomes another one. And it makes a table of what
//! stands between bytes and bytes, as if a softmax took its values one by one. So numbers are divided first, in 64 bits.

use super::builder::{Builder, get_int, input, is_set, output};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::{DOUBLE, FLOAT, INT8, INT16, INT32, NodeProto, UINT8, UINT16};

/// The bytes of `y`, whose scale and zero are single numbers.
pub(super) fn divided(builder: &mut Builder, name: &str, y: &str, scale: &str, zero: Option<&str>) {
    let steps = quotient(builder, y, scale);
    whole(builder, name, &steps, zero);
}

/// The bytes of what is divided by its scale.
pub(super) fn whole(builder: &mut Builder, name: &str, steps: &str, zero: Option<&str>) {
    let one = builder.float(1.0);
    let inputs: Vec<&str> = [steps, one.as_str()].into_iter().chain(zero).collect();
    builder.add_as(name, "QuantizeLinear", &inputs, Vec::new());
}

/// The engine makes every division a multiplication; of 64 bits, it is the same when rounded to 32.
pub(super) fn quotient(builder: &mut Builder, y: &str, by: &str) -> String {
    let [y, by] = [y, by].map(|name| builder.cast(name, DOUBLE));
    let quotient = builder.add("Div", &[&y, &by], Vec::new());
    builder.cast(&quotient, FLOAT)
}

pub(super) fn quantize(builder: &mut Builder, mut node: NodeProto) -> Result<(), OnnxError> {
    if is_set(&node, "block_size") {
        return Err(no_setting("QuantizeLinear", "block_size"));
    }
    let [x, scale] = [0, 1].map(|place| input(&node, place).unwrap_or("").to_owned());
    let zero = input(&node, 2).map(str::to_owned);
    let told = get_int(&node, "output_dtype", 0);
    let data_type = match &zero {
        Some(zero) => builder.kinds.of(zero),
        None if told == 0 => Some(UINT8),
        None => i32::try_from(told).ok(),
    };
    let Some((least, most)) = data_type.and_then(range) else {
        return Err(no_setting(
            "QuantizeLinear",
            "values of neither 8 nor 16 bits",
        ));
    };
    let bytes = matches!(data_type, Some(UINT8 | INT8));
    let x = match builder.kinds.of(&x) {
        Some(FLOAT) | None => x,
        Some(_) => builder.cast(&x, FLOAT),
    };
    let kept = builder.known.dims(&scale).map(<[i64]>::to_vec);
    let known_zero = zero
        .as_ref()
        .is_none_or(|zero| builder.known.dims(zero).is_some());
    let zero = zero.unwrap_or_else(|| {
        let dims = kept.clone().unwrap_or_default();
        let count = count(&dims).min(1 << 16);
        builder.tensor(
            data_type.unwrap_or(UINT8),
            dims,
            vec![0; count * if bytes { 1 } else { 2 }],
        )
    });
    match &kept {
        Some(dims) if bytes && known_zero && count(dims) == 1 => {
            divided(builder, output(&node), &x, &scale, Some(&zero));
        }
        Some(_) if bytes && known_zero => {
            node.input = vec![x, scale, zero];
            node.attribute.retain(|a| a.name == "axis");
            node.domain = String::new();
            builder.keep(node);
        }
        _ => {
            one_scale(builder, &node, &scale)?;
            let steps = quotient(builder, &x, &scale);
            let whole = builder.add("Round", &[&steps], Vec::new());
            let zero = builder.cast(&zero, FLOAT);
            let moved = builder.add("Add", &[&whole, &zero], Vec::new());
            let [least, most] = [least, most].map(|bound| builder.float(bound));
            let low = builder.add("Max", &[&moved, &least], Vec::new());
            let within = builder.add("Min", &[&low, &most], Vec::new());
            builder.cast_as(output(&node), &within, data_type.unwrap_or(UINT8));
        }
    }
    Ok(())
}

pub(super) fn dequantize(builder: &mut Builder, mut node: NodeProto) -> Result<(), OnnxError> {
    let [x, scale] = [0, 1].map(|place| input(&node, place).unwrap_or("").to_owned());
    let zero = input(&node, 2).map(str::to_owned);
    let known_zero = zero
        .as_ref()
        .is_none_or(|zero| builder.known.dims(zero).is_some());
    let usual = matches!(builder.kinds.of(&x), Some(UINT8 | INT8 | INT32) | None);
    if is_set(&node, "block_size") {
        return blocks(builder, &node);
    }
    if usual && known_zero && builder.known.dims(&scale).is_some() {
        node.attribute.retain(|a| a.name == "axis");
        node.domain = String::new();
        builder.keep(node);
        return Ok(());
    }
    one_scale(builder, &node, &scale)?;
    scaled(builder, &node, &scale, zero.as_deref());
    Ok(())
}

/// `(x − zero) × scale`
fn scaled(builder: &mut Builder, node: &NodeProto, scale: &str, zero: Option<&str>) {
    let mut x = builder.cast(input(node, 0).unwrap_or(""), FLOAT);
    if let Some(zero) = zero {
        let zero = builder.cast(zero, FLOAT);
        x = builder.add("Sub", &[&x, &zero], Vec::new());
    }
    builder.add_as(output(node), "Mul", &[&x, scale], Vec::new());
}

/// Scales of channels need the channels' axis, which plain arithmetic does not know.
fn one_scale(builder: &Builder, node: &NodeProto, scale: &str) -> Result<(), OnnxError> {
    let is_one = match builder.known.dims(scale) {
        Some(dims) => count(dims) == 1,
        None => builder.known.rank(scale).is_none_or(|rank| rank == 0),
    };
    match is_one {
        true => Ok(()),
        false => Err(no_setting(
            &node.op_type,
            "a scale for each channel of such values",
        )),
    }
}

/// One scale for so many values along an axis: each is repeated as often.
fn blocks(builder: &mut Builder, node: &NodeProto) -> Result<(), OnnxError> {
    let refused = || no_setting("DequantizeLinear", "block_size, of what is calculated");
    let [x, scale] = [0, 1].map(|place| input(node, place).unwrap_or(""));
    let dims = builder.known.dims(x).ok_or_else(refused)?.to_vec();
    let few = builder.known.dims(scale).ok_or_else(refused)?.to_vec();
    let axis = get_int(node, "axis", 1);
    let axis = if axis < 0 {
        axis + dims.len() as i64
    } else {
        axis
    };
    let axis = usize::try_from(axis)
        .ok()
        .filter(|&axis| axis < dims.len())
        .ok_or_else(refused)?;
    let block = get_int(node, "block_size", 0);
    let enough = few.len() == dims.len()
        && few[axis]
            .checked_mul(block)
            .is_some_and(|n| n >= dims[axis]);
    if block < 1 || !enough || count(&dims) > 1 << 28 {
        return Err(refused());
    }
    let scale = repeated(builder, scale, &few, (axis, block, dims[axis]));
    let zero = input(node, 2).map(|zero| {
        let zero = builder.cast(zero, FLOAT);
        repeated(builder, &zero, &few, (axis, block, dims[axis]))
    });
    let mut values = builder.cast(x, FLOAT);
    if let Some(zero) = zero {
        values = builder.add("Sub", &[&values, &zero], Vec::new());
    }
    builder.add_as(output(node), "Mul", &[&values, &scale], Vec::new());
    Ok(())
}

/// Every value along an axis so many times, up to a side.
fn repeated(builder: &mut Builder, name: &str, dims: &[i64], along: (usize, i64, i64)) -> String {
    let (axis, block, side) = along;
    let with = |sides: [i64; 2]| [&dims[..axis], &sides, &dims[axis + 1..]].concat();
    let apart = builder.ints(&with([dims[axis], 1]));
    let apart = builder.add("Reshape", &[name, &apart], Vec::new());
    let large = builder.ints(&with([dims[axis], block]));
    let large = builder.add("Expand", &[&apart, &large], Vec::new());
    let form = builder.ints(&[&dims[..axis], &[dims[axis] * block], &dims[axis + 1..]].concat());
    let all = builder.add("Reshape", &[&large, &form], Vec::new());
    builder.slice(&all, &[axis as i64], &[0], &[side])
}

/// How many values there are; of sides that make no sense, none.
fn count(dims: &[i64]) -> usize {
    let sides = dims.iter().map(|&side| usize::try_from(side).ok());
    let product = sides.reduce(|a, b| a?.checked_mul(b?));
    product.map_or(1, Option::unwrap_or_default)
}

fn range(data_type: i32) -> Option<(f32, f32)> {
    match data_type {
        UINT8 => Some((0.0, 255.0)),
        INT8 => Some((-128.0, 127.0)),
        UINT16 => Some((0.0, 65535.0)),
        INT16 => Some((-32768.0, 32767.0)),
        _ => None,
    }
}
