use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::{Thrown, thrown};
use crate::data::{Builtin, idx};
use crate::infer::{Layers, Part, Stage};
use crate::model::Preprocessing;
use crate::pixels::Rgba;

/// A network opened up. Values and weights come as one array each; `stages` and `parts` say where to look in them.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LayersInfo {
    pub labels: Vec<String>,
    pub preprocessing: Preprocessing,
    /// Whether it is a network for what is drawn by hand.
    pub takes_drawings: bool,
    /// The image, what each layer outputs, and the probabilities.
    pub stages: Vec<Stage>,
    pub parts: Vec<Part>,
}

/// A model that shows what every layer makes of an image.
#[wasm_bindgen]
pub struct LayersView(Layers);

#[wasm_bindgen]
impl LayersView {
    /// Reads an ONNX file; throws if it is broken or holds a layer that is not known.
    #[wasm_bindgen(constructor)]
    pub fn new(onnx: &[u8]) -> Result<LayersView, JsValue> {
        Ok(LayersView(Layers::load(onnx).map_err(Thrown::from)?))
    }

    pub fn info(&self) -> Result<Ts<LayersInfo>, JsValue> {
        let info = LayersInfo {
            labels: self.0.labels().to_vec(),
            preprocessing: self.0.facts().preprocessing(),
            takes_drawings: self.0.takes_drawings(),
            stages: self.0.stages().to_vec(),
            parts: self.0.parts(),
        };
        Ok(info.into_ts().map_err(Thrown::from)?)
    }

    pub fn weights(&self) -> Vec<f32> {
        self.0.weights()
    }

    /// A drawing of any size, as `ImageData` has it → every stage's values; empty if there is no ink.
    pub fn drawing(&self, rgba: &[u8], width: usize, height: usize) -> Result<Vec<f32>, JsValue> {
        let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
        let values = self.0.drawing(picture).map_err(Thrown::from)?;
        Ok(values.unwrap_or_default())
    }

    /// An image of the model's own size, bytes 0–255 as `[channels, height, width]` → every stage's values.
    pub fn pixels(&self, pixels: &[u8]) -> Result<Vec<f32>, JsValue> {
        Ok(self.0.pixels(pixels).map_err(Thrown::from)?)
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
