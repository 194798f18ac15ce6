//! Our optimiser keeps its state by path; the arithmetic must be Burn's own.

use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::{Device, Int, Tensor};
use hearth::model::network::Network;
use hearth::model::weights::{Weight, initial};
use hearth::model::{Loss, ModelSpec, OptimizerSpec, classic, digits};
use hearth::train::{Optimizer, loss};
use wasm_bindgen_test::wasm_bindgen_test;

use super::fixture::noise;

const RATE: f64 = 1e-2;

fn network(spec: &ModelSpec, device: &Device) -> Network {
    let values = initial(spec, 1).expect("fits");
    Network::new(spec, &values, device).expect("fits")
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

/// The largest difference between the weights after three steps of ours and of Burn's.
fn apart(on: &ModelSpec, spec: OptimizerSpec, mut theirs: ModuleOptimizer) -> f32 {
    let device = Device::flex().autodiff();
    let mut ours = Optimizer::new(spec);
    let mut our_network = network(on, &device);
    let mut their_network = network(on, &device);
    for _ in 0..3 {
        let step = gradients(&our_network, &device);
        our_network = ours.step(RATE, our_network, step);
        let step = gradients(&their_network, &device);
        their_network = theirs.step(RATE, their_network, step);
    }
    let (a, b) = (weights(&our_network), weights(&their_network));
    a.iter()
        .zip(&b)
        .flat_map(|(a, b)| a.values.iter().zip(&b.values))
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

#[wasm_bindgen_test(unsupported = test)]
fn adam_is_burns_adam_to_the_bit() {
    let theirs = AdamConfig::new().with_epsilon(1e-7).init();
    assert_eq!(apart(&digits().spec, OptimizerSpec::ADAM, theirs), 0.0);
}

#[wasm_bindgen_test(unsupported = test)]
fn stochastic_gradient_descent_with_momentum_is_burns() {
    let momentum = MomentumConfig::new().with_momentum(0.9).with_dampening(0.0);
    let theirs = SgdConfig::new().with_momentum(Some(momentum)).init();
    let difference = apart(&digits().spec, OptimizerSpec::SGD, theirs);
    assert!(difference < 1e-6, "{difference}");
    let plain = OptimizerSpec::Sgd {
        momentum: 0.0,
        weight_decay: 0.0,
    };
    let difference = apart(&digits().spec, plain, SgdConfig::new().init());
    assert!(difference < 1e-6, "{difference}");
}

#[wasm_bindgen_test(unsupported = test)]
fn adamw_is_burns_where_nothing_decays() {
    let none = OptimizerSpec::AdamW {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        weight_decay: 0.0,
    };
    let theirs = AdamWConfig::new()
        .with_epsilon(1e-7)
        .with_weight_decay(0.0)
        .init();
    // Without batch normalisation: a bias before it has no gradient but rounding, and Adam makes whole steps of that.
    let difference = apart(&classic().spec, none, theirs);
    assert!(difference < 1e-5, "{difference}");
}

/// Weights after one step of a network whose gradients are all zero.
fn decayed(spec: OptimizerSpec) -> (Vec<Weight>, Vec<Weight>) {
    let device = Device::flex().autodiff();
    let network = network(&digits().spec, &device);
    let before = weights(&network);
    let step = GradientsParams::from_grads(
        (network.forward(noise(4, 2, &device), None).sum() * 0.0).backward(),
        &network,
    );
    let after = weights(&Optimizer::new(spec).step(RATE, network, step));
    (before, after)
}

#[wasm_bindgen_test(unsupported = test)]
fn l2_shrinks_weights_and_leaves_biases_and_normalisation_alone() {
    let decay = 0.5;
    let sgd = OptimizerSpec::Sgd {
        momentum: 0.9,
        weight_decay: decay,
    };
    let adam_w = OptimizerSpec::AdamW {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        weight_decay: decay,
    };
    for spec in [sgd, adam_w] {
        let (before, after) = decayed(spec);
        for (a, b) in before.iter().zip(&after) {
            // Running statistics follow the batch, whatever the optimiser does.
            if a.name.ends_with("mean") || a.name.ends_with("variance") {
                continue;
            }
            let kept = match a.name.ends_with("weight") {
                true => 1.0 - (RATE * decay) as f32,
                false => 1.0,
            };
            for (a, b) in a.values.iter().zip(&b.values) {
                assert!((a * kept - b).abs() < 1e-6, "{spec:?}: {a} became {b}");
            }
        }
    }
}

#[wasm_bindgen_test(unsupported = test)]
fn adams_first_step_is_the_learning_rate_against_the_gradients_sign() {
    // m̂ = g and v̂ = g² at the first step, so that g / (√g² + ε) is ±1 wherever |g| is far above ε.
    let device = Device::flex().autodiff();
    let network = network(&digits().spec, &device);
    let before = weights(&network);
    let step = gradients(&network, &device);
    let after = weights(&Optimizer::new(OptimizerSpec::ADAM).step(RATE, network, step));
    let last = before.len() - 1;
    assert_eq!(before[last].name, "17.bias");
    for (a, b) in before[last].values.iter().zip(&after[last].values) {
        assert!(((a - b).abs() - RATE as f32).abs() < 1e-5, "{a} {b}");
    }
}
