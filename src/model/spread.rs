//! How widely features of known images lie around the means of their classes, and from that how far away any others are: the
//! squared Mahalanobis distance to the nearest mean, of features of length 1, with one covariance for all classes (Lee et
//! al. 2018, "A Simple Unified Framework for Detecting Out-of-Distribution Samples").

use super::head::{Measure, Novelty, NoveltyPart, RejectFacts, Step};
use super::random::mix;

/// The share of an even covariance that is mixed in, so that directions in which nothing varies do not decide.
const EVEN: f64 = 1e-3;

/// Features `[image, dimension]` with the class of each.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub features: &'a [f32],
    pub labels: &'a [u16],
    pub dimension: usize,
    pub classes: usize,
}

impl Known<'_> {
    fn row(&self, image: usize) -> Vec<f32> {
        let row = &self.features[image * self.dimension..][..self.dimension];
        Step::Normalise.apply(row.to_vec())
    }

    /// A score of novelty at or below which `keep` (0–1) of known images lie. Of five images three say how widely the
    /// classes lie, one where the threshold is, and one how many are kept.
    ///
    /// `None` if there are too few images for that, or their features are all the same.
    pub fn novelty(&self, keep: f32) -> Option<Novelty> {
        let images = 0..self.labels.len();
        // By chance: a dataset's own order may have a meaning.
        let fifth = |image: usize| mix(&[image as u64]) % 5;
        let part = |taken: fn(u64) -> bool| images.clone().filter(move |&i| taken(fifth(i)));
        let mut part_of = self.distance(part(|place| place > 1))?;
        let measured = |images: &mut dyn Iterator<Item = usize>, part: &NoveltyPart| {
            let score = |image: usize| {
                let alone = Novelty {
                    parts: vec![part.clone()],
                    facts: RejectFacts::default(),
                };
                alone.score(
                    &self.features[image * self.dimension..][..self.dimension],
                    &[],
                )
            };
            images.map(score).collect::<Vec<f32>>()
        };
        let distances = measured(&mut part(|place| place == 0), &part_of);
        let count = distances.len().max(1) as f64;
        let mean = distances.iter().map(|&d| f64::from(d)).sum::<f64>() / count;
        let square = |d: &f32| (f64::from(*d) - mean).powi(2);
        let deviation = (distances.iter().map(square).sum::<f64>() / count).sqrt();
        part_of.mean = mean as f32;
        part_of.deviation = deviation as f32;
        if part_of.deviation.is_nan() || part_of.deviation <= 0.0 {
            return None;
        }
        let mut scores = measured(&mut part(|place| place == 0), &part_of);
        scores.sort_by(f32::total_cmp);
        let place = (f64::from(keep.clamp(0.0, 1.0)) * scores.len() as f64).ceil() as usize;
        let threshold = *scores.get(place.clamp(1, scores.len().max(1)) - 1)?;
        let others = measured(&mut part(|place| place == 1), &part_of);
        let kept = others.iter().filter(|&&score| score <= threshold).count();
        Some(Novelty {
            parts: vec![part_of],
            facts: RejectFacts {
                threshold,
                kept: kept as f32 / others.len().max(1) as f32,
            },
        })
    }

    /// Of these images: from features to what is whitened, and the means of the classes that occur.
    fn distance(&self, images: impl Iterator<Item = usize> + Clone) -> Option<NoveltyPart> {
        let width = self.dimension;
        let mut sums = vec![vec![0.0f64; width]; self.classes];
        let mut counts = vec![0usize; self.classes];
        for image in images.clone() {
            let class = usize::from(self.labels[image]);
            counts[class] += 1;
            let row = self.row(image);
            sums[class]
                .iter_mut()
                .zip(&row)
                .for_each(|(sum, &x)| *sum += f64::from(x));
        }
        for (sum, &count) in sums.iter_mut().zip(&counts) {
            sum.iter_mut().for_each(|sum| *sum /= count.max(1) as f64);
        }
        let count: usize = counts.iter().sum();
        let mut covariance = vec![0.0f64; width * width];
        for image in images {
            let mean = &sums[usize::from(self.labels[image])];
            let row = self.row(image);
            let apart: Vec<f64> = row
                .iter()
                .zip(mean)
                .map(|(&x, m)| f64::from(x) - m)
                .collect();
            for (line, a) in covariance.chunks_exact_mut(width).zip(&apart) {
                line.iter_mut()
                    .zip(&apart)
                    .for_each(|(sum, b)| *sum += a * b);
            }
        }
        let trace: f64 = covariance.iter().step_by(width + 1).sum();
        if count <= self.classes || !(trace > 0.0 && trace.is_finite()) {
            return None;
        }
        let even = EVEN * trace / width as f64;
        covariance.iter_mut().for_each(|value| *value *= 1.0 - EVEN);
        covariance
            .iter_mut()
            .step_by(width + 1)
            .for_each(|value| *value += even);
        covariance
            .iter_mut()
            .for_each(|value| *value /= count as f64);
        let whitening = inverse_of_root(&covariance, width)?;
        let whitened = |values: &[f64]| -> Vec<f64> {
            let mut all = vec![0.0; width];
            for (x, row) in values.iter().zip(whitening.chunks_exact(width)) {
                all.iter_mut()
                    .zip(row)
                    .for_each(|(sum, weight)| *sum += x * weight);
            }
            all
        };
        let present = || sums.iter().zip(&counts).filter(|(_, count)| **count > 0);
        let classes = present().count() as f64;
        let mut middle = vec![0.0; width];
        for (mean, _) in present() {
            middle
                .iter_mut()
                .zip(mean)
                .for_each(|(sum, x)| *sum += x / classes);
        }
        // Numbers around 0 lose least of what a 32-bit float holds.
        let bias: Vec<f64> = whitened(&middle).iter().map(|x| -x).collect();
        let centres = present().flat_map(|(mean, _)| {
            let all = whitened(mean).into_iter().zip(&bias);
            all.map(|(x, bias)| (x + bias) as f32).collect::<Vec<f32>>()
        });
        Some(NoveltyPart {
            measure: Measure::Centres {
                centres: centres.collect(),
            },
            steps: vec![
                Step::Normalise,
                Step::Dense {
                    weight: whitening.iter().map(|&x| x as f32).collect(),
                    bias: bias.iter().map(|&x| x as f32).collect(),
                },
            ],
            mean: 0.0,
            deviation: 1.0,
        })
    }
}

/// W with WWᵀ = the inverse of a matrix that is symmetric and positive: of its Cholesky factor L, W = L⁻ᵀ. `None` if it is
/// not positive.
fn inverse_of_root(matrix: &[f64], width: usize) -> Option<Vec<f64>> {
    let mut root = vec![0.0; width * width];
    for i in 0..width {
        for j in 0..=i {
            let known = (0..j)
                .map(|k| root[i * width + k] * root[j * width + k])
                .sum::<f64>();
            let left = matrix[i * width + j] - known;
            root[i * width + j] = match i == j {
                true if left > 0.0 => left.sqrt(),
                true => return None,
                false => left / root[j * width + j],
            };
        }
    }
    // Column by column L⁻¹, which stands transposed in the result.
    let mut inverse = vec![0.0; width * width];
    for column in 0..width {
        for i in column..width {
            let unit = if i == column { 1.0 } else { 0.0 };
            let known = (column..i)
                .map(|k| root[i * width + k] * inverse[column * width + k])
                .sum::<f64>();
            inverse[column * width + i] = (unit - known) / root[i * width + i];
        }
    }
    Some(inverse)
}
