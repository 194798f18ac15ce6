//! Convolution, dense layers and max pooling as training uses them, with kernels of our own on the CPU (but for dense
//! layers) and on WebGPU.
//!
//! Burn computes a convolution's weight gradient as another convolution whose kernels are as large as the output, and
//! does im2col on whole batches, which leaves the cache. Here each image has its own (every patch a column;
//! Chellapilla, Puri & Simard 2006), so that forward and both gradients are matrix products on data that stays in the
//! cache. `gpu` has the same as shaders. What a backend leaves out keeps Burn's operations, through the default bodies.

mod conv;
mod depthwise;
#[cfg(feature = "webgpu")]
mod gpu;
mod pool;

use std::ops::Range;

use burn::backend::TensorMetadata;
use burn::backend::autodiff::NodeId;
use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::ConvOptions;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, backend_extension};
use burn::tensor::{IntDType, Tensor};

/// A square window that moves over an image.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub size: usize,
    pub stride: usize,
    /// Zeros on each side.
    pub padding: usize,
}

impl Window {
    pub fn unpadded(size: usize, stride: usize) -> Self {
        Window {
            size,
            stride,
            padding: 0,
        }
    }

    fn options(self, groups: usize) -> ConvOptions<2> {
        let both = |n| [n, n];
        ConvOptions::new(both(self.stride), both(self.padding), both(1), groups)
    }

    /// Output positions along a side.
    fn output_positions(self, side: usize) -> usize {
        let around = self.padding.checked_mul(2);
        let moves = around
            .and_then(|around| side.checked_add(around)?.checked_sub(self.size))
            .expect("the window of a checked spec fits");
        moves / self.stride + 1
    }

    /// Pixels in it.
    fn area(self) -> usize {
        elements([self.size, self.size])
    }

    /// Which of its output `positions` along a `side` have their `offset` on a pixel and not in the padding, and that pixel
    /// of the first of them; the next ones are `stride` apart.
    fn on_pixels(self, positions: usize, offset: usize, side: usize) -> (Range<usize>, usize) {
        let first = self.padding.saturating_sub(offset).div_ceil(self.stride);
        let first = first.min(positions);
        // position × stride + offset − padding < side
        let end = (side + self.padding).saturating_sub(offset);
        let end = end.div_ceil(self.stride).clamp(first, positions);
        let pixel = (first * self.stride + offset).saturating_sub(self.padding);
        (first..end, pixel.min(side))
    }
}

/// The forward operations, and their gradients if a backend has quicker ones than Burn's.
#[backend_extension(Flex, Cube: cfg(feature = "webgpu"), Autodiff)]
pub trait Kernels: Backend {
    /// Images `[batch, channels, height, width]`, weights `[filters, channels / groups, size, size]`, biases
    /// `[filters]` → `[batch, filters, height, width]`. One group, or as many as channels (depthwise).
    fn conv(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        let options = window.options(groups::<Self>(&images, &weights));
        Self::conv2d(images, weights, Some(biases), options)
    }

