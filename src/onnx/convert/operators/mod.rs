//! Operators that the engine lacks, or computes otherwise than the standard says, in terms of those that it has. The engine
//! looks an operator up by its name and ignores whose it is; so one of a domain that is not known here is refused.

mod activations;
mod builder;
mod constants;
mod convolutions;
mod fused;
mod kinds;
mod known;
mod linear;
mod matmul;
mod normalization;
mod numbers;
mod pad;
mod pools;
mod quantised;
mod resize;
mod shapes;

use builder::Builder;
use constants::Constants;
use kinds::Kinds;

use crate::onnx::proto::{GraphProto, ModelProto, NodeProto};
use crate::onnx::{OnnxError, OnnxErrorKind};

/// What the operators of onnxruntime's own are in.
const MICROSOFT: &str = "com.microsoft";
/// Classical machine learning.
const CLASSICAL: &str = "ai.onnx.ml";

/// # Errors
/// If the engine has no such operator, or an operator has a setting that can be given in no way, which names both.
pub(super) fn replace(model: &mut ModelProto) -> Result<(), OnnxError> {
    let standard = model
        .opset_import
        .iter_mut()
        .find(|import| is_standard(&import.domain));
    let Some(graph) = &mut model.graph else {
        return Ok(());
    };
    let mut opset = standard.as_ref().map_or(1, |import| import.version);
    if opset < resize::FIRST && resize::is_needed(graph) {
        resize::raise(graph);
        opset = resize::FIRST;
        if let Some(import) = standard {
            import.version = opset;
        }
    }
    let mut count = 0;
    replace_in(
        graph,
        opset,
        &prefix(graph),
        &mut count,
        (&Constants::default(), &Kinds::default()),
    )
}

/// Replaces in a graph and in those within its operators, which know the constants of the graphs around them.
fn replace_in(
    graph: &mut GraphProto,
    opset: i64,
    prefix: &str,
    count: &mut usize,
    outer: (&Constants, &Kinds),
) -> Result<(), OnnxError> {
    let constants = outer.0.with(graph);
    let kinds = outer.1.with(graph);
    let nodes = std::mem::take(&mut graph.node);
    let mut builder = Builder::new(opset, prefix, *count, &constants, &kinds);
    for mut node in nodes {
        *count = builder.count();
        for attribute in &mut node.attribute {
            for inner in attribute.g.iter_mut().chain(&mut attribute.graphs) {
                replace_in(inner, opset, prefix, count, (&constants, &kinds))?;
            }
        }
        builder.set_count(*count);
        replace_one(&mut builder, node)?;
    }
    *count = builder.count();
    let (nodes, tensors) = builder.built();
    graph.node = nodes;
    graph.initializer.extend(tensors);
    Ok(())
}

