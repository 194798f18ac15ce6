//! The two heads that learn nothing but what images look like: the nearest class mean, and the classes of the nearest
//! images, both by cosine.

use super::linear::{Matrix, product_transposed};
use super::span::transposed;
use super::whiten::class_means;
use crate::model::head::Step;

/// Neighbours that are asked.
pub const NEIGHBOURS: usize = 5;
/// What a cosine is multiplied by: probabilities are made of logits.
const SHARPNESS: f32 = 20.0;

/// Every row divided by its length.
pub fn normalised(mut rows: Matrix) -> Matrix {
    for row in rows.values.chunks_exact_mut(rows.columns.max(1)) {
        let length = row.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-12);
        row.iter_mut().for_each(|x| *x /= length);
    }
    rows
}

/// The steps to one logit for each class: how near its mean is. `rows` are features of length 1.
pub fn prototype(rows: &Matrix, labels: &[u16], classes: usize) -> Vec<Step> {
    let mut means = normalised(class_means(rows, labels, classes));
    means.scale(SHARPNESS);
    vec![
        Step::Normalise,
        Step::Dense {
            weight: transposed(&means),
            bias: vec![0.0; classes],
        },
    ]
}

/// The logits `[asked, classes]` of the nearest prototypes.
pub fn prototype_logits(rows: &Matrix, labels: &[u16], classes: usize, asked: &Matrix) -> Matrix {
    let mut means = normalised(class_means(rows, labels, classes));
    means.scale(SHARPNESS);
    product_transposed(asked, &means)
}

/// For each of `asked` how the [`NEIGHBOURS`] nearest rows vote, `[asked, classes]`: the logarithm of each class's share,
/// in which a neighbour counts as much as it is near. Rows have length 1.
pub fn nearest_logits(rows: &Matrix, labels: &[u16], classes: usize, asked: &Matrix) -> Matrix {
    let cosines = product_transposed(asked, rows);
    let mut logits = Matrix::zeros(asked.rows, classes);
    for (place, cosines) in cosines.values.chunks_exact(rows.rows.max(1)).enumerate() {
        let mut order: Vec<usize> = (0..cosines.len()).collect();
        order.sort_by(|&a, &b| cosines[b].total_cmp(&cosines[a]));
        let votes = logits.row_mut(place);
        for &row in order.iter().take(NEIGHBOURS) {
            votes[usize::from(labels[row])] += 1.0 + 1e-3 * cosines[row];
        }
        let sum: f32 = votes.iter().sum();
        let count = classes as f32;
        votes
            .iter_mut()
            .for_each(|vote| *vote = ((*vote + 0.1) / (sum + 0.1 * count)).ln());
    }
    logits
}
