//! How much memory a network needs while it learns. Counted in 64 bits on every machine: in a browser `usize` has 32,
//! and what wraps there must be refused everywhere.

use super::LayerSpec;
use super::layer::OutputShape;

/// The most that one layer may need for one image: its weights, its patches and its output.
pub const MAX_LAYER_BYTES: u64 = 256_000_000;
/// The most that a network may need to learn from one image.
pub const MAX_IMAGE_BYTES: u64 = 1_000_000_000;
/// The most that a training may need. WebAssembly addresses 4 GB, of which a dataset and the program take their part.
pub const MAX_TRAINING_BYTES: u64 = 3_000_000_000;
/// The most values that one array may have: of 32 bits each, in the 2^31 − 1 bytes that one allocation may have there.
pub const MAX_ARRAY_VALUES: u64 = (1 << 29) - 1;

/// Bytes of a value.
const VALUE: u64 = 4;
/// A weight, its gradient, the optimiser's two moments, and the next weight while it is made.
const COPIES_OF_WEIGHTS: u64 = 5;
/// Beside the outputs that wait for the backward pass: the gradients for a layer's output and input, and one that is
/// being worked out from them.
const GRADIENTS: u64 = 3;

/// What a network needs while it learns, in bytes; layers are added first to last.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    weights: u64,
    /// The largest layer's: convolution takes image by image, one layer after another.
    patches: u64,
    /// For each image: what is kept for the backward pass.
    kept: u64,
    /// Of the largest output for one image.
    largest: u64,
}

impl Memory {
    pub fn of_input(input: OutputShape) -> Self {
        let bytes = VALUE.saturating_mul(input.values());
        Memory {
            kept: bytes,
            largest: bytes,
            ..Memory::default()
        }
    }

    pub fn add(&mut self, layer: &LayerSpec, input: OutputShape, output: OutputShape) {
        let bytes = |values: u64| VALUE.saturating_mul(values);
        let out = bytes(output.values());
        self.weights = self.weights.saturating_add(bytes(layer.weights(input)));
        self.patches = self.patches.max(bytes(layer.patches(input, output)));
        self.kept = self
            .kept
            .saturating_add(out.saturating_mul(outputs_kept(layer)));
        self.largest = self.largest.max(out);
    }

    /// For a batch of so many images.
    pub fn training(&self, batch: u64) -> u64 {
        let fixed = self
            .weights
            .saturating_mul(COPIES_OF_WEIGHTS)
            .saturating_add(self.patches);
        fixed.saturating_add(self.for_each_image().saturating_mul(batch))
    }

    /// The largest batch that [`MAX_TRAINING_BYTES`] and [`MAX_ARRAY_VALUES`] leave room for.
    pub fn largest_batch(&self) -> u64 {
        let left = MAX_TRAINING_BYTES.saturating_sub(self.training(0));
        let in_all = left / self.for_each_image().max(1);
        let in_one = MAX_ARRAY_VALUES / (self.largest / VALUE).max(1);
        // The last image of an epoch may join a full batch.
        in_all.min(in_one).saturating_sub(1)
    }

    fn for_each_image(&self) -> u64 {
        let gradients = GRADIENTS.saturating_mul(self.largest);
        self.kept.saturating_add(gradients)
    }
}

/// What one layer needs by itself for one image, in bytes.
pub(super) fn of_layer(layer: &LayerSpec, input: OutputShape, output: OutputShape) -> u64 {
    let values = layer
        .weights(input)
        .saturating_add(layer.patches(input, output))
        .saturating_add(output.values());
    VALUE.saturating_mul(values)
}

/// How many arrays of the output's size wait for the backward pass.
fn outputs_kept(layer: &LayerSpec) -> u64 {
    match layer {
        // Another view of the same values.
        LayerSpec::Flatten => 0,
        LayerSpec::Dropout { .. } | LayerSpec::BatchNorm | LayerSpec::LeakyRelu { .. } => 2,
        // The steps of `x × Φ(x)`.
        LayerSpec::Gelu => 4,
        _ => 1,
    }
}
