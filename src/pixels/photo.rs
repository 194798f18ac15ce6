//! The middle of a photograph at a network's size.
//!
//! Networks for photos are as good as the pixels are those that they were trained on, so this is, to the last bit, what
//! Pillow's `Image.resize` with `BICUBIC`, `BILINEAR` or `NEAREST` gives for bytes: a filter as wide as the reduction asks
//! for (antialiased), first along the rows and then along the columns, rounded to bytes after each
//! (<https://github.com/python-pillow/Pillow/blob/11.3.0/src/libImaging/Resample.c>).

use super::{Filter, Rgba};

/// Fraction bits of the weights: the sum of 255 × weights, negative ones among them, fits 32 bits.
const FRACTION_BITS: u32 = 22;
const HALF: i32 = 1 << (FRACTION_BITS - 1);

/// What lies around a letterboxed picture, as YOLO's tools have it.
const LETTERBOX: u8 = 114;
/// Keys's parameter: how deep the filter's negative lobes are.
const KEYS: f64 = -0.5;

/// A side that is this much short of a whole pixel is that pixel: 0.875 of 488 is 427, whatever floating point makes of
/// it, and a crop of 0.7 has only the 24 bits of its `f32`.
const ROUNDING: f64 = 1e-3;

/// The picture's middle as `[channels, height, width]`, bytes: 3 channels are red, green and blue, 1 is their luma.
/// What is transparent lies on white.
///
/// The middle is the largest rectangle of the image's proportions, and of that `crop` (0–1) of each side.
pub fn fit(
    picture: Rgba<'_>,
    [channels, height, width]: [usize; 3],
    crop: f32,
    filter: Filter,
) -> Vec<u8> {
    Middle::of(picture, height, width, crop).scale_to([channels, height, width], filter)
}

/// The whole picture as `shape` (channels, height, width), in its proportions, in the middle of grey.
pub fn letterbox(picture: Rgba<'_>, shape: [usize; 3], filter: Filter) -> Vec<u8> {
    let [channels, height, width] = shape;
    let ratio =
        (picture.width() as f64 / width as f64).max(picture.height() as f64 / height as f64);
    let within = |side: usize, most: usize| ((side as f64 / ratio).round() as usize).clamp(1, most);
    let inner = [
        within(picture.height(), height),
        within(picture.width(), width),
    ];
    let scaled = stretch(picture, [channels, inner[0], inner[1]], filter);
    let (left, top) = ((width - inner[1]) / 2, (height - inner[0]) / 2);
    let mut framed = vec![LETTERBOX; channels * height * width];
    let planes = framed.chunks_exact_mut(height * width);
    for (plane, scaled) in planes.zip(scaled.chunks_exact(inner[0] * inner[1])) {
        let rows = plane.chunks_exact_mut(width).skip(top);
        for (row, scaled) in rows.zip(scaled.chunks_exact(inner[1])) {
            row[left..left + inner[1]].copy_from_slice(scaled);
        }
    }
    framed
}

/// The whole picture as `shape` (channels, height, width), its proportions changed if they are others.
pub fn stretch(picture: Rgba<'_>, shape: [usize; 3], filter: Filter) -> Vec<u8> {
    let whole = Middle {
        picture,
        left: 0,
        top: 0,
        width: picture.width(),
        height: picture.height(),
    };
    whole.scale_to(shape, filter)
}

/// The pixels of a rectangle within the picture (left, top, width, height), as `shape` (channels, height, width).
pub(super) fn rectangle(
    picture: Rgba<'_>,
    [left, top, width, height]: [usize; 4],
    shape: [usize; 3],
) -> Vec<u8> {
    let part = Middle {
        picture,
        left,
        top,
        width,
        height,
    };
    part.scale_to(shape, Filter::Bicubic)
}

/// The luma of `planes`, `[3, height, width]` → `[height, width]`.
pub(super) fn luma_of(planes: &[u8]) -> Vec<u8> {
    let (red, rest) = planes.split_at(planes.len() / 3);
    let (green, blue) = rest.split_at(red.len());
    let pixels = red.iter().zip(green).zip(blue);
    pixels.map(|((&r, &g), &b)| luma([r, g, b])[0]).collect()
}

