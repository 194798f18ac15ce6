//! The values of a file's tensors.

use super::proto::{FLOAT, INT64, TensorProto};

/// `None` if they are no 32-bit floats, or not as many as the dimensions say.
pub(super) fn floats(tensor: &TensorProto) -> Option<Vec<f32>> {
    if tensor.data_type != FLOAT {
        return None;
    }
    let values = match tensor.float_data.is_empty() {
        false => tensor.float_data.clone(),
        true => {
            let bytes = tensor.raw_data.chunks_exact(4);
            bytes
                .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
                .collect()
        }
    };
    (elements(tensor) == Some(values.len())).then_some(values)
}

/// `None` if they are no 64-bit integers.
pub(super) fn integers(tensor: &TensorProto) -> Option<Vec<i64>> {
    if tensor.data_type != INT64 {
        return None;
    }
    if !tensor.int64_data.is_empty() {
        return Some(tensor.int64_data.clone());
    }
    let bytes = tensor.raw_data.chunks_exact(8);
    Some(
        bytes
            .map(|b| i64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]))
            .collect(),
    )
}

/// The dimensions; `None` if one is negative.
pub(super) fn dims(tensor: &TensorProto) -> Option<Vec<usize>> {
    let sides = tensor.dims.iter().map(|&side| usize::try_from(side).ok());
    sides.collect()
}

/// The number of values, unless the dimensions are negative or absurd.
pub(super) fn elements(tensor: &TensorProto) -> Option<usize> {
    tensor.dims.iter().try_fold(1usize, |product, &side| {
        product.checked_mul(usize::try_from(side).ok()?)
    })
}
