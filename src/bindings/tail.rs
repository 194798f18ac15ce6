//! The last blocks of a network learn too.

use std::cell::RefCell;
use std::rc::Rc;

use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use super::head::FittedHead;
use super::train::busy;
use crate::onnx::{self, DatasetFacts, TailCut};
use crate::train::TrainError;
use crate::train::tail::{self, TailMaps, TailProgress};

/// Where a network's file may be cut so that what lies behind can learn, the shortest part first; none if nowhere.
#[wasm_bindgen(js_name = tailCuts)]
pub fn tail_cuts(onnx: &[u8]) -> Result<Vec<Ts<TailCut>>, JsValue> {
    let cuts = onnx::tail_cuts(onnx).map_err(Thrown::from)?;
    let cuts = cuts.into_iter().map(|cut| cut.into_ts());
    Ok(cuts.collect::<Result<_, _>>().map_err(Thrown::from)?)
}

/// A fine-tuning on the CPU, pulled: it works only while [`TailTraining::advance`] runs.
#[wasm_bindgen]
pub struct TailTraining {
    /// Taken out while a call is under way, so that no borrow is held across an await.
    training: Rc<RefCell<Option<tail::TailTraining>>>,
}

#[wasm_bindgen]
impl TailTraining {
    /// Of the network in `onnx`, what lies behind `tensor`, one of [`tail_cuts`]. `maps` is what the network makes of each
    /// row up to there; the lists are those of `HeadTraining`.
    #[wasm_bindgen(constructor)]
    #[expect(
        clippy::too_many_arguments,
        reason = "arrays cross the boundary one by one"
    )]
    pub fn new(
        onnx: Vec<u8>,
        tensor: &str,
        maps: Vec<f32>,
        samples: Vec<u32>,
        copies: Vec<u8>,
        labels: Vec<u16>,
        groups: Vec<u32>,
        classes: Vec<String>,
        epochs: usize,
        seed: u32,
    ) -> Result<TailTraining, JsValue> {
        let data = TailMaps {
            maps,
            samples,
            copies,
            labels,
            groups,
            classes,
        };
        let made = tail::TailTraining::new(onnx, tensor, data, epochs, u64::from(seed));
        Ok(TailTraining {
            training: Rc::new(RefCell::new(Some(made.map_err(Thrown::from)?))),
        })
    }

    /// Does up to `units` units of work (an optimiser step, or a batch of features) and says how far it has come: to the end
    /// when `done` is `total`.
    pub async fn advance(&self, units: usize) -> Result<Ts<TailProgress>, JsValue> {
        let mut training = self.training.take().ok_or_else(busy)?;
        let progress = training.advance(units).await;
        self.training.replace(Some(training));
        let progress: TailProgress = progress.map_err(Thrown::from)?;
        Ok(progress.into_ts().map_err(Thrown::from)?)
    }

    /// The head on what has been learned, at the end. Its file is [`TailTraining::onnx`]; its own would have the old layers.
    pub fn head(&self) -> Result<FittedHead, JsValue> {
        let training = self.training.borrow();
        let tuned = training.as_ref().ok_or_else(busy)?.result();
        let tuned = tuned.ok_or(TrainError::NotFitted).map_err(Thrown::from)?;
        Ok(FittedHead(tuned.head.clone()))
    }

    /// The file that answers, at the end: the network up to the cut, byte for byte, then what has learned. `dataset` is what
    /// it learned from and `dataset_id` what that held; empty where there is no name.
    pub fn onnx(&self, dataset: &str, dataset_id: &str) -> Result<Vec<u8>, JsValue> {
        let dataset = (!dataset.is_empty()).then(|| DatasetFacts {
            name: dataset.into(),
            id: dataset_id.into(),
        });
        let training = self.training.borrow();
        let file = training.as_ref().ok_or_else(busy)?.onnx(dataset);
        Ok(file.map_err(Thrown::from)?)
    }
}
