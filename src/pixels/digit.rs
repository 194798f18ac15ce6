//! A drawing made to look like an image of MNIST.
//!
//! MNIST's makers say: "The original black and white (bilevel) images from NIST were size normalized to fit in a
//! 20x20 pixel box while preserving their aspect ratio. The resulting images contain grey levels as a result of the
//! anti-aliasing technique used by the normalization algorithm. The images were centered in a 28x28 image by
//! computing the center of mass of the pixels, and translating the image so as to position this point at the center
//! of the 28x28 field." (LeCun, Cortes, Burges, <http://yann.lecun.com/exdb/mnist/>)
//!
//! One thing is added. NIST's writers all used the same pen on forms of one size, so that strokes are of like width
//! in all of MNIST; here a hairline may cross a large canvas, or a thick brush a small one. Widths beyond MNIST's are
//! brought to its range before the drawing is shrunk.

use super::Rgba;
use super::distance;
use super::ink::{self, Ink};

/// The image's side, in pixels.
pub const SIDE: usize = 28;
/// The side of the box that the digit fits in, in pixels.
pub const BOX: usize = 20;

/// Work is done on a bilevel drawing whose longer side is this many times the box's.
const FINE: usize = 8;
const FINE_SIDE: usize = FINE * BOX;

/// Where ink begins, as a share of the strongest.
const EDGE: f32 = 0.5;

/// Stroke widths left as they are, in pixels of the 28×28 image. As measured here, MNIST's own have a median of 2.5,
/// with 90 % between 1.6 and 4.1.
const STROKE: std::ops::RangeInclusive<f32> = 2.2..=3.6;

/// Strokes are thinned by at most this share of their width: more would break those of uneven width.
const MOST_THINNING: f32 = 0.35;

/// The drawing as an image of MNIST: ink bright (255) on black (0), row-major. `None` if nothing is drawn.
///
/// Ink is whatever differs from the background, see [`ink::find`]. The brightest pixel is 255.
pub fn center(image: Rgba<'_>) -> Option<[u8; SIDE * SIDE]> {
    of_ink(&ink::find(image, EDGE)?)
}

/// The same of ink that has been found in another way.
pub(super) fn of_ink(ink: &Ink) -> Option<[u8; SIDE * SIDE]> {
    let drawing = Drawing::fit(ink)?;
    let boxed = drawing.grown(drawing.growth()).shrink();
    Some(centered(&boxed))
}

/// A bilevel drawing, its longer side about `FINE_SIDE`, with a blank margin on every side.
struct Drawing {
    inside: Vec<bool>,
    stride: usize,
    /// Where the ink lies.
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Room for strokes to grow by half the least width, and one pixel more.
const MARGIN: usize = 2 * FINE;

impl Drawing {
    /// `None` if the ink is nowhere half as strong as its strongest, which an isolated point may be when resampled.
    fn fit(ink: &Ink) -> Option<Self> {
        let ratio = ink.width.max(ink.height) as f32 / FINE_SIDE as f32;
        let side = |side: usize| ((side as f32 / ratio).round() as usize).clamp(1, FINE_SIDE);
        let (width, height) = (side(ink.width), side(ink.height));
        // Between the centres of bilinear samples less than half a pixel apart no hairline is lost.
        let inside = if ratio > 0.5 {
            gather(ink, width, height)
        } else {
            spread(ink, width, height)
        };
        let stride = width + 2 * MARGIN;
        let mut framed = vec![false; stride * (height + 2 * MARGIN)];
        let rows = framed.chunks_exact_mut(stride).skip(MARGIN);
        for (framed, row) in rows.zip(inside.chunks_exact(width)) {
            framed[MARGIN..MARGIN + width].copy_from_slice(row);
        }
        Drawing::of(framed, stride)
    }

    fn of(inside: Vec<bool>, stride: usize) -> Option<Self> {
        let rows = || inside.chunks_exact(stride);
        let top = rows().position(|row| row.contains(&true))?;
        let bottom = rows().rposition(|row| row.contains(&true))?;
        let left = rows().filter_map(|row| row.iter().position(|&v| v)).min()?;
        let right = rows()
            .filter_map(|row| row.iter().rposition(|&v| v))
            .max()?;
        let (width, height) = (right - left + 1, bottom - top + 1);
        Some(Drawing {
            inside,
            stride,
            left,
            top,
            width,
            height,
        })
    }

