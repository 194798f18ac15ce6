//! A head on another network: the file up to its features as it is, byte for byte, and behind them operators, outputs and
//! metadata of their own.

use std::collections::{HashMap, HashSet};

use prost::Message;
use xxhash_rust::xxh3::Xxh3Default;

use super::checkpoint;
use super::head::{Operators, Vector};
use super::metadata::{PREPROCESSING, REJECT, REPLACED_BY_A_HEAD};
use super::parts::{GRAPH_NAME, INITIALIZER, Kind, NODE, OUTPUT, Part, Parts};
use super::proto::{Dimension, FLOAT, TensorProto, ValueInfoProto};
use super::raw::{put, put_message};
use super::read::{malformed, read, unsupported};
use super::write::{FEATURES, LOGITS, NOVELTY, PROBABILITIES, initializer, value_of};
use super::{Facts, Metadata, OnnxError};
use crate::model::head::{Head, HeadFacts, Measure, Novelty, Step};
use crate::model::weights::Weight;

/// The first opset whose reductions and `Unsqueeze` are what a head is made of.
const OLDEST_OPSET: i64 = 13;

/// What a head has learned from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatasetFacts {
    pub name: String,
    /// As [`crate::data::Dataset::content_id`] has it.
    pub id: String,
}

/// The file that answers with `head`: the bytes of `backbone` up to `features`, untouched, and behind them the head, with
/// the outputs `logits`, `probabilities`, `features` and, where the head has a novelty, `novelty`. What only the
/// backbone's own answer needed is gone, and so is what its metadata said of that. A head that it had is replaced.
///
/// `replaced`: weights of layers that have learned too, by the name of the tensor that an operator takes; those kept in 8
/// bits (by their own name, or by that of what they are unpacked to) become plain floats.
///
/// # Errors
/// If the backbone is broken, has no features of the head's size, or is older than opset 13; if the numbers of the head or
/// of `replaced` do not fit together.
pub fn with_head(
    backbone: &[u8],
    head: &Head,
    dataset: Option<DatasetFacts>,
    replaced: &[Weight],
) -> Result<Vec<u8>, OnnxError> {
    let facts = read(backbone)?;
    check_head(head)?;
    let parts = Parts::of(backbone)?;
    let described = described_features(&parts)?;
    check_features(described.as_ref(), head.features)?;
    let swaps = Swaps::of(&parts, replaced)?;
    let needed = swaps.needed(&parts);
    swaps.check(&needed)?;
    let kept = |index: usize, part: &Part| match &part.kind {
        Kind::Node { makes, .. } => {
            !swaps.gone.contains(&index) && makes.iter().any(|name| needed.contains(name))
        }
        Kind::Weights(name) => !swaps.gone.contains(&index) && needed.contains(name),
        // What an operator before the features takes, and the image in any case.
        Kind::Input(name) => needed.contains(name) || *name == facts.input_name,
        Kind::Remark(name) => needed.contains(name) && name != FEATURES,
        Kind::Output(_) | Kind::GraphName => false,
        Kind::Other => true,
    };
    for taken in [LOGITS, PROBABILITIES, NOVELTY] {
        if needed.contains(taken) {
            return Err(unsupported(format!(
                "The features of this network are made of what it calls {taken}, so no head can be put on them."
            )));
        }
    }
    let mut graph = Vec::with_capacity(backbone.len());
    let mut names = HashSet::from([LOGITS, PROBABILITIES, NOVELTY].map(str::to_owned));
    for (index, part) in parts.graph.iter().enumerate() {
        if kept(index, part) {
            graph.extend_from_slice(part.field.whole);
        }
    }
    names.extend(needed);
    names.insert(facts.input_name.clone());
    for weight in &swaps.weights {
        put_message(INITIALIZER, &initializer(weight), &mut graph);
    }
    let flat = described.as_ref().and_then(|value| sides(&value.1));
    let flatten = flat.is_none_or(|sides| sides.len() != 1);
    let mut operators = Operators::new(names, parts.opset());
    let (vector, raw) = operators.head(head, flatten);
    let mut outputs = vec![
        described_output(&facts, &parts, LOGITS, head.classes.len()),
        described_output(&facts, &parts, PROBABILITIES, head.classes.len()),
    ];
    outputs.push(match described {
        Some((bytes, _)) => bytes,
        None => without_shape(FEATURES),
    });
    if let Some(novelty) = &head.novelty {
        operators.novelty(novelty, &vector, &raw);
        outputs.push(described_output(&facts, &parts, NOVELTY, 1));
    }
    append(&operators, &outputs, &mut graph);
    let backbone_name = match &facts.metadata.head {
        Some(old) if !old.backbone.is_empty() => old.backbone.clone(),
        _ => facts.name.clone(),
    };
    let dataset = dataset.unwrap_or_default();
    let name = match dataset.name.as_str() {
        "" => &backbone_name,
        name => name,
    };
    put(GRAPH_NAME, name.as_bytes(), &mut graph);

    let keeps_preprocessing =
        facts.metadata.spec.is_none() && facts.metadata.preprocessing.is_some();
    let said = |text: String| Some(text).filter(|text| !text.is_empty());
    let metadata = Metadata {
        labels: head.classes.clone(),
        preprocessing: (!keeps_preprocessing).then(|| facts.preprocessing()),
        dataset: said(dataset.name.clone()),
        dataset_id: said(dataset.id),
        head: Some(HeadFacts {
            backbone: backbone_name.clone(),
            ..head.facts.clone()
        }),
        reject: head.novelty.as_ref().map(|novelty| novelty.facts),
        ..Metadata::default()
    };
    let gone = |key: &str| {
        REPLACED_BY_A_HEAD.contains(&key)
            || key == checkpoint::KEY
            || (key == PREPROCESSING && !keeps_preprocessing)
    };
    let file = parts.file(&graph, gone, &metadata.entries());
    read(&file)?;
    Ok(file)
}

