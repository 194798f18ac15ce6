use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::{Thrown, thrown};
use crate::data::{Builtin, DataError, DataErrorKind, Dataset, IdxPair, Split};
use crate::model::{EpochRecord, ModelSpec, Recipe, SpecReport};
use crate::onnx::{self, Position};
use crate::train::{Trainer, TrainingEvent};

/// Labelled images to train on.
#[wasm_bindgen]
pub struct TrainingData(pub(super) Dataset);

/// Counts are of images; sizes in pixels.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DatasetSummary {
    pub name: String,
    pub classes: Vec<String>,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub train: usize,
    /// In a validation split that the data came with: where there is one, none are held out of training.
    pub validation: usize,
    pub test: usize,
    /// As [`TrainingData::content_id`].
    pub content_id: String,
}

#[wasm_bindgen]
impl TrainingData {
    /// The four IDX files of a dataset such as MNIST, unpacked.
    #[wasm_bindgen(js_name = fromIdx)]
    pub fn from_idx(
        name: &str,
        classes: Vec<String>,
        train_images: &[u8],
        train_labels: &[u8],
        test_images: &[u8],
        test_labels: &[u8],
    ) -> Result<TrainingData, JsValue> {
        let train = IdxPair {
            images: train_images,
            labels: train_labels,
        };
        let test = IdxPair {
            images: test_images,
            labels: test_labels,
        };
        let dataset = Dataset::from_idx(name, classes, train, test).map_err(Thrown::from)?;
        Ok(TrainingData(dataset))
    }

    /// The four IDX files of the built-in dataset `id`, unpacked.
    pub fn builtin(
        id: &str,
        train_images: &[u8],
        train_labels: &[u8],
        test_images: &[u8],
        test_labels: &[u8],
    ) -> Result<TrainingData, JsValue> {
        let Some(known) = Builtin::of(id) else {
            let sentence = format!("No dataset that comes with Hearth is called {id}.");
            return Err(thrown("data-unknown", &sentence));
        };
        let train = IdxPair {
            images: train_images,
            labels: train_labels,
        };
        let test = IdxPair {
            images: test_images,
            labels: test_labels,
        };
        let dataset = Dataset::builtin(known, train, test).map_err(Thrown::from)?;
        Ok(TrainingData(dataset))
    }

    /// Images of a person's own. `pixels` is `[image, channels, height, width]`, 0–255; `labels` are places in
    /// `classes`, `splits` 0 train, 1 validation, 2 test.
    #[wasm_bindgen(js_name = fromImages)]
    #[expect(
        clippy::too_many_arguments,
        reason = "arrays cross the boundary one by one"
    )]
    pub fn from_images(
        name: &str,
        classes: Vec<String>,
        channels: usize,
        height: usize,
        width: usize,
        pixels: Vec<u8>,
        labels: Vec<u16>,
        splits: &[u8],
    ) -> Result<TrainingData, JsValue> {
        let of_code = |&code: &u8| {
            let split = Split::of_code(code)?;
            split.ok_or_else(|| DataErrorKind::SplitCode { found: code }.into())
        };
        let splits: Result<Vec<Split>, DataError> = splits.iter().map(of_code).collect();
        let splits = splits.map_err(Thrown::from)?;
        let shape = [channels, height, width];
        let dataset = Dataset::new(name, classes, shape, pixels, labels, splits);
        Ok(TrainingData(dataset.map_err(Thrown::from)?))
    }

    /// What the data hold, whatever they are called: 32 hexadecimal digits; of a dataset that comes with Hearth its own
    /// id. A training goes on only with the same.
    #[wasm_bindgen(getter, js_name = contentId)]
    pub fn content_id(&self) -> String {
        self.0.content_id().into()
    }

    pub fn summary(&self) -> Result<Ts<DatasetSummary>, JsValue> {
        let [channels, height, width] = self.0.shape();
        let summary = DatasetSummary {
            name: self.0.name().into(),
            classes: self.0.classes().to_vec(),
            channels,
            height,
            width,
            train: self.0.count(Split::Train),
            validation: self.0.count(Split::Validation),
            test: self.0.count(Split::Test),
            content_id: self.0.content_id().into(),
        };
        Ok(summary.into_ts().map_err(Thrown::from)?)
    }
}

/// The networks that come with Hearth, the one to begin with first.
#[wasm_bindgen(unchecked_return_type = "Preset[]")]
pub fn presets() -> Result<JsValue, JsValue> {
    typed(&crate::model::presets())
}

/// Every layer's shape and parameters, and the first layer that does not fit.
#[wasm_bindgen]
pub fn describe(spec: Ts<ModelSpec>) -> Result<Ts<SpecReport>, JsValue> {
    let spec = spec.to_rust().map_err(Thrown::from)?;
    Ok(spec.describe().into_ts().map_err(Thrown::from)?)
}

/// What a file brings to a training.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct NetworkInfo {
    pub spec: ModelSpec,
    pub labels: Vec<String>,
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
    pub history: Vec<EpochRecord>,
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// What that dataset held, as [`TrainingData::content_id`] has it; missing in older files.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<String>,
    /// Where its training stood; missing where it cannot be gone on with, but only begun anew from its weights.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Of that training.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps_per_epoch: Option<usize>,
}

