//! Training images changed a little, at random, each time they are seen, so that the network learns what does not
//! matter.
//!
//! One warp does all the moving: an affine map and, after Simard, Steinkraus & Platt 2003 ("Best Practices for
//! Convolutional Neural Networks Applied to Visual Document Analysis"), a smooth displacement. They blur a field of
//! random offsets with a Gaussian; here a coarse grid of offsets is interpolated by cubic B-splines, which is as smooth
//! and much quicker.

use super::{PixelError, PixelErrorKind};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// How much images are changed: each value is the largest amount, drawn evenly between its two signs; 0 is off, and
/// so is a value that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Augmentation {
    /// Turned about the middle, either way; 0–180.
    pub rotation_degrees: f32,
    /// Moved along each axis, in the image's pixels; 0–64.
    pub shift_pixels: f32,
    /// Enlarged by up to 1 + `scale`, or shrunk by as much; 0–1.
    pub scale: f32,
    /// Widened by up to 1 + `aspect` and flattened by as much, or the other way round; 0–1.
    pub aspect: f32,
    /// Slanted: columns moved by this share of the distance between them and the middle row; 0–1.
    pub shear: f32,
    /// The largest offset at a knot of the elastic grid, in the image's pixels; 0–16.
    pub elastic_pixels: f32,
    /// Bright strokes widened or thinned, in pixels on each side; 0–1.
    pub thickness: f32,
    /// Every second image mirrored, left to right.
    pub mirror: bool,
}

/// One amount of an [`Augmentation`], and its range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    pub name: &'static str,
    pub most: f32,
    pub unit: &'static str,
}

impl Augmentation {
    /// For digits that people draw with a mouse or a finger: strokes shake, lean and vary in width more than those of
    /// MNIST. Shifts are small because a drawing is centred before the network sees it.
    pub fn handwriting() -> Self {
        Augmentation {
            rotation_degrees: 12.0,
            shift_pixels: 1.5,
            scale: 0.12,
            aspect: 0.15,
            shear: 0.2,
            elastic_pixels: 1.6,
            thickness: 0.6,
            mirror: false,
        }
    }

    /// For things that are photographed upright and alike: a shoe may point either way.
    pub fn clothing() -> Self {
        Augmentation {
            shift_pixels: 1.5,
            scale: 0.06,
            mirror: true,
            ..Augmentation::default()
        }
    }

    /// For photographs of things in front of a camera, 64 pixels a side: nearer or further, a little turned, and seen
    /// from either side.
    pub fn photographs() -> Self {
        Augmentation {
            rotation_degrees: 12.0,
            shift_pixels: 5.0,
            scale: 0.15,
            aspect: 0.08,
            shear: 0.08,
            mirror: true,
            ..Augmentation::default()
        }
    }

    /// Every amount must lie in its range; the error names the first that does not.
    pub fn check(&self) -> Result<(), PixelError> {
        let amount = |name, most, unit| Amount { name, most, unit };
        let amounts = [
            (self.rotation_degrees, amount("Rotation", 180.0, "degrees")),
            (self.shift_pixels, amount("Shift", 64.0, "pixels")),
            (self.scale, amount("Scale", 1.0, "(a share of the size)")),
            (self.aspect, amount("Aspect", 1.0, "(a share of the size)")),
            (self.shear, amount("Shear", 1.0, "(a share of the height)")),
            (
                self.elastic_pixels,
                amount("Elastic displacement", 16.0, "pixels"),
            ),
            (self.thickness, amount("Thickness", 1.0, "pixels")),
        ];
        // NaN lies in no range.
        match amounts
            .into_iter()
            .find(|(value, amount)| !(0.0..=amount.most).contains(value))
        {
            Some((value, amount)) => Err(PixelErrorKind::Augmentation { amount, value }.into()),
            None => Ok(()),
        }
    }

    fn warps(&self) -> bool {
        *self
            != Augmentation {
                thickness: self.thickness,
                ..Augmentation::default()
            }
    }
}

/// Changes one image. `image` is bytes 0–255 and `out` becomes 0–1, both `[channels, height, width]` as `shape` says;
/// all channels are changed alike. Beyond its frame an image goes on with its nearest pixel. Amounts are taken to
/// have passed [`Augmentation::check`]; with all of them 0, `out` is `image` / 255.
///
/// # Panics
/// If `image` or `out` does not have the size that `shape` says.
pub fn augment(
    image: &[u8],
    shape: [usize; 3],
    amount: &Augmentation,
    rng: &mut impl Rng,
    out: &mut [f32],
) {
    let [_, height, width] = shape;
    let size = shape.iter().product::<usize>();
    assert_eq!(
        (image.len(), out.len()),
        (size, size),
        "augment: sizes differ from the shape {shape:?}"
    );
    if size == 0 {
        return;
    }
    let thickened;
    let image = if amount.thickness > 0.0 {
        thickened = thicken(image, width, height, between(rng, amount.thickness));
        &thickened
    } else {
        image
    };
    if amount.warps() {
        let map = Affine::random(amount, rng);
        let elastic =
            (amount.elastic_pixels > 0.0).then(|| Elastic::random(amount.elastic_pixels, rng));
        warp(image, shape, &map, elastic.as_ref(), out);
    } else {
        for (out, &v) in out.iter_mut().zip(image) {
            *out = f32::from(v) / 255.0;
        }
    }
}

