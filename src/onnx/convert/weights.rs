//! Weights that a file keeps in 8 bits, as the 32-bit floats that they stand for. (tract folds them itself, but as a general
//! operator, in eight times the time.)

use std::collections::{HashMap, HashSet};

use crate::onnx::proto::{FLOAT, GraphProto, INT8, NodeProto, TensorProto, UINT8};
use crate::onnx::{MAX_BYTES, OnnxError, OnnxErrorKind};

/// Does every `DequantizeLinear` of weights.
///
/// # Errors
/// If scales and weights contradict each other, or become more than a file may hold.
pub(super) fn expand(graph: &mut GraphProto) -> Result<(), OnnxError> {
    let stored: HashMap<&str, &TensorProto> = graph
        .initializer
        .iter()
        .map(|tensor| (tensor.name.as_str(), tensor))
        .collect();
    let mut floats = HashMap::new();
    let mut bytes = 0usize;
    for node in graph.node.iter().filter(|node| is_plain(node)) {
        if let Some(weights) = Weights::of(node, &stored)? {
            bytes = bytes.saturating_add(weights.count.saturating_mul(4));
            if bytes > MAX_BYTES {
                return Err(refused(
                    OnnxErrorKind::TooLarge,
                    format!(
                        "This model's weights are more than {} MB when they are unpacked.",
                        MAX_BYTES / 1_000_000
                    ),
                ));
            }
            floats.insert(node.output[0].clone(), weights.floats(&node.output[0]));
        }
    }
    if floats.is_empty() {
        return Ok(());
    }
    let is_done = |node: &NodeProto| node.output.iter().any(|name| floats.contains_key(name));
    let (done, left): (Vec<_>, Vec<_>) = graph.node.drain(..).partition(is_done);
    graph.node = left;
    let mut used = HashSet::new();
    names_used(graph, &mut used);
    let spent: HashSet<&String> = done
        .iter()
        .flat_map(|node| &node.input)
        .filter(|&name| !used.contains(name))
        .collect();
    graph
        .initializer
        .retain(|tensor| !spent.contains(&tensor.name));
    graph.initializer.extend(floats.into_values());
    Ok(())
}

/// What nodes take and the graph outputs, graphs within nodes (`If`, `Loop`) among them.
fn names_used(graph: &GraphProto, used: &mut HashSet<String>) {
    used.extend(graph.output.iter().map(|output| output.name.clone()));
    for node in &graph.node {
        used.extend(node.input.iter().cloned());
        for attribute in &node.attribute {
            for inner in attribute.g.iter().chain(&attribute.graphs) {
                names_used(inner, used);
            }
        }
    }
}

/// A `DequantizeLinear` of the standard with no blocks along its axis.
fn is_plain(node: &NodeProto) -> bool {
    let blocks = node
        .attribute
        .iter()
        .any(|a| a.name == "block_size" && a.i.unwrap_or(0) != 0);
    node.op_type == "DequantizeLinear"
        && node.domain.is_empty()
        && !blocks
        && !node.output.is_empty()
}

/// Weights `[outer, channels, inner]`, one scale and one zero for each channel (or one of each for all).
struct Weights<'a> {
    tensor: &'a TensorProto,
    signed: bool,
    scales: Vec<f32>,
    zeros: &'a [u8],
    inner: usize,
    count: usize,
}

impl<'a> Weights<'a> {
    /// `None` if the operator is applied to something that is calculated, or kept in another way: tract's to do.
    fn of(
        node: &NodeProto,
        stored: &HashMap<&str, &'a TensorProto>,
    ) -> Result<Option<Self>, OnnxError> {
        let input = |place: usize| {
            let name = node.input.get(place).filter(|name| !name.is_empty());
            name.map(|name| stored.get(name.as_str()).copied())
        };
        let (Some(Some(tensor)), Some(Some(scales))) = (input(0), input(1)) else {
            return Ok(None);
        };
        let signed = tensor.data_type == INT8;
        let bytes = signed || tensor.data_type == UINT8;
        let zeros = match input(2) {
            None => &[][..],
            Some(Some(zeros)) if zeros.data_type == tensor.data_type && is_raw(zeros) => {
                &zeros.raw_data[..]
            }
            Some(_) => return Ok(None),
        };
        if !bytes || !is_raw(tensor) || scales.data_type != FLOAT {
            return Ok(None);
        }
        let wrong = |what: &str| {
            let name = &tensor.name;
            refused(
                OnnxErrorKind::Malformed,
                format!("The 8-bit weights {name} {what}."),
            )
        };
        let dims = sides(tensor).ok_or_else(|| wrong("have dimensions that make no sense"))?;
        let count = dims.iter().product();
        let scales = scales_of(scales);
        let axis = node.attribute.iter().find(|a| a.name == "axis");
        let axis = axis.and_then(|axis| axis.i).unwrap_or(1);
        let (channels, inner) = match scales.len() {
            1 => (1, count),
            _ => {
                let axis = if axis < 0 {
                    axis + dims.len() as i64
                } else {
                    axis
                };
                let axis = usize::try_from(axis).ok().filter(|&axis| axis < dims.len());
                let axis =
                    axis.ok_or_else(|| wrong("have no such axis as they are scaled along"))?;
                (dims[axis], dims[axis + 1..].iter().product())
            }
        };
        if tensor.raw_data.len() != count {
            return Err(wrong("are not as many as their dimensions say"));
        }
        let no_zeros = input(2).is_none();
        if scales.len() != channels || !(no_zeros || zeros.len() == channels) {
            return Err(wrong(
                "have another number of channels than of scales or zeros",
            ));
        }
        if !scales.iter().all(|scale| scale.is_finite()) {
            return Err(wrong("have scales that are no finite numbers"));
        }
        Ok(Some(Weights {
            tensor,
            signed,
            scales,
            zeros,
            inner,
            count,
        }))
    }

    /// `(weight − zero) × scale`
    fn floats(&self, name: &str) -> TensorProto {
        let whole = |byte: u8| match self.signed {
            true => f32::from(byte as i8),
            false => f32::from(byte),
        };
        let mut raw_data = Vec::with_capacity(4 * self.count);
        let rows = self.tensor.raw_data.chunks_exact(self.inner.max(1));
        for (row, channel) in rows.zip((0..self.scales.len()).cycle()) {
            let zero = self.zeros.get(channel).map_or(0.0, |&zero| whole(zero));
            let scale = self.scales[channel];
            for &byte in row {
                raw_data.extend(((whole(byte) - zero) * scale).to_le_bytes());
            }
        }
        TensorProto {
            name: name.to_owned(),
            dims: self.tensor.dims.clone(),
            data_type: FLOAT,
            raw_data,
            ..TensorProto::default()
        }
    }
}

/// Whether the values are bytes; some exporters write them as numbers, one for each.
fn is_raw(tensor: &TensorProto) -> bool {
    tensor.int32_data.is_empty()
}

fn sides(tensor: &TensorProto) -> Option<Vec<usize>> {
    let sides: Option<Vec<usize>> = tensor
        .dims
        .iter()
        .map(|&side| usize::try_from(side).ok())
        .collect();
    sides.filter(|sides| {
        let product = sides.iter().try_fold(1usize, |a, &b| a.checked_mul(b));
        product.is_some()
    })
}

fn scales_of(tensor: &TensorProto) -> Vec<f32> {
    let raw = tensor.raw_data.as_chunks::<4>().0;
    match tensor.float_data.as_slice() {
        [] => raw.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        floats => floats.to_vec(),
    }
}

fn refused(kind: OnnxErrorKind, message: String) -> OnnxError {
    OnnxError::new(kind, message)
}
