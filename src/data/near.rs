//! Pictures that are nearly the same: one that was saved again, made brighter, or moved a little.
//!
//! Pictures are compared as [`Look`](crate::pixels::look::Look)s. Two are near duplicates if one is the other but for
//! its brightness, its contrast and a small shift. Few pairs are looked at so closely: the magnitudes of a look's lowest
//! frequencies, which a shift does not change, tell most of them apart.

use std::collections::HashMap;

use super::{DataError, DataErrorKind};
use crate::pixels::look::SIDE;

const SIZE: usize = SIDE * SIDE;

/// A look whose luma deviates by less than this, of 255, is plain: it has nothing that could be compared but its
/// brightness.
const PLAIN: f32 = 2.0;
/// Plain looks are alike if their brightness differs by no more than this, of 255.
const PLAIN_APART: f32 = 4.0;

/// Frequencies whose magnitudes are kept, as cycles across and down; the first ones choose the cell.
const FREQUENCIES: [(i32, i32); 24] = [
    (1, 0),
    (0, 1),
    (1, 1),
    (1, -1),
    (2, 0),
    (0, 2),
    (2, 1),
    (2, -1),
    (1, 2),
    (1, -2),
    (2, 2),
    (2, -2),
    (3, 0),
    (0, 3),
    (3, 1),
    (3, -1),
    (1, 3),
    (1, -3),
    (3, 2),
    (3, -2),
    (2, 3),
    (2, -3),
    (4, 0),
    (0, 4),
];
const HIGHEST: usize = 4;
/// Magnitudes that choose a look's cell.
const KEYS: usize = 4;
/// The width of a cell, and so the most that a magnitude may differ by between near duplicates; a look of length 1 is
/// the measure.
const CELL: f32 = 0.03;
/// The most that all magnitudes may differ by, as a distance.
const MAGNITUDES_APART: f32 = 0.06;

/// The largest shift, in pixels of a look.
const SHIFT: i32 = 2;
/// The share of a look's variance that the other, shifted and with another contrast, may leave unexplained. Copies of
/// MNIST's images that were saved as JPEG, moved by a pixel or made brighter leave 0.0036 at most; at 0.004, 14 of the
/// 2.4 × 10⁹ pairs of others are taken for near duplicates, and at 0.006 ten times as many.
const UNLIKE: f32 = 0.004;

type Magnitudes = [f32; FREQUENCIES.len()];
type Cell = [i16; KEYS];

/// Looks in the order in which they came, and which of them are alike.
#[derive(Default)]
pub struct LookIndex {
    /// `[look, SIDE, SIDE]`, blurred.
    pixels: Vec<u8>,
    magnitudes: Vec<Magnitudes>,
    cells: HashMap<Cell, Vec<u32>>,
    /// The plain ones, with their brightness, 0–255.
    plain: Vec<(u32, f32)>,
}

impl LookIndex {
    pub fn new() -> Self {
        LookIndex::default()
    }

