//! How far a rate may lie from what a test of so many images shows.

use serde::{Deserialize, Serialize};

/// The 0.975 quantile of the normal distribution: 95 % lie within as many standard deviations of the mean.
const Z: f64 = 1.959_963_984_540_054;

/// Both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_family = "wasm", derive(tsify::Tsify))]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Wilson's 95 % score interval of a rate of `hits` in `n`: of all such tests, 95 % have the true rate inside.
/// (Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22, 209–212.) Unlike the
/// textbook's ±1.96 σ it stays within 0–1 and holds near its ends. Without images it is all of 0–1.
pub fn wilson(hits: u32, n: u32) -> Interval {
    if n == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let (n, p) = (f64::from(n), f64::from(hits) / f64::from(n));
    let z2 = Z * Z;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    Interval {
        low: (middle - half).max(0.0),
        high: (middle + half).min(1.0),
    }
}

/// How often two models were right on the same images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paired {
    pub both: u32,
    pub first_only: u32,
    pub second_only: u32,
    pub neither: u32,
}

/// The 95 % interval of the first rate less the second, if both are of the same images: Newcombe 1998, "Improved
/// confidence intervals for the difference between binomial proportions based on paired data", Statistics in Medicine
/// 17, 2635–2650, method 10 (Wilson's intervals, joined with the pairs' correlation φ, its numerator corrected for
/// continuity). Without images it is all of −1 to 1.
pub fn newcombe_paired(pairs: Paired) -> Interval {
    let Paired {
        both,
        first_only,
        second_only,
        neither,
    } = pairs;
    let n = both + first_only + second_only + neither;
    if n == 0 {
        return Interval {
            low: -1.0,
            high: 1.0,
        };
    }
    let [a, b, c, d] = [both, first_only, second_only, neither].map(f64::from);
    let total = f64::from(n);
    let (first, second) = (wilson(both + first_only, n), wilson(both + second_only, n));
    let (p1, p2) = ((a + b) / total, (a + c) / total);
    let phi = correlation([a, b, c, d]);
    let away = |x: f64, y: f64| (x * x - 2.0 * phi * x * y + y * y).max(0.0).sqrt();
    let difference = p1 - p2;
    Interval {
        low: (difference - away(p1 - first.low, second.high - p2)).max(-1.0),
        high: (difference + away(first.high - p1, p2 - second.low)).min(1.0),
    }
}

fn correlation([a, b, c, d]: [f64; 4]) -> f64 {
    let product = (a + b) * (c + d) * (a + c) * (b + d);
    if product == 0.0 {
        return 0.0;
    }
    let cross = a * d - b * c;
    let half = (a + b + c + d) / 2.0;
    let corrected = if cross > 0.0 {
        (cross - half).max(0.0)
    } else {
        cross
    };
    corrected / product.sqrt()
}
