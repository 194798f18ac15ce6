//! What a training needs to go on as if it had never stopped.

use serde::Serialize;

use super::proto::{GraphProto, StringStringEntryProto};
use super::tensor::floats;
use crate::model::weights::Weight;
use crate::older::reads_older;

/// Before the names of the optimiser's arrays.
pub(super) const OPTIMIZER: &str = "hearth.optim.";
pub(super) const KEY: &str = "hearth.checkpoint";

/// Where a run stands, beside its weights, recipe and history.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub position: Position,
    /// The optimiser's arrays, by `{weight}.{part}`.
    pub state: Vec<Weight>,
}

/// How far a run has come. The order of the samples, dropout and augmentation follow from it and the recipe's seed.
#[derive(Serialize, Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Position {
    /// Finished optimiser steps.
    pub step: usize,
    /// Training samples, after validation was held out: another number is another dataset.
    pub samples: usize,
    /// Of the epoch in progress: the sum of the images' losses, …
    pub loss: f64,
    /// … how many were right, …
    pub correct: usize,
    /// … and how many there were.
    pub images: usize,
}

reads_older!(Position {
    step: "step",
    samples: "samples",
    loss: "loss",
    correct: "correct",
    images: "images",
});

impl Checkpoint {
    pub(super) fn entry(&self) -> Option<StringStringEntryProto> {
        Some(StringStringEntryProto {
            key: KEY.into(),
            value: serde_json::to_string(&self.position).ok()?,
        })
    }

    /// `None` if the file has none, or a spoilt one.
    pub(super) fn of(graph: &GraphProto, entries: &[StringStringEntryProto]) -> Option<Self> {
        let entry = entries.iter().find(|entry| entry.key == KEY)?;
        let position = serde_json::from_str(&entry.value).ok()?;
        let state = graph
            .initializer
            .iter()
            .filter_map(|tensor| {
                let name = tensor.name.strip_prefix(OPTIMIZER)?;
                let values = floats(tensor)?;
                Some(Weight {
                    name: name.into(),
                    shape: vec![values.len()],
                    values,
                })
            })
            .collect();
        Some(Checkpoint { position, state })
    }
}
