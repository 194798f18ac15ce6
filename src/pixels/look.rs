//! What a picture looks like at a glance: small enough to compare with every other, and how bright, sharp and
//! colourful it is.

use super::photo;
use super::{Filter, Rgba};

/// The side of [`Look::pixels`].
pub const SIDE: usize = 32;

/// Everything is measured on a picture whose longer side is at most this, so that the figures of small and large
/// pictures can be compared. Smaller ones stay as they are.
const LONGEST: usize = 256;

/// Channels that differ by more than this, of 255, make a colour: less is a grey that a camera or a JPEG has tinted.
const TINT: u8 = 24;

/// A picture at a glance. What is transparent lies on white.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// `[SIDE, SIDE]`, luma 0–255: the whole picture, stretched.
    pub pixels: Vec<u8>,
    /// The mean of the luma, 0–1.
    pub brightness: f32,
    /// The standard deviation of the luma, 0 (all alike) to 0.5 (half black, half white).
    pub contrast: f32,
    /// The variance of the Laplacian (of the four neighbours) of the luma in 0–255, the usual measure of focus
    /// (Pech-Pacheco et al. 2000, "Diatom autofocusing in brightfield microscopy"): under 100 a photo is likely
    /// blurred. 0 of a picture of less than 3 pixels a side.
    pub sharpness: f32,
    /// The share of pixels that have a colour, 0–1: next to nothing in a grey picture.
    pub colour: f32,
}

impl Look {
    pub fn of(picture: Rgba<'_>) -> Self {
        let longer = picture.width().max(picture.height());
        let side = |side: usize| match longer > LONGEST {
            true => (side * LONGEST / longer).max(1),
            false => side,
        };
        let (width, height) = (side(picture.width()), side(picture.height()));
        let planes = photo::stretch(picture, [3, height, width], Filter::Bicubic);
        let luma = photo::luma_of(&planes);
        let (brightness, contrast) = spread(luma.iter().map(|&v| f64::from(v) / 255.0));
        Look {
            pixels: shrunk(&luma, width, height),
            brightness: brightness as f32,
            contrast: contrast as f32,
            sharpness: sharpness(&luma, width) as f32,
            colour: coloured(&planes),
        }
    }
}

fn shrunk(luma: &[u8], width: usize, height: usize) -> Vec<u8> {
    let grey: Vec<u8> = luma.iter().flat_map(|&v| [v, v, v, 255]).collect();
    // There are as many pixels as the sides say.
    Rgba::new(&grey, width, height).map_or_else(
        |_| vec![0; SIDE * SIDE],
        |picture| photo::stretch(picture, [1, SIDE, SIDE], Filter::Bicubic),
    )
}

/// Mean and standard deviation.
fn spread(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    if count == 0.0 {
        return (0.0, 0.0);
    }
    let mean = sum / count;
    (mean, (squares / count - mean * mean).max(0.0).sqrt())
}

fn sharpness(luma: &[u8], width: usize) -> f64 {
    let height = luma.len() / width;
    if width < 3 || height < 3 {
        return 0.0;
    }
    let inner = (1..height - 1).flat_map(|y| (1..width - 1).map(move |x| y * width + x));
    let laplacian = inner.map(|i| {
        let around = [i - width, i - 1, i + 1, i + width].map(|i| i32::from(luma[i]));
        f64::from(around.iter().sum::<i32>() - 4 * i32::from(luma[i]))
    });
    let (_, deviation) = spread(laplacian);
    deviation * deviation
}

/// `planes` is `[3, height, width]`.
fn coloured(planes: &[u8]) -> f32 {
    let size = planes.len() / 3;
    let (red, rest) = planes.split_at(size);
    let (green, blue) = rest.split_at(size);
    let with_colour = red.iter().zip(green).zip(blue).filter(|((r, g), b)| {
        let most = r.max(g).max(b);
        let least = r.min(g).min(b);
        most.abs_diff(**least) > TINT
    });
    with_colour.count() as f32 / size as f32
}