/// The layers of an ONNX file; throws if it is broken, or holds an operator that is no layer (which is named).
#[wasm_bindgen(js_name = readNetwork)]
pub fn read_network(onnx: &[u8]) -> Result<Ts<NetworkInfo>, JsValue> {
    let file = onnx::network(onnx).map_err(Thrown::from)?;
    let metadata = file.facts.metadata;
    let position = file.checkpoint.map(|checkpoint| checkpoint.position);
    let training = metadata.recipe.as_ref().zip(position);
    let info = NetworkInfo {
        steps_per_epoch: training.map(|(recipe, at)| recipe.steps_per_epoch(at.samples)),
        spec: file.spec,
        labels: metadata.labels,
        recipe: metadata.recipe.map(Recipe::for_javascript),
        history: metadata.history,
        dataset: metadata.dataset,
        dataset_id: metadata.dataset_id,
        position,
    };
    Ok(info.into_ts().map_err(Thrown::from)?)
}

/// One run, pulled: it works only while [`Training::advance`] runs.
#[wasm_bindgen]
pub struct Training {
    /// Taken out while a call is under way, so that no borrow is held across an await.
    trainer: Rc<RefCell<Option<Trainer>>>,
}

#[wasm_bindgen]
impl Training {
    /// On the CPU, with fresh weights. `data` may be freed or used again afterwards.
    #[wasm_bindgen(constructor)]
    pub fn new(
        data: &TrainingData,
        spec: Ts<ModelSpec>,
        recipe: Ts<Recipe>,
    ) -> Result<Training, JsValue> {
        let spec = spec.to_rust().map_err(Thrown::from)?;
        let recipe = recipe.to_rust().map_err(Thrown::from)?;
        let trainer = Trainer::new(spec, recipe, data.0.clone(), &Device::flex());
        Ok(Self::of(trainer.map_err(Thrown::from)?))
    }

    /// A new run that begins with the layers and weights of an ONNX file.
    #[wasm_bindgen(js_name = fromFile)]
    pub fn from_file(
        data: &TrainingData,
        onnx: &[u8],
        recipe: Ts<Recipe>,
    ) -> Result<Training, JsValue> {
        let recipe = recipe.to_rust().map_err(Thrown::from)?;
        let file = onnx::network(onnx).map_err(Thrown::from)?;
        let data = data.0.clone();
        let spec = Builtin::fitted(file.spec, data.content_id());
        let trainer = Trainer::with_weights(spec, recipe, &file.weights, data, &Device::flex());
        Ok(Self::of(trainer.map_err(Thrown::from)?))
    }

    /// Goes on where the run that wrote the file with its state stood ([`Training::checkpoint`]); with `epochs` it is
    /// to be that many altogether.
    pub fn resume(
        data: &TrainingData,
        onnx: &[u8],
        epochs: Option<usize>,
    ) -> Result<Training, JsValue> {
        let file = onnx::network(onnx).map_err(Thrown::from)?;
        let trainer = Trainer::resume(file, epochs, data.0.clone(), &Device::flex());
        Ok(Self::of(trainer.map_err(Thrown::from)?))
    }

    pub(super) fn of(trainer: Trainer) -> Self {
        Training {
            trainer: Rc::new(RefCell::new(Some(trainer))),
        }
    }

    /// Does up to `steps` units of work (an optimiser step, or a batch of validation) and says what happened.
    #[wasm_bindgen(unchecked_return_type = "TrainingEvent[]")]
    pub async fn advance(&self, steps: usize) -> Result<JsValue, JsValue> {
        let mut trainer = self.take()?;
        let events = trainer.advance(steps).await;
        self.trainer.replace(Some(trainer));
        let events: Vec<TrainingEvent> = events.map_err(Thrown::from)?;
        typed(&events)
    }

    /// The network of this moment as a complete ONNX file.
    pub async fn onnx(&self) -> Result<Vec<u8>, JsValue> {
        let trainer = self.take()?;
        let file = trainer.onnx().await;
        self.trainer.replace(Some(trainer));
        Ok(file.map_err(Thrown::from)?)
    }

    /// The same file with the training's state, from which [`Training::resume`] goes on.
    pub async fn checkpoint(&self) -> Result<Vec<u8>, JsValue> {
        let trainer = self.take()?;
        let file = trainer.checkpoint().await;
        self.trainer.replace(Some(trainer));
        Ok(file.map_err(Thrown::from)?)
    }

    /// The true classes of the held-out images whose answers every rolling validation tells, as indices.
    #[wasm_bindgen(js_name = watchedLabels)]
    pub fn watched_labels(&self) -> Result<Vec<u16>, JsValue> {
        self.of_watched(|dataset, i| vec![dataset.label(i) as u16])
    }

    /// Their pixels, `[image, channel, height, width]`, 0–255.
    #[wasm_bindgen(js_name = watchedPixels)]
    pub fn watched_pixels(&self) -> Result<Vec<u8>, JsValue> {
        self.of_watched(|dataset, i| dataset.pixels(i).to_vec())
    }

    fn of_watched<T>(&self, each: impl Fn(&Dataset, usize) -> Vec<T>) -> Result<Vec<T>, JsValue> {
        let trainer = self.trainer.borrow();
        let trainer = trainer.as_ref().ok_or_else(busy)?;
        let watched = trainer.watched().iter();
        Ok(watched
            .flat_map(|&i| each(trainer.dataset(), i as usize))
            .collect())
    }

    fn take(&self) -> Result<Trainer, JsValue> {
        self.trainer.take().ok_or_else(busy)
    }
}

pub(super) fn busy() -> JsValue {
    thrown(
        "training-busy",
        "The training is at work: wait for the last call before the next.",
    )
}

/// A list as plain JavaScript; its type is named where it is returned.
fn typed<T: Serialize>(list: &T) -> Result<JsValue, JsValue> {
    serde_wasm_bindgen::to_value(list).map_err(|error| thrown("wrong-type", &error.to_string()))
}
