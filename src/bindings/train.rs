use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::{Thrown, thrown};
use crate::data::{Dataset, IdxPair, Split};
use crate::model::{ModelSpec, Recipe, SpecReport};
use crate::train::{Trainer, TrainingEvent};

/// Labelled images to train on.
#[wasm_bindgen]
pub struct TrainingData(Dataset);

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
    pub test: usize,
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

    pub fn summary(&self) -> Result<Ts<DatasetSummary>, JsValue> {
        let [channels, height, width] = self.0.shape();
        let summary = DatasetSummary {
            name: self.0.name().into(),
            classes: self.0.classes().to_vec(),
            channels,
            height,
            width,
            train: self.0.count(Split::Train),
            test: self.0.count(Split::Test),
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
        Ok(Training {
            trainer: Rc::new(RefCell::new(Some(trainer.map_err(Thrown::from)?))),
        })
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

    fn take(&self) -> Result<Trainer, JsValue> {
        self.trainer.take().ok_or_else(|| {
            thrown(
                "training-busy",
                "The training is at work: wait for the last call before the next.",
            )
        })
    }
}

/// A list as plain JavaScript; its type is named where it is returned.
fn typed<T: Serialize>(list: &T) -> Result<JsValue, JsValue> {
    serde_wasm_bindgen::to_value(list).map_err(|error| thrown("wrong-type", &error.to_string()))
}
