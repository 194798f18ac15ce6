//! Convolution and max pooling as training uses them, with kernels of our own on the CPU.
//!
//! Burn computes a convolution's weight gradient as another convolution whose kernels are as large as the output, and
//! unrolls whole batches, which leaves the cache. Here each image is unrolled by itself (im2col: every patch a column;
//! Chellapilla, Puri & Simard 2006), so that forward and both gradients are matrix products on data that stays in the
//! cache. Other backends keep Burn's operations, through the default bodies.

mod conv;
mod pool;

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
    fn options(self) -> ConvOptions<2> {
        let both = |n| [n, n];
        ConvOptions::new(both(self.stride), both(self.padding), both(1), 1)
    }

    /// How many places it has along a side.
    fn places(self, side: usize) -> usize {
        (side + 2 * self.padding - self.size) / self.stride + 1
    }
}

/// The forward operations, and their gradients where a backend has quicker ones than Burn's.
#[backend_extension(Flex, Autodiff)]
pub trait Kernels: Backend {
    /// Images `[batch, channels, height, width]`, weights `[filters, channels, size, size]`, biases `[filters]` →
    /// `[batch, filters, height, width]`.
    fn conv(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        biases: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        Self::conv2d(images, weights, Some(biases), window.options())
    }

    /// The gradient for the images, from the one for the output.
    fn conv_images_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        Self::conv2d_x_backward(images, weights, gradient, window.options())
    }

    /// The gradient for the weights, from the one for the output.
    fn conv_weights_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        Self::conv2d_weight_backward(images, weights, gradient, window.options())
    }

    /// The largest value in each window: `[batch, channels, height, width]` of fewer places.
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
        conv::forward(images, weights, biases, window)
    }

    fn conv_images_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        conv::images_gradient(images, weights, gradient, window)
    }

    fn conv_weights_gradient(
        images: FloatTensor<Self>,
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        window: Window,
    ) -> FloatTensor<Self> {
        conv::weights_gradient(images, weights, gradient, window)
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
    /// Where images, weights and biases are kept until the backward pass.
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
