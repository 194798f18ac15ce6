//! The self-test of a device, and what a device that fails does to a run.

use burn::tensor::Device;
use hearth::model::{LayerSpec, digits};
use hearth::train::{Fault, Quantity, TrainError, Trainer, agreement, self_test};
use pollster::block_on;
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::{self, short_recipe};

#[wasm_bindgen_test(unsupported = test)]
fn the_cpu_agrees_with_itself_in_everything() {
    let spec = digits().spec;
    let (recipe, dataset, cpu) = (short_recipe(), fixture::digits(), Device::flex());
    let self_test =
        block_on(self_test(&spec, &recipe, &dataset, &cpu, 16)).expect("both take a step");
    assert!(self_test.agrees);
    assert!(self_test.compared.iter().all(|found| found.error == 0.0));
    let count = |what| {
        self_test
            .compared
            .iter()
            .filter(|found| found.what == what)
            .count()
    };
    let weights = hearth::model::weights::shapes(&spec).expect("fits").len();
    // Each takes away a bias of the layer before, which then has no gradient to go by.
    let normalised = spec
        .layers
        .iter()
        .filter(|layer| **layer == LayerSpec::BatchNorm);
    let moved = weights - normalised.count();
    assert_eq!(
        [
            Quantity::Loss,
            Quantity::Logits,
            Quantity::Gradient,
            Quantity::Update
        ]
        .map(count),
        [1, 1, weights, moved]
    );
    assert!(self_test.gpu_images_per_second > 0.0 && self_test.cpu_images_per_second > 0.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn what_is_no_number_does_not_agree() {
    let (recipe, dataset, cpu) = (short_recipe(), fixture::digits(), Device::flex());
    let found = block_on(agreement(&digits().spec, &recipe, &dataset, &cpu));
    let found = found.expect("both take a step");
    let mut one = found[0].clone();
    assert!(one.agrees());
    one.error = f32::NAN;
    assert!(!one.agrees());
    one.error = 2.0 * one.allowed;
    assert!(!one.agrees());
}

#[wasm_bindgen_test(unsupported = test)]
fn a_run_ends_when_its_device_reports_a_fault() {
    let fault = Fault::default();
    let mut trainer = Trainer::new(
        digits().spec,
        short_recipe(),
        fixture::digits(),
        &Device::flex(),
    )
    .expect("all fits")
    .watching(fault.clone());
    block_on(trainer.advance(1)).expect("all is well");
    fault.set("out of memory".into());
    fault.set("and what followed".into());
    let said = |result: Result<(), TrainError>| match result {
        Err(error @ TrainError::Device(_)) => {
            assert_eq!(error.code(), "device-failed");
            error.to_string()
        }
        other => panic!("{other:?}"),
    };
    for result in [
        block_on(trainer.advance(1)).map(drop),
        block_on(trainer.onnx()).map(drop),
        block_on(trainer.checkpoint()).map(drop),
        block_on(trainer.weights()).map(drop),
    ] {
        assert_eq!(said(result), "The device failed: out of memory");
    }
}
