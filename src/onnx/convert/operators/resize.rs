//! Images made larger and smaller.

use super::builder::{Builder, get, get_string, input, output, string, without};
use super::no_setting;
use crate::onnx::OnnxError;
use crate::onnx::proto::{
    ATTRIBUTE_TENSOR, AttributeProto, GraphProto, INT64, NodeProto, TensorProto,
};

/// The first opset that has `Resize`, which is what an `Upsample` becomes.
pub(super) const FIRST: i64 = 10;

pub(super) fn is_needed(graph: &GraphProto) -> bool {
    graph.node.iter().any(|node| {
        let mut inner = node
            .attribute
            .iter()
            .flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs));
        node.op_type == "Upsample" || inner.any(is_needed)
    })
}

/// Writes what the tenth opset took in another way than those before it: `Slice` and `TopK` take inputs for attributes.
pub(super) fn raise(graph: &mut GraphProto) {
    let mut nodes = Vec::with_capacity(graph.node.len());
    for mut node in std::mem::take(&mut graph.node) {
        for attribute in &mut node.attribute {
            for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
                raise(inner);
            }
        }
        let names: &[&str] = match node.op_type.as_str() {
            "Slice" => &["starts", "ends", "axes"],
            "TopK" => &["k"],
            _ => &[],
        };
        for name in names {
            let Some(attribute) = get(&node, name) else {
                continue;
            };
            let values = attribute
                .i
                .into_iter()
                .chain(attribute.ints.iter().copied());
            let constant = constant(
                format!("hearth.op.{name}.{}", output(&node)),
                values.collect(),
            );
            node.input.extend(constant.output.iter().cloned());
            nodes.push(constant);
        }
        node.attribute = without(&node, names);
        nodes.push(node);
    }
    graph.node = nodes;
}

fn constant(name: String, values: Vec<i64>) -> NodeProto {
    let tensor = TensorProto {
        dims: vec![values.len() as i64],
        data_type: INT64,
        raw_data: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
        ..TensorProto::default()
    };
    NodeProto {
        output: vec![name.clone()],
        name,
        op_type: "Constant".into(),
        attribute: vec![AttributeProto {
            name: "value".into(),
            t: Some(tensor),
            r#type: ATTRIBUTE_TENSOR,
            ..AttributeProto::default()
        }],
        ..NodeProto::default()
    }
}

/// `Upsample` is the `Resize` of the tenth opset.
pub(super) fn upsample(builder: &mut Builder, node: &NodeProto) -> Result<(), OnnxError> {
    let x = input(node, 0).unwrap_or("");
    let scales = match (input(node, 1), get(node, "scales")) {
        (Some(name), _) => name.to_owned(),
        (None, Some(scales)) => builder.floats(&scales.floats),
        (None, None) => return Err(no_setting("Upsample", "no scales")),
    };
    let known = get(node, "scales").map(|a| a.floats.clone());
    let known = known.or_else(|| builder.known.floats(&scales).map(<[f32]>::to_vec));
    let attributes = asymmetric(node, known.as_deref());
    // From the eleventh on, regions come first.
    let roi = builder.floats(&[]);
    let inputs: &[&str] = match builder.opset {
        ..11 => &[x, &scales],
        _ => &[x, &roi, &scales],
    };
    builder.add_as(output(node), "Resize", inputs, attributes);
    Ok(())
}

pub(super) fn resize(builder: &mut Builder, mut node: NodeProto) -> Result<(), OnnxError> {
    if builder.opset == FIRST {
        let scales = input(&node, 1).and_then(|name| builder.known.floats(name));
        node.attribute = asymmetric(&node, scales);
    }
    if get_string(&node, "coordinate_transformation_mode") == "tf_half_pixel_for_nn" {
        return Err(no_setting("Resize", "tf_half_pixel_for_nn"));
    }
    builder.keep(node);
    Ok(())
}

/// Which pixel is nearest was not said yet: the one before, and when an image becomes smaller, the one behind.
fn asymmetric(node: &NodeProto, scales: Option<&[f32]>) -> Vec<AttributeProto> {
    let mode = match get_string(node, "mode") {
        "" | "nearest" => "nearest",
        _ => "linear",
    };
    let smaller = scales.is_some_and(|scales| scales.iter().any(|&scale| scale < 1.0));
    vec![
        string("mode", mode),
        string("coordinate_transformation_mode", "asymmetric"),
        string("nearest_mode", if smaller { "ceil" } else { "floor" }),
    ]
}
