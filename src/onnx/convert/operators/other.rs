//! Activations, poolings and what else the engine lacks or has in another form.

use super::{Rewritten, attribute, cannot, float_of, input, int, int_of, ints, ints_of, output};
use crate::onnx::OnnxError;
use crate::onnx::proto::NodeProto;

/// Puts others in the place of an operator; `false` if it may stay.
pub(super) fn replaced(node: &NodeProto, to: &mut Rewritten) -> Result<bool, OnnxError> {
    let (x, y) = (input(node, 0).unwrap_or_default(), output(node));
    match node.op_type.as_str() {
        // max(0, x) + min(0, α (e^(x / α) − 1))
        "Celu" => {
            let alpha = to.scalar(float_of(node, "alpha", 1.0));
            let (one, zero) = (to.scalar(1.0), to.scalar(0.0));
            let share = to.add("Div", &[x, &alpha], Vec::new());
            let power = to.add("Exp", &[&share], Vec::new());
            let less = to.add("Sub", &[&power, &one], Vec::new());
            let scaled = to.add("Mul", &[&less, &alpha], Vec::new());
            let below = to.add("Min", &[&scaled, &zero], Vec::new());
            let above = to.add("Relu", &[x], Vec::new());
            to.put("Add", &[&above, &below], Vec::new(), y);
        }
        // x σ(α x)
        "Swish" | "QuickGelu" => {
            let usual = if node.op_type == "Swish" { 1.0 } else { 1.702 };
            let alpha = to.scalar(float_of(node, "alpha", usual));
            let scaled = to.add("Mul", &[x, &alpha], Vec::new());
            let gate = to.add("Sigmoid", &[&scaled], Vec::new());
            to.put("Mul", &[x, &gate], Vec::new(), y);
        }
        // (Σ |x|^p)^(1 / p), the sum as a mean of so many
        "LpPool" => {
            let kernel = ints_of(node, "kernel_shape");
            if kernel.is_empty() || int_of(node, "ceil_mode", 0) != 0 {
                return Err(cannot(node, "ceil_mode"));
            }
            let count: i64 = kernel.iter().product();
            let power = int_of(node, "p", 2) as f32;
            let raised = raised(x, power, to);
            let kept = ["kernel_shape", "strides", "pads", "auto_pad", "dilations"];
            let attributes = node.attribute.iter();
            let mut attributes: Vec<_> = attributes
                .filter(|a| kept.contains(&a.name.as_str()))
                .cloned()
                .collect();
            attributes.push(int("count_include_pad", 1));
            let mean = to.add("AveragePool", &[&raised], attributes);
            rooted(&mean, count as f32, power, y, to);
        }
        "GlobalLpPool" => {
            let power = int_of(node, "p", 2) as f32;
            let raised = raised(x, power, to);
            let axes = [2, 3];
            let sum = match to.opset >= 13 {
                true => {
                    let axes = to.whole(&axes);
                    to.add("ReduceSum", &[&raised, &axes], vec![int("keepdims", 1)])
                }
                false => to.add(
                    "ReduceSum",
                    &[&raised],
                    vec![ints("axes", &axes), int("keepdims", 1)],
                ),
            };
            rooted(&sum, 1.0, power, y, to);
        }
        // Before it was taken out of the standard, what Resize is now.
        "Upsample" => {
            let scales = match (input(node, 1), attribute(node, "scales")) {
                (Some(scales), _) => scales.to_owned(),
                (None, Some(scales)) => to.floats(&scales.floats, &[scales.floats.len() as i64]),
                _ => return Err(cannot(node, "no scales")),
            };
            let mode = attribute(node, "mode").cloned();
            let roi = to.floats(&[], &[0]);
            let mut attributes: Vec<_> = mode.into_iter().collect();
            attributes.push(text("coordinate_transformation_mode", "asymmetric"));
            attributes.push(text("nearest_mode", "floor"));
            to.put("Resize", &[x, &roi, &scales], attributes, y);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// |x|^p
fn raised(x: &str, power: f32, to: &mut Rewritten) -> String {
    let size = to.add("Abs", &[x], Vec::new());
    let power = to.scalar(power);
    to.add("Pow", &[&size, &power], Vec::new())
}

/// (x × count)^(1 / p)
fn rooted(x: &str, count: f32, power: f32, output: &str, to: &mut Rewritten) {
    let count = to.scalar(count);
    let sum = to.add("Mul", &[x, &count], Vec::new());
    let root = to.scalar(1.0 / power);
    to.put("Pow", &[&sum, &root], Vec::new(), output);
}

fn text(name: &str, value: &str) -> crate::onnx::proto::AttributeProto {
    crate::onnx::proto::AttributeProto {
        name: name.into(),
        s: Some(value.as_bytes().to_vec()),
        r#type: crate::onnx::proto::ATTRIBUTE_STRING,
        ..Default::default()
    }
}
