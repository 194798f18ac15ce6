//! A file taken apart into the bytes of its parts, with the names that tell which of them belong together.

use std::collections::HashSet;

use prost::Message;

use super::OnnxError;
use super::proto::{NodeProto, OperatorSetIdProto, StringStringEntryProto, ValueInfoProto};
use super::raw::{self, Field, fields};
use super::read::{malformed, not_onnx};

/// Graphs within operators (`If`, `Loop`) deeper than this are a mistake or an attack.
const DEEPEST: usize = 16;

/// A file: what stands around its graph, and what the graph is made of, in their order.
pub(super) struct Parts<'a> {
    /// All fields but the graph.
    pub model: Vec<Field<'a>>,
    pub graph: Vec<Part<'a>>,
}

/// One field of the graph.
pub(super) struct Part<'a> {
    pub field: Field<'a>,
    pub kind: Kind,
}

/// What a part is; names are of tensors.
pub(super) enum Kind {
    Node {
        operator: String,
        takes: Vec<String>,
        makes: Vec<String>,
    },
    Weights(String),
    Input(String),
    Output(String),
    /// What is said of an inner tensor: its shape, or how it is quantised.
    Remark(String),
    GraphName,
    Other,
}

/// Field numbers of `GraphProto`.
pub(super) const NODE: u32 = 1;
pub(super) const GRAPH_NAME: u32 = 2;
pub(super) const INITIALIZER: u32 = 5;
pub(super) const OUTPUT: u32 = 12;
/// Field numbers of `ModelProto`.
pub(super) const GRAPH: u32 = 7;
const OPSET_IMPORT: u32 = 8;
const METADATA: u32 = 14;
const TRAINING: u32 = 20;
const FUNCTIONS: u32 = 25;

impl<'a> Parts<'a> {
    /// # Errors
    /// If the file is cut short.
    pub fn of(file: &'a [u8]) -> Result<Self, OnnxError> {
        let (graphs, model): (Vec<_>, Vec<_>) = fields(file)?
            .into_iter()
            .partition(|field| field.number == GRAPH);
        let mut graph = Vec::new();
        // Several are one.
        for part in graphs {
            for field in fields(part.value)? {
                let kind = Kind::of(&field)?;
                graph.push(Part { field, kind });
            }
        }
        Ok(Parts { model, graph })
    }

    /// The version of the standard's operators.
    pub fn opset(&self) -> i64 {
        let sets = self
            .model
            .iter()
            .filter(|field| field.number == OPSET_IMPORT);
        let mut sets = sets.filter_map(|field| OperatorSetIdProto::decode(field.value).ok());
        let standard = sets.find(|set| set.domain.is_empty() || set.domain == "ai.onnx");
        standard.map_or(0, |set| set.version)
    }