/// A rectangle in the middle of a picture.
struct Middle<'a> {
    picture: Rgba<'a>,
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl<'a> Middle<'a> {
    /// Whole pixels, and if they cannot be shared evenly the odd one is left out on the far side, as
    /// EfficientNet's own code crops
    /// (<https://github.com/tensorflow/tpu/blob/master/models/official/efficientnet/preprocessing.py>).
    fn of(picture: Rgba<'a>, height: usize, width: usize, crop: f32) -> Self {
        let across = picture.width() as f64 / width as f64;
        let down = picture.height() as f64 / height as f64;
        let ratio = across.min(down) * f64::from(crop);
        let within = |side: usize, most: usize| {
            let whole = (side as f64 * ratio + ROUNDING) as usize;
            whole.clamp(1, most)
        };
        let (width, height) = (
            within(width, picture.width()),
            within(height, picture.height()),
        );
        Middle {
            picture,
            left: (picture.width() - width).div_ceil(2),
            top: (picture.height() - height).div_ceil(2),
            width,
            height,
        }
    }

    /// `[channels, height, width]`
    fn scale_to(&self, [channels, height, width]: [usize; 3], filter: Filter) -> Vec<u8> {
        let across = Taps::new(self.width, width, filter);
        let down = Taps::new(self.height, height, filter);
        match channels {
            1 => self.scaled(&across, &down, luma),
            _ => self.scaled(&across, &down, |pixel| pixel),
        }
    }

    fn row(&self, y: usize) -> &'a [[u8; 4]] {
        let pixels = self.picture.data().as_chunks::<4>().0;
        let start = (self.top + y) * self.picture.width() + self.left;
        &pixels[start..start + self.width]
    }

    /// `[N, down, across]`, of pixels that `colour` makes of the picture's.
    fn scaled<const N: usize>(
        &self,
        across: &Taps,
        down: &Taps,
        colour: impl Fn([u8; 3]) -> [u8; N],
    ) -> Vec<u8> {
        // Four values for each pixel, whatever N is, and of 32 bits before they are used again and again: the compiler
        // then works on them together.
        let mut row = vec![[0; 4]; self.width];
        let mut narrowed = Vec::with_capacity(self.height * across.len());
        for y in 0..self.height {
            for (to, &from) in row.iter_mut().zip(self.row(y)) {
                to[..N].copy_from_slice(&colour(on_white(from)).map(i32::from));
            }
            let blended = across
                .iter()
                .map(|(from, weights)| blend(&row[from..], weights));
            narrowed.extend(blended);
        }
        let (width, height) = (across.len(), down.len());
        let mut planes = vec![0; N * height * width];
        let mut sums = vec![[HALF; 4]; width];
        for (y, (from, weights)) in down.iter().enumerate() {
            sums.fill([HALF; 4]);
            for (line, &weight) in narrowed[from * width..].chunks_exact(width).zip(weights) {
                let values = line.as_flattened();
                for (sum, &value) in sums.as_flattened_mut().iter_mut().zip(values) {
                    *sum += i32::from(value) * weight;
                }
            }
            for (x, &sum) in sums.iter().enumerate() {
                for (plane, value) in rounded(sum).into_iter().take(N).enumerate() {
                    planes[(plane * height + y) * width + x] = value;
                }
            }
        }
        planes
    }
}

/// The weighted sum of pixels that lie side by side.
fn blend(pixels: &[[i32; 4]], weights: &[i32]) -> [u8; 4] {
    let mut sums = [HALF; 4];
    for (pixel, &weight) in pixels.iter().zip(weights) {
        for (sum, &value) in sums.iter_mut().zip(pixel) {
            *sum += value * weight;
        }
    }
    rounded(sums)
}

/// Sums that began with [`HALF`], as bytes.
fn rounded(sums: [i32; 4]) -> [u8; 4] {
    sums.map(|sum| (sum >> FRACTION_BITS).clamp(0, 255) as u8)
}

/// Which pixels make each pixel of a line that is brought to another length, and their weights.
struct Taps {
    /// The first pixel, and the range of its weights.
    places: Vec<(usize, std::ops::Range<usize>)>,
    weights: Vec<i32>,
}

impl Taps {
    fn new(from: usize, to: usize, filter: Filter) -> Self {
        let scale = from as f64 / to as f64;
        let stretch = scale.max(1.0);
        let (support, weight): (f64, fn(f64) -> f64) = match filter {
            Filter::Bicubic => (2.0, bicubic),
            Filter::Bilinear => (1.0, triangle),
            Filter::Nearest => return Taps::nearest(from, to),
        };
        let reach = support * stretch;
        let mut taps = Taps {
            places: Vec::with_capacity(to),
            weights: Vec::new(),
        };
        for i in 0..to {
            let center = (i as f64 + 0.5) * scale;
            let first = (center - reach + 0.5).max(0.0) as usize;
            let end = ((center + reach + 0.5) as usize).min(from);
            let values = (first..end).map(|x| weight((x as f64 - center + 0.5) / stretch));
            let values: Vec<f64> = values.collect();
            let sum: f64 = values.iter().sum();
            let one = f64::from(1u32 << FRACTION_BITS);
            let start = taps.weights.len();
            taps.weights.extend(
                values
                    .iter()
                    .map(|value| (value / sum * one).round() as i32),
            );
            taps.places.push((first, start..taps.weights.len()));
        }
        taps
    }

    /// Each pixel as the one whose middle is nearest.
    fn nearest(from: usize, to: usize) -> Self {
        let scale = from as f64 / to as f64;
        let place = |i: usize| (((i as f64 + 0.5) * scale) as usize).min(from - 1);
        Taps {
            places: (0..to).map(|i| (place(i), 0..1)).collect(),
            weights: vec![1 << FRACTION_BITS],
        }
    }

    fn len(&self) -> usize {
        self.places.len()
    }

    fn iter(&self) -> impl Iterator<Item = (usize, &[i32])> {
        let weights = |range: &std::ops::Range<usize>| &self.weights[range.clone()];
        self.places
            .iter()
            .map(move |(first, range)| (*first, weights(range)))
    }
}

/// Cubic convolution (R. Keys, "Cubic convolution interpolation for digital image processing", 1981).
fn bicubic(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        ((KEYS + 2.0) * x - (KEYS + 3.0)) * x * x + 1.0
    } else if x < 2.0 {
        (((x - 5.0) * x + 8.0) * x - 4.0) * KEYS
    } else {
        0.0
    }
}

/// Linear interpolation.
fn triangle(x: f64) -> f64 {
    (1.0 - x.abs()).max(0.0)
}

fn on_white([r, g, b, a]: [u8; 4]) -> [u8; 3] {
    if a == 255 {
        return [r, g, b];
    }
    let alpha = u16::from(a);
    [r, g, b].map(|c| ((u16::from(c) * alpha + 255 * (255 - alpha) + 127) / 255) as u8)
}

/// ITU-R BT.601, with the weights in 16 bits that Pillow has.
fn luma([r, g, b]: [u8; 3]) -> [u8; 1] {
    let sum = u32::from(r) * 19595 + u32::from(g) * 38470 + u32::from(b) * 7471;
    [((sum + 0x8000) >> 16) as u8]
}