/// A network's own file with a score of novelty beside its answers. Operators, weights and outputs stay as they are, byte
/// for byte; a score that it had is replaced.
///
/// # Errors
/// If the file is broken, has no `features`, or the numbers do not fit them.
pub fn with_novelty(file: &[u8], novelty: &Novelty) -> Result<Vec<u8>, OnnxError> {
    let facts = read(file)?;
    let parts = Parts::of(file)?;
    let described = described_features(&parts)?;
    let shape = described.as_ref().and_then(|value| sides(&value.1));
    let Some([Some(width)]) = shape.as_deref() else {
        return Err(unsupported(
            "This network does not say how many features it has.",
        ));
    };
    check_novelty(novelty, *width, facts.metadata.labels.len())?;
    let raw = raw_logits(&parts);
    let takes_logits = |part: &crate::model::head::NoveltyPart| part.measure == Measure::Energy;
    if novelty.parts.iter().any(takes_logits) && raw.is_none() {
        return Err(unsupported("This network has no output called logits."));
    }
    let has_old = parts.outputs().any(|name| name == NOVELTY);
    let others = parts.needed(parts.outputs().filter(|name| *name != NOVELTY));
    let old = match has_old {
        true => parts.needed(std::iter::once(NOVELTY)),
        false => HashSet::new(),
    };
    let spent = |name: &String| old.contains(name) && !others.contains(name);
    let kept = |part: &Part| match &part.kind {
        Kind::Node { makes, .. } => !makes.iter().any(spent),
        Kind::Weights(name) | Kind::Remark(name) | Kind::Output(name) | Kind::Input(name) => {
            !spent(name)
        }
        Kind::GraphName | Kind::Other => true,
    };
    let mut names = parts.names(kept);
    if !names.insert(NOVELTY.to_owned()) {
        return Err(unsupported(
            "This network has a tensor called novelty, which is something else.",
        ));
    }
    let mut graph = Vec::with_capacity(file.len());
    for part in parts.graph.iter().filter(|part| kept(part)) {
        graph.extend_from_slice(part.field.whole);
    }
    let mut operators = Operators::new(names, parts.opset());
    let vector = Vector {
        tensor: FEATURES.to_owned(),
        width: *width,
    };
    operators.novelty(novelty, &vector, raw.as_deref().unwrap_or(LOGITS));
    let outputs = [described_output(&facts, &parts, NOVELTY, 1)];
    append(&operators, &outputs, &mut graph);
    let metadata = Metadata {
        reject: Some(novelty.facts),
        ..Metadata::default()
    };
    let entries = metadata.entries();
    let entries: Vec<_> = entries.into_iter().filter(|e| e.key == REJECT).collect();
    let file = parts.file(&graph, |key| key == REJECT, &entries);
    read(&file)?;
    Ok(file)
}