    /// How many have been added.
    pub fn len(&self) -> usize {
        self.magnitudes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds the pixels of a look and answers which earlier ones are near duplicates of it, by their places, ascending.
    ///
    /// # Errors
    /// If it does not have the bytes of a look.
    pub fn add(&mut self, look: &[u8]) -> Result<Vec<u32>, DataError> {
        if look.len() != SIZE {
            return Err(DataErrorKind::LookBytes {
                have: look.len(),
                need: SIZE,
            }
            .into());
        }
        let look = &blurred(look);
        let place = self.len() as u32;
        let whole = Moments::of(look);
        let mut found = if whole.deviation < PLAIN {
            let alike = self.plain.iter();
            let alike = alike.filter(|(_, mean)| (mean - whole.mean).abs() <= PLAIN_APART);
            let found: Vec<u32> = alike.map(|&(place, _)| place).collect();
            self.plain.push((place, whole.mean));
            self.magnitudes.push(Magnitudes::default());
            found
        } else {
            let magnitudes = magnitudes(look, whole);
            let found = self.candidates(&magnitudes);
            let cell = cell(&magnitudes);
            self.cells.entry(cell).or_default().push(place);
            self.magnitudes.push(magnitudes);
            let alike = |&earlier: &u32| {
                let start = earlier as usize * SIZE;
                are_alike(&self.pixels[start..start + SIZE], look)
            };
            found.into_iter().filter(alike).collect()
        };
        self.pixels.extend_from_slice(look);
        found.sort_unstable();
        Ok(found)
    }

    /// Those whose magnitudes are near.
    fn candidates(&self, magnitudes: &Magnitudes) -> Vec<u32> {
        let middle = cell(magnitudes);
        let mut found = Vec::new();
        for around in 0..3usize.pow(KEYS as u32) {
            let mut rest = around;
            let cell = middle.map(|key| {
                let step = (rest % 3) as i16 - 1;
                rest /= 3;
                key + step
            });
            let within = self.cells.get(&cell).into_iter().flatten();
            found.extend(within.copied().filter(|&place| {
                let other = &self.magnitudes[place as usize];
                let apart = magnitudes.iter().zip(other).map(|(a, b)| (a - b) * (a - b));
                apart.sum::<f32>() <= MAGNITUDES_APART * MAGNITUDES_APART
            }));
        }
        found
    }
}

#[derive(Clone, Copy)]
struct Moments {
    mean: f32,
    deviation: f32,
}

impl Moments {
    fn of(look: &[u8]) -> Self {
        let count = look.len() as f32;
        let sum: u32 = look.iter().map(|&v| u32::from(v)).sum();
        let squares: u32 = look.iter().map(|&v| u32::from(v) * u32::from(v)).sum();
        let mean = sum as f32 / count;
        let variance = (squares as f32 / count - mean * mean).max(0.0);
        Moments {
            mean,
            deviation: variance.sqrt(),
        }
    }
}

fn cell(magnitudes: &Magnitudes) -> Cell {
    std::array::from_fn(|k| (magnitudes[k] / CELL) as i16)
}

/// Of the Fourier transform of the look, brought to mean 0 and length 1.
fn magnitudes(look: &[u8], whole: Moments) -> Magnitudes {
    let waves: [[f32; SIDE]; 2] = std::array::from_fn(|part| {
        std::array::from_fn(|i| {
            let turn = std::f32::consts::TAU * i as f32 / SIDE as f32;
            if part == 0 { turn.cos() } else { turn.sin() }
        })
    });
    let wave = |part: usize, frequency: i32, i: usize| {
        waves[part][(frequency * i as i32).rem_euclid(SIDE as i32) as usize]
    };
    // Each row's, up to the highest frequency.
    let mut rows = [[[0.0f32; 2]; HIGHEST + 1]; SIDE];
    for (sums, row) in rows.iter_mut().zip(look.chunks_exact(SIDE)) {
        for (frequency, sum) in sums.iter_mut().enumerate() {
            for (x, &v) in row.iter().enumerate() {
                let v = f32::from(v) - whole.mean;
                sum[0] += v * wave(0, frequency as i32, x);
                sum[1] += v * wave(1, frequency as i32, x);
            }
        }
    }
    let length = whole.deviation * SIDE as f32;
    FREQUENCIES.map(|(across, down)| {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (y, sums) in rows.iter().enumerate() {
            let [re, im] = sums[across.unsigned_abs() as usize];
            let (cos, sin) = (wave(0, down, y), wave(1, down, y));
            real += re * cos - im * sin;
            imaginary += re * sin + im * cos;
        }
        // Each stands for itself and its mirror image; the transform is of length 1.
        (2.0f32).sqrt() * real.hypot(imaginary) / (length * SIDE as f32)
    })
}

/// By a binomial filter of 3 × 3: a shift by part of a pixel is then told by the slopes, and a JPEG's noise is less.
fn blurred(look: &[u8]) -> Vec<u8> {
    let around = |i: usize| [i.saturating_sub(1), i, (i + 1).min(SIDE - 1)];
    let sum = |[a, b, c]: [u16; 3]| a + 2 * b + c;
    let rows = look.chunks_exact(SIDE);
    let across: Vec<u16> = rows
        .flat_map(|row| (0..SIDE).map(|x| sum(around(x).map(|x| u16::from(row[x])))))
        .collect();
    let places = (0..SIDE).flat_map(|y| (0..SIDE).map(move |x| (x, y)));
    places
        .map(|(x, y)| ((sum(around(y).map(|y| across[y * SIDE + x])) + 8) / 16) as u8)
        .collect()
}

/// Whether `b` is `a` but for a small shift and another brightness and contrast.
fn are_alike(a: &[u8], b: &[u8]) -> bool {
    unlike(a, b) <= UNLIKE
}

/// The share of `b`'s variance that `a`, shifted by whole pixels to where it fits best and from there by a part of one,
/// does not explain, 0–1.
fn unlike(a: &[u8], b: &[u8]) -> f32 {
    // Uphill from no shift at all.
    let mut best = ([0i32, 0], correlation(a, b, [0, 0]));
    loop {
        let [dx, dy] = best.0;
        let around = [[dx - 1, dy], [dx + 1, dy], [dx, dy - 1], [dx, dy + 1]];
        let within = around
            .into_iter()
            .filter(|shift| shift.iter().all(|d| d.abs() <= SHIFT));
        let next = within
            .map(|shift| (shift, correlation(a, b, shift)))
            .max_by(|x, y| x.1.total_cmp(&y.1));
        match next {
            Some(next) if next.1 > best.1 => best = next,
            _ => break,
        }
    }
    unexplained(a, b, best.0)
}

/// Rows and columns where both lie if `a` is moved by `shift`: the places in `b`.
fn overlap([dx, dy]: [i32; 2], margin: i32) -> [std::ops::Range<usize>; 2] {
    [dx, dy].map(|d| {
        let side = SIDE as i32;
        let start = (d + margin).max(0);
        let end = (side + d - margin).min(side);
        start as usize..end as usize
    })
}

/// Pearson's, where both lie.
fn correlation(a: &[u8], b: &[u8], shift: [i32; 2]) -> f32 {
    let [columns, rows] = overlap(shift, 0);
    let width = columns.len();
    let (mut n, mut sa, mut sb, mut aa, mut bb, mut ab) = (0u32, 0u32, 0u32, 0u32, 0u32, 0u32);
    for y in rows {
        let to = y * SIDE + columns.start;
        let from = (to as i32 - shift[1] * SIDE as i32 - shift[0]) as usize;
        for (&a, &b) in a[from..from + width].iter().zip(&b[to..to + width]) {
            let (a, b) = (u32::from(a), u32::from(b));
            sa += a;
            sb += b;
            aa += a * a;
            bb += b * b;
            ab += a * b;
        }
        n += width as u32;
    }
    let n = f64::from(n);
    let product = |s: u32, a: u32, b: u32| f64::from(s) * n - f64::from(a) * f64::from(b);
    let variances = product(aa, sa, sa) * product(bb, sb, sb);
    match variances > 0.0 {
        true => (product(ab, sa, sb) / variances.sqrt()) as f32,
        false => 0.0,
    }
}

/// What is left of `b`'s variance if it is put together from `a` moved by `shift`, its square (another contrast, and a
/// limit to brightness), its slopes across and down (a shift by part of a pixel, to the first order) and a constant.
fn unexplained(a: &[u8], b: &[u8], shift: [i32; 2]) -> f32 {
    const TERMS: usize = 5;
    let [columns, rows] = overlap(shift, 1);
    // The products of the terms with each other and, last, with b.
    let mut sums = [[0.0f64; TERMS + 1]; TERMS];
    let mut squares = 0.0f64;
    for y in rows {
        let mut row = [[0.0f32; TERMS + 1]; TERMS];
        let mut of_b = 0.0f32;
        for x in columns.clone() {
            let to = y * SIDE + x;
            let from = (to as i32 - shift[1] * SIDE as i32 - shift[0]) as usize;
            let at = |i: usize| f32::from(a[i]);
            let terms = [
                1.0,
                at(from),
                at(from) * at(from) / 255.0,
                at(from + 1) - at(from - 1),
                at(from + SIDE) - at(from - SIDE),
            ];
            let b = f32::from(b[to]);
            for (sums, term) in row.iter_mut().zip(terms) {
                for (sum, other) in sums.iter_mut().zip(terms) {
                    *sum += term * other;
                }
                sums[TERMS] += term * b;
            }
            of_b += b * b;
        }
        for (sum, row) in sums.as_flattened_mut().iter_mut().zip(row.as_flattened()) {
            *sum += f64::from(*row);
        }
        squares += f64::from(of_b);
    }
    let mean_part = sums[0][TERMS] * sums[0][TERMS] / sums[0][0];
    let variance = squares - mean_part;
    if variance <= 0.0 {
        return 1.0;
    }
    // Gaussian elimination takes from b what each term explains.
    let mut left = squares;
    for k in 0..TERMS {
        let pivot = sums[k][k];
        if pivot <= 1e-6 * squares.max(1.0) {
            continue;
        }
        left -= sums[k][TERMS] * sums[k][TERMS] / pivot;
        for i in k + 1..TERMS {
            let factor = sums[i][k] / pivot;
            let from = sums[k];
            for (to, from) in sums[i].iter_mut().zip(from) {
                *to -= factor * from;
            }
        }
    }
    (left / variance).max(0.0) as f32
}