/// Even between −`most` and `most`.
fn between(rng: &mut impl Rng, most: f32) -> f32 {
    (rng.random::<f32>() * 2.0 - 1.0) * most
}

/// A factor between 1 / (1 + `most`) and 1 + `most`, even in its logarithm.
fn factor(rng: &mut impl Rng, most: f32) -> f32 {
    between(rng, most.ln_1p()).exp()
}

/// From a pixel of the output to the place in the input that it shows, both as offsets from the middle.
struct Affine {
    /// x from x, x from y, y from x, y from y.
    linear: [f32; 4],
    shift: [f32; 2],
}

impl Affine {
    fn random(amount: &Augmentation, rng: &mut impl Rng) -> Self {
        let (sin, cos) = between(rng, amount.rotation_degrees).to_radians().sin_cos();
        let scale = factor(rng, amount.scale);
        // The square root shares the change of aspect between both axes, so that the area stays.
        let aspect = factor(rng, amount.aspect).sqrt();
        let shear = between(rng, amount.shear);
        let (across, down) = (scale * aspect, scale / aspect);
        let shift = [
            between(rng, amount.shift_pixels),
            between(rng, amount.shift_pixels),
        ];
        // Rotation, then shear along x, then a scale for each axis.
        let linear = [
            (cos + shear * sin) * across,
            (shear * cos - sin) * across,
            sin * down,
            cos * down,
        ];
        if amount.mirror && rng.random() {
            let [xx, xy, yx, yy] = linear;
            return Affine {
                linear: [-xx, xy, -yx, yy],
                shift,
            };
        }
        Affine { linear, shift }
    }
}

/// Knots of the elastic grid along one side of the frame.
const KNOTS: usize = 6;

/// Offsets at knots spread over the frame and one interval beyond it; cubic B-splines between them.
struct Elastic {
    /// `[y, x]`, each an offset along x and one along y in pixels.
    knots: [[[f32; 2]; KNOTS]; KNOTS],
}

impl Elastic {
    fn random(most: f32, rng: &mut impl Rng) -> Self {
        let knots = std::array::from_fn(|_| {
            std::array::from_fn(|_| [between(rng, most), between(rng, most)])
        });
        Elastic { knots }
    }

    /// The knots' offsets along one row of pixels, `at` (0–1) of the frame's height.
    fn row(&self, at: f32) -> [[f32; 2]; KNOTS] {
        let (first, weights) = spline(at);
        std::array::from_fn(|x| {
            let column = |axis: usize| {
                (0..4)
                    .map(|k| weights[k] * self.knots[first + k][x][axis])
                    .sum()
            };
            [column(0), column(1)]
        })
    }
}

/// The first of the four knots that reach the place `at` (0–1 of the frame), and their weights, which sum to 1.
fn spline(at: f32) -> (usize, [f32; 4]) {
    let place = at * (KNOTS - 3) as f32;
    let first = (place as usize).min(KNOTS - 4);
    let t = place - first as f32;
    let (u, t2, t3) = (1.0 - t, t * t, t * t * t);
    let weights = [
        u * u * u,
        3.0 * t3 - 6.0 * t2 + 4.0,
        -3.0 * t3 + 3.0 * t2 + 3.0 * t + 1.0,
        t3,
    ];
    (first, weights.map(|weight| weight / 6.0))
}

/// Each knot's weight in each of `width` columns, `[knot, column]`.
fn spline_by_knot(width: usize) -> Vec<f32> {
    let mut by_knot = vec![0.0; KNOTS * width];
    for x in 0..width {
        let (first, weights) = spline((x as f32 + 0.5) / width as f32);
        for (k, weight) in weights.into_iter().enumerate() {
            by_knot[(first + k) * width + x] = weight;
        }
    }
    by_knot
}

