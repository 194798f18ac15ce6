//! Products of matrices.

use super::builder::{Builder, get_float, get_int, input, ints, output};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::NodeProto;

/// α · A · B, either turned.
pub(super) fn fused(builder: &mut Builder, node: &NodeProto) -> Result<(), OnnxError> {
    for setting in ["transBatchA", "transBatchB"] {
        if get_int(node, setting, 0) != 0 {
            return Err(no_setting(&node.op_type, setting));
        }
    }
    let a = side(builder, node, 0, "transA")?;
    let b = side(builder, node, 1, "transB")?;
    let product = builder.add("MatMul", &[&a, &b], Vec::new());
    let alpha = builder.float(get_float(node, "alpha", 1.0));
    builder.add_as(output(node), "Mul", &[&product, &alpha], Vec::new());
    Ok(())
}

fn side(
    builder: &mut Builder,
    node: &NodeProto,
    place: usize,
    setting: &str,
) -> Result<String, OnnxError> {
    let name = input(node, place).unwrap_or("");
    if get_int(node, setting, 0) == 0 {
        return Ok(name.to_owned());
    }
    let rank = builder.known.rank(name).filter(|&rank| rank >= 2);
    let Some(rank) = rank else {
        return Err(no_setting(&node.op_type, format!("{setting} 1")));
    };
    let mut order: Vec<i64> = (0..rank as i64).collect();
    order.swap(rank - 1, rank - 2);
    Ok(builder.add("Transpose", &[name], vec![ints("perm", &order)]))
}