    /// The gradient for the images, from the one for the output.
    fn conv_images_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        let options = window.options(groups::<Self>(&images, &weights));
        Self::conv2d_x_backward(images, weights, gradient, options)
    }

    /// The gradient for the weights, from the one for the output.
    fn conv_weights_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        let options = window.options(groups::<Self>(&images, &weights));
        Self::conv2d_weight_backward(images, weights, gradient, options)
    }

    /// The largest value in each window: `[batch, channels, height, width]` of fewer positions.
    fn pool(images: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        let both = |n| [n, n];
        let (size, stride) = (both(window.size), both(window.stride));
        Self::max_pool2d(images, size, stride, both(0), both(1), false)
    }

    /// The gradient goes to the first largest value of each window.
    fn pool_gradient(
        images: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        let both = |n| [n, n];
        let (size, stride) = (both(window.size), both(window.stride));
        let pooled = Self::max_pool2d_with_indices(
            images.clone(),
            size,
            stride,
            both(0),
            both(1),
            false,
            IntDType::I32,
        );
        Self::max_pool2d_with_indices_backward(
            images,
            size,
            stride,
            both(0),
            both(1),
            false,
            gradient,
            pooled.indices,
        )
        .x_grad
    }

    /// `[batch, features]` × `[features, units]` + `[units]` → `[batch, units]`
    fn dense(
        inputs: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        biases: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::linear(inputs, weights, Some(biases))
    }

    /// The gradient for the inputs, from the one for the output.
    fn dense_inputs_gradient(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::linear_x_backward(weights, gradient)
    }

    /// The gradient for the weights, from the one for the output.
    fn dense_weights_gradient(
        inputs: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        Self::linear_weight_backward(inputs, gradient)
    }

    /// The gradient for the biases, from the one for the output.
    fn dense_biases_gradient(gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::linear_bias_backward(gradient)
    }

    /// One step of Adam (Kingma & Ba 2014) on `[n]` values with their gradient and the two moments that it has kept:
    /// the new values and moments. On a GPU one kernel, where Burn's takes twelve for each array.
    fn adam(
        values: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        step: AdamStep,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let times = |tensor, factor: f32| Self::float_mul_scalar(tensor, factor.into());
        let square = Self::float_mul(gradient.clone(), gradient.clone());
        let first = Self::float_add(times(first, step.beta1), times(gradient, 1.0 - step.beta1));
        let second = Self::float_add(times(second, step.beta2), times(square, 1.0 - step.beta2));
        let width = Self::float_add_scalar(Self::float_sqrt(second.clone()), step.epsilon.into());
        let direction = Self::float_div(times(first.clone(), step.correction), width);
        let values = match step.decay {
            1.0 => values,
            decay => times(values, decay),
        };
        let values = Self::float_sub(values, Self::float_mul_scalar(direction, step.rate.into()));
        (values, first, second)
    }
}

/// What one step of Adam multiplies by, with the corrections for moments that began at zero.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// Of the values before the step: below 1 for decoupled L2.
    pub decay: f32,
    pub beta1: f32,
    pub beta2: f32,
    /// `√(1 − β2ᵗ) / (1 − β1ᵗ)`
    pub correction: f32,
    /// `ε √(1 − β2ᵗ)`
    pub epsilon: f32,
    pub rate: f64,
}

/// How many values an array of these sizes has. What is allocated, sliced and handed to `unsafe` code relies on it: where
/// it would wrap, as it soon does in the 32 bits of WebAssembly, the spec has not been checked.
fn elements<const D: usize>(sizes: [usize; D]) -> usize {
    sizes
        .into_iter()
        .try_fold(1, usize::checked_mul)
        .expect("the sizes of a checked spec do not overflow")
}

/// How many groups of channels see only themselves: the weights of a group have `channels / groups`.
fn groups<B: Backend>(images: &FloatTensor<B>, weights: &FloatTensor<B>) -> usize {
    let [_, channels, _, _] = images.shape().dims();
    let [_, seen, _, _] = weights.shape().dims::<4>();
    channels / seen
}

/// See [`Kernels::conv`].
pub fn conv(images: Tensor<4>, weights: Tensor<4>, biases: Tensor<1>, window: Window) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Kernels>::conv(
        images.into_dispatch(),
        weights.into_dispatch(),
        biases.into_dispatch(),
        window,
    ))
}

/// See [`Kernels::dense`].
pub fn dense(inputs: Tensor<2>, weights: Tensor<2>, biases: Tensor<1>) -> Tensor<2> {
    Tensor::from_dispatch(<Dispatch as Kernels>::dense(
        inputs.into_dispatch(),
        weights.into_dispatch(),
        biases.into_dispatch(),
    ))
}

/// See [`Kernels::adam`].
pub fn adam(
    values: Tensor<1>,
    gradient: Tensor<1>,
    [first, second]: [Tensor<1>; 2],
    step: AdamStep,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let (values, first, second) = <Dispatch as Kernels>::adam(
        values.into_dispatch(),
        gradient.into_dispatch(),
        first.into_dispatch(),
        second.into_dispatch(),
        step,
    );
    let moments = [first, second].map(Tensor::from_dispatch);
    (Tensor::from_dispatch(values), moments)
}

/// See [`Kernels::pool`].
pub fn pool(images: Tensor<4>, window: Window) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Kernels>::pool(images.into_dispatch(), window))
}

impl Kernels for Flex {
    fn conv(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        match groups::<Self>(&images, &weights) {
            1 => conv::forward(images, weights, biases, window),
            _ => depthwise::forward(images, weights, biases, window),
        }
    }

