use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::{Thrown, thrown};
use crate::data::{Builtin, idx};
use crate::infer::{Layers, Part, Stage, StageValues};
use crate::model::Preprocessing;
use crate::pixels::Rgba;

/// A network opened up; `stages` and `parts` say where to look in its arrays.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LayersInfo {
    pub labels: Vec<String>,
    pub preprocessing: Preprocessing,
    /// Whether it is a network for what is drawn by hand.
    pub takes_drawings: bool,
    /// The image, and what each operator outputs.
    pub stages: Vec<Stage>,
    /// The stage that answers.
    pub answer: usize,
    pub parts: Vec<Part>,
}

/// A model that shows what every layer makes of an image: of the last one that it was given.
#[wasm_bindgen]
pub struct LayersView {
    layers: Layers,
    run: Option<StageValues>,
}

#[wasm_bindgen]
impl LayersView {
    /// Reads an ONNX file; throws if it is broken or cannot be run.
    #[wasm_bindgen(constructor)]
    pub fn new(onnx: &[u8]) -> Result<LayersView, JsValue> {
        let layers = Layers::load(onnx).map_err(Thrown::from)?;
        Ok(LayersView { layers, run: None })
    }

    pub fn info(&self) -> Result<Ts<LayersInfo>, JsValue> {
        let info = LayersInfo {
            labels: self.layers.labels().to_vec(),
            preprocessing: self.layers.facts().preprocessing(),
            takes_drawings: self.layers.takes_drawings(),
            stages: self.layers.stages().to_vec(),
            answer: self.layers.answer(),
            parts: self.layers.parts(),
        };
        Ok(info.into_ts().map_err(Thrown::from)?)
    }

    /// All weights, where `parts` say.
    pub fn weights(&self) -> Vec<f32> {
        self.layers.weights()
    }

    /// The weights of one layer, one array after another.
    #[wasm_bindgen(js_name = weightsOf)]
    pub fn weights_of(&self, layer: usize) -> Vec<f32> {
        self.layers.weights_of(layer)
    }

    /// Looks at a drawing of any size, as `ImageData` has it; false if there is no ink.
    pub fn drawing(&mut self, rgba: &[u8], width: usize, height: usize) -> Result<bool, JsValue> {
        self.run = None;
        let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
        self.run = self.layers.drawing(picture).map_err(Thrown::from)?;
        Ok(self.run.is_some())
    }

    /// Looks at a photo of any size, as `ImageData` has it; false if a network for what is drawn finds no ink.
    pub fn photo(&mut self, rgba: &[u8], width: usize, height: usize) -> Result<bool, JsValue> {
        // Two runs of a large network need not find room beside each other.
        self.run = None;
        let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
        self.run = self.layers.photo(picture).map_err(Thrown::from)?;
        Ok(self.run.is_some())
    }

    /// Looks at an image of the model's own size, bytes 0–255 as `[channels, height, width]`.
    pub fn pixels(&mut self, pixels: &[u8]) -> Result<(), JsValue> {
        self.run = None;
        self.run = Some(self.layers.pixels(pixels).map_err(Thrown::from)?);
        Ok(())
    }

    /// The values of these stages for that image, one after another; none if nothing has been looked at.
    pub fn values(&self, stages: &[usize]) -> Result<Vec<f32>, JsValue> {
        let mut all = Vec::new();
        for &stage in stages {
            if let Some(run) = &self.run {
                all.extend_from_slice(run.values(stage).map_err(Thrown::from)?);
            }
        }
        Ok(all)
    }

    /// Every stage small, where its `small` says; none if nothing has been looked at.
    pub fn overview(&self) -> Result<Vec<f32>, JsValue> {
        let overview = self.run.as_ref().map(|run| self.layers.overview(run));
        Ok(overview
            .transpose()
            .map_err(Thrown::from)?
            .unwrap_or_default())
    }
}

/// The test images of a dataset such as MNIST, to choose from.
#[wasm_bindgen]
pub struct Samples {
    classes: Vec<String>,
    pixels: Vec<u8>,
    labels: Vec<u8>,
    height: usize,
    width: usize,
}

#[wasm_bindgen]
impl Samples {
    /// From the two IDX files of the built-in dataset `dataset`, unpacked.
    #[wasm_bindgen(js_name = fromIdx)]
    pub fn from_idx(dataset: &str, images: &[u8], labels: &[u8]) -> Result<Samples, JsValue> {
        let classes = Builtin::of(dataset).map(Builtin::classes);
        let images = idx::read_images(images).map_err(Thrown::from)?;
        let labels = idx::read_labels(labels).map_err(Thrown::from)?;
        if images.count() != labels.len() {
            return Err(thrown(
                "data-count-mismatch",
                "The files have different numbers of images and labels.",
            ));
        }
        Ok(Samples {
            classes: classes.unwrap_or_default(),
            pixels: images.pixels().to_vec(),
            labels,
            height: images.height(),
            width: images.width(),
        })
    }

    #[wasm_bindgen(getter)]
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    #[wasm_bindgen(getter)]
    pub fn height(&self) -> usize {
        self.height
    }

    #[wasm_bindgen(getter)]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Bytes 0–255, `[height, width]`; `index` counts round.
    pub fn image(&self, index: usize) -> Vec<u8> {
        let size = self.height * self.width;
        let start = index % self.count() * size;
        self.pixels[start..start + size].to_vec()
    }

    /// What the image's class is called; its place, if the dataset names no such class.
    #[wasm_bindgen(js_name = className)]
    pub fn class_name(&self, index: usize) -> String {
        let label = self.label(index);
        self.classes
            .get(label)
            .cloned()
            .unwrap_or_else(|| label.to_string())
    }

    /// The place of the image's class.
    pub fn label(&self, index: usize) -> usize {
        usize::from(self.labels[index % self.count()])
    }
}
