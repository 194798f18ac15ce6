//! Matrices in rows, and the few things that are done with them: products, Cholesky's factor, triangular systems.

use gemm::Parallelism;

/// Columns that are worked on at once: the rest is products.
const BLOCK: usize = 48;

/// `[rows, columns]`
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub values: Vec<f32>,
}

impl Matrix {
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Matrix {
            rows,
            columns,
            values: vec![0.0; rows * columns],
        }
    }

    /// # Panics
    /// If there are not so many values.
    pub fn new(rows: usize, columns: usize, values: Vec<f32>) -> Self {
        assert_eq!(rows * columns, values.len(), "a matrix has all its values");
        Matrix {
            rows,
            columns,
            values,
        }
    }

    pub fn row(&self, row: usize) -> &[f32] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }

    pub fn row_mut(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.columns..(row + 1) * self.columns]
    }

    /// The rows at these places.
    pub fn taken(&self, places: &[usize]) -> Self {
        let values = places.iter().flat_map(|&place| self.row(place)).copied();
        Matrix::new(places.len(), self.columns, values.collect())
    }

    /// The mean row.
    pub fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.columns];
        for row in 0..self.rows {
            add(&mut sums, self.row(row));
        }
        let count = self.rows.max(1) as f64;
        sums.into_iter().map(|sum| (sum / count) as f32).collect()
    }

    /// Every row less `row`.
    pub fn subtract(&mut self, row: &[f32]) {
        for values in self.values.chunks_exact_mut(self.columns.max(1)) {
            for (value, &less) in values.iter_mut().zip(row) {
                *value -= less;
            }
        }
    }

    pub fn scale(&mut self, by: f32) {
        self.values.iter_mut().for_each(|value| *value *= by);
    }

    /// The root of the mean squared length of a row; 1 if there is none.
    pub fn length(&self) -> f32 {
        let square = dot(&self.values, &self.values) / self.rows.max(1) as f64;
        if square > 0.0 {
            square.sqrt() as f32
        } else {
            1.0
        }
    }

    fn whole(&self) -> View<'_> {
        View {
            values: &self.values,
            rows: self.rows,
            columns: self.columns,
            row_stride: self.columns,
            column_stride: 1,
        }
    }
}

fn add(sums: &mut [f64], row: &[f32]) {
    for (sum, &value) in sums.iter_mut().zip(row) {
        *sum += f64::from(value);
    }
}

/// In `f64`.
pub fn dot(a: &[f32], b: &[f32]) -> f64 {
    // Eight sums at once, which the compiler makes vectors of.
    let mut sums = [0.0f64; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        for i in 0..8 {
            sums[i] += f64::from(a[i]) * f64::from(b[i]);
        }
    }
    let rest = a_rest.iter().zip(b_rest);
    let rest: f64 = rest.map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
    sums.iter().sum::<f64>() + rest
}

/// In `f32`, for short ones.
fn short_dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0f32; 8];
    let (a8, a_rest) = a.as_chunks::<8>();
    let (b8, b_rest) = b.as_chunks::<8>();
    for (a, b) in a8.iter().zip(b8) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}

