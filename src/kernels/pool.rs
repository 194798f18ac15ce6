//! Max pooling without padding.

use burn::backend::TensorMetadata;
use burn::backend::flex::FlexTensor;

use super::conv::{floats, tensor, values};
use super::{Window, elements};

pub fn forward(images: FlexTensor, window: Window) -> FlexTensor {
    let [batch, channels, height, width] = images.shape().dims();
    let (rows, columns) = (
        window.output_positions(height),
        window.output_positions(width),
    );
    let images = floats(&images);
    let mut output = Vec::with_capacity(elements([batch, channels, rows, columns]));
    for map in values(&images).chunks_exact(elements([height, width])) {
        for row in 0..rows {
            let lines = &map[row * window.stride * width..];
            if window.size == 2 && window.stride == 2 {
                let (upper, lower) = (&lines[..2 * columns], &lines[width..][..2 * columns]);
                output.extend(
                    upper
                        .chunks_exact(2)
                        .zip(lower.chunks_exact(2))
                        .map(|(a, b)| {
                            let (upper, lower) = (larger(a[0], a[1]), larger(b[0], b[1]));
                            larger(upper, lower)
                        }),
                );
            } else {
                output.extend((0..columns).map(|column| {
                    let at = largest(lines, column * window.stride, width, window.size);
                    lines[at]
                }));
            }
        }
    }
    tensor(output, [batch, channels, rows, columns])
}

pub fn gradient(images: FlexTensor, gradient: FlexTensor, window: Window) -> FlexTensor {
    let [batch, channels, height, width] = images.shape().dims();
    let (rows, columns) = (
        window.output_positions(height),
        window.output_positions(width),
    );
    let (images, gradient) = (floats(&images), floats(&gradient));
    let mut output = vec![0.0; elements([batch, channels, height, width])];
    let maps = values(&images).chunks_exact(elements([height, width]));
    let gradients = values(&gradient).chunks_exact(elements([rows, columns]));
    for ((map, gradient), out) in maps
        .zip(gradients)
        .zip(output.chunks_exact_mut(elements([height, width])))
    {
        for (row, gradient) in gradient.chunks_exact(columns).enumerate() {
            let start = row * window.stride * width;
            let (lines, out) = (&map[start..], &mut out[start..]);
            for (column, gradient) in gradient.iter().enumerate() {
                let at = largest(lines, column * window.stride, width, window.size);
                out[at] += gradient;
            }
        }
    }
    tensor(output, [batch, channels, height, width])
}

/// A comparison that compiles to one instruction; a NaN stays where it is first.
fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// The index of the first largest value of the window at `start`.
fn largest(lines: &[f32], start: usize, width: usize, size: usize) -> usize {
    let mut best = start;
    for row in 0..size {
        let line = start + row * width;
        for (at, value) in (line..).zip(&lines[line..][..size]) {
            if *value > lines[best] {
                best = at;
            }
        }
    }
    best
}
