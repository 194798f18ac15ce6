use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use crate::infer::{Prediction, Scores, Session};
use crate::model::head::{HeadFacts, RejectFacts};
use crate::model::{EpochRecord, ModelSpec, Preprocessing, Recipe};
use crate::onnx::{Source, TestFacts};
use crate::pixels::{KnownPreprocessing, Rgba};

/// What a model says of itself. Sizes in pixels, `bytes` of the file.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ModelInfo {
    pub name: String,
    pub labels: Vec<String>,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub parameters: usize,
    pub bytes: usize,
    pub preprocessing: Preprocessing,
    /// Which of the known ones that is; missing if it is none.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownPreprocessing>,
    /// Whether the file itself says it; otherwise it is a guess.
    pub settled: bool,
    /// How the file itself takes images.
    pub source: Source,
    /// What the scores are.
    pub scores: Scores,
    /// The output whose numbers are the scores.
    pub answer: String,
    /// All outputs that could be: with more than one, and nothing in the file that tells which, a person is asked.
    pub answers: Vec<String>,
    /// Whether it is a network for what is drawn by hand; otherwise it takes photos.
    pub takes_drawings: bool,
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<ModelSpec>,
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Recipe>,
    pub history: Vec<EpochRecord>,
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
    /// What that dataset held; missing in older files.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset_id: Option<String>,
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<TestFacts>,
    /// Of a head on another network's features.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<HeadFacts>,
    /// Of a model that can answer *none of these*: where that begins.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reject: Option<RejectFacts>,
}

/// The answer to a drawing; both are empty if there is no ink.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct DrawingPrediction {
    /// Best first.
    pub predictions: Vec<Prediction>,
    /// The image that the network sees, `seenHeight` rows of `seenWidth` bytes, ink bright.
    #[tsify(type = "Uint8Array")]
    #[serde(with = "serde_bytes")]
    pub seen: Vec<u8>,
    pub seen_width: usize,
    pub seen_height: usize,
    /// How unlike everything learned it is; missing if the model does not tell it, or if there is no ink.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub novelty: Option<f32>,
}

/// The answer to a photo.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PhotoPrediction {
    /// Best first. None if a network for what is drawn finds nothing drawn.
    pub predictions: Vec<Prediction>,
    /// How unlike everything learned it is; missing if the model does not tell it, or if nothing is drawn.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub novelty: Option<f32>,
}

/// A model that answers.
#[wasm_bindgen]
pub struct Classifier(Session);

impl Classifier {
    pub(super) fn session(&self) -> &Session {
        &self.0
    }
}

#[wasm_bindgen]
impl Classifier {
    /// Reads an ONNX file; throws if it is broken or cannot be run.
    #[wasm_bindgen(constructor)]
    pub fn new(onnx: &[u8]) -> Result<Classifier, JsValue> {
        Ok(Classifier(Session::load(onnx).map_err(Thrown::from)?))
    }

    /// Like the constructor, for many images: they are answered `batch` at once, in less time for each.
    pub fn batched(onnx: &[u8], batch: usize) -> Result<Classifier, JsValue> {
        let session = Session::load_batched(onnx, batch);
        Ok(Classifier(session.map_err(Thrown::from)?))
    }

    pub fn info(&self) -> Result<Ts<ModelInfo>, JsValue> {
        let facts = self.0.facts();
        let metadata = facts.metadata.clone();
        let info = ModelInfo {
            name: facts.name.clone(),
            labels: self.0.labels().to_vec(),
            channels: facts.input.channels,
            height: facts.input.height,
            width: facts.input.width,
            parameters: facts.parameters,
            bytes: facts.bytes,
            preprocessing: facts.preprocessing(),
            known: KnownPreprocessing::of(&facts.preprocessing(), facts.input.dims()),
            settled: metadata.spec.is_some() || metadata.preprocessing.is_some(),
            source: facts.source,
            scores: self.0.scores(),
            answer: self.0.answer().to_owned(),
            answers: self.0.could_answer().to_vec(),
            takes_drawings: self.0.takes_drawings(),
            spec: metadata.spec,
            recipe: metadata.recipe.map(Recipe::for_javascript),
            history: metadata.history,
            dataset: metadata.dataset,
            dataset_id: metadata.dataset_id,
            test: metadata.test,
            head: metadata.head,
            reject: self.0.reject(),
        };
        Ok(info.into_ts().map_err(Thrown::from)?)
    }

    /// A drawing of any size, as `ImageData` has it: ink on a plain or transparent ground.
    #[wasm_bindgen(js_name = predictDrawing)]
    pub fn predict_drawing(
        &self,
        rgba: &[u8],
        width: usize,
        height: usize,
    ) -> Result<Ts<DrawingPrediction>, JsValue> {
        let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
        let drawing = self.0.drawing(picture).map_err(Thrown::from)?;
        let (predictions, seen, novelty) = match drawing {
            Some(drawing) => (drawing.predictions, drawing.seen, drawing.novelty),
            None => (Vec::new(), Vec::new(), None),
        };
        let answer = DrawingPrediction {
            predictions,
            seen,
            seen_width: self.0.facts().input.width,
            seen_height: self.0.facts().input.height,
            novelty,
        };
        Ok(answer.into_ts().map_err(Thrown::from)?)
    }

    /// A photo of any size, as `ImageData` has it → its `top` likeliest classes.
    #[wasm_bindgen(js_name = predictPhoto)]
    pub fn predict_photo(
        &self,
        rgba: &[u8],
        width: usize,
        height: usize,
        top: usize,
    ) -> Result<Ts<PhotoPrediction>, JsValue> {
        let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
        let photo = self.0.photo(picture, top).map_err(Thrown::from)?;
        let answer = PhotoPrediction {
            predictions: photo.predictions,
            novelty: photo.novelty,
        };
        Ok(answer.into_ts().map_err(Thrown::from)?)
    }

    /// `count` images of the model's own size, bytes 0–255 as `[count, channels, height, width]` → their
    /// probabilities, `[count, labels]`.
    #[wasm_bindgen(js_name = predictPixels)]
    pub fn predict_pixels(&self, pixels: &[u8], count: usize) -> Result<Vec<f32>, JsValue> {
        let probabilities = self.0.probabilities(pixels, count);
        Ok(probabilities.map_err(Thrown::from)?)
    }
}