fn warp(
    image: &[u8],
    [_, height, width]: [usize; 3],
    map: &Affine,
    elastic: Option<&Elastic>,
    out: &mut [f32],
) {
    let middle = [(width as f32 - 1.0) / 2.0, (height as f32 - 1.0) / 2.0];
    let columns = elastic.map(|_| spline_by_knot(width));
    let planes = image.chunks_exact(height * width);
    let frames: Vec<Frame> = planes
        .map(|plane| Frame::new(plane, width, height))
        .collect();
    let (mut xs, mut ys) = (vec![0.0; width], vec![0.0; width]);
    let [xx, xy, yx, yy] = map.linear;
    for y in 0..height {
        let down = y as f32 - middle[1];
        let start = [
            xy * down + map.shift[0] + middle[0],
            yy * down + map.shift[1] + middle[1],
        ];
        for (x, (place_x, place_y)) in xs.iter_mut().zip(&mut ys).enumerate() {
            let across = x as f32 - middle[0];
            (*place_x, *place_y) = (xx * across + start[0], yx * across + start[1]);
        }
        if let (Some(elastic), Some(columns)) = (elastic, &columns) {
            let offsets = elastic.row((y as f32 + 0.5) / height as f32);
            for (weights, [dx, dy]) in columns.chunks_exact(width).zip(offsets) {
                for ((x, y), weight) in xs.iter_mut().zip(&mut ys).zip(weights) {
                    *x += weight * dx;
                    *y += weight * dy;
                }
            }
        }
        for (frame, out) in frames.iter().zip(out.chunks_exact_mut(height * width)) {
            frame.sample(&xs, &ys, &mut out[y * width..(y + 1) * width]);
        }
    }
}

/// One channel as 0–1, its last column and row written twice, so that every place has a neighbour beyond it.
struct Frame {
    values: Vec<f32>,
    width: usize,
    height: usize,
}

impl Frame {
    fn new(plane: &[u8], width: usize, height: usize) -> Self {
        let mut values = Vec::with_capacity((width + 1) * (height + 1));
        for row in plane.chunks_exact(width) {
            values.extend(row.iter().map(|&v| f32::from(v) / 255.0));
            values.extend(values.last().copied());
        }
        values.extend_from_within(values.len() - (width + 1)..);
        Frame {
            values,
            width,
            height,
        }
    }

    /// Bilinear samples at the places (x, y).
    fn sample(&self, xs: &[f32], ys: &[f32], out: &mut [f32]) {
        let (right, bottom) = ((self.width - 1) as f32, (self.height - 1) as f32);
        let stride = self.width + 1;
        for ((out, &x), &y) in out.iter_mut().zip(xs).zip(ys) {
            let (x, y) = (x.clamp(0.0, right), y.clamp(0.0, bottom));
            let (left, top) = (x as i32, y as i32);
            let (dx, dy) = (x - left as f32, y - top as f32);
            let corner = top as usize * stride + left as usize;
            let square = &self.values[corner..corner + stride + 2];
            let upper = square[0] + (square[1] - square[0]) * dx;
            let lower = square[stride] + (square[stride + 1] - square[stride]) * dx;
            *out = upper + (lower - upper) * dy;
        }
    }
}

/// Widens what is bright by `by` pixels on each side (−1 to 1; negative thins it): a mix of the image and its
/// grey-scale dilation or erosion by a cross of 3 × 3.
fn thicken(image: &[u8], width: usize, height: usize, by: f32) -> Vec<u8> {
    let share = (by.abs() * 256.0) as u32;
    let mix = |v: u8, changed: u8| {
        ((u32::from(v) * (256 - share) + u32::from(changed) * share + 128) >> 8) as u8
    };
    let mut changed = image.to_vec();
    for (out, plane) in changed
        .chunks_exact_mut(width * height)
        .zip(image.chunks_exact(width * height))
    {
        if by > 0.0 {
            spread(plane, width, out, u8::max)
        } else {
            spread(plane, width, out, u8::min)
        }
    }
    for (changed, &v) in changed.iter_mut().zip(image) {
        *changed = mix(v, *changed);
    }
    changed
}

/// Each pixel with its four neighbours, folded by `pick`; `out` starts as a copy of `plane`.
fn spread(plane: &[u8], width: usize, out: &mut [u8], pick: impl Fn(u8, u8) -> u8) {
    let fold = |out: &mut [u8], from: &[u8]| {
        out.iter_mut()
            .zip(from)
            .for_each(|(out, &v)| *out = pick(*out, v))
    };
    fold(&mut out[width..], plane);
    fold(out, &plane[width..]);
    for (out, row) in out.chunks_exact_mut(width).zip(plane.chunks_exact(width)) {
        fold(&mut out[1..], row);
        fold(out, &row[1..]);
    }
}

#[cfg(test)]
mod tests {
    use super::{KNOTS, spline};

    /// Cubic B-splines reproduce straight lines: knots on a line give that line.
    #[test]
    fn knots_on_a_line_give_that_line() {
        let knots: [f32; KNOTS] = std::array::from_fn(|k| k as f32 - 1.0);
        for at in [0.0, 0.1, 0.333, 0.5, 0.9, 1.0] {
            let (first, weights) = spline(at);
            let value: f32 = (0..4).map(|k| weights[k] * knots[first + k]).sum();
            assert!(
                (value - at * (KNOTS - 3) as f32).abs() < 1e-5,
                "{value} at {at}"
            );
            assert!((weights.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }
}
