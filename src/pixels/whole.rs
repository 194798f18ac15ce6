//! A whole picture, nothing cropped or centred: made to look like an image of Fashion-MNIST, the thing bright on black,
//! or in its own colours.

use super::ink;
use super::photo;
use super::{Filter, Rgba};

/// The picture as `height` rows of `width` bytes: 0 if it is like its ground, 255 if it differs most. The longer
/// side fills the image, the other lies in its middle. `None` if nothing differs from the ground.
///
/// Each pixel is the mean over the area that it covers.
pub fn scale(image: Rgba<'_>, width: usize, height: usize) -> Option<Vec<u8>> {
    let (strength, peak) = ink::strength(image)?;
    let ratio = (image.width() as f32 / width as f32).max(image.height() as f32 / height as f32);
    let columns = spans(image.width(), width, ratio);
    let rows = spans(image.height(), height, ratio);
    let mut sums = vec![0.0f32; image.width()];
    let mut scaled = Vec::with_capacity(width * height);
    for row in rows {
        sums.fill(0.0);
        for (y, share) in row.shares(image.height()) {
            let line = &strength[y * image.width()..(y + 1) * image.width()];
            for (sum, &v) in sums.iter_mut().zip(line) {
                *sum += f32::from(v) * share;
            }
        }
        scaled.extend(columns.iter().map(|column| {
            let sum: f32 = column
                .shares(image.width())
                .map(|(x, share)| sums[x] * share)
                .sum();
            (sum / (ratio * ratio) / f32::from(peak) * 255.0).round() as u8
        }));
    }
    Some(scaled)
}

/// The picture in its colours as `[3, height, width]`: the longer side fills the image, the other lies in its middle,
/// and around it is the picture's ground (the commonest colour of its border). What is transparent lies on white.
pub fn in_colour(image: Rgba<'_>, width: usize, height: usize) -> Vec<u8> {
    let ratio = (image.width() as f64 / width as f64).max(image.height() as f64 / height as f64);
    let within = |side: usize, most: usize| ((side as f64 / ratio).round() as usize).clamp(1, most);
    let (inner_width, inner_height) =
        (within(image.width(), width), within(image.height(), height));
    let scaled = photo::stretch(image, [3, inner_height, inner_width], Filter::Bicubic);
    let (left, top) = ((width - inner_width) / 2, (height - inner_height) / 2);
    let mut framed = Vec::with_capacity(3 * height * width);
    for (plane, ground) in scaled
        .chunks_exact(inner_width * inner_height)
        .zip(ink::ground(image))
    {
        let start = framed.len();
        framed.resize(start + height * width, ground);
        let rows = framed[start..].chunks_exact_mut(width).skip(top);
        for (framed, row) in rows.zip(plane.chunks_exact(inner_width)) {
            framed[left..left + inner_width].copy_from_slice(row);
        }
    }
    framed
}

/// The stretch of the picture, in its pixels, that one row or column of the image shows; it may reach beyond the
/// picture.
struct Span {
    start: f32,
    end: f32,
}

impl Span {
    /// Each of the picture's `length` pixels that the stretch touches, with the length it has of it.
    fn shares(&self, length: usize) -> impl Iterator<Item = (usize, f32)> {
        let (start, end) = (self.start.max(0.0), self.end.min(length as f32));
        (start as usize..(end.max(0.0).ceil() as usize).min(length))
            .map(move |i| (i, (end.min(i as f32 + 1.0) - start.max(i as f32)).max(0.0)))
    }
}

fn spans(from: usize, to: usize, ratio: f32) -> Vec<Span> {
    let margin = (to as f32 * ratio - from as f32) / 2.0;
    (0..to)
        .map(|i| Span {
            start: i as f32 * ratio - margin,
            end: (i + 1) as f32 * ratio - margin,
        })
        .collect()
}
