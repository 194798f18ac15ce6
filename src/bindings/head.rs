//! Heads on features, fitted and compared.

use std::cell::RefCell;
use std::rc::Rc;

use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use super::train::busy;
use crate::model::head::{Head, HeadFacts, HeadKind, RejectFacts};
use crate::onnx::{self, DatasetFacts};
use crate::train::head::{self, CurveReport, Examples, HeadProgress, HeadReport};

/// Heads on the same features, pulled: it works only while [`HeadTraining::advance`] or [`HeadTraining::quick`] runs.
#[wasm_bindgen]
pub struct HeadTraining {
    /// Taken out while a call is under way, so that no borrow is held across an await.
    training: Rc<RefCell<Option<head::HeadTraining>>>,
}

#[wasm_bindgen]
impl HeadTraining {
    /// `features` `[row, dimension]`; of each row its sample and which copy of it it shows (0: the image itself, which
    /// every sample has once); of each sample its label, a place in `classes`, and its group, which near duplicates share.
    #[wasm_bindgen(constructor)]
    #[expect(
        clippy::too_many_arguments,
        reason = "arrays cross the boundary one by one"
    )]
    pub fn new(
        features: Vec<f32>,
        dimension: usize,
        samples: Vec<u32>,
        copies: Vec<u8>,
        labels: Vec<u16>,
        groups: Vec<u32>,
        classes: Vec<String>,
        seed: u32,
    ) -> Result<HeadTraining, JsValue> {
        let examples = Examples {
            features,
            dimension,
            samples,
            copies,
            labels,
            groups,
            classes,
        };
        let made = head::HeadTraining::new(examples, u64::from(seed)).map_err(Thrown::from)?;
        Ok(HeadTraining {
            training: Rc::new(RefCell::new(Some(made))),
        })
    }

    /// A first head at once: logistic regression with the usual strength. Once all kinds have been compared it is the best
    /// of them.
    pub fn quick(&self) -> Result<FittedHead, JsValue> {
        let training = self.training.borrow();
        Ok(FittedHead(training.as_ref().ok_or_else(busy)?.quick()))
    }

    /// Does up to `units` units of work and says how far it has come: to the end when `done` is `total`.
    pub async fn advance(&self, units: usize) -> Result<Ts<HeadProgress>, JsValue> {
        let mut training = self.training.take().ok_or_else(busy)?;
        let progress = training.advance(units).await;
        self.training.replace(Some(training));
        let progress: HeadProgress = progress.map_err(Thrown::from)?;
        Ok(progress.into_ts().map_err(Thrown::from)?)
    }

    /// What each kind is worth, as far as it has been judged.
    pub fn report(&self) -> Result<Ts<HeadReport>, JsValue> {
        let training = self.training.borrow();
        let report = training.as_ref().ok_or_else(busy)?.report();
        Ok(report.into_ts().map_err(Thrown::from)?)
    }

    /// The head of a kind; throws before all have been compared, and for `nearest`, which no file can hold.
    pub fn head(&self, kind: Ts<HeadKind>) -> Result<FittedHead, JsValue> {
        let kind = kind.to_rust().map_err(Thrown::from)?;
        let training = self.training.borrow();
        let head = training.as_ref().ok_or_else(busy)?.head(kind);
        Ok(FittedHead(head.map_err(Thrown::from)?))
    }
}

/// A head that has learned.
#[wasm_bindgen]
pub struct FittedHead(pub(super) Head);

#[wasm_bindgen]
impl FittedHead {
    pub fn facts(&self) -> Result<Ts<HeadFacts>, JsValue> {
        Ok(self.0.facts.clone().into_ts().map_err(Thrown::from)?)
    }

    /// What its score of novelty is worth; missing where there were too few images to find a threshold.
    pub fn reject(&self) -> Result<Option<Ts<RejectFacts>>, JsValue> {
        let facts = self.0.novelty.as_ref().map(|novelty| novelty.facts);
        let facts = facts.map(|facts| facts.into_ts()).transpose();
        Ok(facts.map_err(Thrown::from)?)
    }

    /// The file that answers: `backbone` up to its features, byte for byte, then this head. `dataset` is what it learned
    /// from and `dataset_id` what that held; empty where there is no name.
    pub fn onnx(
        &self,
        backbone: &[u8],
        dataset: &str,
        dataset_id: &str,
    ) -> Result<Vec<u8>, JsValue> {
        let dataset = (!dataset.is_empty()).then(|| DatasetFacts {
            name: dataset.into(),
            id: dataset_id.into(),
        });
        let file = onnx::with_head(backbone, &self.0, dataset, &[]);
        Ok(file.map_err(Thrown::from)?)
    }
}

/// Labels against accuracy, pulled.
#[wasm_bindgen]
pub struct LearningCurve(head::LearningCurve);

#[wasm_bindgen]
impl LearningCurve {
    /// `features` `[sample, dimension]` of images without copies; of each its label and its group.
    #[wasm_bindgen(constructor)]
    pub fn new(
        features: Vec<f32>,
        dimension: usize,
        labels: Vec<u16>,
        groups: Vec<u32>,
        classes: Vec<String>,
        seed: u32,
    ) -> Result<LearningCurve, JsValue> {
        let examples = Examples::originals(features, dimension, labels, Some(groups), classes);
        let made = head::LearningCurve::new(examples, u64::from(seed));
        Ok(LearningCurve(made.map_err(Thrown::from)?))
    }

    /// Does up to `units` units of work and says how far it has come: to the end when `done` is `total`.
    pub fn advance(&mut self, units: usize) -> Result<Ts<HeadProgress>, JsValue> {
        Ok(self.0.advance(units).into_ts().map_err(Thrown::from)?)
    }

    /// What has been found so far; what more labels would bring only at the end.
    pub fn report(&self) -> Result<Ts<CurveReport>, JsValue> {
        Ok(self.0.report().into_ts().map_err(Thrown::from)?)
    }
}
