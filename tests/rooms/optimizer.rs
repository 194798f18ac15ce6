//! Our optimiser keeps its state by path; the arithmetic must be Burn's own.

use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor};
use hearth::model::network::Network;
use hearth::model::weights::{Weight, initial};
use hearth::model::{Loss, OptimizerSpec, digits};
use hearth::train::{Optimizer, loss};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::noise;

const RATE: f64 = 1e-2;

fn network(device: &Device) -> Network {
    let spec = digits().spec;
    let values = initial(&spec, 1).expect("fits");
    Network::new(&spec, &values, device).expect("fits")
}

fn gradients(network: &Network, device: &Device) -> GradientsParams {
    let targets = Tensor::<1, Int>::from_ints([1, 5, 7, 0], device);
    let logits = network.forward(noise(4, 2, device), None);
    let value = loss(Loss::CrossEntropy, logits, targets);
    GradientsParams::from_grads(value.backward(), network)
}

fn weights(network: &Network) -> Vec<Weight> {
    pollster::block_on(network.weights()).expect("weights")
}

#[wasm_bindgen_test(unsupported = test)]
fn adam_is_burns_adam_to_the_bit() {
    let device = Device::flex().autodiff();
    let mut ours = network(&device);
    let mut theirs = network(&device);
    let mut our_adam = Optimizer::new(OptimizerSpec::ADAM);
    let mut their_adam = AdamConfig::new().with_epsilon(1e-7).init();
    for _ in 0..3 {
        let step = gradients(&ours, &device);
        ours = our_adam.step(RATE, ours, step);
        let step = gradients(&theirs, &device);
        theirs = their_adam.step(RATE, theirs, step);
    }
    assert_eq!(weights(&ours), weights(&theirs));
}

#[wasm_bindgen_test(unsupported = test)]
fn adams_first_step_is_the_learning_rate_against_the_gradients_sign() {
    // m̂ = g and v̂ = g² at the first step, so that g / (√g² + ε) is ±1 wherever |g| is far above ε.
    let device = Device::flex().autodiff();
    let network = network(&device);
    let before = weights(&network);
    let step = gradients(&network, &device);
    let after = weights(&Optimizer::new(OptimizerSpec::ADAM).step(RATE, network, step));
    let last = before.len() - 1;
    assert_eq!(before[last].name, "17.bias");
    for (a, b) in before[last].values.iter().zip(&after[last].values) {
        assert!(((a - b).abs() - RATE as f32).abs() < 1e-5, "{a} {b}");
    }
}