/// Names the part of a file that decides its features, in 32 hexadecimal digits: two files with the same name give the same
/// features for the same picture. A head's file has the name of its backbone.
///
/// # Errors
/// If the file is broken or has no features.
pub fn backbone_id(file: &[u8]) -> Result<String, OnnxError> {
    let facts = read(file)?;
    let parts = Parts::of(file)?;
    described_features(&parts)?;
    let needed = parts.needed(std::iter::once(FEATURES));
    let mut hash = Xxh3Default::new();
    let preprocessing = serde_json::to_string(&facts.preprocessing()).unwrap_or_default();
    hash.update(preprocessing.as_bytes());
    parts.dialect().for_each(|field| hash.update(field));
    for part in &parts.graph {
        let counts = match &part.kind {
            Kind::Node { makes, .. } => makes.iter().any(|name| needed.contains(name)),
            Kind::Weights(name) => needed.contains(name),
            Kind::Input(name) => *name == facts.input_name,
            _ => false,
        };
        if counts {
            hash.update(part.field.whole);
        }
    }
    Ok(format!("{:032x}", hash.digest128()))
}

/// Weights that take the place of others.
struct Swaps {
    /// Parts of the graph that they take the place of.
    gone: HashSet<usize>,
    weights: Vec<Weight>,
}

impl Swaps {
    fn of(parts: &Parts, replaced: &[Weight]) -> Result<Self, OnnxError> {
        let mut swaps = Swaps {
            gone: HashSet::new(),
            weights: Vec::new(),
        };
        let mut stored: HashMap<&str, usize> = HashMap::new();
        for (index, part) in parts.graph.iter().enumerate() {
            if let Kind::Weights(name) = &part.kind {
                stored.insert(name, index);
            }
        }
        for weight in replaced {
            let count = weight
                .shape
                .iter()
                .try_fold(1usize, |a, &b| a.checked_mul(b));
            let finite = weight.values.iter().all(|value| value.is_finite());
            if count != Some(weight.values.len()) || !finite {
                return Err(malformed(format!(
                    "The new weights {} are not as many as their shape says, or no finite numbers.",
                    weight.name
                )));
            }
            swaps.add(parts, &stored, weight)?;
        }
        Ok(swaps)
    }

    fn add(
        &mut self,
        parts: &Parts,
        stored: &HashMap<&str, usize>,
        weight: &Weight,
    ) -> Result<(), OnnxError> {
        let tensor = |index: usize| {
            let tensor = TensorProto::decode(parts.graph[index].field.value).ok();
            tensor.ok_or_else(|| malformed("A part of this model cannot be read."))
        };
        let missing = || {
            malformed(format!(
                "This network has no weights called {}.",
                weight.name
            ))
        };
        // Weights of 8 bits, by their own name or by that of what they become.
        let unpacked = parts
            .graph
            .iter()
            .enumerate()
            .find(|(_, part)| match &part.kind {
                Kind::Node {
                    operator,
                    takes,
                    makes,
                } => {
                    operator == "DequantizeLinear"
                        && (makes.first() == Some(&weight.name)
                            || takes.first() == Some(&weight.name))
                }
                _ => false,
            });
        let (old, name) = match (unpacked, stored.get(weight.name.as_str())) {
            (Some((index, part)), _) => {
                let Kind::Node { takes, makes, .. } = &part.kind else {
                    return Err(missing());
                };
                let stored = takes.first().and_then(|name| stored.get(name.as_str()));
                self.gone.insert(index);
                (tensor(*stored.ok_or_else(missing)?)?, makes[0].clone())
            }
            (None, Some(&index)) => {
                let old = tensor(index)?;
                if old.data_type != FLOAT {
                    return Err(unsupported(format!(
                        "The weights {} are no 32-bit floats.",
                        weight.name
                    )));
                }
                self.gone.insert(index);
                (old, weight.name.clone())
            }
            (None, None) => return Err(missing()),
        };
        let same = old
            .dims
            .iter()
            .map(|&side| side as usize)
            .eq(weight.shape.iter().copied());
        if !same {
            return Err(malformed(format!(
                "The new weights {} have another shape than the old.",
                weight.name
            )));
        }
        self.weights.push(Weight {
            name,
            ..weight.clone()
        });
        Ok(())
    }