fn replace_one(builder: &mut Builder, mut node: NodeProto) -> Result<(), OnnxError> {
    // The engine counts what is left out at the end.
    for names in [&mut node.input, &mut node.output] {
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
    }
    let operator = node.op_type.as_str();
    match node.domain.as_str() {
        domain if is_standard(domain) => match operator {
            "Celu" => activations::celu(builder, &node),
            "Swish" => activations::swish(builder, &node),
            "LpPool" => pools::lp_pool(builder, &node),
            "GlobalLpPool" => pools::global_lp_pool(builder, &node),
            "Upsample" => resize::upsample(builder, &node)?,
            "Resize" => resize::resize(builder, node)?,
            "Pad" => pad::pad(builder, node)?,
            "ConvTranspose" => convolutions::transposed(builder, node)?,
            "Squeeze" => shapes::squeeze(builder, node)?,
            "SpaceToDepth" => shapes::space_to_depth(builder, node)?,
            "GridSample" => shapes::grid_sample(builder, node)?,
            "OneHot" => shapes::one_hot(builder, node)?,
            "MatMul" => shapes::mat_mul(builder, node),
            "BatchNormalization" => normalization::batch(builder, node)?,
            "Dropout" => normalization::dropout(builder, node)?,
            "Pow" => numbers::pow(builder, node),
            "Add" | "And" | "Equal" | "Greater" | "Less" | "Mul" | "Or" | "Sub" | "Xor" => {
                numbers::aligned(builder, node)?;
            }
            "Div" | "Mod" => numbers::division(builder, node)?,
            "GRU" | "LSTM" | "RNN" => recurrent(builder, node)?,
            "TopK" => numbers::top_k(builder, node),
            "ReduceMax" | "ReduceMin" => numbers::reduction(builder, node),
            "QLinearConv" => quantised::conv(builder, &node),
            "QLinearMatMul" => quantised::mat_mul(builder, &node),
            "QuantizeLinear" => linear::quantize(builder, node)?,
            "DequantizeLinear" => linear::dequantize(builder, node)?,
            _ if known::STANDARD.contains(&operator) => builder.keep(node),
            _ => return Err(no_operator(operator, "")),
        },
        MICROSOFT => match operator {
            "QGemm" => quantised::gemm(builder, &node),
            "QLinearAdd" => quantised::add(builder, &node),
            "QLinearMul" => quantised::mul(builder, &node),
            "QLinearConcat" => quantised::concat(builder, &node),
            "QLinearSigmoid" => quantised::single(builder, &node, "Sigmoid")?,
            "QLinearLeakyRelu" => quantised::single(builder, &node, "LeakyRelu")?,
            "QLinearGlobalAveragePool" => quantised::single(builder, &node, "GlobalAveragePool")?,
            "QLinearAveragePool" => quantised::single(builder, &node, "AveragePool")?,
            "QLinearSoftmax" => quantised::softmax(builder, &node)?,
            "QuantizeLinear" => linear::quantize(builder, node)?,
            "DequantizeLinear" => linear::dequantize(builder, node)?,
            "NhwcMaxPool" => pools::channels_last(builder, &node),
            "FusedConv" => fused::conv(builder, &node)?,
            "FusedGemm" => fused::gemm(builder, &node)?,
            "FusedMatMul" => matmul::fused(builder, &node)?,
            "Gelu" | "BiasGelu" | "FastGelu" | "QuickGelu" => builder.keep(NodeProto {
                domain: String::new(),
                ..node
            }),
            _ => return Err(no_operator(operator, MICROSOFT)),
        },
        CLASSICAL if known::CLASSICAL.contains(&operator) => builder.keep(node),
        domain => return Err(no_operator(operator, domain)),
    }
    Ok(())
}

/// The engine reads a sequence from its end only beside reading it from its beginning.
fn recurrent(builder: &mut Builder, node: NodeProto) -> Result<(), OnnxError> {
    if builder::get_string(&node, "direction") == "reverse" {
        return Err(no_setting(&node.op_type, "direction reverse"));
    }
    builder.keep(node);
    Ok(())
}

fn is_standard(domain: &str) -> bool {
    matches!(domain, "" | "ai.onnx")
}

/// What no tensor's name begins with.
fn prefix(graph: &GraphProto) -> String {
    let mut prefix = "hearth.op.".to_owned();
    while is_taken(graph, &prefix) {
        prefix.push('.');
    }
    prefix
}

fn is_taken(graph: &GraphProto, prefix: &str) -> bool {
    let takes = |name: &String| name.starts_with(prefix);
    graph.initializer.iter().any(|tensor| takes(&tensor.name))
        || graph.input.iter().any(|value| takes(&value.name))
        || graph.node.iter().any(|node| {
            let mut inner = node
                .attribute
                .iter()
                .flat_map(|attribute| attribute.g.iter().chain(&attribute.graphs));
            node.output.iter().any(takes) || takes(&node.name) || inner.any(|g| is_taken(g, prefix))
        })
}

fn no_operator(operator: &str, domain: &str) -> OnnxError {
    let whose = match domain {
        "" => String::new(),
        domain => format!(" of {domain}"),
    };
    OnnxError::coded(
        OnnxErrorKind::Unsupported,
        "onnx-operator",
        vec![operator.to_owned(), domain.to_owned()],
        format!("This model uses the operator {operator}{whose}, which Hearth does not have."),
    )
}

fn no_setting(operator: &str, setting: impl Into<String>) -> OnnxError {
    let setting = setting.into();
    let message = format!("This model uses {operator} with {setting}, which Hearth does not have.");
    OnnxError::coded(
        OnnxErrorKind::Unsupported,
        "onnx-setting",
        vec![operator.to_owned(), setting],
        message,
    )
}
