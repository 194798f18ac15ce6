//! The plane in which vectors lie furthest apart: their two principal components (Pearson 1901), by subspace iteration
//! (Halko, Martinsson & Tropp 2011, <https://doi.org/10.1137/090771806>).

use super::index::LikenessIndex;
use crate::model::random::{Stream, mix};

const AXES: usize = 2;
/// Directions that are followed at once: two more than are asked for, with which those two come out sooner.
const FOLLOWED: usize = 4;
/// The directions are looked for among so many of the vectors first.
const SAMPLE: usize = 2000;
/// Rounds of looking, among these and then among all.
const ROUNDS: [usize; 2] = [60, 5];
/// The variance along an axis has settled if a round changes it by no more than this share; the axis is then off by its
/// root, a third of a thousandth.
const SETTLED: f64 = 1e-7;
const SEED: u64 = 1;

type Directions = Vec<Vec<f32>>;
type Small = [[f64; FOLLOWED]; FOLLOWED];

impl LikenessIndex {
    /// Where each vector lies in the plane in which all of them, at length 1, lie furthest apart: `[vector, 2]`, the axis
    /// of the larger variance first, the middle at 0. The same vectors give the same plane; each axis points to where its
    /// largest part is positive.
    pub fn plane(&self) -> Vec<f32> {
        let dimension = self.dimension();
        let mut stream = Stream::new(mix(&[SEED]));
        let mut random = || (0..dimension).map(|_| stream.unit() - 0.5).collect();
        let mut directions: Directions = (0..FOLLOWED).map(|_| random()).collect();
        orthonormal(&mut directions);
        let sparse = self.len().div_ceil(SAMPLE).max(1);
        let each = if sparse > 1 { vec![sparse, 1] } else { vec![1] };
        for (apart, rounds) in each.into_iter().zip(ROUNDS) {
            let mean = self.mean(apart);
            let mut variances = [0.0; AXES];
            for _ in 0..rounds {
                let new = self.round(&mut directions, &mean, apart);
                let settled = |(new, old): (f64, f64)| (new - old).abs() <= SETTLED * new;
                let done = new.into_iter().zip(variances).all(settled);
                variances = new;
                if done {
                    break;
                }
            }
        }
        directions.truncate(AXES);
        directions.iter_mut().for_each(|axis| turn(axis));
        let mean = self.mean(1);
        let mut places = Vec::with_capacity(self.len() * AXES);
        self.each(&mean, 1, |vector| {
            places.extend(directions.iter().map(|axis| product(axis, vector)));
        });
        places
    }

    /// Every `apart`th vector, less the `mean`.
    fn each(&self, mean: &[f32], apart: usize, mut visit: impl FnMut(&[f32])) {
        let mut vector = vec![0.0; self.dimension()];
        let rows = self
            .pieces()
            .iter()
            .flat_map(|piece| (0..piece.len()).map(move |row| (piece, row)));
        for (piece, row) in rows.step_by(apart) {
            let values = piece.values(row, self.dimension()).zip(mean);
            for (to, (value, mean)) in vector.iter_mut().zip(values) {
                *to = value - mean;
            }
            visit(&vector);
        }
    }

    fn mean(&self, apart: usize) -> Vec<f32> {
        let mut sum = vec![0.0; self.dimension()];
        let nothing = vec![0.0; self.dimension()];
        let mut count = 0.0;
        self.each(&nothing, apart, |vector| {
            count += 1.0;
            sum.iter_mut()
                .zip(vector)
                .for_each(|(sum, &x)| *sum += f64::from(x));
        });
        sum.iter()
            .map(|sum| (sum / f64::max(count, 1.0)) as f32)
            .collect()
    }