    /// By how much strokes must widen to come into `STROKE`, in fine pixels; negative if they must be thinned.
    fn growth(&self) -> f32 {
        let width = self.stroke_width();
        let long = self.width.max(self.height) as f32;
        // Growing by g changes both the stroke and the side that is fitted into the box:
        // (width + g) / (long + g) = target / BOX, solved for g.
        let growth_to = |target: f32| (target * long - BOX as f32 * width) / (BOX as f32 - target);
        let in_image = width / long * BOX as f32;
        if in_image < *STROKE.start() {
            growth_to(*STROKE.start())
        } else if in_image > *STROKE.end() {
            growth_to(*STROKE.end()).max(-MOST_THINNING * width)
        } else {
            0.0
        }
    }

    /// The mean width of the strokes in fine pixels: for strokes of length L and width t, area A = L t and outline
    /// P = 2 L + 2 t, so t is the smaller root of t² − (P / 2) t + A; a blob, which has none, is as wide as it is long.
    fn stroke_width(&self) -> f32 {
        let area = self.inside.iter().filter(|&&inside| inside).count() as f32;
        let quarter = self.outline() / 4.0;
        quarter - (quarter * quarter - area).max(0.0).sqrt()
    }

    /// The length of the outline by Crofton's formula with lines in four directions: π / 2 × the mean number of
    /// crossings, a line's spacing being 1 along the axes and 1 / √2 along the diagonals.
    fn outline(&self) -> f32 {
        let stride = self.stride;
        let crossings = |step: usize| {
            let ahead = &self.inside[step..];
            self.inside
                .iter()
                .zip(ahead)
                .filter(|(a, b)| a != b)
                .count() as f32
        };
        let axes = crossings(1) + crossings(stride);
        let diagonals = crossings(stride + 1) + crossings(stride - 1);
        std::f32::consts::FRAC_PI_8 * (axes + diagonals * std::f32::consts::FRAC_1_SQRT_2)
    }

