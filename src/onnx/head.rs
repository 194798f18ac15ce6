//! The operators of a head and of a score of novelty, as any runtime of opset 13 or later has them.

use std::collections::HashSet;

use super::proto::{AttributeProto, INT64, NodeProto, TensorProto};
use super::write::{
    FEATURES, LOGITS, NOVELTY, PROBABILITIES, float, initializer, int, ints, operator,
};
use crate::model::head::{Head, Measure, Novelty, NoveltyPart, Step};
use crate::model::weights::Weight;

/// From this opset on the axes of all reductions are an input.
const AXES_ARE_INPUTS: i64 = 18;

/// A tensor of vectors, `[batch, width]`.
#[derive(Clone, Debug)]
pub(super) struct Vector {
    pub tensor: String,
    pub width: usize,
}

/// Operators and their constants that are added to a graph.
pub(super) struct Operators {
    taken: HashSet<String>,
    opset: i64,
    pub nodes: Vec<NodeProto>,
    pub tensors: Vec<TensorProto>,
}

impl Operators {
    /// `taken`: the names that are in use.
    pub fn new(taken: HashSet<String>, opset: i64) -> Self {
        Operators {
            taken,
            opset,
            nodes: Vec::new(),
            tensors: Vec::new(),
        }
    }

    /// From `features` to `logits` and `probabilities`; a vector is made of what is none (`flatten`). Gives the vector and
    /// the name of the logits before the temperature.
    pub fn head(&mut self, head: &Head, flatten: bool) -> (Vector, String) {
        let tensor = match flatten {
            true => self.push("Flatten", "head.flatten", &[FEATURES], vec![int("axis", 1)]),
            false => FEATURES.to_owned(),
        };
        let width = head.features;
        let vector = Vector { tensor, width };
        let raw = self.steps("head", &head.steps, &vector).tensor;
        let temperature = self.floats("head.temperature", &[], vec![head.facts.temperature]);
        self.push_as(
            "Div",
            "head.calibrated",
            &[&raw, &temperature],
            Vec::new(),
            &[LOGITS],
        );
        self.push_as(
            "Softmax",
            "head.softmax",
            &[LOGITS],
            vec![int("axis", -1)],
            &[PROBABILITIES],
        );
        (vector, raw)
    }

    /// From a vector of features and the logits that belong to it to `novelty`.
    pub fn novelty(&mut self, novelty: &Novelty, vector: &Vector, logits: &str) {
        let parts = novelty.parts.iter().enumerate();
        let parts: Vec<String> = parts
            .map(|(i, part)| self.part(&format!("novelty.{i}"), part, vector, logits))
            .collect();
        let mut sum = parts.first().cloned().unwrap_or_default();
        for (i, part) in parts.iter().enumerate().skip(1) {
            sum = self.push(
                "Add",
                &format!("novelty.{i}.sum"),
                &[&sum, part],
                Vec::new(),
            );
        }
        let count = self.floats("novelty.parts", &[], vec![parts.len() as f32]);
        self.push_as(
            "Div",
            "novelty.mean",
            &[&sum, &count],
            Vec::new(),
            &[NOVELTY],
        );
    }

    fn part(&mut self, name: &str, part: &NoveltyPart, vector: &Vector, logits: &str) -> String {
        let values = self.steps(name, &part.steps, vector);
        let measure = self.measure(name, &part.measure, &values, logits);
        let named = |what: &str| format!("{name}.{what}");
        let mean = self.floats(&named("mean"), &[], vec![part.mean]);
        let deviation = self.floats(&named("deviation"), &[], vec![part.deviation]);
        let centred = self.push("Sub", &named("centred"), &[&measure, &mean], Vec::new());
        self.push("Div", &named("scaled"), &[&centred, &deviation], Vec::new())
    }

    /// `[batch, 1]`
    fn measure(&mut self, name: &str, measure: &Measure, values: &Vector, logits: &str) -> String {
        let (values, width) = (values.tensor.as_str(), values.width.max(1));
        let named = |what: &str| format!("{name}.{what}");
        match measure {
            Measure::Neighbours { rows, nearest } => {
                let count = rows.len() / width;
                let rows = self.floats(&named("rows"), &[count, width], rows.clone());
                let plain = vec![float("alpha", 1.0), float("beta", 1.0), int("transB", 1)];
                let cosines = self.push("Gemm", &named("cosines"), &[values, &rows], plain);
                let best = match (*nearest).min(count) {
                    1 => self.reduce("ReduceMax", &named("nearest"), &cosines, 1, true),
                    k if k == count => {
                        self.reduce("ReduceMean", &named("nearest"), &cosines, 1, true)
                    }
                    k => {
                        let k = self.integers(&named("count"), vec![k as i64]);
                        let indices = self.fresh(&named("places"));
                        let all = self.fresh(&named("all"));
                        let axis = vec![int("axis", 1)];
                        let outputs = [all.as_str(), indices.as_str()];
                        self.push_as("TopK", &named("top"), &[&cosines, &k], axis, &outputs);
                        self.reduce("ReduceMean", &named("nearest"), &all, 1, true)
                    }
                };
                let one = self.floats(&named("one"), &[], vec![1.0]);
                self.push("Sub", &named("distance"), &[&one, &best], Vec::new())
            }
            Measure::Centres { centres } => {
                let count = centres.len() / width;
                let centres = self.floats(&named("centres"), &[count, width], centres.clone());
                let axis = self.integers(&named("axis"), vec![1]);
                let each = self.push("Unsqueeze", &named("each"), &[values, &axis], Vec::new());
                let apart = self.push("Sub", &named("apart"), &[&each, &centres], Vec::new());
                let squares = self.push("Mul", &named("squares"), &[&apart, &apart], Vec::new());
                let sums = self.reduce("ReduceSum", &named("distances"), &squares, 2, false);
                self.reduce("ReduceMin", &named("distance"), &sums, 1, true)
            }
            Measure::Energy => {
                // Taken apart, because not every runtime takes the largest off before it takes powers.
                let largest = self.reduce("ReduceMax", &named("largest"), logits, 1, true);
                let below = self.push("Sub", &named("below"), &[logits, &largest], Vec::new());
                let powers = self.push("Exp", &named("powers"), &[&below], Vec::new());
                let sum = self.reduce("ReduceSum", &named("sum"), &powers, 1, true);
                let log = self.push("Log", &named("log"), &[&sum], Vec::new());
                let all = self.push("Add", &named("all"), &[&log, &largest], Vec::new());
                self.push("Neg", &named("energy"), &[&all], Vec::new())
            }
        }
    }

