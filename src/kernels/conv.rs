//! Convolution image by image: patches become the columns of a matrix, and the rest is matrix products.

use burn::backend::TensorMetadata;
use burn::backend::flex::FlexTensor;
use burn::tensor::TensorData;
use gemm::Parallelism;

use super::{Window, elements};

/// Sizes of one convolution.
struct Sizes {
    batch: usize,
    channels: usize,
    height: usize,
    width: usize,
    filters: usize,
    /// Output positions, down and across.
    rows: usize,
    columns: usize,
    /// `channels × size × size`
    patch: usize,
}

impl Sizes {
    fn of(images: &FlexTensor, weights: &FlexTensor, window: Window) -> Self {
        let [batch, channels, height, width] = images.shape().dims();
        let [filters, _, _, _] = weights.shape().dims::<4>();
        Sizes {
            batch,
            channels,
            height,
            width,
            filters,
            rows: window.output_positions(height),
            columns: window.output_positions(width),
            patch: elements([channels, window.area()]),
        }
    }

    fn image(&self) -> usize {
        elements([self.channels, self.height, self.width])
    }

    fn output_positions(&self) -> usize {
        elements([self.rows, self.columns])
    }
}

pub fn forward(
    images: FlexTensor,
    weights: FlexTensor,
    biases: FlexTensor,
    window: Window,
) -> FlexTensor {
    let s = Sizes::of(&images, &weights, window);
    let (images, weights, biases) = (floats(&images), floats(&weights), floats(&biases));
    let positions = s.output_positions();
    let mut patches = vec![0.0; elements([s.patch, positions])];
    let mut output = Vec::with_capacity(elements([s.batch, s.filters, positions]));
    for image in values(&images).chunks_exact(s.image()) {
        im2col(image, &s, window, &mut patches);
        let start = output.len();
        for &bias in values(&biases) {
            output.extend(std::iter::repeat_n(bias, positions));
        }
        product(
            Matrix::new(values(&weights), s.filters, s.patch),
            Matrix::new(&patches, s.patch, positions),
            &mut output[start..],
        );
    }
    tensor(output, [s.batch, s.filters, s.rows, s.columns])
}

pub fn images_gradient(
    images: FlexTensor,
    weights: FlexTensor,
    gradient: FlexTensor,
    window: Window,
) -> FlexTensor {
    let s = Sizes::of(&images, &weights, window);
    let (weights, gradient) = (floats(&weights), floats(&gradient));
    let positions = s.output_positions();
    let mut patches = vec![0.0; elements([s.patch, positions])];
    let mut output = vec![0.0; elements([s.batch, s.image()])];
    for (gradient, image) in values(&gradient)
        .chunks_exact(elements([s.filters, positions]))
        .zip(output.chunks_exact_mut(s.image()))
    {
        patches.fill(0.0);
        product(
            Matrix::new(values(&weights), s.filters, s.patch).transposed(),
            Matrix::new(gradient, s.filters, positions),
            &mut patches,
        );
        col2im(&patches, &s, window, image);
    }
    tensor(output, [s.batch, s.channels, s.height, s.width])
}

pub fn weights_gradient(
    images: FlexTensor,
    weights: FlexTensor,
    gradient: FlexTensor,
    window: Window,
) -> FlexTensor {
    let s = Sizes::of(&images, &weights, window);
    let (images, gradient) = (floats(&images), floats(&gradient));
    let positions = s.output_positions();
    let mut patches = vec![0.0; elements([s.patch, positions])];
    let mut output = vec![0.0; elements([s.filters, s.patch])];
    for (gradient, image) in values(&gradient)
        .chunks_exact(elements([s.filters, positions]))
        .zip(values(&images).chunks_exact(s.image()))
    {
        im2col(image, &s, window, &mut patches);
        product(
            Matrix::new(gradient, s.filters, positions),
            Matrix::new(&patches, s.patch, positions).transposed(),
            &mut output,
        );
    }
    tensor(output, [s.filters, s.channels, window.size, window.size])
}

