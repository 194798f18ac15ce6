//! Depthwise convolution: one filter for each channel. There is no matrix product in it; a row of the output is a sum
//! of rows of the input, each times one weight.

use burn::backend::TensorMetadata;
use burn::backend::flex::FlexTensor;

use super::conv::{floats, offsets, source, tensor, values};
use super::{Window, elements};

/// Sizes of one channel's part.
#[derive(Clone, Copy)]
struct Plane {
    height: usize,
    width: usize,
    /// Output positions, down and across.
    rows: usize,
    columns: usize,
    window: Window,
}

impl Plane {
    fn input(self) -> usize {
        elements([self.height, self.width])
    }

    fn output(self) -> usize {
        elements([self.rows, self.columns])
    }
}

/// Batch, channels and their planes.
fn sizes(images: &FlexTensor, window: Window) -> (usize, usize, Plane) {
    let [batch, channels, height, width] = images.shape().dims();
    let plane = Plane {
        height,
        width,
        rows: window.output_positions(height),
        columns: window.output_positions(width),
        window,
    };
    (batch, channels, plane)
}

pub fn forward(
    images: FlexTensor,
    weights: FlexTensor,
    biases: FlexTensor,
    window: Window,
) -> FlexTensor {
    let (batch, channels, plane) = sizes(&images, window);
    let (images, weights, biases) = (floats(&images), floats(&weights), floats(&biases));
    let mut output = vec![0.0; elements([batch, channels, plane.output()])];
    for (plane_index, (map, out)) in values(&images)
        .chunks_exact(plane.input())
        .zip(output.chunks_exact_mut(plane.output()))
        .enumerate()
    {
        let channel = plane_index % channels;
        out.fill(values(&biases)[channel]);
        let filter = filter(&weights, channel, window);
        for_each_row(plane, |offset, from, to| {
            let pixels = &map[from.start..from.end];
            multiply_add(pixels, from.stride, filter[offset], &mut out[to]);
        });
    }
    tensor(output, [batch, channels, plane.rows, plane.columns])
}

pub fn images_gradient(
    images: FlexTensor,
    weights: FlexTensor,
    gradient: FlexTensor,
    window: Window,
) -> FlexTensor {
    let (batch, channels, plane) = sizes(&images, window);
    let (weights, gradient) = (floats(&weights), floats(&gradient));
    let mut output = vec![0.0; elements([batch, channels, plane.input()])];
    for (plane_index, (gradient, out)) in values(&gradient)
        .chunks_exact(plane.output())
        .zip(output.chunks_exact_mut(plane.input()))
        .enumerate()
    {
        let filter = filter(&weights, plane_index % channels, window);
        for_each_row(plane, |offset, from, to| {
            let pixels = out[from.start..from.end].iter_mut().step_by(from.stride);
            for (pixel, gradient) in pixels.zip(&gradient[to]) {
                *pixel += filter[offset] * gradient;
            }
        });
    }
    tensor(output, [batch, channels, plane.height, plane.width])
}

pub fn weights_gradient(
    images: FlexTensor,
    _weights: FlexTensor,
    gradient: FlexTensor,
    window: Window,
) -> FlexTensor {
    let (_, channels, plane) = sizes(&images, window);
    let (images, gradient) = (floats(&images), floats(&gradient));
    let area = window.area();
    let mut output = vec![0.0; elements([channels, area])];
    for (plane_index, (map, gradient)) in values(&images)
        .chunks_exact(plane.input())
        .zip(values(&gradient).chunks_exact(plane.output()))
        .enumerate()
    {
        let filter = &mut output[plane_index % channels * area..][..area];
        for_each_row(plane, |offset, from, to| {
            let pixels = &map[from.start..from.end];
            filter[offset] += sum_of_products(pixels, from.stride, &gradient[to]);
        });
    }
    tensor(output, [channels, 1, window.size, window.size])
}

fn filter(weights: &FlexTensor, channel: usize, window: Window) -> &[f32] {
    let area = window.area();
    &values(weights)[channel * area..][..area]
}

/// Pixels of one row, `stride` apart.
struct Pixels {
    start: usize,
    end: usize,
    stride: usize,
}

/// For each pixel `offset` of the window and each row of the output that it serves: the input's pixels, and the
/// output's values that they contribute to, as indices into the plane.
fn for_each_row(plane: Plane, mut visit: impl FnMut(usize, Pixels, std::ops::Range<usize>)) {
    let Plane { window, .. } = plane;
    for (offset, (down, across)) in offsets(window).enumerate() {
        let (inside, x) = window.on_pixels(plane.columns, across, plane.width);
        if inside.is_empty() {
            continue;
        }
        for row in 0..plane.rows {
            let Some(y) = source(row, down, window, plane.height) else {
                continue;
            };
            let start = y * plane.width + x;
            let pixels = Pixels {
                start,
                end: start + (inside.len() - 1) * window.stride + 1,
                stride: window.stride,
            };
            let first = row * plane.columns;
            visit(offset, pixels, first + inside.start..first + inside.end);
        }
    }
}

/// A loop without steps is one that the compiler turns into SIMD.
fn multiply_add(pixels: &[f32], stride: usize, weight: f32, out: &mut [f32]) {
    if stride == 1 {
        for (out, pixel) in out.iter_mut().zip(pixels) {
            *out += weight * pixel;
        }
    } else {
        for (out, pixel) in out.iter_mut().zip(pixels.iter().step_by(stride)) {
            *out += weight * pixel;
        }
    }
}

fn sum_of_products(pixels: &[f32], stride: usize, gradient: &[f32]) -> f32 {
    pixels
        .iter()
        .step_by(stride)
        .zip(gradient)
        .map(|(pixel, gradient)| pixel * gradient)
        .sum()
}