    /// Everything that the features come from, once the weights are in place.
    fn needed(&self, parts: &Parts) -> HashSet<String> {
        let mut needed = HashSet::from([FEATURES.to_owned()]);
        for (index, part) in parts.graph.iter().enumerate().rev() {
            if let Kind::Node { takes, makes, .. } = &part.kind
                && !self.gone.contains(&index)
                && makes.iter().any(|name| needed.contains(name))
            {
                needed.extend(takes.iter().filter(|name| !name.is_empty()).cloned());
            }
        }
        needed
    }

    fn check(&self, needed: &HashSet<String>) -> Result<(), OnnxError> {
        let unused = self
            .weights
            .iter()
            .find(|weight| !needed.contains(&weight.name));
        match unused {
            Some(weight) => Err(malformed(format!(
                "The features of this network do not depend on its weights {}.",
                weight.name
            ))),
            None => Ok(()),
        }
    }
}

/// What the file says of its features, with the bytes of that.
fn described_features(parts: &Parts) -> Result<Option<(Vec<u8>, ValueInfoProto)>, OnnxError> {
    if !parts.makes(FEATURES) {
        return Err(unsupported(
            "This network has no output and no inner tensor called features, which a head takes. Name the tensor before its last layer features, and open it again.",
        ));
    }
    if parts.opset() < OLDEST_OPSET {
        return Err(unsupported(format!(
            "This network is of opset {}; a head can be put on those of opset {OLDEST_OPSET} and later.",
            parts.opset()
        )));
    }
    let described = parts.described(FEATURES);
    Ok(described.map(|(field, value)| (field.value.to_vec(), value)))
}

/// The dimensions behind the batch: `None` for one that is not fixed, and for all if the file does not say them.
fn sides(value: &ValueInfoProto) -> Option<Vec<Option<usize>>> {
    let shape = value
        .r#type
        .as_ref()?
        .tensor_type
        .as_ref()?
        .shape
        .as_ref()?;
    let sides = shape.dim.iter().skip(1);
    let fixed = |dim: &Dimension| dim.dim_value.and_then(|side| usize::try_from(side).ok());
    Some(sides.map(fixed).collect())
}

fn check_features(
    described: Option<&(Vec<u8>, ValueInfoProto)>,
    features: usize,
) -> Result<(), OnnxError> {
    let Some((_, value)) = described else {
        return Ok(());
    };
    let tensor = value
        .r#type
        .as_ref()
        .and_then(|kind| kind.tensor_type.as_ref());
    if tensor.is_some_and(|tensor| tensor.elem_type != FLOAT) {
        return Err(unsupported(
            "The features of this network are no 32-bit floats.",
        ));
    }
    let known: Option<Vec<usize>> = sides(value).and_then(|sides| sides.into_iter().collect());
    let found = known.map(|sides| sides.iter().fold(1usize, |a, &b| a.saturating_mul(b)));
    match found {
        Some(found) if found != features => Err(malformed(format!(
            "The head takes {features} features, and this network has {found}."
        ))),
        _ => Ok(()),
    }
}

