//! The pieces that heads are made of, each against what is known of it.

use hearth::model::random::Stream;
use hearth::train::head::logistic::{Problem, Solution, fit, objective};
use hearth::train::head::{
    Matrix, calibration_error, cholesky, cross_entropy, eigen, nearest_logits, normalised,
    product_transposed, prototype_logits, solve, solve_transposed, temperature,
};
use serde::Deserialize;
use wasm_bindgen_test::wasm_bindgen_test;

#[derive(Deserialize)]
struct Fixture {
    rows: Vec<f32>,
    values: usize,
    classes: usize,
    labels: Vec<u16>,
    counts: Vec<f32>,
    asked: Vec<f32>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    strength: f32,
    probabilities: Vec<f32>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/logistic.json")).expect("a sound fixture")
}

impl Fixture {
    fn matrix(&self, values: &[f32]) -> Matrix {
        Matrix::new(values.len() / self.values, self.values, values.to_vec())
    }
}

fn random(rows: usize, columns: usize, seed: u64) -> Matrix {
    let mut stream = Stream::new(seed);
    let values = (0..rows * columns).map(|_| stream.unit() - 0.5);
    Matrix::new(rows, columns, values.collect())
}

#[wasm_bindgen_test(unsupported = test)]
fn logistic_regression_answers_as_scikit_learns() {
    let fixture = fixture();
    let (rows, asked) = (
        fixture.matrix(&fixture.rows),
        fixture.matrix(&fixture.asked),
    );
    let problem = Problem {
        rows: &rows,
        labels: &fixture.labels,
        counts: &fixture.counts,
        classes: fixture.classes,
    };
    let mut last: Option<Solution> = None;
    for case in fixture.cases.iter().rev() {
        let fresh = fit(&problem, case.strength, None);
        let warm = fit(&problem, case.strength, last.as_ref());
        for learned in [&fresh, &warm] {
            let mut logits = learned.logits(&asked);
            let rows = logits.values.chunks_exact_mut(fixture.classes);
            rows.for_each(|row| {
                hearth::train::head::logistic::softmax(row);
            });
            for (p, wanted) in logits.values.iter().zip(&case.probabilities) {
                assert!(
                    (p - wanted).abs() < 1e-3,
                    "{p} for {wanted}, {}",
                    case.strength
                );
            }
        }
        last = Some(fresh);
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn the_gradient_is_the_objectives_slope() {
    let fixture = fixture();
    let rows = fixture.matrix(&fixture.rows);
    let problem = Problem {
        rows: &rows,
        labels: &fixture.labels,
        counts: &fixture.counts,
        classes: fixture.classes,
    };
    let at = Solution {
        weight: random(fixture.classes, fixture.values, 3),
        bias: vec![0.3, -0.2, 0.1, 0.0],
        steps: 0,
    };
    let (_, gradient) = objective(&problem, 2.0, &at);
    let weights = at.weight.values.len();
    assert_eq!(gradient.len(), weights + fixture.classes);
    let step = 1e-2;
    for (place, slope) in gradient.iter().enumerate() {
        let moved = |by: f32| {
            let mut there = at.clone();
            match place < weights {
                true => there.weight.values[place] += by,
                false => there.bias[place - weights] += by,
            }
            objective(&problem, 2.0, &there).0
        };
        let measured = (moved(step) - moved(-step)) / (2.0 * f64::from(step));
        assert!(
            (measured - f64::from(*slope)).abs() < 2e-4,
            "{place}: {slope} for {measured}"
        );
    }
}

/// Rows of zeros teach how frequent the classes are, and nothing else.
#[wasm_bindgen_test(unsupported = test)]
fn biases_are_not_held_back() {
    let rows = Matrix::zeros(4, 3);
    let problem = Problem {
        rows: &rows,
        labels: &[0, 0, 0, 1],
        counts: &[1.0; 4],
        classes: 2,
    };
    let learned = fit(&problem, 100.0, None);
    // ln(3 / 1)
    assert!(
        (learned.bias[0] - learned.bias[1] - 3f32.ln()).abs() < 1e-3,
        "{learned:?}"
    );
}

/// Eight answers with the logits 4 and 0, of which six are right. Each counts as its class by 9/10, so that the
/// probability should be (6 × 9 + 2) / 80 = 0.7, and 4 / T = ln(7/3).
#[wasm_bindgen_test(unsupported = test)]
fn the_temperature_is_that_worked_by_hand() {
    let logits = [4.0, 0.0].repeat(8);
    let labels = [0, 0, 0, 1, 0, 0, 0, 1];
    let found = temperature(&logits, &labels, 2);
    assert!((found - 4.0 / (7f32 / 3.0).ln()).abs() < 5e-3, "{found}");
    // e⁴ / (e⁴ + 1) − 3/4
    let before = calibration_error(&logits, &labels, 2, 1.0);
    assert!((before - 0.232_014).abs() < 1e-5, "{before}");
    // 0.75 − 0.7
    let after = calibration_error(&logits, &labels, 2, found);
    assert!((after - 0.05).abs() < 1e-3, "{after}");
    // −ln(e⁴ / (e⁴ + 1)) of six, 4 more of two
    let loss = cross_entropy(&logits, &labels, 2, 1.0);
    assert!((loss - 1.018_15).abs() < 1e-4, "{loss}");
    assert_eq!(temperature(&[], &[], 2), 1.0);
}

/// All right, and still one in ten could be wrong: 4 / T = ln 9.
#[wasm_bindgen_test(unsupported = test)]
fn a_few_right_answers_are_no_reason_to_be_certain() {
    let found = temperature(&[4.0, 0.0].repeat(8), &[0; 8], 2);
    assert!((found - 4.0 / 9f32.ln()).abs() < 5e-3, "{found}");
}

#[wasm_bindgen_test(unsupported = test)]
fn prototypes_and_neighbours_are_those_worked_by_hand() {
    let rows = Matrix::new(4, 2, vec![2.0, 0.0, 4.0, 3.0, 0.0, 5.0, 0.0, 1.0]);
    let rows = normalised(rows);
    assert_eq!(rows.row(1), [0.8, 0.6]);
    let labels = [0, 0, 1, 1];
    let asked = normalised(Matrix::new(2, 2, vec![3.0, 1.0, 0.0, 2.0]));
    let logits = prototype_logits(&rows, &labels, 2, &asked);
    // The mean of (1, 0) and (0.8, 0.6) is along (3, 1): its cosine to (3, 1) is 1, that of (0, 1) is 1/√10.
    assert!((logits.row(0)[0] / logits.row(0)[1] - 10f32.sqrt()).abs() < 1e-4);
    assert!(logits.row(1)[1] > logits.row(1)[0]);
    let rows = normalised(random(60, 5, 1));
    let labels: Vec<u16> = (0..60).map(|i| (i % 3) as u16).collect();
    let asked = normalised(random(7, 5, 2));
    let logits = nearest_logits(&rows, &labels, 3, &asked);
    for place in 0..7 {
        let row = asked.row(place);
        let cosine = |i: usize| rows.row(i).iter().zip(row).map(|(a, b)| a * b).sum::<f32>();
        let mut order: Vec<usize> = (0..60).collect();
        order.sort_by(|&a, &b| cosine(b).total_cmp(&cosine(a)));
        let mut votes = [0; 3];
        order[..5]
            .iter()
            .for_each(|&i| votes[usize::from(labels[i])] += 1);
        let most = (0..3).max_by_key(|&class| votes[class]).expect("three");
        let best = (0..3).max_by(|&a, &b| logits.row(place)[a].total_cmp(&logits.row(place)[b]));
        assert_eq!(votes[best.expect("three")], votes[most], "{votes:?}");
    }
}

/// Larger than the blocks that it is worked on in, and with a row that is twice another.
#[wasm_bindgen_test(unsupported = test)]
fn choleskys_factor_gives_back_the_matrix_and_solves() {
    for (n, columns, twice) in [(130, 200, false), (130, 200, true), (5, 9, false)] {
        let mut rows = random(n, columns, 5);
        if twice {
            let copied = rows.row(3).to_vec();
            rows.row_mut(100).copy_from_slice(&copied);
        }
        let matrix = product_transposed(&rows, &rows);
        let factor = cholesky(matrix.clone(), 1e-4);
        assert_eq!(factor.row(100.min(n - 1))[100.min(n - 1)] == 0.0, twice);
        let again = product_transposed(&factor, &factor);
        for (a, b) in again.values.iter().zip(&matrix.values) {
            assert!((a - b).abs() < 1e-3, "{a} for {b}");
        }
        if twice {
            continue;
        }
        let wanted = random(4, n, 6);
        // L u = x, so u Lᵀ = x in rows.
        let mut found = product_transposed(&wanted, &factor);
        solve(&factor, &mut found);
        let mut back = wanted.clone();
        solve_transposed(&factor, &mut back);
        for row in 0..4 {
            for i in 0..n {
                assert!((found.row(row)[i] - wanted.row(row)[i]).abs() < 1e-2);
                let sum: f32 = (i..n).map(|j| factor.row(j)[i] * back.row(row)[j]).sum();
                assert!((sum - wanted.row(row)[i]).abs() < 1e-2);
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn eigenvalues_and_vectors_belong_together() {
    let rows = random(40, 60, 8);
    let matrix = product_transposed(&rows, &rows);
    let (values, vectors) = eigen(&matrix);
    assert!(values.is_sorted_by(|a, b| a >= b));
    let trace: f32 = (0..40).map(|i| matrix.row(i)[i]).sum();
    assert!((values.iter().sum::<f32>() - trace).abs() < 1e-2);
    let image = product_transposed(&vectors, &matrix);
    for (place, value) in values.iter().enumerate() {
        for (a, b) in image.row(place).iter().zip(vectors.row(place)) {
            assert!((a - value * b).abs() < 1e-3, "{a} for {}", value * b);
        }
    }
}
