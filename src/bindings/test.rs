//! Testing: images with labels, a model's answers to them, and what follows from those.

use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use super::infer::Classifier;
use crate::data::{Builtin, IdxPair, read_split};
use crate::metrics::{Answers, Comparison, CostReport, Costs, Refusals, Report};

/// Labelled images to test on: one split of a dataset.
#[wasm_bindgen]
pub struct TestImages {
    classes: Vec<String>,
    height: usize,
    width: usize,
    pixels: Vec<u8>,
    labels: Vec<u16>,
}

#[wasm_bindgen]
impl TestImages {
    /// The two IDX files of one split of the built-in dataset `dataset`, unpacked.
    #[wasm_bindgen(js_name = fromIdx)]
    pub fn from_idx(dataset: &str, images: &[u8], labels: &[u8]) -> Result<TestImages, JsValue> {
        let classes = Builtin::of(dataset).map(Builtin::classes);
        let classes = classes.unwrap_or_default();
        let pair = IdxPair { images, labels };
        let (images, labels) = read_split(pair, classes.len()).map_err(Thrown::from)?;
        Ok(TestImages {
            classes,
            height: images.height(),
            width: images.width(),
            pixels: images.pixels().to_vec(),
            labels,
        })
    }

    /// The classes' names, by label.
    #[wasm_bindgen(getter)]
    pub fn classes(&self) -> Vec<String> {
        self.classes.clone()
    }

    /// In pixels.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.height
    }

    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.width
    }

    /// `[image, 1, height, width]`, 0–255.
    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> Vec<u8> {
        self.pixels.clone()
    }

    /// Of each image.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<u16> {
        self.labels.clone()
    }
}

#[wasm_bindgen]
impl Classifier {
    /// The answers to `labels.length` images of the model's own size, bytes 0–255 as `[image, channel, height, width]`.
    pub fn test(&self, pixels: &[u8], labels: &[u16]) -> Result<TestAnswers, JsValue> {
        let session = self.session();
        let given = session.answers(pixels, labels.len());
        let given = given.map_err(Thrown::from)?;
        let mut answers = Answers::default();
        let rows = given.probabilities.chunks_exact(session.labels().len());
        for (&label, row) in labels.iter().zip(rows) {
            answers.record(label, row).map_err(Thrown::from)?;
        }
        let answers = answers.with_novelty(given.novelty);
        Ok(TestAnswers(answers.map_err(Thrown::from)?))
    }
}

/// What a model answered to the images of a test, in their order.
#[wasm_bindgen]
pub struct TestAnswers(Answers);

#[wasm_bindgen]
impl TestAnswers {
    /// Answers that were taken out before, such as those of several workers joined. `novelty` may be missing or empty.
    #[wasm_bindgen(constructor)]
    pub fn new(
        truth: Vec<u16>,
        predicted: Vec<u16>,
        confidence: Vec<f32>,
        rank: Vec<u16>,
        novelty: Option<Vec<f32>>,
    ) -> Result<TestAnswers, JsValue> {
        let answers = Answers::new(truth, predicted, confidence, rank);
        let answers = answers.and_then(|answers| answers.with_novelty(novelty.unwrap_or_default()));
        Ok(TestAnswers(answers.map_err(Thrown::from)?))
    }

    /// The most probable class of each image.
    pub fn predicted(&self) -> Vec<u16> {
        self.0.predicted().to_vec()
    }

    /// Its probability, 0–1.
    pub fn confidence(&self) -> Vec<f32> {
        self.0.confidence().to_vec()
    }

    /// How many classes were held more probable than the true one.
    pub fn rank(&self) -> Vec<u16> {
        self.0.rank().to_vec()
    }

    /// How unlike everything learned each image is; empty if the model does not tell it.
    pub fn novelty(&self) -> Vec<f32> {
        self.0.novelty().to_vec()
    }

    /// What is left of the answers if an image whose novelty is above `threshold` gets *none of these* instead; nothing if
    /// the model tells no novelty.
    pub fn refusals(&self, threshold: f32) -> Result<Option<Ts<Refusals>>, JsValue> {
        let refusals = self.0.refusals(threshold);
        let refusals = refusals.map(|refusals| refusals.into_ts());
        Ok(refusals.transpose().map_err(Thrown::from)?)
    }

    pub fn report(&self, classes: usize) -> Result<Ts<Report>, JsValue> {
        let report = self.0.report(classes).map_err(Thrown::from)?;
        Ok(report.into_ts().map_err(Thrown::from)?)
    }

    /// These answers against another model's to the same images.
    pub fn compare(&self, other: &TestAnswers) -> Result<Ts<Comparison>, JsValue> {
        let comparison = self.0.compare(&other.0).map_err(Thrown::from)?;
        Ok(comparison.into_ts().map_err(Thrown::from)?)
    }

    /// What the mistakes cost.
    pub fn cost(&self, classes: usize, costs: Ts<Costs>) -> Result<Ts<CostReport>, JsValue> {
        let costs = costs.to_rust().map_err(Thrown::from)?;
        let report = self.0.report(classes).map_err(Thrown::from)?;
        let cost = costs.of(&report.confusion).map_err(Thrown::from)?;
        Ok(cost.into_ts().map_err(Thrown::from)?)
    }
}
