use burn::tensor::{Device, Int, Tensor};
use hearth::model::{Loss, Schedule};
use hearth::train::loss;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::host;

fn cross_entropy(logits: &[[f32; 3]], targets: &[i32]) -> f32 {
    value(Loss::CrossEntropy, logits, targets)
}

fn value(kind: Loss, logits: &[[f32; 3]], targets: &[i32]) -> f32 {
    let device = Device::flex();
    let flat: Vec<f32> = logits.concat();
    let logits = Tensor::<1>::from_floats(flat.as_slice(), &device).reshape([targets.len(), 3]);
    let targets = Tensor::<1, Int>::from_ints(targets, &device);
    host(loss(kind, logits, targets))[0]
}

#[wasm_bindgen_test(unsupported = test)]
fn cross_entropy_is_minus_the_log_of_the_true_class() {
    // −ln(e² / (e² + e¹ + e⁰)) = ln(1 + e⁻¹ + e⁻²) = 0.407606
    assert!((cross_entropy(&[[2.0, 1.0, 0.0]], &[0]) - 0.407_606).abs() < 1e-6);
    // ln(e⁻² + e⁻¹ + 1) + 2 = 2.407606, so the two have the mean 1.407606
    let mean = cross_entropy(&[[2.0, 1.0, 0.0], [2.0, 1.0, 0.0]], &[0, 2]);
    assert!((mean - 1.407_606).abs() < 1e-6, "{mean}");
}

#[wasm_bindgen_test(unsupported = test)]
fn knowing_nothing_costs_the_log_of_the_number_of_classes() {
    assert!((cross_entropy(&[[5.0; 3]], &[1]) - 3f32.ln()).abs() < 1e-6);
}

#[wasm_bindgen_test(unsupported = test)]
fn large_logits_do_not_overflow() {
    assert!(cross_entropy(&[[1000.0, 0.0, -1000.0]], &[0]).abs() < 1e-6);
    assert!((cross_entropy(&[[1000.0, 0.0, -1000.0]], &[2]) - 2000.0).abs() < 1e-2);
}

#[wasm_bindgen_test(unsupported = test)]
fn the_cosine_schedule_goes_from_one_to_zero() {
    let factor = |step| Schedule::Cosine.factor(step, 100);
    assert!((factor(0) - 1.0).abs() < 1e-12);
    assert!((factor(50) - 0.5).abs() < 1e-12);
    assert!(factor(100).abs() < 1e-12);
    assert!((Schedule::Constant.factor(99, 100) - 1.0).abs() < 1e-12);
}

#[wasm_bindgen_test(unsupported = test)]
fn mean_squared_error_is_between_the_probabilities_and_the_true_class() {
    let error =
        |logits: &[[f32; 3]], targets: &[i32]| value(Loss::MeanSquaredError, logits, targets);
    // Probabilities ⅓ each: ((1 − ⅓)² + ⅓² + ⅓²) / 3 = 2/9
    assert!((error(&[[5.0; 3]], &[1]) - 2.0 / 9.0).abs() < 1e-6);
    // softmax(ln 4, 0, 0) = (4, 1, 1) / 6; to class 1: ((4/6)² + (5/6)² + (1/6)²) / 3 = 42/108
    let logits = [[4f32.ln(), 0.0, 0.0]];
    assert!((error(&logits, &[1]) - 42.0 / 108.0).abs() < 1e-6);
    // And the mean over a batch: with class 0, ((2/6)² + (1/6)² + (1/6)²) / 3 = 6/108.
    let two = [logits[0], logits[0]];
    assert!((error(&two, &[1, 0]) - 24.0 / 108.0).abs() < 1e-6);
    // Certain and right costs nothing, certain and wrong ⅔.
    assert!(error(&[[1000.0, 0.0, 0.0]], &[0]).abs() < 1e-6);
    assert!((error(&[[1000.0, 0.0, 0.0]], &[2]) - 2.0 / 3.0).abs() < 1e-6);
}
