use std::sync::Arc;

use tract_onnx::prelude::*;

use super::InferError;
use super::engine::{engine, plan_of, proto, values};
use crate::onnx::{self, FEATURES, Facts};

/// A network up to its features, or up to another of its tensors: what lies behind is not run.
pub struct Embedder {
    facts: Facts,
    plan: Arc<TypedRunnableModel>,
    /// Images that the plan takes at once.
    batch: usize,
    /// Without the batch.
    shape: Vec<usize>,
}

impl Embedder {
    /// Reads the file and prepares it up to `features`, for `batch` images at once. A network that was written for one image
    /// at a time gets them one by one.
    ///
    /// # Errors
    /// If the file is broken, has no features, or needs what tract does not have.
    pub fn load(file: &[u8], batch: usize) -> Result<Self, InferError> {
        Self::load_at(file, batch, FEATURES)
    }

    /// Like [`Embedder::load`], up to the tensor called `tensor`.
    ///
    /// # Errors
    /// As `load`, and if no operator makes such a tensor or it holds no 32-bit floats.
    pub fn load_at(file: &[u8], batch: usize, tensor: &str) -> Result<Self, InferError> {
        let facts = onnx::read(file)?;
        if !onnx::makes(file, tensor)? {
            return Err(InferError::NoOutput(tensor.into()));
        }
        let model = proto(file, &[tensor])?;
        let load = |batch: usize| {
            let plan = plan_of(&model, &facts, std::iter::once(tensor), batch)?;
            let fact = plan.output_fact(0).map_err(engine)?;
            let shape = fact.shape.as_concrete().unwrap_or_default().to_vec();
            if fact.datum_type != f32::datum_type() || shape.first() != Some(&batch) {
                return Err(InferError::TensorShape {
                    tensor: tensor.into(),
                    shape,
                });
            }
            Ok(Embedder {
                facts: facts.clone(),
                plan: plan.into_runnable().map_err(engine)?,
                batch,
                shape: shape[1..].to_vec(),
            })
        };
        match batch {
            0 | 1 => load(1),
            _ => load(batch).or_else(|_| load(1)),
        }
    }

    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What one image becomes: `[values]`, or `[channels, height, width]`.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// How many values that are.
    pub fn dimension(&self) -> usize {
        self.shape.iter().product()
    }

    /// Images `[count, channels, height, width]` of bytes → `[count, values]`.
    ///
    /// # Errors
    /// If they are not so many bytes, tract fails, or a value is no finite number.
    pub fn embed(&self, pixels: &[u8], count: usize) -> Result<Vec<f32>, InferError> {
        let size = self.facts.input.len();
        if count.checked_mul(size) != Some(pixels.len()) {
            return Err(InferError::InputSize {
                needed: count.saturating_mul(size),
                given: pixels.len(),
            });
        }
        let preprocessing = self.facts.preprocessing();
        let [channels, height, width] = self.facts.input.dims();
        let mut all = Vec::with_capacity(count * self.dimension());
        // The last batch may have places left over: what comes of them is not looked at.
        let mut images = vec![0.0; self.batch * size];
        for bytes in pixels.chunks(self.batch * size) {
            for (image, bytes) in images.chunks_exact_mut(size).zip(bytes.chunks_exact(size)) {
                preprocessing.apply(bytes, channels, image);
            }
            let input = Tensor::from_shape(&[self.batch, channels, height, width], &images);
            let input = input.map_err(engine)?;
            let outputs = self.plan.run(tvec!(input.into())).map_err(engine)?;
            let given = values(&outputs[0])?;
            all.extend_from_slice(&given[..bytes.len() / size * self.dimension()]);
        }
        match all.iter().all(|value| value.is_finite()) {
            true => Ok(all),
            false => Err(InferError::NotFinite),
        }
    }
}
