//! Exact search by cosine. Every vector is kept at length 1 in 16 bits a value, the upper and the lower 8 apart: the
//! upper ones are multiplied with the query first, and only vectors that can still be among the best are looked at whole.

use super::{SearchError, products};

/// The most values in a vector: of so many the products fit into 31 bits.
pub const MOST_VALUES: usize = 16_384;

/// Vectors that are stored in one piece, so that none has to be moved when more come.
const PIECE: usize = 1024;
/// The largest value of a vector is this: with 127 in the upper 8 bits, and the lower ones at most half of one of those.
const LARGEST: f32 = 32_512.0;
/// Of the lower 8 bits.
const UPPER: i32 = 256;

/// Vectors in the order in which they came. Of 1,280 values each takes 2,568 bytes: 50,000 take 128 MB.
pub struct LikenessIndex {
    dimension: usize,
    pieces: Vec<Piece>,
}

/// Up to [`PIECE`] vectors, each `(256 × upper + lower) × step`.
#[derive(Default)]
pub(super) struct Piece {
    upper: Vec<i8>,
    lower: Vec<i8>,
    /// 0 of a vector of zeros.
    steps: Vec<f32>,
    /// The length of `lower × step`: by no more than this can the cosine be off if the lower bits are left out.
    rests: Vec<f32>,
}

/// What a search has found, the most alike first; of two alike to the same extent the one that came first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Likeness {
    pub places: Vec<u32>,
    /// The cosine, −1 to 1.
    pub similarities: Vec<f32>,
}

/// A direction that vectors are compared with.
struct Query {
    /// Of length 1.
    values: Vec<f32>,
    /// `values / step`, rounded.
    coarse: Vec<i16>,
    step: f32,
    /// The length of `values − coarse × step`.
    rest: f32,
}

impl LikenessIndex {
    /// For vectors of so many values.
    ///
    /// # Errors
    /// If there are none, or more than [`MOST_VALUES`].
    pub fn new(dimension: usize) -> Result<Self, SearchError> {
        if !(1..=MOST_VALUES).contains(&dimension) {
            return Err(SearchError::Dimension(dimension));
        }
        Ok(LikenessIndex {
            dimension,
            pieces: Vec::new(),
        })
    }

    /// Values in a vector.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// How many vectors have been added.
    pub fn len(&self) -> usize {
        let last = self.pieces.last().map_or(0, Piece::len);
        self.pieces.len().saturating_sub(1) * PIECE + last
    }

    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Adds vectors, `[vector, value]`. Lengths do not count; a vector of zeros is like none.
    ///
    /// # Errors
    /// If a vector is incomplete or has a value that is no finite number; then none is added.
    pub fn add(&mut self, vectors: &[f32]) -> Result<(), SearchError> {
        self.check(vectors, self.len())?;
        for vector in vectors.chunks_exact(self.dimension) {
            if self.pieces.last().is_none_or(|piece| piece.len() == PIECE) {
                self.pieces.push(Piece::new(self.dimension));
            }
            if let Some(piece) = self.pieces.last_mut() {
                piece.add(vector);
            }
        }
        Ok(())
    }

    fn check(&self, vectors: &[f32], first: usize) -> Result<(), SearchError> {
        let dimension = self.dimension;
        if !vectors.len().is_multiple_of(dimension) {
            let given = vectors.len();
            return Err(SearchError::Values { dimension, given });
        }
        match vectors.iter().position(|value| !value.is_finite()) {
            Some(at) => Err(SearchError::NotFinite(first + at / dimension)),
            None => Ok(()),
        }
    }

    /// The `count` vectors most alike to the mean direction of `vectors`, `[vector, value]`, but for those at the places
    /// `without`.
    ///
    /// What is found is what comparing every vector in 16 bits a value finds; similarities then differ from those in 32
    /// bits by a few millionths.
    ///
    /// # Errors
    /// If `vectors` is empty or incomplete or has a value that is no finite number.
    pub fn search(
        &self,
        vectors: &[f32],
        count: usize,
        without: &[u32],
    ) -> Result<Likeness, SearchError> {
        self.check(vectors, 0)?;
        if vectors.is_empty() {
            let dimension = self.dimension;
            return Err(SearchError::Values {
                dimension,
                given: 0,
            });
        }
        let mut sum = vec![0.0; self.dimension];
        for vector in vectors.chunks_exact(self.dimension) {
            let (scale, length) = length(vector);
            if length > 0.0 {
                let values = sum.iter_mut().zip(vector);
                values.for_each(|(sum, &x)| *sum += f64::from(x * scale) / length);
            }
        }
        Ok(self.nearest(sum, count, without))
    }