    fn conv_images_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        match groups::<Self>(&images, &weights) {
            1 => conv::images_gradient(images, weights, gradient, window),
            _ => depthwise::images_gradient(images, weights, gradient, window),
        }
    }

    fn conv_weights_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        match groups::<Self>(&images, &weights) {
            1 => conv::weights_gradient(images, weights, gradient, window),
            _ => depthwise::weights_gradient(images, weights, gradient, window),
        }
    }

    fn pool(images: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        pool::forward(images, window)
    }

    fn pool_gradient(
        images: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        pool::gradient(images, gradient, window)
    }
}

#[derive(Debug)]
struct ConvBackward;

impl<B: Kernels> Backward<B, 3> for ConvBackward {
    /// Nodes that keep images, weights and biases until the backward pass.
    type State = ([NodeId; 3], Window);

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [images_node, weights_node, biases_node] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (kept, window) = ops.state;
        let [images, weights, biases] =
            kept.map(|id| checkpointer.retrieve_node_output::<FloatTensor<B>>(id));
        if let Some(node) = images_node {
            let gradient =
                B::conv_images_gradient(images.clone(), weights.clone(), gradient.clone(), window);
            grads.register::<B>(node.id, gradient);
        }
        if let Some(node) = weights_node {
            let gradient =
                B::conv_weights_gradient(images.clone(), weights, gradient.clone(), window);
            grads.register::<B>(node.id, gradient);
        }
        if let Some(node) = biases_node {
            grads.register::<B>(node.id, B::conv2d_bias_backward(images, biases, gradient));
        }
    }
}

#[derive(Debug)]
struct DenseBackward;

impl<B: Kernels> Backward<B, 3> for DenseBackward {
    /// Nodes that keep inputs and weights until the backward pass.
    type State = [NodeId; 2];

    fn backward(
        self,
        ops: Ops<Self::State, 3>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [inputs_node, weights_node, biases_node] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let [inputs, weights] = ops
            .state
            .map(|id| checkpointer.retrieve_node_output::<FloatTensor<B>>(id));
        if let Some(node) = inputs_node {
            grads.register::<B>(node.id, B::dense_inputs_gradient(weights, gradient.clone()));
        }
        if let Some(node) = weights_node {
            grads.register::<B>(node.id, B::dense_weights_gradient(inputs, gradient.clone()));
        }
        if let Some(node) = biases_node {
            grads.register::<B>(node.id, B::dense_biases_gradient(gradient));
        }
    }
}

#[derive(Debug)]
struct PoolBackward;

impl<B: Kernels> Backward<B, 1> for PoolBackward {
    type State = (NodeId, Window);

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        grads: &mut Gradients,
        checkpointer: &mut Checkpointer,
    ) {
        let [images_node] = ops.parents;
        let gradient = grads.consume::<B>(&ops.node);
        let (kept, window) = ops.state;
        let images = checkpointer.retrieve_node_output::<FloatTensor<B>>(kept);
        if let Some(node) = images_node {
            grads.register::<B>(node.id, B::pool_gradient(images, gradient, window));
        }
    }
}

impl<B: Kernels, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn conv(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        match ConvBackward
            .prepare::<C>([images.node(), weights.node(), biases.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prep) => {
                let kept = [&images, &weights, &biases].map(|tensor| prep.checkpoint(tensor));
                let output = B::conv(
                    images.into_primitive(),
                    weights.into_primitive(),
                    biases.into_primitive(),
                    window,
                );
                prep.finish((kept, window), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::conv(
                images.into_primitive(),
                weights.into_primitive(),
                biases.into_primitive(),
                window,
            )),
        }
    }

    fn dense(
        inputs: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        biases: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        match DenseBackward
            .prepare::<C>([inputs.node(), weights.node(), biases.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prep) => {
                let kept = [&inputs, &weights].map(|tensor| prep.checkpoint(tensor));
                let output = B::dense(
                    inputs.into_primitive(),
                    weights.into_primitive(),
                    biases.into_primitive(),
                );
                prep.finish(kept, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::dense(
                inputs.into_primitive(),
                weights.into_primitive(),
                biases.into_primitive(),
            )),
        }
    }

    fn pool(images: FloatTensor<Self>, window: Window) -> FloatTensor<Self> {
        match PoolBackward
            .prepare::<C>([images.node()])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(mut prep) => {
                let kept = prep.checkpoint(&images);
                let output = B::pool(images.into_primitive(), window);
                prep.finish((kept, window), output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::pool(images.into_primitive(), window)),
        }
    }
}