    /// Turns the directions towards those of the largest variance, and says how large that is, but for a factor.
    fn round(&self, directions: &mut Directions, mean: &[f32], apart: usize) -> [f64; AXES] {
        let mut turned: Directions = vec![vec![0.0; self.dimension()]; FOLLOWED];
        let mut within: Small = Default::default();
        self.each(mean, apart, |vector| {
            let along: [f32; FOLLOWED] = std::array::from_fn(|i| product(&directions[i], vector));
            for (turned, &along) in turned.iter_mut().zip(&along) {
                turned
                    .iter_mut()
                    .zip(vector)
                    .for_each(|(sum, &x)| *sum += along * x);
            }
            for (row, &a) in within.iter_mut().zip(&along) {
                row.iter_mut()
                    .zip(&along)
                    .for_each(|(sum, &b)| *sum += f64::from(a) * f64::from(b));
            }
        });
        let (variances, axes) = eigen(within);
        // The directions of the largest variance among those that were followed come first.
        *directions = axes.iter().map(|axis| mixed(&turned, axis)).collect();
        orthonormal(directions);
        std::array::from_fn(|i| variances[i])
    }
}

fn mixed(directions: &Directions, shares: &[f64; FOLLOWED]) -> Vec<f32> {
    let mut sum = vec![0.0; directions[0].len()];
    for (direction, &share) in directions.iter().zip(shares) {
        sum.iter_mut()
            .zip(direction)
            .for_each(|(sum, &x)| *sum += share as f32 * x);
    }
    sum
}

/// In eight sums, in which order they are the same on every machine.
fn product(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.0.iter().zip(b.0) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest = a.1.iter().zip(b.1).map(|(a, b)| a * b);
    sums.iter().sum::<f32>() + rest.sum::<f32>()
}

/// Makes each direction square to those before it and of length 1 (Gram–Schmidt, twice); one that has nothing of its own
/// becomes 0.
fn orthonormal(directions: &mut Directions) {
    for i in 0..directions.len() {
        let (before, rest) = directions.split_at_mut(i);
        let own = &mut rest[0];
        let whole = f64::from(product(own, own)).sqrt();
        for _ in 0..2 {
            for other in before.iter() {
                let shared = product(own, other);
                own.iter_mut()
                    .zip(other)
                    .for_each(|(x, y)| *x -= shared * y);
            }
        }
        let length = f64::from(product(own, own)).sqrt();
        let factor = if length > 1e-6 * whole {
            1.0 / length
        } else {
            0.0
        };
        own.iter_mut().for_each(|x| *x *= factor as f32);
    }
}

fn turn(axis: &mut [f32]) {
    let larger = |most: f32, &x: &f32| if x.abs() > most.abs() { x } else { most };
    if axis.iter().fold(0.0, larger) < 0.0 {
        axis.iter_mut().for_each(|x| *x = -*x);
    }
}

/// The eigenvalues of a symmetric matrix, largest first, and the eigenvectors (Jacobi 1846).
fn eigen(mut matrix: Small) -> ([f64; FOLLOWED], Small) {
    let mut vectors: Small = Default::default();
    (0..FOLLOWED).for_each(|i| vectors[i][i] = 1.0);
    for _ in 0..30 {
        for p in 0..FOLLOWED {
            for q in p + 1..FOLLOWED {
                if matrix[p][q] == 0.0 {
                    continue;
                }
                let slant = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let tangent = slant.signum() / (slant.abs() + (slant * slant + 1.0).sqrt());
                let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
                let sine = tangent * cosine;
                for row in &mut matrix {
                    (row[p], row[q]) = (
                        cosine * row[p] - sine * row[q],
                        sine * row[p] + cosine * row[q],
                    );
                }
                for k in 0..FOLLOWED {
                    let (a, b) = (matrix[p][k], matrix[q][k]);
                    (matrix[p][k], matrix[q][k]) = (cosine * a - sine * b, sine * a + cosine * b);
                    let (a, b) = (vectors[p][k], vectors[q][k]);
                    (vectors[p][k], vectors[q][k]) = (cosine * a - sine * b, sine * a + cosine * b);
                }
            }
        }
    }
    let mut order: [usize; FOLLOWED] = std::array::from_fn(|i| i);
    order.sort_by(|&a, &b| matrix[b][b].total_cmp(&matrix[a][a]));
    (order.map(|i| matrix[i][i]), order.map(|i| vectors[i]))
}
