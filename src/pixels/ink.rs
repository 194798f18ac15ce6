//! Finding what was drawn: how much each pixel differs from the background.

use super::Rgba;
use std::collections::HashMap;

/// What differs from the background by less than this, of 255, is noise: paper's grain, a JPEG's blocks.
pub const NOISE: u8 = 24;

/// How strongly each pixel of a crop is inked, 0 (background) to 255 (the strongest), row-major.
pub struct Ink {
    pub strength: Vec<u8>,
    pub width: usize,
    pub height: usize,
}

/// How much each pixel differs from the background, row-major, and the most of them; `None` if there is only noise.
///
/// The background is the commonest colour along the border. A difference is the largest of a channel's, with colours
/// premultiplied by alpha, so that any stroke on a transparent canvas, black on white and white on black are the same.
pub fn strength(image: Rgba<'_>) -> Option<(Vec<u8>, u8)> {
    let background = background(image);
    let ink: Vec<u8> = image
        .data()
        .as_chunks()
        .0
        .iter()
        .map(|&pixel| difference(premultiplied(pixel), background))
        .collect();
    let peak = ink.iter().copied().max().unwrap_or(0);
    (peak > NOISE).then_some((ink, peak))
}

/// The ink of a picture, cropped to its box and one pixel around it (if the picture has it: the fainter pixels
/// beside an edge tell where it lies); `None` where there is none.
///
/// Ink is what [`strength`] finds. A pixel belongs to the box from `edge` × the strongest ink up (`edge` 0–1).
pub fn find(image: Rgba<'_>, edge: f32) -> Option<Ink> {
    let (ink, peak) = strength(image)?;
    let threshold = NOISE.max((f32::from(peak) * edge) as u8);
    crop(&ink, image.width(), threshold, peak)
}

fn crop(ink: &[u8], width: usize, threshold: u8, peak: u8) -> Option<Ink> {
    let (mut left, mut right) = (width, 0);
    let (mut top, mut bottom) = (usize::MAX, 0);
    for (y, row) in ink.chunks_exact(width).enumerate() {
        let Some(first) = row.iter().position(|&v| v >= threshold) else {
            continue;
        };
        let last = row.iter().rposition(|&v| v >= threshold).unwrap_or(first);
        (left, right) = (left.min(first), right.max(last));
        (top, bottom) = (top.min(y), y);
    }
    if left > right {
        return None;
    }
    let (left, right) = (left.saturating_sub(1), (right + 1).min(width - 1));
    let (top, bottom) = (top.saturating_sub(1), bottom + 1);
    let gain: [u8; 256] = std::array::from_fn(|v| (v * 255 / usize::from(peak)).min(255) as u8);
    let rows = ink.chunks_exact(width).take(bottom + 1).skip(top);
    let strength: Vec<u8> = rows
        .flat_map(|row| &row[left..=right])
        .map(|&v| gain[usize::from(v)])
        .collect();
    let width = right - left + 1;
    Some(Ink {
        height: strength.len() / width,
        strength,
        width,
    })
}

/// Whether nearly all of the border is of one colour.
pub fn has_plain_ground(image: Rgba<'_>) -> bool {
    let background = background(image);
    let (mut like, mut all) = (0usize, 0usize);
    for &pixel in border(image) {
        all += 1;
        like += usize::from(difference(premultiplied(pixel), background) <= NOISE);
    }
    like * 20 >= all * 19
}

/// The outermost pixels; those of the corners twice.
fn border(image: Rgba<'_>) -> impl Iterator<Item = &[u8; 4]> {
    let (width, height) = (image.width(), image.height());
    let pixels = image.data().as_chunks::<4>().0;
    let rows = pixels[..width]
        .iter()
        .chain(&pixels[width * (height - 1)..]);
    let sides = pixels
        .chunks_exact(width)
        .flat_map(move |row| [&row[0], &row[width - 1]]);
    rows.chain(sides)
}

/// The commonest colour along the border, red, green and blue; what is transparent lies on white.
pub fn ground(image: Rgba<'_>) -> [u8; 3] {
    let [r, g, b, a] = background(image);
    [r, g, b].map(|c| c.saturating_add(255 - a))
}

/// The mean of the commonest group of like colours along the border.
fn background(image: Rgba<'_>) -> [u8; 4] {
    // Groups of 16 levels: grain must not split the background into many rare colours. Order decides between equals,
    // so that the answer does not depend on the map's own.
    let mut groups: HashMap<[u8; 4], (u32, [u32; 4])> = HashMap::new();
    for &pixel in border(image) {
        let colour = premultiplied(pixel);
        let (count, sum) = groups.entry(colour.map(|c| c >> 4)).or_default();
        *count += 1;
        for (sum, c) in sum.iter_mut().zip(colour) {
            *sum += u32::from(c);
        }
    }
    let commonest = groups
        .into_iter()
        .max_by_key(|&(group, (count, _))| (count, group));
    commonest.map_or([0; 4], |(_, (count, sum))| {
        sum.map(|sum| ((sum + count / 2) / count) as u8)
    })
}

fn premultiplied([r, g, b, a]: [u8; 4]) -> [u8; 4] {
    match a {
        255 => [r, g, b, a],
        0 => [0; 4],
        _ => {
            let by_alpha = |c: u8| ((u16::from(c) * u16::from(a) + 127) / 255) as u8;
            [by_alpha(r), by_alpha(g), by_alpha(b), a]
        }
    }
}

fn difference(a: [u8; 4], b: [u8; 4]) -> u8 {
    let by_channel: [u8; 4] = std::array::from_fn(|c| a[c].abs_diff(b[c]));
    by_channel.into_iter().max().unwrap_or(0)
}
