//! Rows that are fewer than their values, as coordinates in the space that they span: all that a head learns from them
//! lies in it, and so does every angle and distance between them.

use super::Examples;
use super::linear::{Matrix, cholesky, dot, product, product_transposed, solve_transposed};
use super::logistic::Solution;
use crate::model::head::Step;

/// Of a row's squared length: what is no longer than that beside the rows before it is rounding.
const FLOOR: f32 = 1e-5;

/// Transformed and centred features, and their coordinates.
#[derive(Clone)]
pub struct Span {
    /// Whether the roots of the features are taken first: where none is below 0 it evens out what few channels say loudly.
    rooted: bool,
    /// Of the transformed features.
    pub mean: Vec<f32>,
    /// `[rows, dimension]`, less the mean.
    pub centred: Matrix,
    /// Lower, `[rows, rows]`: centred = factor × an orthonormal basis; `None` where rows are not fewer than values.
    factor: Option<Matrix>,
}

impl Span {
    pub fn new(examples: &Examples) -> Self {
        let rooted = examples.features.iter().all(|&x| x >= 0.0);
        let values = match rooted {
            true => examples.features.iter().map(|x| x.sqrt()).collect(),
            false => examples.features.clone(),
        };
        let mut centred = Matrix::new(examples.rows(), examples.dimension, values);
        let mean = centred.mean();
        centred.subtract(&mean);
        let factor = (centred.rows < centred.columns).then(|| {
            let products = product_transposed(&centred, &centred);
            let square = dot(&centred.values, &centred.values) / centred.rows.max(1) as f64;
            cholesky(products, FLOOR * square as f32)
        });
        Span {
            rooted,
            mean,
            centred,
            factor,
        }
    }

    /// `[rows, coordinates]`
    pub fn rows(&self) -> &Matrix {
        self.factor.as_ref().unwrap_or(&self.centred)
    }

    /// What features go through before anything else.
    pub fn first_steps(&self) -> Vec<Step> {
        match self.rooted {
            true => vec![Step::SquareRoot],
            false => Vec::new(),
        }
    }

    /// Directions `[any, coordinates]` as they are among the features, `[any, dimension]`.
    pub fn directions(&self, mut coordinates: Matrix) -> Matrix {
        match &self.factor {
            Some(factor) => {
                solve_transposed(factor, &mut coordinates);
                product(&coordinates, &self.centred)
            }
            None => coordinates,
        }
    }

    /// What was learned on coordinates, for features that [`Span::first_steps`] have changed.
    pub fn dense(&self, learned: Solution) -> Step {
        let mut bias = learned.bias;
        let weight = self.directions(learned.weight);
        for (class, bias) in bias.iter_mut().enumerate() {
            *bias -= dot(&self.mean, weight.row(class)) as f32;
        }
        Step::Dense {
            weight: transposed(&weight),
            bias,
        }
    }
}

/// The values column by column.
pub fn transposed(matrix: &Matrix) -> Vec<f32> {
    let columns = 0..matrix.columns;
    columns
        .flat_map(|column| matrix.values[column..].iter().step_by(matrix.columns))
        .copied()
        .collect()
}