/// A matrix as it lies in a slice.
#[derive(Clone, Copy)]
struct View<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl View<'_> {
    fn transposed(self) -> Self {
        View {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// Whether every step of the strides stays within the values.
    fn fits(&self) -> bool {
        if self.rows == 0 || self.columns == 0 {
            return true;
        }
        let last = (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride;
        last < self.values.len()
    }
}

/// `left × right`
pub fn product(left: &Matrix, right: &Matrix) -> Matrix {
    multiplied(left.whole(), right.whole())
}

/// `left × rightᵀ`
pub fn product_transposed(left: &Matrix, right: &Matrix) -> Matrix {
    multiplied(left.whole(), right.whole().transposed())
}

/// `leftᵀ × right`
pub fn transposed_product(left: &Matrix, right: &Matrix) -> Matrix {
    multiplied(left.whole().transposed(), right.whole())
}

fn multiplied(left: View, right: View) -> Matrix {
    let mut made = Matrix::zeros(left.rows, right.columns);
    let stride = made.columns;
    accumulate(&mut made.values, stride, left, right, 1.0);
    made
}

/// Adds `factor × left × right` to `sum`, whose rows begin `stride` values apart.
fn accumulate(sum: &mut [f32], stride: usize, left: View, right: View, factor: f32) {
    let (rows, columns) = (left.rows, right.columns);
    assert_eq!(left.columns, right.rows, "the inner sizes agree");
    if rows == 0 || columns == 0 {
        return;
    }
    let room = (rows - 1) * stride + columns <= sum.len() && columns <= stride;
    assert!(left.fits() && right.fits() && room, "the sizes fit");
    // SAFETY: the strides step only through values of the three slices (checked above), and `sum` is borrowed mutably
    // and so overlaps neither of the others.
    unsafe {
        gemm::gemm(
            rows,
            columns,
            left.columns,
            sum.as_mut_ptr(),
            1,
            stride as isize,
            true,
            left.values.as_ptr(),
            left.column_stride as isize,
            left.row_stride as isize,
            right.values.as_ptr(),
            right.column_stride as isize,
            right.row_stride as isize,
            1.0,
            factor,
            false,
            false,
            false,
            Parallelism::None,
        );
    }
}

/// `L`, lower, with `L × Lᵀ` = a symmetric matrix of which the lower half is read. A direction that has no more than
/// `floor` left to it is left out: its column is 0.
pub fn cholesky(mut matrix: Matrix, floor: f32) -> Matrix {
    let n = matrix.rows;
    for begin in (0..n).step_by(BLOCK) {
        let end = (begin + BLOCK).min(n);
        factor(&mut matrix, begin, end, floor);
        // What the block's columns say of the others is taken off.
        let panel: Vec<f32> = (end..n)
            .flat_map(|row| &matrix.values[row * n + begin..row * n + end])
            .copied()
            .collect();
        let width = end - begin;
        for first in (end..n).step_by(BLOCK) {
            let last = (first + BLOCK).min(n);
            let below = View {
                values: &panel[(first - end) * width..],
                rows: n - first,
                columns: width,
                row_stride: width,
                column_stride: 1,
            };
            let beside = View {
                rows: last - first,
                ..below
            };
            let to = &mut matrix.values[first * n + first..];
            accumulate(to, n, below, beside.transposed(), -1.0);
        }
    }
    for row in 0..n {
        matrix.row_mut(row)[row + 1..].fill(0.0);
    }
    matrix
}

/// The columns `begin..end` of the factor, of all rows from `begin` on.
fn factor(matrix: &mut Matrix, begin: usize, end: usize, floor: f32) {
    let n = matrix.rows;
    for column in begin..end {
        let (above, below) = matrix.values.split_at_mut((column + 1) * n);
        let pivot = &mut above[column * n + begin..column * n + column + 1];
        let (before, own) = pivot.split_at_mut(column - begin);
        let left = own[0] - short_dot(before, before);
        own[0] = if left > floor { left.sqrt() } else { 0.0 };
        let (before, own) = (&*before, own[0]);
        for row in below.chunks_exact_mut(n) {
            let (known, rest) = row[begin..].split_at_mut(column - begin);
            let sum: f32 = known.iter().zip(before).map(|(a, b)| a * b).sum();
            rest[0] = if own > 0.0 {
                (rest[0] - sum) / own
            } else {
                0.0
            };
        }
    }
}

/// For every row x of `rows` the u with `L u = x`; a direction that [`cholesky`] has left out stays 0.
pub fn solve(factor: &Matrix, rows: &mut Matrix) {
    let n = factor.rows;
    for begin in (0..n).step_by(BLOCK) {
        let end = (begin + BLOCK).min(n);
        let square = View {
            values: &factor.values[begin * n..],
            rows: end - begin,
            columns: begin,
            row_stride: n,
            column_stride: 1,
        };
        reduce(rows, 0..begin, begin..end, square.transposed());
        for row in rows.values.chunks_exact_mut(n) {
            for i in begin..end {
                let of = &factor.values[i * n + begin..i * n + i];
                let sum = short_dot(of, &row[begin..i]);
                row[i] = divided(row[i] - sum, factor.values[i * n + i]);
            }
        }
    }
}

/// For every row x of `rows` the u with `Lᵀ u = x`, likewise.
pub fn solve_transposed(factor: &Matrix, rows: &mut Matrix) {
    let n = factor.rows;
    for begin in (0..n).step_by(BLOCK).rev() {
        let end = (begin + BLOCK).min(n);
        let square = View {
            values: &factor.values[(end * n + begin).min(factor.values.len())..],
            rows: n - end,
            columns: end - begin,
            row_stride: n,
            column_stride: 1,
        };
        reduce(rows, end..n, begin..end, square);
        for row in rows.values.chunks_exact_mut(n) {
            for i in (begin..end).rev() {
                let sum: f32 = (i + 1..end)
                    .map(|j| factor.values[j * n + i] * row[j])
                    .sum();
                row[i] = divided(row[i] - sum, factor.values[i * n + i]);
            }
        }
    }
}

fn divided(value: f32, by: f32) -> f32 {
    if by > 0.0 { value / by } else { 0.0 }
}

/// Takes what the columns `known` times `by` make off the columns `to`.
fn reduce(rows: &mut Matrix, known: std::ops::Range<usize>, to: std::ops::Range<usize>, by: View) {
    if known.is_empty() || rows.rows == 0 {
        return;
    }
    let n = rows.columns;
    let copied: Vec<f32> = rows
        .values
        .chunks_exact(n)
        .flat_map(|row| &row[known.clone()])
        .copied()
        .collect();
    let left = View {
        values: &copied,
        rows: rows.rows,
        columns: known.len(),
        row_stride: known.len(),
        column_stride: 1,
    };
    accumulate(&mut rows.values[to.start..], n, left, by, -1.0);
}

/// The eigenvalues of a symmetric matrix, largest first, and the vectors that belong to them, as rows: Jacobi's method,
/// for small ones.
pub fn eigen(matrix: &Matrix) -> (Vec<f32>, Matrix) {
    let n = matrix.rows;
    let mut a: Vec<f64> = matrix.values.iter().map(|&x| f64::from(x)).collect();
    let mut vectors = vec![0.0f64; n * n];
    (0..n).for_each(|i| vectors[i * n + i] = 1.0);
    let scale: f64 = (0..n).map(|i| a[i * n + i].abs()).sum::<f64>() / n.max(1) as f64;
    for _ in 0..SWEEPS {
        let mut off = 0.0f64;
        for p in 0..n {
            for q in p + 1..n {
                off = off.max(a[p * n + q].abs());
                turn(&mut a, &mut vectors, n, p, q);
            }
        }
        if off <= 1e-9 * scale {
            break;
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[j * n + j].total_cmp(&a[i * n + i]));
    let values = order.iter().map(|&i| a[i * n + i] as f32).collect();
    let rows = order.iter().flat_map(|&i| &vectors[i * n..(i + 1) * n]);
    let rows = rows.map(|&x| x as f32).collect();
    (values, Matrix::new(n, n, rows))
}

/// More than it ever takes.
const SWEEPS: usize = 30;

/// Turns the plane of `p` and `q` so that nothing is left at (p, q).
fn turn(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let apq = a[p * n + q];
    if apq == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..n {
        let (kp, kq) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = c * kp - s * kq;
        a[k * n + q] = s * kp + c * kq;
    }
    for k in 0..n {
        let (pk, qk) = (a[p * n + k], a[q * n + k]);
        a[p * n + k] = c * pk - s * qk;
        a[q * n + k] = s * pk + c * qk;
        let (vp, vq) = (vectors[p * n + k], vectors[q * n + k]);
        vectors[p * n + k] = c * vp - s * vq;
        vectors[q * n + k] = s * vp + c * vq;
    }
}