    /// The `count` vectors most alike to the mean direction of those at `places`, which are not among them, nor are those
    /// at the places `without`.
    ///
    /// # Errors
    /// If there is no such place, or none is named.
    pub fn alike(
        &self,
        places: &[u32],
        count: usize,
        without: &[u32],
    ) -> Result<Likeness, SearchError> {
        let mut sum = vec![0.0; self.dimension];
        for &place in places {
            let (piece, row) = self.at(place as usize)?;
            let values = sum.iter_mut().zip(piece.values(row, self.dimension));
            values.for_each(|(sum, x)| *sum += f64::from(x));
        }
        if places.is_empty() {
            let (place, length) = (0, self.len());
            return Err(SearchError::Place { place, length });
        }
        let without = [places, without].concat();
        Ok(self.nearest(sum, count, &without))
    }

    fn at(&self, place: usize) -> Result<(&Piece, usize), SearchError> {
        let row = place % PIECE;
        let piece = self.pieces.get(place / PIECE);
        let length = self.len();
        let piece = piece.filter(|piece| row < piece.len());
        let piece = piece.ok_or(SearchError::Place { place, length })?;
        Ok((piece, row))
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    fn nearest(&self, direction: Vec<f64>, count: usize, without: &[u32]) -> Likeness {
        let query = Query::new(&direction);
        let mut left_out = vec![false; self.len()];
        for &place in without {
            if let Some(out) = left_out.get_mut(place as usize) {
                *out = true;
            }
        }
        let stays = |&(_, place): &(f32, u32)| !left_out[place as usize];
        let cosines = self.rough(&query);
        let places = cosines.into_iter().zip(0..);
        let mut by_rough: Vec<(f32, u32)> = places.filter(stays).collect();
        let count = count.min(by_rough.len());
        if count == 0 {
            return Likeness::default();
        }
        by_rough.select_nth_unstable_by(count - 1, best_first);
        let mut found: Vec<_> = by_rough[..count]
            .iter()
            .map(|p| self.exact(&query, p.1))
            .collect();
        let worst = found.iter().fold(f32::INFINITY, |worst, p| worst.min(p.0));
        // Any other whose rough cosine is so far below these that no lower bits could make up for it is worse.
        let reach = |place: u32| {
            let rest = self.pieces[place as usize / PIECE].rests[place as usize % PIECE];
            // What the upper bits alone stand for is shorter than 2.
            rest + 2.0 * query.rest + ROUNDING
        };
        let mut sums = Vec::with_capacity(1);
        for &(rough, place) in &by_rough[count..] {
            if rough + reach(place) < worst {
                continue;
            }
            // The lower bits leave only what was rounded of the query.
            let (piece, row) = (&self.pieces[place as usize / PIECE], place as usize % PIECE);
            sums.clear();
            products(piece.row(row, self.dimension).1, &query.coarse, &mut sums);
            let finer = rough + sums[0] as f32 * (piece.steps[row] * query.step);
            if finer + 2.0 * query.rest + ROUNDING >= worst {
                found.push(self.exact(&query, place));
            }
        }
        found.sort_unstable_by(best_first);
        found.truncate(count);
        Likeness {
            places: found.iter().map(|&(_, place)| place).collect(),
            similarities: found.iter().map(|&(cosine, _)| cosine).collect(),
        }
    }

    /// The cosine of every vector, by its upper bits.
    fn rough(&self, query: &Query) -> Vec<f32> {
        let mut sums = Vec::with_capacity(self.len());
        for piece in &self.pieces {
            products(&piece.upper, &query.coarse, &mut sums);
        }
        let steps = self.pieces.iter().flat_map(|piece| &piece.steps);
        let factor = UPPER as f32 * query.step;
        let cosines = sums.iter().zip(steps);
        cosines
            .map(|(&sum, &step)| sum as f32 * (step * factor))
            .collect()
    }

    /// By all 16 bits.
    fn exact(&self, query: &Query, place: u32) -> (f32, u32) {
        let (piece, row) = (&self.pieces[place as usize / PIECE], place as usize % PIECE);
        let whole = piece.row(row, self.dimension);
        let cosine = sum_of_products(whole, &query.values) * f64::from(piece.steps[row]);
        (cosine.clamp(-1.0, 1.0) as f32, place)
    }
}

/// More than 32 bits lose in the rough cosine.
const ROUNDING: f32 = 1e-5;

fn best_first(a: &(f32, u32), b: &(f32, u32)) -> std::cmp::Ordering {
    b.0.total_cmp(&a.0).then(a.1.cmp(&b.1))
}

/// In eight sums, in which order they are the same on every machine.
fn sum_of_products((upper, lower): (&[i8], &[i8]), values: &[f32]) -> f64 {
    const SUMS: usize = 8;
    let product = |i: usize| {
        let whole = i32::from(upper[i]) * UPPER + i32::from(lower[i]);
        f64::from(whole as f32 * values[i])
    };
    let mut sums = [0.0; SUMS];
    let end = values.len() - values.len() % SUMS;
    for start in (0..end).step_by(SUMS) {
        for (i, sum) in sums.iter_mut().enumerate() {
            *sum += product(start + i);
        }
    }
    sums.iter().sum::<f64>() + (end..values.len()).map(product).sum::<f64>()
}

/// What to multiply a vector's values by so that their squares are numbers of ordinary size, and the length that it then
/// has.
fn length(vector: &[f32]) -> (f32, f64) {
    let largest = vector.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    if largest == 0.0 {
        return (0.0, 0.0);
    }
    let scale = (1.0 / largest).min(f32::MAX);
    let squares = vector.iter().map(|x| f64::from(x * scale).powi(2));
    (scale, squares.sum::<f64>().sqrt())
}

impl Piece {
    fn new(dimension: usize) -> Self {
        Piece {
            upper: Vec::with_capacity(PIECE * dimension),
            lower: Vec::with_capacity(PIECE * dimension),
            steps: Vec::with_capacity(PIECE),
            rests: Vec::with_capacity(PIECE),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    fn add(&mut self, vector: &[f32]) {
        let (scale, length) = length(vector);
        let unit = |x: f32| match length {
            0.0 => 0.0,
            length => (f64::from(x * scale) / length) as f32,
        };
        let largest = vector
            .iter()
            .fold(0.0f32, |most, &x| most.max(unit(x).abs()));
        let step = largest / LARGEST;
        let mut rest = 0.0;
        for &x in vector {
            let whole = match step {
                0.0 => 0,
                step => (unit(x) / step).round() as i32,
            };
            let upper = (whole + UPPER / 2).div_euclid(UPPER);
            let lower = whole - upper * UPPER;
            self.upper.push(upper as i8);
            self.lower.push(lower as i8);
            rest += f64::from(lower).powi(2);
        }
        self.steps.push(step);
        self.rests.push(rest.sqrt() as f32 * step);
    }

    fn row(&self, row: usize, dimension: usize) -> (&[i8], &[i8]) {
        let start = row * dimension;
        (
            &self.upper[start..][..dimension],
            &self.lower[start..][..dimension],
        )
    }

    /// Of a vector at length 1.
    pub(super) fn values(&self, row: usize, dimension: usize) -> impl Iterator<Item = f32> {
        let step = self.steps[row];
        let (upper, lower) = self.row(row, dimension);
        let whole = upper.iter().zip(lower);
        whole.map(move |(&upper, &lower)| {
            (i32::from(upper) * UPPER + i32::from(lower)) as f32 * step
        })
    }
}

impl Query {
    fn new(direction: &[f64]) -> Self {
        let length = direction.iter().map(|x| x * x).sum::<f64>().sqrt();
        let unit = |&x: &f64| {
            if length > 1e-12 {
                (x / length) as f32
            } else {
                0.0
            }
        };
        let values: Vec<f32> = direction.iter().map(unit).collect();
        let largest = values.iter().fold(0.0f32, |most, x| most.max(x.abs()));
        // So that even the largest sum, of values that are all as large as can be, has 31 bits.
        let most = (i32::MAX / (128 * direction.len() as i32)).min(i32::from(i16::MAX));
        let step = largest / most as f32;
        let whole = |&x: &f32| {
            if step > 0.0 {
                (x / step).round() as i16
            } else {
                0
            }
        };
        let coarse: Vec<i16> = values.iter().map(whole).collect();
        let apart = values.iter().zip(&coarse);
        let rest = apart.map(|(x, &whole)| f64::from(x - f32::from(whole) * step).powi(2));
        Query {
            rest: rest.sum::<f64>().sqrt() as f32,
            values,
            coarse,
            step,
        }
    }
}