fn check_head(head: &Head) -> Result<(), OnnxError> {
    let classes = head.classes.len();
    let wrong = |what: &str| Err(malformed(format!("This head {what}.")));
    if classes < 2 || head.features == 0 {
        return wrong("tells no classes apart");
    }
    if after(&head.steps, head.features) != Some(classes) {
        return wrong("has weights that do not fit together, or are no finite numbers");
    }
    if !head.facts.is_sound() {
        return wrong("has a temperature, a strength or an accuracy that cannot be");
    }
    match &head.novelty {
        Some(novelty) => check_novelty(novelty, head.features, classes),
        None => Ok(()),
    }
}

fn check_novelty(novelty: &Novelty, features: usize, classes: usize) -> Result<(), OnnxError> {
    let sound = |part: &crate::model::head::NoveltyPart| {
        let Some(width) = after(&part.steps, features) else {
            return false;
        };
        let lists = |values: &[f32]| {
            !values.is_empty() && values.len().is_multiple_of(width) && finite(values)
        };
        let measured = match &part.measure {
            Measure::Neighbours { rows, nearest } => lists(rows) && *nearest > 0,
            Measure::Centres { centres } => lists(centres),
            Measure::Energy => part.steps.is_empty() && classes > 0,
        };
        measured && part.mean.is_finite() && part.deviation.is_finite() && part.deviation > 0.0
    };
    let is_sound = !novelty.parts.is_empty() && novelty.parts.iter().all(sound);
    match is_sound && novelty.facts.is_sound() {
        true => Ok(()),
        false => Err(malformed(
            "The score of novelty has numbers that do not fit together, or are not finite.",
        )),
    }
}

fn finite(values: &[f32]) -> bool {
    values.iter().all(|value| value.is_finite())
}

/// How many values there are after the steps; `None` if they do not fit.
fn after(steps: &[Step], features: usize) -> Option<usize> {
    steps.iter().try_fold(features, |width, step| match step {
        Step::Dense { weight, bias } => {
            let fits = !bias.is_empty() && width.checked_mul(bias.len()) == Some(weight.len());
            (fits && finite(weight) && finite(bias)).then_some(bias.len())
        }
        Step::Stretch { mean, axes, gains } => {
            let fits = mean.len() == width
                && !gains.is_empty()
                && width.checked_mul(gains.len()) == Some(axes.len());
            (fits && finite(mean) && finite(axes) && finite(gains)).then_some(width)
        }
        _ => Some(width),
    })
}

/// The logits before the temperature that a head of Hearth's divides them by.
fn raw_logits(parts: &Parts) -> Option<String> {
    parts.graph.iter().find_map(|part| match &part.kind {
        Kind::Node {
            operator,
            takes,
            makes,
        } if makes.first().is_some_and(|name| name == LOGITS) => {
            let divided =
                operator == "Div" && takes.len() == 2 && takes[1].starts_with("head.temperature");
            Some(if divided {
                takes[0].clone()
            } else {
                LOGITS.to_owned()
            })
        }
        _ => None,
    })
}

/// An output `[batch, values]`, the batch as the image has it.
fn described_output(facts: &Facts, parts: &Parts, name: &str, values: usize) -> Vec<u8> {
    let image = parts.described(&facts.input_name);
    let batch = image.and_then(|(_, image)| {
        let shape = image.r#type?.tensor_type?.shape?;
        shape.dim.into_iter().next()
    });
    value_of(name, batch.unwrap_or_default(), &[values]).encode_to_vec()
}

fn without_shape(name: &str) -> Vec<u8> {
    let mut value = value_of(name, Dimension::default(), &[]);
    if let Some(tensor) = value
        .r#type
        .as_mut()
        .and_then(|kind| kind.tensor_type.as_mut())
    {
        tensor.shape = None;
    }
    value.encode_to_vec()
}

fn append(operators: &Operators, outputs: &[Vec<u8>], graph: &mut Vec<u8>) {
    for node in &operators.nodes {
        put_message(NODE, node, graph);
    }
    for tensor in &operators.tensors {
        put_message(INITIALIZER, tensor, graph);
    }
    for output in outputs {
        put(OUTPUT, output, graph);
    }
}