    /// The drawing with every stroke wider by `growth` fine pixels, half on each side, edges anti-aliased.
    fn grown(&self, growth: f32) -> Grown {
        let stride = self.stride;
        let half = growth / 2.0;
        let coverage = if growth > 0.0 {
            // An edge lies half a pixel from the centres on both of its sides.
            let outside = distance::to_nearest(&self.inside, stride);
            outside
                .iter()
                .map(|d| (half + 1.0 - d).clamp(0.0, 1.0))
                .collect()
        } else if growth < 0.0 {
            let blank: Vec<bool> = self.inside.iter().map(|inside| !inside).collect();
            let depth = distance::to_nearest(&blank, stride);
            depth.iter().map(|d| (half + d).clamp(0.0, 1.0)).collect()
        } else {
            self.inside
                .iter()
                .map(|&inside| f32::from(u8::from(inside)))
                .collect()
        };
        let (width, height) = (self.width as f32 + growth, self.height as f32 + growth);
        Grown {
            coverage,
            stride,
            left: self.left as f32 - half,
            top: self.top as f32 - half,
            width,
            height,
        }
    }
}

/// Shrinks: a pixel is inside if any ink falls into it, so that no hairline is lost.
fn gather(ink: &Ink, width: usize, height: usize) -> Vec<bool> {
    let threshold = (EDGE * 255.0) as u8;
    let columns = spans(width, ink.width);
    let mut inside = Vec::with_capacity(width * height);
    for (top, bottom) in spans(height, ink.height) {
        let strongest = strongest_by_column(
            &ink.strength[top * ink.width..bottom * ink.width],
            ink.width,
        );
        inside.extend(
            columns
                .iter()
                .map(|&(left, right)| strongest[left..right].iter().any(|&v| v >= threshold)),
        );
    }
    inside
}

/// Enlarges: bilinear between the centres of the ink's pixels, 0 outside it.
fn spread(ink: &Ink, width: usize, height: usize) -> Vec<bool> {
    let at = |y: isize, x: isize| match (usize::try_from(y), usize::try_from(x)) {
        (Ok(y), Ok(x)) if y < ink.height && x < ink.width => {
            f32::from(ink.strength[y * ink.width + x])
        }
        _ => 0.0,
    };
    let columns = taps(width, ink.width);
    let mut inside = Vec::with_capacity(width * height);
    for (top, down) in taps(height, ink.height) {
        inside.extend(columns.iter().map(|&(left, right)| {
            let above = at(top, left) * (1.0 - right) + at(top, left + 1) * right;
            let below = at(top + 1, left) * (1.0 - right) + at(top + 1, left + 1) * right;
            above * (1.0 - down) + below * down >= EDGE * 255.0
        }));
    }
    inside
}

/// An anti-aliased drawing: how much of each fine pixel is ink, and the box it lies in, in fine pixels.
struct Grown {
    coverage: Vec<f32>,
    stride: usize,
    left: f32,
    top: f32,
    width: f32,
    height: f32,
}

impl Grown {
    /// The mean coverage over each pixel of the image: an area filter, with the longer side filling the box.
    fn shrink(&self) -> Boxed {
        let ratio = self.width.max(self.height) / BOX as f32;
        let across = cells(self.left, self.width, ratio);
        let down = cells(self.top, self.height, ratio);
        let mut ink = Vec::with_capacity(across.len() * down.len());
        let mut band = vec![0.0; self.stride];
        for rows in &down {
            band.fill(0.0);
            for (y, share) in rows.shares() {
                let row = self.coverage.chunks_exact(self.stride).nth(y);
                for (sum, v) in band.iter_mut().zip(row.unwrap_or_default()) {
                    *sum += v * share;
                }
            }
            ink.extend(across.iter().map(|columns| {
                columns
                    .shares()
                    .map(|(x, share)| band.get(x).unwrap_or(&0.0) * share)
                    .sum::<f32>()
            }));
        }
        Boxed {
            ink,
            width: across.len(),
            height: down.len(),
        }
    }
}

/// The digit at its final size, at most `BOX` × `BOX`; ink in any unit.
struct Boxed {
    ink: Vec<f32>,
    width: usize,
    height: usize,
}

/// The pixel on whose middle the centre of mass falls: in every image of MNIST it lies within half a pixel of the
/// middle of row 14, column 14 (both counted from 0).
const MIDDLE: f32 = (SIDE / 2) as f32;

/// Puts the centre of mass at the middle of the image, to the nearest pixel, without pushing ink out of the frame.
fn centered(boxed: &Boxed) -> [u8; SIDE * SIDE] {
    let [y, x] = center_of_mass(&boxed.ink, boxed.width);
    let offset =
        |mass: f32, side: usize| ((MIDDLE - mass).round().max(0.0) as usize).min(SIDE - side);
    let (top, left) = (offset(y, boxed.height), offset(x, boxed.width));
    let peak = boxed.ink.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let mut image = [0; SIDE * SIDE];
    for (y, row) in boxed.ink.chunks_exact(boxed.width).enumerate() {
        let start = (top + y) * SIDE + left;
        for (out, ink) in image[start..].iter_mut().zip(row) {
            *out = (ink / peak * 255.0).round() as u8;
        }
    }
    image
}

/// Row and column of the centre of mass, counted from the middle of the first pixel.
fn center_of_mass(ink: &[f32], width: usize) -> [f32; 2] {
    let (mut total, mut down, mut across) = (0.0, 0.0, 0.0);
    for (y, row) in ink.chunks_exact(width).enumerate() {
        for (x, &v) in row.iter().enumerate() {
            total += v;
            down += v * y as f32;
            across += v * x as f32;
        }
    }
    [down / total, across / total]
}

/// A stretch of fine pixels, which may begin and end within one.
struct Cell {
    start: f32,
    end: f32,
}

impl Cell {
    /// Each fine pixel that the stretch touches, with the length it has of it.
    fn shares(&self) -> impl Iterator<Item = (usize, f32)> {
        let (start, end) = (self.start.max(0.0), self.end.max(0.0));
        (start as usize..end.ceil() as usize)
            .map(move |i| (i, (end.min(i as f32 + 1.0) - start.max(i as f32)).max(0.0)))
    }
}

/// Cuts `length` fine pixels from `start` into cells of `ratio`, as many as are touched; what is left over of the
/// last is shared by both ends.
fn cells(start: f32, length: f32, ratio: f32) -> Vec<Cell> {
    // The longer side is BOX cells exactly; rounding must not make it one more.
    let count = ((length / ratio - 1e-3).ceil() as usize).clamp(1, BOX);
    let start = start - (count as f32 * ratio - length) / 2.0;
    (0..count)
        .map(|i| Cell {
            start: start + i as f32 * ratio,
            end: start + (i + 1) as f32 * ratio,
        })
        .collect()
}

/// For each of `to` pixels the range of the `from` pixels that it covers, in part or in whole.
fn spans(to: usize, from: usize) -> Vec<(usize, usize)> {
    (0..to)
        .map(|i| (i * from / to, ((i + 1) * from).div_ceil(to)))
        .collect()
}

/// For each of `to` pixels the pixel of `from` whose centre lies before its own, and how far beyond it, 0–1.
fn taps(to: usize, from: usize) -> Vec<(isize, f32)> {
    (0..to)
        .map(|i| (i as f32 + 0.5) * from as f32 / to as f32 - 0.5)
        .map(|at| (at.floor() as isize, at - at.floor()))
        .collect()
}

fn strongest_by_column(rows: &[u8], width: usize) -> Vec<u8> {
    let mut strongest = vec![0; width];
    for row in rows.chunks_exact(width) {
        for (most, &v) in strongest.iter_mut().zip(row) {
            *most = v.max(*most);
        }
    }
    strongest
}
