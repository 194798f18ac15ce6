//! Files from elsewhere: what they may have meant, and what a person decides.

use tsify::Ts;
use wasm_bindgen::prelude::*;

use super::error::Thrown;
use crate::infer::{self, ModelGraph, Proposal, Tried, Weighed};
use crate::onnx::{self, Settings};
use crate::pixels::{Preprocessing, Rgba};

/// A file and the samples that it is tried on.
#[wasm_bindgen]
pub struct Trial(infer::Trial);

#[wasm_bindgen]
impl Trial {
    /// Reads an ONNX file; throws if it is broken or cannot be run.
    #[wasm_bindgen(constructor)]
    pub fn new(onnx: &[u8]) -> Result<Trial, JsValue> {
        Ok(Trial(infer::Trial::load(onnx).map_err(Thrown::from)?))
    }

    /// The preprocessings that there are for the file's images, the likeliest first.
    pub fn proposals(&self) -> Result<Vec<Ts<Proposal>>, JsValue> {
        let all = self.0.proposals().iter().map(|proposal| {
            use tsify::Tsify;
            proposal.into_ts()
        });
        Ok(all.collect::<Result<_, _>>().map_err(Thrown::from)?)
    }

    /// Adds a sample, as `ImageData` has it: a drawing (ink on a plain ground) or a photo. `label`: its class in the
    /// dataset of this number, −1 if it is not known.
    pub fn add(
        &mut self,
        rgba: &[u8],
        width: usize,
        height: usize,
        drawn: bool,
        label: i32,
        dataset: usize,
    ) -> Result<(), JsValue> {
        let picture = Rgba::new(rgba, width, height).map_err(Thrown::from)?;
        let class = usize::try_from(label).ok();
        let label = class.map(|class| infer::Label { dataset, class });
        self.0.add(picture, drawn, label);
        Ok(())
    }

    /// What a preprocessing is worth on all samples.
    pub fn weigh(&self, preprocessing: Ts<Preprocessing>) -> Result<Ts<Weighed>, JsValue> {
        use tsify::Tsify;
        let preprocessing = preprocessing.to_rust().map_err(Thrown::from)?;
        let weighed = self.0.weigh(&preprocessing).map_err(Thrown::from)?;
        Ok(weighed.into_ts().map_err(Thrown::from)?)
    }

    /// What the sample `index` becomes, and its `top` likeliest classes.
    #[wasm_bindgen(js_name = tryOut)]
    pub fn try_out(
        &self,
        index: usize,
        preprocessing: Ts<Preprocessing>,
        top: usize,
    ) -> Result<Ts<Tried>, JsValue> {
        use tsify::Tsify;
        let preprocessing = preprocessing.to_rust().map_err(Thrown::from)?;
        let tried = self.0.try_out(index, &preprocessing, top);
        Ok(tried
            .map_err(Thrown::from)?
            .into_ts()
            .map_err(Thrown::from)?)
    }
}

/// The likeliest of the proposals, by its place, once each has been weighed.
#[wasm_bindgen]
pub fn likeliest(
    proposals: Vec<Ts<Proposal>>,
    weighed: Vec<Ts<Weighed>>,
) -> Result<usize, JsValue> {
    let proposals: Vec<Proposal> = proposals
        .iter()
        .map(Ts::to_rust)
        .collect::<Result<_, _>>()
        .map_err(Thrown::from)?;
    let weighed: Vec<Weighed> = weighed
        .iter()
        .map(Ts::to_rust)
        .collect::<Result<_, _>>()
        .map_err(Thrown::from)?;
    Ok(infer::likeliest(&proposals, &weighed))
}

/// The same file with `settings` in its metadata.
#[wasm_bindgen(js_name = withSettings)]
pub fn with_settings(onnx: &[u8], settings: Ts<Settings>) -> Result<Vec<u8>, JsValue> {
    let settings = settings.to_rust().map_err(Thrown::from)?;
    Ok(onnx::with_settings(onnx, &settings).map_err(Thrown::from)?)
}

/// The files beside the model's that hold its weights, by the names that the model has for them; none if all is inside.
#[wasm_bindgen(js_name = externalFiles)]
pub fn external_files(onnx: &[u8]) -> Result<Vec<String>, JsValue> {
    Ok(onnx::external_files(onnx).map_err(Thrown::from)?)
}

/// The same model with the weights inside: `names` as `externalFiles` gives them, `files` what is in them.
#[wasm_bindgen(js_name = withExternal)]
pub fn with_external(
    onnx: &[u8],
    names: Vec<String>,
    files: Vec<js_sys::Uint8Array>,
) -> Result<Vec<u8>, JsValue> {
    let files: Vec<_> = names
        .into_iter()
        .zip(files.iter().map(js_sys::Uint8Array::to_vec))
        .collect();
    Ok(onnx::with_external(onnx, &files).map_err(Thrown::from)?)
}

/// The names in a list of labels of any of the usual kinds.
#[wasm_bindgen(js_name = readLabels)]
pub fn read_labels(text: &[u8]) -> Result<Vec<String>, JsValue> {
    Ok(onnx::labels(text).map_err(Thrown::from)?)
}

/// A file's graph by stages.
#[wasm_bindgen(js_name = modelGraph)]
pub fn model_graph(onnx: &[u8]) -> Result<Ts<ModelGraph>, JsValue> {
    use tsify::Tsify;
    let graph = infer::graph(onnx).map_err(Thrown::from)?;
    Ok(graph.into_ts().map_err(Thrown::from)?)
}