    /// Every tensor and operator that `tensors` come from, and themselves. Operators stand behind those that they take
    /// from, which reading the file has seen to.
    pub fn needed<'n>(&self, tensors: impl Iterator<Item = &'n str>) -> HashSet<String> {
        let mut needed: HashSet<String> = tensors.map(str::to_owned).collect();
        for part in self.graph.iter().rev() {
            if let Kind::Node { takes, makes, .. } = &part.kind
                && makes.iter().any(|name| needed.contains(name))
            {
                needed.extend(takes.iter().filter(|name| !name.is_empty()).cloned());
            }
        }
        needed
    }

    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.graph.iter().filter_map(|part| match &part.kind {
            Kind::Output(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// Whether an operator makes the tensor.
    pub fn makes(&self, tensor: &str) -> bool {
        self.graph.iter().any(|part| match &part.kind {
            Kind::Node { makes, .. } => makes.iter().any(|name| name == tensor),
            _ => false,
        })
    }

    /// What the file says of a tensor: as an output, an input or an inner tensor.
    pub fn described(&self, tensor: &str) -> Option<(Field<'a>, ValueInfoProto)> {
        self.graph.iter().find_map(|part| match &part.kind {
            Kind::Input(name) | Kind::Output(name) | Kind::Remark(name)
                if name == tensor && part.field.number != ANNOTATION =>
            {
                Some((part.field, ValueInfoProto::decode(part.field.value).ok()?))
            }
            _ => None,
        })
    }

    /// Every name in use in the parts that are kept.
    pub fn names(&self, kept: impl Fn(&Part) -> bool) -> HashSet<String> {
        let mut all = HashSet::new();
        for part in self.graph.iter().filter(|part| kept(part)) {
            match &part.kind {
                Kind::Node { takes, makes, .. } => all.extend(takes.iter().chain(makes).cloned()),
                Kind::Weights(name) | Kind::Input(name) | Kind::Output(name) => {
                    all.insert(name.clone());
                }
                _ => {}
            }
        }
        all
    }

    /// What the file would be with this graph instead, and with these entries of metadata instead of those whose keys
    /// are `gone`. A description of how to train what is no longer there goes with it.
    pub fn file(
        &self,
        graph: &[u8],
        gone: impl Fn(&str) -> bool,
        entries: &[StringStringEntryProto],
    ) -> Vec<u8> {
        let mut file = Vec::with_capacity(graph.len() + 4096);
        for field in &self.model {
            let replaced = match field.number {
                METADATA => {
                    StringStringEntryProto::decode(field.value).is_ok_and(|entry| gone(&entry.key))
                }
                TRAINING => true,
                _ => false,
            };
            if !replaced {
                file.extend_from_slice(field.whole);
            }
        }
        raw::put(GRAPH, graph, &mut file);
        for entry in entries {
            raw::put_message(METADATA, entry, &mut file);
        }
        file
    }

    /// The graph as it is.
    pub fn same_graph(&self) -> Vec<u8> {
        self.graph
            .iter()
            .flat_map(|part| part.field.whole)
            .copied()
            .collect()
    }

    /// What decides which operators these are, beside the graph.
    pub fn dialect(&self) -> impl Iterator<Item = &'a [u8]> {
        let fields = self.model.iter();
        let fields = fields.filter(|field| matches!(field.number, OPSET_IMPORT | FUNCTIONS));
        fields.map(|field| field.whole)
    }
}

/// `GraphProto.quantization_annotation`
const ANNOTATION: u32 = 14;

impl Kind {
    fn of(field: &Field) -> Result<Self, OnnxError> {
        Ok(match field.number {
            NODE => {
                let node = NodeProto::decode(field.value).map_err(|_| not_onnx())?;
                let mut takes = node.input;
                taken_within(field.value, 0, &mut takes)?;
                Kind::Node {
                    operator: node.op_type,
                    takes,
                    makes: node.output,
                }
            }
            GRAPH_NAME => Kind::GraphName,
            INITIALIZER => Kind::Weights(text(field.value, 8)?),
            11 => Kind::Input(text(field.value, 1)?),
            OUTPUT => Kind::Output(text(field.value, 1)?),
            13 | ANNOTATION => Kind::Remark(text(field.value, 1)?),
            // Sparse weights have the name of their values.
            15 => {
                let values = fields(field.value)?;
                let values = values.iter().rfind(|field| field.number == 1);
                Kind::Weights(values.map_or(Ok(String::new()), |values| text(values.value, 8))?)
            }
            _ => Kind::Other,
        })
    }
}

/// What graphs within an operator take: from within or from around it.
fn taken_within(node: &[u8], depth: usize, takes: &mut Vec<String>) -> Result<(), OnnxError> {
    if depth > DEEPEST {
        return Err(malformed(
            "This model has operators within operators without end.",
        ));
    }
    let of = |message, numbers: &[u32]| -> Result<Vec<Field>, OnnxError> {
        let mut all = fields(message)?;
        all.retain(|field| numbers.contains(&field.number));
        Ok(all)
    };
    for attribute in of(node, &[5])? {
        for graph in of(attribute.value, &[6, 11])? {
            for part in of(graph.value, &[NODE, OUTPUT])? {
                if part.number == OUTPUT {
                    takes.push(text(part.value, 1)?);
                    continue;
                }
                let inner = NodeProto::decode(part.value).map_err(|_| not_onnx())?;
                takes.extend(inner.input);
                taken_within(part.value, depth + 1, takes)?;
            }
        }
    }
    Ok(())
}

/// The text that a message has in its field `number`.
fn text(message: &[u8], number: u32) -> Result<String, OnnxError> {
    let all = fields(message)?;
    let field = all.iter().rfind(|field| field.number == number);
    let value = field.map_or(&[][..], |field| field.value);
    String::from_utf8(value.to_vec()).map_err(|_| not_onnx())
}
