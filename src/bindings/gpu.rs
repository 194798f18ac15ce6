use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::*;

use super::error::{Thrown, thrown};
use super::train::{Training, TrainingData};
use crate::data::Builtin;
use crate::model::{ModelSpec, Recipe};
use crate::onnx;
use crate::train::{self, SelfTest, TrainError, Trainer};

/// The browser's GPU, opened for training. Once in a worker.
#[wasm_bindgen]
pub struct Gpu(train::Gpu);

#[wasm_bindgen]
impl Gpu {
    /// Rejects with the code `no-webgpu`, `no-adapter` or `webgpu-refused`.
    pub async fn open() -> Result<Gpu, JsValue> {
        let navigator = js_sys::Reflect::get(&js_sys::global(), &"navigator".into())?;
        let gpu = js_sys::Reflect::get(&navigator, &"gpu".into())?;
        if gpu.is_undefined() {
            return Err(thrown("no-webgpu", "This browser has no WebGPU."));
        }
        Ok(Gpu(train::Gpu::open().await.map_err(Thrown::from)?))
    }

    /// What went wrong on the device since it was opened: lost, out of memory, a shader that is refused.
    #[wasm_bindgen(getter)]
    pub fn fault(&self) -> Option<String> {
        self.0.fault().get()
    }

    /// One training step of the network on this device and on the CPU, from the same weights and images (`most` or
    /// fewer at once), and a few timed ones on each.
    #[wasm_bindgen(js_name = selfTest)]
    pub async fn self_test(
        &self,
        data: &TrainingData,
        spec: Ts<ModelSpec>,
        recipe: Ts<Recipe>,
        most: usize,
    ) -> Result<Ts<SelfTest>, JsValue> {
        let spec = spec.to_rust().map_err(Thrown::from)?;
        let recipe = recipe.to_rust().map_err(Thrown::from)?;
        let self_test = self.0.self_test(&spec, &recipe, &data.0, most).await;
        let self_test = self_test.map_err(Thrown::from)?;
        Ok(self_test.into_ts().map_err(Thrown::from)?)
    }

    /// As the constructor of [`Training`], on this device.
    pub fn start(
        &self,
        data: &TrainingData,
        spec: Ts<ModelSpec>,
        recipe: Ts<Recipe>,
    ) -> Result<Training, JsValue> {
        let spec = spec.to_rust().map_err(Thrown::from)?;
        let recipe = recipe.to_rust().map_err(Thrown::from)?;
        self.training(Trainer::new(spec, recipe, data.0.clone(), self.0.device()))
    }

    /// As [`Training::from_file`], on this device.
    #[wasm_bindgen(js_name = startFrom)]
    pub fn start_from(
        &self,
        data: &TrainingData,
        onnx: &[u8],
        recipe: Ts<Recipe>,
    ) -> Result<Training, JsValue> {
        let recipe = recipe.to_rust().map_err(Thrown::from)?;
        let file = onnx::network(onnx).map_err(Thrown::from)?;
        let (data, device) = (data.0.clone(), self.0.device());
        let spec = Builtin::fitted(file.spec, data.content_id());
        self.training(Trainer::with_weights(
            spec,
            recipe,
            &file.weights,
            data,
            device,
        ))
    }

    /// As [`Training::resume`], on this device.
    pub fn resume(
        &self,
        data: &TrainingData,
        onnx: &[u8],
        epochs: Option<usize>,
    ) -> Result<Training, JsValue> {
        let file = onnx::network(onnx).map_err(Thrown::from)?;
        self.training(Trainer::resume(
            file,
            epochs,
            data.0.clone(),
            self.0.device(),
        ))
    }

    fn training(&self, trainer: Result<Trainer, TrainError>) -> Result<Training, JsValue> {
        let trainer = trainer.map_err(Thrown::from)?;
        Ok(Training::of(trainer.watching(self.0.fault().clone())))
    }
}
