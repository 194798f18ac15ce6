//! A digit on a photograph: dark ink on light paper, however the light falls and whatever lies around the paper.

use std::collections::VecDeque;

use super::Rgba;
use super::digit::{self, SIDE};
use super::ink::{self, Ink};

/// Work is done on a photo whose longer side is at most so many pixels.
const LONGEST: usize = 320;
/// Ink is darker than this share of what is around it (as in D. Bradley, G. Roth, "Adaptive Thresholding Using the
/// Integral Image", 2007).
const DARKER: f32 = 0.87;
/// What counts as around: a square whose side is this share of the photo's longer side. Wider than any stroke.
const AROUND: f32 = 1.0 / 3.0;
/// A stroke's surroundings, so many pixels from it, are lighter than the stroke almost everywhere. Those of a shadow's or
/// a sheet's edge are lighter on one side.
const BESIDE: isize = 3;
const LIGHT_ALL_ROUND: f32 = 0.85;
/// Smaller specks, as a share of the photo, are dirt.
const SPECK: f32 = 0.0004;
/// A part of the digit has at least this share of the largest part, and lies no further from it than this share of its
/// height.
const PART: f32 = 0.04;
const NEAR: f32 = 0.3;
/// A light thing that fills so much of its box is a sheet of paper, not a stroke.
const SHEET: f32 = 0.65;

/// The digit as an image of MNIST, see [`digit::center`]; `None` if there is no ink.
///
/// A picture with a plain ground (a scan, a drawing, an image of MNIST) is taken as a drawing, light ink on dark ground
/// too.
pub fn digit(picture: Rgba<'_>) -> Option<[u8; SIDE * SIDE]> {
    let written = || written(&Photo::of(picture));
    if !ink::has_plain_ground(picture) {
        return digit::of_ink(&written()?);
    }
    match ink::find(picture, 0.5) {
        Some(found) if is_sheet(&found) => written()
            .and_then(|ink| digit::of_ink(&ink))
            .or_else(|| digit::center(picture)),
        _ => digit::center(picture),
    }
}

/// Whether what differs from the ground could be a sheet that something is written on.
fn is_sheet(found: &Ink) -> bool {
    let filled = found.strength.iter().filter(|&&v| v >= 128).count();
    filled as f32 > SHEET * (found.width * found.height) as f32
}

/// The parts of the digit, each pixel ink or not.
fn written(photo: &Photo) -> Option<Ink> {
    let strokes = photo.strokes();
    let main = strokes.iter().max_by(|a, b| {
        let weight = |stroke: &Stroke| stroke.pixels.len() as f32 * photo.centrality(stroke);
        weight(a).total_cmp(&weight(b))
    })?;
    let belongs = |stroke: &&Stroke| {
        stroke.pixels.len() as f32 >= PART * main.pixels.len() as f32
            && main.gap(stroke) <= NEAR * main.height() as f32
    };
    let parts: Vec<&Stroke> = strokes.iter().filter(belongs).collect();
    let least = |side: fn(&Stroke) -> usize| parts.iter().map(|part| side(part)).min();
    let most = |side: fn(&Stroke) -> usize| parts.iter().map(|part| side(part)).max();
    let (left, top) = (least(|s| s.left)?, least(|s| s.top)?);
    let (right, bottom) = (most(|s| s.right)?, most(|s| s.bottom)?);
    // One pixel around, as `ink::find` leaves it.
    let (width, height) = (right - left + 3, bottom - top + 3);
    let mut strength = vec![0; width * height];
    for &pixel in parts.iter().flat_map(|part| &part.pixels) {
        let (x, y) = (pixel % photo.width, pixel / photo.width);
        strength[(y - top + 1) * width + x - left + 1] = 255;
    }
    Some(Ink {
        strength,
        width,
        height,
    })
}

/// Luma, row-major, 0–255.
struct Photo {
    luma: Vec<f32>,
    width: usize,
    height: usize,
}

/// Connected ink, and the box it lies in.
struct Stroke {
    pixels: Vec<usize>,
    left: usize,
    right: usize,
    top: usize,
    bottom: usize,
}

impl Photo {
    /// Each pixel the mean of those of the picture that it stands for.
    fn of(picture: Rgba<'_>) -> Self {
        let ratio = picture.width().max(picture.height()).div_ceil(LONGEST);
        let (width, height) = (
            picture.width().div_ceil(ratio),
            picture.height().div_ceil(ratio),
        );
        let mut sums = vec![0.0f32; width * height];
        let mut counts = vec![0.0f32; width * height];
        let rows = picture.data().chunks_exact(4 * picture.width());
        for (y, row) in rows.enumerate() {
            for (x, pixel) in row.as_chunks::<4>().0.iter().enumerate() {
                let to = y / ratio * width + x / ratio;
                sums[to] += luma(*pixel);
                counts[to] += 1.0;
            }
        }
        let luma = sums.iter().zip(&counts).map(|(sum, count)| sum / count);
        Photo {
            luma: luma.collect(),
            width,
            height,
        }
    }

