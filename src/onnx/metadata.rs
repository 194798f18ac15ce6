//! What Hearth keeps in a file's `metadata_props`, so that one file is all there is.

use serde::{Deserialize, Serialize};

use super::proto::StringStringEntryProto;
use crate::model::head::{HeadFacts, RejectFacts};
use crate::model::{EpochRecord, ModelSpec, Preprocessing, Recipe};
use crate::older::reads_older;

pub(super) const LABELS: &str = "hearth.labels";
const SPEC: &str = "hearth.spec";
pub(super) const PREPROCESSING: &str = "hearth.preprocessing";
pub(super) const OUTPUT: &str = "hearth.output";
pub(super) const SIZE: &str = "hearth.size";
const RECIPE: &str = "hearth.recipe";
const HISTORY: &str = "hearth.history";
const DATASET: &str = "hearth.dataset";
const DATASET_ID: &str = "hearth.dataset_id";
pub(super) const TEST: &str = "hearth.test";
const HEAD: &str = "hearth.head";
pub(super) const REJECT: &str = "hearth.reject";

/// Everything but `labels` is missing in files from elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metadata {
    /// The classes, in the order of the logits.
    pub labels: Vec<String>,
    pub spec: Option<ModelSpec>,
    /// Of networks that have no `spec`, because their layers are not all Hearth's; a spec says it itself.
    pub preprocessing: Option<Preprocessing>,
    /// The output whose numbers are the scores, of files from elsewhere with several.
    pub output: Option<String>,
    /// Height and width of the images, of files that take any.
    pub size: Option<[usize; 2]>,
    pub recipe: Option<Recipe>,
    pub history: Vec<EpochRecord>,
    /// The name of the dataset it was trained on.
    pub dataset: Option<String>,
    /// What that dataset held, as [`crate::data::Dataset::content_id`] has it; missing in older files.
    pub dataset_id: Option<String>,
    pub test: Option<TestFacts>,
    /// Of a head on another network's features.
    pub head: Option<HeadFacts>,
    /// Of files that can answer *none of these*.
    pub reject: Option<RejectFacts>,
}

/// What a test of this file gave.
#[derive(Serialize, Clone, Debug, Default, PartialEq)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct TestFacts {
    pub dataset: String,
    pub n: usize,
    /// 0–1
    pub accuracy: f64,
}

reads_older!(TestFacts {
    dataset: "dataset",
    n: "n",
    accuracy: "accuracy",
});

/// What a head takes the place of. `hearth.preprocessing` stays, if it says how images are brought to the network.
pub(super) const REPLACED_BY_A_HEAD: [&str; 9] = [
    LABELS, SPEC, RECIPE, HISTORY, DATASET, DATASET_ID, TEST, HEAD, REJECT,
];

impl Metadata {
    pub(super) fn entries(&self) -> Vec<StringStringEntryProto> {
        let mut entries = Vec::new();
        let mut put = |key: &str, value: Option<String>| {
            entries.extend(value.map(|value| StringStringEntryProto {
                key: key.into(),
                value,
            }));
        };
        put(LABELS, json(&self.labels));
        put(SPEC, self.spec.as_ref().and_then(json));
        put(PREPROCESSING, self.preprocessing.as_ref().and_then(json));
        put(OUTPUT, self.output.clone());
        put(SIZE, self.size.as_ref().and_then(json));
        put(RECIPE, self.recipe.as_ref().and_then(json));
        put(
            HISTORY,
            (!self.history.is_empty())
                .then(|| json(&self.history))
                .flatten(),
        );
        put(DATASET, self.dataset.clone());
        put(DATASET_ID, self.dataset_id.clone());
        put(TEST, self.test.as_ref().and_then(json));
        put(HEAD, self.head.as_ref().and_then(json));
        put(REJECT, self.reject.as_ref().and_then(json));
        entries
    }

    /// What can be read of `entries`: a value that another program has spoilt counts as missing.
    pub(super) fn of(entries: &[StringStringEntryProto]) -> Self {
        let value = |key: &str| {
            entries
                .iter()
                .find(|entry| entry.key == key)
                .map(|entry| entry.value.as_str())
        };
        Metadata {
            labels: value(LABELS).and_then(parse).unwrap_or_default(),
            spec: value(SPEC)
                .and_then(parse)
                .filter(|spec: &ModelSpec| spec.check().is_ok()),
            preprocessing: value(PREPROCESSING)
                .and_then(parse)
                .filter(Preprocessing::is_sound),
            output: value(OUTPUT).map(str::to_owned),
            size: value(SIZE)
                .and_then(parse)
                .filter(|size: &[usize; 2]| size.iter().all(|side| (1..=4096).contains(side))),
            recipe: value(RECIPE).and_then(parse),
            history: value(HISTORY).and_then(parse).unwrap_or_default(),
            dataset: value(DATASET).map(str::to_owned),
            dataset_id: value(DATASET_ID).map(str::to_owned),
            test: value(TEST)
                .and_then(parse)
                .filter(|test: &TestFacts| test.n > 0),
            head: value(HEAD).and_then(parse).filter(HeadFacts::is_sound),
            reject: value(REJECT).and_then(parse).filter(RejectFacts::is_sound),
        }
    }
}

/// `None` only if a map has keys that JSON cannot have, and no type here does.
fn json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}

fn parse<T: for<'de> Deserialize<'de>>(value: &str) -> Option<T> {
    serde_json::from_str(value).ok()
}