/// Contiguous.
pub(super) fn floats(tensor: &FlexTensor) -> FlexTensor {
    tensor.to_contiguous()
}

/// Of a contiguous tensor; training is in 32 bits throughout.
pub(super) fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous and f32")
}

pub(super) fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

/// An image `[channels, height, width]` → `[patch, positions]`: one row for each pixel of the patch.
fn im2col(image: &[f32], s: &Sizes, window: Window, patches: &mut [f32]) {
    let mut rows = patches.chunks_exact_mut(s.columns);
    for channel in image.chunks_exact(elements([s.height, s.width])) {
        for (down, across) in offsets(window) {
            for (row, line) in (0..s.rows).zip(&mut rows) {
                match source(row, down, window, s.height) {
                    None => line.fill(0.0),
                    Some(y) => {
                        let pixels = &channel[y * s.width..][..s.width];
                        let (inside, x) = window.on_pixels(s.columns, across, s.width);
                        line[..inside.start].fill(0.0);
                        line[inside.end..].fill(0.0);
                        let line = &mut line[inside];
                        if window.stride == 1 {
                            line.copy_from_slice(&pixels[x..][..line.len()]);
                        } else {
                            let pixels = pixels[x..].iter().step_by(window.stride);
                            for (value, pixel) in line.iter_mut().zip(pixels) {
                                *value = *pixel;
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The reverse: each value of `[patch, positions]` is added to the pixel it was read from.
fn col2im(patches: &[f32], s: &Sizes, window: Window, image: &mut [f32]) {
    let mut rows = patches.chunks_exact(s.columns);
    for channel in image.chunks_exact_mut(elements([s.height, s.width])) {
        for (down, across) in offsets(window) {
            for (row, line) in (0..s.rows).zip(&mut rows) {
                let Some(y) = source(row, down, window, s.height) else {
                    continue;
                };
                let pixels = &mut channel[y * s.width..][..s.width];
                let (inside, x) = window.on_pixels(s.columns, across, s.width);
                add_apart(&line[inside], &mut pixels[x..], window.stride);
            }
        }
    }
}

/// Adds each value to a pixel, `stride` pixels apart.
fn add_apart(values: &[f32], pixels: &mut [f32], stride: usize) {
    if stride == 1 {
        for (pixel, value) in pixels.iter_mut().zip(values) {
            *pixel += value;
        }
    } else {
        for (pixel, value) in pixels.iter_mut().step_by(stride).zip(values) {
            *pixel += value;
        }
    }
}

/// The pixels of a window, row by row.
pub(super) fn offsets(window: Window) -> impl Iterator<Item = (usize, usize)> {
    (0..window.area()).map(move |i| (i / window.size, i % window.size))
}

/// Which pixel along a side the `offset` of the window at output `position` falls on; `None` in the padding.
pub(super) fn source(position: usize, offset: usize, window: Window, side: usize) -> Option<usize> {
    (position * window.stride + offset)
        .checked_sub(window.padding)
        .filter(|&at| at < side)
}

/// Values in rows, or in columns if transposed.
struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(
            values.len(),
            elements([rows, columns]),
            "a matrix has all its values"
        );
        Matrix {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    fn transposed(self) -> Self {
        Matrix {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

/// Adds `left × right` to `sum`, which is in rows.
fn product(left: Matrix, right: Matrix, sum: &mut [f32]) {
    assert_eq!(left.columns, right.rows, "the inner sizes agree");
    assert_eq!(
        sum.len(),
        elements([left.rows, right.columns]),
        "the sum has its size"
    );
    // SAFETY: each matrix is a whole slice of rows × columns values (checked above and in `Matrix::new`), and the
    // strides step through exactly these; none of the products has wrapped (`elements`); `sum` is borrowed mutably and so overlaps neither.
    unsafe {
        gemm::gemm(
            left.rows,
            right.columns,
            left.columns,
            sum.as_mut_ptr(),
            1,
            right.columns as isize,
            true,
            left.values.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0,
            1.0,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}