    /// Dark things that light surrounds, but for what the photo's edge cuts.
    fn strokes(&self) -> Vec<Stroke> {
        let mut dark = self.dark();
        let speck = SPECK * dark.len() as f32;
        let ink = dark.clone();
        let mut strokes = Vec::new();
        for start in 0..dark.len() {
            if dark[start] {
                let stroke = self.stroke(&mut dark, start);
                let cut = stroke.left == 0
                    || stroke.top == 0
                    || stroke.right + 1 == self.width
                    || stroke.bottom + 1 == self.height;
                let large = stroke.pixels.len() as f32 > speck;
                if large && !cut && self.light_around(&stroke, &ink) >= LIGHT_ALL_ROUND {
                    strokes.push(stroke);
                }
            }
        }
        strokes
    }

    /// Which pixels are darker than the mean of what is around them.
    fn dark(&self) -> Vec<bool> {
        let (width, height) = (self.width, self.height);
        let reach = (width.max(height) as f32 * AROUND / 2.0) as usize + 1;
        // Sums of all that is above and left, with a row and a column of zeros before them.
        let stride = width + 1;
        let mut sums = vec![0.0f64; stride * (height + 1)];
        for y in 0..height {
            let mut row = 0.0;
            for x in 0..width {
                row += f64::from(self.luma[y * width + x]);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
            }
        }
        let mut dark = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
            for x in 0..width {
                let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
                let sum = sums[bottom * stride + right] + sums[top * stride + left]
                    - sums[top * stride + right]
                    - sums[bottom * stride + left];
                let mean = sum / ((bottom - top) * (right - left)) as f64;
                dark.push(self.luma[y * width + x] < DARKER * mean as f32);
            }
        }
        dark
    }

    /// Takes out what is connected with `start`, by sides or corners.
    fn stroke(&self, dark: &mut [bool], start: usize) -> Stroke {
        let (x, y) = (start % self.width, start / self.width);
        let mut stroke = Stroke {
            pixels: Vec::new(),
            left: x,
            right: x,
            top: y,
            bottom: y,
        };
        let mut waiting = VecDeque::from([start]);
        dark[start] = false;
        while let Some(pixel) = waiting.pop_front() {
            stroke.add(pixel, self.width);
            for next in self.around(pixel, 1) {
                if std::mem::take(&mut dark[next]) {
                    waiting.push_back(next);
                }
            }
        }
        stroke
    }

    /// Of the pixels beside the stroke that are no ink, the share that is lighter than it.
    fn light_around(&self, stroke: &Stroke, ink: &[bool]) -> f32 {
        let sum: f32 = stroke.pixels.iter().map(|&pixel| self.luma[pixel]).sum();
        let mean = sum / stroke.pixels.len() as f32;
        let beside = stroke
            .pixels
            .iter()
            .flat_map(|&pixel| self.around(pixel, BESIDE))
            .filter(|&pixel| !ink[pixel]);
        let (mut light, mut all) = (0.0, 0.0);
        for pixel in beside {
            all += 1.0;
            if self.luma[pixel] * DARKER > mean {
                light += 1.0;
            }
        }
        light / f32::max(all, 1.0)
    }

    /// The eight pixels so far away along the axes and diagonals, those of them that there are.
    fn around(&self, pixel: usize, step: isize) -> impl Iterator<Item = usize> + use<> {
        let (width, height) = (self.width as isize, self.height as isize);
        let (x, y) = (pixel as isize % width, pixel as isize / width);
        let steps = [-step, 0, step];
        let places = steps
            .into_iter()
            .flat_map(move |down| steps.map(|across| (x + across, y + down)));
        places
            .filter(move |&(x, y)| (0..width).contains(&x) && (0..height).contains(&y))
            .map(move |(x, y)| (y * width + x) as usize)
            .filter(move |&other| other != pixel)
    }

    /// 1 in the middle of the photo, 0 in its corners.
    fn centrality(&self, stroke: &Stroke) -> f32 {
        let off = |from: usize, to: usize, side: usize| {
            let side = side as f32 / 2.0;
            ((from + to + 1) as f32 / 2.0 - side) / side
        };
        let across = off(stroke.left, stroke.right, self.width);
        let down = off(stroke.top, stroke.bottom, self.height);
        1.0 - across.hypot(down) / std::f32::consts::SQRT_2
    }
}

impl Stroke {
    fn add(&mut self, pixel: usize, width: usize) {
        let (x, y) = (pixel % width, pixel / width);
        (self.left, self.right) = (self.left.min(x), self.right.max(x));
        (self.top, self.bottom) = (self.top.min(y), self.bottom.max(y));
        self.pixels.push(pixel);
    }

    fn height(&self) -> usize {
        self.bottom - self.top + 1
    }

    /// How far the boxes of two strokes are apart; 0 if they overlap.
    fn gap(&self, other: &Stroke) -> f32 {
        let apart = |first: (usize, usize), second: (usize, usize)| {
            let gap = second.0.saturating_sub(first.1);
            gap.max(first.0.saturating_sub(second.1)) as f32
        };
        let across = apart((self.left, self.right), (other.left, other.right));
        across.hypot(apart((self.top, self.bottom), (other.top, other.bottom)))
    }
}

/// ITU-R BT.601, on white.
fn luma([r, g, b, a]: [u8; 4]) -> f32 {
    let luma = 0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b);
    255.0 + (luma - 255.0) * f32::from(a) / 255.0
}
