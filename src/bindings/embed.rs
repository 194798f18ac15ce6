//! Features: what a network makes of images before its last layer.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use crate::infer::Embedder as Network;
use crate::model::Preprocessing;
use crate::onnx::backbone_id;
use crate::pixels::copies::{self, Changes};
use crate::pixels::{Fit, Rgba};

/// What a network says of the images that it takes. Sizes in pixels.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct EmbedderInfo {
    pub name: String,
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub preprocessing: Preprocessing,
    /// What one image becomes: `[values]`, or `[channels, height, width]`.
    pub shape: Vec<usize>,
}

/// A network up to its features, or up to another of its tensors.
#[wasm_bindgen]
pub struct Embedder {
    network: Network,
    id: String,
}

#[wasm_bindgen]
impl Embedder {
    /// Reads an ONNX file up to `features`; throws if it is broken or has none. `batch` images are run at once.
    #[wasm_bindgen(constructor)]
    pub fn new(onnx: &[u8], batch: usize) -> Result<Embedder, JsValue> {
        Ok(Embedder {
            network: Network::load(onnx, batch).map_err(Thrown::from)?,
            id: backbone_id(onnx).map_err(Thrown::from)?,
        })
    }

    /// Likewise up to the tensor called `tensor`.
    pub fn at(onnx: &[u8], batch: usize, tensor: &str) -> Result<Embedder, JsValue> {
        Ok(Embedder {
            network: Network::load_at(onnx, batch, tensor).map_err(Thrown::from)?,
            id: backbone_id(onnx).map_err(Thrown::from)?,
        })
    }

    /// The same for all files that give the same features: 32 hexadecimal digits.
    #[wasm_bindgen(getter)]
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// Values that one image becomes.
    #[wasm_bindgen(getter)]
    pub fn dimension(&self) -> usize {
        self.network.dimension()
    }

    pub fn info(&self) -> Result<Ts<EmbedderInfo>, JsValue> {
        let facts = self.network.facts();
        let info = EmbedderInfo {
            name: facts.name.clone(),
            channels: facts.input.channels,
            height: facts.input.height,
            width: facts.input.width,
            preprocessing: facts.preprocessing(),
            shape: self.network.shape().to_vec(),
        };
        Ok(info.into_ts().map_err(Thrown::from)?)
    }

    /// `count` images of the network's own size, bytes 0–255 as `[count, channels, height, width]` → `[count, dimension]`.
    pub fn embed(&self, pixels: &[u8], count: usize) -> Result<Vec<f32>, JsValue> {
        Ok(self.network.embed(pixels, count).map_err(Thrown::from)?)
    }
}

/// A picture of any size, as `ImageData` has it → the image that a network is given of a changed copy of it, bytes
/// `[channels, rows, columns]`. The same seed and copy (from 1 on) are the same change; copy 0 is the picture itself.
#[wasm_bindgen(js_name = renderCopy)]
#[allow(clippy::too_many_arguments)]
pub fn render_copy(
    rgba: &[u8],
    width: usize,
    height: usize,
    channels: usize,
    rows: usize,
    columns: usize,
    fit: Ts<Fit>,
    seed: f64,
    copy: u32,
) -> Result<Vec<u8>, JsValue> {
    let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
    let fit: Fit = fit.to_rust().map_err(Thrown::from)?;
    let shape = [channels, rows, columns];
    let image = copies::copy(picture, fit, shape, seed as u64, copy, Changes::default());
    Ok(image.map_err(Thrown::from)?)
}