    fn steps(&mut self, name: &str, steps: &[Step], input: &Vector) -> Vector {
        let Vector {
            tensor: mut at,
            mut width,
        } = input.clone();
        for (i, step) in steps.iter().enumerate() {
            let named = |what: &str| format!("{name}.step{i}.{what}");
            at = match step {
                Step::Normalise => {
                    let squares = self.push("Mul", &named("squares"), &[&at, &at], Vec::new());
                    let sum = self.reduce("ReduceSum", &named("sum"), &squares, 1, true);
                    let length = self.push("Sqrt", &named("root"), &[&sum], Vec::new());
                    let least = self.floats(&named("least"), &[], vec![1e-12]);
                    let length = self.push("Max", &named("length"), &[&length, &least], Vec::new());
                    self.push("Div", &named("normalise"), &[&at, &length], Vec::new())
                }
                Step::SquareRoot => {
                    let positive = self.push("Relu", &named("positive"), &[&at], Vec::new());
                    self.push("Sqrt", &named("root"), &[&positive], Vec::new())
                }
                Step::Dense { weight, bias } => {
                    let shape = [width, bias.len()];
                    width = bias.len();
                    let weight = self.floats(&named("weight"), &shape, weight.clone());
                    let bias = self.floats(&named("bias"), &[bias.len()], bias.clone());
                    let plain = vec![float("alpha", 1.0), float("beta", 1.0), int("transB", 0)];
                    self.push("Gemm", &named("dense"), &[&at, &weight, &bias], plain)
                }
                Step::Relu => self.push("Relu", &named("relu"), &[&at], Vec::new()),
                Step::Stretch { mean, axes, gains } => {
                    let mean = self.floats(&named("mean"), &[mean.len()], mean.clone());
                    let axes = self.floats(&named("axes"), &[gains.len(), width], axes.clone());
                    let gains = self.floats(&named("gains"), &[gains.len()], gains.clone());
                    let gemm = |turned| {
                        vec![
                            float("alpha", 1.0),
                            float("beta", 1.0),
                            int("transB", turned),
                        ]
                    };
                    let centred = self.push("Sub", &named("centred"), &[&at, &mean], Vec::new());
                    let along = self.push("Gemm", &named("along"), &[&centred, &axes], gemm(1));
                    let longer = self.push("Mul", &named("longer"), &[&along, &gains], Vec::new());
                    let back = self.push("Gemm", &named("back"), &[&longer, &axes], gemm(0));
                    self.push("Add", &named("stretched"), &[&centred, &back], Vec::new())
                }
            };
        }
        Vector { tensor: at, width }
    }

    /// Over one axis, from the first after the batch on.
    fn reduce(&mut self, kind: &str, name: &str, input: &str, axis: i64, keep: bool) -> String {
        let keep = int("keepdims", i64::from(keep));
        if kind == "ReduceSum" || self.opset >= AXES_ARE_INPUTS {
            let axes = self.integers(&format!("{name}.axes"), vec![axis]);
            return self.push(kind, name, &[input, &axes], vec![keep]);
        }
        self.push(kind, name, &[input], vec![ints("axes", vec![axis]), keep])
    }

    /// An operator whose output has its own name, which is given.
    fn push(
        &mut self,
        kind: &str,
        name: &str,
        inputs: &[&str],
        attribute: Vec<AttributeProto>,
    ) -> String {
        let output = self.fresh(name);
        self.push_as(kind, &output, inputs, attribute, &[&output]);
        output
    }

    fn push_as(
        &mut self,
        kind: &str,
        name: &str,
        inputs: &[&str],
        attribute: Vec<AttributeProto>,
        outputs: &[&str],
    ) {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        self.nodes.push(NodeProto {
            attribute,
            output: owned(outputs),
            ..operator(kind, name, owned(inputs), String::new())
        });
    }

    fn floats(&mut self, name: &str, shape: &[usize], values: Vec<f32>) -> String {
        let name = self.fresh(name);
        self.tensors.push(initializer(&Weight {
            name: name.clone(),
            shape: shape.to_vec(),
            values,
        }));
        name
    }

    fn integers(&mut self, name: &str, values: Vec<i64>) -> String {
        let name = self.fresh(name);
        self.tensors.push(TensorProto {
            dims: vec![values.len() as i64],
            data_type: INT64,
            name: name.clone(),
            raw_data: values.iter().flat_map(|v| v.to_le_bytes()).collect(),
            ..TensorProto::default()
        });
        name
    }

    /// The name, or if it is taken the name with a number behind it.
    fn fresh(&mut self, name: &str) -> String {
        let numbered = (2..).map(|n| format!("{name}.{n}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let name = names.find(|name| !self.taken.contains(name));
        let name = name.unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }
}
