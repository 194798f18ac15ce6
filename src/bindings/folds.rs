//! Answers to every sample by networks that have not learned from it.

use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use super::train::{TrainingData, busy};
use crate::model::{ModelSpec, Recipe};
use crate::train::{self, FoldProgress};

/// k-fold cross-validation on the CPU, pulled: it works only while [`OutOfFold::advance`] runs. Every image of the data is
/// judged, whatever its split.
#[wasm_bindgen]
pub struct OutOfFold {
    /// Taken out while a call is under way, so that no borrow is held across an await.
    folds: Rc<RefCell<Option<train::OutOfFold>>>,
}

#[wasm_bindgen]
impl OutOfFold {
    /// With a small quick network that suits the data. `folds` is 2 to 20; `data` may be freed or used again afterwards.
    #[wasm_bindgen(constructor)]
    pub fn new(data: &TrainingData, folds: usize, seed: u32) -> Result<OutOfFold, JsValue> {
        let dataset = data.0.clone();
        let made = train::OutOfFold::quick(dataset, folds, u64::from(seed), &Device::flex());
        Ok(Self::of(made.map_err(Thrown::from)?))
    }

    /// With another network and recipe.
    #[wasm_bindgen(js_name = withNetwork)]
    pub fn with_network(
        data: &TrainingData,
        spec: Ts<ModelSpec>,
        recipe: Ts<Recipe>,
        folds: usize,
        seed: u32,
    ) -> Result<OutOfFold, JsValue> {
        let spec = spec.to_rust().map_err(Thrown::from)?;
        let recipe = recipe.to_rust().map_err(Thrown::from)?;
        let (dataset, seed) = (data.0.clone(), u64::from(seed));
        let made = train::OutOfFold::new(dataset, spec, recipe, folds, seed, &Device::flex());
        Ok(Self::of(made.map_err(Thrown::from)?))
    }

    fn of(folds: train::OutOfFold) -> Self {
        OutOfFold {
            folds: Rc::new(RefCell::new(Some(folds))),
        }
    }

    /// Does up to `units` units of work (an optimiser step, or a batch of answers) and says how far it has come: to the
    /// end when `done` is `total`.
    pub async fn advance(&self, units: usize) -> Result<Ts<FoldProgress>, JsValue> {
        let mut folds = self.folds.take().ok_or_else(busy)?;
        let progress = folds.advance(units).await;
        self.folds.replace(Some(folds));
        let progress: FoldProgress = progress.map_err(Thrown::from)?;
        Ok(progress.into_ts().map_err(Thrown::from)?)
    }

    /// How far it has come.
    pub fn progress(&self) -> Result<Ts<FoldProgress>, JsValue> {
        let folds = self.folds.borrow();
        let progress = folds.as_ref().ok_or_else(busy)?.progress();
        Ok(progress.into_ts().map_err(Thrown::from)?)
    }

    /// `[image, class]`, 0–1, in the data's order; 0 of images that have not been judged yet.
    pub fn probabilities(&self) -> Result<Vec<f32>, JsValue> {
        let folds = self.folds.borrow();
        Ok(folds.as_ref().ok_or_else(busy)?.probabilities().to_vec())
    }
}
